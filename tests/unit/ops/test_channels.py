"""The VAE's norm into its place, plain and fused."""

import pytest
import torch

from infinitetalk.ops.channels import (
    channel_norm_silu,
    channel_norm_silu_into,
    channels_last,
    kernels_for,
)
from infinitetalk.ops.fused import plain_kernels

LAST = torch.channels_last_3d


def clip(channels: int, dtype: torch.dtype, device: str) -> tuple[torch.Tensor, torch.Tensor]:
    torch.manual_seed(1)
    x = torch.randn(1, channels, 3, 17, 23, device=device).to(dtype)
    gamma = torch.rand(channels, 1, 1, 1, device=device).to(dtype)
    assert not channels_last(x)
    return x.contiguous(memory_format=LAST), gamma


def check(x: torch.Tensor, gamma: torch.Tensor) -> None:
    assert channels_last(x)
    shape = (1, x.shape[1], 5, 17, 23)
    whole = torch.full(shape, torch.nan, device=x.device, dtype=x.dtype)
    whole = whole.contiguous(memory_format=LAST)
    channel_norm_silu_into(x, gamma, whole[:, :, 2:])
    assert whole[:, :, :2].isnan().all(), "what lies before is not touched"
    expected = channel_norm_silu(x, gamma)
    step = max(torch.finfo(x.dtype).eps, 1e-6)
    torch.testing.assert_close(whole[:, :, 2:], expected, rtol=4 * step, atol=4 * step)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float32])
@torch.no_grad()
def test_into_its_place_without_a_kernel(dtype: torch.dtype) -> None:
    x, gamma = clip(6, dtype, "cpu")
    assert kernels_for(x) is None
    check(x, gamma)


def test_autograd_goes_the_usual_way() -> None:
    x, _ = clip(6, torch.float32, "cpu")
    assert not channels_last(x)


@pytest.mark.gpu
@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16, torch.float32])
@pytest.mark.parametrize("channels", [6, 96, 384])
@torch.no_grad()
def test_fused_equals_plain_on_a_card(dtype: torch.dtype, channels: int) -> None:
    pytest.importorskip("triton")
    x, gamma = clip(channels, dtype, "cuda")
    assert kernels_for(x) is not None
    check(x, gamma)
    with plain_kernels():
        assert kernels_for(x) is None
        check(x, gamma)
