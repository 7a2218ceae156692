"""What the engine found of this machine, as text that can be copied."""

from dataclasses import fields

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from desktop.state.clock_text import gib_text
from desktop.state.session import Session
from desktop.widgets.buttons import button, primary
from desktop.widgets.dialog import SheetDialog
from desktop.widgets.labels import label
from infinitetalk.paths import jobs_folder
from infinitetalk.plan import Machine

_BYTES = {"vram_total", "vram_free", "ram_total", "ram_free", "disk_free"}
_RATES = {"disk_read", "pinned_rate", "pageable_rate"}


def machine_text(machine: Machine | None) -> str:
    """One figure a line."""
    if machine is None:
        return ""
    lines = []
    for item in fields(machine):
        value = getattr(machine, item.name)
        if item.name == "notices":
            lines += [f"{report.code}: {report}" for report in value]
            continue
        if item.name in _BYTES:
            value = gib_text(value)
        elif item.name in _RATES:
            value = f"{value / 1e9:.2f} GB/s" if value else "not measured"
        lines.append(f"{item.name}: {value}")
    return "\n".join(lines)


class MachineDialog(SheetDialog):
    """Help > Machine report, and Render > Bench."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent, "machineDialog", "")
        self.setWindowTitle(self.tr("Machine report"))
        self.resize(620, 480)
        self._session = session
        self._state = label("", "second", wrap=True)
        self.body.addWidget(self._state)
        self._text = QPlainTextEdit()
        self._text.setReadOnly(True)
        self._text.setAccessibleName(self.tr("Machine report"))
        self.body.addWidget(self._text, 1)
        self.footer.addWidget(button(self.tr("Copy"), self._copy))
        self._measure = button(self.tr("Measure"), self.measure)
        self.footer.addWidget(self._measure)
        self.footer.addStretch(1)
        self.footer.addWidget(primary(self.tr("Close"), self.accept))
        self.follow(session.engine.machine_changed, self._show)
        self._show()

    def _show(self) -> None:
        machine = self._session.engine.machine
        self._measure.setEnabled(True)
        self._text.setPlainText(machine_text(machine))
        self._state.setText(
            self.tr("The engine has not answered yet.")
            if machine is None
            else self.tr("As the engine found it. Measuring takes some seconds.")
        )

    def measure(self) -> None:
        """Measures rates; plans get better by it."""
        self._measure.setEnabled(False)
        self._state.setText(self.tr("Measuring…"))
        folder = self._session.settings.value.jobs_folder
        place = self._session.job_folder.parent if folder else jobs_folder()
        models = self._session.models.folder
        self._session.engine.probe(place, measure=True, models_folder=models)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text.toPlainText())
