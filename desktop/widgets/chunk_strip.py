"""A job's chunks as a thin strip of blocks: queue, recovery, redo."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.state.timeline import WORST_FIRST
from desktop.theme import Theme
from desktop.widgets.chunk_paint import MERGED, merge_runs, paint_chunk, paint_diamond
from infinitetalk.event import ChunkStatus

Cell = tuple[ChunkStatus, float, float]  # state, share of steps done, relative width


class ChunkStrip(QWidget):
    """Blocks side by side over the whole width; with `labels`, numbered and marked."""

    def __init__(self, theme: Theme, height: int = 13) -> None:
        super().__init__()
        self._theme = theme
        self._height = height
        self._cells: list[Cell] = []
        self._labels: list[str] = []
        self._seam: int | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        return QSize(200, self._theme.px(self._height))

    def show_cells(
        self, cells: Sequence[Cell], labels: Sequence[str] = (), seam: int | None = None
    ) -> None:
        """`seam`: index of the cell at whose left edge a blended seam is marked."""
        self._cells, self._labels, self._seam = list(cells), list(labels), seam
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        if not self._cells:
            return
        painter = QPainter(self)
        whole = sum(c[2] for c in self._cells)
        scale = self.width() / whole
        typical = max(c[2] for c in self._cells) * scale
        gap = 4.0 if self._labels else (1.5 if typical >= 6 else (1.0 if typical >= 3 else 0.0))
        left = 0.0
        cells: list[tuple[float, float, ChunkStatus, float]] = []
        for status, done, width in self._cells:
            cells.append((left, max(width * scale - gap, 0.2), status, done))
            left += width * scale
        if typical < MERGED:
            cells = merge_runs(cells, WORST_FIRST)
        for i, (x, width, status, done) in enumerate(cells):
            rect = QRectF(x, 0, width, self.height())
            label = self._labels[i] if i < len(self._labels) else ""
            paint_chunk(
                painter, rect, status, self._theme, fraction=done, label=label, mark=bool(label)
            )
        if self._seam is not None and self._seam < len(cells):
            at = QPointF(cells[self._seam][0] - gap / 2, self.height() / 2)
            paint_diamond(painter, at, self._theme, visible=False)
