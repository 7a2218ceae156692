"""Normalisation in float32, rounded to the working dtype where the published model rounds.

Source of the order of roundings: spec transformer.md, sections 4.6, 4.7 and 9.
"""

import torch.nn.functional as F
from torch import Tensor

from infinitetalk.ops.fused import kernels_for


def layer_norm(x: Tensor, weight: Tensor | None, bias: Tensor | None, eps: float) -> Tensor:
    """LayerNorm over the last axis, computed in float32 with weights upcast; dtype of `x`.

    PyTorch's kernels compute in float32 whatever the dtype; only where weights and values differ
    in dtype are whole tensors converted.
    """
    if weight is not None and weight.dtype != x.dtype:
        wide = F.layer_norm(
            x.float(), x.shape[-1:], weight.float(), None if bias is None else bias.float(), eps
        )
        return wide.to(x.dtype)
    return F.layer_norm(x, x.shape[-1:], weight, bias, eps).to(x.dtype)


def rms_norm(x: Tensor, weight: Tensor, eps: float) -> Tensor:
    """RMSNorm over the last axis: float32 inside, rounded, then times `weight` in x's dtype."""
    if fast := kernels_for(x, weight[None]):
        return fast.rms_norm(x, weight, eps)
    return F.rms_norm(x, x.shape[-1:], None, eps).to(x.dtype) * weight.to(x.dtype)
