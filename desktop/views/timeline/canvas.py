"""The painted area of the timeline and its mouse: rows over time, only what is visible."""

import time
from collections import deque
from enum import Enum, auto

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop.state.clock_text import signed_ms_text, time_text
from desktop.state.timeline import ChunkListModel, TimelineState
from desktop.state.viewport import Viewport
from desktop.theme import Theme
from desktop.views.timeline.paint_chunks import ChunkPainter
from desktop.views.timeline.paint_time import TimePainter
from desktop.views.timeline.rows import Row, RowLayout
from infinitetalk.request import FPS

_SNAP_PIXELS = 8
_GRIP_PIXELS = 6
_BY_KEYBOARD = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)


class _Drag(Enum):
    NONE = auto()
    PLAYHEAD = auto()
    PAN = auto()
    SPEECH = auto()
    SOURCE = auto()
    IN = auto()
    OUT = auto()
    SELECT = auto()


class TimelineCanvas(QWidget):
    """Shows `TimelineState` through `Viewport`; turns the mouse into selection and requests."""

    chunk_activated = Signal(int)  # double click
    menu_requested = Signal(int, QPoint)  # chunk or -1, global position
    speech_shifted = Signal(int, float)  # speaker, new start in seconds
    source_frame_moved = Signal(int, float)  # chunk, seconds relative to where it was
    take_chosen = Signal(int, str)
    scrubbed = Signal(int)  # the user moved the playhead

    def __init__(
        self,
        timeline: TimelineState,
        viewport: Viewport,
        model: ChunkListModel,
        theme: Theme,
        layout: RowLayout,
    ) -> None:
        super().__init__()
        self.setObjectName("timelineCanvas")
        self._timeline = timeline
        self._viewport = viewport
        self._model = model
        self._theme = theme
        self.rows_layout = layout
        self.chunks = ChunkPainter(timeline, viewport, theme)
        self.times = TimePainter(timeline, viewport, theme)
        self.paint_seconds: deque[float] = deque(maxlen=600)
        self._drag = _Drag.NONE
        self._press = QPointF()
        self._drag_item = 0
        self._drag_start = 0.0
        self._focus_shown = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Timeline"))
        for signal in (
            timeline.chunks_reset,
            timeline.selection_changed,
            timeline.range_changed,
            timeline.markers_changed,
            viewport.changed,
        ):
            signal.connect(self.update)
        timeline.chunks_changed.connect(self._chunks_changed)
        timeline.playhead_changed.connect(self._playhead_moved)
        timeline.speakers_changed.connect(self.relayout)
        timeline.takes_shown_changed.connect(self.relayout)
        timeline.selection_changed.connect(self._selection_moved)
        theme.changed.connect(self._theme_changed)
        self._rows: list[Row] = []
        self._last_playhead = 0
        self.relayout()

    def rows(self) -> list[Row]:
        return self._rows

    def relayout(self) -> None:
        """Places the rows anew; called whenever speakers, takes or heights change."""
        takes = 0
        if self._timeline.takes_shown:
            chosen = self._timeline.selected or range(len(self._timeline.chunks))
            counts = [len(self._timeline.chunks[i].takes) for i in chosen]
            takes = min(max(counts, default=0), 12)
        self.rows_layout.scale = self._theme.scale
        self._rows = self.rows_layout.rows(len(self._timeline.speakers), takes)
        self.setFixedHeight(self._rows[-1].bottom if self._rows else 40)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(800, self._rows[-1].bottom if self._rows else 40)

    def _selection_moved(self) -> None:
        if self._timeline.takes_shown:
            self.relayout()

    def _theme_changed(self) -> None:
        self.times.forget_tiles()
        self.relayout()

    def _chunks_changed(self, first: int, last: int) -> None:
        left, _ = self.chunks.span(self._timeline.chunks[first])
        right, width = self.chunks.span(self._timeline.chunks[last])
        self.update(int(left) - 10, 0, int(right + width - left) + 20, self.height())

    def _playhead_moved(self, frame: int) -> None:
        for at in (self._last_playhead, frame):
            self.update(int(self._viewport.x(at)) - 9, 0, 18, self.height())
        self._last_playhead = frame

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        began = time.perf_counter()
        area = event.rect()
        painter = QPainter(self)
        painter.setClipRect(area)
        painter.fillRect(area, self._theme.color("panel"))
        visible = self.chunks.visible(area.left() - 12, area.right() + 12)
        line = QPen(self._theme.color("line"), 1)
        for row in self._rows:
            if row.bottom < area.top() or row.top > area.bottom():
                continue
            self._paint_row(painter, row, visible)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setPen(line)
            painter.drawLine(area.left(), row.bottom - 1, area.right(), row.bottom - 1)
        self._paint_outside(painter)
        self.times.playhead(painter, self.height())
        if self.hasFocus() and self._focus_shown:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setPen(QPen(self._theme.color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()
        self.paint_seconds.append(time.perf_counter() - began)

    def _paint_row(self, painter: QPainter, row: Row, visible: range) -> None:
        if row.kind == "ruler":
            self.times.ruler(painter, row, self.width())
        elif row.kind == "source":
            self.chunks.source(painter, row, visible)
        elif row.kind == "result":
            self.chunks.result(painter, row, visible)
        elif row.kind == "take":
            self.chunks.take(painter, row, visible)
        elif row.kind == "speech":
            self.times.speech(painter, row, self.width())
        else:
            self.times.drift(painter, row, visible)

    def _paint_outside(self, painter: QPainter) -> None:
        """Dims what lies outside in and out."""
        timeline, viewport = self._timeline, self._viewport
        if timeline.in_frame is None and timeline.out_frame is None:
            return
        shade = self._theme.tint("window", 0.55)
        top = self._rows[0].bottom if self._rows else 0
        left = viewport.x(timeline.in_frame or 0)
        end = timeline.out_frame if timeline.out_frame is not None else timeline.total_frames
        right = viewport.x(end)
        if left > 0:
            painter.fillRect(QRectF(0, top, left, self.height() - top), shade)
        if right < self.width():
            painter.fillRect(QRectF(right, top, self.width() - right, self.height() - top), shade)

    def focusInEvent(self, event: QFocusEvent) -> None:
        # The ring is for those who came by keyboard.
        self._focus_shown = event.reason() in _BY_KEYBOARD
        super().focusInEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._viewport.set_width(event.size().width())

    # Mouse

    def row_at(self, y: float) -> Row | None:
        return next((row for row in self._rows if row.top <= y < row.bottom), None)

    def chunk_at(self, x: float) -> int | None:
        return self._timeline.chunk_at(int(self._viewport.frame(x)))

    def _snapped(self, x: float, *, free: bool = False) -> int:
        frame = self._viewport.frame(x)
        if free:
            return round(frame)
        return self._timeline.snapped(frame, _SNAP_PIXELS / self._viewport.scale)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        position = event.position()
        self._press = position
        row = self.row_at(position.y())
        if event.button() == Qt.MouseButton.MiddleButton:
            self._begin(_Drag.PAN, start=self._viewport.first)
            return
        if event.button() != Qt.MouseButton.LeftButton or row is None:
            return
        chunk = self.chunk_at(position.x())
        if row.kind == "ruler":
            self._press_ruler(position)
        elif row.kind == "speech":
            speaker = self._timeline.speakers[row.number]
            self._begin(_Drag.SPEECH, item=row.number, start=speaker.start)
        elif row.kind == "take" and chunk is not None:
            view = self._timeline.chunks[chunk]
            if row.number < len(view.takes):
                self.take_chosen.emit(chunk, view.takes[row.number])
        elif row.kind == "source" and chunk is not None and self._on_tick(chunk, position.x()):
            self._begin(_Drag.SOURCE, item=chunk)
        else:
            self._press_chunk(chunk, event.modifiers())

    def _press_ruler(self, position: QPointF) -> None:
        for frame, drag in (
            (self._timeline.in_frame, _Drag.IN),
            (self._timeline.out_frame, _Drag.OUT),
        ):
            if frame is not None and abs(self._viewport.x(frame) - position.x()) <= _GRIP_PIXELS:
                self._begin(drag)
                return
        self._begin(_Drag.PLAYHEAD)
        self._scrub(position.x())

    def _press_chunk(self, chunk: int | None, modifiers: Qt.KeyboardModifier) -> None:
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            self._timeline.select(chunk, "extend")
        elif modifiers & Qt.KeyboardModifier.ControlModifier:
            self._timeline.select(chunk, "toggle")
        else:
            self._timeline.select(chunk)
            self._begin(_Drag.SELECT, item=-1 if chunk is None else chunk)

    def _begin(self, drag: _Drag, *, item: int = 0, start: float = 0.0) -> None:
        self._drag, self._drag_item, self._drag_start = drag, item, start

    def _on_tick(self, chunk: int, x: float) -> bool:
        left, _ = self.chunks.span(self._timeline.chunks[chunk])
        return abs(x - left - 1) <= _GRIP_PIXELS

    def _scrub(self, x: float) -> None:
        self._timeline.set_playhead(self._snapped(x))
        self.scrubbed.emit(self._timeline.playhead)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        moved = x - self._press.x()
        if self._drag is _Drag.NONE:
            self._hover(event.position())
        elif self._drag is _Drag.PLAYHEAD:
            self._scrub(x)
        elif self._drag is _Drag.PAN:
            self._viewport.scroll_to(self._drag_start - moved / self._viewport.scale)
        elif self._drag is _Drag.IN:
            self._timeline.set_range(self._snapped(x), self._timeline.out_frame)
        elif self._drag is _Drag.OUT:
            self._timeline.set_range(self._timeline.in_frame, self._snapped(x))
        elif self._drag is _Drag.SPEECH and abs(moved) > 2:
            free = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
            shift = self._shift(moved, free=free)
            self.times.drag_shift[self._drag_item] = shift
            QToolTip.showText(event.globalPosition().toPoint(), signed_ms_text(shift), self)
            self.update()
        elif self._drag is _Drag.SOURCE:
            seconds = moved / self._viewport.scale / FPS
            QToolTip.showText(event.globalPosition().toPoint(), signed_ms_text(seconds), self)
        elif self._drag is _Drag.SELECT and abs(moved) > 4 and self._drag_item >= 0:
            self._timeline.select(self.chunk_at(x), "extend")

    def _shift(self, moved: float, *, free: bool) -> float:
        """New start of the dragged speech in seconds; its beginning snaps unless `free`."""
        frames = self._drag_start * FPS + moved / self._viewport.scale
        if free:
            return round(frames / FPS, 3)
        return self._timeline.snapped(frames, _SNAP_PIXELS / self._viewport.scale) / FPS

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        drag, self._drag = self._drag, _Drag.NONE
        moved = event.position().x() - self._press.x()
        if drag is _Drag.SPEECH:
            shift = self.times.drag_shift.pop(self._drag_item, None)
            if shift is not None and shift != self._drag_start:
                self.speech_shifted.emit(self._drag_item, shift)
            self.update()
        elif drag is _Drag.SOURCE and abs(moved) > 2:
            self.source_frame_moved.emit(self._drag_item, moved / self._viewport.scale / FPS)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        chunk = self.chunk_at(event.position().x())
        if chunk is not None:
            self._timeline.select(chunk)
            self.chunk_activated.emit(chunk)

    def wheelEvent(self, event: QWheelEvent) -> None:
        delta = event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._viewport.zoom(1.2 ** (delta.y() / 120), event.position().x())
        else:
            self._viewport.scroll_by(-(delta.y() or delta.x()) * 0.8)
        event.accept()

    def _hover(self, position: QPointF) -> None:
        row = self.row_at(position.y())
        chunk = self.chunk_at(position.x())
        shape = Qt.CursorShape.ArrowCursor
        if row is not None and row.kind == "speech":
            shape = Qt.CursorShape.SizeHorCursor
        elif chunk is not None and row is not None and row.kind == "source":
            on_tick = self._on_tick(chunk, position.x())
            shape = Qt.CursorShape.SplitHCursor if on_tick else shape
        self.setCursor(shape)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        position = event.pos()
        chunk = self.chunk_at(position.x())
        if chunk is not None and chunk not in self._timeline.selected:
            self._timeline.select(chunk)
        self.menu_requested.emit(-1 if chunk is None else chunk, event.globalPos())

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            text = self._tool_tip(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def _tool_tip(self, position: QPointF) -> str:
        row = self.row_at(position.y())
        chunk = self.chunk_at(position.x())
        if row is None:
            return ""
        if row.kind == "ruler":
            return time_text(int(self._viewport.frame(position.x())))
        if row.kind == "speech":
            speaker = self._timeline.speakers[row.number]
            return self.tr("{0}, {1}, starts at {2}. Drag to shift.").format(
                speaker.name, speaker.file_name, signed_ms_text(speaker.start)
            )
        if chunk is None:
            return ""
        view = self._timeline.chunks[chunk]
        if row.kind == "drift":
            return self.tr("Chunk {0}: color {1}, identity {2}, against the source").format(
                chunk + 1, f"{view.color_drift:.1f}", f"{view.identity_drift:.2f}"
            )
        if row.kind == "source":
            return self.tr("Chunk {0} begins from the source at {1}").format(
                chunk + 1, time_text(round(view.source_time * FPS))
            )
        return self._model.describe(view)
