"""LoRAs: every spelling, alpha, differences, several at once, on quantized weights, and misfits."""

import json
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from infinitetalk.errors import EngineError
from infinitetalk.quant.linear import QuantLinear, replace_linears
from infinitetalk.weights.load import load_into
from infinitetalk.weights.lora import LoraFile, read_lora
from infinitetalk.weights.merge import ScaledLora, merge
from infinitetalk.weights.side_branch import BranchedLinear, attach
from infinitetalk.weights.tensors import DictState
from tests import tiny_weights as tiny

Q = "blocks.0.self_attn.q"
SHAPES = {name: tuple(tensor.shape) for name, tensor in tiny.merged().items()}


def pair(out: int = 32, inner: int = 32, rank: int = 4, seed: int = 0) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    down = torch.randn(rank, inner, generator=generator)
    return down, torch.randn(out, rank, generator=generator)


def read(
    path: Path, tensors: dict[str, Tensor], metadata: dict[str, str] | None = None
) -> LoraFile:
    return read_lora(tiny.save(path / "lora.safetensors", tensors, metadata), SHAPES)


def merged(lora: LoraFile, name: str, scale: float = 1.0) -> Tensor:
    return merge(DictState(tiny.merged()), [ScaledLora(lora=lora, scale=scale)])[name]


@pytest.mark.parametrize(
    ("down_key", "up_key"),
    [
        (f"diffusion_model.{Q}.lora_down.weight", f"diffusion_model.{Q}.lora_up.weight"),
        (f"{Q}.lora_A.weight", f"{Q}.lora_B.weight"),
        (
            f"diffusion_model.{Q}.lora_A.default.weight",
            f"diffusion_model.{Q}.lora_B.default.weight",
        ),
        (f"base_model.model.{Q}.lora_A.weight", f"base_model.model.{Q}.lora_B.weight"),
        (
            "lora_unet_blocks_0_self_attn_q.lora_down.weight",
            "lora_unet_blocks_0_self_attn_q.lora_up.weight",
        ),
        (
            "lora_unet__blocks_0_self_attn_q.lora_down.weight",
            "lora_unet__blocks_0_self_attn_q.lora_up.weight",
        ),
        (
            "lora_unet_blocks_0_attn1_to_q.lora_down.weight",
            "lora_unet_blocks_0_attn1_to_q.lora_up.weight",
        ),
        (
            "transformer.blocks.0.attn1.to_q.lora_A.weight",
            "transformer.blocks.0.attn1.to_q.lora_B.weight",
        ),
    ],
)
def test_every_spelling_finds_its_weight(tmp_path: Path, down_key: str, up_key: str) -> None:
    down, up = pair()
    lora = read(tmp_path, {down_key: down, up_key: up})
    assert lora.matched == lora.total == 2
    wanted = tiny.merged()[f"{Q}.weight"] + 0.5 * (up @ down)
    torch.testing.assert_close(merged(lora, f"{Q}.weight", 0.5), wanted)


def test_flattened_names_with_underscores_of_their_own(tmp_path: Path) -> None:
    down, up = pair()
    key = "lora_unet_blocks_1_audio_cross_attn_q_linear"
    lora = read(tmp_path, {f"{key}.lora_down.weight": down, f"{key}.lora_up.weight": up})
    assert list(lora.deltas) == ["blocks.1.audio_cross_attn.q_linear.weight"]


def test_alpha_is_divided_by_the_rank(tmp_path: Path) -> None:
    down, up = pair()
    keys = {f"{Q}.lora_A.weight": down, f"{Q}.lora_B.weight": up}
    wanted = tiny.merged()[f"{Q}.weight"] + (2 / 4) * (up @ down)
    by_key = read(tmp_path, keys | {f"{Q}.alpha": torch.tensor(2.0)})
    torch.testing.assert_close(merged(by_key, f"{Q}.weight"), wanted)
    said = {"lora_adapter_metadata": json.dumps({"transformer.lora_alpha": 2, "transformer.r": 4})}
    torch.testing.assert_close(merged(read(tmp_path, keys, said), f"{Q}.weight"), wanted)
    path = tiny.save(tmp_path / "peft" / "adapter_model.safetensors", keys)
    (tmp_path / "peft" / "adapter_config.json").write_text(json.dumps({"lora_alpha": 2, "r": 4}))
    torch.testing.assert_close(merged(read_lora(path, SHAPES), f"{Q}.weight"), wanted)


def test_differences_of_weights_biases_and_bare_parameters(tmp_path: Path) -> None:
    made = {
        "diffusion_model.blocks.0.norm3.diff": torch.full((32,), 2.0),
        "diffusion_model.blocks.0.norm3.diff_b": torch.full((32,), 3.0),
        f"diffusion_model.{Q}.diff": torch.ones(32, 32),
        "diffusion_model.blocks.1.modulation.diff": torch.ones(1, 6, 32),
        "diffusion_model.patch_embedding.diff": torch.ones(32, 36, 1, 2, 2),
    }
    lora = read(tmp_path, made)
    plain = tiny.merged()
    for name, added in (
        ("blocks.0.norm3.weight", 2.0),
        ("blocks.0.norm3.bias", 3.0),
        (f"{Q}.weight", 1.0),
        ("blocks.1.modulation", 1.0),
        ("patch_embedding.weight", 1.0),
    ):
        torch.testing.assert_close(merged(lora, name, 0.5), plain[name] + 0.5 * added)


def test_norms_that_diffusers_numbers_the_other_way_round(tmp_path: Path) -> None:
    down, up = pair()
    made = {
        "transformer.blocks.0.norm2.diff": torch.ones(32),
        "transformer.blocks.0.attn1.to_q.lora_A.weight": down,
        "transformer.blocks.0.attn1.to_q.lora_B.weight": up,
        "transformer.blocks.0.attn1.to_q.lora_B.bias": torch.ones(32),
    }
    lora = read(tmp_path, made)
    assert set(lora.deltas) == {"blocks.0.norm3.weight", f"{Q}.weight", f"{Q}.bias"}


def test_convolutions(tmp_path: Path) -> None:
    down, up = torch.randn(4, 36, 1, 2, 2), torch.randn(32, 4, 1, 1, 1)
    key = "diffusion_model.patch_embedding"
    lora = read(tmp_path, {f"{key}.lora_down.weight": down, f"{key}.lora_up.weight": up})
    wanted = (up.flatten(1) @ down.flatten(1)).reshape(32, 36, 1, 2, 2)
    name = "patch_embedding.weight"
    torch.testing.assert_close(merged(lora, name), tiny.merged()[name] + wanted)


def test_what_fits_nothing_is_counted_and_named(tmp_path: Path) -> None:
    down, up = pair()
    made = {
        f"{Q}.lora_down.weight": down,
        f"{Q}.lora_up.weight": up,
        "blocks.0.extra.lora_down.weight": down.clone(),
        "lora_te_text_model_0.lora_up.weight": up.clone(),
        "blocks.1.self_attn.q.lora_down.weight": down.clone(),
        "blocks.0.diff_m": torch.zeros(3),
        "patch_embedding.diff": torch.zeros(32, 16, 1, 2, 2),
        "blocks.0.ffn.0.lora_down.weight": down.clone(),
        "blocks.0.ffn.0.lora_up.weight": up.clone(),
        "blocks.0.self_attn.k.lokr_w1": torch.zeros(2),
    }
    lora = read(tmp_path, made)
    assert set(lora.unmatched) == {
        "blocks.0.extra.lora_down.weight",
        "lora_te_text_model_0.lora_up.weight",
    }
    reasons = dict(lora.skipped)
    assert "other half" in reasons["blocks.1.self_attn.q.lora_down.weight"]
    assert "modulation" in reasons["blocks.0.diff_m"]
    assert "32x16x1x2x2" in reasons["patch_embedding.diff"]
    assert "32x32 where the weight has 48x32" in reasons["blocks.0.ffn.0.lora_up.weight"]
    assert "another kind" in reasons["blocks.0.self_attn.k.lokr_w1"]
    assert lora.matched == 2
    notices = " ".join(lora.notices())
    assert "2 of 10 keys fit nothing" in notices
    assert "blocks.0.extra.lora_down.weight" in notices


def test_a_lora_that_fits_not_at_all_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EngineError) as caught:
        read(tmp_path, {"down_blocks.0.attn.lora_A.weight": torch.zeros(4, 8)})
    assert caught.value.report.code == "lora.no_match"
    assert "0 of 1 keys" in caught.value.report.detail
    assert "down_blocks" in caught.value.report.detail


def test_merging_rounds_once(tmp_path: Path) -> None:
    """In bfloat16 two small deltas, each lost in rounding alone, count together."""
    weight = torch.ones(32, 32, dtype=torch.bfloat16)
    step = torch.full((32, 32), 2.0**-9)
    lora = read(tmp_path, {f"{Q}.diff": step})
    state = DictState({f"{Q}.weight": weight})
    once = merge(state, [ScaledLora(lora=lora, scale=1.0)])[f"{Q}.weight"]
    twice = merge(state, [ScaledLora(lora=lora, scale=1.0)] * 3)[f"{Q}.weight"]
    assert once.dtype == torch.bfloat16
    assert torch.equal(once, weight)
    assert bool((twice > weight).all())
    assert torch.equal(weight, torch.ones_like(weight))  # the source is never written to


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.q = nn.Linear(32, 32)
        self.norm = nn.LayerNorm(32)

    def forward(self, x: Tensor) -> Tensor:
        return self.norm(self.q(x))


def net_and_loras(tmp_path: Path) -> tuple[dict[str, Tensor], list[ScaledLora], Tensor]:
    torch.manual_seed(5)
    weights = {n: torch.randn_like(t) for n, t in Net().state_dict().items()}
    shapes = {n: tuple(t.shape) for n, t in weights.items()}
    loras: list[ScaledLora] = []
    for n, scale in enumerate((0.8, -0.4)):
        down, up = pair(seed=n)
        made = {
            "q.lora_A.weight": 0.1 * down,
            "q.lora_B.weight": 0.1 * up,
            "q.diff_b": torch.randn(32),
            "norm.diff": torch.randn(32),
        }
        if n:
            made["q.diff"] = 0.05 * torch.randn(32, 32)
        path = tiny.save(tmp_path / f"{n}.safetensors", made)
        loras.append(ScaledLora(lora=read_lora(path, shapes), scale=scale))
    return weights, loras, torch.randn(7, 32)


@torch.no_grad()
def test_attached_equals_merged_and_comes_off_again(tmp_path: Path) -> None:
    weights, loras, x = net_and_loras(tmp_path)
    net, by_merge = Net(), Net()
    load_into(net, weights)
    load_into(by_merge, merge(DictState(weights), loras))
    before = net(x)
    attached = attach(net, loras)
    assert isinstance(net.q, BranchedLinear)
    torch.testing.assert_close(net(x), by_merge(x), rtol=1e-5, atol=1e-5)
    attached.set_scale(0, 0.1)
    load_into(
        by_merge, merge(DictState(weights), [ScaledLora(lora=loras[0].lora, scale=0.1), loras[1]])
    )
    torch.testing.assert_close(net(x), by_merge(x), rtol=1e-5, atol=1e-5)
    assert attached.scales == (0.1, -0.4)
    attached.detach()
    assert torch.equal(net(x), before)
    assert isinstance(net.q, nn.Linear)


@torch.no_grad()
@pytest.mark.parametrize("scheme", ["fp8", "int8"])
def test_on_quantized_weights(tmp_path: Path, scheme: str) -> None:
    """Both ways lie within the quantizer's error of "merge in float32, then quantize"."""
    weights, loras, x = net_and_loras(tmp_path)
    exact = Net()
    load_into(exact, merge(DictState(weights), loras))
    target = Net()
    load_into(target, merge(DictState(weights), loras))
    replace_linears(target, scheme, ["q"])
    limit = (target.q(x) - exact.q(x)).norm()

    merged_net = Net()
    replace_linears(merged_net, scheme, ["q"])
    load_into(merged_net, merge(DictState(weights), loras))
    assert torch.equal(merged_net(x), target(x))

    beside = Net()
    replace_linears(beside, scheme, ["q"])
    load_into(beside, weights)
    attach(beside, loras)
    assert isinstance(beside.q, BranchedLinear)
    assert isinstance(beside.q.base, QuantLinear)
    plain = Net()
    load_into(plain, weights)
    alone = Net()
    load_into(alone, weights)
    replace_linears(alone, scheme, ["q"])
    own = (alone.q(x) - plain.q(x)).norm()  # the quantizer's error on the weights without LoRA
    assert (beside.q(x) - exact.q(x)).norm() <= own * 1.001
    assert (beside.q(x) - target.q(x)).norm() <= own + limit


@torch.no_grad()
def test_branches_follow_the_dtype_of_the_activations(tmp_path: Path) -> None:
    weights, loras, x = net_and_loras(tmp_path)
    net = Net()
    load_into(net, weights, dtype=torch.bfloat16)
    attach(net, loras)
    assert net.q(x.bfloat16()).dtype == torch.bfloat16
    assert net.q(x).dtype == torch.float32
