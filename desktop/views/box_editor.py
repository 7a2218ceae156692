"""The picture with a box for each speaker: drag, handles, arrow keys."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.state.document import LETTERS, SPEAKER_TOKENS
from desktop.theme import SMALL, Theme

_GRIP = 5.0
_NEAR = 9.0
_LEAST_SIDE = 2.0  # pixels of the source
_EDGES = {
    (0, 0): Qt.CursorShape.SizeFDiagCursor,
    (2, 2): Qt.CursorShape.SizeFDiagCursor,
    (2, 0): Qt.CursorShape.SizeBDiagCursor,
    (0, 2): Qt.CursorShape.SizeBDiagCursor,
    (1, 0): Qt.CursorShape.SizeVerCursor,
    (1, 2): Qt.CursorShape.SizeVerCursor,
    (0, 1): Qt.CursorShape.SizeHorCursor,
    (2, 1): Qt.CursorShape.SizeHorCursor,
}


class BoxEditor(QWidget):
    """Boxes in pixels of the source. Letters and names go with the colors."""

    changed = Signal()
    active_changed = Signal(int)
    face_clicked = Signal(object)  # QRectF

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._image: QImage | None = None
        self._source = QSize(1, 1)  # the picture's own size
        self.boxes: list[QRectF | None] = []
        self.names: list[str] = []
        self.active = 0
        self.faces: list[QRectF] = []
        self.click_faces = False
        self.hint = ""
        self._grab: tuple[int, int] | None = None  # column and row of the handle, (1, 1): inside
        self._from = QPointF()
        self._start: QRectF | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(320, 240)
        self.setAccessibleName(self.tr("Picture with speakers' boxes"))
        self.setToolTip(
            self.tr(
                "Keys: A, B choose a speaker, Enter makes a box, arrows move it, Del removes it"
            )
        )
        theme.changed.connect(self.update)

    @property
    def source_size(self) -> QSize:
        return self._source

    def show_picture(self, image: QImage | None, source: QSize) -> None:
        self._image, self._source = image, source
        self.update()

    def set_boxes(self, boxes: list[QRectF | None], names: list[str]) -> None:
        self.boxes, self.names = list(boxes), list(names)
        self.active = min(self.active, max(len(boxes) - 1, 0))
        self._describe()
        self.update()

    def set_active(self, number: int) -> None:
        if number != self.active:
            self.active = number
            self.active_changed.emit(number)
            self._describe()
            self.update()

    def share(self, number: int) -> float:
        """A box's share of the picture, 0..1."""
        box = self.boxes[number]
        if box is None:
            return 0.0
        return box.width() * box.height() / (self._source.width() * self._source.height())

    def _describe(self) -> None:
        parts = []
        for number, box in enumerate(self.boxes):
            where = (
                f"{box.left():.0f}, {box.top():.0f} – {box.right():.0f}, {box.bottom():.0f}"
                if box is not None
                else self.tr("no box")
            )
            parts.append(f"{LETTERS[number]} {self.names[number]}: {where}")
        self.setAccessibleDescription("; ".join(parts))

    # From pixels of the source to pixels of the widget

    def _area(self) -> QRectF:
        room = QRectF(self.rect()).adjusted(14, 14, -14, -14)
        width, height = self._source.width(), self._source.height()
        scale = min(room.width() / width, room.height() / height)
        area = QRectF(0, 0, width * scale, height * scale)
        area.moveCenter(room.center())
        return area

    def _shown(self, box: QRectF) -> QRectF:
        area = self._area()
        scale = area.width() / self._source.width()
        return QRectF(
            area.left() + box.left() * scale,
            area.top() + box.top() * scale,
            box.width() * scale,
            box.height() * scale,
        )

    def _in_source(self, at: QPointF) -> QPointF:
        area = self._area()
        scale = self._source.width() / area.width()
        return QPointF(
            min(max((at.x() - area.left()) * scale, 0.0), float(self._source.width())),
            min(max((at.y() - area.top()) * scale, 0.0), float(self._source.height())),
        )

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme = self._theme
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("stage"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if self._image is not None:
            painter.drawImage(self._area(), self._image)
        if self.click_faces:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            pen = QPen(theme.color("on_filled"), 1.5, Qt.PenStyle.DashLine)
            for face in self.faces:
                painter.setPen(pen)
                painter.drawRoundedRect(self._shown(face), 6, 6)
        for number, box in enumerate(self.boxes):
            if box is not None:
                self._paint_box(painter, number, box)
        self._paint_over(painter)
        if self.hint:
            self._paint_hint(painter)
        if self.hasFocus():
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    def _paint_over(self, painter: QPainter) -> None:
        """Over the speakers' areas; for editors with more tools."""

    def _paint_box(self, painter: QPainter, number: int, box: QRectF) -> None:
        theme, token = self._theme, SPEAKER_TOKENS[number]
        shown = self._shown(box)
        painter.setPen(QPen(theme.color(token), 2.5))
        painter.setBrush(theme.tint(token, 0.16))
        painter.drawRoundedRect(shown, 6, 6)
        self._paint_plate(painter, number, shown)
        if number == self.active:
            painter.setPen(QPen(theme.color(token), 1))
            painter.setBrush(theme.color("on_filled"))
            for at in _handles(shown).values():
                painter.drawRect(QRectF(at.x() - _GRIP, at.y() - _GRIP, 2 * _GRIP, 2 * _GRIP))

    def _paint_plate(self, painter: QPainter, number: int, shown: QRectF) -> None:
        """Letter and name above an area."""
        theme, token = self._theme, SPEAKER_TOKENS[number]
        painter.setFont(theme.font(SMALL, bold=True))
        text = f"{LETTERS[number]}  {self.names[number]}"
        width = painter.fontMetrics().horizontalAdvance(text) + 22
        plate = QRectF(shown.left(), shown.top() - 30, width, 26)
        if plate.top() < 4:
            plate.moveTop(shown.top() + 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(token))
        painter.drawRoundedRect(plate, 4, 4)
        painter.setPen(theme.color("on_speaker"))
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_hint(self, painter: QPainter) -> None:
        theme = self._theme
        painter.setFont(theme.font(SMALL, bold=True))
        width = painter.fontMetrics().horizontalAdvance(self.hint) + 28
        area = self._area()
        plate = QRectF(area.center().x() - width / 2, area.bottom() - 52, width, 32)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.tint("scrim", 0.78))
        painter.drawRoundedRect(plate, 5, 5)
        painter.setPen(theme.color("on_filled"))
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, self.hint)

    # Mouse

    def _hit(self, at: QPointF) -> tuple[int, tuple[int, int]] | None:
        order = [self.active, *(i for i in range(len(self.boxes)) if i != self.active)]
        for number in order:
            box = self.boxes[number] if number < len(self.boxes) else None
            if box is None:
                continue
            shown = self._shown(box)
            for place, handle in _handles(shown).items():
                if (handle - at).manhattanLength() < _NEAR * 1.5:
                    return number, place
            if shown.contains(at):
                return number, (1, 1)
        return None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if event.button() != Qt.MouseButton.LeftButton or not self.boxes:
            return
        if self.click_faces:
            point = self._in_source(at)
            face = next((f for f in self.faces if f.contains(point)), None)
            if face is not None:
                self.face_clicked.emit(face)
                return
        hit = self._hit(at)
        self._from = self._in_source(at)
        if hit is None:
            self._start = QRectF(self._from, self._from)
            self._grab = (2, 2)
            self.boxes[self.active] = QRectF(self._start)
        else:
            self.set_active(hit[0])
            self._grab = hit[1]
            self._start = QRectF(self.boxes[hit[0]] or QRectF())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grab is None or self._start is None:
            hit = self._hit(event.position())
            shape = Qt.CursorShape.CrossCursor
            if hit is not None:
                shape = _EDGES.get(hit[1], Qt.CursorShape.SizeAllCursor)
            self.setCursor(shape)
            return
        moved = self._in_source(event.position()) - self._from
        self.boxes[self.active] = self._changed(self._start, self._grab, moved)
        self._describe()
        self.changed.emit()
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        del event
        self._grab = None
        box = self.boxes[self.active] if self.boxes else None
        if box is not None and (box.width() < 2 or box.height() < 2):
            self.boxes[self.active] = None
        self.changed.emit()
        self.update()

    def _changed(self, box: QRectF, grab: tuple[int, int], moved: QPointF) -> QRectF:
        if grab == (1, 1):
            return self._inside(box.translated(moved))
        left, top, right, bottom = box.left(), box.top(), box.right(), box.bottom()
        if grab[0] == 0:
            left += moved.x()
        elif grab[0] == 2:
            right += moved.x()
        if grab[1] == 0:
            top += moved.y()
        elif grab[1] == 2:
            bottom += moved.y()
        return QRectF(QPointF(left, top), QPointF(right, bottom)).normalized()

    def _inside(self, box: QRectF) -> QRectF:
        width, height = self._source.width(), self._source.height()
        box.moveLeft(min(max(box.left(), 0.0), max(width - box.width(), 0.0)))
        box.moveTop(min(max(box.top(), 0.0), max(height - box.height(), 0.0)))
        return box

    # Keys: A and B choose the speaker, Enter makes a box, arrows move it, Ctrl and arrows its edge

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        letter = event.text().upper()
        if not self.boxes:
            super().keyPressEvent(event)
        elif letter and letter in LETTERS[: len(self.boxes)]:
            self.set_active(LETTERS.index(letter))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            if self.boxes[self.active] is None and self._image is not None:
                self._put(self._new_box())
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._put(None)
        elif not self._move_by_key(key, event.modifiers()):
            super().keyPressEvent(event)

    def _move_by_key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        steps = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, -1),
            Qt.Key.Key_Down: (0, 1),
        }
        box, step = self.boxes[self.active], steps.get(key)
        if step is None or box is None:
            return False
        far = 10 if modifiers & Qt.KeyboardModifier.ShiftModifier else 1
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            box = box.adjusted(0, 0, step[0] * far, step[1] * far)
            if box.width() < _LEAST_SIDE or box.height() < _LEAST_SIDE:
                return True
        else:
            box = box.translated(step[0] * far, step[1] * far)
        self._put(self._inside(box))
        return True

    def _new_box(self) -> QRectF:
        """Around the first face that has no box yet; else a third of the picture, in its place."""
        taken = [b for b in self.boxes if b is not None]
        for face in self.faces:
            if not any(b.intersects(face) for b in taken):
                return QRectF(face)
        width, height = self._source.width(), self._source.height()
        count = len(self.boxes)
        left = width * (self.active + 0.5) / count - width / 6
        return self._inside(QRectF(left, height / 6, width / 3, height * 2 / 3))

    def _put(self, box: QRectF | None) -> None:
        self.boxes[self.active] = box
        self._describe()
        self.changed.emit()
        self.update()


def _handles(shown: QRectF) -> dict[tuple[int, int], QPointF]:
    """The eight handles by column and row (0, 1, 2)."""
    xs = (shown.left(), shown.center().x(), shown.right())
    ys = (shown.top(), shown.center().y(), shown.bottom())
    return {
        (c, r): QPointF(x, y)
        for c, x in enumerate(xs)
        for r, y in enumerate(ys)
        if (c, r) != (1, 1)
    }
