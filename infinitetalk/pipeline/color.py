"""Color match: frames take on the color statistics of a reference picture, in CIE Lab.

Decoded chunks drift in color, and each chunk starts from the last frames of the one before; so every
frame is brought back to the mean and spread of a picture (spec: pipeline.md 7). The arithmetic of
Lab is that of CIE 15 with the D65 white of the 2 degree observer and sRGB's curve, as in skimage.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

# Pixels converted at a time: on the CPU what its caches hold, on a GPU about 400 MB at the peak.
GROUP_PIXELS_CPU = 400_000
GROUP_PIXELS_GPU = 4_000_000
FLAT = 1e-3  # Lab units: a channel of less spread has no color to match, only rounding noise
MOST_STRETCH = 10.0  # a channel of little spread isn't stretched further than so

# sRGB primaries to XYZ, and the white they add up to (IEC 61966-2-1; CIE 15)
_TO_XYZ = (
    (0.412453, 0.357580, 0.180423),
    (0.212671, 0.715160, 0.072169),
    (0.019334, 0.119193, 0.950227),
)
_WHITE = (0.95047, 1.0, 1.08883)


def match_colors(
    frames: Tensor,
    reference: Tensor,
    strength: float = 1.0,
    *,
    guard_flat: bool = True,
    device: torch.device | None = None,
) -> Tensor:
    """Frames [3, F, H, W] in -1..1 with the colors of `reference` [3, H, W]; where the frames are.

    A few frames at a time are worked on, on `device` (by default where they are).

    Each of L, a, b of each frame gets the reference's mean and population standard deviation, is
    brought back to RGB and mixed into the frame by `strength`, 0..1. Strength 0 returns the frames as they
    are; any other also cuts off what lies outside -1..1.

    `guard_flat` leaves a channel without spread (fade, title card) as flat as it is and moves it to
    the reference's mean, and never stretches by more than `MOST_STRETCH`; the reference
    implementation divides by rounding noise there, which shifts the frame in an arbitrary direction.
    """
    if strength <= 0:
        return frames
    device = device or frames.device
    target = _unit(reference.to(device))[:, None].float()
    target_mean, target_std = _statistics(rgb_to_lab(target))
    pixels = GROUP_PIXELS_CPU if device.type == "cpu" else GROUP_PIXELS_GPU
    group = max(pixels // (frames.shape[2] * frames.shape[3]), 1)
    matched = torch.empty_like(frames)
    for start in range(0, frames.shape[1], group):
        rgb = _unit(frames[:, start : start + group].to(device).float())
        lab = rgb_to_lab(rgb)
        mean, std = _statistics(lab)
        ratio = _ratio(std, target_std, guard_flat=guard_flat)
        corrected = lab_to_rgb((lab - mean) * ratio + target_mean)
        matched[:, start : start + group] = torch.lerp(rgb, corrected, strength) * 2 - 1
    return matched


def _ratio(std: Tensor, target: Tensor, *, guard_flat: bool) -> Tensor:
    if guard_flat:
        ratio = (target / std.clamp(min=FLAT)).clamp(max=MOST_STRETCH)
        return torch.where(std < FLAT, torch.zeros_like(ratio), ratio)
    return torch.where(std == 0, torch.zeros_like(std), target / std)


def rgb_to_lab(rgb: Tensor) -> Tensor:
    """[3, ...] in 0..1 -> L in 0..100, a and b of about +-100, [3, ...]."""
    linear = torch.where(rgb > 0.04045, ((rgb + 0.055) / 1.055) ** 2.4, rgb / 12.92)
    xyz = _mixed(_TO_XYZ, linear) / _white(rgb)
    bent = torch.where(xyz > 0.008856, xyz.clamp(min=0) ** (1 / 3), 7.787 * xyz + 16 / 116)
    x, y, z = bent
    return torch.stack((116 * y - 16, 500 * (x - y), 200 * (y - z)))


def lab_to_rgb(lab: Tensor) -> Tensor:
    """The inverse of `rgb_to_lab`, clamped to 0..1."""
    y = (lab[0] + 16) / 116
    bent = torch.stack((lab[1] / 500 + y, y, (y - lab[2] / 200).clamp(min=0)))
    xyz = torch.where(bent > 0.2068966, bent**3, (bent - 16 / 116) / 7.787) * _white(lab)
    linear = _mixed(_from_xyz(), xyz)
    curved = 1.055 * linear.clamp(min=0) ** (1 / 2.4) - 0.055
    return torch.where(linear > 0.0031308, curved, 12.92 * linear).clamp(0, 1)


def _unit(frames: Tensor) -> Tensor:
    """-1..1 -> 0..1."""
    return ((frames + 1) / 2).clamp(0, 1)


def _statistics(lab: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and population standard deviation of [3, F, H, W] over each picture: [3, F, 1, 1]."""
    std, mean = torch.std_mean(lab, dim=(2, 3), correction=0, keepdim=True)
    return mean, std


def _mixed(matrix: Sequence[Sequence[float]], planes: Tensor) -> Tensor:
    """A 3 x 3 matrix over the first axis; not a matmul, which may round to TF32 on a GPU."""
    x, y, z = planes
    return torch.stack([row[0] * x + row[1] * y + row[2] * z for row in matrix])


def _from_xyz() -> list[list[float]]:
    return torch.linalg.inv(torch.tensor(_TO_XYZ, dtype=torch.float64)).tolist()


def _white(like: Tensor) -> Tensor:
    return torch.tensor(_WHITE).to(like).reshape(3, *(1,) * (like.dim() - 1))
