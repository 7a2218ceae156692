"""The audio adapter (`audio_proj`): windows of audio embeddings around video frames, to tokens.

Source: spec transformer.md 4.4.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from infinitetalk.ops.norms import layer_norm

NORM_EPS = 1e-5


def frame_windows(audio: Tensor, frames_per_latent: int) -> tuple[Tensor, Tensor]:
    """The audio that each latent frame hears.

    audio [..., F, window, blocks, channels] with F = 1 + n * (T - 1), n = `frames_per_latent` ->
    the whole window of frame 0, [..., 1, window, blocks, channels], and for the T - 1 later latent
    frames the past and center of their first video frame, the center of those between, the center
    and future of their last: [..., T - 1, 2 * (window // 2 + 1) + n - 2, blocks, channels].
    """
    frames, window = audio.shape[-4], audio.shape[-3]
    if (frames - 1) % frames_per_latent:
        raise ValueError(f"audio must have 1 + {frames_per_latent} * k frames, found {frames}")
    center = window // 2
    first = audio[..., :1, :, :, :]
    later = audio[..., 1:, :, :, :].unflatten(-4, (-1, frames_per_latent))
    past = later[..., 0, : center + 1, :, :]
    between = later[..., 1:-1, center, :, :]
    future = later[..., -1, center:, :, :]
    return first, torch.cat((past, between, future), dim=-3)


class AudioAdapter(nn.Module):
    """Audio embeddings to `context_tokens` tokens per speaker and latent frame."""

    def __init__(
        self,
        *,
        window: int,
        frames_per_latent: int,
        embedding_size: int,
        hidden_size: int,
        context_tokens: int,
        token_size: int,
    ) -> None:
        """`embedding_size` is blocks x channels of the audio encoder (12 x 768 as published)."""
        super().__init__()
        self.frames_per_latent = frames_per_latent
        self.context_tokens = context_tokens
        self.token_size = token_size
        later = 2 * (window // 2 + 1) + frames_per_latent - 2
        self.proj1 = nn.Linear(window * embedding_size, hidden_size)
        self.proj1_vf = nn.Linear(later * embedding_size, hidden_size)
        self.proj2 = nn.Linear(hidden_size, hidden_size)
        self.proj3 = nn.Linear(hidden_size, context_tokens * token_size)
        self.norm = nn.LayerNorm(token_size, eps=NORM_EPS)

    def forward(self, audio: Tensor) -> Tensor:
        """[B, P, F, window, blocks, channels] -> [B, T, P * A, token_size], speaker 1 first."""
        first, later = frame_windows(audio, self.frames_per_latent)
        hidden = torch.cat(
            (F.relu(self.proj1(first.flatten(-3))), F.relu(self.proj1_vf(later.flatten(-3)))),
            dim=-2,
        )
        hidden = self.proj3(F.relu(self.proj2(hidden)))
        tokens = hidden.unflatten(-1, (self.context_tokens, self.token_size))
        tokens = layer_norm(tokens, self.norm.weight, self.norm.bias, NORM_EPS)
        return tokens.transpose(1, 2).flatten(2, 3)
