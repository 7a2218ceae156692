"""The strip over the timeline that shows all chunks and which part is visible."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.state.timeline import WORST_FIRST, TimelineState
from desktop.state.viewport import Viewport
from desktop.theme import Theme
from desktop.widgets.chunk_paint import MERGED, merge_runs, paint_chunk
from infinitetalk.event import ChunkStatus


class OverviewStrip(QWidget):
    """Click or drag to jump. The blocks are kept as a picture until a chunk changes."""

    def __init__(self, timeline: TimelineState, viewport: Viewport, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("overviewStrip")
        self.setAccessibleName(self.tr("Overview of all chunks"))
        self._timeline = timeline
        self._viewport = viewport
        self._theme = theme
        self._blocks: QPixmap | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(24)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        for signal in (timeline.chunks_reset, timeline.chunks_changed, theme.changed):
            signal.connect(self._forget)
        for signal in (viewport.changed, timeline.playhead_changed, timeline.range_changed):
            signal.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(600, 24)

    def _forget(self) -> None:
        self._blocks = None
        self.update()

    def _x(self, frame: float) -> float:
        return frame / max(self._timeline.total_frames, 1) * self.width()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("panel"))
        if not self._timeline.chunks:
            return
        if self._blocks is None:
            self._blocks = self._render()
        painter.drawPixmap(0, 0, self._blocks)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color("text"), 1.4))
        painter.setBrush(self._theme.tint("text", 0.07))
        left = self._x(max(self._viewport.first, 0))
        right = self._x(min(self._viewport.last, self._timeline.total_frames))
        painter.drawRoundedRect(QRectF(left + 1, 2, max(right - left - 2, 6), 20), 3, 3)
        painter.setPen(QPen(self._theme.color("playhead"), 2))
        x = self._x(self._timeline.playhead)
        painter.drawLine(QPointF(x, 2), QPointF(x, 22))

    def _render(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(round(self.width() * ratio), round(self.height() * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(self._theme.color("panel"))
        painter = QPainter(pixmap)
        cells: list[tuple[float, float, ChunkStatus, float]] = []
        chunks = self._timeline.chunks
        typical = self._x(chunks[0].frame_count)
        gap = 1.5 if typical >= 6 else (1.0 if typical >= 3 else 0.0)
        for chunk in chunks:
            left, right = self._x(chunk.first_frame), self._x(chunk.end_frame)
            fraction = chunk.step / chunk.steps if chunk.steps else 0.0
            cells.append((left, max(right - left - gap, 0.2), chunk.status, fraction))
        if typical < MERGED:
            cells = merge_runs(cells, WORST_FIRST)
        for left, width, status, fraction in cells:
            rect = QRectF(left, 7, width, 10)
            paint_chunk(painter, rect, status, self._theme, fraction=fraction, mark=False)
        painter.end()
        return pixmap

    def resizeEvent(self, event: QResizeEvent) -> None:
        del event
        self._forget()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._jump(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._jump(event.position().x())

    def _jump(self, x: float) -> None:
        frame = x / max(self.width(), 1) * self._timeline.total_frames
        self._viewport.scroll_to(frame - self._viewport.visible_frames / 2)
