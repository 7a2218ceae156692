"""What a model file is: one of the networks we run, or something else, named with the reason.

Decided by the names, shapes and dtypes in the header. Folder and file names serve only where the
contents can't tell (one speaker or two, 480P or 720P), and then only as a hint.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from infinitetalk.weights import tables
from infinitetalk.weights.header import DTYPE_NAMES
from infinitetalk.weights.layouts import Layout
from infinitetalk.weights.vae_form import consistent_table

Kind = Literal[
    "base",
    "overlay",
    "merged",
    "text_encoder",
    "image_encoder",
    "vae",
    "audio_encoder",
    "lora",
    "store",
    "foreign",
    "unknown",
]
Speakers = Literal["one", "two", "unknown"]

STORE_MARK = "block_store"  # metadata of files that our own import writes (store_file.py)
SMALLEST_CLIP = 512  # width of the smallest published CLIP; what is narrower is a miniature
KNOWN_LAYERS = {5120: 40, 1536: 30}  # width of Wan2.1's published transformers -> their blocks


@dataclass(frozen=True, kw_only=True)
class Recognition:
    """What a layout holds, and the table of tensors it is held to."""

    kind: Kind
    title: str
    expected: Mapping[str, tables.Shape] = field(default_factory=dict)
    optional: frozenset[str] = frozenset()  # expected names that nothing we run needs
    reason: str = ""  # why a foreign file is not ours
    remedy: str = ""
    speakers: Speakers = "unknown"
    notices: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


def recognize(layout: Layout, *, config: Mapping[str, Any] | None = None) -> Recognition:
    """What some files with a common layout are.

    `config` is the `config.json` beside them, if any: it says how many blocks there should be
    when the last ones are missing.
    """
    if any(STORE_MARK in header.metadata for header in layout.headers):
        return Recognition(kind="store", title="InfiniteTalk transformer, imported for streaming")
    match layout.network:
        case "transformer":
            return _transformer(layout, config or {})
        case "text":
            return _text(layout)
        case "image":
            return _image(layout)
        case "vae":
            return _vae(layout)
        case "audio":
            return _audio(layout)
        case "lora":
            return _lora(layout)
        case "unknown":
            return _unknown(layout)


def _foreign(title: str, reason: str, remedy: str, **facts: Any) -> Recognition:
    return Recognition(kind="foreign", title=title, reason=reason, remedy=remedy, facts=facts)


WANTED_BASE = "Take Wan2.1-I2V-14B-480P, or a single file made from it."
WANTED_OVERLAY = "Take infinitetalk.safetensors of MeiGen-AI/InfiniteTalk."

Matcher = Callable[[str], Any]
# (a name that betrays it, title, reason, remedy); asked in this order
_FOREIGN_NAMES: tuple[tuple[str, str, str, str], ...] = (
    (
        r"audio_cross_attn\.q_norm",
        "LongCat Avatar",
        "it is LongCat Avatar's transformer, not InfiniteTalk's",
        WANTED_OVERLAY,
    ),
    (
        r"audio_proj\.audio_proj_glob_1|audio_cross_attn_wrapper",
        "HuMo",
        "it is HuMo's transformer, not InfiniteTalk's",
        WANTED_OVERLAY,
    ),
    (
        r"^proj_model\.|\.processor\.k_proj\.|cross_attn\.k_proj\.",
        "FantasyTalking",
        "it is FantasyTalking's audio adapter, not InfiniteTalk's",
        WANTED_OVERLAY,
    ),
    (r"^vace_", "Wan VACE", "it is a VACE transformer", WANTED_BASE),
    (
        r"img_emb\.emb_pos$",
        "Wan2.1 first-and-last-frame",
        "it is Wan2.1's transformer for first and last frame (FLF2V)",
        WANTED_BASE,
    ),
    (
        r"^(casual_audio_encoder|audio_injector|motion_encoder|face_adapter|face_encoder)\.",
        "Wan2.2 S2V or Animate",
        "it is a Wan2.2 transformer for speech or animation",
        WANTED_BASE,
    ),
    (
        r"^(ref_conv|control_adapter)\.",
        "Wan Fun",
        "it is a Wan Fun control transformer",
        WANTED_BASE,
    ),
)


def _transformer(layout: Layout, config: Mapping[str, Any]) -> Recognition:
    names, shapes = set(layout.tensors), layout.shapes
    for pattern, title, reason, remedy in _FOREIGN_NAMES:
        if any(re.search(pattern, name) for name in names):
            return _foreign(title, reason, remedy)
    has_base = any(
        re.match(r"patch_embedding\.|blocks\.\d+\.(self_attn|cross_attn|ffn)\.", n) for n in names
    )
    has_overlay = any(
        re.match(r"audio_proj\.|blocks\.\d+\.(audio_cross_attn|norm_x)\.", n) for n in names
    )
    sizes = tables.transformer_sizes(shapes)
    layers = _layers(sizes, config)
    if layers != sizes.num_layers:
        sizes = tables.transformer_sizes(shapes, layers)
    if has_base and (refused := _wrong_variant(layout, sizes)):
        return refused
    expected: dict[str, tables.Shape] = {}
    if has_base:
        expected.update(tables.base_table(sizes))
    if has_overlay:
        expected.update(tables.overlay_table(sizes))
    if not any(expected.get(name) for name in names):
        return _unknown(layout)
    kind: Kind = "merged" if has_base and has_overlay else "base" if has_base else "overlay"
    speakers = _speakers(layout) if has_overlay else "unknown"
    notices: list[str] = []
    if kind == "base" and _hint(layout, "720p"):
        notices.append(
            "This is the 720P base, going by its folder's name. It works; InfiniteTalk was made "
            "with the 480P one for both sizes."
        )
    if has_overlay and speakers == "unknown":
        notices.append(
            "Whether it was trained for one speaker or two can't be told from the file itself."
        )
    return Recognition(
        kind=kind,
        title=_transformer_title(kind, sizes, speakers, layout),
        expected=expected,
        speakers=speakers,
        notices=tuple(notices),
        facts={"sizes": sizes},
    )


def _layers(sizes: tables.TransformerSizes, config: Mapping[str, Any]) -> int:
    """Blocks there should be: what the config beside it or the width says, else what is there."""
    said = config.get("num_layers")
    if isinstance(said, int) and said >= sizes.num_layers and config.get("dim") == sizes.dim:
        return said
    return max(sizes.num_layers, KNOWN_LAYERS.get(sizes.dim, 0))


def _wrong_variant(layout: Layout, sizes: tables.TransformerSizes) -> Recognition | None:
    names = layout.tensors
    has_image = any(".cross_attn.k_img." in n or n.startswith("img_emb.") for n in names)
    patch = "patch_embedding.weight" in names
    if patch and sizes.in_dim == 16:
        size = "1.3B" if sizes.dim == 1536 else "14B" if sizes.dim == 5120 else ""
        return _foreign(
            " ".join(f"Wan text-to-video {size}".split()),
            "it is a text-to-video transformer: 36 input channels needed, 16 found",
            WANTED_BASE,
            in_dim=16,
        )
    if patch and sizes.in_dim == 48 and sizes.dim == 3072:
        return _foreign(
            "Wan2.2 5B",
            "it is Wan2.2's 5B transformer: 36 input channels needed, 48 found",
            WANTED_BASE,
            in_dim=48,
        )
    if sizes.dim == 1536 and sizes.num_layers == 30:
        return _foreign(
            "Wan 1.3B",
            "it is a 1.3B transformer of width 1536; InfiniteTalk belongs to the 14B one (5120)",
            WANTED_BASE,
            dim=1536,
        )
    if patch and not has_image:
        return _foreign(
            "Wan2.2",
            "it is a Wan2.2 transformer: it has no image attention (img_emb, k_img, v_img)",
            WANTED_BASE,
            in_dim=sizes.in_dim,
        )
    if patch and sizes.in_dim != 36:
        return _foreign(
            "another Wan transformer",
            f"it takes {sizes.in_dim} input channels; 36 are needed",
            WANTED_BASE,
            in_dim=sizes.in_dim,
        )
    return None


def _words(path: Path) -> list[str]:
    return re.split(r"[^a-z0-9]+", "/".join(path.parts[-3:]).lower())


def _hint(layout: Layout, word: str) -> bool:
    return any(word in _words(header.path) for header in layout.headers)


def _speakers(layout: Layout) -> Speakers:
    one, two = _hint(layout, "single"), _hint(layout, "multi")
    if one == two:
        return "unknown"
    return "one" if one else "two"


def _transformer_title(
    kind: Kind, sizes: tables.TransformerSizes, speakers: Speakers, layout: Layout
) -> str:
    size = "14B" if sizes.dim == 5120 else f"of width {sizes.dim}, {sizes.num_layers} blocks"
    if kind == "overlay" and sizes.dim == 5120:
        size = ""
    who = {"one": "for one speaker", "two": "for two speakers", "unknown": ""}[speakers]
    what = {
        "base": "Wan2.1 image-to-video base",
        "overlay": "InfiniteTalk audio adapter",
        "merged": "InfiniteTalk transformer (base and audio adapter)",
    }[kind]
    if layout.coding == "quanto" and kind == "merged":
        what = "InfiniteTalk transformer, quantized (base and audio adapter)"
    return " ".join(part for part in (what, size, who) if part)


def _sized(title: str, published: bool, text: str) -> str:
    return title if published else f"{title} ({text})"


def _text(layout: Layout) -> Recognition:
    sizes = tables.text_sizes(layout.shapes)
    tables_of_positions = [
        n for n in layout.tensors if n.endswith("pos_embedding.embedding.weight")
    ]
    if any(".decoder." in f".{n}" for n in layout.tensors):
        return _foreign(
            "T5 with decoder",
            "it is a whole T5 with its decoder; only the umt5-xxl encoder is used",
            "Take models_t5_umt5-xxl-enc-bf16.pth.",
        )
    if sizes.num_layers > 1 and len(tables_of_positions) == 1:
        return _foreign(
            "T5 v1.1",
            "it is a T5 v1.1 encoder (one table of positions); Wan uses umt5-xxl (one per layer)",
            "Take models_t5_umt5-xxl-enc-bf16.pth.",
        )
    published = sizes.dim == tables.TextSizes().dim
    text = f"of width {sizes.dim}, {sizes.num_layers} layers"
    return Recognition(
        kind="text_encoder",
        title=_sized(
            "umt5-xxl text encoder" if published else "umt5 text encoder", published, text
        ),
        expected=tables.text_table(sizes),
        facts={"sizes": sizes},
    )


def _image(layout: Layout) -> Recognition:
    sizes = tables.image_sizes(layout.shapes)
    if sizes.positions != tables.IMAGE_TOKENS and sizes.dim >= SMALLEST_CLIP:
        return _foreign(
            "another CLIP",
            f"its picture has {sizes.positions} positions; {tables.IMAGE_TOKENS} are needed",
            "Take models_clip_open-clip-xlm-roberta-large-vit-huge-14.pth.",
        )
    if sizes.dim in (1024, 768) and sizes.num_layers in (24, 12):
        return _foreign(
            "another CLIP",
            f"it is a smaller CLIP of width {sizes.dim}; ViT-H of width 1280 is needed",
            "Take models_clip_open-clip-xlm-roberta-large-vit-huge-14.pth.",
        )
    published = sizes.dim == tables.ImageSizes().dim
    return Recognition(
        kind="image_encoder",
        title=_sized(
            "CLIP ViT-H image encoder" if published else "CLIP image encoder",
            published,
            f"of width {sizes.dim}, {sizes.num_layers} layers",
        ),
        expected=tables.image_table(sizes),
        optional=frozenset(tables.image_unused(sizes)),
        facts={"sizes": sizes},
    )


def _vae(layout: Layout) -> Recognition:
    sizes = tables.vae_sizes(layout.shapes)
    if sizes.z_dim != 16 or any(".downsamples.0.downsamples." in n for n in layout.tensors):
        return _foreign(
            "another VAE",
            f"its latents have {sizes.z_dim} channels (Wan2.2's VAE has 48); 16 are needed",
            "Take Wan2.1_VAE.pth.",
            z_dim=sizes.z_dim,
        )
    published = sizes.base == tables.VaeSizes().base
    return Recognition(
        kind="vae",
        title=_sized("Wan2.1 VAE", published, f"of base width {sizes.base}"),
        expected=consistent_table(layout.shapes) or tables.vae_table(sizes),
        facts={"sizes": sizes},
    )


def _audio(layout: Layout) -> Recognition:
    sizes = tables.audio_sizes(layout.shapes)
    if sizes.dim == 1024 and sizes.num_layers == 24:
        return _foreign(
            "wav2vec2-large",
            "it is a large wav2vec2 of width 1024; chinese-wav2vec2-base of width 768 is needed",
            "Take TencentGameMate/chinese-wav2vec2-base.",
        )
    published = sizes.dim == tables.AudioSizes().dim
    return Recognition(
        kind="audio_encoder",
        title=_sized(
            "wav2vec2-base audio encoder" if published else "wav2vec2 audio encoder",
            published,
            f"of width {sizes.dim}, {sizes.num_layers} layers",
        ),
        expected=tables.audio_table(sizes),
        facts={"sizes": sizes},
    )


def _lora(layout: Layout) -> Recognition:
    names = [name for header in layout.headers for name in header.tensors]
    style = "plain names"
    if any(name.startswith("lora_unet") for name in names):
        style = "kohya names"
    elif any(".attn1." in name or "condition_embedder." in name for name in names):
        style = "diffusers names"
    elif any(name.startswith("diffusion_model.") for name in names):
        style = "ComfyUI names"
    ranks = Counter(
        info.shape[0]
        for header in layout.headers
        for name, info in header.tensors.items()
        if re.search(r"lora_(down|A)\b.*weight$", name) and info.shape
    )
    rank = ranks.most_common(1)[0][0] if ranks else 0
    return Recognition(
        kind="lora",
        title=f"LoRA of rank {rank} ({style})" if rank else f"weight deltas ({style})",
        facts={"rank": rank, "style": style},
    )


_UNKNOWN_NAMES: tuple[tuple[str, str], ...] = (
    (r"double_blocks\.", "a Flux or HunyuanVideo transformer"),
    (r"^(model\.)?diffusion_model\.input_blocks\.|first_stage_model\.", "a Stable Diffusion model"),
    (r"joint_blocks\.", "a Stable Diffusion 3 transformer"),
    (r"transformer_blocks\.", "another diffusion transformer"),
    (r"^text_model\.encoder\.", "a CLIP text encoder"),
    (r"decoder\.up_blocks\.|encoder\.down_blocks\.", "a VAE in diffusers' layout"),
    (r"decoder\.up\.\d", "the VAE of another model"),
    (r"model\.layers\.\d+\.self_attn", "a language model"),
)


def _unknown(layout: Layout) -> Recognition:
    names = [name for header in layout.headers for name in header.tensors]
    for pattern, what in _UNKNOWN_NAMES:
        if any(re.search(pattern, name) for name in names):
            return _foreign(what, f"it is {what}", "Choose a file of the Wan2.1 family.")
    first = ", ".join(sorted(names)[:3])
    return Recognition(
        kind="unknown",
        title="unknown model",
        reason=f"its {len(names)} tensors ({first}, ...) belong to no network this program runs"
        if names
        else "it holds no tensors",
        remedy="Choose a file of Wan2.1, InfiniteTalk, umt5, CLIP or wav2vec2.",
    )


def precision_of(layout: Layout) -> str:
    """How the main part of the weights is stored: "fp32", "bf16", "fp16", "fp8" or "int8"."""
    weights: Counter[str] = Counter()
    for stored in layout.tensors.values():
        # in a quantized file the 8-bit part is the main one, however small the layers are
        is_main = layout.coding == "plain" or stored.coding != "plain"
        weights[stored.dtype] += stored.nbytes if is_main else 0
    if not weights:
        for header in layout.headers:
            for info in header.tensors.values():
                weights[info.dtype] += info.nbytes
    if not weights:
        return ""
    short = {
        "F64": "fp64",
        "F32": "fp32",
        "F16": "fp16",
        "BF16": "bf16",
        "F8_E4M3": "fp8",
        "F8_E5M2": "fp8",
        "I8": "int8",
    }
    top = weights.most_common(1)[0][0]
    return short.get(top, DTYPE_NAMES[top])
