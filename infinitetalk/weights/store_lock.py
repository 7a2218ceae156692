"""One program at a time writes a block store, or removes it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infinitetalk.errors import EngineError, engine_error
from infinitetalk.project.lock import JobLock


@contextmanager
def store_lock(store: Path) -> Iterator[None]:
    """Holds the store at this path. Raises EngineError `weights.import_busy` or disk.*"""
    lock = JobLock(store.with_name(store.name + ".lock"), program="import")
    try:
        lock.acquire()
    except EngineError as error:
        if error.report.code == "project.locked":
            raise _busy(store, error.report.facts.get("pid")) from error
        raise
    try:
        yield
    finally:
        lock.release(remove=True)


def _busy(store: Path, pid: object) -> EngineError:
    who = f"Process {pid}" if pid else "Another program"
    return engine_error(
        "weights.import_busy",
        "These weights are being converted",
        f"{who} writes {store.name}.",
        "Wait until it is done, or stop it.",
        path=str(store),
        pid=pid,
    )
