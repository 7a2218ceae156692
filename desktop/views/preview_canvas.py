"""The picture: source, result, or both as wipe, side by side or difference."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.state.playback import PlaybackState
from desktop.theme import SMALL, Theme

_GRIP = 14
_DIFFERENCE = 4  # times the difference, as a compositor shows it

Picture = Callable[[], QImage | None]


class PreviewCanvas(QWidget):
    """Paints what it is given. The wipe's handle moves by mouse and arrow keys."""

    double_clicked = Signal()

    def __init__(self, playback: PlaybackState, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("previewView")
        self.setAccessibleName(self.tr("Preview"))
        self._playback, self._theme = playback, theme
        self.source: QImage | None = None
        self.result: QImage | None = None
        self.dimmed = False  # the source stands in for a result that is not there yet
        self.empty_text = ""
        self.second_title = ""
        self._wipe = 0.5
        self._dragging = False
        self._pan = QPointF()
        self._pan_from: QPointF | None = None
        self._difference: tuple[int, int, QImage] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(200, 120)
        self.setMouseTracking(True)
        playback.mode_changed.connect(self.update)
        playback.zoom_changed.connect(self._zoom_changed)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(900, 480)

    @property
    def wipe(self) -> float:
        """Where the wipe stands, 0 (all result) to 1 (all source)."""
        return self._wipe

    def show_pictures(self, source: QImage | None, result: QImage | None, *, dimmed: bool) -> None:
        self.source, self.result, self.dimmed = source, result, dimmed
        self.update()

    def _zoom_changed(self) -> None:
        self._pan = QPointF()
        self.update()

    def picture_rect(self) -> QRectF:
        """Where the picture is painted."""
        image = self.result or self.source
        if image is None:
            return QRectF(self.rect())
        width, height = float(image.width()), float(image.height())
        room = QRectF(self.rect()).adjusted(14, 10, -14, -10)
        side = self._playback.mode == "compare" and self._playback.way == "side"
        if side:
            room.setWidth((room.width() - 8) / 2)
        if self._playback.fit:
            scale = min(room.width() / width, room.height() / height)
        else:
            scale = 1 / self.devicePixelRatioF()
        size = QRectF(0, 0, width * scale, height * scale)
        size.moveCenter(room.center() + self._pan)
        return size

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("stage"))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if self.source is None and self.result is None:
            painter.setPen(self._theme.color("third"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.empty_text)
            self._focus_ring(painter)
            return
        rect = self.picture_rect()
        if self._playback.mode == "source":
            self._draw(painter, rect, self.source or self.result)
        elif self._playback.mode == "result":
            self._draw(painter, rect, self.result or self.source)
            if self.result is None or self.dimmed:
                painter.fillRect(rect, self._theme.tint("scrim", 0.45))
        else:
            self._paint_compare(painter, rect)
        self._focus_ring(painter)

    def _focus_ring(self, painter: QPainter) -> None:
        if self.hasFocus():
            painter.setPen(QPen(self._theme.color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    def _draw(self, painter: QPainter, rect: QRectF, image: QImage | None) -> None:
        if image is not None:
            painter.drawImage(rect, image)

    def _paint_compare(self, painter: QPainter, rect: QRectF) -> None:
        way = self._playback.way
        titles = (self.tr("Source"), self.second_title or self.tr("Result"))
        if way == "side":
            right = rect.translated(rect.width() + 8, 0)
            self._draw(painter, rect, self.source)
            self._draw(painter, right, self.result or self.source)
            self._plate(painter, rect, titles[0], left=True)
            self._plate(painter, right, titles[1], left=True)
            return
        if way == "difference":
            self._draw(painter, rect, self._difference_image())
            self._plate(painter, rect, self.tr("Difference × 4"), left=True)
            return
        self._draw(painter, rect, self.result or self.source)
        x = rect.left() + rect.width() * self._wipe
        painter.save()
        painter.setClipRect(QRectF(rect.left(), rect.top(), x - rect.left(), rect.height()))
        self._draw(painter, rect, self.source)
        painter.restore()
        self._plate(painter, rect, titles[0], left=True)
        self._plate(painter, rect, titles[1], left=False)
        self._handle(painter, rect, x)

    def _handle(self, painter: QPainter, rect: QRectF, x: float) -> None:
        white, dark = self._theme.color("on_filled"), self._theme.tint("scrim", 0.72)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(white, 2))
        painter.drawLine(QPointF(x, rect.top()), QPointF(x, rect.bottom()))
        center = QPointF(x, rect.center().y())
        painter.setBrush(dark)
        painter.drawEllipse(center, _GRIP, _GRIP)
        arrows = QPainterPath()
        for side in (-1, 1):
            arrows.moveTo(center + QPointF(side * 4, -4))
            arrows.lineTo(center + QPointF(side * 8, 0))
            arrows.lineTo(center + QPointF(side * 4, 4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(arrows)

    def _plate(self, painter: QPainter, rect: QRectF, text: str, *, left: bool) -> None:
        painter.setFont(self._theme.font(SMALL, bold=True))
        width = painter.fontMetrics().horizontalAdvance(text) + 20
        height = painter.fontMetrics().height() + 10
        x = rect.left() + 12 if left else rect.right() - 12 - width
        plate = QRectF(x, rect.top() + 12, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.tint("scrim", 0.72))
        painter.drawRoundedRect(plate, 4, 4)
        painter.setPen(self._theme.color("on_filled"))
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)

    def _difference_image(self) -> QImage | None:
        if self.source is None or self.result is None:
            return self.source
        key = (self.source.cacheKey(), self.result.cacheKey())
        if self._difference is None or self._difference[:2] != key:
            image = self.source.convertToFormat(QImage.Format.Format_RGB32)
            if image.size() != self.result.size():
                image = image.scaled(self.result.size())
            painter = QPainter(image)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Difference)
            painter.drawImage(0, 0, self.result)
            doublings = _DIFFERENCE.bit_length() - 1
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Plus)
            for _ in range(doublings):
                painter.drawImage(0, 0, image.copy())
            painter.end()
            self._difference = (*key, image)
        return self._difference[2]

    # Mouse and keys

    def _wiping(self) -> bool:
        return self._playback.mode == "compare" and self._playback.way == "wipe"

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if self._wiping():
            self._dragging = True
            self._set_wipe(event.position().x())
        elif not self._playback.fit:
            self._pan_from = event.position() - self._pan

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragging:
            self._set_wipe(event.position().x())
        elif self._pan_from is not None:
            self._pan = event.position() - self._pan_from
            self.update()
        shape = Qt.CursorShape.SplitHCursor if self._wiping() else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        del event
        self._dragging = False
        self._pan_from = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        del event
        if not self._wiping():
            self.double_clicked.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._playback.set_fit(event.angleDelta().y() < 0)

    def event(self, event: QEvent) -> bool:
        # Arrow keys move the wipe while it has the focus, instead of the playhead.
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._wiping()
            and event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._wiping() and event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step = 0.1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 0.01
            self._wipe += step if event.key() == Qt.Key.Key_Right else -step
            self._wipe = min(max(self._wipe, 0.0), 1.0)
            self.update()
            return
        super().keyPressEvent(event)

    def _set_wipe(self, x: float) -> None:
        rect = self.picture_rect()
        self._wipe = min(max((x - rect.left()) / max(rect.width(), 1), 0.0), 1.0)
        self.update()
