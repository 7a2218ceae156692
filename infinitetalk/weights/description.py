"""`infinitetalk.json`: what a model folder says of itself, where it differs from the published one.

The published folders have no such file; the defaults are theirs. Our miniature model brings one.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, Literal

from infinitetalk.weights.header import corrupt

DESCRIPTION_FILE = "infinitetalk.json"
MAX_BYTES = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class PreviewColors:
    """RGB = latents @ matrix + bias: [channels][3] and [3]."""

    matrix: tuple[tuple[float, ...], ...]
    bias: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class ModelDescription:
    """What the sampler and the plan have to know of a model beside its tensors."""

    name: str = "InfiniteTalk on Wan2.1-I2V-14B"
    kind: Literal["published", "miniature"] = "published"
    chunk_frames: int = 81
    motion_frames: int = 9
    size: tuple[int, int] | None = None  # (H, W), where the model knows only one
    buckets: tuple[tuple[int, int], ...] = ()  # (H, W); none: the published ones
    shift: float | None = None
    fast_lora: str | None = None  # file below the model's folder
    fast_lora_scale: float = 1.0
    preview: PreviewColors | None = None
    image_heads: int | None = None  # of the image encoder; None: heads as wide as published
    latent_mean: tuple[float, ...] | None = None  # per latent channel; None: the published VAE's
    latent_std: tuple[float, ...] | None = None
    presets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def read_description(folder: Path) -> ModelDescription:
    """The description in a folder, or that of the published model where there is none.

    Raises EngineError `weights.corrupt`, naming the entry that can't be right.
    """
    path = folder / DESCRIPTION_FILE
    if not path.is_file():
        return ModelDescription()
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ValueError("it is too large for a description")
        data = json.loads(path.read_text("utf-8"))
        if not isinstance(data, dict):
            raise TypeError("it is no table")
        return _parsed(data)
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise corrupt(path, f"it is not a valid description of a model ({error}).") from error


def _parsed(data: Mapping[str, Any]) -> ModelDescription:
    plain = ModelDescription()
    kind = data.get("kind", plain.kind)
    if kind not in ("published", "miniature"):
        raise ValueError(f"kind must be published or miniature, found {kind!r}")
    chunk = _frames(data, "chunk_frames", plain.chunk_frames)
    motion = _frames(data, "motion_frames", plain.motion_frames)
    if motion >= chunk:
        raise ValueError(f"motion_frames ({motion}) must be < chunk_frames ({chunk})")
    size = data.get("size")
    lora = data.get("fast_lora") or {}
    file = lora.get("file")
    return ModelDescription(
        name=str(data.get("name", plain.name)),
        kind=kind,
        chunk_frames=chunk,
        motion_frames=motion,
        size=None if size is None else _size(size),
        buckets=tuple(_size(bucket) for bucket in data.get("buckets") or ()),
        shift=None if data.get("shift") is None else _number(data["shift"]),
        fast_lora=None if file is None else _inside(str(file)),
        fast_lora_scale=_number(lora.get("scale", 1.0)),
        preview=_preview(data.get("preview_rgb")),
        image_heads=None if data.get("image_heads") is None else int(data["image_heads"]),
        latent_mean=_statistics(data.get("latent_mean")),
        latent_std=_statistics(data.get("latent_std")),
        presets={str(k): dict(v) for k, v in dict(data.get("presets") or {}).items()},
    )


def _frames(data: Mapping[str, Any], key: str, default: int) -> int:
    value = data.get(key, default)
    if not isinstance(value, int) or value < 1 or value % 4 != 1:
        raise ValueError(f"{key} must be 4n + 1, found {value!r}")
    return value


def _size(value: Any) -> tuple[int, int]:
    height, width = value
    if not all(isinstance(n, int) and n > 0 and n % 16 == 0 for n in (height, width)):
        raise ValueError(f"sizes must be multiples of 16, found {value!r}")
    return height, width


def _number(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"a finite number is needed, found {value!r}")
    return number


def _inside(name: str) -> str:
    """A relative path that stays below the folder, whichever system wrote it."""
    for kind in (PurePosixPath, PureWindowsPath):
        path = kind(name)
        if path.is_absolute() or path.drive or ".." in path.parts:
            raise ValueError(f"{name!r} leaves the folder")
    return name


def _statistics(values: Any) -> tuple[float, ...] | None:
    return None if values is None else tuple(_number(value) for value in values)


def _preview(data: Any) -> PreviewColors | None:
    if data is None:
        return None

    def row(values: Sequence[Any]) -> tuple[float, ...]:
        if len(values) != 3:
            raise ValueError("preview_rgb needs three colors per row")
        return tuple(_number(value) for value in values)

    return PreviewColors(matrix=tuple(row(r) for r in data["matrix"]), bias=row(data["bias"]))
