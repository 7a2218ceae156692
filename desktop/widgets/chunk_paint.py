"""How a chunk looks: every state differs in color, in mark and in fill, at three widths.

Used by the timeline, the overview strip, the queue, the redo dialog and the recovery prompt.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

from desktop.theme import BAND, Theme
from infinitetalk.event import ChunkStatus

WIDE = 60  # pixels per chunk from which thumbnail, mark and number are shown
MEDIUM = 16  # from here a block with its mark, below a pattern
MERGED = 3  # below, runs of one state are one block

MARKS: dict[ChunkStatus, str] = {
    "waiting": "ring",
    "rendering": "bars",
    "ready": "check",
    "stale": "stale",
    "kept": "pin",
    "failed": "cross",
    "left_out": "dash",
}

# fill, outline, mark and text
_TOKENS: dict[ChunkStatus, tuple[str | None, str, str]] = {
    "waiting": (None, "waiting", "second"),
    "rendering": ("rendering_soft", "rendering", "on_rendering"),
    "ready": ("ready", "ready", "on_ready"),
    "stale": ("stale_soft", "stale", "stale_text"),
    "kept": ("kept_soft", "ready", "ready_text"),
    "failed": ("failed_soft", "failed", "failed_text"),
    "left_out": (None, "waiting", "third"),
}


@lru_cache(maxsize=32)
def stripes(color: int, width: int, ratio: float) -> QPixmap:
    """A tile of diagonal lines, `width` logical pixels wide, in a color given as ARGB."""
    side = max(round(width * ratio), 4)
    pixmap = QPixmap(side, side)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(QColor.fromRgba(color), side * 0.38)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    for offset in (-side, 0, side):
        painter.drawLine(QLineF(offset - 2, side + 2, offset + side + 2, -2))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def _hatch(painter: QPainter, rect: QRectF, color: QColor, width: int) -> None:
    ratio = painter.device().devicePixelRatioF()
    painter.save()
    painter.setBrushOrigin(rect.topLeft())
    painter.fillRect(rect, QBrush(stripes(color.rgba(), width, ratio)))
    painter.restore()


def paint_chunk(
    painter: QPainter,
    rect: QRectF,
    status: ChunkStatus,
    theme: Theme,
    *,
    fraction: float = 0.0,
    label: str = "",
    detail: str = "",
    mark: bool = True,
) -> None:
    """A chunk's block in `rect`, at the level of detail that its width allows.

    `fraction` is the share of steps done while rendering; `label` the number and `detail` more
    text, shown where there is room. Without `mark` (low strips) fill and outline tell states apart.
    """
    if rect.width() < MEDIUM:
        _paint_narrow(painter, rect, status, theme, fraction)
        return
    fill, outline, ink = _TOKENS[status]
    color = theme.color(outline)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    inner = rect.adjusted(0.75, 0.75, -0.75, -0.75)
    if fill:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(fill))
        painter.drawRoundedRect(inner, 3, 3)
    if status == "rendering" and fraction > 0:
        painter.fillRect(
            QRectF(inner.left(), inner.top(), inner.width() * min(fraction, 1.0), inner.height()),
            theme.color("rendering_done"),
        )
    wide = mark and rect.width() >= WIDE
    if status == "stale":
        part = QRectF(inner)
        if wide:
            part.setLeft(inner.left() + min(inner.width() * 0.45, 44))
        _hatch(painter, part, theme.color("stale_line"), 7)
    if status != "ready":
        pen = QPen(color, 1.5)
        if status in ("waiting", "left_out"):
            pen.setWidthF(1.0)
        if status == "left_out":
            pen.setStyle(Qt.PenStyle.DotLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(inner, 3, 3)
    if mark:
        _paint_mark(painter, rect, MARKS[status], theme, ink, label, detail)


def _paint_mark(
    painter: QPainter, rect: QRectF, mark: str, theme: Theme, ink: str, label: str, detail: str
) -> None:
    ratio = painter.device().devicePixelRatioF()
    side = int(min(13 * theme.scale, rect.height() - 3, rect.width() - 4))
    if side < 6:
        return
    middle = rect.center().y()
    if rect.width() < WIDE or not label:
        pixmap = theme.icons.pixmap(mark, ink, side, ratio)
        painter.drawPixmap(QPointF(rect.center().x() - side / 2, middle - side / 2), pixmap)
        return
    pixmap = theme.icons.pixmap(mark, ink, side, ratio)
    painter.drawPixmap(QPointF(rect.left() + 5, middle - side / 2), pixmap)
    font = theme.font(BAND, bold=True, figures=True)
    painter.setFont(font)
    painter.setPen(theme.color(ink))
    metrics = painter.fontMetrics()
    text = label
    room = rect.width() - side - 14
    if detail and metrics.horizontalAdvance(f"{label}  {detail}") <= room:
        text = f"{label}  {detail}"
    area = QRectF(rect.left() + side + 9, rect.top(), room, rect.height())
    painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text)


def _paint_narrow(
    painter: QPainter, rect: QRectF, status: ChunkStatus, theme: Theme, fraction: float
) -> None:
    """Pattern only: outline, solid, diagonal, half, tinted, crossed or dotted."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    fill, outline, _ = _TOKENS[status]
    color = theme.color(outline)
    if status == "ready":
        painter.fillRect(rect, color)
        return
    if fill:
        painter.fillRect(rect, theme.color(fill))
    if status == "rendering":
        part = QRectF(rect)
        part.setWidth(max(rect.width() * max(fraction, 0.35), 1.0))
        painter.fillRect(part, color)
    if status == "stale":
        _hatch(painter, rect, theme.color("stale"), 6)
    if status == "kept":  # a solid foot, so that it is no waiting chunk without color
        foot = QRectF(rect)
        foot.setTop(rect.bottom() - max(rect.height() * 0.3, 2.0))
        painter.fillRect(foot, color)
    if rect.width() >= 2.5:
        pen = QPen(color, 1, Qt.PenStyle.DotLine if status == "left_out" else Qt.PenStyle.SolidLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(rect.adjusted(0, 0, -1, -1))
        if status == "failed":
            inner = rect.adjusted(1, 1, -2, -2)
            painter.drawLine(inner.topLeft(), inner.bottomRight())
            painter.drawLine(inner.topRight(), inner.bottomLeft())
    elif status in ("waiting", "left_out"):
        middle = rect.center().y()
        painter.fillRect(QRectF(rect.left(), middle - 1, rect.width(), 2), color)
    else:
        painter.fillRect(QRectF(rect.left(), rect.top(), rect.width(), 2), color)


def paint_diamond(painter: QPainter, center: QPointF, theme: Theme, *, visible: bool) -> None:
    """The mark of a blended seam; amber where the blend is likely to be seen."""
    side = 6.5
    shape = QPolygonF(
        [
            QPointF(center.x(), center.y() - side - 1),
            QPointF(center.x() + side, center.y()),
            QPointF(center.x(), center.y() + side + 1),
            QPointF(center.x() - side, center.y()),
        ]
    )
    path = QPainterPath()
    path.addPolygon(shape)
    path.closeSubpath()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.color("playhead"), 1.6))
    painter.setBrush(theme.color("stale") if visible else theme.color("panel"))
    painter.drawPath(path)


def merge_runs(
    cells: Iterable[tuple[float, float, ChunkStatus, float]], order: Sequence[ChunkStatus]
) -> list[tuple[float, float, ChunkStatus, float]]:
    """Cells (left, width, state, fraction) narrower than `MERGED` become blocks of at least that.

    Runs of one state merge; where states meet inside one block, the one first in `order` wins.
    """
    rank = {status: i for i, status in enumerate(order)}
    merged: list[tuple[float, float, ChunkStatus, float]] = []
    start: float | None = None
    end = 0.0
    worst: ChunkStatus | None = None
    done = 0.0
    for left, width, status, fraction in cells:
        if start is None or worst is None:
            start, worst, done = left, status, fraction
        elif status != worst:
            if end - start >= MERGED:
                merged.append((start, end - start, worst, done))
                start, worst, done = left, status, fraction
            elif rank[status] < rank[worst]:
                worst, done = status, fraction
        end = left + width
    if start is not None and worst is not None:
        merged.append((start, max(end - start, 1.0), worst, done))
    return merged
