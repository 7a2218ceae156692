"""Self-attention, and cross-attention to text and image (spec transformer.md 4.7, 4.8)."""

from functools import partial

import torch
from torch import Tensor, nn

from infinitetalk.models.wan.context import Context, KeyValue, StepState
from infinitetalk.ops.attention import Attend, attend
from infinitetalk.ops.norms import rms_norm
from infinitetalk.ops.rope import rotate
from infinitetalk.ops.speakers import speaker_map
from infinitetalk.ops.tokens import map_tokens


class QkNorm(nn.Module):
    """RMSNorm over the whole width, before the split into heads."""

    def __init__(self, dim: int, eps: float) -> None:
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(dim))

    def forward(self, x: Tensor) -> Tensor:
        return rms_norm(x, self.weight, self.eps)


class SelfAttention(nn.Module):
    """Attention of all video tokens to all, with rotary positions on three axes."""

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

    def query_key(self, x: Tensor, step: StepState) -> tuple[Tensor, Tensor]:
        """Normed and rotated queries and keys of x [B, S, D], each [B, S, N, d]."""
        rope = step.rope

        def turned(norm: QkNorm, flat: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
            return rotate(norm(flat).unflatten(-1, (self.heads, -1)), cos, sin)

        q, k = (
            map_tokens(partial(turned, norm), step.token_chunk, linear(x), rope.cos, rope.sin)
            for linear, norm in ((self.q, self.norm_q), (self.k, self.norm_k))
        )
        return q, k

    def forward(
        self, x: Tensor, step: StepState, speaker_tokens: Tensor | None = None
    ) -> tuple[Tensor, Tensor | None]:
        """[B, S, D] -> [B, S, D], and the speaker map [B, 3, S] where `speaker_tokens` is given."""
        q, k = self.query_key(x, step)
        maps = None
        if speaker_tokens is not None:
            maps = speaker_map(
                q, k, speaker_tokens, chunk=step.token_chunk, attention=self.attention
            )
        v = self.v(x).unflatten(-1, (self.heads, -1))
        return self.o(self.attention(q, k, v).flatten(2)), maps


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

    def forward(self, x: Tensor, text: Context, image: Context, block: int) -> Tensor:
        """[B, S, D] -> [B, S, D]."""
        q = self._split(self.norm_q(self.q(x)))
        seen = self.attention(q, *text.key_values(block, self.text_key_value))
        seen = seen + self.attention(q, *image.key_values(block, self.image_key_value))
        return self.o(seen.flatten(2))

    def _split(self, flat: Tensor) -> Tensor:
        return flat.unflatten(-1, (self.heads, -1))
