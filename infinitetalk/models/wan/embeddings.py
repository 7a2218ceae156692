"""What surrounds the blocks: timestep, image features, head (spec transformer.md 4.2, 4.3, 4.10).

Time and head are float32 with weights upcast, whatever the working dtype: the time vectors decide
every layer's scale.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from infinitetalk.ops.norms import layer_norm
from infinitetalk.ops.time_features import time_features
from infinitetalk.ops.tokens import map_tokens

IMAGE_NORM_EPS = 1e-5
PATCH_CELLS = 4  # 1 x 2 x 2 latent cells make one token


def linear_float32(layer: nn.Module, x: Tensor) -> Tensor:
    """`layer(x)` in float32, a plain linear's weights upcast; also where autocast is on."""
    with torch.autocast(x.device.type, enabled=False):
        if isinstance(layer, nn.Linear):
            bias = None if layer.bias is None else layer.bias.float()
            return F.linear(x.float(), layer.weight.float(), bias)
        return layer(x.float()).float()


class ImageEmbedding(nn.Module):
    """Image features to context tokens; both norms have eps 1e-5, the GELU is the exact one."""

    def __init__(self, features: int, dim: int) -> None:
        super().__init__()
        self.proj = nn.Sequential(
            nn.LayerNorm(features, eps=IMAGE_NORM_EPS),
            nn.Linear(features, features),
            nn.GELU(),
            nn.Linear(features, dim),
            nn.LayerNorm(dim, eps=IMAGE_NORM_EPS),
        )

    def forward(self, features: Tensor) -> Tensor:
        """[B, I, features] -> [B, I, D]."""
        return self.proj(features)


class TimeEmbedding(nn.Sequential):
    """Linear, SiLU, linear over cosines and sines of the timestep."""

    def __init__(self, freq_dim: int, dim: int) -> None:
        super().__init__(nn.Linear(freq_dim, dim), nn.SiLU(), nn.Linear(dim, dim))
        self.freq_dim = freq_dim

    def forward(self, input: Tensor) -> Tensor:
        """[B] timesteps in 0..1000 -> [B, D] float32."""
        features = time_features(input, self.freq_dim).float()
        return linear_float32(self[2], F.silu(linear_float32(self[0], features)))


class TimeProjection(nn.Sequential):
    """SiLU, linear: the time vector to shifts, scales and gates of a block."""

    def __init__(self, dim: int) -> None:
        super().__init__(nn.SiLU(), nn.Linear(dim, 6 * dim))

    def forward(self, input: Tensor) -> Tensor:
        """Time vectors [B, D] -> [B, 6, D] float32."""
        return linear_float32(self[1], F.silu(input)).unflatten(1, (6, -1))


class Head(nn.Module):
    """Tokens to velocity, in float32."""

    def __init__(self, dim: int, out_dim: int, eps: float) -> None:
        super().__init__()
        self.eps = eps
        self.head = nn.Linear(dim, PATCH_CELLS * out_dim)
        self.modulation = nn.Parameter(torch.randn(1, 2, dim) / dim**0.5)

    def forward(self, x: Tensor, time: Tensor, chunk: int | None = None) -> Tensor:
        """Tokens [B, S, D], time [B, D] float32 -> [B, S, 4 * out_dim] float32."""
        shift, scale = (self.modulation.float() + time[:, None]).unsqueeze(2).unbind(1)

        def piece(_start: int, tokens: Tensor) -> tuple[Tensor]:
            normed = layer_norm(tokens, None, None, self.eps).float()
            return (linear_float32(self.head, torch.addcmul(shift, normed, 1 + scale)),)

        return map_tokens(piece, chunk, x)[0]


def unpatchify(tokens: Tensor, grid: tuple[int, int, int]) -> Tensor:
    """[B, S, 1 * 2 * 2 * C] (channel fastest) -> [B, C, T, 2 Nh, 2 Nw]."""
    frames, rows, columns = grid
    cells = tokens.unflatten(-1, (2, 2, -1)).unflatten(1, (frames, rows, columns))
    moved = cells.permute(0, 6, 1, 2, 4, 3, 5)
    return moved.reshape(tokens.shape[0], -1, frames, 2 * rows, 2 * columns)
