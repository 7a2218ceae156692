"""Our icons: line drawings as SVG, colored when they are painted, sharp at every scale."""

import atexit
import shutil
import tempfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from infinitetalk.paths import resources_folder

_PIXMAPS_KEPT = 400


@lru_cache(maxsize=128)
def _svg(name: str) -> str:
    return (resources_folder() / "icons" / f"{name}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=256)
def _renderer(name: str, color: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(_svg(name).replace("currentColor", color).encode()))


def icon_file(name: str, color: str, folder: Path) -> Path:
    """The icon in one color as a file, for style sheets; written where it is not there yet.

    Where `folder` can't be written (a full disk), it lies in a temporary folder; where that can't
    either, the path of no file is returned, and the window has no such icon.
    """
    text = _svg(name).replace("currentColor", color)
    path = folder / f"{name}-{color.lstrip('#')}.svg"
    if path.is_file() and path.stat().st_size == len(text.encode()):
        return path
    if not _written(path, text):
        temporary = _temporary_folder()
        if temporary is not None:
            path = temporary / path.name
            _written(path, text)
    return path


def _written(path: Path, text: str) -> bool:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    except OSError:
        return False
    return True


@lru_cache(maxsize=1)
def _temporary_folder() -> Path | None:
    """Gone with the program; None where there is none to be had."""
    try:
        folder = Path(tempfile.mkdtemp(prefix="infinitetalk-icons-"))
    except OSError:
        return None
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


class _Engine(QIconEngine):
    """Paints one icon in the color that its token has now, so that icons follow the theme."""

    def __init__(self, name: str, token: str, icons: "IconSet") -> None:
        super().__init__()
        self._name = name
        self._token = token
        self._icons = icons

    def clone(self) -> QIconEngine:
        return _Engine(self._name, self._token, self._icons)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        del state
        token = "third" if mode == QIcon.Mode.Disabled else self._token
        side = min(rect.width(), rect.height())
        ratio = painter.device().devicePixelRatioF()
        pixmap = self._icons.pixmap(self._name, token, side, ratio)
        left, top = (rect.width() - side) / 2, (rect.height() - side) / 2
        painter.drawPixmap(QPointF(rect.left() + left, rect.top() + top), pixmap)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(
        self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float
    ) -> QPixmap:
        del scale
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return pixmap


class IconSet:
    """Icons by name, in the color of a token."""

    def __init__(self, color: Callable[[str], QColor]) -> None:
        self._color = color
        self._pixmaps: dict[tuple[str, str, int, float], QPixmap] = {}

    def icon(self, name: str, token: str = "text") -> QIcon:
        return QIcon(_Engine(name, token, self))

    def pixmap(self, name: str, token: str, side: int, ratio: float = 1.0) -> QPixmap:
        """A pixmap `side` logical pixels wide for a device ratio; kept for the next paint."""
        color = self._color(token).name()
        key = (name, color, side, ratio)
        pixmap = self._pixmaps.get(key)
        if pixmap is None:
            if len(self._pixmaps) > _PIXMAPS_KEPT:
                self._pixmaps.clear()
            pixels = max(round(side * ratio), 1)
            pixmap = QPixmap(pixels, pixels)
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            _renderer(name, color).render(painter, QRectF(0, 0, pixels, pixels))
            painter.end()
            pixmap.setDevicePixelRatio(ratio)
            self._pixmaps[key] = pixmap
        return pixmap
