"""Which part of the timeline is visible, shared by timeline, overview strip and zoom slider."""

import math

from PySide6.QtCore import QObject, Signal

MOST_PIXELS_PER_FRAME = 16.0
LEAST_PIXELS_PER_FRAME = 0.004


class Viewport(QObject):
    """Maps frames to pixels: `x = (frame - first) * scale`. `first` may be a fraction."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.scale = 1.18  # pixels per frame: a chunk of 72 frames is 85 wide
        self.first = 0.0
        self.width = 800
        self.total = 0

    @property
    def visible_frames(self) -> float:
        return self.width / self.scale

    @property
    def last(self) -> float:
        return self.first + self.visible_frames

    def x(self, frame: float) -> float:
        return (frame - self.first) * self.scale

    def frame(self, x: float) -> float:
        return self.first + x / self.scale

    def set_width(self, width: int) -> None:
        if width != self.width:
            self.width = max(width, 1)
            self._moved(self.first)

    def set_total(self, frames: int) -> None:
        if frames != self.total:
            self.total = frames
            self._moved(self.first)

    @property
    def fit_scale(self) -> float:
        return max(self.width - 8, 1) / max(self.total, 1)

    def zoom(self, factor: float, at_x: float | None = None) -> None:
        """Changes the scale by `factor`; the frame under `at_x` (middle) stays where it is."""
        self.set_scale(self.scale * factor, at_x)

    def set_scale(self, scale: float, at_x: float | None = None) -> None:
        at_x = self.width / 2 if at_x is None else at_x
        frame = self.frame(at_x)
        low = min(self.fit_scale, 1.0)
        self.scale = min(max(scale, low, LEAST_PIXELS_PER_FRAME), MOST_PIXELS_PER_FRAME)
        self._moved(frame - at_x / self.scale)

    def fit(self) -> None:
        self.scale = min(max(self.fit_scale, LEAST_PIXELS_PER_FRAME), MOST_PIXELS_PER_FRAME)
        self._moved(0.0)

    def scroll_to(self, first: float) -> None:
        self._moved(first)

    def scroll_by(self, pixels: float) -> None:
        self._moved(self.first + pixels / self.scale)

    def show(self, frame: float) -> None:
        """Scrolls so that `frame` is visible; a page at a time, as a player does."""
        if frame < self.first or frame > self.last - 8 / self.scale:
            self._moved(frame - 0.1 * self.visible_frames)

    @property
    def zoom_fraction(self) -> float:
        """Zoom on a slider from 0 (all) to 1 (largest), even on a logarithmic scale."""
        low, high = self._bounds()
        return min(max((math.log(self.scale) - low) / max(high - low, 1e-9), 0.0), 1.0)

    def set_zoom_fraction(self, fraction: float) -> None:
        low, high = self._bounds()
        self.set_scale(math.exp(low + fraction * (high - low)))

    def _bounds(self) -> tuple[float, float]:
        low = math.log(min(max(self.fit_scale, LEAST_PIXELS_PER_FRAME), 1.0))
        return low, math.log(MOST_PIXELS_PER_FRAME)

    def _moved(self, first: float) -> None:
        most = max(self.total - self.visible_frames + 24 / self.scale, 0.0)
        self.first = min(max(first, 0.0), most)
        self.changed.emit()
