"""Takes files that this program loaded or converted off the disk again, and nothing else.

Files of other programs, files put here by hand, and files that have changed since they were loaded
stay. `plan_removal` says what would go and what stays for which reason; `remove` does it.
"""

import contextlib
import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from infinitetalk.errors import EngineError, engine_error
from infinitetalk.project import atomic
from infinitetalk.weights import found
from infinitetalk.weights.download.catalog import Catalog, ModelSet, Part
from infinitetalk.weights.download.here import files_of, parts_here
from infinitetalk.weights.download.part import PART, discard, journal_path
from infinitetalk.weights.download.record import Record
from infinitetalk.weights.download.run import locked
from infinitetalk.weights.store_lock import store_lock
from infinitetalk.weights.store_name import STORE_SUFFIX, store_name
from infinitetalk.weights.store_origin import store_facts, stores_and_origins

Kind = Literal["file", "part", "store"]
Why = Literal["shared", "elsewhere", "by_hand"]
REMOVAL_FORMAT = 1
_HERE = ("ready", "unchecked", "elsewhere", "partial")


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


def plan_removal(
    catalog: Catalog,
    folder: Path,
    *,
    sets: Collection[str] = (),
    parts: Collection[str] = (),
    files: Collection[Path] = (),
    stores: Collection[str] = (),
) -> Removal:
    """What goes and what stays. Nothing is changed.

    Of sets what other sets that are here need stays; parts and files (paths) are taken at their
    word; `stores` names sets of which only the block store goes. Block stores made of what goes, go
    too. Raises EngineError `download.unknown_set`, `weights.not_here` where a name means nothing,
    `weights.corrupt` (`models.json`).
    """
    look = _Look(catalog, folder.absolute())
    for one in catalog.choose(sets):
        look.take_set(one, named=sets)
    for name in parts:
        look.take_part(_part(catalog, name))
    for path in files:
        look.take_file(path)
    for one in catalog.choose(stores):
        look.take_store(one)
    look.take_stores()
    return look.result(named=sets)


def remove(removal: Removal) -> int:
    """Removes what the plan names, each file as a whole; bytes that the disk gives back.

    Stopped at any moment, a second call does the rest. Raises EngineError `download.busy` while
    files are loaded into the folder, `weights.import_busy` while a store is written, or disk.*
    """
    if not removal.files:
        return 0
    stores = {_whole(path) for path in removal.paths if _is_store(path)}
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


class _Look:
    """Collects what was asked for."""

    def __init__(self, catalog: Catalog, folder: Path) -> None:
        self._catalog, self._folder = catalog, folder
        self._record = Record(folder)
        self._here = parts_here(catalog, folder)
        self._copies = found.copied(folder)
        self._files: dict[Path, Removable] = {}
        self._kept: dict[Path, Kept] = {}

    def take_set(self, one: ModelSet, *, named: Collection[str]) -> None:
        shared = self._shared(named)
        for part in one.parts:
            self.take_part(part, shared)
        self.take_store(one)

    def take_part(self, part: Part, shared: Mapping[Path, tuple[str, ...]] = {}) -> None:
        """`shared`: files that stay, and the sets that need them."""
        whole, begun = self._files_of(part)
        for path in (*whole, *begun):
            if path in shared:
                self._kept[path] = Kept(path=path, why="shared", sets=shared[path])
            else:
                self._take(path)
        if any(path in self._files for path in whole):
            self._take_begun_stores(part.name)
        if not whole and not begun and self._here[part.name].state == "elsewhere":
            path = Path(self._here[part.name].path)
            self._kept[path] = Kept(path=path, why="elsewhere")

    def take_file(self, path: Path) -> None:
        """A path, absolute or below the folder."""
        for candidate in (self._folder / path, path.absolute()):
            if candidate.is_file() and candidate.is_relative_to(self._folder):
                self._take(candidate)
                return
        elsewhere = [Path(one.path) for one in found.remembered(self._folder)]
        if path.absolute() in elsewhere:
            self._kept[path] = Kept(path=path.absolute(), why="elsewhere")
            return
        raise engine_error(
            "weights.not_here",
            "This is neither a set nor a file of the models folder",
            f"{path} was not found in {self._folder}.",
            "'infinitetalk weights sets' lists the sets; files are named as they lie below the "
            "folder.",
            path=str(path),
        )

    def take_store(self, one: ModelSet) -> None:
        store = self._store(one)
        for path in (store, store.with_name(store.name + PART)) if store is not None else ():
            if path.is_file():
                self._take(path)

    def take_stores(self) -> None:
        """Those made of files that go: without these they can't be used."""
        going = {path.resolve() for path, one in self._files.items() if one.kind == "file"}
        if not going:
            return
        for store, made_of in stores_and_origins(self._folder):
            if going & made_of:
                self._take(store)

    def result(self, *, named: Collection[str]) -> Removal:
        gone = set(self._files)
        lacking = []
        for one in self._catalog.sets.values():
            files = {file for part in one.parts for file in self._files_of(part)[0]}
            if one.name not in named and self._is_here(one) and files & gone:
                lacking.append(one.name)
        rank = {"store": 0, "part": 1, "file": 2}  # what follows from others goes first
        return Removal(
            folder=self._folder,
            files=tuple(sorted(self._files.values(), key=lambda one: rank[one.kind])),
            kept=tuple(one for path, one in self._kept.items() if path not in gone),
            sets=tuple(lacking),
        )

    def _files_of(self, part: Part) -> tuple[list[Path], list[Path]]:
        """Those of a part that are in the folder, copies included; and those that were begun."""
        whole, begun = files_of(part, self._folder)
        for one in self._copies:
            if found.serves(one, part.kind, part.precision, part.speakers, part.files):
                whole += [Path(name) for name in one.files]
        return whole, begun

    # -- one file ---------------------------------------------------------------------------------

    def _take(self, path: Path) -> None:
        kind = self._ours(path)
        if kind is None:
            self._kept[path] = Kept(path=path, why="by_hand")
        else:
            self._files[path] = Removable(path=path, kind=kind, size=_on_disk(path))

    def _ours(self, path: Path) -> Kind | None:
        """What this program made of it; None where it did not make it."""
        if path.is_symlink():
            return None
        if _is_store(path):
            return "store" if path.suffix == PART or store_facts(path) is not None else None
        if path.suffix == PART:
            return "part" if journal_path(_whole(path)).is_file() else None
        place = path.relative_to(self._folder).as_posix()
        checked = self._record.checked(path, place)
        return "file" if checked is not None and checked.loaded else None

    def _take_begun_stores(self, part: str) -> None:
        """What was begun has no identity yet: its name tells of which set it is."""
        for one in self._catalog.sets.values():
            store = self._store(one)
            if store is not None and part in one.own_parts:
                begun = store.with_name(store.name + PART)
                if begun.is_file():
                    self._take(begun)

    def _store(self, one: ModelSet) -> Path | None:
        if not one.precision or not one.speakers:
            return None
        return self._folder / store_name(one.precision, one.speakers)

    # -- sets -------------------------------------------------------------------------------------

    def _shared(self, named: Collection[str]) -> dict[Path, tuple[str, ...]]:
        """By file: the sets that are here, were not named, and need it, under whatever name."""
        shared: dict[Path, tuple[str, ...]] = {}
        for one in self._catalog.sets.values():
            if one.name in named or not self._is_here(one):
                continue
            for path in {path for part in one.parts for path in self._files_of(part)[0]}:
                shared[path] = (*shared.get(path, ()), one.name)
        return shared

    def _is_here(self, one: ModelSet) -> bool:
        """Whether what makes the set what it is has come, or is coming."""
        states = [self._here[name].state for name in one.own_parts]
        return bool(states) and all(state in _HERE for state in states)


def _part(catalog: Catalog, name: str) -> Part:
    for one in catalog.sets.values():
        for part in one.parts:
            if part.name == name:
                return part
    raise engine_error(
        "weights.not_here", "There is no such part", f"{name!r} is not in the catalog.", name=name
    )


def _whole(path: Path) -> Path:
    """What a begun file will be called."""
    return path.with_name(path.name.removesuffix(PART))


def _is_store(path: Path) -> bool:
    return _whole(path).name.endswith(STORE_SUFFIX)


# -- the disk -------------------------------------------------------------------------------------


def _on_disk(path: Path) -> int:
    """Bytes that a file takes; one that is being written may be a hole for the most part."""
    try:
        facts = path.stat()
    except OSError:
        return 0
    blocks = getattr(facts, "st_blocks", None)
    return facts.st_size if blocks is None else min(blocks * 512, facts.st_size)


def _remove_file(path: Path) -> None:
    """A file, or what was begun of one with its journals. Raises EngineError disk.*, `weights.in_use`."""
    try:
        atomic.remove_tree(path)
        if path.suffix == PART:
            discard(_whole(path))
            journal_path(_whole(path)).with_suffix(".json.new").unlink(missing_ok=True)
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
