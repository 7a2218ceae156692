"""Norm over the channels of a clip, with SiLU behind it: the VAE's other half beside convolutions.

In plain operations it reads and writes each value about ten times; on a card, with channels last in
memory, a fused kernel does it once, straight into the padded input of the convolution that follows.
"""

import importlib
import importlib.util
import logging
from functools import cache
from types import ModuleType

import torch
import torch.nn.functional as F
from torch import Tensor

from infinitetalk.ops.fused import plain_kernels_wanted

_log = logging.getLogger(__name__)

NORM_FLOOR = 1e-12  # smallest norm that is divided by


def channel_norm(x: Tensor, gamma: Tensor) -> Tensor:
    """X [B, C, ...] over its root mean square along C, times gamma [C, 1, ...]; in float32, then x's
    dtype (spec encoders_and_vae.md 1.4).
    """
    wide = x.float()
    square = wide.square().sum(1, keepdim=True).clamp_min(NORM_FLOOR**2)
    return (wide * (square.rsqrt() * x.shape[1] ** 0.5) * gamma.float()).to(x.dtype)


def channel_norm_silu(x: Tensor, gamma: Tensor) -> Tensor:
    """SiLU of `channel_norm`."""
    return F.silu(channel_norm(x, gamma), inplace=not torch.is_grad_enabled())


def channels_last(x: Tensor) -> bool:
    """Whether x is one clip [1, C, T, H, W] with its channels last in memory, without autograd."""
    return (
        x.dim() == 5
        and x.shape[0] == 1
        and x.is_contiguous(memory_format=torch.channels_last_3d)
        and not x.is_contiguous()
        and not torch.is_grad_enabled()
    )


def channel_norm_silu_into(x: Tensor, gamma: Tensor, out: Tensor) -> None:
    """`channel_norm_silu` of a clip with `channels_last` into `out`, which lies as it does."""
    kernels = kernels_for(x)
    if kernels is not None:
        kernels.norm_channels(x, gamma, NORM_FLOOR**2, out, silu=True)
        return
    channels = x.shape[1]
    rows = F.rms_norm(
        x.movedim(1, -1), (channels,), gamma.flatten().to(x.dtype), NORM_FLOOR**2 / channels
    )
    out.copy_(F.silu(rows, inplace=True).movedim(-1, 1))


def kernels_for(x: Tensor) -> ModuleType | None:
    """The fused kernel, on a card where Triton works; else None."""
    usable = x.is_cuda and not torch.compiler.is_compiling() and not plain_kernels_wanted()
    return _kernels(x.device) if usable else None


@cache
def _kernels(device: torch.device) -> ModuleType | None:
    """The module, once it has computed something right on this card; else None, for good."""
    if importlib.util.find_spec("triton") is None:
        return None
    try:
        module = importlib.import_module("infinitetalk.ops.triton_channels")
        x = torch.linspace(-2, 2, 4 * 6, device=device).view(1, 4, 1, 2, 3)
        x = x.contiguous(memory_format=torch.channels_last_3d)
        gamma = torch.ones(4, 1, 1, 1, device=device)
        found = module.norm_channels(x, gamma, NORM_FLOOR**2, torch.empty_like(x), silu=True)
        works = torch.allclose(found, F.silu(channel_norm(x, gamma)), atol=1e-5)
    except Exception as error:  # noqa: BLE001  # no compiler, an old driver, a broken wheel: all mean no
        _log.info("Triton does not work here, the VAE takes plain kernels: %s", error)
        return None
    return module if works else None
