"""Step 1 of the set-up page: the machine as the engine found it, and what that means."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.reports.texts import told
from desktop.state.clock_text import GIB, gib_text
from desktop.state.session import Session
from desktop.theme import Theme
from desktop.views.models.layout import clear
from desktop.widgets.buttons import link
from desktop.widgets.column import ScrollColumn
from desktop.widgets.icon_mark import IconMark
from desktop.widgets.labels import card, label
from infinitetalk.errors import ErrorReport
from infinitetalk.paths import jobs_folder
from infinitetalk.plan import Machine

ROOMY_RAM = 15 * GIB
ROOMY_DISK = 10 * GIB


def probe_again(session: Session) -> None:
    """Looks once more, and measures how fast the models folder is read."""
    folder = session.settings.value.jobs_folder
    session.engine.probe(
        Path(folder) if folder else jobs_folder(),
        measure=True,
        models_folder=session.models.folder,
    )


class MachineStep(QWidget):
    """One card per fact; what is not perfect says so in a sentence."""

    def __init__(self, session: Session, theme: Theme) -> None:
        super().__init__()
        self._session, self._theme = session, theme
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        holder = QWidget()
        holder.setObjectName("scrolled")
        self._rows = QVBoxLayout(holder)
        self._rows.setContentsMargins(0, 0, 4, 0)
        self._rows.setSpacing(8)
        area = ScrollColumn(holder)
        box.addWidget(area, 1)
        again = link(self.tr("Check again"), self.probe)
        box.addWidget(again, 0, Qt.AlignmentFlag.AlignLeft)

    def probe(self) -> None:
        probe_again(self._session)

    def refresh(self) -> None:
        machine = self._session.engine.machine
        clear(self._rows)
        if machine is None:
            self._rows.addWidget(label(self.tr("The engine looks at the machine…"), "second"))
            self._rows.addStretch(1)
            return
        self._show(machine)
        for report in self._notices(machine):
            self._notice(report)
        self._rows.addStretch(1)

    def _show(self, machine: Machine) -> None:
        if machine.gpu:
            self._fact(
                "chip",
                f"{machine.gpu}, {gib_text(machine.vram_total)}",
                self.tr("driver {0}, {1} free").format(
                    machine.driver or "?", gib_text(machine.vram_free)
                ),
                good=True,
            )
        else:
            self._fact(
                "chip",
                self.tr("No graphics card is used"),
                self.tr("The miniature model works on the CPU; the big one needs a card."),
                good=False,
            )
        self._fact(
            "memory",
            self.tr("{0} of memory").format(gib_text(machine.ram_total)),
            self.tr("{0} free").format(gib_text(machine.ram_free)),
            good=machine.ram_total >= ROOMY_RAM,
        )
        self._fact(
            "disk",
            self.tr("{0} free on the disk of jobs").format(gib_text(machine.disk_free)),
            self.tr("reads {0} GB/s").format(f"{machine.disk_read / 1e9:.1f}")
            if machine.disk_read
            else "",
            good=machine.disk_free >= ROOMY_DISK,
        )
        self._fact(
            "settings",
            machine.cpu or self.tr("CPU"),
            self.tr("%n cores", "", machine.cores),
            good=True,
        )

    def _notices(self, machine: Machine) -> list[ErrorReport]:
        """What the engine says, and what only the window knows."""
        found = list(machine.notices)
        if self._session.no_sound:
            found.append(
                ErrorReport(
                    code="sound.none",
                    title=self.tr("There is no sound device"),
                    detail=self.tr(
                        "Videos are rendered and exported with their sound all the same."
                    ),
                    remedy=self.tr("The preview plays by the system's clock, without sound."),
                )
            )
        return found

    def _fact(self, icon: str, title: str, note: str, *, good: bool) -> None:
        frame = card()
        row = QHBoxLayout(frame)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(12)
        row.addWidget(IconMark(self._theme, icon, side=18))
        row.addWidget(label(title, "strong"))
        row.addWidget(label(note, "small", wrap=True), 1)
        mark = ("check", "ready_text") if good else ("warning", "stale")
        row.addWidget(IconMark(self._theme, *mark))
        self._rows.addWidget(frame)

    def _notice(self, report: ErrorReport) -> None:
        report = told(report)
        frame = card()
        frame.setObjectName(f"notice.{report.code}")
        row = QHBoxLayout(frame)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(12)
        row.addWidget(
            IconMark(self._theme, "warning", "stale", side=18), 0, Qt.AlignmentFlag.AlignTop
        )
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(label(report.title, "strong", wrap=True))
        texts.addWidget(label(f"{report.detail} {report.remedy}".strip(), "small", wrap=True))
        row.addLayout(texts, 1)
        self._rows.addWidget(frame)
