"""Takes files that this program loaded or converted off the disk again, and nothing else.

Files of other programs, files put here by hand, and files that have changed since they were loaded
stay. `removal_plan.py` says what would go and what stays for which reason; `remove` does it.
"""

import contextlib
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from infinitetalk.errors import EngineError, engine_error
from infinitetalk.project import atomic
from infinitetalk.weights.download.part import PART, discard, journal_path
from infinitetalk.weights.download.record import Record
from infinitetalk.weights.download.run import locked
from infinitetalk.weights.store_lock import store_lock
from infinitetalk.weights.store_name import STORE_SUFFIX

Kind = Literal["file", "part", "store"]
Why = Literal["shared", "elsewhere", "by_hand"]
REMOVAL_FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class Removable:
    """A file that goes. file: loaded. part: begun. store: the block store made of others."""

    path: Path
    kind: Kind
    size: int  # bytes that the disk gives back


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A file that was asked for and stays.

    shared: other sets that are here need it. elsewhere: it is another program's, used where it is.
    by_hand: this program did not load it, or it has changed since.
    """

    path: Path
    why: Why
    sets: tuple[str, ...] = ()  # those that need it


@dataclass(frozen=True, kw_only=True)
class Removal:
    """What a removal will do."""

    folder: Path
    files: tuple[Removable, ...]
    kept: tuple[Kept, ...]
    sets: tuple[str, ...]  # sets that are here, were not named, and will lack a file

    @property
    def freed(self) -> int:
        return sum(one.size for one in self.files)

    @property
    def paths(self) -> tuple[Path, ...]:
        return tuple(one.path for one in self.files)

    def to_json(self) -> dict[str, Any]:
        return {
            "format": REMOVAL_FORMAT,
            "folder": str(self.folder),
            "freed": self.freed,
            "files": [
                {"file": self._place(one.path), "kind": one.kind, "size": one.size}
                for one in self.files
            ],
            "kept": [
                {"file": self._place(one.path), "why": one.why, "sets": list(one.sets)}
                for one in self.kept
            ],
            "sets": list(self.sets),
        }

    def _place(self, path: Path) -> str:
        below = path.is_relative_to(self.folder)
        return path.relative_to(self.folder).as_posix() if below else str(path)


def remove(removal: Removal) -> int:
    """Removes what the plan names, each file as a whole; bytes that the disk gives back.

    Stopped at any moment, a second call does the rest. Raises EngineError `download.busy` while
    files are loaded into the folder, `weights.import_busy` while a store is written, or disk.*
    """
    if not removal.files:
        return 0
    stores = {whole_path(path) for path in removal.paths if is_store(path)}
    with contextlib.ExitStack() as held:
        held.enter_context(locked(removal.folder))
        for store in sorted(stores):
            held.enter_context(store_lock(store))
        for one in removal.files:
            _remove_file(one.path)
        places = [path.relative_to(removal.folder).as_posix() for path in removal.paths]
        Record(removal.folder).drop(places)
    for path in removal.paths:
        _remove_empty(path.parent, removal.folder)
    return removal.freed


def whole_path(path: Path) -> Path:
    """What a begun file will be called."""
    return path.with_name(path.name.removesuffix(PART))


def is_store(path: Path) -> bool:
    return whole_path(path).name.endswith(STORE_SUFFIX)


# -- the disk -------------------------------------------------------------------------------------


def _remove_file(path: Path) -> None:
    """A file, or what was begun of one with its journals. Raises EngineError disk.*, `weights.in_use`."""
    try:
        atomic.remove_tree(path)
        if path.suffix == PART:
            discard(whole_path(path))
            journal_path(whole_path(path)).with_suffix(".json.new").unlink(missing_ok=True)
    except EngineError as error:
        if error.report.code == "disk.gone":  # somebody else was quicker
            return
        if sys.platform == "win32" and isinstance(error.__cause__, PermissionError):
            raise in_use(path, "another program has it open") from error
        raise
    except OSError as error:
        raise atomic.disk_error(error, path) from error


def in_use(path: Path, why: str) -> EngineError:
    """A file that can't go now."""
    return engine_error(
        "weights.in_use",
        "A model file is in use",
        f"{path.name}: {why}.",
        "Let that end, or stop it; then remove the file.",
        safe="Nothing of it was removed.",
        path=str(path),
    )


def _remove_empty(folder: Path, top: Path) -> None:
    """Folders in which nothing is left, up to the models folder, which stays."""
    while folder != top and folder.is_relative_to(top):
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent
