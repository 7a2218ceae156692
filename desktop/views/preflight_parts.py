"""The parts of the plan before rendering: figures, presets, checks."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from desktop.theme import Theme
from desktop.widgets.buttons import link
from desktop.widgets.flow import FlowLayout
from desktop.widgets.icon_mark import IconMark
from desktop.widgets.labels import ElidedLabel, label, set_role
from desktop.widgets.meter import Meter

# Icon and color of a check, worst first.
LEVELS = {
    "error": ("error", "failed"),
    "warning": ("warning", "stale"),
    "notice": ("info", "accent"),
    "tip": ("info", "third"),
    "good": ("check", "ready_text"),
}


class FigureCard(QFrame):
    """One of the four figures: name, value, bar with a tick for what is free, a line of words."""

    def __init__(self, icon: str, title: str, theme: Theme) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self._theme = theme
        box = QVBoxLayout(self)
        box.setContentsMargins(14, 10, 14, 10)
        box.setSpacing(5)
        head = QHBoxLayout()
        self._good = IconMark(theme, side=15)
        head.addWidget(IconMark(theme, icon))
        head.addWidget(label(title, "second"), 1)
        head.addWidget(self._good)
        box.addLayout(head)
        self._value = label("", "heading")
        box.addWidget(self._value)
        self._bar = Meter(theme, width=0, height=16)
        self._bar.setAccessibleName(title)
        box.addWidget(self._bar)
        self._text = ElidedLabel("", "small", elide=Qt.TextElideMode.ElideRight)
        box.addWidget(self._text)

    def show_figure(self, value: str, text: str, share: float, tick: float, at: str) -> None:
        self._value.setText(value)
        self._text.setText(text)
        token = {"good": "ready", "warning": "stale", "error": "failed"}[at]
        self._bar.show_value(share, tick=tick, token=token)
        self._good.show_icon(*LEVELS[at])
        self.setAccessibleName(f"{value}, {text}")


class PresetRow(QFrame):
    """A preset with what it does and how long it takes here."""

    chosen = Signal(str)

    def __init__(self, name: str, title: str, theme: Theme) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self._name, self._theme = name, theme
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 4, 12, 4)
        row.setSpacing(10)
        self.radio = QRadioButton(title)
        self.radio.setAutoExclusive(False)
        self.radio.setMinimumWidth(theme.px(92))
        self.radio.clicked.connect(lambda: self.chosen.emit(name))
        self._what = ElidedLabel("", "small", elide=Qt.TextElideMode.ElideRight)
        self._mark, self._warning = IconMark(theme, "warning", "stale", side=15), label("", "small")
        self._time = label("", "strong")
        row.addWidget(self.radio)
        row.addWidget(self._what, 1)
        row.addWidget(self._mark)
        row.addWidget(self._warning)
        row.addWidget(self._time)

    def show_preset(self, what: str, time: str, warning: str, *, active: bool) -> None:
        self._what.setText(what)
        self._time.setText(time)
        self._warning.setText(warning)
        self._mark.setVisible(bool(warning))
        self.radio.setChecked(active)
        self.radio.setAccessibleName(f"{self.radio.text()}, {what}, {time} {warning}")
        set_role(self, "chosen", "true" if active else "false")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(self._name)


@dataclass(frozen=True, kw_only=True)
class CheckButton:
    """What mends a check."""

    text: str
    act: Callable[[], object]


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing that was looked at, and what mends it."""

    level: str  # error warning notice tip good
    title: str
    detail: str = ""
    buttons: tuple[CheckButton, ...] = ()
    code: str = ""


class CheckRow(QWidget):
    """Mark, words, and below them the buttons."""

    def __init__(self, check: Check, theme: Theme) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(10)
        mark = IconMark(theme, *LEVELS[check.level])
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(label(check.title, "strong", wrap=True))
        if check.detail:
            texts.addWidget(label(check.detail, "small", wrap=True))
        if check.buttons:
            acts = QWidget()
            flow = FlowLayout(acts, gap=12)
            for button in check.buttons:
                flow.addWidget(link(button.text, button.act))
            texts.addWidget(acts)
        row.addLayout(texts, 1)
        self.setAccessibleName(f"{check.level}: {check.title}. {check.detail}")
