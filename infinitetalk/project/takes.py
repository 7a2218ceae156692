"""Takes on disk: one folder per rendered chunk, written beside, flushed, and renamed into place.

    chunks/0007-<key>/  frames.*             the frames, lossless or visually so
                        motion.safetensors   the last motion frames, exact, for the next chunk
                        meta.json            what made them, what they cost, sizes and digests

A folder with a valid name holds a whole take; everything else is a left-over and is swept away.
A take whose files do not match its meta.json is not valid and is rendered again.
"""

import contextlib
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from types import TracebackType
from typing import Any

from infinitetalk.project import atomic
from infinitetalk.project.confined import inside, plain_name

TAKE_FORMAT = 1
META = "meta.json"
MOTION = "motion.safetensors"
_NAME = re.compile(r"(\d{4,9})-([0-9a-f]{8,64})")
_SMALL = 16 * 1024**2  # files up to this size are digested at the first look
_META_LIMIT = 4 * 1024**2
_READ = 4 * 1024**2


@dataclass(frozen=True, kw_only=True)
class StoredFile:
    """Size in bytes and SHA-256 of a file of a take."""

    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class TakeMeta:
    """What meta.json says: how a take was made and what it cost."""

    index: int
    key: str
    seed: int
    part: str  # keys.part_digest
    motion_in: str = ""  # digest of the motion frames it started from; "": it began anew
    motion_out: str = ""  # digest of its own last motion frames
    settings: dict[str, Any] = field(default_factory=dict)  # the chunk's own, as JSON
    plan_changes: dict[str, Any] = field(default_factory=dict)  # by a rung of the memory ladder
    first_frame: int = 0
    frame_count: int = 0
    seconds: float = 0.0
    timings: dict[str, float] = field(default_factory=dict)  # seconds per stage
    peak_vram: int = 0
    color_drift: float = 0.0
    identity_drift: float = 0.0
    created: str = ""  # ISO 8601, UTC
    files: dict[str, StoredFile] = field(default_factory=dict)
    format: int = TAKE_FORMAT

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "TakeMeta":
        """Raises ValueError, TypeError or KeyError where the data is not a take's."""
        known = {f.name for f in fields(cls)}
        values = {name: value for name, value in data.items() if name in known}
        values["files"] = {
            plain_name(name): StoredFile(size=int(f["size"]), sha256=str(f["sha256"]))
            for name, f in data["files"].items()
        }
        return cls(**values)


@dataclass(frozen=True, kw_only=True)
class Take:
    """A whole take on disk."""

    folder: Path
    meta: TakeMeta

    @property
    def motion(self) -> Path:
        return self.folder / MOTION

    @property
    def frames(self) -> Path:
        """The file of frames: the one whose name begins with "frames."."""
        for name in sorted(self.meta.files):
            if name.startswith("frames."):
                return self.folder / name
        raise ValueError(f"take {self.folder.name} has no frames")


class TakeStore:
    """The folder `chunks` of a job."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._digested: set[tuple[int, str, str]] = set()  # files whose digest was compared

    def take_folder(self, index: int, key: str) -> Path:
        """Where the take lies; ValueError where the key is not a key (it could be a path)."""
        name = f"{index:04d}-{key}"
        if not _NAME.fullmatch(name):
            raise ValueError(f"take must be named by index and key, found {name!r}")
        return self.folder / name

    def writer(self, index: int, key: str) -> "TakeWriter":
        """To be used in a `with` statement; without `commit` nothing is left behind."""
        return TakeWriter(self, index, key)

    def valid_take(self, index: int, key: str, *, full: bool = False) -> Take | None:
        """The take if it is whole, else None. See `problem`."""
        take, _ = self._check(index, key, full=full)
        return take

    def problem(self, index: int, key: str, *, full: bool = True) -> str:
        """Why the take is not valid; "" if it is.

        Sizes are compared always, digests of small files once per process and of large ones
        with `full` (also once).
        """
        return self._check(index, key, full=full)[1]

    def _check(self, index: int, key: str, *, full: bool) -> tuple[Take | None, str]:
        folder = self.take_folder(index, key)
        if not folder.is_dir():
            return None, "it is missing"
        if not inside(folder, self.folder):
            return None, "it points outside the job's folder"
        try:
            meta = read_meta(folder)
        except (OSError, ValueError, TypeError, KeyError) as error:
            return None, f"{META} can't be read ({type(error).__name__})"
        if (meta.index, meta.key) != (index, key):
            return None, f"{META} belongs to another take"
        for name, stored in meta.files.items():
            wrong = self._file_problem(folder, index, key, name, stored, full=full)
            if wrong:
                return None, wrong
        return Take(folder=folder, meta=meta), ""

    def _file_problem(
        self, folder: Path, index: int, key: str, name: str, stored: StoredFile, *, full: bool
    ) -> str:
        path = folder / name
        try:
            size = path.stat().st_size
        except OSError:
            return f"{name} is missing"
        if not inside(path, folder):
            return f"{name} points outside the job's folder"
        if size != stored.size:
            return f"{name} has {size} bytes instead of {stored.size}"
        if (index, key, name) in self._digested or not (full or size <= _SMALL):
            return ""
        try:
            if digest_file(path) != stored.sha256:
                return f"the checksum of {name} differs"
        except OSError as error:
            return f"{name} can't be read: {error.strerror}"
        self._digested.add((index, key, name))
        return ""

    def all_takes(self) -> list[tuple[int, str]]:
        """Index and key of every folder with a take's name, in order; none is checked."""
        if not self.folder.is_dir():
            return []
        found = [
            (int(match[1]), match[2])
            for entry in self.folder.iterdir()
            if (match := _NAME.fullmatch(entry.name))
        ]
        return sorted(found)

    def remove(self, index: int, key: str) -> None:
        """Deletes a take. Whether it may go is the timeline's question."""
        atomic.remove_tree(self.take_folder(index, key))
        self._digested = {d for d in self._digested if d[:2] != (index, key)}

    def sweep(self) -> int:
        """Removes what a crash left behind; how many left-overs there were."""
        if not self.folder.is_dir():
            return 0
        left = [entry for entry in self.folder.iterdir() if atomic.is_temporary(entry.name)]
        for entry in left:
            atomic.remove_tree(entry)
        return len(left)


class TakeWriter:
    """A take being written: files go into a temporary folder, `commit` puts it in place."""

    def __init__(self, store: TakeStore, index: int, key: str) -> None:
        self._store = store
        self._final = store.take_folder(index, key)
        self._index, self._key = index, key
        self._committed = False
        self.folder = atomic.temporary_beside(self._final)

    def __enter__(self) -> "TakeWriter":
        atomic.make_folder(self._store.folder)
        atomic.make_folder(self.folder)
        return self

    def path(self, name: str) -> Path:
        """Where a file of the take is to be written by others (ffmpeg); `commit` flushes it."""
        return self.folder / plain_name(name)

    def write(self, name: str, data: bytes) -> None:
        atomic.write_file(self.path(name), data)

    def commit(self, meta: TakeMeta) -> Take:
        """Flushes every file, notes sizes and digests in meta.json, renames the folder.

        Raises EngineError (disk) with nothing left behind; ValueError where `meta` names another
        take.
        """
        if (meta.index, meta.key) != (self._index, self._key):
            raise ValueError(f"meta of take {meta.index}-{meta.key} for {self._final.name}")
        files: dict[str, StoredFile] = {}
        for path in sorted(self.folder.iterdir()):
            atomic.flush_file(path)
            files[path.name] = StoredFile(size=path.stat().st_size, sha256=digest_file(path))
        meta = TakeMeta(**{**_shallow(meta), "files": files})
        atomic.write_json(self.folder / META, meta.to_json())
        atomic.place_folder(self.folder, self._final)
        self._committed = True
        self._store._digested |= {(self._index, self._key, name) for name in files}
        return Take(folder=self._final, meta=meta)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not self._committed:
            with contextlib.suppress(Exception):  # the failure under way matters more
                atomic.remove_tree(self.folder)


def read_meta(folder: Path) -> TakeMeta:
    """meta.json of a take. Raises OSError, ValueError, TypeError or KeyError."""
    path = folder / META
    if path.stat().st_size > _META_LIMIT:
        raise ValueError(f"{META} is larger than {_META_LIMIT} bytes")
    data = json.loads(path.read_bytes())
    if not isinstance(data, dict):
        raise ValueError(f"{META} must be an object")
    if int(data.get("format", 0)) > TAKE_FORMAT:
        raise ValueError(f"{META} has format {data['format']}")
    return TakeMeta.from_json(data)


def digest_file(path: Path) -> str:
    """SHA-256 of a file's content, 64 hexadecimal digits."""
    found = hashlib.sha256()
    with path.open("rb") as source:
        while piece := source.read(_READ):
            found.update(piece)
    return found.hexdigest()


def _shallow(meta: TakeMeta) -> dict[str, Any]:
    return {f.name: getattr(meta, f.name) for f in fields(meta)}
