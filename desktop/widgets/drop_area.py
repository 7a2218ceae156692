"""A place to drop files that says what will happen before they are released."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy

from desktop.theme import Theme

Judge = Callable[[list[Path]], tuple[bool, str]]


def dropped_paths(data: QMimeData) -> list[Path]:
    """Local files of a drag."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


class DropArea(QLabel):
    """Shows `hint`; during a drag what would happen, or why it is refused."""

    dropped = Signal(object)  # list[Path]

    def __init__(self, hint: str, judge: Judge, theme: Theme) -> None:
        super().__init__(hint)
        self.setObjectName("dropArea")
        self._hint, self._judge, self._theme = hint, judge, theme
        self._verdict: bool | None = None
        self.setAcceptDrops(True)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWordWrap(True)
        self.setMargin(10)
        self.setProperty("role", "third")
        self.setMinimumHeight(theme.px(58))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        theme.changed.connect(self.update)

    def announce(self, paths: list[Path] | None) -> None:
        """What would happen to `paths`, or the plain hint."""
        if paths is None:
            self._verdict = None
            self.setText(self._hint)
        else:
            self._verdict, text = self._judge(paths)
            self.setText(text)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        token = {None: "strong_line", True: "accent", False: "failed"}[self._verdict]
        pen = QPen(self._theme.color(token), 1.5 if self._verdict is None else 2)
        pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 5, 5)
        painter.end()
        super().paintEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        paths = dropped_paths(event.mimeData())
        self.announce(paths)
        if self._verdict:
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.announce(None)
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        paths = dropped_paths(event.mimeData())
        self.announce(None)
        self.dropped.emit(paths)
        event.acceptProposedAction()
