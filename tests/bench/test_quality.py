"""The changes that the quality figures compare, on a tiny transformer."""

import pytest
import torch
from torch import Tensor

from infinitetalk.bench.network import inputs_for
from infinitetalk.bench.quality import code_attention, code_linears, widen
from infinitetalk.bench.settings import TINY_WAN, Settings, settings_of
from infinitetalk.models.wan import WanTransformer
from infinitetalk.quant.linear import QuantLinear
from tests.bench.test_bench import arguments


@pytest.fixture
def settings(tmp_path) -> Settings:
    return settings_of(arguments("--layers", "2"), tmp_path)


def velocity(settings: Settings, network: WanTransformer) -> Tensor:
    inputs = inputs_for(settings, network, (32, 48))
    return network.forward_branches(inputs.latents, inputs.y, 700.0, inputs.conditions)[0]


def network() -> WanTransformer:
    torch.manual_seed(0)
    return WanTransformer(TINY_WAN).eval().requires_grad_(False)


def relative(found: Tensor, expected: Tensor) -> float:
    return float((found - expected).norm() / expected.norm())


def test_each_change_costs_a_little_and_more_where_more_is_rounded(settings: Settings) -> None:
    plain = velocity(settings, network())
    costs = {}
    for scheme in ("fp8", "int8"):
        for activations in (False, True):
            changed = network()
            code_linears(changed, scheme, activations=activations)
            costs[scheme, activations] = relative(velocity(settings, changed), plain)
        assert 0 < costs[scheme, False] < costs[scheme, True] < 0.1
    assert costs["int8", True] < costs["fp8", True]
    changed = network()
    code_attention(changed)
    assert 0 < relative(velocity(settings, changed), plain) < 0.05


def test_widened_weights_are_those_that_were_stored(settings: Settings) -> None:
    coded = network()
    code_linears(coded, "int8", activations=False)
    before = velocity(settings, coded)
    widen(coded)
    assert not any(isinstance(m, QuantLinear) for m in coded.modules())
    assert relative(velocity(settings, coded), before) < 0.01  # rounded to bfloat16
