"""What a removal would take, and what stays for which reason: looks, and changes nothing."""

from collections.abc import Collection, Mapping
from pathlib import Path

from infinitetalk.errors import engine_error
from infinitetalk.weights import found
from infinitetalk.weights.download.catalog import Catalog, ModelSet, Part
from infinitetalk.weights.download.here import files_of, parts_here
from infinitetalk.weights.download.part import PART, journal_path
from infinitetalk.weights.download.record import Record
from infinitetalk.weights.removal import Kept, Kind, Removable, Removal, is_store, whole_path
from infinitetalk.weights.store_name import store_name
from infinitetalk.weights.store_origin import store_facts, stores_and_origins

_HERE = ("ready", "unchecked", "elsewhere", "partial")


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
        if is_store(path):
            return "store" if path.suffix == PART or store_facts(path) is not None else None
        if path.suffix == PART:
            return "part" if journal_path(whole_path(path)).is_file() else None
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


def _on_disk(path: Path) -> int:
    """Bytes that a file takes; one that is being written may be a hole for the most part."""
    try:
        facts = path.stat()
    except OSError:
        return 0
    blocks = getattr(facts, "st_blocks", None)
    return facts.st_size if blocks is None else min(blocks * 512, facts.st_size)
