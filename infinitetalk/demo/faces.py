"""Who is drawn: people as small tables of numbers, sampled from a seed.

Lengths are in face units: 1/128 of the side of the square that holds one face.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

# The lowest and highest value of each; uniform in between.
GEOMETRY: dict[str, tuple[float, float]] = {
    "center_x": (58.0, 70.0),
    "center_y": (56.0, 65.0),
    "scale": (0.98, 1.22),
    "head_width": (25.0, 31.0),  # half axes of the head
    "head_height": (32.5, 38.5),
    "head_power": (2.0, 2.5),  # 2 is an ellipse, larger is squarer
    "chin": (0.08, 0.17),  # how much the head narrows towards the chin
    "hairline": (-24.0, -15.5),
    "hair_bow": (-0.008, 0.016),  # curvature of the hairline
    "hair_part": (-10.0, 10.0),
    "hair_volume": (3.0, 7.0),
    "hair_length": (8.0, 34.0),
    "eye_gap": (10.0, 13.2),
    "eye_height": (-7.0, -2.5),
    "eye_width": (4.2, 5.6),
    "eye_open": (3.0, 4.3),
    "brow_length": (5.0, 7.8),
    "brow_weight": (0.9, 1.9),
    "brow_slope": (-0.13, 0.13),
    "nose_width": (2.2, 4.0),
    "nose_length": (6.2, 9.0),
    "mouth_width": (9.0, 12.0),  # half width at rest
    "mouth_height": (15.5, 19.5),  # below the center of the head
    "mouth_reach": (8.0, 10.5),  # half height when wide open
    "lip_weight": (1.4, 2.8),
    "smile": (-0.02, 0.20),
    "ear_size": (3.6, 5.4),
    "blush": (-0.35, 0.35),  # none below zero
    "glasses": (-4.0, 1.0),  # worn above zero
    "glasses_size": (7.0, 8.3),
    "light": (-0.11, 0.11),  # from the left (negative) or the right
    "shoulder_width": (44.0, 60.0),
    "shoulder_height": (107.0, 117.0),
    "neck": (9.0, 13.0),
    "backdrop_angle": (0.0, 6.2832),
    "stripe": (-0.22, 0.12),  # no stripes below zero
    "stripe_pitch": (0.22, 0.8),
    "ball_x": (4.0, 124.0),
    "ball_y": (6.0, 80.0),
    "ball_size": (6.0, 20.0),
    "frame_x": (4.0, 124.0),
    "frame_y": (10.0, 76.0),
    "frame_width": (6.0, 18.0),
    "frame_height": (6.0, 18.0),
    "blink_phase": (0.0, 997.0),
}
SKIN = ((255, 222, 194), (246, 205, 168), (235, 186, 146), (212, 158, 116), (174, 120, 83))
SKIN += ((139, 91, 62), (106, 68, 47), (251, 213, 199))
HAIR = ((31, 25, 23), (62, 41, 28), (106, 67, 35), (162, 106, 50), (212, 175, 98))
HAIR += ((148, 61, 36), (151, 151, 153), (220, 220, 219), (72, 61, 118))
IRIS = ((71, 47, 31), (61, 109, 158), (71, 129, 81), (91, 91, 97), (41, 31, 27))
HAIR_STYLES = ("bald", "short", "bob", "long", "bun")
STYLES = ("still", "gentle", "lively")
_PALETTES = {"skin": SKIN, "hair": HAIR, "iris": IRIS}
_FREE_COLORS = ("backdrop", "backdrop_far", "ball", "frame", "cloth", "collar")
COLORS = (*_PALETTES, *_FREE_COLORS, "lip")
WAVES = 3  # sines per axis of head motion
AXES = 6  # shift x, shift y, tilt, yaw, pitch, brow


@dataclass(frozen=True, kw_only=True)
class Faces:
    """B people. All tensors float32 but the two of choices (int64)."""

    geometry: Tensor  # [B, len(GEOMETRY)]
    colors: Tensor  # [B, len(COLORS), 3], 0..1
    hair_style: Tensor  # [B], index into HAIR_STYLES
    style: Tensor  # [B], how the head moves: index into STYLES
    waves: Tensor  # [B, 3, AXES, WAVES]: frequency in Hz, phase, amplitude

    def __len__(self) -> int:
        return len(self.geometry)

    def number(self, name: str) -> Tensor:
        """[B] of one entry of GEOMETRY."""
        return self.geometry[:, _COLUMN[name]]

    def color(self, name: str) -> Tensor:
        """[B, 3], 0..1."""
        return self.colors[:, COLORS.index(name)]

    def at(self, index: Tensor | list[int]) -> "Faces":
        """The people at `index`, in that order."""
        return self._each(lambda t: t[index])

    def to(self, device: torch.device | str) -> "Faces":
        return self._each(lambda t: t.to(device))

    def with_style(self, style: int) -> "Faces":
        return Faces(
            geometry=self.geometry,
            colors=self.colors,
            hair_style=self.hair_style,
            style=torch.full_like(self.style, style),
            waves=self.waves,
        )

    def _each(self, change) -> "Faces":
        return Faces(
            geometry=change(self.geometry),
            colors=change(self.colors),
            hair_style=change(self.hair_style),
            style=change(self.style),
            waves=change(self.waves),
        )


_COLUMN = {name: column for column, name in enumerate(GEOMETRY)}


def sample_faces(count: int, generator: torch.Generator) -> Faces:
    """`count` people from a CPU generator, so that a seed means the same people on every device."""
    low, high = torch.tensor(list(GEOMETRY.values())).T
    geometry = low + (high - low) * torch.rand(count, len(GEOMETRY), generator=generator)
    colors = {name: _from_palette(p, count, generator) for name, p in _PALETTES.items()}
    for name in _FREE_COLORS:
        colors[name] = 0.14 + 0.76 * torch.rand(count, 3, generator=generator)
    tint = torch.randn(count, 3, generator=generator) * 0.03
    rosy = colors["skin"] * torch.tensor([0.82, 0.53, 0.53]) + torch.tensor([0.10, 0.02, 0.03])
    colors["lip"] = (rosy + tint).clamp(0, 1)
    waves = torch.rand(count, 3, AXES, WAVES, generator=generator)
    waves[:, 0] = 0.12 + 0.55 * waves[:, 0]
    waves[:, 1] *= 6.2832
    waves[:, 2] = 0.3 + 0.7 * waves[:, 2]
    return Faces(
        geometry=geometry,
        colors=torch.stack([colors[name] for name in COLORS], 1),
        hair_style=torch.randint(len(HAIR_STYLES), (count,), generator=generator),
        style=torch.randint(len(STYLES), (count,), generator=generator),
        waves=waves,
    )


def _from_palette(
    palette: tuple[tuple[int, int, int], ...], count: int, generator: torch.Generator
) -> Tensor:
    """[count, 3]: a color of the palette, a little lighter or darker and a little off."""
    table = torch.tensor(palette, dtype=torch.float32) / 255
    chosen = table[torch.randint(len(table), (count,), generator=generator)]
    level = 1 + 0.06 * torch.randn(count, 1, generator=generator)
    return (chosen * level + 0.016 * torch.randn(count, 3, generator=generator)).clamp(0, 1)
