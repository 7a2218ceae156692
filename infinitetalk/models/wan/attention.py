"""Self-attention, and cross-attention to text and image (spec transformer.md 4.7, 4.8)."""

import torch
from torch import Tensor, nn

from infinitetalk.models.wan.context import KeyValue
from infinitetalk.ops.attention import Attend, attend
from infinitetalk.ops.norms import rms_norm
from infinitetalk.ops.rope import norm_rotate
from infinitetalk.quant.rows import CodedTokens


class QkNorm(nn.Module):
    """RMSNorm over the whole width, before the split into heads."""

    def __init__(self, dim: int, eps: float) -> None:
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(dim))

    def forward(self, x: Tensor) -> Tensor:
        return rms_norm(x, self.weight, self.eps)


class SelfAttention(nn.Module):
    """Attention of all video tokens to all, with rotary positions on three axes.

    The block calls the parts, since all but the attention itself goes by pieces of tokens.
    """

    attention: Attend  # replaced from outside by a faster one where there is one

    def __init__(self, dim: int, heads: int, eps: float) -> None:
        super().__init__()
        self.heads = heads
        self.attention = attend
        self.q = nn.Linear(dim, dim)
        self.k = nn.Linear(dim, dim)
        self.v = nn.Linear(dim, dim)
        self.o = nn.Linear(dim, dim)
        self.norm_q = QkNorm(dim, eps)
        self.norm_k = QkNorm(dim, eps)

    def query_key_value(
        self,
        x: Tensor | CodedTokens,
        cos: Tensor,
        sin: Tensor,
        outs: tuple[Tensor | None, Tensor | None] = (None, None),
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Tokens [B, S, D] and their part of the rotary table -> q, k, v, each [B, S, N, d].

        `outs`, if given, take queries and keys.
        """
        q, k = (
            norm_rotate(linear(x), norm.weight, norm.eps, self.heads, cos, sin, out)
            for linear, norm, out in (
                (self.q, self.norm_q, outs[0]),
                (self.k, self.norm_k, outs[1]),
            )
        )
        return q, k, self.v(x).unflatten(-1, (self.heads, -1))


class CrossAttention(nn.Module):
    """One query, two attentions, to text and to image; their results are added."""

    attention: Attend

    def __init__(self, dim: int, heads: int, eps: float) -> None:
        super().__init__()
        self.heads = heads
        self.attention = attend
        self.q = nn.Linear(dim, dim)
        self.k = nn.Linear(dim, dim)
        self.v = nn.Linear(dim, dim)
        self.o = nn.Linear(dim, dim)
        self.norm_q = QkNorm(dim, eps)
        self.norm_k = QkNorm(dim, eps)
        self.k_img = nn.Linear(dim, dim)
        self.v_img = nn.Linear(dim, dim)
        self.norm_k_img = QkNorm(dim, eps)

    def text_key_value(self, tokens: Tensor) -> KeyValue:
        """[B, L, D] -> keys and values [B, L, N, d]."""
        return self._split(self.norm_k(self.k(tokens))), self._split(self.v(tokens))

    def image_key_value(self, tokens: Tensor) -> KeyValue:
        """[B, I, D] -> keys and values [B, I, N, d]."""
        return self._split(self.norm_k_img(self.k_img(tokens))), self._split(self.v_img(tokens))

    def forward(self, x: Tensor | CodedTokens, text: KeyValue, image: KeyValue) -> Tensor:
        """[B, S, D] -> [B, S, D]."""
        q = self._split(self.norm_q(self.q(x)))
        seen = self.attention(q, *text) + self.attention(q, *image)
        return self.o(seen.flatten(2))

    def _split(self, flat: Tensor) -> Tensor:
        return flat.unflatten(-1, (self.heads, -1))
