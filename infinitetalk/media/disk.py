"""The one way through which media bytes reach the disk, so that tests can fill it there.

Each step tells `watch` before and after it happens; `project.faults` listens there, which media may
not import. Nobody else does: in a normal run the calls do nothing.
"""

import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import IO

Watch = Callable[
    [str, Path], None
]  # the step ("before write", ...) and the file; may raise OSError


def _unwatched(step: str, path: Path) -> None:
    del step, path


_watch: Watch = _unwatched


def watch(listener: Watch) -> None:
    """From now on `listener` is told of every step, for the whole process."""
    global _watch
    _watch = listener


def write_bytes(file: IO[bytes], data: bytes | memoryview) -> None:
    """All of `data`. Raises OSError as the system does (ENOSPC, EROFS, ...)."""
    path = Path(file.name)
    _watch("before write", path)
    file.write(data)
    _watch("after write", path)


def flush(file: IO[bytes]) -> None:
    """Until the disk has it."""
    path = Path(file.name)
    _watch("before flush", path)
    file.flush()
    os.fsync(file.fileno())
    _watch("after flush", path)


def replace(made: Path, path: Path) -> None:
    """Gives a flushed file its name, in place of one that has it."""
    _watch("before rename", path)
    made.replace(path)
    _watch("after rename", path)


def link(made: Path, path: Path) -> None:
    """Gives a flushed file its name as well, unless another has it (FileExistsError)."""
    _watch("before rename", path)
    os.link(made, path)
    _watch("after rename", path)


def remove(path: Path) -> None:
    """Removes a file that may be gone already."""
    with contextlib.suppress(OSError):
        path.unlink()
