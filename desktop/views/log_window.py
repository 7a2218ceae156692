"""All messages of this session, newest first."""

import time

from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from desktop.messages import Message
from desktop.state.session import Session
from desktop.theme import Theme
from desktop.widgets.buttons import button, primary
from desktop.widgets.dialog import SheetDialog
from desktop.widgets.folders import open_folder
from infinitetalk.paths import log_folder

_ICONS = {
    "notice": ("info", "accent"),
    "warning": ("warning", "stale"),
    "error": ("error", "failed"),
}


class LogWindow(SheetDialog):
    """Notices that have left the message bar are still here."""

    def __init__(self, session: Session, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent, "logWindow", "")
        self.setWindowTitle(self.tr("Log"))
        self.resize(820, 460)
        self._theme = theme
        self._tree = QTreeWidget()
        self._tree.setAccessibleName(self.tr("Messages"))
        self._tree.setRootIsDecorated(False)
        self._tree.setHeaderLabels([self.tr("Time"), self.tr("What"), self.tr("Code")])
        header = self._tree.header()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(False)
        self.body.addWidget(self._tree)
        for message in session.messages.log:
            self._add(message)
        self.follow(session.messages.logged, self._add)
        self.footer.addWidget(button(self.tr("Open log folder"), lambda: open_folder(log_folder())))
        self.footer.addStretch(1)
        self.footer.addWidget(primary(self.tr("Close"), self.accept))

    def _add(self, message: Message) -> None:
        moment = time.strftime("%H:%M:%S", time.localtime(message.at))
        item = QTreeWidgetItem([moment, message.line, message.report.code])
        item.setToolTip(1, f"{message.line}\n{message.report.remedy}")
        item.setIcon(1, self._theme.icons.icon(*_ICONS[message.level]))
        self._tree.insertTopLevelItem(0, item)
