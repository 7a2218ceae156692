"""One transformer block (spec transformer.md 4.6)."""

import torch
from torch import Tensor, nn

from infinitetalk.models.wan.attention import CrossAttention, SelfAttention
from infinitetalk.models.wan.audio_attention import AudioCrossAttention
from infinitetalk.models.wan.config import WanConfig
from infinitetalk.models.wan.context import Condition, StepState
from infinitetalk.ops.modulation import add, add_gated, norm_modulate
from infinitetalk.ops.norms import layer_norm
from infinitetalk.ops.speakers import speaker_positions
from infinitetalk.ops.tokens import map_tokens


class Norm(nn.LayerNorm):
    """LayerNorm computed in float32 whatever the dtype of its weights, rounded to x's dtype."""

    def forward(self, input: Tensor) -> Tensor:
        return layer_norm(input, self.weight, self.bias, self.eps)


class WanBlock(nn.Module):
    """Self-attention, text and image, speech, feed-forward.

    A block knows neither its number nor whether its weights stay: both come with the call, so a
    slot of a streaming ring may hold one block after another.
    """

    def __init__(self, config: WanConfig) -> None:
        super().__init__()
        dim, eps = config.dim, config.eps
        self.eps = eps
        self.class_range = config.class_range
        self.class_interval = config.class_interval
        self.self_attn = SelfAttention(dim, config.num_heads, eps)
        self.norm3 = Norm(dim, eps=eps)
        self.cross_attn = CrossAttention(dim, config.num_heads, eps)
        self.norm_x = Norm(dim, eps=eps)
        self.audio_cross_attn = AudioCrossAttention(config)
        self.ffn = nn.Sequential(
            nn.Linear(dim, config.ffn_dim),
            nn.GELU(approximate="tanh"),
            nn.Linear(config.ffn_dim, dim),
        )
        self.modulation = nn.Parameter(torch.randn(1, 6, dim) / dim**0.5)

    def forward(self, x: Tensor, step: StepState, condition: Condition, index: int) -> Tensor:
        """Tokens [B, S, D] -> [B, S, D]; `index` is the number of the block whose weights these are."""
        chunk = step.token_chunk
        shift1, scale1, gate1, shift2, scale2, gate2 = (
            (self.modulation.float() + step.modulation).unsqueeze(2).unbind(1)
        )
        y = norm_modulate(x, shift1, scale1, self.eps, chunk)
        y, maps = self.self_attn(y, step, condition.speaker_tokens)
        positions = None if maps is None else self._positions(maps, condition)
        x = add_gated(x, y, gate1, chunk)
        y = map_tokens(self.norm3, chunk, x)
        x = add(x, self.cross_attn(y, condition.text, condition.image, index))
        y = map_tokens(self.norm_x, chunk, x)
        frames = step.grid[0]
        x = add(x, self.audio_cross_attn(y, condition.audio, frames, index, positions))
        y = norm_modulate(x, shift2, scale2, self.eps, chunk)
        return add_gated(x, map_tokens(self.ffn, chunk, y), gate2, chunk)

    def _positions(self, maps: Tensor, condition: Condition) -> Tensor:
        return speaker_positions(
            maps,
            class_range=self.class_range,
            class_interval=self.class_interval,
            guard=condition.guard_masks,
        )

    def precompute(self, condition: Condition, index: int) -> None:
        """Fills the contexts' keys and values for this block, where they are kept."""
        cross, audio = self.cross_attn, self.audio_cross_attn
        if condition.text.keep:
            condition.text.key_values(index, cross.text_key_value)
        if condition.image.keep:
            condition.image.key_values(index, cross.image_key_value)
        if condition.audio.keep:
            condition.audio.key_values(
                index, lambda tokens: audio.key_value(tokens, speakers=condition.speakers)
            )
