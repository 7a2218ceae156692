"""Labels of the roles that the style sheet knows, and small badges."""

from typing import ClassVar

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from desktop.theme import BAND, SMALL, Theme
from desktop.widgets.chunk_paint import MARKS
from infinitetalk.event import ChunkStatus


def label(text: str, role: str = "", *, wrap: bool = False) -> QLabel:
    """A label with one of the sheet's roles: second third small smallThird section heading ..."""
    widget = QLabel(text)
    widget.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        widget.setProperty("role", role)
    widget.setWordWrap(wrap)
    return widget


def set_role(widget: QWidget, name: str, value: str) -> None:
    """Changes a property that the style sheet selects by, and restyles the widget."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        widget.update()


def line(*, vertical: bool = False) -> QFrame:
    frame = QFrame()
    frame.setProperty("kind", "vline" if vertical else "line")
    return frame


def card(kind: str = "card") -> QFrame:
    frame = QFrame()
    frame.setProperty("kind", kind)
    return frame


class ElidedLabel(QLabel):
    """One line that ends in an ellipsis where it does not fit; the tooltip has it all."""

    def __init__(
        self,
        text: str = "",
        role: str = "",
        elide: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle,
    ) -> None:
        super().__init__()
        self._full = ""
        self._elide = elide
        self.setTextFormat(Qt.TextFormat.PlainText)
        if role:
            self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setText(text)

    def setText(self, text: str) -> None:
        self._full = text
        self.setAccessibleName(text)
        self._fit()

    def full_text(self) -> str:
        return self._full

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(24, super().minimumSizeHint().height())

    def _fit(self) -> None:
        room = max(self.width(), 24)
        shown = self.fontMetrics().elidedText(self._full, self._elide, room)
        if shown != self.text():
            super().setText(shown)
        self.setToolTip(self._full if shown != self._full else "")


class ShrinkingLabel(ElidedLabel):
    """As wide as its text where there is room, and elided where there is not."""

    def __init__(self, text: str = "", role: str = "") -> None:
        super().__init__(text, role, Qt.TextElideMode.ElideRight)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def setText(self, text: str) -> None:
        super().setText(text)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        self.ensurePolished()
        width = self.fontMetrics().horizontalAdvance(self._full) + 2
        return QSize(width, super().sizeHint().height())


class LetterBadge(QWidget):
    """A speaker's letter on its color."""

    def __init__(self, letter: str, token: str, theme: Theme, side: int = 20) -> None:
        super().__init__()
        self._letter, self._token, self._theme = letter, token, theme
        self.setFixedSize(theme.px(side), theme.px(side))
        self.setAccessibleName(letter)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color(self._token))
        painter.drawRoundedRect(QRectF(self.rect()), 3, 3)
        painter.setPen(self._theme.color("on_speaker"))
        painter.setFont(self._theme.font(SMALL, bold=True))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._letter)


class StatusBadge(QWidget):
    """A chunk's state as mark and word on its color."""

    _INK: ClassVar = {
        "waiting": ("raised", "second"),
        "rendering": ("rendering_soft", "on_rendering"),
        "ready": ("ready", "on_ready"),
        "stale": ("stale_soft", "stale_text"),
        "kept": ("kept_soft", "ready_text"),
        "failed": ("failed_soft", "failed_text"),
        "left_out": ("raised", "third"),
    }

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._status: ChunkStatus = "waiting"
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_status(self, status: ChunkStatus, text: str) -> None:
        self._status, self._text = status, text
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        self.ensurePolished()
        width = self.fontMetrics().horizontalAdvance(self._text)
        return QSize(width + self._theme.px(36), self._theme.px(22))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        back, ink = self._INK[self._status]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color(back))
        radius = self.height() / 2
        painter.drawRoundedRect(QRectF(self.rect()), radius, radius)
        side = self._theme.px(13)
        icon = self._theme.icons.pixmap(MARKS[self._status], ink, side, self.devicePixelRatioF())
        painter.drawPixmap(9, (self.height() - side) // 2, icon)
        painter.setPen(self._theme.color(ink))
        painter.setFont(self._theme.font(SMALL, bold=True))
        area = self.rect().adjusted(side + 13, 0, 0, 0)
        painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter), self._text)


class Caption(QLabel):
    """Small text on a dark plate over a picture."""

    def __init__(self, text: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._theme = theme
        self.setMargin(5)
        self.setFont(theme.font(BAND, bold=True))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._restyle()
        theme.changed.connect(self._restyle)

    def _restyle(self) -> None:
        plate = self._theme.tint("scrim", 0.75).name(self._theme.color("scrim").NameFormat.HexArgb)
        ink = self._theme.color("on_filled").name()
        self.setStyleSheet(
            f"background: {plate}; color: {ink}; border-radius: 4px; font-weight: 600;"
        )
