"""What is stored of the open project's job: takes, their figures, and which of them are shown.

Reading needs no lock. Writing is done here only while the engine does not render this job.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Signal

from desktop.loading.background import Background
from infinitetalk import wire
from infinitetalk.errors import EngineError, ErrorReport
from infinitetalk.event import ChunkReady, ChunkStatus
from infinitetalk.paths import jobs_folder
from infinitetalk.plan import Plan, Schedule, plan_again
from infinitetalk.project import edits, keys, order
from infinitetalk.project.job import JobFolder, is_job_folder
from infinitetalk.project.takes import TakeMeta, read_meta
from infinitetalk.project.timeline import TakeEntry, Timeline
from infinitetalk.request import ChunkSettings, GenerationRequest

_LOCK_SECONDS = 4.0
_AT_ONCE = 200  # chunks whose digests are computed without another thread


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What a take's meta.json says that the timeline shows."""

    color_drift: float = 0.0
    identity_drift: float = 0.0
    seed: int | None = None
    created: str = ""
    seconds: float = 0.0


_NOTHING = Figures()


class JobStore(QObject):
    """The job folder of the open project, as far as it exists."""

    changed = Signal()
    failed = Signal(object)  # ErrorReport

    def __init__(self, background: Background) -> None:
        super().__init__()
        self._background = background
        self.folder: Path | None = None
        self.exists = False
        self.plan: Plan | None = None
        self.timeline = Timeline()
        self._figures: dict[tuple[int, str], Figures] = {}
        self._version = 0  # counts changes of the timeline made here
        self._writing = 0
        self._then: list[Callable[[], object]] = []
        self._parts: tuple[str, ...] = ()
        self._parts_for: tuple[object, object, object] | None = None
        self._parts_wanted: tuple[object, object, object] | None = None

    @staticmethod
    def folder_for(project: Path | None, name: str) -> Path:
        """The one job folder of a project, beside its file."""
        if project is not None:
            return project.with_suffix(".job")
        return jobs_folder() / f"{name or 'untitled'}.job"

    def open(self, folder: Path) -> None:
        """Another job, or the same one after the engine has written to it."""
        if folder != self.folder:
            self.folder = folder
            self.exists, self.plan, self.timeline = False, None, Timeline()
            self._figures.clear()
        self.reload()

    def reload(self) -> None:
        folder = self.folder
        version = self._version
        if folder is not None:
            self._background.submit(
                lambda: _read(folder),
                lambda found: self._loaded(folder, found, version),
                self.failed.emit,
                priority=1,
            )

    def _loaded(self, folder: Path, found: "_Stored | None", version: int) -> None:
        if folder != self.folder or found is None:
            return
        if version != self._version or self._writing:
            # It was read before what has changed here since: read again.
            self.when_written(self.reload)
            return
        self.exists, self.plan = True, found.plan
        self.timeline = found.timeline.with_takes_of(self.timeline)
        self._figures |= found.figures
        self.changed.emit()

    def take_arrived(self, event: ChunkReady) -> None:
        """A take was stored: its entry is read from its folder."""

        def arrived(meta: TakeMeta | None) -> None:
            if meta is None:
                self.reload()
                return
            self._figures[event.chunk, meta.key] = _figures_of(meta)
            entry = self.timeline.chunk(event.chunk)
            if entry.active == event.take:
                self.changed.emit()  # valid from before, perhaps kept: nothing is decided anew
                return
            self._version += 1
            extra = entry.active is not None and entry.active != event.take and bool(entry.wanted)
            self.timeline = edits.with_take(
                self.timeline, event.chunk, TakeEntry.of(meta), extra=extra
            )
            self.changed.emit()

        self._background.submit(lambda: _meta(event.path), arrived, priority=2)

    # States

    def statuses(
        self,
        request: GenerationRequest,
        schedule: Schedule,
        frames: tuple[int, int] | None = None,
        fresh: Plan | None = None,
    ) -> tuple[tuple[ChunkStatus, ...], dict[int, str]]:
        """State of every chunk, and why a chunk is stale where that is known."""
        timeline = replace(self.timeline, frames=frames)
        count = len(schedule.chunks)
        plan = self.plan_of(fresh, schedule)
        parts = self._digests(request, plan) if plan is not None else ()
        if len(parts) != count:
            parts = tuple(
                (take.part if (take := timeline.chunk(i).active_take) else "") for i in range(count)
            )
        statuses = order.chunk_statuses(timeline, schedule, parts)
        return statuses, self._reasons(statuses, parts)

    def _reasons(self, statuses: Sequence[ChunkStatus], parts: Sequence[str]) -> dict[int, str]:
        follows = QCoreApplication.translate("chunks", "follows chunk {0}")
        edited = QCoreApplication.translate("chunks", "its settings were changed")
        reasons: dict[int, str] = {}
        for index, status in enumerate(statuses):
            if status != "stale":
                continue
            take = self.timeline.chunk(index).active_take
            if take is None:
                continue
            if take.stale:
                reasons[index] = take.stale
            elif take.part != parts[index]:
                reasons[index] = edited
            else:
                reasons[index] = follows.format(index)
        return reasons

    def plan_of(self, fresh: Plan | None, schedule: Schedule) -> Plan | None:
        """What the request makes of the job's plan: means of computing stay as they were fixed."""
        if self.plan is None:
            return None
        if fresh is None:
            return replace(
                self.plan,
                chunks=schedule.chunks,
                total_frames=schedule.total_frames,
                rows=schedule.rows,
            )
        return plan_again(self.plan, fresh)

    def _digests(self, request: GenerationRequest, plan: Plan) -> tuple[str, ...]:
        wanted = (request, plan.chunks, (plan.steps, plan.shift, plan.size, plan.precision))
        if wanted == self._parts_for:
            return self._parts
        if len(plan.chunks) <= _AT_ONCE:
            self._parts, self._parts_for = keys.part_digests(request, plan), wanted
        elif wanted != self._parts_wanted:
            self._parts_wanted = wanted
            self._background.submit(
                lambda: keys.part_digests(request, plan),
                lambda parts: self._digested(wanted, parts),
                priority=2,
            )
        return self._parts

    def _digested(self, wanted: tuple[object, object, object], parts: tuple[str, ...]) -> None:
        self._parts, self._parts_for = parts, wanted
        self.changed.emit()

    def locked_takes(self) -> tuple[tuple[int, str], ...]:
        return edits.locked_takes(self.timeline)

    def figures(self, index: int, take: str | None) -> Figures:
        return self._figures.get((index, take or ""), _NOTHING)

    def take_folder(self, index: int, take: str) -> Path | None:
        return None if self.folder is None else self.folder / "chunks" / f"{index:04d}-{take}"

    # Changes, shown at once

    def set_timeline(self, timeline: Timeline) -> None:
        """Shows a timeline; takes that only the present one knows come along."""
        self._version += 1
        self.timeline = timeline.with_takes_of(self.timeline)

    def kept(self, indices: Sequence[int]) -> Timeline:
        timeline = self.timeline
        for index in indices:
            timeline = edits.keep(timeline, index)
        return timeline

    def chosen(
        self, request: GenerationRequest, index: int, take: str
    ) -> tuple[GenerationRequest, Timeline]:
        return edits.choose_take(request, self.timeline, index, take)

    def removed(
        self, request: GenerationRequest, index: int, take: str
    ) -> tuple[GenerationRequest, Timeline] | ErrorReport:
        try:
            return edits.remove_take(request, self.timeline, index, take)
        except EngineError as error:
            return error.report

    def redo(
        self,
        request: GenerationRequest,
        index: int,
        settings: tuple[ChunkSettings, ...],
        *,
        keep_following: bool,
    ) -> GenerationRequest:
        """Wishes a new take; stored, so that the next render makes it."""
        self._version += 1
        request, self.timeline = edits.redo(
            request, self.timeline, index, settings, keep_following=keep_following
        )
        self._write(lambda job: (job.save_timeline(self.timeline), job.save_request(request)))
        self.changed.emit()
        return request

    def save_timeline(self) -> None:
        timeline = self.timeline
        self._write(lambda job: job.save_timeline(timeline))

    def save_request(self, request: GenerationRequest) -> None:
        self._write(lambda job: job.save_request(request))

    def when_written(self, then: Callable[[], object]) -> None:
        """Calls `then` once everything that was changed here is on the disk."""
        if self._writing:
            self._then.append(then)
        else:
            then()

    def _write(self, change: Callable[[JobFolder], object]) -> None:
        folder = self.folder
        if folder is None or not self.exists:
            return
        self._writing += 1
        self._background.submit(
            lambda: _change(folder, change),
            lambda _: self._written(),
            self._not_written,
            priority=3,
        )

    def _written(self) -> None:
        self._writing -= 1
        if not self._writing:
            waiting, self._then = self._then, []
            for then in waiting:
                then()

    def _not_written(self, report: ErrorReport) -> None:
        self.failed.emit(report)
        self._written()

    def messages_since(self, old: Timeline) -> list[wire.Message]:
        """What to tell the engine so that its timeline becomes this one."""
        if self.folder is None:
            return []
        messages: list[wire.Message] = []
        for index, entry in self.timeline.chunks.items():
            before = old.chunk(index)
            gone = {t.key for t in before.takes} - {t.key for t in entry.takes}
            messages += [
                wire.RemoveTake(job_folder=self.folder, chunk=index, take=key) for key in gone
            ]
            if entry.active != before.active and entry.active is not None:
                messages.append(
                    wire.ChooseTake(job_folder=self.folder, chunk=index, take=entry.active)
                )
            if entry.kept != before.kept:
                messages.append(wire.Keep(job_folder=self.folder, chunks=(index,), keep=entry.kept))
        return messages


@dataclass(frozen=True, kw_only=True)
class _Stored:
    plan: Plan | None
    timeline: Timeline
    figures: dict[tuple[int, str], Figures]


def _change(folder: Path, change: Callable[[JobFolder], object]) -> None:
    """Changes a job folder under its lock; an engine that is about to let go of it is awaited."""
    end = time.monotonic() + _LOCK_SECONDS
    while True:
        try:
            job = JobFolder.open(folder)
            break
        except EngineError as error:
            if error.report.code != "project.locked" or time.monotonic() > end:
                raise
            time.sleep(0.05)
    try:
        change(job)
    finally:
        job.close()


def _read(folder: Path) -> _Stored | None:
    if not is_job_folder(folder):
        return None
    job = JobFolder.open(folder, write=False)
    figures: dict[tuple[int, str], Figures] = {}
    for index, entry in job.timeline.chunks.items():
        for take in entry.takes:
            meta = _meta(job.takes.take_folder(index, take.key))
            if meta is not None:
                figures[index, take.key] = _figures_of(meta)
    return _Stored(plan=job.plan, timeline=job.timeline, figures=figures)


def _meta(folder: Path) -> TakeMeta | None:
    try:
        return read_meta(folder)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _figures_of(meta: TakeMeta) -> Figures:
    return Figures(
        color_drift=meta.color_drift,
        identity_drift=meta.identity_drift,
        seed=meta.seed,
        created=meta.created,
        seconds=meta.seconds,
    )
