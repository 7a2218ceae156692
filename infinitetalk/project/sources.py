"""The user's files that a job needs: found again after job or files have moved together.

Each is noted by its absolute path and by its path from the job folder, with size, time and a
fingerprint of its content. They are only ever read, as media or as weights.
"""

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from infinitetalk.request import GenerationRequest

_ENDS = 1024**2  # bytes of the beginning and of the end that the fingerprint covers


@dataclass(frozen=True, kw_only=True)
class StoredSource:
    """A file of the user: where it is, and what it was like when it was noted."""

    path: Path  # where it is now: the first of the noted places that has it
    noted: Path  # absolute, when the job was made
    relative: str | None  # from the job folder, with "/"; None on another drive
    size: int  # -1: it was not there
    mtime_ns: int
    fingerprint: str

    def to_json(self) -> dict[str, Any]:
        return {
            "path": str(self.path),
            "relative": self.relative,
            "size": self.size,
            "mtime_ns": self.mtime_ns,
            "fingerprint": self.fingerprint,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any], folder: Path) -> "StoredSource":
        """`folder` is the job folder as it lies now."""
        noted = Path(str(data["path"]))
        relative = data.get("relative")
        fingerprint = str(data["fingerprint"])
        return cls(
            path=_find(noted, relative, folder, fingerprint),
            noted=noted,
            relative=None if relative is None else str(relative),
            size=int(data["size"]),
            mtime_ns=int(data["mtime_ns"]),
            fingerprint=fingerprint,
        )

    def same_file(self, other: "StoredSource") -> bool:
        """The same place, or the same content."""
        if _normal(self.path) == _normal(other.path) or _normal(self.noted) == _normal(other.path):
            return True
        return bool(self.fingerprint) and self.fingerprint == other.fingerprint

    def changed(self) -> bool:
        """Whether the file is there with another content. A new time alone is no change."""
        try:
            found = self.path.stat()
        except OSError:
            return False
        if found.st_size == self.size and found.st_mtime_ns == self.mtime_ns:
            return False
        return fingerprint(self.path) != self.fingerprint


def _normal(path: Path) -> str:
    return os.path.normcase(os.path.abspath(path))  # noqa: PTH100 - links stay links


def _find(noted: Path, relative: str | None, folder: Path, wanted: str) -> Path:
    """The noted place, unless only the one beside the job has the file with this content."""
    if relative is None:
        return noted
    beside = Path(os.path.normpath(folder / relative))
    if _normal(beside) == _normal(noted) or not beside.is_file():
        return noted
    if not noted.is_file():
        return beside
    return beside if fingerprint(noted) != wanted and fingerprint(beside) == wanted else noted


def fingerprint(path: Path) -> str:
    """Digest of size, first and last MiB of a file; "" where it can't be read."""
    found = hashlib.sha256()
    try:
        with path.open("rb") as source:
            size = source.seek(0, os.SEEK_END)
            found.update(str(size).encode())
            source.seek(0)
            found.update(source.read(_ENDS))
            if size > _ENDS:
                source.seek(max(_ENDS, size - _ENDS))
                found.update(source.read(_ENDS))
    except OSError:
        return ""
    return found.hexdigest()


def source_paths(request: GenerationRequest) -> list[Path]:
    """The files of a request: source, speech tracks, LoRAs, in this order."""
    speech = [track.path for track in request.speech if track.path is not None]
    return [request.source, *speech, *(lora.path for lora in request.loras)]


def source_fields(request: GenerationRequest) -> list[str]:
    """The fields of the request to which the files of `source_paths` belong."""
    speech = ["speech" for track in request.speech if track.path is not None]
    return ["source", *speech, *("loras" for _ in request.loras)]


def with_paths(request: GenerationRequest, paths: Sequence[Path]) -> GenerationRequest:
    """The request with other paths, in the order of `source_paths`."""
    remaining = iter(paths)
    source = next(remaining)
    speech = tuple(
        track if track.path is None else replace(track, path=next(remaining))
        for track in request.speech
    )
    loras = tuple(replace(lora, path=next(remaining)) for lora in request.loras)
    return replace(request, source=source, speech=speech, loras=loras)


def note_sources(request: GenerationRequest, folder: Path) -> tuple[StoredSource, ...]:
    """What to store of each file of the request in a job that lies at `folder`."""
    return tuple(_note(path, folder) for path in source_paths(request))


def _note(path: Path, folder: Path) -> StoredSource:
    path = Path(os.path.abspath(path))  # noqa: PTH100 - links in the user's path stay
    try:
        relative = Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # another drive (Windows)
        relative = None
    try:
        found = path.stat()
        size, mtime = found.st_size, found.st_mtime_ns
    except OSError:
        size, mtime = -1, 0
    return StoredSource(
        path=path,
        noted=path,
        relative=relative,
        size=size,
        mtime_ns=mtime,
        fingerprint=fingerprint(path),
    )


def locate(request: GenerationRequest, sources: Sequence[StoredSource]) -> GenerationRequest:
    """The request with the paths where its files are now; ValueError if the counts differ."""
    expected = len(source_paths(request))
    if len(sources) != expected:
        raise ValueError(f"sources must be {expected}, found {len(sources)}")
    return with_paths(request, [source.path for source in sources])
