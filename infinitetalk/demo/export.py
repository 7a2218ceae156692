"""The trained networks as a model folder in the published layout, so that the usual loaders read it.

Linears of the transformer's blocks, of the audio adapter and of the time projection are stored in
8 bits as optimum-quanto does, everything else in 16.
"""

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from infinitetalk.demo.captions import DEFAULT_PROMPT
from infinitetalk.demo.corpus import Corpus
from infinitetalk.demo.distill_stage import FILE as LORA_FILE
from infinitetalk.demo.networks import Networks, is_overlay, load_networks
from infinitetalk.demo.scenes import SceneMaker
from infinitetalk.demo.sizes import CHUNK_FRAMES, MOTION_FRAMES, Sizes
from infinitetalk.demo.speakers_stage import FILE as SPEAKERS_FILE
from infinitetalk.demo.training import read_tensors
from infinitetalk.demo.transformer_stage import SHIFT, TOKENIZER
from infinitetalk.models.audio_encoder.config import AudioEncoderConfig
from infinitetalk.models.image_encoder.key_map import published_name
from infinitetalk.models.text_encoder.key_map import EMBEDDING
from infinitetalk.models.text_encoder.key_map import to_transformers as text_name
from infinitetalk.models.vae import WanVae
from infinitetalk.quant.schemes import SCHEMES, quantize

BASE = "Wan2.1-I2V-14B-480P"
SHARDS = 2
LORA = "loras/miniature_step_distill_lora_rank{rank}.safetensors"
COMMON = {
    "text_guidance_scale": 1.0,
    "audio_guidance_scale": 2.0,
    "shift": SHIFT,
    "color_correction": 0.25,  # keeps backgrounds best over 31 chunks; see the model card
}
DEFAULTS = {**COMMON, "steps": 8}
FAST = {**COMMON, "steps": 4}


def export_model(corpus: Corpus, work: Path, folder: Path, sizes: Sizes) -> dict[str, int]:
    """Writes the folder anew; returns the size of each file in bytes.

    The overlay for two speakers and the LoRA are written where their stages have run.
    """
    if folder.exists():
        for name in (BASE, "InfiniteTalk", "chinese-wav2vec2-base", "loras"):
            shutil.rmtree(folder / name, ignore_errors=True)
    networks = load_networks(work, sizes, torch.device("cpu"))
    _write_base(networks, folder / BASE, sizes)
    _write_encoders(networks, folder / BASE)
    shutil.copytree(work / TOKENIZER, folder / BASE / TOKENIZER)
    _write_audio(networks, folder / "chinese-wav2vec2-base", sizes.audio)
    tensors = networks.transformer.state_dict()
    overlay = {name: value for name, value in tensors.items() if is_overlay(name)}
    _write_overlay(overlay, folder, "single")
    if (work / SPEAKERS_FILE).exists():
        _write_overlay(read_tensors(work / SPEAKERS_FILE)[0], folder, "multi")
    lora = None
    if (work / LORA_FILE).exists():
        lora = LORA.format(rank=sizes.lora_rank)
        (folder / lora).parent.mkdir(parents=True, exist_ok=True)
        save_file(read_tensors(work / LORA_FILE)[0], folder / lora)
    matrix, bias = fit_preview(networks.vae, SceneMaker(corpus, sizes.side, seed=21))
    description = {
        "name": "Miniature (drawn faces)",
        "kind": "miniature",
        "chunk_frames": CHUNK_FRAMES,
        "motion_frames": MOTION_FRAMES,
        "buckets": [[sizes.side, sizes.side], [sizes.side, 2 * sizes.side]],
        "shift": SHIFT,
        "image_heads": sizes.image.heads,
        "fast_lora": None if lora is None else {"file": lora, "scale": 1.0},
        "presets": {
            "default": {**DEFAULTS, "prompt": DEFAULT_PROMPT},
            **{name: {**FAST, "prompt": DEFAULT_PROMPT} for name in ("draft", "fast")},
            "fine": {**DEFAULTS, "prompt": DEFAULT_PROMPT},
            "full": {
                **COMMON,
                "steps": 30,
                "text_guidance_scale": 2.0,
                "prompt": DEFAULT_PROMPT,
            },
        },
        "preview_rgb": {"matrix": matrix, "bias": bias},
    }
    _write_json(folder / "infinitetalk.json", description)
    return {
        str(file.relative_to(folder)): file.stat().st_size
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def in_eight_bits(name: str) -> bool:
    """Weights that are stored as int8: nearly all of the transformer's bytes."""
    linear = name.endswith(".weight") and "norm" not in name
    places = (
        "blocks.",
        "audio_proj.proj",
        "time_projection.",
        "time_embedding.",
        "text_embedding.",
    )
    return linear and name.startswith(places)


def coded(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Names and values as optimum-quanto stores them; what stays is bf16 or, if tiny, float32."""
    stored: dict[str, Tensor] = {}
    for name, value in tensors.items():
        if in_eight_bits(name):
            data, scale = quantize(value.float(), SCHEMES["int8"])
            stored[f"{name}._data"] = data.contiguous()
            stored[f"{name}._scale"] = scale.reshape(-1, 1).to(torch.float32)
        else:
            stored[name] = value.to(torch.bfloat16).contiguous()
    return stored


def _write_base(networks: Networks, folder: Path, sizes: Sizes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    tensors = networks.transformer.state_dict()
    stored = coded({name: value for name, value in tensors.items() if not is_overlay(name)})
    half = sum(t.nbytes for t in stored.values()) / SHARDS
    shards: list[dict[str, Tensor]] = [{}]
    for name, tensor in stored.items():
        if len(shards) < SHARDS and sum(t.nbytes for t in shards[-1].values()) >= half:
            shards.append({})
        shards[-1][name] = tensor
    places: dict[str, str] = {}
    for number, shard in enumerate(shards, 1):
        name = f"diffusion_pytorch_model-{number:05}-of-{len(shards):05}.safetensors"
        save_file(shard, folder / name)
        places |= dict.fromkeys(shard, name)
    total = sum(t.nbytes for t in stored.values())
    index = {"metadata": {"total_size": total}, "weight_map": dict(sorted(places.items()))}
    _write_json(folder / "diffusion_pytorch_model.safetensors.index.json", index)
    _write_json(folder / "config.json", {"model_type": "i2v", **asdict(sizes.transformer)})


def _write_overlay(overlay: Mapping[str, Tensor], folder: Path, kind: str) -> None:
    target = folder / "InfiniteTalk" / kind / "infinitetalk.safetensors"
    target.parent.mkdir(parents=True, exist_ok=True)
    save_file(coded(overlay), target)


def _write_encoders(networks: Networks, folder: Path) -> None:
    vae = {name: t.half() for name, t in networks.vae.state_dict().items()}
    torch.save(vae, folder / "Wan2.1_VAE.pth")
    text = _renamed(networks.text.model, text_name, networks.text.config.layers)
    text[EMBEDDING] = networks.text.table.detach().to(torch.bfloat16)
    torch.save(text, folder / "models_t5_umt5-xxl-enc-bf16.pth")
    image = published_image(networks.image.model, networks.image.config.layers)
    torch.save(image, folder / "models_clip_open-clip-xlm-roberta-large-vit-huge-14.pth")


def _renamed(
    network: nn.Module, ours_of: Callable[[str], str | None], layers: int
) -> dict[str, Tensor]:
    """Tensors of the text encoder under their published names, bf16."""
    inside = [
        *("norm1", "attn.q", "attn.k", "attn.v", "attn.o", "pos_embedding.embedding", "norm2"),
        *("ffn.gate.0", "ffn.fc1", "ffn.fc2"),
    ]
    names = ["norm.weight", *(f"blocks.{i}.{n}.weight" for i in range(layers) for n in inside)]
    values = network.state_dict()
    found: dict[str, Tensor] = {}
    for name in names:
        ours = ours_of(name)
        assert ours is not None
        found[name] = values[ours].to(torch.bfloat16)
    return found


def published_image(network: nn.Module, layers: int) -> dict[str, Tensor]:
    """Tensors of the image encoder under their published names, float16.

    Readers skip the last layer of a file; of it there is one norm here, which marks its place.
    """
    parts: dict[str, dict[int, Tensor]] = {}
    for name, value in network.state_dict().items():
        if "post_layernorm" in name or "position_ids" in name:
            continue
        stored, third = published_name(name)
        parts.setdefault(f"visual.{stored}", {})[third or 0] = value.half()
    found = {name: torch.cat([p[k] for k in sorted(p)]) for name, p in parts.items()}
    found["visual.cls_embedding"] = found["visual.cls_embedding"].reshape(1, 1, -1)
    found["visual.pos_embedding"] = found["visual.pos_embedding"][None]
    found[f"visual.transformer.{layers}.norm1.weight"] = torch.ones_like(
        found["visual.transformer.0.norm1.weight"]
    )
    return found


def _write_audio(networks: Networks, folder: Path, config: AudioEncoderConfig) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {name: t.half() for name, t in networks.audio.model.state_dict().items()}
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    said = {"model_type": "wav2vec2", "architectures": ["Wav2Vec2Model"], **asdict(config)}
    _write_json(folder / "config.json", said)
    features = {
        "do_normalize": True,
        "feature_extractor_type": "Wav2Vec2FeatureExtractor",
        "feature_size": 1,
        "padding_side": "right",
        "padding_value": 0,
        "return_attention_mask": False,
        "sampling_rate": 16000,
    }
    _write_json(folder / "preprocessor_config.json", features)


@torch.no_grad()
def fit_preview(vae: WanVae, maker: SceneMaker) -> tuple[list[list[float]], list[float]]:
    """The linear map from latents to colors that comes nearest to the pictures, cell by cell."""
    scene = maker.scene(24, 9)
    pictures = scene.draw(maker.grid()).transpose(1, 2)
    latents = vae.normalize(vae.moments(pictures)[0])
    shown = nn.functional.avg_pool3d(pictures[:, :, ::4], (1, 8, 8))
    flat = latents.movedim(1, -1).reshape(-1, latents.shape[1])
    colors = shown.movedim(1, -1).reshape(-1, 3)
    known = torch.cat([flat, torch.ones(len(flat), 1)], 1)
    solved = torch.linalg.lstsq(known, colors).solution
    rounded = [[round(float(v), 4) for v in row] for row in solved]
    return rounded[:-1], rounded[-1]


def _write_json(file: Path, data: object) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(data, indent=1) + "\n")
