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


def add_gated(x: Tensor, y: Tensor, gate: Tensor) -> Tensor:
    """`x + y * gate`, product and sum in float32, rounded to x's dtype.

    x, y [B, S, D]; gate [B, 1, D] float32.
    """
    if x.dtype == y.dtype and (fast := kernels_for(x, y)):
        return fast.add_gated(x, y, gate)
    if torch.is_grad_enabled():
        return torch.addcmul(x.float(), y.float(), gate).to(x.dtype)
    return torch.addcmul(x, y, gate, out=torch.empty_like(x))
