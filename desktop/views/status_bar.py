"""The line at the bottom: job, progress, when it is ready, and what the machine has left."""

from PySide6.QtCore import QCoreApplication, QLocale, Qt, QTime, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QStatusBar, QWidget

from desktop.loading.machine_use import MachineUse, Use
from desktop.reports.texts import told
from desktop.state.clock_text import GIB, duration_text, gib_text
from desktop.state.jobs import Job
from desktop.state.models_text import models_line
from desktop.state.session import Session
from desktop.theme import Theme
from desktop.views.export_parts import exports_text
from desktop.widgets.icon_mark import IconMark
from desktop.widgets.labels import ElidedLabel, label
from desktop.widgets.meter import Meter

_REFRESH_MS = 1000

ICONS = {
    "waiting": "clock",
    "preparing": "bars",
    "rendering": "bars",
    "pausing": "pause",
    "paused": "pause",
    "needs_you": "warning",
    "failed": "cross",
    "stopped": "stop",
    "finished": "check",
}


class StatusBar(QStatusBar):
    """Numbers change once a second, not more."""

    def __init__(self, session: Session, use: MachineUse, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("statusBar")
        self.setSizeGripEnabled(False)
        self._session, self._use, self._theme = session, use, theme
        left = QWidget()
        row = QHBoxLayout(left)
        row.setContentsMargins(12, 3, 0, 3)
        row.setSpacing(12)
        self._icon = QLabel()
        self._job = label("", "strong")
        self._ready = label("", "small")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(140)
        self._bar.setAccessibleName(self.tr("Progress of the job"))
        self._when = ElidedLabel("", "small", elide=Qt.TextElideMode.ElideRight)
        self._small = label("", "small")
        for widget in (self._icon, self._job, self._ready, self._bar, self._when, self._small):
            row.addWidget(widget, 1 if widget is self._when else 0)
        self.addWidget(left, 1)
        right = QWidget()
        meters = QHBoxLayout(right)
        meters.setContentsMargins(0, 3, 12, 3)
        meters.setSpacing(8)
        self._meters: dict[str, tuple[QLabel, Meter, QLabel]] = {}
        self._machine_mark = IconMark(theme, "warning", "stale", side=14)
        self._machine = label("", "warn")
        self._machine.setObjectName("machineNotice")
        meters.addWidget(self._machine_mark)
        meters.addWidget(self._machine)
        meters.addSpacing(8)
        for name, icon, title in (
            ("vram", "chip", self.tr("VRAM")),
            ("ram", "memory", self.tr("RAM")),
            ("disk", "disk", self.tr("Disk")),
        ):
            picture, meter, text = QLabel(), Meter(theme, height=10), label("", "small")
            picture.setProperty("icon", icon)
            meter.setAccessibleName(title)
            head = label(title, "small")
            for widget in (picture, head, meter, text):
                meters.addWidget(widget)
            meters.addSpacing(8)
            self._meters[name] = (picture, meter, text)
            if name == "vram":
                self._vram_widgets = (picture, head, meter, text)
        self.addPermanentWidget(right)
        self._timer = QTimer(self)
        self._timer.setInterval(_REFRESH_MS)
        self._timer.timeout.connect(self.refresh)
        self._timer.start()
        theme.changed.connect(self._icons)
        use.measured.connect(self._show_use)
        session.queue.changed.connect(self.refresh)
        session.models.changed.connect(self._show_background)
        session.engine.machine_changed.connect(self._show_machine)
        session.exports.changed.connect(lambda _: self._show_background())
        session.exports.ended.connect(lambda _: self._show_background())
        self._icons()
        self._show_machine()
        self.refresh()

    def _icons(self) -> None:
        ratio, side = self.devicePixelRatioF(), self._theme.px(16)
        for picture, _, _ in self._meters.values():
            name = picture.property("icon")
            picture.setPixmap(self._theme.icons.pixmap(name, "second", side, ratio))

    def show_small(self, text: str) -> None:
        """A small line for work in the background: export, import."""
        self._small.setText(text)

    def _show_machine(self) -> None:
        """What is worst about this machine, in a few words; the tooltip has all of it."""
        machine = self._session.engine.machine
        notices = [told(one) for one in machine.notices] if machine is not None else []
        for part in (self._machine_mark, self._machine):
            part.setVisible(bool(notices))
            part.setToolTip("\n\n".join(f"{n.title}: {n.detail} {n.remedy}" for n in notices))
        if notices:
            self._machine.setText(notices[0].title)

    def _show_background(self) -> None:
        """What is being exported, loaded or converted, also while its page is closed."""
        text = models_line(self._session.models)
        models = self.tr("Models: {0}").format(text) if text else ""
        self.show_small(" · ".join(t for t in (exports_text(self._session), models) if t))

    def refresh(self) -> None:
        self._use.measure(self._session.job_folder)
        job = self._session.queue.running or self._session.job
        shown = job is not None
        for widget in (self._icon, self._ready, self._bar, self._when):
            widget.setVisible(shown)
        if job is None:
            self._job.setText(self._idle_text())
            return
        self._show_job(job)

    def _idle_text(self) -> str:
        chunks = self._session.timeline.chunks
        count = len(chunks)
        if not count:
            return self.tr("Nothing to render yet")
        ready = sum(c.status in ("ready", "kept") for c in chunks)
        if ready:
            return self.tr("{0} of {1} ready").format(ready, count)
        return self.tr("%n chunks, not rendered yet", "", count)

    def _show_job(self, job: Job) -> None:
        status = "needs_you" if job.phase == "needs_you" else job.state.status
        ratio, side = self.devicePixelRatioF(), self._theme.px(16)
        icon = self._theme.icons.pixmap(ICONS[status], "rendering", side, ratio)
        self._icon.setPixmap(icon)
        self._job.setText(job_text(job))
        total = len(job.state.chunks)
        text = self.tr("{0} of {1} ready").format(job.state.chunks_ready, total) if total else ""
        self._ready.setText(text)
        self._bar.setRange(0, 1000)
        self._bar.setValue(round(1000 * progress(job)))
        left = job.seconds_left() if job.phase == "now" else None
        if left is None or job.chunks_left == 0:
            self._when.setText("")
            return
        ready = QTime.currentTime().addSecs(round(left) % 86400)
        clock = QLocale().toString(ready, "HH:mm")
        self._when.setText(self.tr("Ready about {0} · {1} left").format(clock, duration_text(left)))

    def _show_use(self, use: Use) -> None:
        self._session.card_users = use.users
        job = self._session.queue.running
        for widget in self._vram_widgets:
            widget.setVisible(use.vram_total > 0)
        if use.vram_total:
            _, meter, text = self._meters["vram"]
            planned = float(job.state.plan.get("peak_vram", 0)) if job else 0.0
            meter.show_value(
                use.vram_used / use.vram_total,
                tick=planned / use.vram_total if planned else -1.0,
            )
            text.setText(_of(use.vram_used, use.vram_total))
            meter.setToolTip(use.vram_users or self.tr("All use of the graphics card"))
        _, meter, text = self._meters["ram"]
        meter.show_value(use.ram_used / max(use.ram_total, 1))
        text.setText(_of(use.ram_used, use.ram_total))
        _, meter, text = self._meters["disk"]
        meter.show_value(1 - use.disk_free / max(use.disk_total, 1))
        text.setText(self.tr("{0} free").format(gib_text(use.disk_free)))


def _of(used: float, total: float) -> str:
    locale = QLocale()
    digits = 1 if used < 10 * GIB else 0
    return f"{locale.toString(used / GIB, 'f', digits)} / {gib_text(total)}"


def progress(job: Job) -> float:
    """Share of the job that is done, steps of the running chunk included."""
    total = len(job.state.chunks)
    if not total:
        return 0.0
    done = float(job.state.chunks_ready)
    chunk = job.state.chunk
    if chunk is not None and chunk < total and job.state.chunks[chunk].steps:
        done += job.state.chunks[chunk].step / job.state.chunks[chunk].steps
    return min(done / total, 1.0)


def job_text(job: Job) -> str:
    """What a job does, in words."""
    state = job.state
    if job.phase == "needs_you":
        return _tr("Needs you: {0}").format(job.error.title if job.error else "")
    chunk = state.chunk
    at_a_chunk = state.status == "preparing" and state.stage in ("denoise", "decode", "store")
    if (state.status == "rendering" or at_a_chunk) and chunk is not None:
        return _tr("Rendering chunk {0}").format(chunk + 1)
    if state.status == "preparing" and state.stage is not None:
        stage = {
            "text": _tr("text"),
            "source": _tr("picture"),
            "speech": _tr("speech"),
            "load": _tr("loading the model"),
        }.get(state.stage, state.stage)
        return _tr("Preparing: {0}").format(stage)
    return {
        "waiting": _tr("Waiting"),
        "preparing": _tr("Preparing"),
        "rendering": _tr("Rendering"),
        "pausing": _tr("Pausing after this chunk"),
        "paused": _tr("Paused"),
        "failed": _tr("Failed"),
        "stopped": _tr("Stopped"),
        "finished": _tr("Finished"),
    }[state.status]


def _tr(text: str) -> str:
    return QCoreApplication.translate("job", text)
