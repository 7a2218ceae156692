"""One job, one program: a lock that the system drops when its holder ends, however it ends."""

import contextlib
import json
import os
import sys
import time
from pathlib import Path
from types import TracebackType

from infinitetalk.errors import EngineError, engine_error
from infinitetalk.media.file_lock import is_at, lock, unlock
from infinitetalk.project import atomic

ORPHANS = 2.0  # seconds in which a child that a killed holder had just forked lets go of its lock


class JobLock:
    """Holds the lock file of a job or project until `release` or the end of the process.

    The file tells who holds it, and stays unless `release` is asked to remove it.
    """

    def __init__(self, path: Path, *, program: str = "render") -> None:
        self.path = path
        self._program = program
        self._handle: int | None = None

    @property
    def held(self) -> bool:
        return self._handle is not None

    def acquire(self) -> "JobLock":
        """Raises EngineError `project.locked` (who holds it, since when) or `disk.read_only`.

        A program that is killed while it starts ffmpeg leaves a copy of its lock with the child,
        until that has become ffmpeg: where the holder is dead, it is waited for.
        """
        deadline = time.monotonic() + ORPHANS
        while True:
            try:
                handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o666)
            except OSError as error:
                raise atomic.disk_error(error, self.path) from error
            try:
                lock(handle)
            except OSError as error:
                os.close(handle)
                if time.monotonic() < deadline and _holder_is_dead(self.path):
                    time.sleep(0.02)
                    continue
                raise _locked(self.path) from error
            if is_at(handle, self.path):
                break
            os.close(handle)  # the holder before removed the file it had locked
        self._handle = handle
        holder = {"pid": os.getpid(), "since": time.time(), "program": self._program}
        with contextlib.suppress(OSError):  # a full disk: the lock holds, its label is missing
            os.ftruncate(handle, 0)
            os.write(handle, json.dumps(holder).encode())
        return self

    def release(self, *, remove: bool = False) -> None:
        """Drops the lock; `remove` takes the file away too (projects; a job's stays)."""
        if self._handle is None:
            return
        handle, self._handle = self._handle, None
        with contextlib.suppress(OSError):  # closing drops the lock in any case
            os.ftruncate(handle, 0)
            if remove and sys.platform != "win32":
                self.path.unlink()
            unlock(handle)
        os.close(handle)
        if remove and sys.platform == "win32":
            with contextlib.suppress(OSError):  # another program has it already
                self.path.unlink()

    def __enter__(self) -> "JobLock":
        return self if self.held else self.acquire()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


def holder_of(path: Path) -> int | None:
    """Process that holds the lock at `path`, as far as its label tells; nothing is touched.

    None where nobody does. A lock whose holder was killed still bears its label: its process is no
    more then, or a younger one has its number.
    """
    import psutil

    label = _holder(path)
    pid, since = label.get("pid"), label.get("since")
    if not isinstance(pid, int) or not isinstance(since, (int, float)):
        return None
    try:
        process = psutil.Process(pid)
        dead = process.status() == psutil.STATUS_ZOMBIE or process.create_time() > since + 1.0
    except psutil.NoSuchProcess:
        return None
    except psutil.Error:  # it is there and not ours to look at
        return pid
    return None if dead else pid


def _locked(path: Path) -> EngineError:
    holder = _holder(path)
    pid, since = holder.get("pid"), holder.get("since")
    known = isinstance(pid, int) and isinstance(since, (int, float))
    when = time.strftime("%H:%M", time.localtime(since)) if known else ""
    detail = f"Process {pid} has used it since {when}." if known else "Another process uses it."
    return engine_error(
        "project.locked",
        "This job is open elsewhere",
        f"{path.parent.name}: {detail}",
        "Wait until it ends, or close the other program.",
        pid=pid,
        since=since,
        program=holder.get("program"),
        path=str(path.parent),
    )


def _holder_is_dead(path: Path) -> bool:
    """Whether the lock's label names a process that is no more; false where nobody can tell."""
    import psutil

    pid = _holder(path).get("pid")
    if not isinstance(pid, int):
        return False
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
    except psutil.Error:
        return False


def _holder(path: Path) -> dict:
    try:
        found = json.loads(path.read_bytes()[:4096] or b"{}")
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
