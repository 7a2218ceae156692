"""Exports in the background: they wait for their chunks, run beside the rendering, can be stopped."""

import itertools
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, Signal

from desktop.state.engine_link import EngineLink
from desktop.state.jobs import Job, JobQueue
from infinitetalk.errors import ErrorReport
from infinitetalk.event import ExportProgress
from infinitetalk.media.export_choice import ExportChoice
from infinitetalk.wire import CancelTask, Export

Phase = Literal["waiting", "running", "finished", "failed", "stopped"]
_STOPPED = ("task.cancelled", "task.unknown")


@dataclass(eq=False)
class RunningExport:
    """One export from the moment it was asked for. `waits`: for the job's chunks."""

    task: str
    job_folder: Path
    out: Path
    choice: ExportChoice
    waits: bool = False
    phase: Phase = "waiting"
    fraction: float = 0.0
    error: ErrorReport | None = field(default=None)

    @property
    def open(self) -> bool:
        return self.phase in ("waiting", "running")


class ExportState(QObject):
    """All exports of this start; the engine writes them one after the other."""

    changed = Signal(object)  # RunningExport
    started = Signal(object)
    ended = Signal(object)

    def __init__(self, engine: EngineLink, queue: JobQueue) -> None:
        super().__init__()
        self._engine = engine
        self._numbers = itertools.count(1)
        self.all: list[RunningExport] = []
        engine.task_progress.connect(self._progress)
        queue.job_finished.connect(self._job_finished)

    @property
    def open(self) -> list[RunningExport]:
        return [export for export in self.all if export.open]

    def add(
        self, job_folder: Path, out: Path, choice: ExportChoice, *, wait: bool = False
    ) -> RunningExport:
        """Writes `out`, at once or (`wait`) when the job has finished."""
        export = RunningExport(
            task=f"export {next(self._numbers)}",
            job_folder=job_folder,
            out=out,
            choice=choice,
            waits=wait,
        )
        self.all.append(export)
        self.started.emit(export)
        if not wait:
            self._start(export)
        return export

    def again(self, export: RunningExport, out: Path, choice: ExportChoice) -> RunningExport:
        """What failed, to another place or in another format."""
        return self.add(export.job_folder, out, choice)

    def stop(self, export: RunningExport) -> None:
        if export.waits:
            self._end(export, "stopped")
        elif export.open:
            self._engine.ask(CancelTask(task=export.task), None, lambda _: None)

    def free_name(self, path: Path) -> Path:
        """The path, or with a number where it is taken: "keynote-de 2.mp4"."""
        taken = {export.out for export in self.open}
        found, number = path, 2
        while found.exists() or found in taken:
            found = path.with_name(f"{path.stem} {number}{path.suffix}")
            number += 1
        return found

    def _start(self, export: RunningExport) -> None:
        export.waits = False
        message = Export(
            job_folder=export.job_folder, out=export.out, choice=export.choice, task=export.task
        )
        self._engine.ask(
            message,
            lambda _: self._end(export, "finished"),
            lambda report: self._refused(export, report),
        )
        self.changed.emit(export)

    def _refused(self, export: RunningExport, report: ErrorReport) -> None:
        if report.code in _STOPPED:
            self._end(export, "stopped")
            return
        export.error = report
        self._end(export, "failed")

    def _end(self, export: RunningExport, phase: Phase) -> None:
        export.waits, export.phase = False, phase
        export.fraction = 1.0 if phase == "finished" else export.fraction
        self.changed.emit(export)
        self.ended.emit(export)

    def _progress(self, event: object) -> None:
        if not isinstance(event, ExportProgress) or event.status != "running":
            return
        for export in self.open:
            if export.task == event.task:
                export.phase, export.fraction = "running", event.fraction
                self.changed.emit(export)

    def _job_finished(self, job: Job) -> None:
        for export in self.open:
            if export.waits and export.job_folder == job.folder:
                self._start(export)
