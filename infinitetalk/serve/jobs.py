"""The queue of jobs: one renders, the others wait; a paused one keeps its place."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from infinitetalk.engine.control import Control
from infinitetalk.engine.engine import Engine
from infinitetalk.engine.export import export_job
from infinitetalk.engine.prepare import PreparedJob
from infinitetalk.engine.results import was_written_by
from infinitetalk.errors import EngineError
from infinitetalk.event import (
    Cancelled,
    ChunkReady,
    ChunkStatus,
    ChunkStatusChanged,
    Failed,
    Finished,
    Paused,
    StageStarted,
)
from infinitetalk.media.export_choice import ExportChoice
from infinitetalk.project.job import JobFolder
from infinitetalk.project.keys import part_digests
from infinitetalk.project.order import chunk_statuses, next_chunk_to_render
from infinitetalk.project.takes import Take
from infinitetalk.serve.voice import Voice


@dataclass
class QueuedJob:
    """A prepared job with its switches. `lock` guards its folder between engine and editors."""

    prepared: PreparedJob
    out: Path | None = None
    overwrite: bool = False
    control: Control = field(default_factory=Control)
    lock: "threading.RLock" = field(default_factory=threading.RLock)  # type: ignore[valid-type]  # a factory in 3.11

    @property
    def folder(self) -> Path:
        return self.prepared.job.path


class JobQueue:
    """Renders queued jobs in a thread of its own."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        self._engine = Engine()
        self._waiting: deque[QueuedJob] = deque()
        self._current: QueuedJob | None = None
        self._changed = threading.Condition()
        self._closing = False
        self._paused = False
        self._thread = threading.Thread(target=self._work, name="jobs", daemon=True)
        self._thread.start()

    def add(self, job: QueuedJob) -> None:
        with self._changed:
            self._waiting.append(job)
            self._changed.notify_all()

    def find(self, folder: Path) -> QueuedJob | None:
        with self._changed:
            every = [*([self._current] if self._current else []), *self._waiting]
        return next((job for job in every if job.folder == folder.absolute()), None)

    def is_rendering(self) -> bool:
        with self._changed:
            return self._current is not None and not self._paused

    def pause(self) -> None:
        """After the running chunk; nothing further begins until `resume`."""
        with self._changed:
            self._paused = True
            if self._current is not None:
                self._current.control.pause_after_chunk()

    def resume(self) -> None:
        with self._changed:
            self._paused = False
            if self._current is not None:
                self._current.control.go_on()
            self._changed.notify_all()

    def stop(self) -> int:
        """Stops the running job at once; how many of its chunks are ready."""
        with self._changed:
            current = self._current
            if current is None:
                return 0
            current.control.stop()
            self._changed.notify_all()  # it may be paused
        with current.lock:
            timeline = current.prepared.job.timeline
            return sum(entry.active is not None for entry in timeline.chunks.values())

    def close(self) -> None:
        """Stops what runs and waits for it; queued jobs are left as they are on disk."""
        with self._changed:
            self._closing = True
            if self._current is not None:
                self._current.control.stop()
            self._changed.notify_all()
        self._thread.join()
        for job in self._waiting:
            job.prepared.job.close()

    # -- the thread -------------------------------------------------------------------------------

    def _work(self) -> None:
        while (job := self._next_job()) is not None:
            try:
                self._run(job)
            finally:
                self._leave(job)

    def _leave(self, job: QueuedJob, *, unless_more: bool = False) -> bool:
        """The job ends and its folder is free; False where an edit left something to render.

        Under the job's lock, so that an edit comes either before, and counts, or finds it gone.
        """
        with job.lock:
            if unless_more and self._more(job):
                return False
            job.prepared.job.close()
            with self._changed:
                if self._current is job:
                    self._current = None
            return True

    def _next_job(self) -> QueuedJob | None:
        with self._changed:
            self._changed.wait_for(lambda: self._closing or (self._waiting and not self._paused))
            if self._closing:
                return None
            self._current = self._waiting.popleft()
            return self._current

    def _run(self, job: QueuedJob) -> None:
        """Renders until nothing is left. How it ended is told once the job has left the queue:
        who hears it may start the job again at once.
        """
        while True:
            last = None
            for event in self._engine.generate(job.prepared, job.control, job.lock):
                last = event
                if not isinstance(event, (Finished, Cancelled, Failed)):
                    self._voice.tell(event)
            if isinstance(last, Paused):
                if self._wait_for_resume(job):
                    continue
                ready = sum(e.active is not None for e in job.prepared.job.timeline.chunks.values())
                last = Cancelled(job_id=job.prepared.job.job_id, chunks_ready=ready)
            if isinstance(last, Finished) and job.out is not None and not self._more(job):
                last = self._exported(job, last, job.out)
                self._leave(job)
            elif not self._leave(job, unless_more=isinstance(last, Finished)):
                continue
            if last is not None:
                self._voice.tell(last)
            return

    def _more(self, job: QueuedJob) -> bool:
        with job.lock:
            folder = job.prepared.job
            parts = part_digests(folder.request, job.prepared.plan)
            return next_chunk_to_render(folder.timeline, job.prepared.plan, parts) is not None

    def _wait_for_resume(self, job: QueuedJob) -> bool:
        """False where the job was stopped instead."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._closing or job.control.stopping or not job.control.pausing
            )
            return not (self._closing or job.control.stopping)

    def _exported(self, job: QueuedJob, last: Finished, out: Path) -> Finished | Failed:
        folder = job.prepared.job
        self._voice.tell(StageStarted(job_id=folder.job_id, stage="export"))
        try:
            choice = ExportChoice(frames=folder.timeline.frames)  # what was to be rendered
            mine = was_written_by(folder.path, out)
            export_job(folder, out, choice, overwrite=job.overwrite or mine)
        except EngineError as error:
            return Failed(job_id=folder.job_id, report=error.report)
        return replace(last, output=out)


# -- edits ----------------------------------------------------------------------------------------


@contextmanager
def editable(queue: JobQueue, folder: Path) -> Iterator[JobFolder]:
    """The job folder to change: that of a queued job under its lock, or opened for the moment."""
    queued = queue.find(folder)
    if queued is not None:
        with queued.lock:
            if queue.find(folder) is queued:  # else it has ended while we waited
                yield queued.prepared.job
                return
    job = JobFolder.open(folder)
    try:
        yield job
    finally:
        job.close()


Shown = tuple[tuple[ChunkStatus, str | None], ...]  # per chunk: its state, key of the shown take


def statuses_of(job: JobFolder) -> Shown:
    if job.plan is None:
        return ()
    found = chunk_statuses(job.timeline, job.plan, part_digests(job.request, job.plan))
    return tuple((status, job.timeline.chunk(i).active) for i, status in enumerate(found))


def tell_changes(voice: Voice, job: JobFolder, before: Shown, running: int | None = None) -> None:
    """Events for the chunks that an edit changed: which take is shown now, and in what state."""
    after = statuses_of(job)
    for index, (old, new) in enumerate(zip(before, after, strict=False)):
        if old == new or index == running:
            continue
        status, key = new
        take = job.valid_take(index, key) if key else None
        told = take is not None and (status == "ready" or key != old[1])
        if told and take is not None:
            voice.tell(_shown(job, take))
        if not (told and status == "ready"):
            voice.tell(ChunkStatusChanged(job_id=job.job_id, chunk=index, status=status))


def _shown(job: JobFolder, take: Take) -> ChunkReady:
    meta = take.meta
    return ChunkReady(
        job_id=job.job_id,
        chunk=meta.index,
        take=meta.key,
        first_frame=meta.first_frame,
        frame_count=meta.frame_count,
        path=take.folder,
        seconds=meta.seconds,
        peak_vram=meta.peak_vram,
        reused=True,
        color_drift=meta.color_drift,
        identity_drift=meta.identity_drift,
    )
