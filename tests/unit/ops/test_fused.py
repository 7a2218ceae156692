"""Fused kernels against their plain neighbors; needs a card."""

import pytest
import torch

from infinitetalk.ops.fused import kernels_for, plain_kernels
from infinitetalk.ops.modulation import add_gated, add_norm, add_norm_modulate, norm_modulate
from infinitetalk.ops.norms import rms_norm
from infinitetalk.ops.rope import grid_table, norm_rotate


def test_tensors_on_the_cpu_take_the_plain_path() -> None:
    with torch.no_grad():
        assert kernels_for(torch.zeros(1, 2, 8)) is None


@pytest.mark.gpu
@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16, torch.float32])
@pytest.mark.parametrize("width", [48, 256, 5120])
@torch.no_grad()
def test_fused_equals_plain(dtype: torch.dtype, width: int) -> None:
    pytest.importorskip("triton")
    torch.manual_seed(1)
    device = torch.device("cuda")
    heads, grid = 2, (3, 4, 5)
    x = torch.randn(1, 60, width, device=device).to(dtype) * 3
    y = torch.randn(1, 60, width, device=device).to(dtype)
    shift, scale = torch.randn(2, 1, 1, width, device=device)
    weight, bias = torch.randn(2, width, device=device).to(dtype)
    total = torch.empty_like(x)
    turned = torch.empty_like(x).unflatten(-1, (heads, -1))
    table = grid_table(grid, width // heads, device)
    assert kernels_for(x) is not None

    def all_of_them() -> list[torch.Tensor]:
        return [
            norm_modulate(x, shift, scale, 1e-6),
            add_gated(x, y, scale),
            rms_norm(x, weight, 1e-6),
            norm_rotate(x, weight, 1e-6, heads, table.cos, table.sin),
            norm_rotate(x, weight, 1e-6, heads, table.cos, table.sin, turned),
            add_gated(x, y, scale, total),
            *add_norm(x, y, scale, weight, bias, 1e-6),
            *add_norm(x, y, None, weight, bias, 1e-6),
            *add_norm_modulate(x, y, shift, scale, 1e-6),
        ]

    fused = [part.clone() for part in all_of_them()]
    with plain_kernels():
        assert kernels_for(x) is None
        plain = all_of_them()
    step = max(torch.finfo(dtype).eps, 1e-6)
    for a, b in zip(fused, plain, strict=True):
        assert a.dtype == b.dtype == dtype
        # Float32 sums in another order move a value over a rounding border here and there.
        torch.testing.assert_close(a, b, rtol=4 * step, atol=4 * step)
        assert ((a - b).norm() / b.norm()).item() < step


@pytest.mark.gpu
def test_autograd_takes_the_plain_path() -> None:
    assert kernels_for(torch.zeros(1, 2, 8, device="cuda")) is None
