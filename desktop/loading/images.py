"""From arrays of pixels to pictures of Qt, without sharing memory."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def image_of(pixels: "NDArray[np.uint8]") -> QImage:
    """[H, W, 3] RGB bytes as a QImage of its own."""
    height, width = pixels.shape[:2]
    if not pixels.flags.c_contiguous:
        pixels = pixels.copy()
    view = QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    return view.convertToFormat(QImage.Format.Format_RGB32)


def cropped(image: QImage, target: tuple[int, int] | None) -> QImage:
    """The part of the picture that is rendered, at `target` (H, W): resize to cover, center crop."""
    if target is None or image.isNull():
        return image
    height, width = target
    size = QSize(width, height)
    if image.size() == size:
        return image
    scaled = image.scaled(
        size,
        Qt.AspectRatioMode.KeepAspectRatioByExpanding,
        Qt.TransformationMode.SmoothTransformation,
    )
    left, top = (scaled.width() - width) // 2, (scaled.height() - height) // 2
    return scaled.copy(left, top, width, height)


def moments(strip: QImage, size: tuple[int, int] | None) -> list[QImage]:
    """The pictures of a strip that holds several moments side by side.

    `size` is the (H, W) that is rendered: a moment has its proportions.
    """
    if size is None or strip.isNull():
        return [strip]
    height, width = size
    count = max(round(strip.width() / strip.height() * height / width), 1)
    each = strip.width() // count
    return [strip.copy(number * each, 0, each, strip.height()) for number in range(count)]
