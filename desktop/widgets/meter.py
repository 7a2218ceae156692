"""A narrow bar for use, with a tick for what is planned or free."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.theme import Theme


class Meter(QWidget):
    """Shows `value` of 1, and a tick where given. Colors by token."""

    def __init__(self, theme: Theme, *, width: int = 56, height: int = 8) -> None:
        super().__init__()
        self._theme = theme
        self._value, self._tick, self._token = 0.0, -1.0, "second"
        self._size = QSize(width, height)
        policy = QSizePolicy.Policy.Fixed if width else QSizePolicy.Policy.Expanding
        self.setSizePolicy(policy, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(max(self._size.width(), 40), max(self._size.height(), 8))

    def show_value(self, value: float, *, tick: float = -1.0, token: str = "second") -> None:
        """Shares of the whole, 0..1; a tick below 0 is not drawn."""
        self._value = min(max(value, 0.0), 1.0)
        self._tick, self._token = min(tick, 1.0), token
        self.setAccessibleDescription(f"{round(self._value * 100)} %")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        thick = min(self.height() - 2.0, 8.0) if self._tick >= 0 else min(self.height(), 6)
        groove = QRectF(0, (self.height() - thick) / 2, self.width(), thick)
        painter.setBrush(self._theme.color("strong_line"))
        painter.drawRoundedRect(groove, thick / 2, thick / 2)
        if self._value > 0:
            done = QRectF(groove)
            done.setWidth(max(groove.width() * self._value, thick))
            painter.setBrush(self._theme.color(self._token))
            painter.drawRoundedRect(done, thick / 2, thick / 2)
        if self._tick >= 0:
            x = min(self._tick * self.width(), self.width() - 1.0)
            painter.setPen(QPen(self._theme.color("text"), 2))
            painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))


class StripWaveform(QWidget):
    """The whole loudness of a track in a small space."""

    def __init__(self, theme: Theme, token: str, height: int = 30) -> None:
        super().__init__()
        self._theme, self._token = theme, token
        self._bars: list[tuple[float, float]] = []
        self.setMinimumHeight(height)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(120, self.minimumHeight())

    def bar_count(self) -> int:
        """How many bars fit."""
        return max(self.width() // 4, 8)

    def show_bars(self, bars: list[tuple[float, float]]) -> None:
        self._bars = bars
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        color = self._theme.color(self._token)
        middle, half = self.height() / 2, self.height() / 2 - 2
        if not self._bars:
            painter.fillRect(QRectF(0, middle - 0.5, self.width(), 1), self._theme.color("line"))
            return
        step = self.width() / len(self._bars)
        for i, (low, high) in enumerate(self._bars):
            size = max(max(-low, high) * half, 0.75)
            painter.fillRect(QRectF(i * step, middle - size, 2, 2 * size), color)
