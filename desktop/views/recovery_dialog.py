"""After an unclean end: what is safe, what is lost, and how to go on."""

import time
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.state.clock_text import duration_text
from desktop.state.jobs import Job
from desktop.state.session import Session
from desktop.theme import Theme
from desktop.widgets.buttons import button, link, primary
from desktop.widgets.chunk_strip import Cell, ChunkStrip
from desktop.widgets.dialog import SheetDialog
from desktop.widgets.folders import open_folder
from desktop.widgets.icon_mark import IconMark
from desktop.widgets.labels import label
from infinitetalk.errors import EngineError
from infinitetalk.event import ChunkReady, ChunkStarted, ChunkStatus, JobState, StepDone, fold
from infinitetalk.project.document import ProjectFile
from infinitetalk.project.job import JobFolder
from infinitetalk.project.timeline import without_damaged_takes


class RecoveryDialog(SheetDialog):
    """Opens by itself; says in minutes what is lost."""

    def __init__(self, session: Session, theme: Theme, parent: QWidget, file: ProjectFile) -> None:
        super().__init__(parent, "recoveryDialog", "")
        self.setWindowTitle(self.tr("Recovery"))
        self.setModal(True)
        self.resize(580, 300)
        self._session, self._theme, self._file = session, theme, file
        self.body.addWidget(label(self.tr("Go on with {0}?").format(session.project.name), "title"))
        self._when = label(self.tr("Looking at what is there…"), "second", wrap=True)
        self.body.addWidget(self._when)
        self._strip = ChunkStrip(theme, height=18)
        self.body.addWidget(self._strip)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(8)
        self.body.addLayout(self._lines)
        self.body.addStretch(1)
        self._left = label("", "second")
        self.body.addWidget(self._left)
        self.footer.addWidget(
            link(self.tr("Show job folder"), lambda: open_folder(file.job_folder))
        )
        self.footer.addStretch(1)
        self.footer.addWidget(button(self.tr("Open without rendering"), self.reject))
        self._go_on = primary(
            self.tr("Go on"), self._resume, icon=theme.icons.icon("play", "on_filled")
        )
        self._go_on.setDefault(True)
        self._go_on.setEnabled(False)
        self.footer.addWidget(self._go_on)
        session.background.submit(
            lambda: look(file.job_folder), self._found, lambda _: self._found(None), priority=5
        )

    def _found(self, found: "Found | None") -> None:
        if self._file.recovered:
            self._line("check", "ready_text", self.tr("Edits after the last save are restored."))
        if found is None:
            self._when.setText(self.tr("The program was ended before anything was rendered."))
            self._go_on.setEnabled(bool(self._session.timeline.chunks))
            return
        state, whole, damaged = found.state, len(found.taken), found.damaged
        clock = time.strftime("%H:%M", time.localtime(found.at))
        running = found.begun
        if running is not None:
            self._when.setText(
                self.tr("The program was ended at {0} while chunk {1} was being rendered.").format(
                    clock, running + 1
                )
            )
        else:
            self._when.setText(self.tr("The program was ended at {0}.").format(clock))
        cells: list[Cell] = []
        for index, chunk in enumerate(state.chunks):
            status: ChunkStatus = "stale" if index in found.taken else "waiting"
            if chunk.status in ("ready", "kept"):
                status = "ready"
            cells.append((status, 0.0, float(max(chunk.frame_count, 1))))
        self._strip.show_cells(cells)
        self._line(
            "check",
            "ready_text",
            self.tr("%n chunks are on disk and have been checked.", "", whole),
        )
        if damaged:
            self._line(
                "warning",
                "stale",
                self.tr("%n chunks are damaged and are rendered again.", "", damaged),
            )
        if running is not None and running < len(state.chunks):
            lost = found.lost_seconds
            text = self.tr("Chunk {0} starts again at its first step.").format(running + 1)
            if lost >= 1:
                text += " " + self.tr("About {0} are lost.").format(duration_text(lost))
            self._line("stale", "second", text)
        each = float(state.plan.get("seconds_per_chunk", 0.0))
        rest = sum(c.status not in ("ready", "kept", "left_out") for c in state.chunks) * each
        if rest > 0:
            self._left.setText(self.tr("{0} left").format(duration_text(rest)))
        self._state = state
        self._go_on.setEnabled(True)
        self._go_on.setFocus()
        self.adjustSize()

    def _line(self, icon: str, token: str, text: str) -> None:
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(IconMark(self._theme, icon, token))
        row.addWidget(label(text, "", wrap=True), 1)
        self._lines.addLayout(row)

    def _resume(self) -> None:
        session = self._session
        job = Job(
            folder=self._file.job_folder,
            name=session.project.name,
            model=session.data.model,
            project=session.project.path,
            preset=session.data.preset,
        )
        state = getattr(self, "_state", None)
        if state is not None:
            job.state = state
        else:
            job.request = session.planner.request
        session.queue.add(job, next_one=True)
        self.accept()


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a job's folder says of its end."""

    state: JobState
    taken: frozenset[int]  # chunks with a take that is whole, valid or stale
    damaged: int  # takes that are not whole
    at: float  # when the last event came
    begun: int | None  # the chunk that was being rendered
    lost_seconds: float


def look(folder: Path) -> Found | None:
    """Reads events and checks every take against its checksums."""
    try:
        job = JobFolder.open(folder, write=False)
    except EngineError:
        return None
    state, begun, lost = JobState(), None, 0.0
    for event in job.events.read():
        state = fold(state, event)
        if isinstance(event, ChunkStarted):
            begun, lost = event.chunk, 0.0
        elif isinstance(event, StepDone):
            lost += event.seconds
        elif isinstance(event, ChunkReady) and event.chunk == begun:
            begun, lost = None, 0.0
    timeline, damaged = without_damaged_takes(job.timeline, job.takes, full=True)
    taken = frozenset(i for i, entry in timeline.chunks.items() if entry.active is not None)
    events = folder / "events.jsonl"
    return Found(
        state=state,
        taken=taken,
        damaged=len(damaged),
        at=events.stat().st_mtime if events.exists() else time.time(),
        begun=begun,
        lost_seconds=lost,
    )
