"""The one way a job or a project reaches the disk: whole, flushed and renamed, or not at all.

A file is written to a temporary name beside its place, flushed, renamed into place, and the folder
flushed. Whatever moment the process or the machine ends, the old or the new content is there,
never a part of it. A finished folder is put in place the same way. Failures of the disk become
errors that a user understands. Every step announces itself to `faults`.
"""

import errno
import json
import os
import secrets
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from infinitetalk.errors import GIB, EngineError, engine_error
from infinitetalk.project import faults

TEMPORARY = ".tmp"
SPARE_BYTES = 2 * GIB  # what a job leaves free on the disk (ux.md 6)
_RENAME_TRIES = 12  # on Windows a scanner may hold a new file for a moment


def write_file(path: Path, data: bytes, *, temporary: Path | None = None) -> None:
    """Replaces `path` by `data`, or leaves it as it was.

    `temporary`: the name beside it that is written first, for a file that one writer alone has and
    whose folder nobody sweeps; the next write, or its owner, removes what a crash left of it.
    Raises EngineError `disk.full`, `disk.read_only`, `disk.gone` or `disk.failed`.
    """
    temporary = temporary or temporary_beside(path)
    try:
        with _disk_errors(path, len(data)):
            faults.reach("before write", path)
            with temporary.open("wb") as out:
                half = len(data) // 2
                out.write(data[:half])
                out.flush()
                faults.reach("during write", path)
                out.write(data[half:])
                out.flush()
                faults.reach("after write", path)
                faults.reach("before flush", path)
                os.fsync(out.fileno())
                faults.reach("after flush", path)
            faults.reach("before rename", path)
            _replace(temporary, path)
            faults.reach("after rename", path)
            _flush_folder(path.parent)
            faults.reach("after folder flush", path)
    except EngineError:
        with suppress(OSError):
            temporary.unlink()
        raise


def write_json(path: Path, value: Any, *, temporary: Path | None = None) -> None:
    """`value` as JSON (UTF-8, indented, no NaN), written like `write_file`."""
    text = json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False)
    data = text.encode("utf-8", "surrogatepass") + b"\n"
    write_file(path, data, temporary=temporary)


def append_line(path: Path, line: bytes, *, flush: bool) -> None:
    """Adds a line to a log. A crash may tear the last line; the next append starts a new one.

    `flush`: the line is on the disk when this returns, else within the system's own time.
    """
    with _disk_errors(path, len(line)):
        faults.reach("before append", path)
        with path.open("ab+") as out:
            size = out.seek(0, os.SEEK_END)
            torn = False
            if size:
                out.seek(size - 1)
                torn = out.read(1) != b"\n"
            data = (b"\n" if torn else b"") + line + b"\n"
            half = len(data) // 2
            out.write(data[:half])
            out.flush()
            faults.reach("during append", path)
            out.write(data[half:])
            out.flush()
            if flush:
                os.fsync(out.fileno())
        faults.reach("after append", path)


def flush_file(path: Path) -> None:
    """Brings a file that another program wrote (ffmpeg) onto the disk."""
    with _disk_errors(path, 0):
        faults.reach("before flush", path)
        with path.open("rb+") as out:
            os.fsync(out.fileno())
        faults.reach("after flush", path)


def place_folder(temporary: Path, final: Path) -> None:
    """Renames a folder whose files are flushed to its final name; an old one there is removed."""
    with _disk_errors(final, 0):
        _flush_folder(temporary)
        faults.reach("before rename", final)
        aside = None
        if final.exists() or final.is_symlink():
            aside = temporary_beside(final)
            _replace(final, aside)
            faults.reach("between renames", final)
        _replace(temporary, final)
        faults.reach("after rename", final)
        _flush_folder(final.parent)
        faults.reach("after folder flush", final)
        if aside is not None:
            remove_tree(aside)


def place_file(temporary: Path, final: Path) -> None:
    """Gives a file whose contents are flushed its final name; an old one there is replaced."""
    with _disk_errors(final, 0):
        faults.reach("before rename", final)
        _replace(temporary, final)
        faults.reach("after rename", final)
        _flush_folder(final.parent)
        faults.reach("after folder flush", final)


def make_folder(path: Path) -> None:
    """Creates a folder and those above it, flushed so that it outlives a power cut."""
    with _disk_errors(path, 0):
        faults.reach("before folder", path)
        path.mkdir(parents=True, exist_ok=True)
        _flush_folder(path.parent)
        faults.reach("after folder", path)


def remove_tree(path: Path) -> None:
    """Removes a folder (renamed first, so that no half folder keeps the name) or a file."""
    with _disk_errors(path, 0):
        if path.is_symlink() or path.is_file():
            path.unlink()
            return
        if not path.exists():
            return
        doomed = path
        if not path.name.endswith(TEMPORARY):
            doomed = temporary_beside(path)
            faults.reach("before removal", path)
            _replace(path, doomed)
            faults.reach("after removal", path)
        shutil.rmtree(doomed, ignore_errors=True)


def temporary_beside(path: Path) -> Path:
    """A name in the same folder that no valid file has; short, whatever the name of `path`."""
    return path.parent / f".{secrets.token_hex(6)}{TEMPORARY}"


def is_temporary(name: str) -> bool:
    return name.startswith(".") and name.endswith(TEMPORARY)


def free_bytes(path: Path) -> int:
    """Free space where `path` is or will be."""
    pretended = faults.active().free
    if pretended is not None:
        return pretended
    place = path
    while not place.exists() and place != place.parent:
        place = place.parent
    return shutil.disk_usage(place).free


def check_space(path: Path, needed: int, *, spare: int = SPARE_BYTES) -> None:
    """Raises EngineError `disk.full` unless `needed` bytes and `spare` fit where `path` is."""
    free = free_bytes(path)
    if free < needed + spare:
        raise full_error(path, needed + spare)


def full_error(path: Path, needed: int) -> EngineError:
    free = free_bytes(path)
    return engine_error(
        "disk.full",
        "The disk is full",
        f"{path.anchor if path.drive else path.parent} has {_size(free)} free; {_size(needed)} are needed "
        f"for {path.name}.",
        "Free some space, or move the job to another disk; then go on.",
        path=str(path),
        free=free,
        needed=needed,
    )


def disk_error(error: OSError, path: Path, needed: int = 0) -> EngineError:
    """The report for a failure of the disk at `path`, where `needed` bytes were to be written."""
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return full_error(path, needed)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        why = "the drive is read-only" if error.errno == errno.EROFS else "no right to write there"
        return engine_error(
            "disk.read_only",
            "The folder can't be written",
            f"{path.parent}: {why}.",
            "Choose another folder.",
            path=str(path),
        )
    if error.errno == errno.ENOENT:
        return engine_error(
            "disk.gone",
            "The folder is gone",
            f"{path.parent} was moved or removed while it was in use.",
            "Put it back, or open the job where it is now.",
            path=str(path),
        )
    return engine_error(
        "disk.failed",
        "The disk reported an error",
        f"{path}: {error.strerror or error}.",
        "Check the disk and its cable, or move the job to another disk.",
        path=str(path),
        errno=error.errno,
    )


@contextmanager
def _disk_errors(path: Path, needed: int) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise disk_error(error, path, needed) from error


def _replace(source: Path, target: Path) -> None:
    for attempt in range(_RENAME_TRIES):
        try:
            source.replace(target)
            return
        except PermissionError:
            if sys.platform != "win32" or attempt == _RENAME_TRIES - 1:
                raise
            time.sleep(0.01 * 2**attempt if attempt < 6 else 0.5)


def _flush_folder(folder: Path) -> None:
    """Brings names onto the disk. Windows has no such call for folders; NTFS journals them."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some network drives refuse it
            raise
    finally:
        os.close(handle)


def _size(count: int) -> str:
    if count >= GIB // 10:
        return f"{count / GIB:.1f} GiB"
    return f"{count / 1024**2:.1f} MiB" if count >= 1024**2 else f"{count} bytes"
