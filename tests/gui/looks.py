"""Whether what is shown can be read: texts that do not fit, controls outside, English that is left."""

import re

from PySide6.QtCore import QPoint, QRect, Qt, QTranslator
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QCheckBox,
    QComboBox,
    QLabel,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QTabBar,
    QToolButton,
    QWidget,
)

from desktop.widgets.labels import ElidedLabel

_SLACK = 2  # pixels: italics and rounding
_LONG_NAME = 24  # characters: what others have named (voices, files) may end in an ellipsis


class Pseudo(QTranslator):
    """Marks every text, and makes it a third longer, as German does."""

    def isEmpty(self) -> bool:
        return False

    def translate(self, context, source, disambiguation=None, n=-1) -> str:
        text = source if isinstance(source, str) else bytes(source).decode()
        return f"⟦{text.replace('%n', str(n))}{' ~~~' * (len(text) // 12)}⟧"


def unreadable(top: QWidget) -> list[str]:
    """What is cut off in a window, as far as it is meant to be visible."""
    found = []
    for widget in top.findChildren(QWidget):
        own = widget.objectName().startswith("qt_")  # parts of Qt's own widgets
        if own or not widget.isVisible() or widget.window() is not top:
            continue
        problem = _cut(widget) or _outside(widget, top)
        if problem:
            text = widget.text() if isinstance(widget, (QLabel, QAbstractButton)) else ""
            name = widget.objectName() or widget.accessibleName() or type(widget).__name__
            found.append(f"{name} {text!r}: {problem}")
    return found


def _cut(widget: QWidget) -> str:
    """A text that needs more room than its widget has."""
    metrics = widget.fontMetrics()
    if isinstance(widget, ElidedLabel):
        return ""  # ends in an ellipsis on purpose; its tooltip has it all
    if isinstance(widget, QLabel):
        if not widget.text() or not widget.pixmap().isNull():
            return ""
        room = widget.contentsRect()
        if widget.wordWrap():
            box = metrics.boundingRect(
                QRect(0, 0, room.width(), 10_000), int(Qt.TextFlag.TextWordWrap), widget.text()
            )
            needed, has = box.height(), room.height()
            longest = max(metrics.horizontalAdvance(w) for w in widget.text().split() or [""])
            if longest > room.width() + _SLACK:
                return f"a word of {longest} px in {room.width()}"
        else:
            box = metrics.boundingRect(QRect(0, 0, 10_000, 1_000), 0, widget.text())
            if box.width() > room.width() + _SLACK:
                return f"{box.width()} px wide in {room.width()}"
            needed, has = min(box.height(), metrics.height()), room.height()
        return f"{needed} px high in {has}" if needed > has + _SLACK else ""
    if isinstance(widget, (QPushButton, QCheckBox, QRadioButton, QToolButton)):
        text = widget.text().replace("&", "")
        if not text:
            return ""
        alone = Qt.ToolButtonStyle.ToolButtonIconOnly
        bare = isinstance(widget, QToolButton) and widget.toolButtonStyle() == alone
        if bare and not widget.icon().isNull():  # without an icon the text is shown all the same
            return ""
        needed = metrics.horizontalAdvance(text)
        if not widget.icon().isNull():
            needed += widget.iconSize().width()
        return f"{needed} px wide in {widget.width()}" if needed > widget.width() else ""
    if isinstance(widget, QComboBox):
        needed = metrics.horizontalAdvance(widget.currentText())
        if len(widget.currentText()) > _LONG_NAME:
            return ""
        return f"{needed} px wide in {widget.width()}" if needed > widget.width() - 14 else ""
    if isinstance(widget, QTabBar):
        for index in range(widget.count()):
            needed = metrics.horizontalAdvance(widget.tabText(index))
            if needed > widget.tabRect(index).width():
                return f"tab {widget.tabText(index)!r}"
        return "tabs scroll" if widget.sizeHint().width() > widget.width() + _SLACK else ""
    return ""


def _outside(widget: QWidget, top: QWidget) -> str:
    """Something that lies outside of its window, and can't be scrolled to."""
    parent = widget.parentWidget()
    while parent is not None and parent is not top:
        if isinstance(parent, (QScrollArea, QAbstractScrollArea)):
            return ""
        parent = parent.parentWidget()
    place = QRect(widget.mapTo(top, QPoint(0, 0)), widget.size())
    if widget.isWindow() or place.isEmpty():
        return ""
    inside = top.rect().adjusted(-1, -1, 1, 1).contains(place)
    return "" if inside else f"at {place.getRect()} outside of {top.width()} x {top.height()}"


_WORD = re.compile(r"[A-Za-z]{3,}")


def untranslated(texts: list[str], names: set[str]) -> list[str]:
    """Texts with words that no pseudo-translation has marked, apart from names and units."""
    left = set()
    for text in texts:
        outside = re.sub(r"⟦[^⟦⟧]*⟧", " ", text)
        while "⟦" in outside:
            shorter = re.sub(r"⟦[^⟦⟧]*⟧", " ", outside)
            if shorter == outside:
                break
            outside = shorter
        words = [w for w in _WORD.findall(outside) if w not in names]
        if words:
            left.add(text)
    return sorted(left)
