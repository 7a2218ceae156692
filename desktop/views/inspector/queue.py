"""The queue: now, waiting, needs you, finished."""

from PySide6.QtCore import QLocale, QTime, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from desktop.state.clock_text import duration_text
from desktop.state.jobs import Job, JobPhase
from desktop.state.session import Session
from desktop.state.settings import SettingsState
from desktop.theme import Theme
from desktop.views.status_bar import ICONS, job_text
from desktop.widgets.buttons import button, tool
from desktop.widgets.chunk_strip import Cell, ChunkStrip
from desktop.widgets.column import ScrollColumn
from desktop.widgets.fields import choice
from desktop.widgets.labels import ElidedLabel, label, set_role

_ICON_TOKENS = {
    "needs_you": "stale",
    "failed": "failed",
    "finished": "ready_text",
    "rendering": "rendering",
}


class JobCard(QFrame):
    """One job with its chunks, what it does, and its buttons."""

    def __init__(self, job: Job, view: "QueueView", theme: Theme) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.job = job
        self._view, self._theme = view, theme
        set_role(self, "chosen", "true" if job.phase in ("now", "paused") else "false")
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 8, 8, 8)
        box.setSpacing(5)
        head = QHBoxLayout()
        head.setSpacing(8)
        self._icon = QLabel()
        head.addWidget(ElidedLabel(job.name, "strong"), 1)
        for widget in self._buttons():
            head.addWidget(widget)
        box.addLayout(head)
        state = QHBoxLayout()
        state.setSpacing(6)
        self._text = ElidedLabel("", "small")
        state.addWidget(self._icon)
        state.addWidget(self._text, 1)
        box.addLayout(state)
        self._strip = ChunkStrip(theme)
        box.addWidget(self._strip)
        self._detail = label("", "small", wrap=True)
        self._time = label("", "small")
        box.addWidget(self._detail)
        box.addWidget(self._time)
        self.refresh()

    def _buttons(self) -> list[QWidget]:
        view, job, icons = self._view, self.job, self._theme.icons
        queue = view.session.queue
        if job.phase == "now":
            return [
                tool(icons.icon("pause"), self.tr("Pause after this chunk"), queue.pause),
                tool(icons.icon("stop"), self.tr("Stop now"), view.stop_wanted.emit),
            ]
        if job.phase == "waiting":
            return [
                tool(icons.icon("up"), self.tr("Earlier"), lambda: queue.move(job, -1)),
                tool(icons.icon("down"), self.tr("Later"), lambda: queue.move(job, 1)),
                tool(
                    icons.icon("trash"), self.tr("Take out of the queue"), lambda: queue.remove(job)
                ),
            ]
        if job.phase == "finished":
            return [
                button(self.tr("Export…"), lambda: view.export_wanted.emit(job)),
                tool(
                    icons.icon("folder"),
                    self.tr("Show in folder"),
                    lambda: view.folder_wanted.emit(job.folder),
                ),
                tool(icons.icon("cross"), self.tr("Take off the list"), lambda: queue.remove(job)),
            ]
        return [
            button(self.tr("Go on"), lambda: queue.go_on(job), icon=icons.icon("play")),
            tool(
                icons.icon("folder"),
                self.tr("Show in folder"),
                lambda: view.folder_wanted.emit(job.folder),
            ),
        ]

    def refresh(self) -> None:
        job = self.job
        status = "needs_you" if job.phase == "needs_you" else job.state.status
        token = _ICON_TOKENS.get(status, "second")
        ratio, side = self.devicePixelRatioF(), self._theme.px(14)
        self._icon.setPixmap(self._theme.icons.pixmap(ICONS[status], token, side, ratio))
        text = job_text(job)
        chunk = job.state.chunk
        if job.phase == "now" and chunk is not None and chunk < len(job.state.chunks):
            running = job.state.chunks[chunk]
            if running.steps:
                text += ", " + self.tr("step {0} of {1}").format(running.step, running.steps)
        self._text.setText(text)
        cells: list[Cell] = [
            (c.status, c.step / c.steps if c.steps else 0.0, float(max(c.frame_count, 1)))
            for c in job.state.chunks
        ]
        self._strip.setVisible(bool(cells))
        self._strip.show_cells(cells)
        self._strip.setAccessibleName(
            self.tr("{0} of {1} chunks ready").format(job.state.chunks_ready, len(cells))
        )
        self._detail.setText(self._facts())
        self._time.setText(self._times())
        self._time.setVisible(bool(self._time.text()))

    def _facts(self) -> str:
        job = self.job
        if job.phase == "needs_you" and job.error is not None:
            return " ".join(p for p in (job.error.detail, job.error.remedy, job.error.safe) if p)
        plan = job.state.plan
        parts = [job.preset.capitalize()] if job.preset else []
        size = plan.get("size")
        if size:
            parts.append(f"{size[1]} × {size[0]}")
        if plan.get("precision"):
            parts.append(str(plan["precision"]))
        if job.state.chunks:
            parts.append(self.tr("%n chunks", "", len(job.state.chunks)))
        return " · ".join(parts)

    def _times(self) -> str:
        left = self.job.seconds_left() if self.job.phase == "now" else None
        if left is None:
            return ""
        clock = QLocale().toString(QTime.currentTime().addSecs(round(left) % 86400), "HH:mm")
        return self.tr("{0} left, ready about {1}").format(duration_text(left), clock)


class QueueView(QWidget):
    """All jobs in four groups."""

    stop_wanted = Signal()
    export_wanted = Signal(object)
    folder_wanted = Signal(object)

    def __init__(self, session: Session, settings: SettingsState, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("queueView")
        self.session, self._settings, self._theme = session, settings, theme
        self._cards: list[JobCard] = []
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        inner = QWidget()
        inner.setObjectName("scrolled")
        self._box = QVBoxLayout(inner)
        self._box.setContentsMargins(14, 12, 14, 12)
        self._box.setSpacing(6)
        area = ScrollColumn(inner)
        outer.addWidget(area, 1)
        outer.addWidget(self._foot())
        session.queue.changed.connect(self.rebuild)
        session.queue.advanced.connect(self._advanced)
        theme.changed.connect(self.rebuild)
        self.rebuild()

    def _foot(self) -> QWidget:
        foot = QFrame()
        foot.setProperty("kind", "footer")
        box = QVBoxLayout(foot)
        box.setContentsMargins(14, 8, 14, 10)
        row = QHBoxLayout()
        row.addWidget(label(self.tr("When the queue is empty:"), "small", wrap=True), 1)
        done = choice(
            [
                (self.tr("do nothing"), "nothing"),
                (self.tr("sleep"), "sleep"),
                (self.tr("quit"), "quit"),
            ]
        )
        done.setAccessibleName(self.tr("When the queue is empty"))
        done.setCurrentIndex(max(done.findData(self._settings.value.when_done), 0))
        done.currentIndexChanged.connect(
            lambda _: self._settings.update(when_done=done.currentData())
        )
        row.addWidget(done)
        box.addLayout(row)
        notify = QCheckBox(self.tr("Notify me"))
        notify.setChecked(self._settings.value.notify)
        notify.toggled.connect(lambda on: self._settings.update(notify=on))
        box.addWidget(notify)
        return foot

    def rebuild(self) -> None:
        while (item := self._box.takeAt(0)) is not None:
            widget = item.widget()
            if isinstance(widget, QWidget):
                widget.hide()
                widget.deleteLater()
        self._cards = []
        jobs = self.session.queue.jobs
        if not jobs:
            self._box.addWidget(label(self.tr("The queue is empty."), "third"))
        groups: tuple[tuple[str, tuple[JobPhase, ...]], ...] = (
            (self.tr("Now"), ("now", "paused")),
            (self.tr("Waiting"), ("waiting",)),
            (self.tr("Needs you"), ("needs_you",)),
            (self.tr("Stopped"), ("stopped",)),
            (self.tr("Finished"), ("finished",)),
        )
        for title, phases in groups:
            found = [job for job in jobs if job.phase in phases]
            if not found:
                continue
            self._box.addWidget(label(title, "section"))
            for job in found:
                made = JobCard(job, self, self._theme)
                self._cards.append(made)
                self._box.addWidget(made)
        self._box.addStretch(1)

    def _advanced(self, job: Job, event: object) -> None:
        del event
        if not self.isVisible():
            return
        for made in self._cards:
            if made.job is job:
                made.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        del event
        self.rebuild()
