"""One transformer block (spec transformer.md 4.6)."""

from functools import partial

import torch
from torch import Tensor, nn

from infinitetalk.models.wan.attention import CrossAttention, SelfAttention
from infinitetalk.models.wan.audio_attention import AudioCrossAttention, of_frames
from infinitetalk.models.wan.config import WanConfig
from infinitetalk.models.wan.context import Condition, KeyValue, StepState
from infinitetalk.ops.modulation import add_gated
from infinitetalk.ops.norms import layer_norm
from infinitetalk.ops.speakers import speaker_map, speaker_positions
from infinitetalk.ops.tokens import map_tokens, pieces_of
from infinitetalk.quant.norms import add_norm, add_norm_modulate, norm_modulate


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
        """Tokens [B, S, D] -> [B, S, D]; `index` is the number of the block whose weights these are.

        `x` is left as it is, since branches may share it.
        """
        shift1, scale1, gate1, shift2, scale2, gate2 = (
            (self.modulation.float() + step.modulation).unsqueeze(2).unbind(1)
        )
        attention = self.self_attn

        # In pieces, results go where they belong: of whole sequences even a copy takes time.
        pieces = pieces_of(x, step.piece_tokens)
        wide = (*x.shape[:2], attention.heads, x.shape[2] // attention.heads)
        whole = [x.new_empty(wide) for _ in range(3)] if pieces else []

        def before(start: int, x: Tensor, cos: Tensor, sin: Tensor) -> tuple[Tensor, ...]:
            readers = (attention.q, attention.k, attention.v)
            y = norm_modulate(x, shift1, scale1, self.eps, readers=readers)
            if not whole:
                return attention.query_key_value(y, cos, sin)
            end = start + x.shape[1]
            outs = (whole[0][:, start:end], whole[1][:, start:end])
            return attention.query_key_value(y, cos, sin, outs)

        rope = step.rope
        q, k, v = map_tokens(before, step.piece_tokens, x, rope.cos, rope.sin, outs=whole or None)
        whole.clear()
        positions = self._positions(q, k, step, condition)
        seen = attention.attention(q, k, v).flatten(2)
        del q, k, v  # the largest tensors of a pass; what follows needs little
        text, image, heard = self._key_values(condition, index)

        def after(start: int, x: Tensor, seen: Tensor, *where: Tensor) -> tuple[Tensor, ...]:
            cross, audio, out = self.cross_attn, self.audio_cross_attn, seen if pieces else None
            norm, y = self.norm3, attention.o(seen)
            x, y = add_norm(x, y, gate1, norm.weight, norm.bias, norm.eps, readers=(cross.q,))
            norm, y = self.norm_x, cross(y, text, image)
            readers = (audio.q_linear,)
            x, y = add_norm(x, y, None, norm.weight, norm.bias, norm.eps, readers=readers)
            first, count = start // step.frame_tokens, x.shape[1] // step.frame_tokens
            frames = of_frames(heard, x.shape[0], first, count)
            y = audio(y, frames, count, *where)
            x, y = add_norm_modulate(x, y, shift2, scale2, self.eps, readers=(self.ffn[0],))
            return (add_gated(x, self.ffn(y), gate2, out),)

        where = () if positions is None else (positions,)
        return map_tokens(after, step.piece_tokens, x, seen, *where, outs=[seen])[0]

    def _positions(
        self, q: Tensor, k: Tensor, step: StepState, condition: Condition
    ) -> Tensor | None:
        """1-D positions of the video tokens [B, S] where two people speak."""
        if condition.speaker_tokens is None:
            return None
        maps = speaker_map(
            q,
            k,
            condition.speaker_tokens,
            chunk=step.piece_tokens,
            attention=self.self_attn.attention,
        )
        return speaker_positions(
            maps,
            class_range=self.class_range,
            class_interval=self.class_interval,
            guard=condition.guard_masks,
        )

    def _key_values(self, condition: Condition, index: int) -> tuple[KeyValue, KeyValue, KeyValue]:
        """Keys and values of text, image and speech."""
        cross, audio = self.cross_attn, self.audio_cross_attn
        return (
            condition.text.key_values(index, cross.text_key_value),
            condition.image.key_values(index, cross.image_key_value),
            condition.audio.key_values(
                index, partial(audio.key_value, speakers=condition.speakers)
            ),
        )

    def precompute(self, condition: Condition, index: int) -> None:
        """Fills the contexts' keys and values for this block, where they are kept."""
        if any(context.keep for context in condition.contexts):
            self._key_values(condition, index)
