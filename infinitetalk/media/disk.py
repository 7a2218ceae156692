"""The one function through which media bytes reach the disk, so that tests can fill it there."""

import contextlib
import os
from pathlib import Path
from typing import BinaryIO


def write_bytes(file: BinaryIO, data: bytes | memoryview) -> None:
    """All of `data`. Raises OSError as the system does (ENOSPC, EROFS, ...)."""
    file.write(data)


def flush(file: BinaryIO) -> None:
    """Until the disk has it."""
    file.flush()
    os.fsync(file.fileno())


def remove(path: Path) -> None:
    """Removes a file that may be gone already."""
    with contextlib.suppress(OSError):
        path.unlink()
