"""Speech laid out on the timeline, one float32 WAV file per speaker, mapped when read.

A two-hour track is 460 MB on disk and a few hundred KiB in memory.
"""

import math
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from infinitetalk.media import disk, problems
from infinitetalk.media.speech import SPEECH_RATE, Piece

_HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")  # RIFF, fmt, data: 44 bytes, so samples are aligned
_FLOAT = 3  # WAVE_FORMAT_IEEE_FLOAT


class SpeechStore:
    """A finished track: mono, 16 kHz, float32."""

    def __init__(self, path: Path) -> None:
        """Raises EngineError media.missing or media.unreadable."""
        self.path = path
        if not path.is_file():
            raise problems.missing(path)
        with path.open("rb") as file:
            head = file.read(_HEADER.size)
        size = path.stat().st_size - _HEADER.size
        if len(head) < _HEADER.size or head[:4] != b"RIFF" or _HEADER.unpack(head)[5] != _FLOAT:
            raise problems.unreadable(path, "it is not a stored track of speech")
        if _HEADER.unpack(head)[12] != size:
            raise problems.unreadable(path, "the stored track of speech is cut off")
        self.sample_count = size // 4

    @property
    def duration(self) -> float:
        """Seconds."""
        return self.sample_count / SPEECH_RATE

    @property
    def frame_count(self) -> int:
        """Video frames at 25 per second: floor(samples / 16000 * 25) (spec: pipeline.md 2)."""
        return math.floor(self.sample_count / SPEECH_RATE * 25)

    @property
    def samples(self) -> NDArray[np.float32]:
        """[samples], mapped read-only."""
        if not self.sample_count:
            return np.zeros(0, np.float32)
        return np.memmap(
            self.path, np.dtype("<f4"), "r", offset=_HEADER.size, shape=(self.sample_count,)
        )

    def read(self, start: int, stop: int) -> Piece:
        """A copy of samples start..stop; zeros where that reaches outside the track."""
        first, last = max(0, start), min(self.sample_count, stop)
        out = np.zeros(max(0, stop - start), np.float32)
        if first < last:
            out[first - start : last - start] = self.samples[first:last]
        return out

    def pieces(self, seconds: float = 1.0) -> Iterator[Piece]:
        """The track in pieces, read from the file (a mapped page would stay in memory)."""
        with self.path.open("rb") as file:
            file.seek(_HEADER.size)
            while data := file.read(int(seconds * SPEECH_RATE) * 4):
                yield np.frombuffer(data, np.dtype("<f4"))


def write_store(path: Path, pieces: Iterable[Piece]) -> SpeechStore:
    """Writes a track beside its name, flushes, then renames: a killed writer leaves no half track.

    Raises EngineError disk.full or disk.read_only.
    """
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        count = 0
        with part.open("wb") as file:
            disk.write_bytes(file, _header(0))
            for piece in pieces:
                disk.write_bytes(file, np.ascontiguousarray(piece, np.dtype("<f4")).data)
                count += len(piece)
            file.seek(0)
            disk.write_bytes(file, _header(count))
            disk.flush(file)
        disk.replace(part, path)
    except OSError as error:
        disk.remove(part)
        raise problems.write_problem(path, error) from error
    except BaseException:
        disk.remove(part)
        raise
    return SpeechStore(path)


def _header(samples: int) -> bytes:
    size = samples * 4
    return _HEADER.pack(
        b"RIFF", 36 + size, b"WAVE", b"fmt ", 16, _FLOAT, 1, SPEECH_RATE, SPEECH_RATE * 4, 4, 32,
        b"data", size,
    )  # fmt: skip
