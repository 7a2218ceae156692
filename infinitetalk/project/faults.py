"""Where tests make the disk fail or the process end: numbered points at every write and rename.

Every step of `atomic` and `media.disk` announces itself here before and after it happens. A test lists the points
of a run with `trace`, then ends the process at each of them in turn, or makes a step fail. Nothing
happens unless a test asks: by `injected(Faults(...))` in the same process, or by environment in a
child process:

    INFINITETALK_FAULTS="crash@17"          the process ends at once at the 17th point (from 1)
    INFINITETALK_FAULTS="enospc@5"          the 5th point raises OSError ENOSPC (also: eacces, eio)
    INFINITETALK_FAULTS="enospc@5+"         from the 5th point on, all of them do (the disk stays full)
    INFINITETALK_FAULTS="enospc@chunks/"    every step on a path that contains "chunks/" does
    INFINITETALK_FAULTS="free=1000000"      the free space that `atomic.free_bytes` reports
    INFINITETALK_FAULTS="trace=/a/file"     each point is appended to the file as "number step name"

Several are joined by ";". Points are counted per process. After a crash the exit code is 86.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from infinitetalk.media import disk

VARIABLE = "INFINITETALK_FAULTS"
CRASH_EXIT = 86
_ERRORS = {"enospc": errno.ENOSPC, "eacces": errno.EACCES, "eio": errno.EIO, "erofs": errno.EROFS}


@dataclass(kw_only=True)
class Faults:
    """What shall go wrong, and which points were reached (`points`: step and file name)."""

    crash_at: int | None = None
    error: str = "enospc"
    error_at: int | None = None
    error_lasts: bool = False
    error_path: str | None = None
    free: int | None = None
    trace: Path | None = None
    points: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def parse(cls, text: str) -> "Faults":
        """From the form that the environment variable has; ValueError names what is wrong."""
        faults = cls()
        for part in filter(None, (p.strip() for p in text.split(";"))):
            if part.startswith("free="):
                faults.free = int(part[5:])
            elif part.startswith("trace="):
                faults.trace = Path(part[6:])
            else:
                faults._parse_point(part)
        return faults

    def _parse_point(self, part: str) -> None:
        kind, _, where = part.partition("@")
        if kind == "crash":
            self.crash_at = int(where)
            return
        if kind not in _ERRORS or not where:
            raise ValueError(f"{VARIABLE} can't be read: {part!r}")
        self.error = kind
        number = where.rstrip("+")
        if number.isdigit():
            self.error_at = int(number)
            self.error_lasts = where.endswith("+")
        else:
            self.error_path = where

    def reach(self, step: str, path: Path) -> None:
        """Called by `atomic` at each point; ends the process or raises OSError where asked to."""
        self.points.append((step, path.name))
        number = len(self.points)
        if self.trace is not None:
            with self.trace.open("a", encoding="utf-8") as out:
                out.write(f"{number} {step} {path.name}\n")
        if number == self.crash_at:
            os._exit(CRASH_EXIT)
        if step.startswith("before") and self._fails(number, path):
            code = _ERRORS[self.error]
            raise OSError(code, os.strerror(code), str(path))

    def _fails(self, number: int, path: Path) -> bool:
        if self.error_path is not None:
            return self.error_path in path.as_posix()
        if self.error_at is None:
            return False
        return number >= self.error_at if self.error_lasts else number == self.error_at


_active: Faults | None = None


def active() -> Faults:
    """The faults of this process, from the environment unless a test injected others."""
    global _active
    if _active is None:
        _active = Faults.parse(os.environ.get(VARIABLE, ""))
    return _active


@contextmanager
def injected(faults: Faults) -> Iterator[Faults]:
    """`faults` for the time of a `with` block, in all threads of this process."""
    global _active
    before, _active = _active, faults
    try:
        yield faults
    finally:
        _active = before


def reach(step: str, path: Path) -> None:
    active().reach(step, path)


disk.watch(reach)
