"""What is decided before rendering: chunks, precision, memory budget and what it all costs.

A plan is fixed in `plan.json` when the job starts and kept by resume. Bytes, seconds and video
frames throughout.
"""

from dataclasses import dataclass, field, fields
from typing import Any, Literal

from infinitetalk.errors import ErrorReport

PLAN_FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class ChunkPlan:
    """Frames denoised together. It spans `span_frames` video frames from `start` on; the first
    `motion_frames` of them repeat the chunk before, so it adds `frame_count` frames from
    `first_frame` on to the timeline (trailing frames past the end of the speech are cut off).
    """

    index: int
    start: int
    span_frames: int  # 4n + 1
    motion_frames: int  # 0 where the chunk starts anew
    first_frame: int
    frame_count: int
    source_time: float  # seconds into the source video, its end already folded in
    source_index: int  # the reference's address: frame number `start`


@dataclass(frozen=True, kw_only=True)
class StageEstimate:
    """Predicted cost of a stage, for one chunk where the stage runs per chunk."""

    stage: str
    seconds: float
    vram: int
    ram: int
    per_chunk: bool = False


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Everything that is decided before rendering."""

    size: tuple[int, int]  # (H, W)
    total_frames: int
    rows: tuple[int, ...]  # audio embedding rows per speaker, before padding
    chunks: tuple[ChunkPlan, ...]
    branches: tuple[str, ...]
    steps: int
    shift: float
    precision: str
    dtype: str  # of computation: float32, bfloat16
    device: str  # cpu, cuda
    threads: int
    attention: str
    resident_blocks: int
    vae_dtype: str
    vae_tile: int  # pixels of a tile's side; 0: whole
    text_encoder: str  # bf16, fp32, int8, stored
    weights_identity: str
    exact: bool
    token_chunk: int = 0  # tokens at a time in work per token; 0: all
    keep_key_values: bool = True  # of text, picture and speech, once per chunk, in VRAM
    branches_together: bool = True  # all guidance branches through a block while it is there
    pinned_bytes: int = 0  # streamed blocks held in page-locked RAM; the rest is read from disk
    vram_budget: int = 0  # bytes that the job may use
    stages: tuple[StageEstimate, ...] = ()
    peak_vram: int = 0
    peak_ram: int = 0
    disk: int = 0
    seconds_per_chunk: float = 0.0
    seconds: float = 0.0
    seconds_origin: Literal["estimated", "measured"] = "estimated"
    skipped_steps: tuple[int, ...] | None = None  # TeaCache's, once known
    fits: bool = True
    notices: tuple[ErrorReport, ...] = ()
    format: int = field(default=PLAN_FORMAT)

    def to_json(self) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for item in fields(self):
            value = getattr(self, item.name)
            if item.name in ("chunks", "stages"):
                value = [{f.name: getattr(v, f.name) for f in fields(v)} for v in value]
            elif item.name == "notices":
                value = [n.to_json() for n in value]
            elif isinstance(value, tuple):
                value = list(value)
            data[item.name] = value
        return data

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Plan":
        values = dict(data)
        values["chunks"] = tuple(ChunkPlan(**c) for c in data["chunks"])
        values["stages"] = tuple(StageEstimate(**s) for s in data["stages"])
        values["notices"] = tuple(ErrorReport.from_json(n) for n in data["notices"])
        for name in ("size", "rows", "branches", "skipped_steps"):
            if values.get(name) is not None:
                values[name] = tuple(values[name])
        return cls(**values)
