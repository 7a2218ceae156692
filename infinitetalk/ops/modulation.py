"""Shift, scale and gate of a block: float32 sums around values of the working dtype (spec 4.6).

Without autograd, PyTorch promotes inside one kernel and rounds on the way out, so that no float32
copy of the tokens is ever written.
"""

import torch
from torch import Tensor

from infinitetalk.ops.fused import kernels_for
from infinitetalk.ops.norms import layer_norm


def norm_modulate(x: Tensor, shift: Tensor, scale: Tensor, eps: float) -> Tensor:
    """`norm(x) * (1 + scale) + shift`, with the norm rounded before the affine part.

    x [B, S, D] in the working dtype; shift, scale [B, 1, D] float32; result in x's dtype.
    """
    if fast := kernels_for(x):
        return fast.norm_modulate(x, shift, scale, eps)
    normed = layer_norm(x, None, None, eps)
    if torch.is_grad_enabled():
        return torch.addcmul(shift, normed.float(), 1 + scale).to(x.dtype)
    return torch.addcmul(shift, normed, 1 + scale, out=normed)


def add_gated(x: Tensor, y: Tensor, gate: Tensor, out: Tensor | None = None) -> Tensor:
    """`x + y * gate`, product and sum in float32, rounded to x's dtype.

    x, y [B, S, D]; gate [B, 1, D] float32. `out`, if given, takes the result.
    """
    if x.dtype == y.dtype and (fast := kernels_for(x, y, *(() if out is None else (out,)))):
        return fast.add_gated(x, y, gate, out)
    if torch.is_grad_enabled():
        return torch.addcmul(x.float(), y.float(), gate).to(x.dtype)
    return torch.addcmul(x, y, gate, out=torch.empty_like(x) if out is None else out)


def add_norm(
    x: Tensor, y: Tensor, gate: Tensor | None, weight: Tensor, bias: Tensor, eps: float
) -> tuple[Tensor, Tensor]:
    """The sum `x + y` (with a gate `add_gated`) and its LayerNorm with weight and bias [D]."""
    if x.dtype == y.dtype == weight.dtype and (fast := kernels_for(x, y)):
        return fast.add_norm(x, y, gate, weight, bias, eps, modulated=False)
    total = x + y if gate is None else add_gated(x, y, gate)
    return total, layer_norm(total, weight, bias, eps)


def add_norm_modulate(
    x: Tensor, y: Tensor, shift: Tensor, scale: Tensor, eps: float
) -> tuple[Tensor, Tensor]:
    """The sum `x + y` and `norm_modulate` of it."""
    if x.dtype == y.dtype and (fast := kernels_for(x, y)):
        return fast.add_norm(x, y, None, scale, shift, eps, modulated=True)
    total = x + y
    return total, norm_modulate(total, shift, scale, eps)
