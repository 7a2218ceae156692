"""Which files of a models folder were checked, so that 66 GB are not read again at each start.

`downloads.json` in that folder; a file counts as checked while its size and time are those of then.
"""

import json
import threading
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from infinitetalk.project import atomic

RECORD_FILE = "downloads.json"
RECORD_FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A file as it was when its digest was taken."""

    size: int
    mtime_ns: int
    identity: str  # of the published file that it matched, "" if it matched none
    sha256: str
    loaded: bool = False  # by this program, which may therefore remove it again


class Record:
    """The record of one folder; changes are written at once. Used from several threads."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / RECORD_FILE
        self._lock = threading.Lock()
        self._files = _read(self._path)

    def checked(self, path: Path, place: str) -> Checked | None:
        """What is known of the file at `place`, if it has not changed since."""
        found = self._files.get(place)
        if found is None:
            return None
        try:
            now = path.stat()
        except OSError:
            return None
        same = (found.size, found.mtime_ns) == (now.st_size, now.st_mtime_ns)
        return found if same else None

    def add(
        self, path: Path, place: str, identity: str, sha256: str, *, loaded: bool = False
    ) -> None:
        """Notes a file as it is now; one that was loaded stays so. Raises EngineError disk.*"""
        before = self.checked(path, place)
        now = path.stat()
        entry = Checked(
            size=now.st_size,
            mtime_ns=now.st_mtime_ns,
            identity=identity,
            sha256=sha256,
            loaded=loaded or (before is not None and before.loaded),
        )
        with self._lock:
            self._files[place] = entry
            self._write()

    def drop(self, places: Iterable[str]) -> None:
        """Forgets files that were removed. Raises EngineError disk.*"""
        with self._lock:
            known = [place for place in places if self._files.pop(place, None) is not None]
            if known:
                self._write()

    def _write(self) -> None:
        files = {name: asdict(one) for name, one in sorted(self._files.items())}
        atomic.write_json(self._path, {"format": RECORD_FORMAT, "files": files})


def _read(path: Path) -> dict[str, Checked]:
    try:
        data = json.loads(path.read_text("utf-8"))
        if data["format"] != RECORD_FORMAT:
            return {}
        return {
            str(name): Checked(
                size=int(one["size"]),
                mtime_ns=int(one["mtime_ns"]),
                identity=str(one["identity"]),
                sha256=str(one["sha256"]),
                loaded=one.get("loaded", False) is True,
            )
            for name, one in data["files"].items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}  # then files are read once more
