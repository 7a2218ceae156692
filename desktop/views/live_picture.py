"""The chunk being denoised, small, over the preview."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFontMetrics,
    QHideEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QWidget

from desktop.theme import SMALL, Theme

_MOMENT_MS = 400
_HEAD = 24  # height of the line above the picture, at text size 100 %
_EDGE = 4


class LivePicture(QWidget):
    """Moments of the chunk, one after the other; a click swaps it with the large picture."""

    clicked = Signal()
    moved = Signal()  # another moment is shown now

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("livePicture")
        self._theme = theme
        self._title, self._step = "", ""
        self._images: Sequence[QImage] = ()
        self._at = 0
        self._area = (0, 0)  # width and height of what it lies over
        self._timer = QTimer(self)
        self._timer.setInterval(_MOMENT_MS)
        self._timer.timeout.connect(self._next)
        self.still = False  # motion is reduced: the chunk's end alone
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        theme.changed.connect(self.update)

    @property
    def image(self) -> QImage | None:
        """The moment that is shown."""
        return self._images[self._at] if self._images else None

    def show_step(self, title: str, step: str, images: Sequence[QImage] = ()) -> None:
        """What is being rendered; without `images` the picture stays."""
        self._title, self._step = title, step
        if images:
            self._images = images
            last = len(images) - 1
            self._at = last if self.still else min(self._at, last)
            if last and not self.still and not self._timer.isActive():
                self._timer.start()
        self.setAccessibleName(f"{title}, {step}")
        if self._head_width() + 2 * _EDGE > self.width() and self._area != (0, 0):
            self.place(*self._area)
        self.update()

    def forget_image(self) -> None:
        self._timer.stop()
        self._images, self._at = (), 0
        self.update()

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        super().hideEvent(event)

    def _next(self) -> None:
        if not self._images:
            return
        if self.still:
            self._timer.stop()
            self._at = len(self._images) - 1
        else:
            self._at = (self._at + 1) % len(self._images)
        self.update()
        self.moved.emit()

    def place(self, area_width: int, area_height: int) -> None:
        """Its size, and its place at the lower right of an area of that size."""
        self._area = (area_width, area_height)
        theme = self._theme
        least = self._head_width() + 2 * _EDGE
        width = min(max(round(area_width * 0.25), theme.px(150)), theme.px(230))
        width = max(min(width, max(round(area_height * 0.9), 120)), least)
        self.setFixedSize(width, round(width * 0.5) + theme.px(_HEAD) + 2 * _EDGE)
        self.move(area_width - width - 26, area_height - self.height() - 22)

    def _head_width(self) -> int:
        """What the widest title needs, so that neither it nor the step is cut."""
        bold = self._metrics(bold=True).horizontalAdvance(self._title)
        step = self._metrics(bold=False).horizontalAdvance(self._step)
        return bold + step + self._theme.px(14) + 30

    def _metrics(self, *, bold: bool) -> QFontMetrics:
        return QFontMetrics(self._theme.font(SMALL, bold=bold, figures=True))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme = self._theme
        head = theme.px(_HEAD)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focused = self.hasFocus()
        pen = QPen(theme.color("accent" if focused else "strong_line"), 2 if focused else 1.5)
        painter.setPen(pen)
        painter.setBrush(theme.color("panel"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 5, 5)
        side = theme.px(14)
        icon = theme.icons.pixmap("bars", "rendering", side, self.devicePixelRatioF())
        painter.drawPixmap(QPointF(10, 2 + (head - side) / 2), icon)
        painter.setPen(theme.color("text"))
        left = 16 + side
        room = QRectF(left, 2, self.width() - left - 10, head)
        painter.setFont(theme.font(SMALL, bold=True, figures=True))
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), self._title)
        painter.setFont(theme.font(SMALL, figures=True))
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(room, int(right), self._step)
        top = head + 3
        area = QRectF(_EDGE, top, self.width() - 2 * _EDGE, self.height() - top - _EDGE)
        painter.fillRect(area, theme.color("stage"))
        image = self.image
        if image is None:
            return
        scale = min(area.width() / image.width(), area.height() / image.height())
        shown = QRectF(0, 0, image.width() * scale, image.height() * scale)
        shown.moveCenter(area.center())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(shown, image)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        del event
        self.clicked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit()
            return
        super().keyPressEvent(event)
