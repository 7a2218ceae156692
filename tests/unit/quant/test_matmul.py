"""Products in 8 bits against the plain path; on a card the fused kernels against both."""

from collections.abc import Callable

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from infinitetalk.ops.fused import plain_kernels
from infinitetalk.quant.matmul import (
    linear_8bit,
    linear_dequantized,
    linear_fp8,
    linear_int8,
    path_for,
    products_limited_to,
)
from infinitetalk.quant.rows import LastRows, quantize_rows_plain
from infinitetalk.quant.schemes import SCHEMES, Scheme, quantize

# Both factors rounded: about 2^-4 / sqrt(3) of each number in e4m3 and 1 / 254 of the largest in int8,
# averaged over the sum.
RELATIVE_ERROR = {"fp8": 0.05, "int8": 0.015}
WAYS: dict[str, Callable[..., Tensor]] = {"fp8": linear_fp8, "int8": linear_int8}


def relative(found: Tensor, expected: Tensor) -> float:
    return float((found.double() - expected.double()).norm() / expected.double().norm())


def layer(scheme: Scheme, inner: int = 64, outer: int = 48) -> tuple[Tensor, Tensor, Tensor]:
    weight = torch.randn(outer, inner)
    return (*quantize(weight, scheme), torch.randn(outer, dtype=torch.bfloat16))


@pytest.fixture(autouse=True)
def _seeded() -> None:
    torch.manual_seed(0)


@pytest.mark.parametrize("name", ["fp8", "int8"])
@pytest.mark.parametrize("bias", [True, False])
def test_products_in_8_bits_are_near_the_plain_one(name: str, bias: bool) -> None:
    data, scale, offset = layer(SCHEMES[name])
    x = torch.randn(2, 20, 64, dtype=torch.bfloat16) * torch.logspace(-2, 2, 20)[None, :, None]
    x = x.to(torch.bfloat16)
    expected = linear_dequantized(x.float(), data, scale, offset.float() if bias else None)
    found = WAYS[name](x, data, scale, offset if bias else None)
    assert found.dtype == x.dtype
    assert found.shape == (2, 20, 48)
    # token by token: a scale of its own keeps quiet tokens as exact as loud ones
    for token in range(20):
        assert relative(found[:, token], expected[:, token]) < RELATIVE_ERROR[name]


@settings(max_examples=50, deadline=None)
@given(
    st.sampled_from(["fp8", "int8"]), st.integers(1, 5), st.integers(1, 40), st.integers(-20, 20)
)
def test_rows_stay_within_half_a_step(name: str, rows: int, width: int, power: int) -> None:
    scheme = SCHEMES[name]
    x = torch.randn(rows, width) * 2.0**power
    coded = quantize_rows_plain(x, scheme)
    back = coded.data.float() * coded.scale
    peak = x.abs().amax(1, keepdim=True)
    step = peak / 127 / 2 if name == "int8" else x.abs() / 16 + peak / 448 / 512
    assert ((back - x).abs() <= step * 1.001).all()


def test_a_token_of_zeros_gives_the_bias() -> None:
    for name, way in WAYS.items():
        data, scale, bias = layer(SCHEMES[name])
        found = way(torch.zeros(1, 32, 64, dtype=torch.bfloat16), data, scale, bias)
        assert torch.equal(found, bias.expand(1, 32, 48))


def test_activations_are_coded_once_for_several_layers_and_anew_when_changed() -> None:
    last, x = LastRows(), torch.randn(1, 6, 32)
    first = last.get(x, SCHEMES["fp8"])
    assert last.get(x, SCHEMES["fp8"]) is first
    assert last.get(x, SCHEMES["int8"]) is not first
    again = last.get(x, SCHEMES["fp8"])
    x.mul_(2)
    changed = last.get(x, SCHEMES["fp8"])
    assert torch.equal(changed.scale, 2 * again.scale)
    del x
    assert last._rows is None  # not kept longer than what it was made of
    with torch.inference_mode():
        y = torch.randn(1, 6, 32)
        assert torch.equal(last.get(y, SCHEMES["int8"]).data, last.get(y, SCHEMES["int8"]).data)


def test_a_cpu_widens_the_weight() -> None:
    for name in WAYS:
        data, scale, bias = layer(SCHEMES[name])
        x = torch.randn(1, 20, 64, dtype=torch.bfloat16)
        assert path_for(x, data).name == "dequantized"
        with products_limited_to():
            found = linear_8bit(x, data, scale, bias)
        assert torch.equal(found, linear_dequantized(x, data, scale, bias))
    with pytest.raises(ValueError, match="no product is called int4"), products_limited_to("int4"):
        pass


@pytest.mark.gpu
@pytest.mark.parametrize("name", ["fp8", "int8"])
@pytest.mark.parametrize("tokens", [17, 300, 4097])
def test_kernels_equal_the_plain_path_on_a_card(name: str, tokens: int) -> None:
    data, scale, bias = (t.cuda() for t in layer(SCHEMES[name], 5120, 1024))
    x = torch.randn(1, tokens, 5120, device="cuda", dtype=torch.bfloat16)
    assert path_for(x, data).name == name
    expected = linear_dequantized(x.float(), data, scale, bias.float())
    found = linear_8bit(x, data, scale, bias)
    assert relative(found, expected) < RELATIVE_ERROR[name]
    with plain_kernels():
        plain = linear_8bit(x.clone(), data, scale, bias)
    # The same integers; the last rounding to bfloat16 may fall the other way.
    assert relative(found, plain) < 2e-3


@pytest.mark.gpu
@pytest.mark.parametrize("name", ["fp8", "int8"])
@pytest.mark.parametrize("gelu", [False, True])
def test_fused_rows_equal_plain_rows_on_a_card(name: str, gelu: bool) -> None:
    from infinitetalk.quant.rows import quantize_rows

    x = torch.randn(333, 5120, device="cuda", dtype=torch.bfloat16)
    fused = quantize_rows(x, SCHEMES[name], gelu=gelu)
    active = torch.nn.functional.gelu(x, approximate="tanh") if gelu else x
    plain = quantize_rows_plain(active, SCHEMES[name])
    torch.testing.assert_close(fused.scale, plain.scale, rtol=1e-2 if gelu else 1e-6, atol=0)
    if gelu:  # another formula of the same function: a bfloat16 step here and there
        wide, exact = fused.data.float() * fused.scale, plain.data.float() * plain.scale
        assert relative(wide, exact) < 4e-3
        return
    differ = (fused.data.float() != plain.data.float()).float().mean()
    assert differ < 2e-3  # bfloat16 numbers meet ties often, and the last bit of a scale decides
    steps = (fused.data.view(torch.int8).int() - plain.data.view(torch.int8).int()).abs()
    assert int(steps.max()) <= 1  # neighbors, in either coding
