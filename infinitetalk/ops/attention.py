"""Attention as one function, so that a faster one can be put in its place from outside."""

from collections.abc import Callable

import torch.nn.functional as F
from torch import Tensor

Attend = Callable[[Tensor, Tensor, Tensor], Tensor]


def attend(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """Softmax attention with scale 1 / sqrt(head size), without a mask.

    q [B, S, N, d], k and v [B, K, N, d] -> [B, S, N, d], all in one dtype.
    """
    out = F.scaled_dot_product_attention(q.transpose(1, 2), k.transpose(1, 2), v.transpose(1, 2))
    return out.transpose(1, 2)
