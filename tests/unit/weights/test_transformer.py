"""The real transformer from its files in every precision, with LoRAs."""

import json
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from infinitetalk.models.wan import WanConfig, WanTransformer
from infinitetalk.quant.linear import QuantLinear, replace_linears
from infinitetalk.weights.load import load_into
from infinitetalk.weights.lora import read_lora
from infinitetalk.weights.merge import ScaledLora, merge
from infinitetalk.weights.quanto import quantized_layers
from infinitetalk.weights.side_branch import attach
from infinitetalk.weights.tensors import open_state
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


DTYPES = {"bf16": torch.bfloat16, "fp8": torch.bfloat16, "int8": torch.bfloat16}


def loaded(path: Path, precision: str, loras: list[ScaledLora]) -> WanTransformer:
    """Linears of the blocks in 8 bits where asked, LoRAs merged in float32 before that."""
    model = built()
    if precision in ("fp8", "int8"):
        replace_linears(model, precision, lambda name: name.startswith("blocks."))
    state = merge(open_state([path]), loras)
    load_into(model, state, dtype=DTYPES.get(precision), what="transformer")
    return model


@pytest.mark.parametrize(
    ("precision", "allowed"), [("fp32", 0.0), ("bf16", 0.03), ("fp8", 0.08), ("int8", 0.03)]
)
@pytest.mark.parametrize("with_lora", [False, True])
def test_each_precision_is_near_float32(
    plain: Path, loras: list[ScaledLora], precision: str, allowed: float, with_lora: bool
) -> None:
    chosen = loras if with_lora else []
    exact, model = loaded(plain, "fp32", chosen), loaded(plain, precision, chosen)
    assert error(output(model), output(exact)) <= allowed
    layers = [name for name, part in model.named_modules() if isinstance(part, QuantLinear)]
    assert len(layers) == (30 if precision in ("fp8", "int8") else 0)
    assert isinstance(model.head.head, nn.Linear)
    if with_lora:
        assert error(output(loaded(plain, "fp32", [])), output(exact)) > 0.1  # the LoRA is felt


@pytest.mark.parametrize("scheme", ["fp8", "int8"])
def test_stored_eight_bit_layers_run_as_they_are_with_loras_beside(
    tmp_path: Path, plain: Path, loras: list[ScaledLora], scheme: str
) -> None:
    made, mapped = quanto(scheme, weights())
    path = tiny.save(tmp_path / "q" / "m.safetensors", made)
    path.with_suffix(".json").write_text(json.dumps(mapped))
    state = open_state([path])
    model = built()
    stored = quantized_layers(state)
    assert len(stored) == 30
    for name, kind in stored.items():
        replace_linears(model, kind, [name])
    load_into(model, state)
    before = output(model)
    attached = attach(model, loras)
    exact = loaded(plain, "fp32", loras)
    assert error(output(model), output(exact)) < (0.08 if scheme == "fp8" else 0.03)
    attached.set_scale(0, 0.0)
    assert torch.equal(output(model), before)
