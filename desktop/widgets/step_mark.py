"""A number in a circle, for the steps of a page."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from desktop.theme import Theme


class StepMark(QWidget):
    """A number in a circle; filled while it is the current step, a check when it is done."""

    def __init__(self, number: int, theme: Theme) -> None:
        super().__init__()
        self._number, self._theme = number, theme
        self._state = "open"
        self.setFixedSize(theme.px(24), theme.px(24))

    def show_state(self, state: str) -> None:
        self._state = state
        self.setAccessibleName(f"{self._number}: {state}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = self.rect().adjusted(1, 1, -1, -1)
        if self._state == "open":
            painter.setPen(theme.color("third"))
            painter.drawEllipse(area)
            painter.setPen(theme.color("text"))
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("ready" if self._state == "done" else "filled"))
            painter.drawEllipse(area)
            painter.setPen(theme.color("on_filled"))
        if self._state == "done":
            side = theme.px(14)
            icon = theme.icons.pixmap("check", "on_ready", side, self.devicePixelRatioF())
            at = (self.width() - side) // 2
            painter.drawPixmap(at, at, icon)
            return
        painter.setFont(theme.font(12, bold=True))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, str(self._number))
