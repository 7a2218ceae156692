"""Where faces are in a picture, by OpenCV's own cascade where it is installed."""

from PySide6.QtGui import QImage

Area = tuple[float, float, float, float]  # left, top, width, height in pixels

_LEAST_SHARE = 0.05  # of the picture's height


def find_faces(image: QImage) -> list[Area]:
    """Faces from left to right, widened to head and shoulders; empty without the cascade."""
    try:
        import cv2
        import numpy as np
    except ImportError:
        return []
    # OpenCV 5 has neither; the 4.x wheels do.
    make = getattr(cv2, "CascadeClassifier", None)
    data = getattr(cv2, "data", None)
    if make is None or data is None:
        return []
    gray = image.convertToFormat(QImage.Format.Format_Grayscale8)
    height, width = gray.height(), gray.width()
    pixels = np.frombuffer(gray.constBits(), np.uint8).reshape(height, gray.bytesPerLine())
    cascade = make(str(data.haarcascades) + "haarcascade_frontalface_default.xml")
    if cascade.empty():
        return []
    least = max(int(height * _LEAST_SHARE), 24)
    found = cascade.detectMultiScale(
        np.ascontiguousarray(pixels[:, :width]), 1.1, 5, minSize=(least, least)
    )
    return sorted(_head(face, width, height) for face in found)


def _head(face: object, width: int, height: int) -> Area:
    """From a face's square to head and shoulders, inside the picture."""
    x, y, w, h = (float(v) for v in face)  # type: ignore[attr-defined] - four numbers
    left, top = max(x - 0.35 * w, 0.0), max(y - 0.5 * h, 0.0)
    right, bottom = min(x + 1.35 * w, float(width)), min(y + 1.7 * h, float(height))
    return left, top, right - left, bottom - top
