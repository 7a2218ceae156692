"""Files that appear whole or not at all: made in a private folder beside the target, then renamed.

The folder has a lock that its owner holds for as long as it lives. So what a killed program left
behind is known for what it is, and the next one that works in that place takes it away, while two
that work there at once leave each other alone.
"""

import contextlib
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from infinitetalk.media import disk, problems
from infinitetalk.media.file_lock import is_at, lock, locks_are_unsupported

_PREFIX = ".italk-"
_PRIVATE = re.compile(r"\.italk-[a-z0-9_]{8}")
_LOCK = "lock"
_YOUNG = 60.0  # seconds; a folder without a lock may be about to get it


def check_target(out: Path, *, overwrite: bool) -> None:
    """Raises EngineError export.exists, export.failed or disk.read_only before any work is done."""
    if out.is_dir():
        raise problems.export_failed(out, "a folder has that name")
    if out.exists() and not overwrite:
        raise problems.file_exists(out)
    folder = out.parent
    while not folder.exists():
        folder = folder.parent
    if not folder.is_dir():
        raise problems.read_only(out.parent, f"{folder.name} is a file, not a folder")
    try:  # tried rather than asked: rights, read-only drives and odd file systems all tell here
        Path(tempfile.mkdtemp(prefix=_PREFIX, dir=folder)).rmdir()
    except OSError as error:
        raise problems.folder_problem(folder, error) from error


@contextlib.contextmanager
def private_folder(out: Path) -> Iterator[Path]:
    """A folder beside `out`, removed at the end whatever happens. Raises EngineError disk.*.

    Its name is short: that of `out` may already be as long as the system allows.
    """
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        sweep_private(out.parent)
        folder, handle = _owned_folder(out.parent)
    except OSError as error:
        raise problems.write_problem(out, error) from error
    try:
        yield folder
    finally:
        os.close(handle)  # first: Windows removes no open file
        shutil.rmtree(folder, ignore_errors=True)


def _owned_folder(parent: Path) -> tuple[Path, int]:
    """A new private folder and the open file in it that says, by its lock, that we are alive."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
        path = folder / _LOCK
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        try:
            lock(handle)
        except OSError as error:
            if locks_are_unsupported(error):  # then `sweep_private` removes nothing there either
                return folder, handle
        else:
            if is_at(handle, path):
                return folder, handle
        os.close(handle)  # it was taken for a left-over in this very moment


def sweep_private(parent: Path) -> int:
    """Removes the private folders in `parent` whose owner has ended; how many. Never raises."""
    try:
        found = [entry.name for entry in os.scandir(parent) if entry.is_dir(follow_symlinks=False)]
    except OSError:
        return 0
    return sum(_sweep(parent / name) for name in found if _PRIVATE.fullmatch(name))


def _sweep(folder: Path) -> bool:
    try:
        handle = os.open(folder / _LOCK, os.O_RDWR)
    except FileNotFoundError:
        with contextlib.suppress(OSError):
            if time.time() - folder.stat().st_mtime > _YOUNG:
                folder.rmdir()  # an empty one only: nothing else is ours without a lock
                return True
        return False
    except OSError:
        return False
    try:
        lock(handle)
        for entry in folder.iterdir():
            if entry.name == _LOCK:
                continue
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry, ignore_errors=True)
            else:
                entry.unlink()
        if sys.platform != "win32":  # while it is ours: whoever gets it now sees that it is gone
            (folder / _LOCK).unlink()
    except OSError:
        return False
    finally:
        os.close(handle)
    with contextlib.suppress(OSError):  # on Windows a new owner's open file stays, and its folder
        (folder / _LOCK).unlink(missing_ok=True)
        folder.rmdir()
    return True


def publish(made: Path, out: Path, *, overwrite: bool) -> None:
    """Gives the finished file its name. A file that came there meanwhile is not replaced."""
    try:
        with made.open("rb+") as file:
            disk.flush(file)
        if overwrite:
            disk.replace(made, out)
            return
        try:
            disk.link(made, out)
        except FileExistsError:
            raise
        except OSError:  # no hard links on this file system
            if out.exists():
                raise FileExistsError from None
            made.rename(out)
    except FileExistsError as error:
        raise problems.file_exists(out) from error
    except OSError as error:
        raise problems.write_problem(out, error) from error
