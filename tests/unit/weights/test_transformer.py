"""The real transformer from its files in every precision, with LoRAs."""

import json
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from infinitetalk.models.wan import WanConfig, WanTransformer
from infinitetalk.quant.linear import QuantLinear
from infinitetalk.weights.lora import read_lora
from infinitetalk.weights.merge import ScaledLora
from infinitetalk.weights.tensors import open_state
from infinitetalk.weights.transformer import load_transformer
from tests import tiny_weights as tiny
from tests.unit.weights.test_layouts import quanto

CONFIG = WanConfig(
    dim=32,
    num_heads=2,
    num_layers=2,
    ffn_dim=48,
    text_len=6,
    text_dim=20,
    freq_dim=16,
    clip_dim=28,
    audio_blocks=3,
    audio_channels=8,
    intermediate_dim=12,
    output_dim=20,
    context_tokens=4,
)


def weights() -> dict[str, Tensor]:
    return {name: 0.2 * tensor for name, tensor in tiny.merged().items()}


def built() -> WanTransformer:
    with torch.device("meta"):
        return WanTransformer(CONFIG)


@torch.no_grad()
def output(model: WanTransformer) -> Tensor:
    torch.manual_seed(3)
    condition = model.condition(
        text=model.text_context(torch.randn(4, 20)),
        image=model.image_context(torch.randn(257, 28)),
        audio=model.audio_context(torch.randn(1, 5, 5, 3, 8)),
    )
    latents, y = torch.randn(16, 2, 4, 4), torch.randn(20, 2, 4, 4)
    (found,) = model.forward_branches(latents, y, 500.0, [condition])
    return found


def error(found: Tensor, wanted: Tensor) -> float:
    return ((found - wanted).norm() / wanted.norm()).item()


def lora_file(path: Path) -> Path:
    made: dict[str, Tensor] = {}
    for n, (name, tensor) in enumerate(weights().items()):
        if tensor.ndim == 2 and name.startswith("blocks."):
            torch.manual_seed(n)
            module = name.removesuffix(".weight")
            made[f"{module}.lora_A.weight"] = 0.1 * torch.randn(2, tensor.shape[1])
            made[f"{module}.lora_B.weight"] = torch.randn(tensor.shape[0], 2)
    return tiny.save(path / "lora.safetensors", made)


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    return tiny.save(tmp_path / "m.safetensors", weights())


@pytest.fixture
def loras(tmp_path: Path) -> list[ScaledLora]:
    shapes = {name: tuple(tensor.shape) for name, tensor in weights().items()}
    return [ScaledLora(lora=read_lora(lora_file(tmp_path), shapes), scale=0.5)]


@pytest.mark.parametrize(
    ("precision", "allowed"), [("fp32", 0.0), ("bf16", 0.03), ("fp8", 0.08), ("int8", 0.03)]
)
@pytest.mark.parametrize("with_lora", [False, True])
def test_each_precision_is_near_float32(
    plain: Path, loras: list[ScaledLora], precision, allowed: float, with_lora: bool
) -> None:
    chosen = loras if with_lora else []
    exact, model = built(), built()
    load_transformer(exact, open_state([plain]), precision="fp32", loras=chosen)
    made = load_transformer(model, open_state([plain]), precision=precision, loras=chosen)
    assert error(output(model), output(exact)) <= allowed
    blocks = sum(isinstance(part, QuantLinear) for part in model.modules())
    assert blocks == len(made.quantized) == (30 if precision in ("fp8", "int8") else 0)
    assert isinstance(model.head.head, nn.Linear)
    if with_lora:
        bare = built()
        load_transformer(bare, open_state([plain]), precision="fp32")
        assert error(output(bare), output(exact)) > 0.1  # the LoRA is felt


@pytest.mark.parametrize("scheme", ["fp8", "int8"])
def test_stored_eight_bit_layers_run_as_they_are_with_loras_beside(
    tmp_path: Path, plain: Path, loras: list[ScaledLora], scheme: str
) -> None:
    made, mapped = quanto(scheme, weights())
    path = tiny.save(tmp_path / "q" / "m.safetensors", made)
    path.with_suffix(".json").write_text(json.dumps(mapped))
    exact, model = built(), built()
    load_transformer(exact, open_state([plain]), precision="fp32", loras=loras)
    done = load_transformer(
        model, open_state([path]), precision="bf16", dtype=torch.float32, loras=loras
    )
    assert len(done.stored) == 30
    assert done.attachment is not None
    assert error(output(model), output(exact)) < (0.08 if scheme == "fp8" else 0.03)
    done.attachment.set_scale(0, 0.0)
    bare = built()
    load_transformer(bare, open_state([path]), dtype=torch.float32)
    assert torch.equal(output(model), output(bare))
