"""What a download will do, before it does it: files, bytes, disk space, licenses."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Literal

from infinitetalk.errors import GIB, EngineError
from infinitetalk.project import atomic
from infinitetalk.weights import found
from infinitetalk.weights.download import problems
from infinitetalk.weights.download.catalog import TRANSFORMER, ModelSet, Part
from infinitetalk.weights.download.control import DownloadControl
from infinitetalk.weights.download.hub import Repository, ask_repository
from infinitetalk.weights.download.part import kept_bytes
from infinitetalk.weights.download.record import Record
from infinitetalk.weights.download.remote import RemoteFile
from infinitetalk.weights.download.settings import Network
from infinitetalk.weights.store_name import store_name

SPARE = 2 * GIB  # bytes that stay free beside what is loaded and converted
PLAN_FORMAT = 1

State = Literal["ready", "unchecked", "different", "partial", "missing", "elsewhere"]
Ask = Callable[[str, str], Repository]  # repository, revision
Elsewhere = Callable[[Part], Path | None]  # a file that is used where it is


@dataclass(frozen=True, kw_only=True)
class PlannedFile:
    """One published file and what is here of it.

    ready: here and checked. unchecked: here, of the right size. different: here, but another file.
    partial: begun. missing: not here. elsewhere: its part is used from another folder.
    """

    remote: RemoteFile
    part: Part
    place: str  # below the folder, POSIX
    state: State
    have: int = 0  # bytes that need not be loaded

    @property
    def to_load(self) -> int:
        return self.remote.size - self.have

    def to_json(self) -> dict[str, Any]:
        return {
            "file": self.place,
            "part": self.part.name,
            "title": self.part.title,
            "repo": self.remote.repo,
            "commit": self.remote.commit,
            "size": self.remote.size,
            "sha256": self.remote.sha256,
            "state": self.state,
            "to_load": self.to_load,
        }


@dataclass(frozen=True, kw_only=True)
class DownloadPlan:
    """All files of the chosen sets, each once."""

    folder: Path
    sets: tuple[ModelSet, ...]
    files: tuple[PlannedFile, ...]
    licenses: Mapping[str, str]  # repository -> license, as the hub names it
    conversion_bytes: int  # block stores of the sets
    free: int  # bytes, where the folder is

    @property
    def size(self) -> int:
        return sum(file.remote.size for file in self.files)

    @property
    def to_load(self) -> int:
        return sum(file.to_load for file in self.files)

    @property
    def free_after(self) -> int:
        """Bytes left once everything is loaded and converted; negative where it does not fit."""
        return self.free - self.to_load - self.conversion_bytes

    def check_space(self) -> None:
        """Raises EngineError `disk.not_enough` before the first byte is asked for."""
        if self.to_load and self.free_after < SPARE:
            raise problems.no_space(
                self.folder, self.to_load, self.conversion_bytes, self.free, SPARE
            )

    def to_json(self) -> dict[str, Any]:
        return {
            "format": PLAN_FORMAT,
            "folder": str(self.folder),
            "sets": [one.name for one in self.sets],
            "size": self.size,
            "to_load": self.to_load,
            "conversion": self.conversion_bytes,
            "free": self.free,
            "free_after": self.free_after,
            "fits": not self.to_load or self.free_after >= SPARE,
            "licenses": dict(self.licenses),
            "files": [file.to_json() for file in self.files],
        }


def plan_download(
    sets: Sequence[ModelSet],
    folder: Path,
    network: Network,
    *,
    parts: Collection[str] = (),
    conversion: bool = True,
    elsewhere: Elsewhere | None = None,
    control: DownloadControl | None = None,
    waiting: Callable[[str], None] | None = None,
) -> DownloadPlan:
    """Asks the hub for sizes and digests, and looks at what is in `folder`. Nothing is written.

    `parts`: names of those that are wanted of the sets; none: all. `conversion`: the block stores
    count towards the space needed. Raises EngineError `download.*`, DownloadCancelled.
    """
    asked: dict[tuple[str, str], Repository] = {}

    def ask(repo: str, revision: str) -> Repository:
        key = (repo, revision)
        if key not in asked:
            asked[key] = ask_repository(repo, revision, network, control, waiting)
        return asked[key]

    record = Record(folder)
    files: dict[str, PlannedFile] = {}
    for part in _parts(sets, parts):
        used = elsewhere(part) if elsewhere is not None else None
        for remote in _files_of(part, ask):
            place = part.place(remote.name)
            if place not in files:
                files[place] = _looked_at(remote, part, folder / place, place, record, used)
    return DownloadPlan(
        folder=folder,
        sets=tuple(sets),
        files=tuple(files.values()),
        licenses={one.repo: one.license for one in asked.values()},
        conversion_bytes=_conversion(sets, parts, folder) if conversion else 0,
        free=atomic.free_bytes(folder),
    )


def stand_ins(models_folder: Path) -> Elsewhere:
    """Which parts of the catalog need no loading, since a file of another program serves, or a copy.

    Raises EngineError `weights.corrupt` where `models.json` can't be read.
    """
    every = found.at_hand(models_folder)

    def look(part: Part) -> Path | None:
        for one in every:
            if found.serves(one, part.kind, part.precision, part.speakers, part.files):
                return Path(one.path)
        return None

    return look


def _parts(sets: Iterable[ModelSet], wanted: Collection[str]) -> list[Part]:
    parts = {part.name: part for one in sets for part in one.parts}
    return [part for part in parts.values() if not wanted or part.name in wanted]


def _conversion(sets: Iterable[ModelSet], wanted: Collection[str], folder: Path) -> int:
    """Bytes that the block stores of the wanted transformers will still take."""
    total = 0
    for one in sets:
        transformer = [part.name for part in one.parts if part.kind in TRANSFORMER]
        if not wanted or set(transformer) <= set(wanted):
            total += max(one.conversion_bytes - _written(one, folder), 0)
    return total


def _written(one: ModelSet, folder: Path) -> int:
    """Bytes of the set's block store that are on the disk, finished or begun."""
    store = folder / store_name(one.precision, one.speakers) if one.speakers else None
    for path in (store, store.with_name(store.name + ".part")) if store is not None else ():
        if path.exists():
            facts = path.stat()
            return min(getattr(facts, "st_blocks", facts.st_size // 512) * 512, facts.st_size)
    return 0


def _files_of(part: Part, ask: Ask) -> list[RemoteFile]:
    """The files that a part's patterns name. Raises EngineError `download.missing`."""
    repository = ask(part.repo, part.revision)
    files: dict[str, RemoteFile] = {}
    for pattern in part.files:
        names = [name for name in repository.files if fnmatchcase(name, pattern)]
        if not names:
            raise problems.refused(404, pattern, part.repo, "", has_token=False)
        files.update((name, repository.files[name]) for name in sorted(names))
    for name, digest in part.sha256.items():
        if name in files and files[name].sha256 != digest:
            raise problems.changed(name, "its SHA-256 is not the one in the catalog")
    return list(files.values())


def _looked_at(
    remote: RemoteFile, part: Part, path: Path, place: str, record: Record, used: Path | None
) -> PlannedFile:
    state: State
    have = 0
    checked = record.checked(path, place)
    try:
        size = path.stat().st_size if path.is_file() else None
    except OSError as error:
        raise _unreadable(error, path) from error
    if checked is not None and checked.identity == remote.identity:
        state, have = "ready", remote.size
    elif size == remote.size and checked is None:
        state, have = "unchecked", remote.size
    elif size is not None:
        state, have = "different", kept_bytes(path, remote)
    elif used is not None:
        state, have = "elsewhere", remote.size
    else:
        have = kept_bytes(path, remote)
        state = "partial" if have else "missing"
    return PlannedFile(remote=remote, part=part, place=place, state=state, have=have)


def _unreadable(error: OSError, path: Path) -> EngineError:
    return problems.disk_problem(error, path)
