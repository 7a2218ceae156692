"""Step 3 of the set-up page: a first video with the bundled miniature, and what can follow."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.reports.texts import told
from desktop.state.document import MINIATURE
from desktop.state.session import Session
from desktop.theme import Theme
from desktop.widgets.buttons import button
from desktop.widgets.labels import label
from infinitetalk.paths import miniature_folder


def _tr(text: str) -> str:
    return QCoreApplication.translate("models", text)


class FirstStep(QWidget):
    """One button; the rest is reading."""

    def __init__(self, session: Session, theme: Theme, try_miniature: Callable[[], object]) -> None:
        super().__init__()
        self._session = session
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(12)
        self._go = button(
            self.tr("Try the miniature model"), try_miniature, icon=theme.icons.icon("play")
        )
        box.addWidget(self._go, 0, Qt.AlignmentFlag.AlignLeft)
        self._state = label("", "small", wrap=True)
        box.addWidget(self._state)
        box.addSpacing(12)
        box.addWidget(label(self.tr("Then"), "section"))
        for text in (
            self.tr("Export it: the button at the top right."),
            self.tr("Select a chunk in the timeline and press R: another take."),
            self.tr("Get the big model: step 2 of this page loads it."),
        ):
            box.addWidget(label("•  " + text, "", wrap=True))
        box.addStretch(1)

    def refresh(self) -> None:
        problem = miniature_problem(self._session)
        self._go.setEnabled(not problem)
        self._state.setText(problem)
        self._state.setVisible(bool(problem))


def miniature_problem(session: Session) -> str:
    """Why the miniature can't be tried; "" where it can."""
    engine = session.engine
    if MINIATURE in engine.weights:
        return ""
    if not engine.probed:
        return _tr("The engine is starting…")
    for place, report in engine.unusable.items():
        if Path(place) == miniature_folder():
            return f"{told(report).title}. {told(report).detail}"
    return _tr("The miniature model is not part of this installation.")
