"""Fused kernels for NVIDIA cards; imported only where Triton is there (see `fused`).

Each computes what its plain neighbor in `norms`, `modulation` and `rope` computes, with the same
roundings, and reads and writes every value once. A program works on one token.
"""

# Triton is not installed everywhere, and a kernel is launched by an index that checkers don't know.
# pyright: reportMissingImports=false, reportIndexIssue=false

import torch
import triton
import triton.language as tl
from torch import Tensor

WARPS = 8


@triton.jit
def _norm_modulate(x_at, shift_at, scale_at, out_at, width, eps, size: tl.constexpr):
    row = tl.program_id(0).to(tl.int64) * width
    column = tl.arange(0, size)
    inside = column < width
    x = tl.load(x_at + row + column, mask=inside, other=0.0).to(tl.float32)
    centered = tl.where(inside, x - tl.sum(x) / width, 0.0)
    normed = centered / tl.sqrt(tl.sum(centered * centered) / width + eps)
    normed = normed.to(out_at.dtype.element_ty).to(tl.float32)
    shift = tl.load(shift_at + column, mask=inside, other=0.0)
    scale = tl.load(scale_at + column, mask=inside, other=0.0)
    tl.store(out_at + row + column, normed * (1 + scale) + shift, mask=inside)


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
    x_at, y_at, gate_at, weight_at, bias_at, sum_at, out_at, width, eps,
    gated: tl.constexpr, modulated: tl.constexpr, size: tl.constexpr,
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
    tl.store(out_at + row + column, normed, mask=inside)


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


def norm_modulate(x: Tensor, shift: Tensor, scale: Tensor, eps: float) -> Tensor:
    width = x.shape[-1]
    out = torch.empty_like(x)
    _norm_modulate[(x.numel() // width,)](
        x, shift.contiguous(), scale.contiguous(), out, width, eps,
        size=triton.next_power_of_2(width), num_warps=WARPS,
    )  # fmt: skip
    return out


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
    width = x.shape[-1]
    total, out = torch.empty_like(x), torch.empty_like(x)
    _add_norm[(x.numel() // width,)](
        x, y, weight if gate is None else gate.contiguous(), weight.contiguous(),
        bias.contiguous(), total, out, width, eps, gated=gate is not None, modulated=modulated,
        size=triton.next_power_of_2(width), num_warps=WARPS,
    )  # fmt: skip
    return total, out


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
