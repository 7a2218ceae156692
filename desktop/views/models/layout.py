"""What the steps of the set-up page have in common."""

from PySide6.QtWidgets import QBoxLayout, QWidget


def clear(box: QBoxLayout) -> None:
    """Takes everything out of a layout."""
    while (item := box.takeAt(0)) is not None:
        widget = item.widget()
        if isinstance(widget, QWidget):
            widget.hide()
            widget.deleteLater()
