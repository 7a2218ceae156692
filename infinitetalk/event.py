"""What happened: facts in the past tense, small, made of plain values; files travel as paths.

`fold` turns a stream of events into a `JobState`, which the window, the command line and the tests
read alike. Chunks count from 0.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, assert_never, get_args

from infinitetalk.errors import ErrorReport

Stage = Literal["text", "source", "speech", "load", "denoise", "decode", "store", "export"]
ChunkStatus = Literal["waiting", "rendering", "ready", "stale", "kept", "failed", "left_out"]
JobStatus = Literal[
    "waiting", "preparing", "rendering", "pausing", "paused", "failed", "stopped", "finished"
]


@dataclass(frozen=True, kw_only=True)
class PlanReady:
    """The job folder exists and the plan is fixed; `plan` is the JSON form of plan.Plan."""

    job_id: str
    job_folder: Path
    plan: dict


@dataclass(frozen=True, kw_only=True)
class StageStarted:
    job_id: str
    stage: Stage
    chunk: int | None = None


@dataclass(frozen=True, kw_only=True)
class StageAdvanced:
    """Progress inside a stage without steps (speech encoding, weights read, export)."""

    job_id: str
    stage: Stage
    fraction: float  # 0..1
    chunk: int | None = None


@dataclass(frozen=True, kw_only=True)
class StepsSkipped:
    """TeaCache's decisions, known before sampling: which steps reuse the step before."""

    job_id: str
    steps: int
    skipped: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class ChunkStarted:
    job_id: str
    chunk: int
    take: str  # the key that names the take
    seed: int
    steps: int


@dataclass(frozen=True, kw_only=True)
class StepDone:
    """One denoising step of a chunk; `preview` is a small picture of the clean estimate."""

    job_id: str
    chunk: int
    step: int  # from 0
    steps: int
    seconds: float
    preview: Path | None = None


@dataclass(frozen=True, kw_only=True)
class ChunkReady:
    """A finished chunk is on disk and can be played; later chunks never change it."""

    job_id: str
    chunk: int
    take: str
    first_frame: int  # on the timeline; the motion frames it repeats are already cut off
    frame_count: int
    path: Path  # the take's folder
    seconds: float
    peak_vram: int  # bytes
    reused: bool = False  # valid from before, not rendered now
    color_drift: float = 0.0  # mean Lab distance to the source frame
    identity_drift: float = 0.0


@dataclass(frozen=True, kw_only=True)
class ChunkStatusChanged:
    """A chunk became stale, kept, waiting or failed without being rendered."""

    job_id: str
    chunk: int
    status: ChunkStatus
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class MemoryStepDown:
    """Out of memory: the same chunk is tried again one rung lower on the ladder."""

    job_id: str
    chunk: int | None
    stage: Stage
    rung: int
    change: str
    changed: dict = field(default_factory=dict)  # setting -> [before, after]


@dataclass(frozen=True, kw_only=True)
class Notice:
    """Something the user should know that is no error."""

    job_id: str
    report: ErrorReport
    level: Literal["notice", "warning"] = "notice"


@dataclass(frozen=True, kw_only=True)
class Paused:
    job_id: str
    next_chunk: int | None


@dataclass(frozen=True, kw_only=True)
class Finished:
    job_id: str
    frame_count: int
    seconds: float
    output: Path | None = None


@dataclass(frozen=True, kw_only=True)
class Cancelled:
    """The user stopped the job; finished chunks stay."""

    job_id: str
    chunks_ready: int


@dataclass(frozen=True, kw_only=True)
class Failed:
    job_id: str
    report: ErrorReport
    chunk: int | None = None


Event = (
    PlanReady
    | StageStarted
    | StageAdvanced
    | StepsSkipped
    | ChunkStarted
    | StepDone
    | ChunkReady
    | ChunkStatusChanged
    | MemoryStepDown
    | Notice
    | Paused
    | Finished
    | Cancelled
    | Failed
)
EVENT_CLASSES: tuple[type, ...] = get_args(Event)


@dataclass(frozen=True, kw_only=True)
class MachineFound:
    """What `probe` found; `machine` is the JSON form of plan.Machine."""

    machine: dict


@dataclass(frozen=True, kw_only=True)
class WeightsListed:
    """Model folders that can be used; each is the JSON form of plan.WeightsFacts and its path."""

    weights: tuple[dict, ...]


@dataclass(frozen=True, kw_only=True)
class DownloadProgress:
    """A file on its way; bytes that arrived are kept. `status` "failed" carries the report, "waiting"
    one that tells why where a try has failed.

    The last event of a task has no file: it tells how the whole of it ended.
    """

    task: str
    file: str  # below the models folder; "": all files of the task
    done: int  # bytes
    total: int  # bytes
    rate: float  # bytes per second
    status: Literal["waiting", "running", "checking", "paused", "finished", "failed", "cancelled"]
    error: ErrorReport | None = None
    part: str = ""  # of the catalog that the file belongs to


@dataclass(frozen=True, kw_only=True)
class ImportProgress:
    """Weights being converted to the block store."""

    task: str
    done: int  # bytes written
    total: int  # bytes
    status: Literal["waiting", "running", "checking", "paused", "finished", "failed", "cancelled"]
    error: ErrorReport | None = None


@dataclass(frozen=True, kw_only=True)
class ExportProgress:
    """An export beside the jobs. How it ended is also the answer to its message."""

    task: str
    fraction: float  # 0..1
    status: Literal["running", "finished", "failed", "cancelled"]


HostEvent = MachineFound | WeightsListed | DownloadProgress | ImportProgress | ExportProgress
HOST_EVENT_CLASSES: tuple[type, ...] = get_args(HostEvent)


@dataclass(frozen=True, kw_only=True)
class ChunkState:
    """One chunk as seen from outside."""

    status: ChunkStatus = "waiting"
    step: int = 0  # steps done of the take being rendered
    steps: int = 0
    takes: tuple[str, ...] = ()
    active_take: str | None = None
    path: Path | None = None
    first_frame: int = 0
    frame_count: int = 0
    seconds: float = 0.0
    color_drift: float = 0.0
    identity_drift: float = 0.0
    preview: Path | None = None
    error: ErrorReport | None = None


@dataclass(frozen=True, kw_only=True)
class JobState:
    """The fold of a job's events."""

    job_id: str = ""
    job_folder: Path | None = None
    status: JobStatus = "waiting"
    stage: Stage | None = None
    stage_fraction: float = 0.0
    chunk: int | None = None
    plan: dict = field(default_factory=dict)
    chunks: tuple[ChunkState, ...] = ()
    notices: tuple[Notice, ...] = ()
    error: ErrorReport | None = None
    step_seconds: float = 0.0  # of the last step
    peak_vram: int = 0
    output: Path | None = None

    @property
    def chunks_ready(self) -> int:
        return sum(c.status in ("ready", "kept") for c in self.chunks)

    def with_chunk(self, index: int, **changes: object) -> "JobState":
        chunks = list(self.chunks)
        while len(chunks) <= index:
            chunks.append(ChunkState())
        chunks[index] = replace(chunks[index], **changes)
        return replace(self, chunks=tuple(chunks))


_NOTICES_KEPT = 200


def fold(state: JobState, event: Event) -> JobState:
    """The job's state after `event`. Pure: the same events give the same state."""
    match event:
        case PlanReady():
            return _plan_ready(state, event)
        case StageStarted():
            rendering = event.chunk is not None
            status: JobStatus = "rendering" if rendering else "preparing"
            if state.status == "pausing":
                status = "pausing"
            return replace(
                state, status=status, stage=event.stage, stage_fraction=0.0, chunk=event.chunk
            )
        case StageAdvanced():
            return replace(state, stage=event.stage, stage_fraction=event.fraction)
        case StepsSkipped():
            return state
        case ChunkStarted():
            state = replace(state, status="rendering", chunk=event.chunk)
            return state.with_chunk(
                event.chunk, status="rendering", step=0, steps=event.steps, error=None
            )
        case StepDone():
            state = replace(state, step_seconds=event.seconds, chunk=event.chunk)
            return state.with_chunk(
                event.chunk, step=event.step + 1, steps=event.steps, preview=event.preview
            )
        case ChunkReady():
            return _chunk_ready(state, event)
        case ChunkStatusChanged():
            return state.with_chunk(event.chunk, status=event.status)
        case MemoryStepDown():
            return state
        case Notice():
            return replace(state, notices=(*state.notices, event)[-_NOTICES_KEPT:])
        case Paused():
            return replace(state, status="paused", stage=None, chunk=None)
        case Finished():
            return replace(
                state,
                status="finished",
                stage=None,
                chunk=None,
                output=event.output or state.output,
            )
        case Cancelled():
            return _stopped(replace(state, status="stopped", stage=None, chunk=None))
        case Failed():
            if event.chunk is not None:
                state = state.with_chunk(event.chunk, status="failed", error=event.report)
            return replace(state, status="failed", stage=None, error=event.report)
        case _:
            assert_never(event)


def fold_all(events: Iterable[Event], state: JobState | None = None) -> JobState:
    state = state or JobState()
    for event in events:
        state = fold(state, event)
    return state


def _plan_ready(state: JobState, event: PlanReady) -> JobState:
    planned = event.plan.get("chunks", [])
    chunks = tuple(
        replace(
            state.chunks[i] if i < len(state.chunks) else ChunkState(),
            first_frame=int(chunk["first_frame"]),
            frame_count=int(chunk["frame_count"]),
        )
        for i, chunk in enumerate(planned)
    )
    return replace(
        state,
        job_id=event.job_id,
        job_folder=event.job_folder,
        status="preparing",
        plan=event.plan,
        chunks=chunks,
        error=None,
    )


def _chunk_ready(state: JobState, event: ChunkReady) -> JobState:
    takes = state.chunks[event.chunk].takes if event.chunk < len(state.chunks) else ()
    if event.take not in takes:
        takes = (*takes, event.take)
    state = replace(state, peak_vram=max(state.peak_vram, event.peak_vram))
    return state.with_chunk(
        event.chunk,
        status="ready",
        takes=takes,
        active_take=event.take,
        path=event.path,
        first_frame=event.first_frame,
        frame_count=event.frame_count,
        seconds=event.seconds,
        color_drift=event.color_drift,
        identity_drift=event.identity_drift,
        preview=None,
        error=None,
    )


def _stopped(state: JobState) -> JobState:
    for index, chunk in enumerate(state.chunks):
        if chunk.status == "rendering":
            state = state.with_chunk(index, status="waiting", step=0, preview=None)
    return state
