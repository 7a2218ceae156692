"""The fused norm of the VAE for NVIDIA cards; imported only where Triton is there (see `channels`)."""

# Triton is not installed everywhere, and a kernel is launched by an index that checkers don't know.
# pyright: reportMissingImports=false, reportIndexIssue=false

import triton
import triton.language as tl
from torch import Tensor

VALUES = 4096  # that one program works on: as many places as that makes
WARPS = 4


@triton.jit
def _norm_channels(
    x_at, gamma_at, out_at, places, channels, root, least,
    silu: tl.constexpr, size: tl.constexpr, tile: tl.constexpr,
):  # fmt: skip
    kind: tl.constexpr = out_at.dtype.element_ty
    place = tl.program_id(0).to(tl.int64) * tile + tl.arange(0, tile)
    channel = tl.arange(0, size)
    at = place[:, None] * channels + channel[None, :]
    inside = (place < places)[:, None] & (channel < channels)[None, :]
    x = tl.load(x_at + at, mask=inside, other=0.0).to(tl.float32)
    square = tl.maximum(tl.sum(x * x, 1), least)
    gamma = tl.load(gamma_at + channel, mask=channel < channels, other=0.0).to(tl.float32)
    y = x * (root / tl.sqrt(square))[:, None] * gamma[None, :]
    if silu:
        y = y.to(kind).to(tl.float32)  # rounded as between two layers
        y = y / (1.0 + tl.exp(-y))
    tl.store(out_at + at, y, mask=inside)


def norm_channels(x: Tensor, gamma: Tensor, least: float, out: Tensor, *, silu: bool) -> Tensor:
    """X and out [1, C, T, H, W], channels last in memory; `least`: smallest sum of squares."""
    channels = x.shape[1]
    places = x.numel() // channels
    size = triton.next_power_of_2(channels)
    tile = max(VALUES // size, 1)
    _norm_channels[(triton.cdiv(places, tile),)](
        x, gamma, out, places, channels, channels**0.5, least,
        silu=silu, size=size, tile=tile, num_warps=WARPS,
    )  # fmt: skip
    return out
