"""Plane shapes as signed distances (negative inside), and painting them with soft edges.

Distances are in face units. The ellipse's is the usual first-order one: value over gradient.
"""

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Where the pixels are, in face units."""

    x: Tensor  # [1 or B, 1, 1, W]
    y: Tensor  # [1 or B, 1, H, 1]
    pixel: float  # side of a pixel

    def shifted(self, x: float, y: float = 0.0) -> "Grid":
        """The same pixels, seen from a face square that starts at (x, y)."""
        return Grid(x=self.x - x, y=self.y - y, pixel=self.pixel)

    def cut(self, left: Tensor, top: Tensor, side: int) -> "Grid":
        """Windows of `side` pixels, one per clip; `left`, `top` [B] in pixels."""
        steps = torch.arange(side, device=self.x.device)
        return Grid(
            x=self.x.flatten()[left[:, None] + steps][:, None, None, :],
            y=self.y.flatten()[top[:, None] + steps][:, None, :, None],
            pixel=self.pixel,
        )


def make_grid(height: int, width: int, device: torch.device | str = "cpu") -> Grid:
    """A picture whose height is one face square (128 units); wider ones have room for more faces."""
    pixel = 128.0 / height
    x = (torch.arange(width, device=device, dtype=torch.float32) + 0.5) * pixel
    y = (torch.arange(height, device=device, dtype=torch.float32) + 0.5) * pixel
    return Grid(x=x[None, None, None, :], y=y[None, None, :, None], pixel=pixel)


def ellipse(x: Tensor, y: Tensor, half_x: Tensor | float, half_y: Tensor | float) -> Tensor:
    u, v = x / half_x, y / half_y
    value = torch.sqrt(u * u + v * v + 1e-9)
    u, v = u / half_x, v / half_y
    return value * (value - 1) / torch.sqrt(u * u + v * v + 1e-9)


def box(x: Tensor, y: Tensor, half_x: Tensor | float, half_y: Tensor | float) -> Tensor:
    return torch.maximum(x.abs() - half_x, y.abs() - half_y)


def only_if(condition: Tensor, distance: Tensor) -> Tensor:
    """The shape where `condition` holds, nothing elsewhere."""
    return torch.where(condition, distance, 1e4)


class Painter:
    """A stack of pictures [B, F, 3, H, W] in 0..1 on which shapes are laid, back to front."""

    def __init__(self, canvas: Tensor, pixel: float) -> None:
        self.canvas = canvas
        self.pixel = pixel

    def coverage(self, distance: Tensor) -> Tensor:
        """How much of each pixel the shape covers, 0..1."""
        return (0.5 - distance / self.pixel).clamp(0, 1)

    def shape(self, distance: Tensor, color: Tensor, opacity: Tensor | float = 1.0) -> None:
        """`color`: [B, 1, 3, 1, 1] or a full picture; distance [B, F, H, W]."""
        self.veil(self.coverage(distance) * opacity, color)

    def veil(self, opacity: Tensor, color: Tensor) -> None:
        self.canvas = self.canvas + opacity.unsqueeze(2) * (color - self.canvas)
