"""Files that appear whole or not at all: made in a private folder beside the target, then renamed."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from infinitetalk.media import disk, problems


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
    if not os.access(folder, os.W_OK):
        raise problems.read_only(folder, "writing there is not allowed")


@contextlib.contextmanager
def private_folder(out: Path) -> Iterator[Path]:
    """A folder beside `out`, removed at the end whatever happens. Raises EngineError disk.*.

    Its name is short: that of `out` may already be as long as the system allows.
    """
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=".italk-", dir=out.parent))
    except OSError as error:
        raise problems.write_problem(out, error) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


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
