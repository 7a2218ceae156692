"""What a user may say to a running job: stop now, pause after this chunk, go on."""

import threading
from contextlib import AbstractContextManager
from typing import Any

JobLockType = AbstractContextManager[Any]  # what `threading.RLock()` gives


class StopNowError(Exception):
    """Raised inside the engine where the user's stop is noticed; never leaves it."""


class Control:
    """Thread-safe switches of one job. The engine asks; anyone may set."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._pause = threading.Event()

    def stop(self) -> None:
        """Stop at once: the chunk being rendered is lost, finished ones stay."""
        self._stop.set()

    def pause_after_chunk(self) -> None:
        self._pause.set()

    def go_on(self) -> None:
        self._pause.clear()

    @property
    def stopping(self) -> bool:
        return self._stop.is_set()

    @property
    def pausing(self) -> bool:
        return self._pause.is_set()

    def check(self) -> None:
        """Raises StopNowError once `stop` was called; cheap enough for every block."""
        if self._stop.is_set():
            raise StopNowError
