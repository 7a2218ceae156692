"""What runs over time: ruler, speech, drift, and the lines across all rows."""

from collections import OrderedDict

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap, QPolygonF

from desktop.state.clock_text import time_text
from desktop.state.timeline import Marker, TimelineState
from desktop.state.viewport import Viewport
from desktop.theme import BAND, Theme
from desktop.views.timeline.pictures import Waveforms
from desktop.views.timeline.rows import Row
from infinitetalk.request import FPS

_STEPS = (1, 5, 25, 50, 125, 250, 375, 750, 1500, 3000, 7500, 15000, 45000, 90000)  # frames
_TILE = 384  # pixels of waveform cached together
_BAR = 3  # pixels from bar to bar
_TILES_KEPT = 240
_FLAG = 13  # side of a marker, at text size 100 %


class TimePainter:
    """Paints ruler, speech and drift; keeps tiles of waveform by speaker and zoom."""

    def __init__(self, timeline: TimelineState, viewport: Viewport, theme: Theme) -> None:
        self._timeline = timeline
        self._viewport = viewport
        self._theme = theme
        self.waveforms: Waveforms | None = None
        self._tiles: OrderedDict[tuple, QPixmap] = OrderedDict()
        self.drag_shift: dict[int, float] = {}  # seconds, while a waveform is dragged

    def forget_tiles(self) -> None:
        self._tiles.clear()

    def ruler(self, painter: QPainter, row: Row, width: int) -> None:
        theme, viewport = self._theme, self._viewport
        painter.setFont(theme.font(BAND, figures=True))
        metrics = painter.fontMetrics()
        room = metrics.horizontalAdvance("0:00:00.00") + 14
        step = next((s for s in _STEPS if s * viewport.scale >= room), _STEPS[-1])
        minor = _minor(step)
        self._range(painter, row)
        painter.setPen(QPen(theme.color("strong_line"), 1))
        first = int(viewport.first // minor) * minor
        lines = []
        frame = first
        while (x := viewport.x(frame)) < width:
            long = frame % step == 0
            lines.append(QLineF(x, row.bottom - (9 if long else 5), x, row.bottom - 1))
            frame += minor
        painter.drawLines(lines)
        painter.setPen(theme.color("second"))
        taken = [self._marker_span(painter, marker) for marker in self._timeline.markers]
        frame = int(viewport.first // step) * step
        while (x := viewport.x(frame)) < width:
            text = time_text(frame, hundredths=step < FPS)
            if not any(a < x + 5 + metrics.horizontalAdvance(text) and x < b for a, b in taken):
                painter.drawText(QPointF(x + 5, row.top + metrics.ascent() + 3), text)
            frame += step
        self._markers(painter, row)

    def _range(self, painter: QPainter, row: Row) -> None:
        timeline, theme, viewport = self._timeline, self._theme, self._viewport
        if timeline.in_frame is None and timeline.out_frame is None:
            return
        left = viewport.x(timeline.in_frame or 0)
        end = timeline.out_frame if timeline.out_frame is not None else timeline.total_frames
        right = viewport.x(end)
        area = QRectF(left, row.top, right - left, row.height - 1)
        painter.fillRect(area, theme.color("selected"))
        painter.setPen(QPen(theme.color("accent"), 2))
        for x, inward, shown in (
            (left, 5, timeline.in_frame is not None),
            (right, -5, timeline.out_frame is not None),
        ):
            if shown:
                painter.drawLines(
                    [
                        QLineF(x, row.top + 2, x, row.bottom - 2),
                        QLineF(x, row.top + 2, x + inward, row.top + 2),
                        QLineF(x, row.bottom - 2, x + inward, row.bottom - 2),
                    ]
                )

    def _markers(self, painter: QPainter, row: Row) -> None:
        theme = self._theme
        ratio = painter.device().devicePixelRatioF()
        side = theme.px(_FLAG)
        icon = theme.icons.pixmap("flag", "accent", side, ratio)
        for marker in self._timeline.markers:
            x = self._viewport.x(marker.frame)
            painter.drawPixmap(QPointF(x - 3, row.top + 2), icon)
            if marker.text:
                painter.setPen(theme.color("text"))
                base = row.top + painter.fontMetrics().ascent() + 3
                painter.drawText(QPointF(x + side, base), marker.text)

    def _marker_span(self, painter: QPainter, marker: Marker) -> tuple[float, float]:
        """From where to where a marker and its name lie; no time is written there."""
        x = self._viewport.x(marker.frame)
        name = painter.fontMetrics().horizontalAdvance(marker.text) + 6 if marker.text else 0
        return x - 5, x + self._theme.px(_FLAG) + name

    def speech(self, painter: QPainter, row: Row, width: int) -> None:
        speaker = self._timeline.speakers[row.number]
        shift = self.drag_shift.get(row.number, speaker.start)
        origin = self._viewport.x(shift * FPS)  # where the file's first sample lies
        middle = row.top + row.height / 2
        painter.setPen(QPen(self._theme.color("line"), 1))
        painter.drawLine(QPointF(0, middle), QPointF(width, middle))
        length = speaker.duration * FPS * self._viewport.scale
        if length <= 0:
            return
        first = max(int(-origin // _TILE), 0)
        last = int(min(width - origin, length) // _TILE)
        if row.number in self.drag_shift or speaker.muted:
            painter.setOpacity(0.45 if speaker.muted else 0.8)
        for tile in range(first, last + 1):
            pixmap = self._tile(row, tile, length, painter.device().devicePixelRatioF())
            if pixmap is not None:
                painter.drawPixmap(QPointF(origin + tile * _TILE, row.top), pixmap)
        painter.setOpacity(1.0)
        if shift > 0:
            painter.setPen(QPen(self._theme.color("strong_line"), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(origin, row.top + 4), QPointF(origin, row.bottom - 4))

    def _tile(self, row: Row, tile: int, length: float, ratio: float) -> QPixmap | None:
        if self.waveforms is None:
            return None
        speaker = self._timeline.speakers[row.number]
        color = self._theme.color(speaker.token)
        scale = self._viewport.scale
        key = (
            row.number,
            self.waveforms.version(row.number),
            round(scale, 6),
            tile,
            row.height,
            color.rgba(),
            ratio,
        )
        pixmap = self._tiles.get(key)
        if pixmap is not None:
            self._tiles.move_to_end(key)
            return pixmap
        bar = _BAR / scale / FPS
        count = int(min(_TILE, length - tile * _TILE) // _BAR)
        if count <= 0:
            return None
        bars = self.waveforms.bars(row.number, tile * _TILE / scale / FPS, bar, count)
        if bars is None:
            return None
        pixmap = QPixmap(round(_TILE * ratio), round(row.height * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        middle, half = row.height / 2, row.height / 2 - 4
        painter.setPen(QPen(color, 2))
        painter.drawLines(
            [
                QLineF(
                    i * _BAR + 1,
                    middle - max(high * half, 0.5),
                    i * _BAR + 1,
                    middle - min(low * half, -0.5),
                )
                for i, (low, high) in enumerate(bars)
            ]
        )
        painter.end()
        self._tiles[key] = pixmap
        while len(self._tiles) > _TILES_KEPT:
            self._tiles.popitem(last=False)
        return pixmap

    def drift(self, painter: QPainter, row: Row, visible: range) -> None:
        """Color and identity per chunk: bars against a dashed threshold, a mark above it."""
        theme, timeline, viewport = self._theme, self._timeline, self._viewport
        limit = timeline.drift_threshold
        base, room = row.bottom - 3, row.height - 8
        line = base - room * 0.72
        ratio = painter.device().devicePixelRatioF()
        for index in visible:
            chunk = timeline.chunks[index]
            if chunk.color_drift <= 0:
                continue
            left = viewport.x(chunk.first_frame)
            width = max(chunk.frame_count * viewport.scale - 1.5, 1.0)
            above = chunk.color_drift > limit
            height = min(chunk.color_drift / limit * 0.72, 1.0) * room
            rect = QRectF(left, base - height, width, height)
            painter.fillRect(rect, theme.color("stale" if above else "drift"))
            if above and width >= 16:
                icon = theme.icons.pixmap("warning", "panel", theme.px(13), ratio)
                painter.drawPixmap(QPointF(left + 4, base - height + 3), icon)
            if chunk.identity_drift > 0:
                y = base - min(chunk.identity_drift, 1.0) * room
                painter.fillRect(QRectF(left, y - 1, width, 2), theme.color("second"))
        painter.setPen(QPen(theme.color("third"), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(0, line), QPointF(viewport.width, line))

    def playhead(self, painter: QPainter, height: int) -> None:
        x = self._viewport.x(self._timeline.playhead)
        if x < -8 or x > self._viewport.width + 8:
            return
        color = self._theme.color("playhead")
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(color, 1.6))
        painter.drawLine(QPointF(x, 6), QPointF(x, height))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawPolygon(
            QPolygonF(
                [
                    QPointF(x - 6, 2),
                    QPointF(x + 6, 2),
                    QPointF(x + 6, 10),
                    QPointF(x, 17),
                    QPointF(x - 6, 10),
                ]
            )
        )


def _minor(step: int) -> int:
    for parts in (5, 3, 2):
        if step % parts == 0:
            return step // parts
    return step
