"""Loudness of speech files at any zoom: read once in the background, kept as a pyramid."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.loading.background import Background

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Bars = list[tuple[float, float]]

_RATE = 16000
_FINEST = 160  # samples per value at the lowest level: 10 ms
_QUIET = 0.02
_PAUSE = 0.35  # seconds of quiet before a start of speech


@dataclass(frozen=True, kw_only=True)
class Pyramid:
    """Lowest and highest sample of spans of 10 ms, 20 ms, 40 ms ... of one track."""

    duration: float  # seconds
    levels: "tuple[NDArray[np.float32], ...]"  # each [spans, 2]
    starts: tuple[float, ...]  # seconds at which speech begins after silence

    def bars(self, start: float, bar: float, count: int) -> Bars:
        """Extremes in `count` spans of `bar` seconds from `start` on; silence outside."""
        import numpy as np

        span = _FINEST / _RATE
        level = 0
        while level + 1 < len(self.levels) and span * 2 <= bar:
            level, span = level + 1, span * 2
        values = self.levels[level]
        edges = np.clip(((start + bar * np.arange(count + 1)) / span).astype(int), 0, len(values))
        found: Bars = []
        for first, last in zip(edges[:-1], np.maximum(edges[1:], edges[:-1] + 1), strict=True):
            part = values[first:last]
            if len(part):
                found.append((float(part[:, 0].min()), float(part[:, 1].max())))
            else:
                found.append((0.0, 0.0))
        return found


def read_pyramid(path: Path) -> Pyramid:
    """Decodes the file once. Raises EngineError as the media room does."""
    import numpy as np

    from infinitetalk.media.probe import probe_speech
    from infinitetalk.media.speech import decode_speech

    finest: list[NDArray[np.float32]] = []
    left = np.zeros(0, np.float32)
    samples = 0
    for piece in decode_speech(probe_speech(path)):
        samples += len(piece)
        joined = np.concatenate([left, piece])
        whole = len(joined) // _FINEST * _FINEST
        spans = joined[:whole].reshape(-1, _FINEST)
        finest.append(np.stack([spans.min(axis=1), spans.max(axis=1)], axis=1))
        left = joined[whole:]
    if len(left):
        finest.append(np.array([[left.min(), left.max()]], np.float32))
    levels = [np.concatenate(finest) if finest else np.zeros((0, 2), np.float32)]
    while len(levels[-1]) > 64:
        last = levels[-1]
        if len(last) % 2:
            last = np.concatenate([last, last[-1:]])
        pairs = last.reshape(-1, 2, 2)
        levels.append(np.stack([pairs[:, :, 0].min(axis=1), pairs[:, :, 1].max(axis=1)], axis=1))
    return Pyramid(duration=samples / _RATE, levels=tuple(levels), starts=tuple(_starts(levels[0])))


def _starts(finest: "NDArray[np.float32]") -> list[float]:
    """Where loudness rises after at least `_PAUSE` seconds of quiet."""
    span = _FINEST / _RATE
    starts: list[float] = []
    quiet = _PAUSE
    for index, (low, high) in enumerate(finest.tolist()):
        if max(-low, high) < _QUIET:
            quiet += span
        else:
            if quiet >= _PAUSE:
                starts.append(index * span)
            quiet = 0.0
    return starts


class WaveformLibrary(QObject):
    """Pyramids by path; `changed` says that one has arrived."""

    changed = Signal()

    def __init__(self, background: Background) -> None:
        super().__init__()
        self._background = background
        self._known: dict[Path, Pyramid | None] = {}
        self._versions: dict[Path, int] = {}

    def get(self, path: Path | None) -> Pyramid | None:
        if path is None:
            return None
        if path not in self._known:
            self._known[path] = None
            self._background.submit(
                lambda: read_pyramid(path), lambda found: self._arrived(path, found)
            )
        return self._known[path]

    def version(self, path: Path | None) -> int:
        return self._versions.get(path, 0) if path else 0

    def bars(self, path: Path | None, start: float, bar: float, count: int) -> Bars | None:
        """As `Pyramid.bars`; None until the file is read."""
        found = self.get(path)
        return None if found is None else found.bars(start, bar, count)

    def speech_starts(self, path: Path | None) -> Sequence[float]:
        found = self.get(path)
        return () if found is None else found.starts

    def forget(self, path: Path) -> None:
        self._known.pop(path, None)

    def _arrived(self, path: Path, found: Pyramid) -> None:
        self._known[path] = found
        self._versions[path] = self._versions.get(path, 0) + 1
        self.changed.emit()
