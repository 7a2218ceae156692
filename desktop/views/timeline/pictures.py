"""What the timeline asks of whoever reads media; answers that are not there yet are None."""

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtGui import QPixmap


class Pictures(Protocol):
    """Thumbnails. Asking for one that is missing makes it come later."""

    def source(self, chunk: int) -> QPixmap | None:
        """The source frame that conditions the chunk."""
        ...

    def take(self, chunk: int, take: str) -> QPixmap | None:
        """A frame from the middle of a take."""
        ...

    def live(self, chunk: int) -> QPixmap | None:
        """The newest picture of the chunk being denoised."""
        ...


class Waveforms(Protocol):
    """Loudness over time, at any zoom."""

    def bars(
        self, speaker: int, start: float, bar: float, count: int
    ) -> Sequence[tuple[float, float]] | None:
        """Lowest and highest sample (-1..1) in `count` spans of `bar` seconds from `start` on."""
        ...

    def version(self, speaker: int) -> int:
        """Changes when the speaker's file is read or replaced."""
        ...


class NoPictures:
    """Before anything is read."""

    def source(self, chunk: int) -> QPixmap | None:
        del chunk
        return None

    def take(self, chunk: int, take: str) -> QPixmap | None:
        del chunk, take
        return None

    def live(self, chunk: int) -> QPixmap | None:
        del chunk
        return None


class NoWaveforms:
    """Before anything is read."""

    def bars(
        self, speaker: int, start: float, bar: float, count: int
    ) -> Sequence[tuple[float, float]] | None:
        del speaker, start, bar, count
        return None

    def version(self, speaker: int) -> int:
        del speaker
        return 0
