"""What is heard while playing: the speakers' tracks, mixed as they are arranged, from any moment."""

import queue
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RATE = 48_000
BLOCK_SECONDS = 0.1
_BLOCK = int(RATE * BLOCK_SECONDS)  # samples
_AHEAD = 8  # blocks


@dataclass(frozen=True, kw_only=True)
class HeardTrack:
    """A file and where it begins on the timeline."""

    path: Path
    start: float  # seconds; may be negative
    gain: float = 1.0
    stream: int = 0


class SpeechMix:
    """16-bit mono at 48 kHz, made on a thread a second ahead of what is played."""

    def __init__(self, tracks: Sequence[HeardTrack], begin: float) -> None:
        self._tracks = tuple(tracks)
        self._begin = begin
        self._blocks: queue.Queue[bytes] = queue.Queue(_AHEAD)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sound", daemon=True)
        self._thread.start()

    def take(self) -> bytes | None:
        """The next block, or None where it is not there yet."""
        try:
            return self._blocks.get_nowait()
        except queue.Empty:
            return None

    def stop(self) -> None:
        self._stop.set()
        while self.take() is not None:
            pass

    def _run(self) -> None:
        import numpy as np

        readers = [_TrackReader(track, self._begin) for track in self._tracks]
        try:
            while not self._stop.is_set():
                mixed = np.zeros(_BLOCK, np.float32)
                for reader in readers:
                    mixed += reader.read(_BLOCK)
                data = np.clip(mixed * 32767, -32768, 32767).astype("<i2").tobytes()
                while not self._stop.is_set():
                    try:
                        self._blocks.put(data, timeout=0.2)
                        break
                    except queue.Full:
                        continue
        finally:
            for reader in readers:
                reader.close()


class _TrackReader:
    """One file decoded forward from a moment of the timeline; silence before and after it."""

    def __init__(self, track: HeardTrack, begin: float) -> None:
        from infinitetalk.media.ffmpeg import FfmpegProcess, input_arguments

        inside = begin - track.start
        self._silence = round(max(-inside, 0.0) * RATE)
        self._gain = track.gain
        before = ("-ss", f"{inside:.4f}") if inside > 0 else ()
        self._process = FfmpegProcess(
            [
                "-v", "error", *input_arguments(track.path, *before),
                "-map", f"0:{track.stream}", "-vn", "-ac", "1", "-ar", str(RATE),
                "-c:a", "pcm_f32le", "-f", "f32le", "-",
            ]
        )  # fmt: skip
        self._ended = False

    def read(self, count: int) -> "NDArray[np.float32]":
        import numpy as np

        out = np.zeros(count, np.float32)
        quiet = min(self._silence, count)
        self._silence -= quiet
        if quiet < count and not self._ended:
            data = self._process.read((count - quiet) * 4)
            found = np.frombuffer(data[: len(data) // 4 * 4], "<f4")
            out[quiet : quiet + len(found)] = found * self._gain
            self._ended = len(found) < count - quiet
        return out

    def close(self) -> None:
        self._process.close()
