"""How fast files are read from where models lie: about a second, past the system's cache."""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from infinitetalk.probe.look import free_bytes, nearest

PIECE = 8 * 1024**2
LEAST = 64 * 1024**2  # bytes of a file that is worth reading
SECONDS = 1.0
SAMPLE = 128 * 1024**2  # written and removed again where no model is there yet
DEPTH = 4  # folders below the one that is looked through


def read_rate(folder: Path, seconds: float = SECONDS) -> float:
    """Bytes per second; 0 where the cache can't be passed by, or nothing can be read.

    Reads the largest model file below the folder, else a sample that is written there for it.
    """
    if sys.platform != "linux":  # other systems would answer from memory
        return 0.0
    largest = max(_files(folder, DEPTH), key=_size, default=None)
    try:
        if largest is not None and _size(largest) >= LEAST:
            return _read(largest, seconds)
        return _sampled(nearest(folder), seconds)
    except OSError:
        return 0.0


def _sampled(folder: Path, seconds: float) -> float:
    if not os.access(folder, os.W_OK) or free_bytes(folder) < 8 * SAMPLE:
        return 0.0
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".read-rate-") as file:
        piece = os.urandom(PIECE)  # some file systems compress
        for _ in range(SAMPLE // PIECE):
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
        return _read(Path(file.name), seconds)


def _read(path: Path, seconds: float) -> float:
    done = 0
    with path.open("rb", buffering=0) as file:
        if sys.platform == "linux":
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        begun = time.monotonic()
        while time.monotonic() - begun < seconds and (piece := file.read(PIECE)):
            done += len(piece)
        return done / max(time.monotonic() - begun, 1e-6)


def _files(folder: Path, depth: int) -> Iterator[Path]:
    try:
        entries = list(folder.iterdir())
    except OSError:
        return
    for entry in entries:
        if entry.is_symlink():
            continue
        if entry.is_dir():
            if depth > 0:
                yield from _files(entry, depth - 1)
        elif entry.suffix in (".safetensors", ".pth", ".bin"):
            yield entry


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
