"""The icon in the system's tray: how far a job is while the window is closed, and word at its end."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon, QWidget

from desktop.actions import Actions
from desktop.state.session import Session
from desktop.theme import Theme
from desktop.views.status_bar import job_text, progress


def _tr(text: str) -> str:
    return QCoreApplication.translate("tray", text)


class Tray(QObject):
    """Made when it is first needed. Without a tray the window is made small instead of hidden."""

    def __init__(
        self,
        window: QWidget,
        session: Session,
        actions: Actions,
        theme: Theme,
        quit_program: Callable[[], object],
    ) -> None:
        super().__init__(window)
        self._window, self._session, self._actions, self._theme = window, session, actions, theme
        self._quit_program = quit_program
        self._icon: QSystemTrayIcon | None = None
        self._menu: QMenu | None = None
        session.queue.changed.connect(self._show_state)
        session.job_changed.connect(self._show_state)
        session.queue.emptied.connect(self._jobs_ended)

    def go_background(self) -> None:
        """The window goes, the job goes on."""
        icon = self._there()
        if icon is None:
            self._window.showMinimized()
            return
        icon.show()
        self._show_state()
        self._window.hide()

    def come_back(self) -> None:
        self._window.show()
        if self._window.isMinimized():
            self._window.showNormal()
        self._window.raise_()
        self._window.activateWindow()
        if self._icon is not None:
            self._icon.hide()

    def tell(self, title: str, text: str) -> None:
        """Tells what has happened, unless the user is looking at the window."""
        if self._window.isActiveWindow() and self._window.isVisible():
            return
        QApplication.alert(self._window)
        icon = self._there()
        if icon is not None and icon.supportsMessages():
            was_shown = icon.isVisible()
            icon.show()
            icon.showMessage(title, text, self._theme.icons.icon("app"))
            if not was_shown and self._window.isVisible():
                icon.messageClicked.connect(icon.hide)

    def _there(self) -> QSystemTrayIcon | None:
        if self._icon is None and QSystemTrayIcon.isSystemTrayAvailable():
            self._menu = menu = QMenu()
            menu.addAction(_tr("Show the window"), self.come_back)
            menu.addAction(self._actions["render.pause"])
            menu.addSeparator()
            menu.addAction(_tr("Quit"), self._quit)
            self._icon = icon = QSystemTrayIcon(self._theme.icons.icon("app"), self)
            icon.setContextMenu(menu)
            icon.activated.connect(self._activated)
            icon.messageClicked.connect(self.come_back)
        return self._icon

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason != QSystemTrayIcon.ActivationReason.Context:
            self.come_back()

    def _quit(self) -> None:
        """The question about the running job needs the window."""
        self.come_back()
        self._quit_program()

    def _show_state(self) -> None:
        if self._icon is None or not self._icon.isVisible():
            return
        job = self._session.queue.running
        if job is not None:
            self._icon.setToolTip(f"{job.name}: {job_text(job)}, {progress(job):.0%}")

    def _jobs_ended(self) -> None:
        if not self._window.isVisible():
            self.come_back()
