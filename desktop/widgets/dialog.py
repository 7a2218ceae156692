"""A dialog of this program: a body, a footer with buttons, the theme's colors."""

from collections.abc import Callable

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop.widgets.labels import label, line


class SheetDialog(QDialog):
    """Head, body and footer. Esc closes; the focus goes back to where the dialog was opened."""

    def __init__(self, parent: QWidget | None, name: str, title: str) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.setWindowFlag(Qt.WindowType.WindowContextHelpButtonHint, False)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self.body = QVBoxLayout()
        self.body.setContentsMargins(24, 20, 24, 16)
        self.body.setSpacing(10)
        outer.addLayout(self.body, 1)
        self._foot = QFrame()
        self._foot.setProperty("kind", "footer")
        self.footer = QHBoxLayout(self._foot)
        self.footer.setContentsMargins(20, 10, 20, 12)
        self.footer.setSpacing(8)
        outer.addWidget(self._foot)
        self._came_from: QWidget | None = None
        self._followed: list[tuple[SignalInstance, Callable[..., object]]] = []

    def section(self, text: str) -> None:
        self.body.addWidget(label(text, "section"))

    def rule(self) -> None:
        self.body.addWidget(line())

    def follow(self, signal: SignalInstance, act: Callable[..., object]) -> None:
        """Calls `act` at each signal until the dialog is closed: it is never shown a second time."""
        signal.connect(act)
        self._followed.append((signal, act))

    def showEvent(self, event: QShowEvent) -> None:
        parent = self.parentWidget()
        if parent is not None:
            self._came_from = parent.focusWidget()
        super().showEvent(event)
        self._fit_texts()

    def _fit_texts(self) -> None:
        """High enough for wrapped texts, which large text makes longer; Qt leaves that to us."""
        layout = self.layout()
        if layout is not None and layout.hasHeightForWidth():
            needed = layout.totalHeightForWidth(self.width())
            most = self.screen().availableSize().height() - 60
            if needed > self.height():
                self.resize(self.width(), max(min(needed, most), self.height()))

    def done(self, result: int) -> None:
        super().done(result)
        for signal, act in self._followed:
            signal.disconnect(act)
        self._followed = []
        if self._came_from is not None:
            self._came_from.setFocus()
