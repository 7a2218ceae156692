"""Norms that code their result for the layers that read it."""

import pytest
import torch
from torch import nn

from infinitetalk.ops import modulation
from infinitetalk.ops.fused import plain_kernels
from infinitetalk.quant.linear import QuantLinear
from infinitetalk.quant.matmul import (
    linear_8bit,
    linear_dequantized,
    linear_int8,
    products_limited_to,
)
from infinitetalk.quant.norms import add_norm, add_norm_modulate, norm_modulate
from infinitetalk.quant.rows import CodedTokens, quantize_rows, quantize_rows_plain
from infinitetalk.quant.schemes import SCHEMES

WIDTH = 5120


def readers(scheme: str, count: int, device: str = "cpu", width: int = WIDTH) -> list[nn.Module]:
    torch.manual_seed(2)
    plain = [nn.Linear(width, 64, device=device, dtype=torch.bfloat16) for _ in range(count)]
    return [QuantLinear.of(linear, SCHEMES[scheme]) for linear in plain]


@torch.no_grad()
def test_a_cpu_gives_tokens_as_they_are() -> None:
    x = torch.randn(1, 5, 64, dtype=torch.bfloat16)
    shift, scale = torch.randn(2, 1, 1, 64)
    found = norm_modulate(x, shift, scale, 1e-6, readers=readers("int8", 3, width=64))
    assert isinstance(found, torch.Tensor)
    assert torch.equal(found, modulation.norm_modulate(x, shift, scale, 1e-6))


@torch.no_grad()
def test_layers_read_coded_tokens() -> None:
    layer = readers("int8", 1, width=64)[0]
    assert isinstance(layer, QuantLinear)
    x = torch.randn(2, 20, 64, dtype=torch.bfloat16)
    rows = quantize_rows_plain(x.view(-1, 64), SCHEMES["int8"])
    coded = CodedTokens(rows=rows, shape=x.shape, dtype=x.dtype)
    expected = linear_int8(x, layer.data, layer.scale, layer.bias)
    assert torch.equal(layer(coded), expected)
    assert expected.shape == (2, 20, 64)
    with pytest.raises(TypeError, match="8 bits"):
        linear_dequantized(coded, layer.data, layer.scale, layer.bias)


@pytest.mark.gpu
@pytest.mark.parametrize("scheme", ["fp8", "int8"])
@torch.no_grad()
def test_a_card_codes_what_it_would_have_coded(scheme: str) -> None:
    pytest.importorskip("triton")
    layers = readers(scheme, 3, "cuda")
    x, y = (torch.randn(1, 300, WIDTH, device="cuda").bfloat16() * 3 for _ in range(2))
    shift, scale = torch.randn(2, 1, 1, WIDTH, device="cuda")
    weight, bias = torch.randn(2, WIDTH, device="cuda").bfloat16()

    def all_of_them() -> list[torch.Tensor | CodedTokens]:
        return [
            norm_modulate(x, shift, scale, 1e-6, readers=layers),
            *add_norm(x, y, scale, weight, bias, 1e-6, readers=layers[:1]),
            *add_norm(x, y, None, weight, bias, 1e-6, readers=layers[:1]),
            *add_norm_modulate(x, y, shift, scale, 1e-6, readers=layers[:1]),
        ]

    coded = all_of_them()
    assert [type(part) is CodedTokens for part in coded] == [True, *[False, True] * 3]
    with products_limited_to():
        plain = all_of_them()
    assert all(isinstance(part, torch.Tensor) for part in plain)
    for found, wanted in zip(coded, plain, strict=True):
        assert isinstance(wanted, torch.Tensor)
        if isinstance(found, torch.Tensor):
            assert torch.equal(found, wanted)
            continue
        rows = quantize_rows(wanted.view(-1, WIDTH), SCHEMES[scheme])
        assert torch.equal(found.rows.scale, rows.scale)
        steps = (found.rows.data.view(torch.int8).int() - rows.data.view(torch.int8).int()).abs()
        if scheme == "fp8":
            assert not steps.any()
        # Where a value lies in the middle, multiplying and adding at once decides the other way.
        assert int(steps.max()) <= 1
        assert (steps > 0).float().mean() < 2e-3
        layer = layers[0]
        assert isinstance(layer, QuantLinear)
        expected = linear_8bit(wanted, layer.data, layer.scale, layer.bias).float()
        assert (layer(found).float() - expected).norm() < 2e-3 * expected.norm()


@pytest.mark.gpu
@torch.no_grad()
def test_who_reads_values_gets_values() -> None:
    pytest.importorskip("triton")
    layers = readers("fp8", 2, "cuda")
    x = torch.randn(1, 300, WIDTH, device="cuda").bfloat16()
    shift, scale = torch.randn(2, 1, 1, WIDTH, device="cuda")
    wrapped = nn.Sequential(layers[0])
    mixed = [layers[0], *readers("int8", 1, "cuda")]
    for those in ([wrapped], mixed, [nn.Linear(WIDTH, 8).cuda()]):
        assert isinstance(norm_modulate(x, shift, scale, 1e-6, readers=those), torch.Tensor)
    with plain_kernels():
        assert isinstance(norm_modulate(x, shift, scale, 1e-6, readers=layers), torch.Tensor)
