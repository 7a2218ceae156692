"""Shift, scale and gate of a block: float32 sums around values of the working dtype (spec 4.6)."""

import torch
from torch import Tensor

from infinitetalk.ops.norms import layer_norm
from infinitetalk.ops.tokens import map_tokens


def norm_modulate(x: Tensor, shift: Tensor, scale: Tensor, eps: float, chunk: int | None) -> Tensor:
    """`norm(x) * (1 + scale) + shift`, with the norm rounded before the affine part.

    x [B, S, D] in the working dtype; shift, scale [B, 1, D] float32; result in x's dtype.
    """

    def piece(tokens: Tensor) -> Tensor:
        normed = layer_norm(tokens, None, None, eps)
        return torch.addcmul(shift, normed.float(), 1 + scale).to(tokens.dtype)

    return map_tokens(piece, chunk, x)


def add_gated(x: Tensor, y: Tensor, gate: Tensor, chunk: int | None) -> Tensor:
    """`x + y * gate`, product and sum in float32, rounded to x's dtype.

    x, y [B, S, D]; gate [B, 1, D] float32. Without autograd the result takes y's memory, so y
    must be the caller's own; x stays as it is, since branches may share it.
    """

    def piece(old: Tensor, new: Tensor) -> Tensor:
        return torch.addcmul(old.float(), new.float(), gate).to(old.dtype)

    return map_tokens(piece, chunk, x, y, out=_reusable(x, y))


def add(x: Tensor, y: Tensor) -> Tensor:
    """`x + y`; without autograd the result takes y's memory, so y must be the caller's own."""
    target = _reusable(x, y)
    return x + y if target is None else torch.add(x, y, out=target)


def _reusable(x: Tensor, y: Tensor) -> Tensor | None:
    free = not torch.is_grad_enabled() and x.dtype == y.dtype and x.shape == y.shape
    return y if free else None
