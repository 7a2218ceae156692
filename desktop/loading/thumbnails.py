"""Small pictures for the timeline and cards: made in the background, kept up to a limit."""

from collections import OrderedDict
from collections.abc import Callable, Hashable

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage, QPixmap

from desktop.loading.background import Background

_LIMIT = 48 * 1024**2
_EMIT_MS = 60  # pictures that arrive together repaint together
HEIGHT = 112  # pixels: twice what a row shows, for screens at 200 %


class Thumbnails(QObject):
    """A picture by key. The first request starts reading it; `arrived` says to ask again."""

    arrived = Signal()

    def __init__(self, background: Background) -> None:
        super().__init__()
        self._background = background
        self._kept: OrderedDict[Hashable, QPixmap | None] = OrderedDict()
        self._asked: set[Hashable] = set()
        self._bytes = 0
        self._generation = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_EMIT_MS)
        self._timer.timeout.connect(self.arrived)

    def get(self, key: Hashable, read: Callable[[], QImage | None]) -> QPixmap | None:
        """The picture, or None while `read` fetches it on another thread."""
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        if key not in self._asked:
            self._asked.add(key)
            generation = self._generation
            self._background.submit(
                read,
                lambda image: self._arrived(key, image, generation),
                lambda _report: self._arrived(key, None, generation),
            )
        return None

    def forget(self) -> None:
        """Another source or job: what is on its way is dropped as well."""
        self._generation += 1
        self._kept.clear()
        self._asked.clear()
        self._bytes = 0

    def _arrived(self, key: Hashable, image: QImage | None, generation: int) -> None:
        if generation != self._generation:
            return
        self._asked.discard(key)
        pixmap = QPixmap.fromImage(image) if image is not None and not image.isNull() else None
        self._kept[key] = pixmap
        self._bytes += _size(pixmap)
        while self._bytes > _LIMIT and len(self._kept) > 1:
            _, old = self._kept.popitem(last=False)
            self._bytes -= _size(old)
        if not self._timer.isActive():
            self._timer.start()


def _size(pixmap: QPixmap | None) -> int:
    return pixmap.width() * pixmap.height() * 4 if pixmap is not None else 0
