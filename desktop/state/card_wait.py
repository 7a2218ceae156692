"""*Wait for it*: the queue rests until the graphics card has room again."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject, QTimer

from desktop.loading.background import Background
from desktop.loading.card_use import CardUse, read_card
from desktop.messages import Messages, Remedy
from desktop.state.clock_text import gib_text
from desktop.state.jobs import JobQueue

_EVERY_MS = 5000
_FREE_SHARE = 0.8  # of the card, where it is not known what the job needs
_CODE = "gpu.waiting"


def _tr(text: str, *values: object) -> str:
    return QCoreApplication.translate("card", text).format(*values)


class CardWait(QObject):
    """Holds the queue and asks every few seconds. `read` tells how much of the card is used."""

    def __init__(
        self,
        queue: JobQueue,
        background: Background,
        messages: Messages,
        read: Callable[[], CardUse | None] = read_card,
    ) -> None:
        super().__init__()
        self._queue, self._background, self._messages = queue, background, messages
        self._read = read
        self._needed = 0
        self.waiting = False
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.look)

    def begin(self, needed: int = 0) -> None:
        """Waits until `needed` bytes are free (0: most of the card)."""
        self._needed, self.waiting = needed, True
        self._queue.hold()
        self._messages.notice(
            _tr("Waiting for the graphics card"),
            _tr("Rendering begins by itself when {0} are free.", gib_text(needed))
            if needed
            else _tr("Rendering begins by itself when the card is free."),
            Remedy(text=_tr("Render now"), act=self.end),
            code=_CODE,
        )
        self._timer.start()
        self.look()

    def end(self) -> None:
        """Renders whatever the card has free."""
        self._timer.stop()
        if self.waiting:
            self.waiting = False
            self._messages.dismiss_code(_CODE)
            self._queue.release()

    def look(self) -> None:
        self._background.submit(self._read, self._found, lambda _: self._found(None))

    def _found(self, use: CardUse | None) -> None:
        if not self.waiting:
            return
        wanted = self._needed or (_FREE_SHARE * use.total if use is not None else 0)
        if use is None or use.free >= wanted:  # None: nobody tells, so there is nothing to wait for
            self.end()
