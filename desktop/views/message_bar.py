"""At most one line below the menu: what happened, and the button that mends it."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from desktop.messages import Messages
from desktop.theme import Theme
from desktop.widgets.buttons import link, tool
from desktop.widgets.labels import ElidedLabel, label, set_role

_ICONS = {
    "notice": ("info", "accent"),
    "warning": ("warning", "stale"),
    "error": ("error", "failed"),
}


class MessageBar(QFrame):
    """Shows the first of the waiting messages; hidden when there is none."""

    def __init__(self, messages: Messages, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("messageBar")
        self._messages, self._theme = messages, theme
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        box = QHBoxLayout(self)
        box.setContentsMargins(14, 4, 8, 4)
        box.setSpacing(10)
        self._icon = QLabel()
        self._level = label("", "strong")
        self._text = ElidedLabel("", "", elide=Qt.TextElideMode.ElideRight)
        self._code = label("", "smallThird")
        self._more = label("", "small")
        self._remedies = QHBoxLayout()
        self._remedies.setSpacing(4)
        self._copy = link(self.tr("Copy report"), self._copy_report)
        self._close = tool(
            theme.icons.icon("cross", "second"), self.tr("Dismiss"), messages.dismiss
        )
        box.addWidget(self._icon)
        box.addWidget(self._level)
        box.addWidget(self._text, 1)
        box.addWidget(self._code)
        box.addWidget(self._more)
        box.addLayout(self._remedies)
        box.addWidget(self._copy)
        box.addWidget(self._close)
        messages.current_changed.connect(self._show)
        theme.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        message = self._messages.current
        self.setVisible(message is not None)
        if message is None:
            return
        icon, token = _ICONS[message.level]
        ratio, side = self.devicePixelRatioF(), self._theme.px(17)
        self._icon.setPixmap(self._theme.icons.pixmap(icon, token, side, ratio))
        word = {
            "notice": self.tr("Notice"),
            "warning": self.tr("Warning"),
            "error": self.tr("Error"),
        }[message.level]
        self._level.setText(word)
        self._text.setText(message.line)
        details = [message.line, message.report.remedy, message.report.code]
        self._text.setToolTip("\n".join(d for d in details if d))
        self.setAccessibleName(f"{word}: {message.line} {message.report.remedy}")
        waiting = self._messages.waiting
        self._more.setText(self.tr("+%n more", "", waiting) if waiting else "")
        self._copy.setVisible(message.level == "error")
        self._code.setText(message.report.code if message.level == "error" else "")
        self._code.setVisible(message.level == "error")
        set_role(self, "level", message.level)
        while (item := self._remedies.takeAt(0)) is not None:
            widget = item.widget()
            if isinstance(widget, QWidget):
                widget.deleteLater()
        for remedy in message.remedies:
            press = partial(self._messages.press, message, remedy)
            self._remedies.addWidget(link(remedy.text, press))

    def _copy_report(self) -> None:
        message = self._messages.current
        if message is not None:
            report = message.report
            facts = "".join(f"\n{name}: {value}" for name, value in report.facts.items())
            QGuiApplication.clipboard().setText(f"{report.code}\n{report}{facts}")
