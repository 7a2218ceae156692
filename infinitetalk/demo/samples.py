"""Draws the bundled sample pictures: `python -m infinitetalk.demo samples --out FOLDER`."""

from pathlib import Path

import torch
from torch import Tensor

from infinitetalk.demo.drawing import draw_together
from infinitetalk.demo.faces import Faces, sample_faces
from infinitetalk.demo.motion import pose_at
from infinitetalk.demo.shapes import make_grid

SEED = 2027
SAMPLED = 48
PICTURES = {"mira.png": (20,), "noah.png": (36,), "ada.png": (29,), "together.png": (46, 43)}
MOMENT = 1.3  # seconds; eyes open for all of them
SIDE = 512


def sample_people() -> Faces:
    """The people the sample pictures show are taken from these."""
    return sample_faces(SAMPLED, torch.Generator().manual_seed(SEED))


def sample_picture(indices: tuple[int, ...], side: int = SIDE) -> Tensor:
    """[3, side, side * people], -1..1, mouths shut."""
    people = sample_people()
    chosen = [people.at([index]) for index in indices]
    poses = [pose_at(faces, torch.full((1, 1), MOMENT)) for faces in chosen]
    shut = [torch.zeros(1, 1, 5)] * len(chosen)
    return draw_together(chosen, poses, shut, make_grid(side, side * len(chosen)))[0, 0]


def write_samples(folder: Path) -> list[Path]:
    from PIL import Image

    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, indices in PICTURES.items():
        pixels = ((sample_picture(indices) + 1) * 127.5).round().to(torch.uint8)
        Image.fromarray(pixels.permute(1, 2, 0).numpy()).save(folder / name, optimize=True)
        written.append(folder / name)
    return written
