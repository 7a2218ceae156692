"""Parts of a run: each with a time of its own, and none takes the others along when it fails."""

import gc
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch

from infinitetalk.bench import report
from infinitetalk.bench.settings import Settings

Rows = list[dict[str, Any]]


class TimeLimitError(Exception):
    """A part was cut off by its time limit."""


class Parts:
    """Everything measured so far; kept on disk after every part, since a run may be cut off."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.found: dict[str, Any] = {
            "environment": report.environment(settings),
            "settings": settings.words,
            "parts": [],
        }

    def run(self, section: str, name: str, work: Callable[[], Rows | dict[str, Any]]) -> bool:
        """The rows of `work` go to their section; True if it went through.

        Whatever goes wrong is told and kept under "parts": what was measured before and what comes
        after is worth having.
        """
        start = time.monotonic()
        row: dict[str, Any] = {"section": section, "part": name, "error": None}
        self._say(f"{section} {name} ...")
        try:
            with time_limit(self._settings.limit):
                made = work()
        except Exception as error:  # noqa: BLE001  # told, kept, and the next part begins
            trace = traceback.format_exception(error)
            row["error"] = f"{type(error).__name__}: {error}"
            row["where"] = "".join(trace)[-2000:]
            self._say(row["where"])
            made = []
        if isinstance(made, dict):
            self.found[section] = made
        elif made:
            self.found.setdefault(section, []).extend(made)
        row["seconds"] = time.monotonic() - start
        self.found["parts"].append(row)
        self._say(f"{section} {name}: {row['error'] or 'done'}, {row['seconds']:.1f} s")
        give_back(self._settings)
        if self._settings.json is not None:
            report.save(self.found, self._settings.json)
        return row["error"] is None

    @property
    def failed(self) -> int:
        return sum(row["error"] is not None for row in self.found["parts"])

    @staticmethod
    def _say(text: str) -> None:
        print(f"bench: {text}", file=sys.stderr, flush=True)


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raises TimeLimitError inside once the time is over; 0: never. Without signals (Windows): never."""
    usable = threading.current_thread() is threading.main_thread()
    if sys.platform == "win32" or not seconds or not usable:
        yield
        return

    def over(_number: int, _frame: object) -> None:
        raise TimeLimitError(f"more than {seconds:.0f} s")

    before = signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def give_back(settings: Settings) -> None:
    """Device memory that nothing refers to any more."""
    gc.collect()
    if settings.cuda:
        torch.cuda.empty_cache()
