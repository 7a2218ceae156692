"""How a file spells and codes the tensors of a network: any supported layout as published names.

A *layout* is decided by names, shapes and dtypes, tensor by tensor (an fp8 base may be paired with
a bf16 overlay), never by a file's name. Source: spec transformer.md section 8.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from infinitetalk.weights import names as spell
from infinitetalk.weights.header import FileHeader, TensorInfo

Network = Literal["transformer", "text", "image", "vae", "audio", "lora", "unknown"]
Coding = Literal["plain", "fp8", "scaled", "quanto"]

EIGHT_BIT = ("F8_E4M3", "F8_E5M2", "I8")
FLOATS = ("F64", "F32", "F16", "BF16", "F8_E4M3", "F8_E5M2")


@dataclass(frozen=True, kw_only=True)
class Stored:
    """Where the values of one published tensor lie, and how they are coded.

    `parts` are joined along the first axis and take the shape `shape`. With a `scale` (one value,
    or one per row) the tensor is `part * scale`.
    """

    name: str
    file: Path
    shape: tuple[int, ...]
    dtype: str
    coding: Coding
    parts: tuple[TensorInfo, ...]
    scale: TensorInfo | None = None
    scale_file: Path | None = None  # where the scale lies, if in another file

    @property
    def nbytes(self) -> int:
        return sum(p.nbytes for p in self.parts) + (self.scale.nbytes if self.scale else 0)


@dataclass(frozen=True, kw_only=True)
class Layout:
    """The tensors of some files under their published names, and what was recognized on the way."""

    network: Network
    headers: tuple[FileHeader, ...]
    tensors: Mapping[str, Stored]
    prefix: str = ""
    spelling: str = "published"  # or "diffusers", "transformers", "Wan2GP", "Kijai"
    coding: str = "plain"  # the main coding, in words of the spec
    ignored: tuple[str, ...] = ()  # stored names that carry no weight we use
    unscaled: tuple[str, ...] = ()  # published names of int8 tensors without a scale
    unreadable: tuple[str, ...] = ()  # published names in a coding not supported (4 bit, ...)
    twice: tuple[str, ...] = ()  # published names found in two places
    markers: Mapping[str, TensorInfo] = field(default_factory=dict)  # `comfy_quant` by module

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        return {name: stored.shape for name, stored in self.tensors.items()}


@dataclass
class _Found:
    """Tensors by their stored name without the marks of a quantiser."""

    data: dict[str, tuple[FileHeader, TensorInfo, Coding]] = field(default_factory=dict)
    scales: dict[str, tuple[FileHeader, TensorInfo]] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    markers: dict[str, TensorInfo] = field(default_factory=dict)
    styles: Counter[str] = field(default_factory=Counter)


def _pair(headers: Sequence[FileHeader]) -> _Found:
    """Separates weights from their scales by the suffixes that quantisers use."""
    found = _Found()
    every = {name for header in headers for name in header.tensors}
    for header in headers:
        for name, info in header.tensors.items():
            _sort_in(found, header, name, info, every)
    return found


def _sort_in(
    found: _Found, header: FileHeader, name: str, info: TensorInfo, every: set[str]
) -> None:
    module, _, last = name.rpartition(".")
    is_quantised = f"{module}.weight._data" in every or f"{module}.weight" in every
    match last:
        case "_data":
            _add(found, header, module, info, "quanto")
            found.styles["quanto"] += 1
        case "_scale":
            found.scales[module] = (header, info)
        case "_zeropoint" | "_shift" | "_packed":
            found.unreadable.append(module)
        case "scale_weight" if is_quantised:
            found.scales[f"{module}.weight"] = (header, info)
            found.styles["scaled_fp8"] += 1
        case "weight_scale" if is_quantised:
            found.scales[f"{module}.weight"] = (header, info)
            found.styles["weight_scale"] += 1
        case "weight_scale_2" | "weight_zero_point" | "weight_scale_inv" | "qzeros" | "qweight":
            found.unreadable.append(f"{module}.weight")
        case "comfy_quant" if is_quantised:
            found.markers[module] = info
            found.styles["comfy_quant"] += 1
        case "input_scale" | "output_scale" | "scale_input" | "scale_output" if is_quantised:
            found.ignored.append(name)
        case "scaled_fp8":
            found.ignored.append(name)
        case _:
            _add(found, header, name, info, "fp8" if info.dtype in EIGHT_BIT else "plain")


def _add(found: _Found, header: FileHeader, name: str, info: TensorInfo, coding: Coding) -> None:
    if name in found.data:
        found.twice.append(name)
    found.data[name] = (header, info, coding)


def _network(names: set[str]) -> Network:
    """Which network a set of names (without prefix) belongs to."""
    if any(
        re.match(
            r"(multitalk_)?audio_proj\.|blocks\.\d+\.(block\.)?"
            r"(self_attn|cross_attn|audio_cross_attn|attn1|norm_x)\b",
            n,
        )
        for n in names
    ):
        return "transformer"
    if "token_embedding.weight" in names or any(
        re.match(r"encoder\.block\.\d+\.layer\.0\.SelfAttention\.", n)
        or re.match(r"blocks\.\d+\.(attn\.q|pos_embedding)\.", n)
        for n in names
    ):
        return "text"
    if any("conv_layers.0.conv.weight" in n or n.startswith("wav2vec2.") for n in names):
        return "audio"
    if any(
        n.startswith(("visual.transformer.", "transformer.0.attn.to_qkv", "vision_model."))
        or n == "embeddings.class_embedding"
        for n in names
    ):
        return "image"
    if "encoder.conv1.weight" in names or "decoder.conv1.weight" in names:
        return "vae"
    return "unknown"


LORA_MARKS = re.compile(
    r"(\.lora_(up|down|A|B|mid|embedding_A)\b|\.lora[._](up|down)\.weight$|^lora_(unet|te|transformer)"
    r"|\.(diff|diff_b|diff_m|set_weight)$|\.(lokr_|hada_)|\.dora_scale$)"
)


def is_lora(names: Iterable[str]) -> bool:
    """Whether a file holds low-rank deltas: most of its names say so."""
    every = list(names)
    marked = sum(1 for name in every if LORA_MARKS.search(name))
    return bool(every) and marked * 3 >= len(every)


def resolve(headers: Sequence[FileHeader]) -> Layout:
    """What some files hold together (shards, or one file), under published names.

    Nothing is refused here: what does not fit any network has the network "unknown".
    """
    every = {name for header in headers for name in header.tensors}
    if is_lora(every):
        return Layout(network="lora", headers=tuple(headers), tensors={})
    found = _pair(headers)
    bare = set(found.data)
    prefix, network = "", _network(bare)
    if network == "unknown":
        for candidate in spell.TRANSFORMER_PREFIXES:
            inner = {n[len(candidate) :] for n in bare if n.startswith(candidate)}
            network = _network(inner) if inner else "unknown"
            if network != "unknown":
                prefix, bare = candidate, inner
                break
    rename, spelling = _renamer(network, bare)
    return _build(headers, found, network, prefix, rename, spelling)


def _renamer(network: Network, bare: set[str]) -> tuple[Callable[[str], str | None], str]:
    match network:
        case "transformer":
            diffusers = spell.is_diffusers(bare)
            spelling = "published"
            if diffusers:
                spelling = "diffusers"
            elif any(".block." in n for n in bare):
                spelling = "Wan2GP"
            elif any(n.startswith("multitalk_audio_proj.") for n in bare):
                spelling = "Kijai"
            return lambda n: spell.transformer_name(n, diffusers=diffusers), spelling
        case "text":
            theirs = any(n.startswith("encoder.block.") for n in bare)
            return spell.text_name, "transformers" if theirs else "published"
        case "image":
            theirs = any("embeddings.class_embedding" in n for n in bare)
            return spell.image_name, "transformers" if theirs else "published"
        case "audio":
            return spell.audio_name, "transformers"
        case _:
            return lambda n: n, "published"


def _build(
    headers: Sequence[FileHeader],
    found: _Found,
    network: Network,
    prefix: str,
    rename: Callable[[str], str | None],
    spelling: str,
) -> Layout:
    tensors: dict[str, Stored] = {}
    ignored, unscaled, twice = list(found.ignored), [], list(found.twice)
    codings: Counter[str] = Counter()
    for stored_name, (header, info, coding) in found.data.items():
        if not stored_name.startswith(prefix):
            ignored.append(stored_name)  # another network in the same file
            continue
        name = rename(stored_name[len(prefix) :])
        if name is None:
            ignored.append(stored_name)
            continue
        scale_header, scale = found.scales.pop(stored_name, (None, None))
        if coding == "fp8" and scale is not None:
            coding = "scaled"
        if scale is None and (info.dtype == "I8" or coding == "quanto"):
            unscaled.append(name)
        if name in tensors:
            twice.append(name)
        codings[coding] += 1
        tensors[name] = Stored(
            name=name,
            file=header.path,
            shape=info.shape,
            dtype=info.dtype,
            coding=coding,
            parts=(info,),
            scale=scale,
            scale_file=scale_header.path if scale_header else None,
        )
    if network == "image" and spelling == "transformers":
        tensors = _join_image_parts(tensors)
    ignored += [f"{name} (scale of nothing)" for name in found.scales]
    return Layout(
        network=network,
        headers=tuple(headers),
        tensors=tensors,
        prefix=prefix,
        spelling=spelling,
        coding=_main_coding(codings, found.styles),
        ignored=tuple(ignored),
        unscaled=tuple(unscaled),
        unreadable=tuple(found.unreadable),
        twice=tuple(twice),
        markers=found.markers,
    )


def _main_coding(codings: Counter[str], styles: Counter[str]) -> str:
    if codings["quanto"]:
        return "quanto"
    if codings["scaled"]:
        if styles["comfy_quant"]:
            return "fp8 scaled (newer ComfyUI)"
        if styles["scaled_fp8"]:
            return "fp8 scaled (older ComfyUI, Kijai)"
        return "8 bit with scale per row (LightX2V)"
    return "fp8 unscaled" if codings["fp8"] else "plain"


def _join_image_parts(tensors: Mapping[str, Stored]) -> dict[str, Stored]:
    """Queries, keys and values of transformers' CLIP as the one published `to_qkv`."""
    joined: dict[str, Stored] = {}
    for name, stored in tensors.items():
        split = re.fullmatch(r"(visual\.transformer\.\d+\.attn\.)[qkv]_proj\.(weight|bias)", name)
        if split is None:
            joined[name] = _with_leading_ones(name, stored)
            continue
        target = f"{split[1]}to_qkv.{split[2]}"
        sources = [tensors.get(f"{split[1]}{part}_proj.{split[2]}") for part in "qkv"]
        parts = tuple(s.parts[0] for s in sources if s is not None)
        if target in joined or len(parts) < 3:
            continue
        rows = sum(part.shape[0] for part in parts)
        joined[target] = Stored(
            name=target,
            file=stored.file,
            shape=(rows, *parts[0].shape[1:]),
            dtype=stored.dtype,
            coding="plain",
            parts=parts,
        )
    return joined


def _with_leading_ones(name: str, stored: Stored) -> Stored:
    """Class token and positions have axes of length one in the published file."""
    ranks = {"visual.cls_embedding": 3, "visual.pos_embedding": 3}
    rank = ranks.get(name, len(stored.shape))
    shape = (1,) * (rank - len(stored.shape)) + stored.shape
    return Stored(
        name=name,
        file=stored.file,
        shape=shape,
        dtype=stored.dtype,
        coding=stored.coding,
        parts=stored.parts,
        scale=stored.scale,
        scale_file=stored.scale_file,
    )
