"""What follows from a request on this machine: pure arithmetic, without torch and without files.

The plan is made before any GPU work, shown to the user, fixed in `plan.json` when the job starts
and kept by resume. Bytes, seconds and video frames throughout.
"""

from dataclasses import dataclass, field, fields
from typing import Any, Literal

from infinitetalk.errors import ErrorReport

PLAN_FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class MediaFacts:
    """What the plan must know of the user's files."""

    source_kind: Literal["picture", "video"]
    source_size: tuple[int, int]  # (H, W), after orientation
    source_duration: float = 0.0  # seconds; 0 for a picture
    source_fps: float = 25.0
    source_variable_rate: bool = False
    speech_seconds: tuple[float, ...] = ()  # per speaker, start shift included; silent track 0
    scene_cuts: tuple[float, ...] = ()  # seconds


@dataclass(frozen=True, kw_only=True)
class WeightsFacts:
    """What the plan must know of a model folder, read from headers alone."""

    name: str
    identity: str  # digest of headers, sizes and stored checksums
    dim: int
    heads: int
    ffn_dim: int
    blocks: int
    audio_blocks: int
    audio_channels: int
    text_dim: int
    stored: str  # dtype or scheme of the block linears as stored: fp32, bf16, fp8, int8
    block_parameters: int  # of one block
    other_parameters: int  # of the transformer outside its blocks
    text_encoder_bytes: int  # as stored
    image_encoder_bytes: int
    audio_encoder_bytes: int
    vae_parameters: int
    speakers: int = 1  # most speakers that these weights know
    chunk_frames: int = 81
    motion_frames: int = 9
    size: tuple[int, int] | None = None  # (H, W) the model was made for, where it knows only one
    shift: float | None = None
    fast_lora: str | None = None  # file name below the folder
    fast_lora_scale: float = 1.0
    miniature: bool = False


@dataclass(frozen=True, kw_only=True)
class Machine:
    """This computer, as far as a plan depends on it. Rates are measured where `measured`."""

    gpu: str | None = None  # name, None: CPU only
    compute_capability: tuple[int, int] | None = None
    vram_total: int = 0
    vram_free: int = 0
    ram_total: int = 0
    ram_free: int = 0
    disk_free: int = 0  # where jobs are kept
    disk_read: float = 0.0  # bytes per second from where the weights lie; 0: not measured
    pinned_rate: float = 0.0  # bytes per second to the GPU; 0: not measured
    pageable_rate: float = 0.0
    matmul_flops: float = 0.0  # bf16 (GPU) or fp32 (CPU) products; 0: from the card's figures
    matmul8_flops: float = 0.0
    attention_flops: float = 0.0
    cpu: str = ""
    cores: int = 1
    torch_version: str = ""
    torch_cuda: str | None = None  # CUDA version torch was built with; None: a CPU build
    driver: str = ""
    notices: tuple[ErrorReport, ...] = ()
    measured: tuple[tuple[str, float], ...] = ()  # seconds per chunk by settings, from earlier jobs


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
    vae_tile: int  # pixels; 0: whole
    text_encoder: str  # bf16, fp32, int8, stored
    weights_identity: str
    exact: bool
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
