"""Attention by name: all exact ones agree, and the fastest is measured once."""

import copy
import json
from pathlib import Path

import pytest
import torch
from torch import nn

from infinitetalk.models.wan import WanConfig
from infinitetalk.models.wan.block import WanBlock
from infinitetalk.ops import backends
from infinitetalk.ops.attention import attend
from infinitetalk.ops.attention_8bit import attend_8bit, attend_8bit_plain, fp8_card

CPU = torch.device("cpu")


@pytest.mark.parametrize("name", [n for n in backends.names() if n not in backends.EIGHT_BIT])
def test_every_exact_attention_gives_the_same(name: str) -> None:
    torch.manual_seed(0)
    q, k, v = torch.randn(2, 7, 3, 16), torch.randn(2, 9, 3, 16), torch.randn(2, 9, 3, 16)
    # A slot of a streaming ring holds a copy of the block, attention included.
    found = copy.deepcopy(backends.attention_named(name))(q, k, v)
    torch.testing.assert_close(found, attend(q, k, v), atol=1e-6, rtol=1e-5)


def test_unknown_names_are_refused() -> None:
    with pytest.raises(ValueError, match="no attention is called 'quick'"):
        backends.attention_named("quick")


def test_an_attention_reaches_every_part_of_a_block() -> None:
    config = WanConfig(dim=12, num_heads=2, ffn_dim=8, output_dim=4)
    block = WanBlock(config)
    calls: list[int] = []

    def counting(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
        calls.append(q.shape[1])
        return attend(q, k, v)

    backends.use_attention(nn.ModuleList([block]), counting)
    parts = (block.self_attn, block.cross_attn, block.audio_cross_attn)
    assert all(part.attention is counting for part in parts)


def test_the_fastest_is_measured_once_and_remembered(tmp_path: Path) -> None:
    file = tmp_path / "cache" / "attention.json"
    assert backends.fastest_here(CPU, file) == "default"
    data = json.loads(file.read_text())
    data["measured"][backends.machine_key(CPU)] = {"default": 2.0, "flash": 1.0}
    file.write_text(json.dumps(data))
    assert backends.fastest_here(CPU, file) == "flash"
    file.write_text("[]")
    assert backends.fastest_here(CPU, file) == "default"


def test_torch_keeps_its_own_choice_where_nothing_is_clearly_faster() -> None:
    assert backends.fastest({"default": 1.02, "cudnn": 1.0}) == "default"
    assert backends.fastest({"default": 1.5, "cudnn": 1.0, "flash": 1.2}) == "cudnn"
    assert backends.fastest({}) == "default"


def test_the_plain_path_does_not_depend_much_on_its_steps() -> None:
    torch.manual_seed(0)
    q, k, v = (torch.randn(1, 300, 2, 64) for _ in range(3))
    expected = attend(q, k, v)
    for step in (7, 64, 300):
        found = attend_8bit_plain(q, k, v, fp8=False, keys_at_once=step)
        assert (found - expected).norm() / expected.norm() < 0.02


def test_attention_in_8_bits_is_within_its_stated_error() -> None:
    torch.manual_seed(0)
    q, k, v = (torch.randn(1, 300, 2, 64) for _ in range(3))
    k = k + 4 * torch.randn(1, 1, 2, 64)  # what keys have in common costs nothing
    expected = attend(q, k, v)
    for fp8, bound in ((True, 0.04), (False, 0.02)):
        found = attend_8bit_plain(q, k, v, fp8=fp8)
        assert (found - expected).norm() / expected.norm() < bound
    assert torch.equal(attend_8bit(q, k, v), expected)  # a CPU computes exactly


@pytest.mark.gpu
@pytest.mark.parametrize("tokens", [(1024, 1024), (1600, 2050), (4097, 33_600)])
@pytest.mark.parametrize("size", [64, 128])
def test_the_8_bit_kernel_equals_its_plain_path(tokens: tuple[int, int], size: int) -> None:
    torch.manual_seed(0)
    device = torch.device("cuda")
    q = torch.randn(1, tokens[0], 3, size, device=device, dtype=torch.bfloat16)
    k, v = (
        torch.randn(1, tokens[1], 3, size, device=device, dtype=torch.bfloat16) for _ in range(2)
    )
    from infinitetalk.ops.triton_attention import chosen_keys_at_once

    with torch.no_grad():
        found = attend_8bit(q, k, v).float()
    exact = attend(q, k, v).float()
    plain = attend_8bit_plain(
        q, k, v, fp8=fp8_card(device), keys_at_once=chosen_keys_at_once()
    ).float()
    assert not torch.equal(found, exact)  # the kernel ran
    # The same roundings of the same numbers; what differs is the order of float32 sums.
    assert (found - plain).norm() / plain.norm() < 0.01
    assert (found - exact).norm() < 1.05 * (plain - exact).norm()
    assert (found - exact).norm() / exact.norm() < 0.08


@pytest.mark.gpu
def test_attention_on_a_card_agrees_with_float32() -> None:
    measured = backends.measure(torch.device("cuda"), tokens=2048)
    assert {"default", "flash"} <= set(measured)
