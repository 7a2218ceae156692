"""What a brush leaves: cells of a grid over the source, as a picture that can be painted on."""

from PySide6.QtCore import QPointF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from infinitetalk.request import Painted

GRID = 256  # cells on the longer side; the finest latent grid has 160
_FULL = bytes((0, *(255,) * 255))  # what is not 0 is all of it


class PaintedGrid:
    """Cells of one speaker, in pixels of the source on the outside."""

    def __init__(self, source: QSize, area: Painted | None = None) -> None:
        self._source = source
        if area is not None:
            columns, rows = area.columns, area.rows
            data = area.cells().translate(_FULL)
            image = QImage(data, columns, rows, columns, QImage.Format.Format_Grayscale8)
            self._image = image.copy()  # of its own: `data` goes
            return
        scale = GRID / max(source.width(), source.height(), 1)
        scale = min(scale, 1.0)
        columns, rows = (max(1, round(s * scale)) for s in (source.width(), source.height()))
        self._image = QImage(columns, rows, QImage.Format.Format_Grayscale8)
        self._image.fill(0)

    def stroke(self, start: QPointF, end: QPointF, width: float, *, inside: bool) -> None:
        """A stroke of a round brush of that width; not `inside`: it takes away."""
        cells = self._cells_per_pixel()
        painter = QPainter(self._image)
        color = QColor(255, 255, 255) if inside else QColor(0, 0, 0)
        pen = QPen(color, max(width * cells.width(), 1.0))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        first, last = (QPointF(p.x() * cells.width(), p.y() * cells.height()) for p in (start, end))
        painter.drawLine(first, last) if first != last else painter.drawPoint(first)
        painter.end()

    def fill(self, left: float, top: float, width: float, height: float) -> None:
        """A rectangle: what was a box goes on as painted."""
        cells = self._cells_per_pixel()
        painter = QPainter(self._image)
        x, y = round(left * cells.width()), round(top * cells.height())
        right, bottom = (
            round((left + width) * cells.width()),
            round((top + height) * cells.height()),
        )
        painter.fillRect(x, y, max(right - x, 1), max(bottom - y, 1), QColor(255, 255, 255))
        painter.end()

    def area(self) -> Painted | None:
        """As the request has it; None where nothing is left."""
        image = self._image
        line, data = image.bytesPerLine(), bytes(image.constBits())
        rows, columns = image.height(), image.width()
        cells = b"".join(data[row * line : row * line + columns] for row in range(rows))
        return Painted.of_cells(rows, columns, cells) if any(cells) else None

    def tinted(self, color: QColor) -> QImage:
        """The cells in a color, transparent elsewhere; to be drawn over the whole picture."""
        result = QImage(self._image.size(), QImage.Format.Format_ARGB32)
        result.fill(color)
        result.setAlphaChannel(self._alpha(color.alphaF()))
        return result

    def outline(self, color: QColor) -> QImage:
        """The cells around the edge in that color, transparent elsewhere."""
        solid = QColor(color)
        solid.setAlpha(255)
        whole = self.tinted(solid)
        result = QImage(self._image.size(), QImage.Format.Format_ARGB32)
        result.fill(Qt.GlobalColor.transparent)
        painter = QPainter(result)
        for x, y in ((-1, 0), (1, 0), (0, -1), (0, 1)):
            painter.drawImage(x, y, whole)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationOut)
        painter.drawImage(0, 0, whole)
        painter.end()
        return result

    def _alpha(self, share: float) -> QImage:
        image = QImage(self._image.size(), QImage.Format.Format_Grayscale8)
        image.fill(0)
        painter = QPainter(image)
        painter.setOpacity(share)
        painter.drawImage(0, 0, self._image)
        painter.end()
        return image

    def _cells_per_pixel(self) -> QSizeF:
        return QSizeF(
            self._image.width() / max(self._source.width(), 1),
            self._image.height() / max(self._source.height(), 1),
        )
