"""The queue: which jobs there are, which one runs, and what their events say."""

import time
from collections import deque
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, Signal

from desktop.state.engine_link import EngineLink
from infinitetalk.errors import ErrorReport
from infinitetalk.event import (
    Cancelled,
    ChunkReady,
    ChunkStarted,
    Event,
    Failed,
    Finished,
    JobState,
    Notice,
    Paused,
    PlanReady,
    StepDone,
    fold,
)
from infinitetalk.request import GenerationRequest
from infinitetalk.wire import Pause, Resume, Start, Stop

JobPhase = Literal["waiting", "now", "paused", "needs_you", "stopped", "finished"]
_RETRIES = 1  # a chunk is tried again once if the engine ends by itself
_KEPT_RATES = 12


@dataclass
class Job:
    """One job of the queue."""

    folder: Path
    name: str
    model: str
    project: Path | None = None
    request: GenerationRequest | None = None  # None: an existing job goes on as it is
    frames: tuple[int, int] | None = None
    out: Path | None = None
    vram_limit: int | None = None  # bytes
    phase: JobPhase = "waiting"
    state: JobState = field(default_factory=JobState)
    preset: str = ""
    since: float = field(default_factory=time.time)
    error: ErrorReport | None = None
    retries: int = 0
    cards_lost: int = 0  # how often the graphics card stopped answering
    pausing: bool = False
    chunk_seconds: deque[float] = field(default_factory=lambda: deque(maxlen=_KEPT_RATES))
    step_started: float = 0.0

    @property
    def chunks_left(self) -> int:
        return sum(c.status in ("waiting", "rendering", "stale") for c in self.state.chunks)

    def seconds_left(self) -> float | None:
        """From what chunks took so far, else from the plan; None before there is one."""
        if not self.state.chunks:
            return None
        if self.chunk_seconds:
            each = sum(self.chunk_seconds) / len(self.chunk_seconds)
        else:
            each = float(self.state.plan.get("seconds_per_chunk", 0.0))
        if each <= 0:
            return None
        left = self.chunks_left * each
        running = self.state.chunk
        if running is not None and running < len(self.state.chunks):
            chunk = self.state.chunks[running]
            if chunk.steps:
                left -= each * chunk.step / chunk.steps
        return max(left, 0.0)


class JobQueue(QObject):
    """Runs jobs one after the other on the engine. A job that needs the user lets others go on."""

    changed = Signal()  # the list or a phase
    advanced = Signal(object, object)  # Job, Event: something happened in the running job
    job_failed = Signal(object, object)  # Job, ErrorReport
    job_finished = Signal(object)  # Job
    emptied = Signal()

    def __init__(self, engine: EngineLink) -> None:
        super().__init__()
        self._engine = engine
        self.jobs: list[Job] = []
        self.held = False  # nothing begins until `release`
        engine.event_received.connect(self._event)
        engine.ended.connect(self._engine_ended)

    @property
    def running(self) -> Job | None:
        return next((j for j in self.jobs if j.phase in ("now", "paused")), None)

    def job_of(self, folder: Path | None) -> Job | None:
        return next((j for j in self.jobs if j.folder == folder), None)

    def add(self, job: Job, *, next_one: bool = False) -> None:
        """Puts a job into the queue, instead of an earlier one of the same folder."""
        self.jobs = [j for j in self.jobs if j.folder != job.folder or j.phase == "now"]
        if next_one:
            place = next((i for i, j in enumerate(self.jobs) if j.phase == "waiting"), None)
            self.jobs.insert(len(self.jobs) if place is None else place, job)
        else:
            self.jobs.append(job)
        self.changed.emit()
        self.start_next()

    def remove(self, job: Job) -> None:
        if job.phase != "now":
            self.jobs = [j for j in self.jobs if j is not job]
            self.changed.emit()

    def move(self, job: Job, by: int) -> None:
        """Earlier (-1) or later (1) among those that wait."""
        waiting = [j for j in self.jobs if j.phase == "waiting"]
        if job in waiting:
            place = min(max(waiting.index(job) + by, 0), len(waiting) - 1)
            waiting.remove(job)
            waiting.insert(place, job)
            order = iter(waiting)
            self.jobs = [next(order) if j.phase == "waiting" else j for j in self.jobs]
            self.changed.emit()

    def hold(self) -> None:
        """Nothing further begins; what runs pauses after its chunk."""
        self.held = True
        self.pause()

    def release(self) -> None:
        self.held = False
        self.unpause()
        self.start_next()

    def start_next(self) -> None:
        if self.running is not None or self.held:
            return
        job = next((j for j in self.jobs if j.phase == "waiting"), None)
        if job is None:
            return
        self._start(job)

    def go_on(self, job: Job) -> None:
        """A paused, stopped or failed job goes on where it was."""
        if job.phase == "paused":
            self._phase(job, "now")
            job.state = replace(job.state, status="rendering")
            job.pausing = False
            self._engine.ask(Resume())
            return
        job.error, job.retries = None, 0
        if job.state.plan:
            job.request = None
        self._phase(job, "waiting")
        self.start_next()

    def pause(self) -> None:
        """Pause after the chunk that is being rendered."""
        job = self.running
        if job is not None and not job.pausing:
            job.pausing = True
            job.state = replace(job.state, status="pausing")
            self._engine.ask(Pause())
            self.changed.emit()

    def unpause(self) -> None:
        job = self.running
        if job is None:
            return
        if job.phase == "paused":
            self.go_on(job)
        elif job.pausing:
            job.pausing = False
            job.state = replace(job.state, status="rendering")
            self._engine.ask(Resume())
            self.changed.emit()

    def stop(self) -> None:
        """Stop at once: the chunk being rendered is lost, finished ones stay."""
        if self.running is not None:
            self._engine.ask(Stop())

    def _start(self, job: Job) -> None:
        self._phase(job, "now")
        job.pausing = False
        job.state = replace(job.state, status="preparing", error=None)
        message = Start(
            job_folder=job.folder,
            model=job.model,
            request=job.request,
            frames=job.frames,
            out=job.out,
            vram_limit=job.vram_limit,
            leave_core_free=True,  # as in the plan that the window shows
        )
        self._engine.ask(message, None, lambda report: self._refused(job, report))

    def _refused(self, job: Job, report: ErrorReport) -> None:
        if report.code != "engine.ended" and job.phase == "now":
            self._fail(job, report)

    def _phase(self, job: Job, phase: JobPhase) -> None:
        job.phase, job.since = phase, time.time()
        self.changed.emit()

    def _event(self, event: Event) -> None:
        job = self.running
        if job is None:
            return
        job.state = fold(job.state, event)
        if job.pausing and job.state.status == "rendering":
            job.state = replace(job.state, status="pausing")
        if isinstance(event, ChunkReady) and not event.reused:
            job.chunk_seconds.append(event.seconds)
            job.retries = 0
        if isinstance(event, (ChunkStarted, StepDone)):
            job.step_started = time.monotonic()
        self.advanced.emit(job, event)
        self._settle(job, event)

    def _settle(self, job: Job, event: Event) -> None:
        """What an event means for the queue."""
        if isinstance(event, PlanReady):
            job.request = None  # the job folder has it from now on
        elif isinstance(event, Paused):
            self._phase(job, "paused")
        elif isinstance(event, Finished):
            self._phase(job, "finished")
            self.job_finished.emit(job)
            self._after(job)
        elif isinstance(event, Cancelled):
            self._phase(job, "stopped")
            self._after(job)
        elif isinstance(event, Failed):
            self._fail(job, event.report)
        elif isinstance(event, Notice):
            self.changed.emit()

    def _fail(self, job: Job, report: ErrorReport) -> None:
        if report.code == "gpu.lost":
            job.cards_lost += 1
            report = replace(report, facts={**report.facts, "repeated": job.cards_lost > 1})
        job.error = report
        job.state = replace(job.state, status="failed", error=report)
        self._phase(job, "needs_you")
        self.job_failed.emit(job, report)
        self._after(job)

    def _after(self, job: Job) -> None:
        del job
        self.start_next()
        if self.running is None:
            self.emptied.emit()

    def _engine_ended(self, code: int) -> None:
        job = self.running
        if job is None:
            return
        chunk = job.state.chunk
        if job.retries < _RETRIES:
            job.retries += 1
            self.advanced.emit(
                job,
                Notice(
                    job_id=job.state.job_id,
                    report=_ended(code, chunk, job, goes_on=True),
                    level="warning",
                ),
            )
            if job.state.plan:
                job.request = None
            self._start(job)
            return
        self._fail(job, _ended(code, chunk, job))


def _ended(code: int, chunk: int | None, job: Job, *, goes_on: bool = False) -> ErrorReport:
    reason = f"Exit code {code}"
    if code == -9:
        reason += ", probably ended by the system for lack of RAM"
    lost = f"; chunk {chunk + 1} is lost" if chunk is not None else ""
    ready = job.state.chunks_ready
    return ErrorReport(
        code="engine.ended",
        title="The engine ended unexpectedly",
        detail=f"{reason}{lost}.",
        remedy="It is tried again once by itself; then press Try again, or save diagnostics.",
        safe=f"{ready} chunks are safe." if ready else "",
        facts={"exit_code": code, "chunk": chunk, "safe_chunks": ready, "goes_on": goes_on},
    )
