"""Fused kernels for NVIDIA cards; imported only where Triton is there (see `fused`).

Each computes what its plain neighbor in `norms`, `modulation` and `rope` computes, with the same
roundings, and reads and writes every value once. A program works on one token.
"""

# Triton is not installed everywhere, and a kernel is launched by an index that checkers don't know.
# pyright: reportMissingImports=false, reportIndexIssue=false

from dataclasses import dataclass
from typing import Any

import torch
import triton
import triton.language as tl
from torch import Tensor

WARPS = 8


@triton.jit
def code_row(x, limit, smallest, rounded: tl.constexpr):
    """A token in 8 bits: whole numbers (or what e4m3 is made of) in -limit..limit, and their step."""
    step = tl.maximum(tl.max(tl.abs(x)) / limit, smallest)
    x = x * (1.0 / step)  # a division per value would take as long as reading it
    if rounded:
        # Adding and taking away 1.5 * 2^23 rounds half to even, as torch does.
        x = (x + 12582912.0) - 12582912.0
    return tl.minimum(tl.maximum(x, -limit), limit), step


@triton.jit
def _put(
    x, kind: tl.constexpr, out_at, step_at, width, column, inside, limit, smallest,
    coded: tl.constexpr, rounded: tl.constexpr,
):  # fmt: skip
    token = tl.program_id(0).to(tl.int64)
    if coded:
        x = tl.where(inside, x.to(kind).to(tl.float32), 0.0)  # rounded as between two layers
        x, step = code_row(x, limit, smallest, rounded)
        tl.store(step_at + token, step)
    tl.store(out_at + token * width + column, x.to(out_at.dtype.element_ty), mask=inside)


@triton.jit
def _norm_modulate(
    x_at, shift_at, scale_at, out_at, step_at, width, eps, limit, smallest,
    coded: tl.constexpr, rounded: tl.constexpr, size: tl.constexpr,
):  # fmt: skip
    kind: tl.constexpr = x_at.dtype.element_ty
    row = tl.program_id(0).to(tl.int64) * width
    column = tl.arange(0, size)
    inside = column < width
    x = tl.load(x_at + row + column, mask=inside, other=0.0).to(tl.float32)
    centered = tl.where(inside, x - tl.sum(x) / width, 0.0)
    normed = centered / tl.sqrt(tl.sum(centered * centered) / width + eps)
    normed = normed.to(kind).to(tl.float32)
    shift = tl.load(shift_at + column, mask=inside, other=0.0)
    scale = tl.load(scale_at + column, mask=inside, other=0.0)
    found = normed * (1 + scale) + shift
    _put(found, kind, out_at, step_at, width, column, inside, limit, smallest, coded, rounded)


@triton.jit
def _add_gated(x_at, y_at, gate_at, out_at, width, size: tl.constexpr):
    row = tl.program_id(0).to(tl.int64) * width
    column = tl.arange(0, size)
    inside = column < width
    x = tl.load(x_at + row + column, mask=inside, other=0.0).to(tl.float32)
    y = tl.load(y_at + row + column, mask=inside, other=0.0).to(tl.float32)
    gate = tl.load(gate_at + column, mask=inside, other=0.0)
    tl.store(out_at + row + column, x + y * gate, mask=inside)


@triton.jit
def _add_norm(
    x_at, y_at, gate_at, weight_at, bias_at, sum_at, out_at, step_at, width, eps, limit, smallest,
    gated: tl.constexpr, modulated: tl.constexpr, coded: tl.constexpr, rounded: tl.constexpr,
    size: tl.constexpr,
):  # fmt: skip
    kind: tl.constexpr = sum_at.dtype.element_ty
    row = tl.program_id(0).to(tl.int64) * width
    column = tl.arange(0, size)
    inside = column < width
    x = tl.load(x_at + row + column, mask=inside, other=0.0).to(tl.float32)
    y = tl.load(y_at + row + column, mask=inside, other=0.0).to(tl.float32)
    if gated:
        y = y * tl.load(gate_at + column, mask=inside, other=0.0)
    total = (x + y).to(kind)
    tl.store(sum_at + row + column, total, mask=inside)
    x = total.to(tl.float32)
    centered = tl.where(inside, x - tl.sum(x) / width, 0.0)
    normed = centered / tl.sqrt(tl.sum(centered * centered) / width + eps)
    weight = tl.load(weight_at + column, mask=inside, other=0.0).to(tl.float32)
    bias = tl.load(bias_at + column, mask=inside, other=0.0).to(tl.float32)
    if modulated:  # rounded before the affine part
        normed = normed.to(kind).to(tl.float32) * (1 + weight) + bias
    else:
        normed = normed * weight + bias
    _put(normed, kind, out_at, step_at, width, column, inside, limit, smallest, coded, rounded)


@triton.jit
def _rms_norm(x_at, weight_at, out_at, width, eps, size: tl.constexpr):
    kind: tl.constexpr = out_at.dtype.element_ty
    row = tl.program_id(0).to(tl.int64) * width
    column = tl.arange(0, size)
    inside = column < width
    x = tl.load(x_at + row + column, mask=inside, other=0.0).to(tl.float32)
    factor = 1 / tl.sqrt(tl.sum(x * x) / width + eps)
    weight = tl.load(weight_at + column, mask=inside, other=0.0).to(kind).to(tl.float32)
    tl.store(out_at + row + column, (x * factor).to(kind).to(tl.float32) * weight, mask=inside)


@triton.jit
def _norm_rotate(
    x_at, weight_at, cos_at, sin_at, out_at, heads, head_pairs, eps,
    rows: tl.constexpr, pairs: tl.constexpr,
):  # fmt: skip
    kind: tl.constexpr = out_at.dtype.element_ty
    token = tl.program_id(0).to(tl.int64)
    head, column, pair = tl.arange(0, rows), tl.arange(0, 2 * pairs), tl.arange(0, pairs)
    width = heads * head_pairs * 2
    place = head[:, None] * head_pairs * 2 + column[None, :]
    inside = (head < heads)[:, None] & (column < 2 * head_pairs)[None, :]
    x = tl.load(x_at + token * width + place, mask=inside, other=0.0).to(tl.float32)
    factor = 1 / tl.sqrt(tl.sum(tl.sum(x * x, 1), 0) / width + eps)
    weight = tl.load(weight_at + place, mask=inside, other=0.0).to(kind).to(tl.float32)
    x = ((x * factor).to(kind).to(tl.float32) * weight).to(kind).to(tl.float32)
    a, b = tl.split(tl.reshape(x, (rows, pairs, 2)))
    angle = token * head_pairs + pair
    cos = tl.load(cos_at + angle, mask=pair < head_pairs, other=0.0)[None, :]
    sin = tl.load(sin_at + angle, mask=pair < head_pairs, other=0.0)[None, :]
    turned = tl.join(a * cos - b * sin, a * sin + b * cos)
    turned = tl.reshape(turned, (rows, 2 * pairs))
    tl.store(out_at + token * width + place, turned, mask=inside)


@dataclass(frozen=True, kw_only=True)
class Coding:
    """How tokens are coded in 8 bits, one step each."""

    dtype: torch.dtype  # int8 or e4m3
    limit: float  # its largest number
    smallest: float  # step of a token of zeros


def norm_modulate(x: Tensor, shift: Tensor, scale: Tensor, eps: float) -> Tensor:
    return _norm_modulated(x, shift, scale, eps, None)[0]


def norm_modulate_coded(
    x: Tensor, shift: Tensor, scale: Tensor, eps: float, coding: Coding
) -> tuple[Tensor, Tensor]:
    """The result in 8 bits alone: data like x, steps [tokens, 1] float32."""
    return _norm_modulated(x, shift, scale, eps, coding)


def _norm_modulated(
    x: Tensor, shift: Tensor, scale: Tensor, eps: float, coding: Coding | None
) -> tuple[Tensor, Tensor]:
    width = x.shape[-1]
    out, steps, known = _results(x, coding)
    _norm_modulate[(x.numel() // width,)](
        x, shift.contiguous(), scale.contiguous(), out, steps, width, eps, **known,
        size=triton.next_power_of_2(width), num_warps=WARPS,
    )  # fmt: skip
    return out, steps


def _results(x: Tensor, coding: Coding | None) -> tuple[Tensor, Tensor, dict[str, Any]]:
    """Room for tokens and their steps, and what the kernels are told of the coding."""
    if coding is None:
        out = torch.empty_like(x)
        return out, out, {"limit": 0.0, "smallest": 0.0, "coded": False, "rounded": False}
    return (
        torch.empty(x.shape, dtype=coding.dtype, device=x.device),
        torch.empty(x.numel() // x.shape[-1], 1, dtype=torch.float32, device=x.device),
        {
            "limit": coding.limit,
            "smallest": coding.smallest,
            "coded": True,
            "rounded": not coding.dtype.is_floating_point,
        },
    )


def add_gated(x: Tensor, y: Tensor, gate: Tensor, out: Tensor | None = None) -> Tensor:
    width = x.shape[-1]
    out = torch.empty_like(x) if out is None else out
    _add_gated[(x.numel() // width,)](
        x, y, gate.contiguous(), out, width,
        size=triton.next_power_of_2(width), num_warps=WARPS,
    )  # fmt: skip
    return out


def add_norm(
    x: Tensor, y: Tensor, gate: Tensor | None, weight: Tensor, bias: Tensor, eps: float,
    *, modulated: bool,
) -> tuple[Tensor, Tensor]:  # fmt: skip
    return _added_norm(x, y, gate, weight, bias, eps, None, modulated=modulated)[:2]


def add_norm_coded(
    x: Tensor, y: Tensor, gate: Tensor | None, weight: Tensor, bias: Tensor, eps: float,
    coding: Coding, *, modulated: bool,
) -> tuple[Tensor, Tensor, Tensor]:  # fmt: skip
    """The sum, and its norm in 8 bits alone: data like x, steps [tokens, 1] float32."""
    return _added_norm(x, y, gate, weight, bias, eps, coding, modulated=modulated)


def _added_norm(
    x: Tensor, y: Tensor, gate: Tensor | None, weight: Tensor, bias: Tensor, eps: float,
    coding: Coding | None, *, modulated: bool,
) -> tuple[Tensor, Tensor, Tensor]:  # fmt: skip
    width = x.shape[-1]
    total = torch.empty_like(x)
    out, steps, known = _results(x, coding)
    _add_norm[(x.numel() // width,)](
        x, y, weight if gate is None else gate.contiguous(), weight.contiguous(),
        bias.contiguous(), total, out, steps, width, eps, **known,
        gated=gate is not None, modulated=modulated,
        size=triton.next_power_of_2(width), num_warps=WARPS,
    )  # fmt: skip
    return total, out, steps


def rms_norm(x: Tensor, weight: Tensor, eps: float) -> Tensor:
    width = x.shape[-1]
    out = torch.empty_like(x)
    _rms_norm[(x.numel() // width,)](
        x, weight, out, width, eps, size=triton.next_power_of_2(width), num_warps=WARPS
    )
    return out


def norm_rotate(
    x: Tensor, weight: Tensor, eps: float, heads: int, cos: Tensor, sin: Tensor,
    out: Tensor | None = None,
) -> Tensor:  # fmt: skip
    pairs = x.shape[-1] // heads // 2
    out = torch.empty_like(x).unflatten(-1, (heads, -1)) if out is None else out
    _norm_rotate[(x.numel() // x.shape[-1],)](
        x, weight, cos, sin, out, heads, pairs, eps,
        rows=triton.next_power_of_2(heads), pairs=triton.next_power_of_2(pairs), num_warps=WARPS,
    )  # fmt: skip
    return out
