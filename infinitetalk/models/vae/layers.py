"""Layers of the VAE (spec encoders_and_vae.md 1.2, 1.4).

Every layer takes a piece of a clip, [B, C, T, H, W], and the memory that carries its past. The
first piece may have any length, so that a whole clip is one first piece: streamed and whole
evaluation are one code path.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from infinitetalk.models.vae.memory import FeatureMemory
from infinitetalk.ops.channels import (
    channel_norm,
    channel_norm_silu,
    channel_norm_silu_into,
    channels_last,
)
from infinitetalk.ops.conv import conv3d


class Conv3d(nn.Conv3d):
    """Convolution with the padding that the caller names, by the fastest kernel at hand."""

    def __init__(
        self,
        channels: int,
        out_channels: int,
        kernel: tuple[int, int, int],
        *,
        stride: tuple[int, int, int] = (1, 1, 1),
        space_padding: int = 0,
    ) -> None:
        super().__init__(channels, out_channels, kernel, stride=stride)
        self.time_stride = stride
        self.zero_padding = (0, space_padding, space_padding)

    def forward(self, input: Tensor) -> Tensor:
        return conv3d(input, self.weight, self.bias, self.time_stride, self.zero_padding)


class CausalConv3d(Conv3d):
    """Convolution whose time padding lies on the past side only: zeros, or remembered frames."""

    def __init__(self, channels: int, out_channels: int, kernel: tuple[int, int, int]) -> None:
        super().__init__(channels, out_channels, kernel, space_padding=kernel[1] // 2)
        self.past_frames = kernel[0] - 1

    def forward(self, input: Tensor, memory: FeatureMemory | None = None) -> Tensor:
        if not self.past_frames:
            return super().forward(input)
        past = memory.get(self) if memory else None
        if past is None:
            x = F.pad(input, (0, 0, 0, 0, self.past_frames, 0))
        else:
            x = torch.cat((past, input), dim=2)
        if memory is not None:
            memory.put(self, x[:, :, -self.past_frames :])
        return super().forward(x)

    def padded_for(self, x: Tensor, memory: FeatureMemory | None) -> Tensor:
        """Room for an input as large as x and the past before it, channels last; the past is there."""
        past = memory.get(self) if memory else None
        batch, channels, frames, *picture = x.shape
        padded = torch.empty(
            (batch, channels, self.past_frames + frames, *picture),
            dtype=x.dtype,
            device=x.device,
            memory_format=torch.channels_last_3d,
        )
        before = padded[:, :, : self.past_frames]
        before.zero_() if past is None else before.copy_(past)
        return padded

    def convolve_padded(self, padded: Tensor, memory: FeatureMemory | None) -> Tensor:
        """The convolution of what `padded_for` made, filled behind the past."""
        if memory is not None:
            memory.put(self, padded[:, :, -self.past_frames :])
        return super().forward(padded)


class ChannelNorm(nn.Module):
    """Root-mean-square norm over channels, without bias, computed in float32."""

    def __init__(self, channels: int, axes: int = 3) -> None:
        """`axes` is 3 in video layers, 2 in the attention block."""
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(channels, *[1] * axes))

    def forward(self, x: Tensor) -> Tensor:
        return channel_norm(x, self.gamma)


def normed_conv(
    norm: nn.Module, conv: nn.Module, x: Tensor, memory: FeatureMemory | None
) -> Tensor:
    """The convolution of the SiLU of the norm of x."""
    assert isinstance(norm, ChannelNorm)
    assert isinstance(conv, CausalConv3d)
    if not channels_last(x):
        return conv(channel_norm_silu(x, norm.gamma), memory)
    padded = conv.padded_for(x, memory)
    channel_norm_silu_into(x, norm.gamma, padded[:, :, conv.past_frames :])
    return conv.convolve_padded(padded, memory)


class ResidualBlock(nn.Module):
    """Norm, SiLU, convolution, twice, plus the input. Keys of `residual` are the published ones."""

    def __init__(self, channels: int, out_channels: int) -> None:
        super().__init__()
        self.residual = nn.ModuleDict(
            {
                "0": ChannelNorm(channels),
                "2": CausalConv3d(channels, out_channels, (3, 3, 3)),
                "3": ChannelNorm(out_channels),
                "6": CausalConv3d(out_channels, out_channels, (3, 3, 3)),
            }
        )
        same = channels == out_channels
        self.shortcut = nn.Identity() if same else CausalConv3d(channels, out_channels, (1, 1, 1))

    def forward(self, x: Tensor, memory: FeatureMemory | None = None) -> Tensor:
        layers = self.residual
        y = normed_conv(layers["0"], layers["2"], x, memory)
        y = normed_conv(layers["3"], layers["6"], y, memory)
        if torch.is_grad_enabled():
            return y + self.shortcut(x)
        return y.add_(self.shortcut(x))


class FrameAttention(nn.Module):
    """One head over all cells of a frame, plus the input."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = ChannelNorm(channels, axes=2)
        self.to_qkv = nn.Conv2d(channels, 3 * channels, 1)
        self.proj = nn.Conv2d(channels, channels, 1)

    def forward(
        self,
        x: Tensor,
        memory: FeatureMemory | None = None,  # noqa: ARG002  # as all layers; frames have no past
    ) -> Tensor:
        frames = as_frames(x)
        qkv = self.to_qkv(self.norm(frames)).flatten(2).transpose(1, 2)[:, None]
        seen = F.scaled_dot_product_attention(*qkv.chunk(3, dim=-1))
        seen = seen[:, 0].transpose(1, 2).reshape(frames.shape)
        return x + as_clip(self.proj(seen), x.shape[0])


class Down(nn.Module):
    """Halves the picture and, with `time`, the frames after the first."""

    def __init__(self, channels: int, *, time: bool) -> None:
        super().__init__()
        self.resample = nn.ModuleDict({"1": nn.Conv2d(channels, channels, 3, stride=2)})
        self.time_conv = Conv3d(channels, channels, (3, 1, 1), stride=(2, 1, 1)) if time else None
        self.past_frames = 1 if time else 0

    def forward(self, x: Tensor, memory: FeatureMemory | None = None) -> Tensor:
        smaller = self.resample["1"](F.pad(as_frames(x), (0, 1, 0, 1)))
        x = as_clip(smaller, x.shape[0])
        if self.time_conv is None:
            return x
        past = memory.get(self) if memory else None
        if memory is not None:
            memory.put(self, x[:, :, -1:])
        if past is not None:
            return self.time_conv(torch.cat((past, x), dim=2))
        if x.shape[2] == 1:
            return x
        return torch.cat((x[:, :, :1], self.time_conv(x)), dim=2)


class Up(nn.Module):
    """Doubles the picture, halves the channels and, with `time`, doubles all frames but the first.

    The clip's first frame is no part of the time convolution's past.
    """

    def __init__(self, channels: int, *, time: bool) -> None:
        super().__init__()
        self.resample = nn.ModuleDict({"1": nn.Conv2d(channels, channels // 2, 3, padding=1)})
        self.time_conv = CausalConv3d(channels, 2 * channels, (3, 1, 1)) if time else None

    def forward(self, x: Tensor, memory: FeatureMemory | None = None) -> Tensor:
        if self.time_conv is not None:
            x = self._double_frames(self.time_conv, x, memory)
        larger = F.interpolate(as_frames(x), scale_factor=2.0, mode="nearest-exact")
        return as_clip(self.resample["1"](larger), x.shape[0])

    def _double_frames(
        self, time_conv: CausalConv3d, x: Tensor, memory: FeatureMemory | None
    ) -> Tensor:
        first = memory is None or not memory.started(self)
        if memory is not None:
            memory.put(self, None)
        kept, later = (x[:, :, :1], x[:, :, 1:]) if first else (x[:, :, :0], x)
        if not later.shape[2]:
            return kept
        found = time_conv(later, memory)
        pairs = found.unflatten(1, (2, -1))  # earlier, later frame
        if found.is_contiguous(memory_format=torch.channels_last_3d):  # as they shall stay
            doubled = pairs.permute(0, 3, 1, 4, 5, 2).flatten(1, 2).movedim(-1, 1)
        else:
            doubled = pairs.permute(0, 2, 3, 1, 4, 5).flatten(2, 3)
        return torch.cat((kept, doubled), dim=2) if kept.shape[2] else doubled


def as_frames(x: Tensor) -> Tensor:
    """[B, C, T, H, W] -> [B * T, C, H, W]."""
    return x.transpose(1, 2).flatten(0, 1)


def as_clip(frames: Tensor, batch: int) -> Tensor:
    """[B * T, C, H, W] -> [B, C, T, H, W]."""
    return frames.unflatten(0, (batch, -1)).transpose(1, 2)
