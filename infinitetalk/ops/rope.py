"""Rotary positions: three axes for the video tokens, fractional positions for speakers.

Angles are made in float64 and stored as float32; the rotation is done in float32. Against the
complex128 product of the reference the difference is below float32 noise (spec transformer.md 9).
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from infinitetalk.ops.fused import kernels_for
from infinitetalk.ops.norms import rms_norm

BASE = 10000.0


@dataclass(frozen=True)
class RopeTable:
    """Cosines and sines for every token: [1, S, 1, d / 2] or [B, S, 1, d / 2], float32."""

    cos: Tensor
    sin: Tensor


def axis_widths(head_size: int) -> tuple[int, int, int]:
    """How many elements of a head turn with frame, row and column (spec 4.5)."""
    side = 2 * (head_size // 6)
    return head_size - 2 * side, side, side


def frequencies(width: int, device: torch.device | None = None) -> Tensor:
    """Angle per unit of position for each of `width / 2` pairs, float64."""
    exponents = torch.arange(0, width, 2, dtype=torch.float64, device=device) / width
    return BASE**-exponents


def axis_angles(positions: Tensor, width: int) -> Tensor:
    """[P] positions -> [P, width / 2] angles, float64."""
    return torch.outer(positions.double(), frequencies(width, positions.device))


def grid_table(grid: tuple[int, int, int], head_size: int, device: torch.device) -> RopeTable:
    """Table of the tokens of a (frames, rows, columns) grid, column fastest, counted from 0."""
    frames, rows, columns = grid
    widths = axis_widths(head_size)
    parts = []
    for axis, (count, width) in enumerate(zip(grid, widths, strict=True)):
        shape = [1, 1, 1, width // 2]
        shape[axis] = count
        angles = axis_angles(torch.arange(count), width).view(shape)
        parts.append(angles.expand(frames, rows, columns, width // 2))
    angles = torch.cat(parts, dim=-1).reshape(1, frames * rows * columns, 1, head_size // 2)
    return RopeTable(angles.cos().float().to(device), angles.sin().float().to(device))


def position_table(positions: Tensor, head_size: int) -> RopeTable:
    """Table for fractional 1-D positions [..., S] (spec 4.9): float32 throughout, [..., S, 1, d/2]."""
    angles = positions.float()[..., None] * frequencies(head_size, positions.device).float()
    return RopeTable(angles.cos().unsqueeze(-2), angles.sin().unsqueeze(-2))


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Turns adjacent pairs of x [B, S, N, d] by tables [1 or B, S, 1, d / 2]; dtype of `x`."""
    pairs = x.float().unflatten(-1, (-1, 2))
    if torch.is_grad_enabled():
        # Compilers know no complex numbers; what they fuse costs nothing spelled out.
        a, b = pairs.unbind(-1)
        turned = torch.stack((a * cos - b * sin, a * sin + b * cos), dim=-1)
    else:
        turned = torch.view_as_real(torch.view_as_complex(pairs) * torch.complex(cos, sin))
    return turned.flatten(-2).to(x.dtype)


def norm_rotate(
    x: Tensor,
    weight: Tensor,
    eps: float,
    heads: int,
    cos: Tensor,
    sin: Tensor,
    out: Tensor | None = None,
) -> Tensor:
    """RMSNorm of x [B, S, N * d] over the whole width, split into heads, turned: [B, S, N, d].

    `out`, if given, takes the result.
    """
    if fast := kernels_for(x, cos, sin, *(() if out is None else (out,))):
        return fast.norm_rotate(x, weight, eps, heads, cos, sin, out)
    turned = rotate(rms_norm(x, weight, eps).unflatten(-1, (heads, -1)), cos, sin)
    return turned if out is None else out.copy_(turned)
