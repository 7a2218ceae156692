"""A file that is still coming: `NAME.part` and, beside it, what it is part of.

The journal `NAME.part.json` is written before the first byte and after each flush. A killed process
loses nothing, since the system has what was written. When the machine itself ended, bytes after the
last flush may never have reached the disk: they are loaded again, a few seconds' worth.
"""

import contextlib
import json
import os
import time
from functools import cache
from pathlib import Path
from types import TracebackType

from infinitetalk.project import atomic, faults
from infinitetalk.weights.download.problems import disk_problem
from infinitetalk.weights.download.remote import RemoteFile

FLUSH_BYTES = 64 * 1024**2
FLUSH_SECONDS = 5.0
JOURNAL_FORMAT = 1
PART = ".part"  # after the file's name
JOURNAL = ".part.json"


def part_path(target: Path) -> Path:
    return target.with_name(target.name + PART)


def journal_path(target: Path) -> Path:
    return target.with_name(target.name + JOURNAL)


def _unfinished(journal: Path) -> Path:
    """What is written first: a name of its own, so that a kill leaves nothing that stays."""
    return journal.with_name(journal.name + atomic.TEMPORARY)


class PartFile:
    """Opened for one transfer; `have` bytes of it are good. Disk failures are EngineError disk.*"""

    def __init__(self, target: Path, file: RemoteFile) -> None:
        self.target = target
        self.path = part_path(target)
        self._journal = journal_path(target)
        self._file = file
        self.etag = ""  # of the response that the bytes came with
        self.host = ""  # that sent it: another server has other tags
        self.have = 0
        self._out = None
        self._flushed = 0
        self._flushed_at = 0.0

    def __enter__(self) -> "PartFile":
        atomic.make_folder(self.target.parent)
        self.have = self._flushed = self._kept()
        try:
            faults.reach("before open", self.path)
            self._out = self.path.open("r+b" if self.have else "w+b", buffering=0)
            self._out.truncate(self.have)
            self._out.seek(self.have)
        except OSError as error:
            raise disk_problem(error, self.path, self._file.size) from error
        self._flushed_at = time.monotonic()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        out, self._out = self._out, None
        if out is None:
            return
        try:
            if self.have > self._flushed:
                os.fsync(out.fileno())
                self._write_journal(self.have)
        except OSError as problem:
            if error is None:
                raise disk_problem(problem, self.path) from problem
        finally:
            out.close()

    def _kept(self) -> int:
        """Bytes on the disk that belong to this very file."""
        found = read_journal(self.target)
        if found is None or found["identity"] != self._file.identity:
            return 0
        if found["size"] != self._file.size:
            return 0
        try:
            have = self.path.stat().st_size
            if found["boot"] != boot_mark():
                have = min(have, int(found["flushed"]))
        except OSError:
            return 0
        self.etag, self.host = str(found["etag"]), str(found["host"])
        return have if have <= self._file.size else 0

    def begin(self, etag: str, host: str) -> None:
        """From the first byte, whatever was there before."""
        self.etag, self.host = etag, host
        self._rewind(0)
        self._write_journal(0)

    def move_on(self, etag: str, host: str) -> None:
        """What comes now is the rest, from this server."""
        if (etag, host) != (self.etag, self.host):
            self.etag, self.host = etag, host
            self.flush()

    def _rewind(self, position: int) -> None:
        assert self._out is not None
        try:
            self._out.truncate(position)
            self._out.seek(position)
        except OSError as error:
            raise disk_problem(error, self.path) from error
        self.have = self._flushed = position

    def write(self, data: bytes) -> None:
        assert self._out is not None
        view = memoryview(data)
        try:
            faults.reach("before part", self.path)
            while view:
                count = self._out.write(view)
                self.have += count
                view = view[count:]
            faults.reach("after part", self.path)
        except OSError as error:
            raise disk_problem(error, self.path, self._file.size - self.have) from error
        due = time.monotonic() - self._flushed_at > FLUSH_SECONDS
        if due or self.have - self._flushed > FLUSH_BYTES:
            self.flush()

    def flush(self) -> None:
        assert self._out is not None
        try:
            os.fsync(self._out.fileno())
        except OSError as error:
            raise disk_problem(error, self.path) from error
        self._write_journal(self.have)

    def _write_journal(self, flushed: int) -> None:
        data = {
            "format": JOURNAL_FORMAT,
            "identity": self._file.identity,
            "size": self._file.size,
            "repo": self._file.repo,
            "name": self._file.name,
            "etag": self.etag,
            "host": self.host,
            "flushed": flushed,
            "boot": boot_mark(),
        }
        atomic.write_json(self._journal, data, temporary=_unfinished(self._journal))
        self._flushed, self._flushed_at = flushed, time.monotonic()


@cache
def boot_mark() -> str:
    """The same as long as the machine runs, another after it was started anew."""
    with contextlib.suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    import psutil

    return str(round(psutil.boot_time() / 60))  # it may differ by a second between two calls


def read_journal(target: Path) -> dict | None:
    """What the part beside a target is part of; None where there is none that can be used."""
    try:
        found = json.loads(journal_path(target).read_text("utf-8"))
        good = found["format"] == JOURNAL_FORMAT and all(
            isinstance(found[key], kind)
            for key, kind in (
                ("identity", str),
                ("size", int),
                ("etag", str),
                ("host", str),
                ("boot", str),
                ("flushed", int),
            )
        )
        return found if good and found["flushed"] >= 0 else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def kept_bytes(target: Path, file: RemoteFile) -> int:
    """Bytes of `file` that need not be loaded again."""
    return PartFile(target, file)._kept()


def discard(target: Path) -> None:
    """Removes a part and its journal; a finished target stays."""
    journal = journal_path(target)
    for path in (part_path(target), journal, _unfinished(journal)):
        path.unlink(missing_ok=True)


def publish(target: Path) -> None:
    """Gives a checked part its name. Raises EngineError disk.*"""
    atomic.place_file(part_path(target), target)
    discard(target)
