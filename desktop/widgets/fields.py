"""Rows of a form: a dot that says whose value it is, a name, an editor."""

import random

from PySide6.QtCore import QEvent, QObject, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QDoubleSpinBox,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QSizePolicy,
    QSpinBox,
    QWidget,
)

from desktop.theme import Theme

_PADDING = 5  # of the style sheet, with its border


class OwnDot(QAbstractButton):
    """Filled: a value of one's own. Empty: inherited. Its menu goes back to the inherited one."""

    reset = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._own = False
        self.setFixedSize(24, 24)
        self.clicked.connect(self._menu)
        theme.changed.connect(self.update)

    def show_own(self, own: bool, name: str, inherited: str) -> None:
        self._own = own
        self._inherited = inherited
        text = (
            self.tr("{0}: own value. Click to reset.").format(name)
            if own
            else self.tr("{0}: as in the project").format(name)
        )
        self.setToolTip(text)
        self.setAccessibleName(text)
        self.setEnabled(own)
        self.update()

    @property
    def own(self) -> bool:
        return self._own

    def _menu(self) -> None:
        menu = QMenu(self)
        menu.addAction(self.tr("Back to {0}").format(self._inherited), self.reset.emit)
        menu.exec(self.mapToGlobal(self.rect().bottomLeft()))

    def sizeHint(self) -> QSize:
        return QSize(24, 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        center = QPointF(self.width() / 2 - 4, self.height() / 2)
        if self._own:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("accent"))
            painter.drawEllipse(center, 4, 4)
        else:
            painter.setPen(QPen(self._theme.color("third"), 1.4))
            painter.drawEllipse(center, 3.2, 3.2)
        if self.hasFocus():
            painter.setPen(QPen(self._theme.color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 4, 4)


class _NoWheel(QObject):
    """Fields in scrolled panes change by the wheel only while they have the focus."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QWheelEvent) or not isinstance(watched, QWidget):
            return False
        if watched.hasFocus():
            return False
        event.ignore()
        return True


def quiet(widget: QWidget) -> None:
    """Installs the wheel rule on an editor."""
    widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    widget.installEventFilter(_NoWheel(widget))


def number(
    low: float, high: float, step: float, decimals: int, *, suffix: str = ""
) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setRange(low, high)
    box.setSingleStep(step)
    box.setDecimals(decimals)
    box.setSuffix(suffix)
    _spin(box)
    return box


def whole(low: int, high: int, *, suffix: str = "") -> QSpinBox:
    box = QSpinBox()
    box.setRange(low, high)
    box.setSuffix(suffix)
    _spin(box)
    return box


def _spin(box: QSpinBox | QDoubleSpinBox) -> None:
    """What number fields have in common; the sheet's padding does not reach their text."""
    box.setKeyboardTracking(False)
    box.setMinimumWidth(56)
    box.lineEdit().setTextMargins(7, 0, 4, 0)
    quiet(box)


def choice(items: list[tuple[str, object]]) -> QComboBox:
    """A box of (text, value)."""
    box = QComboBox()
    for text, value in items:
        box.addItem(text, value)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    quiet(box)
    return box


def new_seed() -> int:
    """One of a million: short enough to be read out and noted."""
    return random.randrange(1_000_000)


class SeedEdit(QLineEdit):
    """A whole number from 0 to 2**63 - 1, which no spin box holds. A negative one draws a new one:
    what was drawn is noted, so that the video can be made again.
    """

    seed_changed = Signal(object)  # int

    def __init__(self) -> None:
        super().__init__()
        self.setMaxLength(19)
        self.editingFinished.connect(self._finished)
        self._shown = ""

    def show_seed(self, seed: int | None) -> None:
        self._shown = "" if seed is None else str(seed)
        if (self.text() != self._shown and not self.hasFocus()) or not self.isModified():
            self.setText(self._shown)

    def draw(self) -> None:
        """Another seed."""
        self.setText("-1")
        self._finished()

    def _finished(self) -> None:
        text = self.text().strip()
        if text.startswith("-") and text[1:].isdigit():
            text = str(new_seed())
            self.setText(text)
        if text.isdigit() and int(text) < 2**63:
            if text != self._shown:
                self._shown = text
                self.seed_changed.emit(int(text))
        else:
            self.setText(self._shown)
        self.setModified(False)


class PromptEdit(QPlainTextEdit):
    """A few lines of text; announces what was typed. Tab leaves the field."""

    edited = Signal(str)

    def __init__(self, lines: int, theme: Theme) -> None:
        super().__init__()
        self._lines = lines
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._showing = False
        self.textChanged.connect(self._typed)
        theme.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """Whole lines: of a longer text no line shows by half."""
        self.ensurePolished()
        around = 2 * (round(self.document().documentMargin()) + _PADDING)
        return QSize(160, self._lines * self.fontMetrics().lineSpacing() + around)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.sizeHint().height())

    def show_text(self, text: str) -> None:
        """Shows a text without announcing it; what the user is typing stays."""
        if text != self.toPlainText():
            self._showing = True
            self.setPlainText(text)
            self._showing = False

    def _typed(self) -> None:
        if not self._showing:
            self.edited.emit(self.toPlainText())
