"""GELU joined to the linear beside it: the same function, the same tensors, less traffic."""

from typing import Any

import pytest
import torch
from torch import nn

from infinitetalk.quant.activations import LinearGelu, join_activations
from infinitetalk.quant.linear import replace_linears


def feed_forward(scheme: str | None) -> Any:
    torch.manual_seed(0)
    ffn = nn.Sequential(nn.Linear(32, 64), nn.GELU(approximate="tanh"), nn.Linear(64, 32))
    network = nn.ModuleDict({"ffn": ffn}).requires_grad_(False)
    if scheme is not None:
        replace_linears(network, scheme, ["ffn.0", "ffn.2"])
    return network


@pytest.mark.parametrize("scheme", [None, "fp8", "int8"])
def test_joined_equals_apart(scheme: str | None) -> None:
    network, x = feed_forward(scheme), torch.randn(2, 5, 32)
    expected, tensors = network["ffn"](x), dict(network.state_dict())
    join_activations(network)
    assert torch.equal(network["ffn"](x), expected)
    assert isinstance(network["ffn"][1], nn.Identity)
    found = network.state_dict()
    assert list(found) == list(tensors)
    assert all(found[name].data_ptr() == tensors[name].data_ptr() for name in tensors)
    join_activations(network)  # nothing is left to join
    assert torch.equal(network["ffn"](x), expected)


def test_layers_that_were_wrapped_and_exact_gelus_stay() -> None:
    class Wrapped(nn.Linear):
        pass

    network = nn.Sequential(Wrapped(8, 8), nn.GELU(approximate="tanh"), Wrapped(8, 8))
    exact = nn.Sequential(nn.Linear(8, 8), nn.GELU(), nn.Linear(8, 8))
    for one in (network, exact):
        join_activations(one)
        assert isinstance(one[1], nn.GELU)


@pytest.mark.gpu
@torch.no_grad()
def test_on_a_card_one_kernel_gives_the_same() -> None:
    plain = feed_forward(None).to("cuda", torch.bfloat16)
    x = torch.randn(3, 1700, 32, device="cuda", dtype=torch.bfloat16)
    expected = plain["ffn"](x).float()
    join_activations(plain)
    assert isinstance(plain["ffn"][0], LinearGelu)
    found = plain["ffn"](x).float()
    assert (found - expected).norm() / expected.norm() < 5e-3
