"""A complete model folder in the published layout, with tiny networks of random weights.

`build_tiny_model(folder)` takes a second and 2 MB; a clip rendered with it is noise, but goes through
every loader and stage that the published model goes through.
"""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor

from infinitetalk.models.vae.config import VaeConfig
from infinitetalk.models.vae.vae import WanVae
from infinitetalk.models.wan import WanConfig, WanTransformer
from infinitetalk.weights import tables

TRANSFORMER = WanConfig(
    dim=48,
    num_heads=2,
    num_layers=2,
    ffn_dim=64,
    text_dim=24,
    freq_dim=32,
    text_len=32,
    clip_dim=32,
    audio_blocks=2,
    audio_channels=16,
    intermediate_dim=16,
    output_dim=24,
    context_tokens=4,
)
VAE = VaeConfig.from_json({"dim": 8, "dim_mult": [1, 2, 4, 4], "num_res_blocks": 2})
AUDIO_CONFIG = {
    "model_type": "wav2vec2",
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 32,
    "conv_dim": [16] * 7,
    "conv_kernel": [10, 3, 3, 3, 3, 2, 2],
    "conv_stride": [5, 2, 2, 2, 2, 2, 2],
    "conv_bias": False,
    "feat_extract_norm": "group",
    "num_conv_pos_embeddings": 16,
    "num_conv_pos_embedding_groups": 4,
    "do_stable_layer_norm": False,
}
WORDS = [
    "a",
    "the",
    "man",
    "woman",
    "person",
    "talks",
    "speaks",
    "calm",
    "lively",
    "still",
    "head",
    "room",
    "camera",
    "bright",
    "static",
]


def build_tiny_model(
    folder: Path, *, speakers: int = 1, seed: int = 0, chunk_frames: int = 17
) -> Path:
    """Writes the folder; returns it. Chunks have `chunk_frames` frames of 64 x 64 pixels."""
    generator = torch.Generator().manual_seed(seed)
    wan = folder / "Wan2.1-I2V-14B-480P"
    wan.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(seed)
    state = {n: t.clone() for n, t in WanTransformer(TRANSFORMER).state_dict().items()}
    overlay_names = set(tables.overlay_table(tables.transformer_sizes(_shapes(state))))
    _save_shards(wan, {n: t for n, t in state.items() if n not in overlay_names})
    kind = "multi" if speakers == 2 else "single"
    adapter = folder / "InfiniteTalk" / kind
    adapter.mkdir(parents=True, exist_ok=True)
    save_file(
        {n: t for n, t in state.items() if n in overlay_names},
        adapter / "infinitetalk.safetensors",
    )
    config = {n: getattr(TRANSFORMER, n) for n in TRANSFORMER.__dataclass_fields__}
    (wan / "config.json").write_text(json.dumps({"model_type": "i2v", **config}))
    torch.save(dict(WanVae(VAE).state_dict()), wan / "Wan2.1_VAE.pth")
    text = tables.TextSizes(
        vocab=64, dim=24, attention=24, ffn_dim=40, num_layers=2, num_heads=2, buckets=8
    )
    _save_random(wan / "models_t5_umt5-xxl-enc-bf16.pth", tables.text_table(text), generator)
    image = tables.ImageSizes(
        dim=32, mlp_dim=128, num_layers=3, patch=14, positions=257, embed_dim=16
    )
    name = "models_clip_open-clip-xlm-roberta-large-vit-huge-14.pth"
    _save_random(wan / name, tables.image_table(image), generator)
    _save_tokenizer(wan / "google" / "umt5-xxl")
    _save_audio_encoder(folder / "chinese-wav2vec2-base")
    description = {
        "name": "tiny random model",
        "kind": "miniature",
        "chunk_frames": chunk_frames,
        "motion_frames": 5,
        "size": [64, 64],
        "shift": 2.0,
        "image_heads": 2,
        "presets": {
            "default": {"steps": 2, "text_guidance_scale": 1.0, "audio_guidance_scale": 2.0}
        },
    }
    (folder / "infinitetalk.json").write_text(json.dumps(description))
    return folder


def _shapes(state: dict[str, Tensor]) -> dict[str, tuple[int, ...]]:
    return {name: tuple(tensor.shape) for name, tensor in state.items()}


def _save_shards(folder: Path, state: dict[str, Tensor], count: int = 2) -> None:
    names = sorted(state)
    index: dict[str, str] = {}
    for number in range(count):
        file = f"diffusion_pytorch_model-{number + 1:05d}-of-{count:05d}.safetensors"
        part = names[number * len(names) // count : (number + 1) * len(names) // count]
        save_file({name: state[name].contiguous() for name in part}, folder / file)
        index.update(dict.fromkeys(part, file))
    total = sum(tensor.nbytes for tensor in state.values())
    text = json.dumps({"metadata": {"total_size": total}, "weight_map": index})
    (folder / "diffusion_pytorch_model.safetensors.index.json").write_text(text)


def _save_random(path: Path, table: dict[str, tuple[int, ...]], generator: torch.Generator) -> None:
    state = {}
    for name, shape in table.items():
        values = torch.randn(shape, generator=generator) * 0.1
        state[name] = values + 1 if "norm" in name and name.endswith("weight") else values
    torch.save(state, path)


def _save_tokenizer(folder: Path) -> None:
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = {"<pad>": 0, "</s>": 1, "<unk>": 2}
    for word in WORDS:
        vocabulary[word] = len(vocabulary)
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="$A </s>", special_tokens=[("</s>", 1)]
    )
    tokenizer.save(str(folder / "tokenizer.json"))


def _save_audio_encoder(folder: Path) -> None:
    from transformers import Wav2Vec2Config, Wav2Vec2Model

    folder.mkdir(parents=True, exist_ok=True)
    model = Wav2Vec2Model(Wav2Vec2Config(**AUDIO_CONFIG))
    state = {n: t.clone().contiguous() for n, t in model.state_dict().items()}
    save_file(state, folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps(AUDIO_CONFIG))
