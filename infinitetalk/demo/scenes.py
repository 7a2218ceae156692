"""Clips to learn from: people saying lines of the corpus, drawn when they are needed."""

from dataclasses import dataclass

import torch
from torch import Tensor

from infinitetalk.demo.corpus import Corpus
from infinitetalk.demo.drawing import draw_together, mouth_center
from infinitetalk.demo.faces import Faces, sample_faces
from infinitetalk.demo.motion import Pose, pose_at
from infinitetalk.demo.shapes import Grid, make_grid
from infinitetalk.request import FPS


@dataclass(frozen=True, kw_only=True)
class Scene:
    """B clips with P people in each, side by side. Nothing is drawn yet."""

    faces: tuple[Faces, ...]  # P of them
    lines: Tensor  # [P, B] number of the corpus line each says
    first_frames: Tensor  # [P, B] where in the line the clip begins, in video frames
    mouths: tuple[Tensor, ...]  # P times [B, F, 5]
    seconds: Tensor  # [B, F] moments of the people's motion

    @property
    def poses(self) -> tuple[Pose, ...]:
        return tuple(pose_at(faces, self.seconds) for faces in self.faces)

    def draw(self, grid: Grid) -> Tensor:
        """[B, F, 3, H, W] in -1..1."""
        return draw_together(self.faces, self.poses, self.mouths, grid)

    def mouth_places(self) -> Tensor:
        """[P, B, F, 2]: x, y in face units of the whole picture."""
        places = [
            mouth_center(faces, pose) + torch.tensor([128.0 * k, 0.0], device=self.seconds.device)
            for k, (faces, pose) in enumerate(zip(self.faces, self.poses, strict=True))
        ]
        return torch.stack(places)


class SceneMaker:
    """Draws lots for scenes from one CPU generator, so that they are the same on every device."""

    def __init__(
        self, corpus: Corpus, side: int, *, seed: int, lines: Tensor | None = None
    ) -> None:
        self.corpus, self.device, self.side = corpus, corpus.device, side
        self.lines = corpus.trained if lines is None else lines
        self.chance = torch.Generator().manual_seed(seed)
        self.mouths_of_all = corpus.mouth[int(corpus.starts[corpus.trained[0]]) :]

    def grid(self, people: int = 1) -> Grid:
        return make_grid(self.side, self.side * people, self.device)

    def scene(self, count: int, frames: int, people: int = 1) -> Scene:
        """Everyone talks."""
        faces, lines, starts, mouths = [], [], [], []
        for _ in range(people):
            faces.append(sample_faces(count, self.chance).to(self.device))
            line = self.lines[torch.randint(len(self.lines), (count,), generator=self.chance)]
            room = (self.corpus.frames[line] - frames + 1).clamp(min=1)
            start = (torch.rand(count, generator=self.chance) * room).long()
            lines.append(line)
            starts.append(start)
            mouths.append(self.corpus.cut_track(line, start, frames)[0])
        begin = torch.rand(count, 1, generator=self.chance) * 60
        seconds = (begin + torch.arange(frames) / FPS).to(self.device)
        return Scene(
            faces=tuple(faces),
            lines=torch.stack(lines),
            first_frames=torch.stack(starts),
            mouths=tuple(mouths),
            seconds=seconds,
        )

    def chance_mouths(self, count: int, shut: float) -> Tensor:
        """[count, 1, 5]: mouths of any moment of the corpus; shut in a share of them."""
        index = torch.randint(len(self.mouths_of_all), (count, 1), generator=self.chance)
        open_ = (torch.rand(count, 1, 1, generator=self.chance) >= shut).to(self.device)
        return self.mouths_of_all[index.to(self.device)] * open_

    def flip(self, count: int, share: float) -> Tensor:
        """[count] booleans, true in about `share` of them."""
        return (torch.rand(count, generator=self.chance) < share).to(self.device)

    def uniform(self, count: int, low: float, high: float) -> Tensor:
        drawn = torch.rand(count, generator=self.chance)
        return (low + (high - low) * drawn).to(self.device)


def closeness(places: Tensor, height: int, width: int, units_high: float, spread: float) -> Tensor:
    """[..., height, width]: 1 at a place, falling off like a Gaussian of `spread` face units.

    places [..., 2] in face units; the map covers `units_high` units from top to bottom.
    """
    cell = units_high / height
    x = (torch.arange(width, device=places.device) + 0.5) * cell
    y = (torch.arange(height, device=places.device) + 0.5) * cell
    dx = x - places[..., 0, None]
    dy = y - places[..., 1, None]
    near_x = torch.exp(-(dx.square()) / (2 * spread**2))
    near_y = torch.exp(-(dy.square()) / (2 * spread**2))
    return near_y[..., :, None] * near_x[..., None, :]
