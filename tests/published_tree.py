"""The published files at full size, as sparse files: 150 GB to look at, a few MB on the disk.

`build_published_tree(folder)` gives what a user has who followed the original README, with the
quantized files and the two LoRAs that it names. All weights are zeros.
"""

import json
from pathlib import Path

from tests.sparse_files import Tensors, write_pth, write_safetensors

DATA = Path(__file__).parent / "data" / "published"
BASE_FOLDER = "Wan2.1-I2V-14B-480P"
SHARDS = 7
SHARD_BYTES = 9_950_000_000
BASE_CONFIG = {
    "_class_name": "WanModel",
    "_diffusers_version": "0.30.0",
    "dim": 5120,
    "eps": 1e-06,
    "ffn_dim": 13824,
    "freq_dim": 256,
    "in_dim": 36,
    "model_type": "i2v",
    "num_heads": 40,
    "num_layers": 40,
    "out_dim": 16,
    "text_len": 512,
}
AUDIO_CONFIG = {
    "architectures": ["Wav2Vec2ForPreTraining"],
    "model_type": "wav2vec2",
    "hidden_size": 768,
    "num_hidden_layers": 12,
    "num_attention_heads": 12,
    "intermediate_size": 3072,
    "conv_dim": [512] * 7,
    "conv_kernel": [10, 3, 3, 3, 3, 2, 2],
    "conv_stride": [5, 2, 2, 2, 2, 2, 2],
    "conv_bias": False,
    "feat_extract_norm": "group",
    "do_stable_layer_norm": False,
    "num_conv_pos_embeddings": 128,
    "num_conv_pos_embedding_groups": 16,
    "vocab_size": 32,
}
CODES = {"float32": "F32", "bfloat16": "BF16", "float16": "F16"}


def table(name: str) -> dict[str, tuple[tuple[int, ...], str]]:
    """Rows of a key table: name -> shape, third column (dtype, or part of the checkpoint)."""
    rows: dict[str, tuple[tuple[int, ...], str]] = {}
    for line in (DATA / name).read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        key, shape, third = line.split("\t")[:3]
        if key not in ("key", "name"):
            rows[key] = (tuple(map(int, shape.split("x"))), third)
    return rows


def shapes(name: str, part: str | None = None) -> dict[str, tuple[int, ...]]:
    return {key: shape for key, (shape, third) in table(name).items() if part in (None, third)}


def base_shapes() -> dict[str, tuple[int, ...]]:
    return shapes("transformer_keys_14b.tsv", "wan2.1_i2v_base")


def overlay_shapes() -> dict[str, tuple[int, ...]]:
    return shapes("transformer_keys_14b.tsv", "infinitetalk_overlay")


def build_published_tree(folder: Path, *, quantized: bool = True, loras: bool = True) -> Path:
    """Writes the tree into `folder` and returns it."""
    _base_folder(folder / BASE_FOLDER)
    _audio_folder(folder / "chinese-wav2vec2-base")
    overlay = {name: ("BF16", shape) for name, shape in overlay_shapes().items()}
    for who in ("single", "multi"):
        write_safetensors(folder / "InfiniteTalk" / who / "infinitetalk.safetensors", overlay)
    if quantized:
        _quantized(folder / "InfiniteTalk" / "quant_models")
    if loras:
        _loras(folder)
    return folder


def _text(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")


def _base_folder(folder: Path) -> None:
    _text(folder / "config.json", BASE_CONFIG)
    shards: list[dict[str, tuple[str, tuple[int, ...]]]] = [{}]
    filled = total = 0
    for name, shape in base_shapes().items():
        size = 4
        for n in shape:
            size *= n
        if filled + size > SHARD_BYTES and len(shards) < SHARDS:
            shards.append({})
            filled = 0
        shards[-1][name] = ("F32", shape)
        filled, total = filled + size, total + size
    weight_map: dict[str, str] = {}
    for n, tensors in enumerate(shards, 1):
        file = f"diffusion_pytorch_model-{n:05d}-of-{len(shards):05d}.safetensors"
        write_safetensors(folder / file, tensors, {"format": "pt"})
        weight_map.update(dict.fromkeys(tensors, file))
    index = {"metadata": {"total_size": total}, "weight_map": weight_map}
    _text(folder / "diffusion_pytorch_model.safetensors.index.json", index)
    for name, keys in (
        ("models_t5_umt5-xxl-enc-bf16.pth", table("t5_keys.tsv")),
        ("Wan2.1_VAE.pth", table("vae_keys.tsv")),
    ):
        write_pth(folder / name, {k: (CODES[dtype], shape) for k, (shape, dtype) in keys.items()})
    clip = "models_clip_open-clip-xlm-roberta-large-vit-huge-14.pth"
    write_pth(folder / clip, _clip_tensors())
    for tokenizer, model in (
        ("google/umt5-xxl", "spiece"),
        ("xlm-roberta-large", "sentencepiece.bpe"),
    ):
        _text(folder / tokenizer / f"{model}.model", "stand-in")
        for name in ("tokenizer", "tokenizer_config", "special_tokens_map"):
            _text(folder / tokenizer / f"{name}.json", {})


def _clip_tensors() -> Tensors:
    """Both halves of CLIP: 784 tensors with 1,193,014,785 parameters; only `visual.*` is used."""
    tensors = {
        name: (CODES[dtype], shape)
        for name, (shape, dtype) in table("clip_visual_keys.tsv").items()
    }
    width, hidden = 1024, 4096
    text: dict[str, tuple[int, ...]] = {
        "token_embedding.weight": (250002, width),
        "type_embedding.weight": (1, width),
        "pos_embedding.weight": (514, width),
        "norm.weight": (width,),
        "norm.bias": (width,),
        "head.0.weight": (width, width),
        "head.2.weight": (width, width),
    }
    for n in range(24):
        linears = {f"attn.{x}": (width, width) for x in "qkvo"}
        linears |= {"ffn.0": (hidden, width), "ffn.2": (width, hidden)}
        for name, shape in linears.items():
            text[f"blocks.{n}.{name}.weight"] = shape
            text[f"blocks.{n}.{name}.bias"] = shape[:1]
        for norm in ("norm1", "norm2"):
            text[f"blocks.{n}.{norm}.weight"] = text[f"blocks.{n}.{norm}.bias"] = (width,)
    tensors["log_scale"] = ("F32", ())
    tensors |= {f"textual.{name}": ("F32", shape) for name, shape in text.items()}
    return tensors


def audio_shapes() -> dict[str, tuple[int, ...]]:
    """wav2vec2-base as stock transformers names it, with the old names of the weight norm."""
    width, inner, conv = 768, 3072, 512
    found: dict[str, tuple[int, ...]] = {"masked_spec_embed": (width,)}

    def affine(name: str, *shape: int) -> None:
        found[f"{name}.weight"], found[f"{name}.bias"] = shape, shape[:1]

    for n, kernel in enumerate(AUDIO_CONFIG["conv_kernel"]):
        name = f"feature_extractor.conv_layers.{n}.conv.weight"
        found[name] = (conv, conv if n else 1, kernel)
    affine("feature_extractor.conv_layers.0.layer_norm", conv)
    affine("feature_projection.layer_norm", conv)
    affine("feature_projection.projection", width, conv)
    found["encoder.pos_conv_embed.conv.bias"] = (width,)
    found["encoder.pos_conv_embed.conv.weight_g"] = (1, 1, 128)
    found["encoder.pos_conv_embed.conv.weight_v"] = (width, width // 16, 128)
    affine("encoder.layer_norm", width)
    for n in range(12):
        layer = f"encoder.layers.{n}"
        for linear in ("k_proj", "v_proj", "q_proj", "out_proj"):
            affine(f"{layer}.attention.{linear}", width, width)
        affine(f"{layer}.layer_norm", width)
        affine(f"{layer}.feed_forward.intermediate_dense", inner, width)
        affine(f"{layer}.feed_forward.output_dense", width, inner)
        affine(f"{layer}.final_layer_norm", width)
    return found


def _audio_folder(folder: Path) -> None:
    _text(folder / "config.json", AUDIO_CONFIG)
    _text(folder / "preprocessor_config.json", {"do_normalize": True, "sampling_rate": 16000})
    plain: Tensors = {name: ("F32", shape) for name, shape in audio_shapes().items()}
    write_safetensors(folder / "model.safetensors", plain)
    pretraining = {f"wav2vec2.{name}": entry for name, entry in plain.items()}
    pretraining |= {
        "quantizer.codevectors": ("F32", (1, 640, 128)),
        "quantizer.weight_proj.weight": ("F32", (640, 512)),
        "quantizer.weight_proj.bias": ("F32", (640,)),
        "project_q.weight": ("F32", (256, 256)),
        "project_q.bias": ("F32", (256,)),
        "project_hid.weight": ("F32", (256, 768)),
        "project_hid.bias": ("F32", (256,)),
    }
    write_pth(folder / "pytorch_model.bin", pretraining)


def is_linear(name: str, shape: tuple[int, ...]) -> bool:
    """The linears that the published quantized transformers hold in 8 bits."""
    return (
        len(shape) == 2
        and name.endswith(".weight")
        and name.startswith(("blocks.", "audio_proj.", "text_embedding."))
    )


def quanto_tensors(
    plain: dict[str, tuple[int, ...]], code: str, rest: str, chosen: set[str]
) -> Tensors:
    """A quanto state dict: `chosen` weights in 8 bits, everything else in `rest`."""
    tensors: dict[str, tuple[str, tuple[int, ...]]] = {}
    for name, shape in plain.items():
        if name not in chosen:
            tensors[name] = (rest, shape)
            continue
        tensors[f"{name}._data"] = (code, shape)
        tensors[f"{name}._scale"] = (rest, (shape[0], 1))
        module = name.removesuffix(".weight")
        tensors[f"{module}.input_scale"] = tensors[f"{module}.output_scale"] = (rest, ())
    return tensors


def quanto_map(chosen: set[str], order: dict[str, tuple[int, ...]], kind: str) -> dict[str, object]:
    return {
        name.removesuffix(".weight"): {"weights": kind, "activations": "none"}
        for name in order
        if name in chosen
    }


def _quantized(folder: Path) -> None:
    whole = base_shapes() | overlay_shapes()
    chosen = {name for name, shape in whole.items() if is_linear(name, shape)}
    kinds = {"fp8": ("F8_E4M3", "qfloat8_e4m3fn"), "int8": ("I8", "qint8")}
    for who in ("single", "multi"):
        for scheme, (code, kind) in kinds.items():
            stem = f"infinitetalk_{who}_{scheme}"
            write_safetensors(
                folder / f"{stem}.safetensors", quanto_tensors(whole, code, "F32", chosen)
            )
            _text(folder / f"{stem}.json", quanto_map(chosen, whole, kind))
    text = shapes("t5_keys.tsv")
    linears = {n for n in text if ".attn." in n or ".ffn." in n}
    write_safetensors(
        folder / "t5_fp8.safetensors", quanto_tensors(text, "F8_E4M3", "BF16", linears)
    )
    _text(folder / "t5_map_fp8.json", quanto_map(linears, text, "qfloat8_e4m3fn"))


def _loras(folder: Path) -> None:
    base = base_shapes()
    linears = {n: s for n, s in base.items() if len(s) == 2 and n.startswith("blocks.")}
    for file, rank, image in (
        ("Wan2.1_I2V_14B_FusionX_LoRA.safetensors", 64, True),
        ("Wan21_T2V_14B_lightx2v_cfg_step_distill_lora_rank32.safetensors", 32, False),
    ):
        tensors: dict[str, tuple[str, tuple[int, ...]]] = {}
        for name, (out, inner) in linears.items():
            if not image and "_img" in name:
                continue
            module = f"diffusion_model.{name.removesuffix('.weight')}"
            tensors[f"{module}.lora_down.weight"] = ("BF16", (rank, inner))
            tensors[f"{module}.lora_up.weight"] = ("BF16", (out, rank))
            tensors[f"{module}.diff_b"] = ("BF16", (out,))
        if not image:  # made for 16 input channels
            tensors["diffusion_model.patch_embedding.diff"] = ("BF16", (5120, 16, 1, 2, 2))
        write_safetensors(folder / file, tensors)
