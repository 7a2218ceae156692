"""What the timeline asks of whoever reads media; answers that are not there yet are None."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtGui import QPixmap

if TYPE_CHECKING:
    from desktop.state.session import Session


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


class SpeakerWaveforms:
    """The waveforms of the open project's speakers."""

    def __init__(self, session: "Session") -> None:
        self._session = session

    def bars(
        self, speaker: int, start: float, bar: float, count: int
    ) -> Sequence[tuple[float, float]] | None:
        return self._session.waveforms.bars(self._path(speaker), start, bar, count)

    def version(self, speaker: int) -> int:
        path = self._path(speaker)
        return hash((path, self._session.waveforms.version(path)))

    def _path(self, speaker: int) -> Path | None:
        speakers = self._session.data.speakers
        return speakers[speaker].path if speaker < len(speakers) else None
