"""What the user asks for: every choice that can change the pixels of the video, and nothing else.

Defaults live here and nowhere else. A request is frozen, complete, validated when it is built, and
goes to JSON and back without loss. Sizes are (H, W); boxes are (top, left, bottom, right) in
pixels of the source; times are seconds; counts of frames are video frames at 25 per second.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from infinitetalk.request.areas import Box, Painted
from infinitetalk.request.kinds import build, check_kinds, check_ranges, plain

FPS = 25
REQUEST_FORMAT = 2  # 2: painted areas; a request without any is written as 1

NEGATIVE_PROMPT = (
    "bright tones, overexposed, static, blurred details, subtitles, style, works, paintings, "
    "images, static, overall gray, worst quality, low quality, JPEG compression residue, ugly, "
    "incomplete, extra fingers, poorly drawn hands, poorly drawn faces, deformed, disfigured, "
    "misshapen limbs, fused fingers, still picture, messy background, three legs, many people in "
    "the background, walking backwards"
)

Precision = Literal["fp32", "bf16", "fp8", "int8"]
Arrangement = Literal["together", "in_turn"]  # the reference's "para" and "add"
SourceEnd = Literal["hold", "loop", "pingpong", "stop"]
ColorReference = Literal["chunk", "first"]
Mode = Literal["streaming", "clip"]
Resolution = Literal["480", "720"]


@dataclass(frozen=True, kw_only=True)
class SpeechTrack:
    """The speech of one speaker. `path` None is a silent track as long as the other one."""

    path: Path | None
    start: float = 0.0  # seconds by which the speech is moved; negative cuts its beginning
    gain_db: float = 0.0

    def __post_init__(self) -> None:
        check_kinds(self)
        check_ranges(self, {"start": (-86400.0, 86400.0), "gain_db": (-100.0, 100.0)})


@dataclass(frozen=True, kw_only=True)
class Lora:
    """A low-rank delta and how strongly it is applied."""

    path: Path
    scale: float = 1.2

    def __post_init__(self) -> None:
        check_kinds(self)
        check_ranges(self, {"scale": (-100.0, 100.0)})


@dataclass(frozen=True, kw_only=True)
class Apg:
    """Adaptive projected guidance (spec: transformer.md 5.5)."""

    momentum: float = -0.75
    norm_threshold: float = 55.0
    eta: float = 0.0

    def __post_init__(self) -> None:
        check_kinds(self)
        ranges = {"momentum": (-1.0, 1.0), "norm_threshold": (0.0, 1e9), "eta": (-100.0, 100.0)}
        check_ranges(self, ranges)


@dataclass(frozen=True, kw_only=True)
class ChunkSettings:
    """What one chunk has of its own; None means: as in the request."""

    prompt: str | None = None
    negative_prompt: str | None = None
    seed: int | None = None
    text_guidance_scale: float | None = None
    audio_guidance_scale: float | None = None
    speech_shift: float | None = None  # seconds; positive lets the lips follow later
    source_time: float | None = None  # seconds; another source frame for this chunk

    def __post_init__(self) -> None:
        check_kinds(self)
        ranges = {"speech_shift": (-60.0, 60.0), "source_time": (0.0, 1e7)}
        names = ("seed", "text_guidance_scale", "audio_guidance_scale")
        check_ranges(self, {**ranges, **{name: _RANGES[name] for name in names}})


@dataclass(frozen=True, kw_only=True)
class Mends:
    """Where this program deliberately differs from the reference implementation.

    The defaults mend; `Mends.reference()` is the reference's way, for exact comparison. Numbers in
    comments are those of the list of faults (spec: pipeline.md 11).
    """

    pad_short_speech: bool = True  # 3: speech of one chunk or less is padded, not refused
    equal_tracks: bool = True  # 4: all tracks padded with silence to the longest
    source_by_time: bool = True  # 5: source frames addressed by time, not by index
    guard_masks: bool = True  # 7: a speaker's mask keeps at least one token
    color_reference: ColorReference = "chunk"  # 8: colors follow the chunk's own source frame
    round_bytes: bool = True  # 14: frames are rounded to bytes, not truncated
    orient_source: bool = True  # 18: EXIF and rotation metadata honored, alpha flattened
    source_end: SourceEnd = "pingpong"  # 19: what follows the end of a short source video
    limit_peaks: bool = True  # 20: no clipping after the loudness gain
    speech_piece: float = 40.0  # 22: seconds of speech encoded at a time; 0 encodes it whole
    shorten_last: bool = True  # 24: the last chunk covers only what is left
    guard_flat_frames: bool = True  # 29: color match leaves flat channels alone
    ease_seams: bool = True  # what a chunk sees differently fades in over its first new frames

    def __post_init__(self) -> None:
        check_kinds(self)
        check_ranges(self, {"speech_piece": (0.0, 86400.0)})

    @classmethod
    def reference(cls) -> "Mends":
        return cls(
            pad_short_speech=False,
            equal_tracks=False,
            source_by_time=False,
            guard_masks=False,
            color_reference="first",
            round_bytes=False,
            orient_source=False,
            source_end="hold",
            limit_peaks=False,
            speech_piece=0.0,
            shorten_last=False,
            guard_flat_frames=False,
            ease_seams=False,
        )


@dataclass(frozen=True, kw_only=True)
class GenerationRequest:
    """One talking video: everything the user chose that can change its pixels, and nothing else."""

    source: Path  # still picture, or a video to be given new speech
    speech: tuple[SpeechTrack, ...]  # one per speaker, left to right
    arrangement: Arrangement = "together"
    boxes: tuple[Box, ...] = ()  # one per speaker, or none: halves of the picture
    painted: tuple[Painted | None, ...] = ()  # one per speaker, in the place of its box; or none
    prompt: str = ""
    negative_prompt: str = NEGATIVE_PROMPT
    resolution: Resolution = "480"  # bucket set, and the class of its sizes
    size: tuple[int, int] | None = None  # (H, W), multiples of 16, instead of a bucket
    size_scale: float = 1.0  # of the bucket's sides, rounded to multiples of 16; drafts use 0.5
    mode: Mode = "streaming"  # "clip" renders one chunk
    max_frames: int | None = None
    chunk_frames: int | None = None  # 4n + 1; None: what the model was made for (81)
    motion_frames: int | None = None  # 4n + 1; None: what the model was made for (9)
    steps: int = 40
    shift: float | None = None  # None: the model's own, or 7 at 480 and 11 at 720
    text_guidance_scale: float = 5.0
    audio_guidance_scale: float = 4.0
    apg: Apg | None = None
    teacache_threshold: float | None = None  # None: off
    color_correction: float = 1.0  # 0..1
    scene_cuts: bool = False  # start anew at the cuts of a source video
    seed: int = 42
    loras: tuple[Lora, ...] = ()
    precision: Precision = "bf16"
    chunks: tuple[tuple[int, ChunkSettings], ...] = ()  # settings of single chunks, by index
    mends: Mends = field(default_factory=Mends)

    def __post_init__(self) -> None:
        check_kinds(self)
        _check_count(self)
        _check_numbers(self)
        indices = [index for index, _ in self.chunks]
        if len(set(indices)) != len(indices) or any(index < 0 for index in indices):
            raise ValueError(f"chunks must name each index once, from 0 on; found {indices}")

    @property
    def exact(self) -> bool:
        """True where every mend is switched off: the reference's way throughout."""
        return self.mends == Mends.reference()

    def with_exact(self) -> "GenerationRequest":
        return replace(self, mends=Mends.reference())

    def chunk_settings(self, index: int) -> ChunkSettings:
        return dict(self.chunks).get(index, ChunkSettings())

    def with_chunk(self, index: int, settings: ChunkSettings) -> "GenerationRequest":
        """The same request with `settings` for chunk `index` (empty settings remove the entry)."""
        others = [(i, s) for i, s in self.chunks if i != index]
        if settings != ChunkSettings():
            others.append((index, settings))
        return replace(self, chunks=tuple(sorted(others, key=lambda item: item[0])))

    @property
    def size_class(self) -> Resolution:
        """The class of what is rendered, which shift and step skipping follow: that of a size of
        its own is the nearer one (spec: pipeline.md 11, fault 16).
        """
        if self.size is None:
            return self.resolution
        return "720" if self.size[0] * self.size[1] > _CLASS_BORDER else "480"

    @property
    def passes(self) -> int:
        """Transformer passes per step: only those that guidance needs (spec: transformer.md 5.4)."""
        return len(branch_names(self.text_guidance_scale, self.audio_guidance_scale))

    def to_json(self) -> dict[str, Any]:
        """Older programs read a request that needs nothing of a newer format."""
        data = plain(self)
        if self.painted:
            return {"format": REQUEST_FORMAT, **data}
        del data["painted"]
        return {"format": 1, **data}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "GenerationRequest":
        """Raises ValueError naming the field that is missing, unknown or of the wrong kind."""
        found = data.get("format")
        if not isinstance(found, int) or found > REQUEST_FORMAT:
            raise ValueError(f"format must be {REQUEST_FORMAT} or older, found {found!r}")
        return _request_from_plain({k: v for k, v in data.items() if k != "format"})


def branch_names(text_guidance_scale: float, audio_guidance_scale: float) -> tuple[str, ...]:
    """The forward passes that one step needs (spec: transformer.md 5.4).

    Text scale 1 drops the text branches, audio scale 1 the audio ones; with both at 1 a single
    pass is left. The reference runs drop_audio and uncond even where they cancel out.
    """
    text = not math.isclose(text_guidance_scale, 1.0)
    audio = not math.isclose(audio_guidance_scale, 1.0)
    if text:
        return ("cond", "drop_text", "uncond") if audio else ("cond", "drop_text")
    return ("cond", "drop_audio") if audio else ("cond",)


def _check_count(request: GenerationRequest) -> None:
    speakers = len(request.speech)
    if not 1 <= speakers <= 2:
        raise ValueError(f"speech must have 1 or 2 tracks, found {speakers}")
    if all(track.path is None for track in request.speech):
        raise ValueError("speech must have at least one track with a file")
    if request.boxes and len(request.boxes) != speakers:
        raise ValueError(f"boxes must be one per speaker ({speakers}), found {len(request.boxes)}")
    if request.painted:
        _check_painted(request, speakers)
    for name in ("chunk_frames", "motion_frames"):
        frames = getattr(request, name)
        if frames is not None and (frames < 1 or frames % 4 != 1):
            raise ValueError(f"{name} must be 4n + 1, found {frames}")
    chunk, motion = request.chunk_frames, request.motion_frames
    if chunk and motion and motion >= chunk:
        raise ValueError(f"motion_frames ({motion}) must be < chunk_frames ({chunk})")
    if request.size is not None and request.size != nearest_size(request.size):
        raise ValueError(f"size must be multiples of 16, found {request.size}")


def _check_painted(request: GenerationRequest, speakers: int) -> None:
    if len(request.painted) != speakers:
        raise ValueError(
            f"painted must be one per speaker ({speakers}), found {len(request.painted)}"
        )
    if not all(area is None or isinstance(area, Painted) for area in request.painted):
        raise ValueError("painted must hold areas, or nothing for a speaker with a box")
    if not request.boxes and None in request.painted:
        raise ValueError("painted must be there for each speaker where there are no boxes")


def nearest_size(size: tuple[int, int]) -> tuple[int, int]:
    """The nearest (H, W) that the model can make: multiples of 16."""
    height, width = (max(16, round(side / 16) * 16) for side in size)
    return height, width


# Pixels: the geometric mean of the two classes, whose sizes have about 0.4 and 0.9 million.
_CLASS_BORDER = 600_000
_RANGES: dict[str, tuple[float, float]] = {
    "steps": (1, 1000),
    "text_guidance_scale": (0.0, 100.0),
    "audio_guidance_scale": (0.0, 100.0),
    "color_correction": (0.0, 1.0),
    "size_scale": (0.05, 1.0),
    "seed": (0, 2**63 - 1),
}


def _check_numbers(request: GenerationRequest) -> None:
    check_ranges(request, _RANGES)
    if request.shift is not None and not 0 < request.shift <= 1000:
        raise ValueError(f"shift must be above 0, found {request.shift}")
    if request.max_frames is not None and request.max_frames < 1:
        raise ValueError(f"max_frames must be 1 or more, found {request.max_frames}")
    if request.teacache_threshold is not None and not 0 < request.teacache_threshold <= 1000:
        raise ValueError(f"teacache_threshold must be above 0, found {request.teacache_threshold}")


def chunk_settings_from_json(data: Mapping[str, Any]) -> ChunkSettings:
    """Raises ValueError naming the field that is unknown."""
    return build(ChunkSettings, data, "chunk")


def chunk_settings_to_json(settings: ChunkSettings) -> dict[str, Any]:
    """Only what the chunk has of its own."""
    return {name: value for name, value in plain(settings).items() if value is not None}


def _optional_path(value: Any) -> Path | None:
    return None if value is None else Path(value)


def _painted(data: Any) -> Painted:
    return build(Painted, data, "painted", runs=tuple)


def _request_from_plain(data: Mapping[str, Any]) -> GenerationRequest:
    return build(
        GenerationRequest,
        data,
        "request",
        source=Path,
        speech=lambda v: tuple(build(SpeechTrack, t, "speech", path=_optional_path) for t in v),
        boxes=lambda v: tuple(build(Box, b, "boxes") for b in v),
        painted=lambda v: tuple(None if p is None else _painted(p) for p in v),
        size=lambda v: None if v is None else (int(v[0]), int(v[1])),
        loras=lambda v: tuple(build(Lora, item, "loras", path=Path) for item in v),
        apg=lambda v: None if v is None else build(Apg, v, "apg"),
        chunks=lambda v: tuple((int(i), chunk_settings_from_json(s)) for i, s in v),
        mends=lambda v: build(Mends, v, "mends"),
    )
