"""Other windows of this program: each can be asked, by its process number, to come to the front."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_WAIT_MS = 500


def _name(pid: int) -> str:
    return f"infinitetalk-window-{pid}"


class Instance(QObject):
    """This window, listening. Nothing is read from who asks: that somebody does is all."""

    def __init__(self, show: Callable[[], object]) -> None:
        super().__init__()
        self._show = show
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._asked)
        self._server.listen(_name(QCoreApplication.applicationPid()))

    def _asked(self) -> None:
        socket = self._server.nextPendingConnection()
        if socket is not None:
            socket.close()
            socket.deleteLater()
        self._show()

    def close(self) -> None:
        self._server.close()


def show_other(pid: int) -> bool:
    """Asks the window of another process to come to the front; False where none answers."""
    socket = QLocalSocket()
    socket.connectToServer(_name(pid))
    there = socket.waitForConnected(_WAIT_MS)
    socket.abort()
    return there
