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
def _norm_rotate(
    x_at, weight_at, cos_at, sin_at, out_at, pairs, head_pairs, eps,
    rotate: tl.constexpr, size: tl.constexpr,
):  # fmt: skip
    kind: tl.constexpr = out_at.dtype.element_ty
    token = tl.program_id(0).to(tl.int64)
    pair = tl.arange(0, size)
    inside = pair < pairs
    first = token * pairs * 2 + pair * 2
    a = tl.load(x_at + first, mask=inside, other=0.0).to(tl.float32)
    b = tl.load(x_at + first + 1, mask=inside, other=0.0).to(tl.float32)
    factor = 1 / tl.sqrt(tl.sum(a * a + b * b) / (2 * pairs) + eps)
    weight_a = tl.load(weight_at + pair * 2, mask=inside, other=0.0).to(kind).to(tl.float32)
    weight_b = tl.load(weight_at + pair * 2 + 1, mask=inside, other=0.0).to(kind).to(tl.float32)
    a = ((a * factor).to(kind).to(tl.float32) * weight_a).to(kind).to(tl.float32)
    b = ((b * factor).to(kind).to(tl.float32) * weight_b).to(kind).to(tl.float32)
    if rotate:
        angle = token * head_pairs + pair % head_pairs
        cos = tl.load(cos_at + angle, mask=inside, other=0.0)
        sin = tl.load(sin_at + angle, mask=inside, other=0.0)
        turned = a * cos - b * sin
        b = a * sin + b * cos
        a = turned
    tl.store(out_at + first, a, mask=inside)
    tl.store(out_at + first + 1, b, mask=inside)


def norm_modulate(x: Tensor, shift: Tensor, scale: Tensor, eps: float) -> Tensor:
    width = x.shape[-1]
    out = torch.empty_like(x)
    _norm_modulate[(x.numel() // width,)](
        x, shift.contiguous(), scale.contiguous(), out, width, eps,
        size=triton.next_power_of_2(width), num_warps=WARPS,
    )  # fmt: skip
    return out


def add_gated(x: Tensor, y: Tensor, gate: Tensor) -> Tensor:
    width = x.shape[-1]
    out = torch.empty_like(x)
    _add_gated[(x.numel() // width,)](
        x, y, gate.contiguous(), out, width,
        size=triton.next_power_of_2(width), num_warps=WARPS,
    )  # fmt: skip
    return out


def rms_norm(x: Tensor, weight: Tensor, eps: float) -> Tensor:
    pairs = x.shape[-1] // 2
    out = torch.empty_like(x)
    _norm_rotate[(x.numel() // (2 * pairs),)](
        x, weight, weight, weight, out, pairs, 1, eps,
        rotate=False, size=triton.next_power_of_2(pairs), num_warps=WARPS,
    )  # fmt: skip
    return out


def norm_rotate(
    x: Tensor, weight: Tensor, eps: float, heads: int, cos: Tensor, sin: Tensor
) -> Tensor:
    pairs = x.shape[-1] // 2
    out = torch.empty_like(x)
    _norm_rotate[(x.numel() // (2 * pairs),)](
        x, weight, cos, sin, out, pairs, pairs // heads, eps,
        rotate=True, size=triton.next_power_of_2(pairs), num_warps=WARPS,
    )  # fmt: skip
    return out.unflatten(-1, (heads, -1))
