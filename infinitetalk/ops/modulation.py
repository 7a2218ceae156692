"""Shift, scale and gate of a block: float32 sums around values of the working dtype (spec 4.6)."""

import torch
from torch import Tensor

from infinitetalk.ops.norms import layer_norm


def norm_modulate(x: Tensor, shift: Tensor, scale: Tensor, eps: float) -> Tensor:
    """`norm(x) * (1 + scale) + shift`, with the norm rounded before the affine part.

    x [B, S, D] in the working dtype; shift, scale [B, 1, D] float32; result in x's dtype.
    """
    normed = layer_norm(x, None, None, eps)
    return torch.addcmul(shift, normed.float(), 1 + scale).to(x.dtype)


def add_gated(x: Tensor, y: Tensor, gate: Tensor) -> Tensor:
    """`x + y * gate`, product and sum in float32, rounded to x's dtype.

    x, y [B, S, D]; gate [B, 1, D] float32.
    """
    return torch.addcmul(x.float(), y.float(), gate).to(x.dtype)
