"""Every community layout gives the published names, and the values it was made from."""

import json
import re
from pathlib import Path

import pytest
import torch
from torch import Tensor

from infinitetalk.errors import EngineError
from infinitetalk.quant.schemes import SCHEMES, quantize
from infinitetalk.weights.check import check
from infinitetalk.weights.names import from_diffusers
from infinitetalk.weights.tensors import LazyState, open_state
from tests import tiny_weights as tiny

E4M3 = torch.float8_e4m3fn

_TO_DIFFUSERS = (
    ("time_embedding.0", "condition_embedder.time_embedder.linear_1"),
    ("time_embedding.2", "condition_embedder.time_embedder.linear_2"),
    ("text_embedding.0", "condition_embedder.text_embedder.linear_1"),
    ("text_embedding.2", "condition_embedder.text_embedder.linear_2"),
    ("time_projection.1", "condition_embedder.time_proj"),
    ("img_emb.proj.0", "condition_embedder.image_embedder.norm1"),
    ("img_emb.proj.1", "condition_embedder.image_embedder.ff.net.0.proj"),
    ("img_emb.proj.3", "condition_embedder.image_embedder.ff.net.2"),
    ("img_emb.proj.4", "condition_embedder.image_embedder.norm2"),
    ("head.head", "proj_out"),
    ("head.modulation", "scale_shift_table"),
    ("modulation", "scale_shift_table"),
    ("self_attn.norm_", "attn1.norm_"),
    ("self_attn.o", "attn1.to_out.0"),
    ("self_attn.", "attn1.to_"),
    ("cross_attn.norm_k_img", "attn2.norm_added_k"),
    ("cross_attn.norm_", "attn2.norm_"),
    ("cross_attn.k_img", "attn2.add_k_proj"),
    ("cross_attn.v_img", "attn2.add_v_proj"),
    ("cross_attn.o", "attn2.to_out.0"),
    ("cross_attn.", "attn2.to_"),
    ("norm3", "norm2"),
    ("ffn.0", "ffn.net.0.proj"),
    ("ffn.2", "ffn.net.2"),
)


def to_diffusers(name: str) -> str:
    """The inverse of `from_diffusers`, written apart from it."""
    block = re.match(r"blocks\.\d+\.", name)
    head = block[0] if block else ""
    rest = name[len(head) :]
    for ours, theirs in _TO_DIFFUSERS:
        if rest.startswith(ours):
            return head + theirs + rest[len(ours) :]
    return name


def linears(tensors: dict[str, Tensor]) -> list[str]:
    return [n for n, t in tensors.items() if t.ndim == 2 and n.startswith("blocks.")]


def fp8_scaled(style: str, per_row: bool) -> dict[str, Tensor]:
    made: dict[str, Tensor] = {}
    plain = tiny.base(torch.bfloat16)
    for name, tensor in plain.items():
        if name not in linears(plain):
            made[name] = tensor
            continue
        scale = tensor.float().abs().amax(1, keepdim=True) / 448
        scale = scale if per_row else scale.max().reshape(())
        made[name] = (tensor.float() / scale).to(E4M3)
        module = name.removesuffix(".weight")
        made[f"{module}.{style}"] = scale
        if style == "scale_weight":
            made[f"{module}.scale_input"] = torch.ones(())
    if style == "scale_weight":
        made["scaled_fp8"] = torch.zeros(2, dtype=E4M3)
    return made


def quanto(code: str, tensors: dict[str, Tensor]) -> tuple[dict[str, Tensor], dict[str, object]]:
    made: dict[str, Tensor] = {}
    chosen = linears(tensors)
    for name, tensor in tensors.items():
        if name not in chosen:
            made[name] = tensor
            continue
        data, scale = quantize(tensor, SCHEMES[code])
        made[f"{name}._data"], made[f"{name}._scale"] = data, scale[:, None]
        module = name.removesuffix(".weight")
        made[f"{module}.input_scale"] = made[f"{module}.output_scale"] = torch.ones(())
    kind = {"fp8": "qfloat8_e4m3fn", "int8": "qint8"}[code]
    mapped = {n.removesuffix(".weight"): {"weights": kind, "activations": "none"} for n in chosen}
    return made, mapped


def opened(path: Path) -> LazyState:
    (report,) = check([path])
    assert report.usable, report.problems
    return open_state([path])


def assert_near(state: LazyState, wanted: dict[str, Tensor], relative: float) -> None:
    assert set(state) == set(wanted)
    for name, tensor in wanted.items():
        found = state.read(name, torch.float32)
        assert tuple(found.shape) == tuple(tensor.shape) == state.shape(name)
        error = (found - tensor.float()).norm() / tensor.float().norm()
        assert error <= relative, name


def test_diffusers_names_go_both_ways() -> None:
    for name in tiny.base():
        assert from_diffusers(to_diffusers(name)) == name
    assert to_diffusers("blocks.0.norm3.weight") == "blocks.0.norm2.weight"


@pytest.mark.parametrize("prefix", ["model.diffusion_model.", "diffusion_model.", "model.", ""])
def test_prefixes_are_taken_off(tmp_path: Path, prefix: str) -> None:
    made = {f"{prefix}{name}": tensor for name, tensor in tiny.merged().items()}
    if prefix == "model.diffusion_model.":
        made["vae.decoder.conv1.weight"] = torch.zeros(3)
        made["text_encoders.umt5xxl.shared.weight"] = torch.zeros(4, 2)
    assert_near(opened(tiny.save(tmp_path / "m.safetensors", made)), tiny.merged(), 0)


def test_diffusers_files(tmp_path: Path) -> None:
    made = {to_diffusers(name): tensor for name, tensor in tiny.base().items()}
    assert_near(opened(tiny.save(tmp_path / "m.safetensors", made)), tiny.base(), 0)


def test_wan2gp_files(tmp_path: Path) -> None:
    made, _ = quanto("int8", tiny.overlay())
    made = {re.sub(r"^(blocks\.\d+\.)", r"\1block.", name): t for name, t in made.items()}
    made["blocks.0.block.attn2.norm_added_q.weight"] = torch.ones(32)
    assert_near(opened(tiny.save(tmp_path / "m.safetensors", made)), tiny.overlay(), 0.01)


def test_kijai_overlay(tmp_path: Path) -> None:
    made = {re.sub("^audio_proj", "multitalk_audio_proj", n): t for n, t in tiny.overlay().items()}
    assert_near(opened(tiny.save(tmp_path / "m.safetensors", made)), tiny.overlay(), 0)


@pytest.mark.parametrize("dtype", [E4M3, torch.float8_e5m2])
def test_fp8_without_scales_also_in_norms(tmp_path: Path, dtype: torch.dtype) -> None:
    made = {name: tensor.to(dtype) for name, tensor in tiny.base().items()}
    state = opened(tiny.save(tmp_path / "m.safetensors", made))
    assert_near(state, {n: t.float() for n, t in made.items()}, 0)
    assert state["blocks.0.norm3.weight"].dtype == torch.bfloat16
    pair = state.quantized("blocks.0.ffn.0.weight")
    assert (pair is not None) == (dtype == E4M3)


@pytest.mark.parametrize("per_row", [False, True])
@pytest.mark.parametrize("style", ["scale_weight", "weight_scale"])
def test_fp8_with_scales(tmp_path: Path, style: str, per_row: bool) -> None:
    state = opened(tiny.save(tmp_path / "m.safetensors", fp8_scaled(style, per_row)))
    assert_near(state, tiny.base(torch.bfloat16), 0.04)
    pair = state.quantized("blocks.1.ffn.2.weight")
    assert pair is not None
    assert pair.scale.shape == (32,)
    assert torch.equal(pair.dequantized(), state["blocks.1.ffn.2.weight"])


def test_newer_comfyui_files_with_a_note_per_layer(tmp_path: Path) -> None:
    made = fp8_scaled("weight_scale", per_row=False)
    note = torch.tensor(list(json.dumps({"format": "float8_e4m3fn"}).encode()), dtype=torch.uint8)
    for name in [n for n in made if n.endswith(".weight_scale")]:
        made[name.replace("weight_scale", "comfy_quant")] = note
    path = tiny.save(tmp_path / "m.safetensors", made)
    assert check([path])[0].layout == "fp8 scaled (newer ComfyUI)"
    assert_near(opened(path), tiny.base(torch.bfloat16), 0.04)


def test_newer_comfyui_codings_that_are_more_than_a_scale_are_refused(tmp_path: Path) -> None:
    made = fp8_scaled("weight_scale", per_row=False)
    note = torch.tensor(list(json.dumps({"format": "mxfp8"}).encode()), dtype=torch.uint8)
    made["blocks.0.ffn.0.comfy_quant"] = note
    with pytest.raises(EngineError) as caught:
        open_state([tiny.save(tmp_path / "m.safetensors", made)])
    assert caught.value.report.code == "weights.wrong_kind"
    assert "mxfp8" in caught.value.report.detail


def test_an_fp8_base_with_a_bf16_overlay_in_one_file(tmp_path: Path) -> None:
    made = fp8_scaled("scale_weight", per_row=True) | tiny.overlay(torch.bfloat16)
    state = opened(tiny.save(tmp_path / "m.safetensors", made))
    assert state.quantized("blocks.0.audio_cross_attn.proj.weight") is None
    assert state.quantized("blocks.0.self_attn.q.weight") is not None
    assert_near(state, tiny.merged(torch.bfloat16), 0.04)


@pytest.mark.parametrize("code", ["fp8", "int8"])
def test_quanto_files_with_their_map(tmp_path: Path, code: str) -> None:
    made, mapped = quanto(code, tiny.merged())
    path = tiny.save(tmp_path / "m.safetensors", made)
    path.with_suffix(".json").write_text(json.dumps(mapped))
    (report,) = check([path])
    assert report.precision == code
    assert_near(opened(path), tiny.merged(), 0.04)


def test_int8_with_scale_per_row_in_plain_names(tmp_path: Path) -> None:
    made: dict[str, Tensor] = {}
    for name, tensor in tiny.base().items():
        if tensor.ndim == 2:
            data, scale = quantize(tensor, SCHEMES["int8"])
            made[name], made[f"{name}_scale"] = data, scale[:, None]
        else:
            made[name] = tensor
    assert_near(opened(tiny.save(tmp_path / "m.safetensors", made)), tiny.base(), 0.01)


def test_text_encoder_in_the_names_of_transformers(tmp_path: Path) -> None:
    from infinitetalk.weights.tables import text_table

    wanted = tiny.filled(text_table(tiny.TEXT))
    layer = "encoder.block.{}.layer.{}.{}.weight"
    made = {
        "shared.weight": wanted["token_embedding.weight"],
        "encoder.embed_tokens.weight": wanted["token_embedding.weight"].clone(),
        "encoder.final_layer_norm.weight": wanted["norm.weight"],
    }
    for n in range(tiny.TEXT.num_layers):
        block = f"blocks.{n}."
        for ours, place, theirs in (
            ("norm1", 0, "layer_norm"),
            ("attn.q", 0, "SelfAttention.q"),
            ("attn.k", 0, "SelfAttention.k"),
            ("attn.v", 0, "SelfAttention.v"),
            ("attn.o", 0, "SelfAttention.o"),
            ("pos_embedding.embedding", 0, "SelfAttention.relative_attention_bias"),
            ("norm2", 1, "layer_norm"),
            ("ffn.gate.0", 1, "DenseReluDense.wi_0"),
            ("ffn.fc1", 1, "DenseReluDense.wi_1"),
            ("ffn.fc2", 1, "DenseReluDense.wo"),
        ):
            made[layer.format(n, place, theirs)] = wanted[f"{block}{ours}.weight"]
    assert_near(opened(tiny.save(tmp_path / "t5.safetensors", made)), wanted, 0)


@pytest.mark.parametrize("prefix", ["vision_model.", ""])
def test_image_encoder_in_the_names_of_transformers(tmp_path: Path, prefix: str) -> None:
    from infinitetalk.weights.tables import IMAGE_UNUSED, image_table

    wanted = tiny.filled(image_table(tiny.IMAGE))
    del wanted["visual.head"]  # another name and transposed there; nothing uses it
    made = {
        "embeddings.class_embedding": wanted["visual.cls_embedding"].flatten(),
        "embeddings.position_embedding.weight": wanted["visual.pos_embedding"][0],
        "embeddings.patch_embedding.weight": wanted["visual.patch_embedding.weight"],
        "embeddings.position_ids": torch.arange(257)[None],
    }
    for kind in ("weight", "bias"):
        made[f"pre_layrnorm.{kind}"] = wanted[f"visual.pre_norm.{kind}"]
        made[f"post_layernorm.{kind}"] = wanted[f"visual.post_norm.{kind}"]
        for n in range(tiny.IMAGE.num_layers):
            ours, theirs = f"visual.transformer.{n}.", f"encoder.layers.{n}."
            parts = wanted[f"{ours}attn.to_qkv.{kind}"].chunk(3)
            for part, tensor in zip("qkv", parts, strict=True):
                made[f"{theirs}self_attn.{part}_proj.{kind}"] = tensor
            made[f"{theirs}self_attn.out_proj.{kind}"] = wanted[f"{ours}attn.proj.{kind}"]
            for a, b in (
                ("norm1", "layer_norm1"),
                ("norm2", "layer_norm2"),
                ("mlp.0", "mlp.fc1"),
                ("mlp.2", "mlp.fc2"),
            ):
                made[f"{theirs}{b}.{kind}"] = wanted[f"{ours}{a}.{kind}"]
    made = {f"{prefix}{name}": tensor.clone() for name, tensor in made.items()}
    state = opened(tiny.save(tmp_path / "clip.safetensors", made))
    assert "visual.head" in IMAGE_UNUSED
    assert_near(state, wanted, 0)


def test_image_encoder_without_its_prefix(tmp_path: Path) -> None:
    from infinitetalk.weights.tables import image_table

    wanted = tiny.filled(image_table(tiny.IMAGE))
    made = {name.removeprefix("visual."): tensor for name, tensor in wanted.items()}
    assert_near(opened(tiny.save(tmp_path / "clip.safetensors", made)), wanted, 0)


def test_pretraining_names_of_the_audio_encoder(tmp_path: Path) -> None:
    from infinitetalk.weights.tables import audio_table

    wanted = tiny.filled(audio_table(tiny.AUDIO))
    conv = "encoder.pos_conv_embed.conv."
    old = {
        f"{conv}parametrizations.weight.original0": f"{conv}weight_g",
        f"{conv}parametrizations.weight.original1": f"{conv}weight_v",
    }
    made = {f"wav2vec2.{old.get(name, name)}": tensor for name, tensor in wanted.items()}
    made |= {"quantizer.codevectors": torch.zeros(1, 4, 2), "project_q.bias": torch.zeros(2)}
    torch.save(made, tmp_path / "pytorch_model.bin")
    assert_near(opened(tmp_path / "pytorch_model.bin"), wanted, 0)
