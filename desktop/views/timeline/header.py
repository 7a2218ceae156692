"""The column left of the timeline: what each row is, and the controls of speech rows."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from desktop.state.timeline import SpeakerRow, TimelineState
from desktop.theme import Theme
from desktop.views.timeline.canvas import TimelineCanvas
from desktop.views.timeline.rows import Row
from desktop.widgets.labels import ElidedLabel, LetterBadge, label

HEADER_WIDTH = 184
_GRIP = 4


class RowHeaders(QWidget):
    """Names beside the rows, aligned with the canvas; the lower edge of a row resizes it."""

    muted_changed = Signal(int, bool)
    solo_changed = Signal(int, bool)

    def __init__(self, timeline: TimelineState, canvas: TimelineCanvas, theme: Theme) -> None:
        super().__init__()
        self._timeline = timeline
        self._canvas = canvas
        self._theme = theme
        self._resized: Row | None = None
        self._heads: list[QWidget] = []
        self.setMouseTracking(True)
        self.setFixedWidth(theme.px(HEADER_WIDTH))
        timeline.speakers_changed.connect(self.rebuild)
        timeline.takes_shown_changed.connect(self.rebuild)
        theme.changed.connect(self._theme_changed)
        canvas.installEventFilter(self)
        self.rebuild()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._canvas and event.type() == QEvent.Type.Resize:
            self.setFixedHeight(self._canvas.height())
            self.rebuild()
        return False

    def _theme_changed(self) -> None:
        self.setFixedWidth(self._theme.px(HEADER_WIDTH))
        self.rebuild()

    def rebuild(self) -> None:
        for head in self._heads:
            head.hide()
            head.deleteLater()
        self._heads = [self._head(row) for row in self._canvas.rows()]
        for head, row in zip(self._heads, self._canvas.rows(), strict=True):
            head.setParent(self)
            head.setGeometry(0, row.top, self.width() - 1, row.height - _GRIP)
            head.show()
        self.update()

    def _head(self, row: Row) -> QWidget:
        if row.kind == "speech":
            return self._speech_head(row.number, self._timeline.speakers[row.number])
        icon, title, text = {
            "ruler": (None, self.tr("Time"), ""),
            "source": ("film", self.tr("Source"), self.tr("one frame per chunk")),
            "result": ("layers", self.tr("Result"), self.tr("active take")),
            "take": (None, self.tr("Take {0}").format(row.number + 1), ""),
            "drift": (None, self.tr("Color drift"), ""),
        }[row.kind]
        head = QWidget()
        line = QHBoxLayout(head)
        line.setContentsMargins(14, 0, 8, 0)
        line.setSpacing(10)
        if icon:
            picture = QLabel()
            picture.setPixmap(
                self._theme.icons.pixmap(
                    icon, "second", self._theme.px(16), self.devicePixelRatioF()
                )
            )
            line.addWidget(picture)
        else:
            indent = 24 + self._theme.px(16)  # below the words of the rows with an icon
            line.setContentsMargins(14 if row.kind == "ruler" else indent, 0, 8, 0)
        line.addLayout(_two_lines(title, text, small=row.kind in ("ruler", "drift", "take")), 1)
        return head

    def _speech_head(self, number: int, speaker: SpeakerRow) -> QWidget:
        head = QWidget()
        line = QHBoxLayout(head)
        line.setContentsMargins(12, 0, 2, 0)
        line.setSpacing(2)
        line.addWidget(LetterBadge(speaker.letter, speaker.token, self._theme, side=18))
        line.addSpacing(6)
        line.addLayout(_two_lines(speaker.name, speaker.file_name), 1)
        mute = QToolButton()
        mute.setCheckable(True)
        mute.setChecked(speaker.muted)
        mute.setIcon(self._theme.icons.icon("mute" if speaker.muted else "volume", "second"))
        mute.setToolTip(self.tr("Mute"))
        mute.setAccessibleName(self.tr("Mute {0}").format(speaker.name))
        mute.setFixedWidth(self._theme.px(26))
        mute.toggled.connect(lambda on: self.muted_changed.emit(number, on))
        line.addWidget(mute)
        if len(self._timeline.speakers) > 1:
            solo = QToolButton()
            solo.setCheckable(True)
            solo.setChecked(speaker.solo)
            solo.setText(self.tr("S", "solo"))
            solo.setToolTip(self.tr("Solo: hear only this speaker"))
            solo.setAccessibleName(self.tr("Solo {0}").format(speaker.name))
            solo.setFixedWidth(self._theme.px(26))
            solo.toggled.connect(lambda on: self.solo_changed.emit(number, on))
            line.addWidget(solo)
        return head

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("panel"))
        painter.setPen(QPen(self._theme.color("line"), 1))
        for row in self._canvas.rows():
            painter.drawLine(0, row.bottom - 1, self.width(), row.bottom - 1)
        painter.drawLine(self.width() - 1, 0, self.width() - 1, self.height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._resized = self._edge_at(event.position().y())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        y = event.position().y()
        if self._resized is not None and event.buttons() & Qt.MouseButton.LeftButton:
            layout = self._canvas.rows_layout
            layout.set_height(self._resized.kind, round((y - self._resized.top) / layout.scale))
            self._canvas.relayout()
            return
        at_edge = self._edge_at(y) is not None
        self.setCursor(Qt.CursorShape.SplitVCursor if at_edge else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        del event
        self._resized = None

    def _edge_at(self, y: float) -> Row | None:
        rows = self._canvas.rows()
        return next((r for r in rows if r.kind != "ruler" and abs(r.bottom - y) <= _GRIP + 1), None)


def _two_lines(title: str, text: str, *, small: bool = False) -> QVBoxLayout:
    box = QVBoxLayout()
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(0)
    box.addStretch(1)
    box.addWidget(label(title, "small" if small else "strong"))
    if text:
        box.addWidget(ElidedLabel(text, "smallThird", elide=Qt.TextElideMode.ElideRight))
    box.addStretch(1)
    return box
