"""Cross-attention to speech, latent frame by latent frame (spec transformer.md 4.9)."""

from torch import Tensor, nn

from infinitetalk.models.wan.config import WanConfig
from infinitetalk.models.wan.context import KeyValue
from infinitetalk.ops.attention import Attend, attend
from infinitetalk.ops.rope import position_table, rotate
from infinitetalk.ops.speakers import audio_positions
from infinitetalk.quant.rows import CodedTokens


class AudioCrossAttention(nn.Module):
    """The tokens of a latent frame attend to the speech of that frame.

    With two speakers, queries and keys turn by a position that stands for the speaker, so that a
    face hears its own voice.
    """

    attention: Attend

    def __init__(self, config: WanConfig) -> None:
        super().__init__()
        self.heads = config.num_heads
        self.class_range = config.class_range
        self.class_interval = config.class_interval
        self.attention = attend
        self.q_linear = nn.Linear(config.dim, config.dim)
        self.kv_linear = nn.Linear(config.output_dim, 2 * config.dim)
        self.proj = nn.Linear(config.dim, config.dim)

    def key_value(self, tokens: Tensor, *, speakers: int) -> KeyValue:
        """[B, T, P * A, token size] -> keys and values [B * T, P * A, N, d]."""
        pair = self.kv_linear(tokens.flatten(0, 1)).unflatten(-1, (2, self.heads, -1))
        k, v = pair.unbind(2)
        if speakers == 2:
            positions = audio_positions(
                k.shape[1] // 2, class_range=self.class_range, class_interval=self.class_interval
            )
            table = position_table(positions.to(k.device), k.shape[-1])
            k = rotate(k, table.cos, table.sin)
        return k, v

    def forward(
        self,
        x: Tensor | CodedTokens,
        heard: KeyValue,
        frames: int,
        positions: Tensor | None = None,
    ) -> Tensor:
        """Tokens of `frames` latent frames [B, S, D] -> [B, S, D].

        `heard` are keys and values of those frames, [B * frames, P * A, N, d]; `positions` [B, S]
        of the video tokens where two people speak.
        """
        q = self.q_linear(x).unflatten(-1, (self.heads, -1))
        if positions is not None:
            table = position_table(positions, q.shape[-1])
            q = rotate(q, table.cos, table.sin)
        found = self.attention(q.unflatten(1, (frames, -1)).flatten(0, 1), *heard)
        return self.proj(found.reshape(*q.shape[:2], -1))


def of_frames(heard: KeyValue, batch: int, first: int, count: int) -> KeyValue:
    """Keys and values [B * T, ...] cut to `count` latent frames from `first` on."""
    k, v = (
        part.unflatten(0, (batch, -1))[:, first : first + count].flatten(0, 1) for part in heard
    )
    return k, v
