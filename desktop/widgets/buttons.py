"""Buttons of the three kinds that the style sheet knows."""

from collections.abc import Callable

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QPushButton, QToolButton

from desktop.theme import ICON_SIDE, size_icon


def button(
    text: str, act: Callable[[], object] | None = None, *, icon: QIcon | None = None
) -> QPushButton:
    made = QPushButton(text)
    if icon is not None:
        made.setIcon(icon)
        size_icon(made, 15)
    if act is not None:
        made.clicked.connect(lambda: act())
    return made


def primary(
    text: str, act: Callable[[], object] | None = None, *, icon: QIcon | None = None
) -> QPushButton:
    """The one blue button of a window."""
    made = button(text, act, icon=icon)
    made.setProperty("kind", "primary")
    return made


def link(text: str, act: Callable[[], object] | None = None) -> QPushButton:
    made = button(text, act)
    made.setProperty("kind", "link")
    return made


def tool(
    icon: QIcon, name: str, act: Callable[[], object] | None = None, *, checkable: bool = False
) -> QToolButton:
    """A button of an icon alone; its name is its tooltip and what screen readers say."""
    made = QToolButton()
    made.setIcon(icon)
    size_icon(made, ICON_SIDE)
    made.setToolTip(name)
    made.setAccessibleName(name)
    made.setCheckable(checkable)
    if act is not None:
        made.clicked.connect(lambda: act())
    return made
