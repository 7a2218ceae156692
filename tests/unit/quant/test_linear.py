"""8-bit linears: the error they are allowed, and that nothing bends data or scale."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from infinitetalk.quant.linear import QuantLinear, replace_linears
from infinitetalk.quant.matmul import linear_8bit
from infinitetalk.quant.schemes import SCHEMES, dequantize, quantize, scheme_of

# largest error of one value, as a share of the largest in its row: half an int8 step; for e4m3
# half of the step at the top of its range (32 of 448)
WORST = {"fp8": 16 / 448, "int8": 0.5 / 127}


def layer(scheme: str, bias: bool = True) -> tuple[nn.Linear, QuantLinear]:
    torch.manual_seed(1)
    plain = nn.Linear(48, 40, bias=bias)
    return plain, QuantLinear.of(plain, SCHEMES[scheme])


@given(
    st.integers(1, 20),
    st.integers(1, 20),
    st.floats(-30, 30),
    st.sampled_from(["fp8", "int8"]),
    st.integers(0, 1000),
)
def test_every_value_is_within_half_a_step(
    rows: int, columns: int, power: float, name: str, seed: int
) -> None:
    generator = torch.Generator().manual_seed(seed)
    weight = torch.randn(rows, columns, generator=generator) * 2.0**power
    data, scale = quantize(weight, SCHEMES[name])
    assert data.dtype == SCHEMES[name].dtype
    error = (dequantize(data, scale) - weight).abs()
    allowed = WORST[name] * weight.abs().amax(1, keepdim=True)
    assert bool((error <= allowed * 1.001).all())


@pytest.mark.parametrize("scheme", ["fp8", "int8"])
def test_rows_of_zeros_and_many_rows(scheme: str) -> None:
    weight = torch.randn(2500, 3)
    weight[7] = 0
    data, scale = quantize(weight, SCHEMES[scheme])
    assert scale[7] == 1
    assert bool((data[7].float() == 0).all())
    whole = dequantize(data, scale)
    assert bool(torch.isfinite(whole).all())
    again, _ = quantize(weight[1500:1510], SCHEMES[scheme])
    assert torch.equal(again.float(), data[1500:1510].float())


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_weights_that_are_not_finite_are_refused(bad: float) -> None:
    weight = torch.ones(3, 3)
    weight[1, 1] = bad
    with pytest.raises(ValueError, match="not finite"):
        quantize(weight, SCHEMES["int8"])


def test_schemes_are_known_by_their_dtype() -> None:
    assert scheme_of(torch.int8) is SCHEMES["int8"]
    assert scheme_of(torch.float8_e4m3fn) is SCHEMES["fp8"]
    assert scheme_of(torch.float8_e5m2) is None


@torch.no_grad()
@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("scheme", ["fp8", "int8"])
def test_the_product_is_that_of_the_dequantized_weight(scheme: str, bias: bool) -> None:
    plain, small = layer(scheme, bias)
    x = torch.randn(2, 5, 48)
    exact = nn.functional.linear(x, small.dequantized(), plain.bias)
    torch.testing.assert_close(small(x), exact, rtol=1e-5, atol=1e-5)
    for dtype, relative in ((torch.bfloat16, 2.0**-7), (torch.float16, 2.0**-9)):
        found = small.to(dtype)(x.to(dtype))
        assert found.dtype == dtype
        assert (found.float() - exact).norm() / exact.norm() < relative


@torch.no_grad()
def test_float16_does_not_overflow_before_the_scale() -> None:
    data = torch.full((2, 4096), 127, dtype=torch.int8)
    scale = torch.full((2,), 1e-4)
    x = torch.ones(1, 4096, dtype=torch.float16)
    found = linear_8bit(x, data, scale)
    assert found[0, 0].item() == pytest.approx(4096 * 127e-4, rel=2e-3)


@pytest.mark.parametrize("scheme", ["fp8", "int8"])
def test_moving_to_another_dtype_leaves_data_and_scale(scheme: str) -> None:
    _, small = layer(scheme)
    data, scale = small.data.clone(), small.scale.clone()
    for dtype in (torch.bfloat16, torch.float16, torch.float32, torch.float64):
        small.to(dtype)
        assert small.bias is not None
        assert small.bias.dtype == dtype
        assert small.data.dtype == SCHEMES[scheme].dtype
        assert torch.equal(small.data.float(), data.float())
        assert torch.equal(small.scale, scale)


@pytest.mark.parametrize("scheme", ["fp8", "int8"])
def test_state_dicts_go_there_and_back_also_in_quantos_names(scheme: str) -> None:
    _, small = layer(scheme)
    other = QuantLinear(48, 40, SCHEMES[scheme])
    other.load_state_dict(small.state_dict())
    assert torch.equal(other.data.float(), small.data.float())
    assert small.bias is not None
    theirs: dict[str, Tensor] = {
        "weight._data": small.data,
        "weight._scale": small.scale[:, None].bfloat16(),
        "bias": small.bias,
        "input_scale": torch.ones(()),
        "output_scale": torch.ones(()),
    }
    other.load_state_dict(theirs)
    assert other.scale.dtype == torch.float32
    assert torch.equal(other.scale, small.scale.bfloat16().float())


def test_linears_are_replaced_by_name_or_by_test() -> None:
    net = nn.ModuleDict({"blocks": nn.ModuleList([nn.Linear(4, 4)]), "head": nn.Linear(4, 4)})
    assert replace_linears(net, "int8", lambda name: name.startswith("blocks.")) == ["blocks.0"]
    assert isinstance(net.get_submodule("blocks.0"), QuantLinear)
    assert isinstance(net["head"], nn.Linear)
    with pytest.raises(ValueError, match=r"blocks\.0 is no linear layer"):
        replace_linears(net, "int8", ["blocks.0"])
    assert replace_linears(net, SCHEMES["fp8"], ["head"]) == ["head"]


@pytest.mark.parametrize("scheme", ["fp8", "int8"])
def test_layers_on_meta_stay_there(scheme: str) -> None:
    with torch.device("meta"):
        net = nn.Sequential(nn.Linear(4, 6))
    replace_linears(net, scheme, ["0"])
    assert all(p.device.type == "meta" for p in net.parameters())
    assert net.get_submodule("0").get_parameter("data").shape == (6, 4)
    net.to_empty(device="cpu")
    assert net.get_submodule("0").get_parameter("data").dtype == SCHEMES[scheme].dtype


@settings(max_examples=20)
@given(st.integers(1, 3), st.integers(1, 70), st.sampled_from(["fp8", "int8"]))
def test_shapes_of_activations_are_free(axes: int, width: int, scheme: str) -> None:
    data, scale = quantize(torch.randn(5, width), SCHEMES[scheme])
    x = torch.randn(*[2] * (axes - 1), 3, width)
    assert linear_8bit(x, data, scale, torch.zeros(5)).shape == (*x.shape[:-1], 5)
