"""The rows of chunks: source frames, result with its state band, takes."""

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap

from desktop.state.timeline import WORST_FIRST, ChunkView, TimelineState
from desktop.state.viewport import Viewport
from desktop.theme import BAND, Theme
from desktop.views.timeline.pictures import Pictures
from desktop.views.timeline.rows import BAND_HEIGHT, Row
from desktop.widgets.chunk_paint import (
    MEDIUM,
    MERGED,
    WIDE,
    merge_runs,
    paint_chunk,
    paint_diamond,
)
from infinitetalk.event import ChunkStatus

_GAP = 1.5
_STRIP_FROM = 1.6  # times its own width: from here a picture repeats instead of being cut


class ChunkPainter:
    """Paints the visible chunks of one row. Holds nothing between two paints but references."""

    def __init__(self, timeline: TimelineState, viewport: Viewport, theme: Theme) -> None:
        self._timeline = timeline
        self._viewport = viewport
        self._theme = theme
        self.pictures: Pictures | None = None

    def visible(self, left: float, right: float) -> range:
        """Indices of the chunks that touch the pixels from `left` to `right`."""
        timeline = self._timeline
        if not timeline.chunks:
            return range(0)
        first = timeline.chunk_at(max(int(self._viewport.frame(left)), 0))
        last = timeline.chunk_at(max(int(self._viewport.frame(right)) + 1, 0))
        end = len(timeline.chunks) if last is None else last + 1
        return range(first if first is not None else len(timeline.chunks), end)

    def span(self, chunk: ChunkView) -> tuple[float, float]:
        """Left edge and width in pixels."""
        viewport = self._viewport
        return viewport.x(chunk.first_frame), chunk.frame_count * viewport.scale

    def source(self, painter: QPainter, row: Row, visible: range) -> None:
        theme, chunks = self._theme, self._timeline.chunks
        typical = self._typical_width(visible)
        if typical < MEDIUM:
            left = self._viewport.x(chunks[visible[0]].first_frame) if visible else 0.0
            right = self._viewport.x(chunks[visible[-1]].end_frame) if visible else 0.0
            middle = row.top + row.height / 2
            painter.fillRect(QRectF(left, middle - 6, right - left, 12), theme.color("raised"))
            return
        pen = QPen(theme.color("second"), 1.5)
        for index in visible:
            chunk = chunks[index]
            left, width = self.span(chunk)
            rect = QRectF(left + _GAP, row.top + 3, width - 2 * _GAP, row.height - 6)
            picture = self.pictures.source(index) if self.pictures else None
            self._picture(painter, rect, picture, empty="raised")
            painter.setPen(pen)
            painter.drawLine(QPointF(left + _GAP, row.top), QPointF(left + _GAP, row.bottom - 1))

    def result(self, painter: QPainter, row: Row, visible: range) -> None:
        chunks = self._timeline.chunks
        typical = self._typical_width(visible)
        if typical < MEDIUM:
            self._result_narrow(painter, row, visible, typical)
        else:
            band = round(BAND_HEIGHT * self._theme.scale)
            for index in visible:
                self._result_chunk(painter, row, chunks[index], band, wide=typical >= WIDE)
        self._selection(painter, row, visible)
        if typical >= MEDIUM:
            for index in visible:
                self._seam(painter, row, chunks[index])

    def _result_chunk(
        self, painter: QPainter, row: Row, chunk: ChunkView, band: int, *, wide: bool
    ) -> None:
        theme = self._theme
        left, width = self.span(chunk)
        left, width = left + _GAP / 2, width - _GAP
        label = str(chunk.index + 1)
        fraction = chunk.step / chunk.steps if chunk.steps else 0.0
        if not wide:
            rect = QRectF(left, row.top + 6, width, row.height - 12)
            paint_chunk(painter, rect, chunk.status, theme, fraction=fraction)
            return
        picture_rect = QRectF(left, row.top + 4, width, row.height - band - 10)
        picture = self._result_picture(chunk)
        self._picture(painter, picture_rect, picture, empty=None)
        if picture is not None and chunk.status in ("stale", "left_out"):
            painter.fillRect(picture_rect, theme.tint("panel", 0.45))
        if len(chunk.takes) > 1:
            self._takes_badge(painter, picture_rect, chunk)
        band_rect = QRectF(left, row.bottom - band - 4, width, band)
        detail = ""
        if chunk.status == "rendering" and chunk.steps:
            detail = QCoreApplication.translate("chunks", "step {0}/{1}").format(
                chunk.step, chunk.steps
            )
        paint_chunk(
            painter, band_rect, chunk.status, theme, fraction=fraction, label=label, detail=detail
        )

    def _result_narrow(self, painter: QPainter, row: Row, visible: range, typical: float) -> None:
        chunks, theme = self._timeline.chunks, self._theme
        top, height = row.top + 8, row.height - 16
        gap = 1.0 if typical >= 5 else 0.0
        cells: list[tuple[float, float, ChunkStatus, float]] = []
        for index in visible:
            chunk = chunks[index]
            left, width = self.span(chunk)
            fraction = chunk.step / chunk.steps if chunk.steps else 0.0
            cells.append((left, max(width - gap, 1.0), chunk.status, fraction))
        if typical < MERGED:
            cells = merge_runs(cells, WORST_FIRST)
        for left, width, status, fraction in cells:
            if width >= MEDIUM:
                _paint_run(painter, QRectF(left, top, width, height), status, theme)
            else:
                paint_chunk(
                    painter, QRectF(left, top, width, height), status, theme, fraction=fraction
                )

    def take(self, painter: QPainter, row: Row, visible: range) -> None:
        """Row number n shows take n of every chunk that has it."""
        theme, chunks = self._theme, self._timeline.chunks
        if self._typical_width(visible) < MEDIUM:
            return
        ratio = painter.device().devicePixelRatioF()
        for index in visible:
            chunk = chunks[index]
            if row.number >= len(chunk.takes):
                continue
            key = chunk.takes[row.number]
            left, width = self.span(chunk)
            rect = QRectF(left + _GAP, row.top + 2, width - 2 * _GAP, row.height - 4)
            picture = self.pictures.take(index, key) if self.pictures else None
            self._picture(painter, rect, picture, empty="raised")
            active = key == chunk.active_take
            if not active:
                painter.fillRect(rect, theme.tint("panel", 0.4))
            painter.setPen(QPen(theme.color("accent" if active else "strong_line"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(rect)
            if key in chunk.locked_takes:
                side = theme.px(13)
                icon = theme.icons.pixmap("lock", "on_filled", side, ratio)
                back = QRectF(rect.left() + 3, rect.top() + 3, side + 4, side + 4)
                painter.fillRect(back, theme.tint("scrim", 0.7))
                painter.drawPixmap(back.topLeft() + QPointF(2, 2), icon)

    def _result_picture(self, chunk: ChunkView) -> QPixmap | None:
        if self.pictures is None:
            return None
        if chunk.status == "rendering":
            live = self.pictures.live(chunk.index)
            if live is not None:
                return live
        if chunk.active_take is not None:
            return self.pictures.take(chunk.index, chunk.active_take)
        return None

    def _picture(
        self, painter: QPainter, rect: QRectF, picture: QPixmap | None, *, empty: str | None
    ) -> None:
        if picture is not None and not picture.isNull():
            _draw_covering(painter, rect, picture)
            return
        if empty:
            painter.fillRect(rect, self._theme.color(empty))
        else:
            painter.fillRect(rect, self._theme.tint("window", 0.6))
            painter.setPen(QPen(self._theme.color("line"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(rect)

    def _takes_badge(self, painter: QPainter, rect: QRectF, chunk: ChunkView) -> None:
        theme = self._theme
        ratio = painter.device().devicePixelRatioF()
        painter.setFont(theme.font(BAND, bold=True, figures=True))
        text = f"{chunk.take_number}/{len(chunk.takes)}"
        side = theme.px(13)
        width = painter.fontMetrics().horizontalAdvance(text) + side + 13
        if width > rect.width() - 4:
            return
        badge = QRectF(rect.right() - width - 3, rect.top() + 3, width, theme.px(17))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.tint("scrim", 0.78))
        painter.drawRoundedRect(badge, 3, 3)
        icon = theme.icons.pixmap("layers", "on_filled", side, ratio)
        painter.drawPixmap(QPointF(badge.left() + 4, badge.center().y() - side / 2), icon)
        painter.setPen(theme.color("on_filled"))
        painter.drawText(
            badge.adjusted(side + 7, 0, 0, 0),
            int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft),
            text,
        )

    def _seam(self, painter: QPainter, row: Row, chunk: ChunkView) -> None:
        if chunk.status == "kept" and chunk.index > 0:
            left, _ = self.span(chunk)
            center = QPointF(left, row.bottom - BAND_HEIGHT * self._theme.scale - 4)
            paint_diamond(painter, center, self._theme, visible=chunk.seam_visible)

    def _selection(self, painter: QPainter, row: Row, visible: range) -> None:
        if not self._timeline.selected:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color("accent"), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for index in visible:
            if index in self._timeline.selected:
                left, width = self.span(self._timeline.chunks[index])
                painter.drawRoundedRect(
                    QRectF(left, row.top + 2, max(width, 3), row.height - 4), 3, 3
                )

    def _typical_width(self, visible: range) -> float:
        """Width of a usual chunk on screen; the last one is often shorter."""
        if not visible:
            return 0.0
        frames = max(self._timeline.chunks[i].frame_count for i in visible[:2])
        return frames * self._viewport.scale


def _paint_run(painter: QPainter, rect: QRectF, status: ChunkStatus, theme: Theme) -> None:
    """A long run of one state, in tiles narrow enough to be a pattern, not a block."""
    tile = MEDIUM - 2.0
    if status == "ready":
        painter.fillRect(rect, theme.color("ready"))
        return
    left = rect.left()
    while left < rect.right():
        width = min(tile, rect.right() - left)
        paint_chunk(painter, QRectF(left, rect.top(), width, rect.height()), status, theme)
        left += tile


def _draw_covering(painter: QPainter, rect: QRectF, picture: QPixmap) -> None:
    """The picture fills `rect`; what is too much is cut at the edges. A wide one is a film strip."""
    have_w, have_h = picture.width(), picture.height()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    natural = rect.height() * have_w / have_h
    if rect.width() > _STRIP_FROM * natural:
        left = rect.left()
        while left < rect.right() - 0.5:
            width = min(natural, rect.right() - left)
            part = QRectF(0, 0, have_w * width / natural, have_h)
            painter.drawPixmap(QRectF(left, rect.top(), width, rect.height()), picture, part)
            left += natural
        return
    scale = max(rect.width() / have_w, rect.height() / have_h)
    cut_w, cut_h = rect.width() / scale, rect.height() / scale
    part = QRectF((have_w - cut_w) / 2, (have_h - cut_h) / 2, cut_w, cut_h)
    painter.drawPixmap(rect, picture, part)
