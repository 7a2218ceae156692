"""The picture with an area for each speaker: boxes, and odd shapes by brush and eraser."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPen

from desktop.state.document import LETTERS, SPEAKER_TOKENS
from desktop.theme import Theme
from desktop.views.box_editor import BoxEditor
from desktop.views.brush import PaintedGrid
from infinitetalk.request import Painted

Tool = Literal["face", "box", "brush", "eraser"]
LEAST_BRUSH, MOST_BRUSH = 0.01, 0.5  # of the longer side of the picture
_TINT = 0.45
_STEPS_KEPT = 100
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


@dataclass(frozen=True)
class _Areas:
    """All speakers' areas at one moment, for undo."""

    boxes: tuple[tuple[float, float, float, float] | None, ...]
    painted: tuple[Painted | None, ...]


class AreaEditor(BoxEditor):
    """A painted speaker's box is the one around the painted cells; another box takes their place."""

    brush_changed = Signal()  # its size
    history_changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.tool: Tool = "box"
        self.brush = 0.08  # its width, of the longer side of the picture
        self.painted: list[Painted | None] = []
        self._grid: PaintedGrid | None = None  # of the active speaker, while it is painted on
        self._at: QPointF | None = None  # of the brush, in pixels of the source
        self._down = False  # the brush touches the picture: by mouse, or by Space
        self._past: list[_Areas] = []
        self._undone: list[_Areas] = []
        self.changed.connect(self._box_may_differ)

    def set_areas(
        self,
        boxes: Sequence[QRectF | None],
        painted: Sequence[Painted | None],
        names: Sequence[str],
    ) -> None:
        self._grid = None
        self.painted = list(painted)
        around = [
            box if area is None else self._around(area)
            for box, area in zip(boxes, painted, strict=True)
        ]
        self.set_boxes(around, list(names))

    def show_picture(self, image: QImage | None, source: QSize) -> None:
        super().show_picture(image, source)
        self.set_areas(self.boxes, self.painted, self.names)  # boxes around paint follow the size

    def put_boxes(self, boxes: Sequence[QRectF | None]) -> None:
        """Boxes for all speakers, in the place of what they have."""
        self.record()
        self.set_areas(boxes, [None] * len(boxes), self.names)
        self.changed.emit()

    def swap(self) -> None:
        """Areas change hands, speech does not."""
        self.record()
        self.set_areas(self.boxes[::-1], self.painted[::-1], self.names)
        self.changed.emit()

    def use_tool(self, tool: Tool) -> None:
        if self._down:
            self._end()
        self.tool = tool
        self.click_faces = tool == "face"
        if self._paints:
            self.setCursor(Qt.CursorShape.BlankCursor)
            if self._at is None:
                self._at = QPointF(self._source.width() / 2, self._source.height() / 2)
        else:
            self.unsetCursor()
        self._describe()
        self.update()

    def set_brush(self, share: float) -> None:
        """The width of the brush, of the longer side of the picture."""
        self.brush = min(max(share, LEAST_BRUSH), MOST_BRUSH)
        self.brush_changed.emit()
        self.update()

    def share(self, number: int) -> float:
        area = self.painted[number]
        return area.share if area is not None else super().share(number)

    # Undo

    @property
    def can_undo(self) -> bool:
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        return bool(self._undone)

    def record(self) -> None:
        """What is there now can be gone back to."""
        self._remember(self._areas())

    def _remember(self, areas: _Areas) -> None:
        self._past = [*self._past[-_STEPS_KEPT:], areas]
        self._undone = []
        self.history_changed.emit()

    def undo(self) -> None:
        if self._past:
            self._undone.append(self._areas())
            self._show(self._past.pop())

    def redo(self) -> None:
        if self._undone:
            self._past.append(self._areas())
            self._show(self._undone.pop())

    def _areas(self) -> _Areas:
        boxes = tuple(None if b is None else b.getRect() for b in self.boxes)
        return _Areas(boxes, tuple(self.painted))  # type: ignore[arg-type] - four numbers each

    def _show(self, areas: _Areas) -> None:
        boxes = [None if b is None else QRectF(*b) for b in areas.boxes]
        self.set_areas(boxes, areas.painted, self.names)
        self.changed.emit()
        self.history_changed.emit()

    # Painting

    @property
    def _paints(self) -> bool:
        return self.tool in ("brush", "eraser")

    @property
    def _width(self) -> float:
        """Of the brush, in pixels of the source."""
        return self.brush * max(self._source.width(), self._source.height())

    def _around(self, area: Painted) -> QRectF:
        box = area.box_around(self._source.height(), self._source.width())
        return QRectF(box.left, box.top, box.right - box.left, box.bottom - box.top)

    def _begin(self, at: QPointF) -> None:
        """The brush comes down: what the speaker has so far goes on as painted."""
        self.record()
        number = self.active
        area, box = self.painted[number], self.boxes[number]
        self._grid = PaintedGrid(self._source, area)
        if area is None and box is not None:
            self._grid.fill(box.left(), box.top(), box.width(), box.height())
        self._down = True
        self._stroke(at, at)

    def _stroke(self, start: QPointF, end: QPointF) -> None:
        if self._grid is not None:
            self._grid.stroke(start, end, self._width, inside=self.tool == "brush")
            self.update()

    def _end(self) -> None:
        """The brush goes up: its strokes are the speaker's area."""
        self._down = False
        if self._grid is None:
            return
        area = self._grid.area()
        self._grid = None
        self.painted[self.active] = area
        self.boxes[self.active] = None if area is None else self._around(area)
        self._describe()
        self.changed.emit()
        self.update()

    def _box_may_differ(self) -> None:
        """A box that was drawn or moved takes the place of what was painted."""
        for number, area in enumerate(self.painted[: len(self.boxes)]):
            if area is not None and self.boxes[number] != self._around(area):
                self.painted[number] = None
        self._describe()

    def set_active(self, number: int) -> None:
        if self._down:
            self._end()
        super().set_active(number)

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or not self.boxes:
            return
        if self._paints:
            self._at = self._in_source(event.position())
            self._begin(self._at)
        else:
            self.record()
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self._paints:
            super().mouseMoveEvent(event)
            return
        self.setCursor(Qt.CursorShape.BlankCursor)
        before, self._at = self._at, self._in_source(event.position())
        if self._down and before is not None and event.buttons() & Qt.MouseButton.LeftButton:
            self._stroke(before, self._at)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._paints:
            self._end()
            return
        super().mouseReleaseEvent(event)
        if self._past and self._past[-1] == self._areas():  # a click that changed nothing
            self._past.pop()
            self.history_changed.emit()

    # Keys: arrows move the brush, Space lowers and raises it, + and - change its size

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Z and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            back = not event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self.undo() if back else self.redo()
        elif self._paints and self.boxes and self._brush_key(key, event):
            return
        else:
            before = self._areas()
            super().keyPressEvent(event)
            if self._areas() != before:
                self._remember(before)

    def _brush_key(self, key: Qt.Key, event: QKeyEvent) -> bool:
        """Whether the key is one of the brush's."""
        if key in _ARROWS:
            self._move_brush(_ARROWS[key], event.modifiers())
        elif key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._end() if self._down else self._begin(self._at or QPointF())
            self._describe()
        elif event.text() in ("+", "="):
            self.set_brush(self.brush * 1.25)
        elif event.text() == "-":
            self.set_brush(self.brush / 1.25)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.record()
            self._grid, self._down = None, False
            self.painted[self.active], self.boxes[self.active] = None, None
            self._describe()
            self.changed.emit()
            self.update()
        else:
            return False
        return True

    def _move_brush(self, way: tuple[int, int], modifiers: Qt.KeyboardModifier) -> None:
        """By a quarter of the brush, with Shift by one pixel."""
        far = 1.0 if modifiers & Qt.KeyboardModifier.ShiftModifier else max(self._width / 4, 1.0)
        before = self._at or QPointF()
        x = min(max(before.x() + way[0] * far, 0.0), float(self._source.width()))
        y = min(max(before.y() + way[1] * far, 0.0), float(self._source.height()))
        self._at = QPointF(x, y)
        if self._down:
            self._stroke(before, self._at)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        if not self._down and not self.hasFocus():
            self._at = None
            self.update()
        super().leaveEvent(event)

    # Painting on the screen

    def _paint_box(self, painter: QPainter, number: int, box: QRectF) -> None:
        area = self.painted[number] if number < len(self.painted) else None
        busy = self._grid is not None and number == self.active
        if area is None and not busy:
            super()._paint_box(painter, number, box)
            return
        self._paint_cells(painter, number, area)
        self._paint_plate(painter, number, self._shown(box))

    def _paint_over(self, painter: QPainter) -> None:
        """The first stroke of a speaker without a box, and the brush itself."""
        if self._grid is not None and self.boxes[self.active] is None:
            self._paint_cells(painter, self.active, None)
        if not self._paints or self._at is None or not self.boxes:
            return
        area = self._area()
        scale = area.width() / self._source.width()
        middle = QPointF(area.left() + self._at.x() * scale, area.top() + self._at.y() * scale)
        radius = max(self._width * scale / 2, 2.0)
        theme = self._theme
        line = Qt.PenStyle.SolidLine if self.tool == "brush" else Qt.PenStyle.DashLine
        painter.setBrush(theme.tint("on_filled", 0.35) if self._down else Qt.BrushStyle.NoBrush)
        for color, width in ((theme.color("scrim"), 3.0), (theme.color("on_filled"), 1.5)):
            painter.setPen(QPen(color, width, line))
            painter.drawEllipse(middle, radius, radius)

    def _paint_cells(self, painter: QPainter, number: int, area: Painted | None) -> None:
        """The area in the speaker's color, its edge clearly."""
        grid = self._grid if number == self.active else None
        grid = grid or PaintedGrid(self._source, area)
        color = self._theme.tint(SPEAKER_TOKENS[number], _TINT)
        painter.drawImage(self._area(), grid.tinted(color))
        painter.drawImage(self._area(), grid.outline(color))

    def _describe(self) -> None:
        super()._describe()
        parts = [self.accessibleDescription()]
        for number, area in enumerate(self.painted):
            if area is not None:
                parts.append(
                    self.tr("{0} is painted: {1} %").format(
                        LETTERS[number], round(area.share * 100)
                    )
                )
        if self._paints:
            parts.append(self.tr("the brush is down") if self._down else self.tr("the brush is up"))
        self.setAccessibleDescription("; ".join(parts))
