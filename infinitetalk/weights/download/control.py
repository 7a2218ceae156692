"""Pause, go on and cancel, from another thread than the ones that load."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator


class DownloadCancelled(Exception):  # noqa: N818  not an error: the user asked for it
    """Cancelled by the user. Every byte that arrived is kept."""


class Interrupted(Exception):  # noqa: N818  a signal between our own functions
    """A pause or a cancel came while a file was loading."""


class DownloadControl:
    """The switch of one download. Whoever waits for the network registers how to be woken."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._paused = False
        self._cancelled = False
        self._wakers: list[Callable[[], None]] = []

    @property
    def paused(self) -> bool:
        return self._paused

    @property
    def cancelled(self) -> bool:
        return self._cancelled

    def pause(self) -> None:
        """Lines are closed at once; what has arrived is on the disk."""
        self._switch(paused=True)

    def go_on(self) -> None:
        with self._changed:
            self._paused = False
            self._changed.notify_all()

    def cancel(self) -> None:
        self._switch(cancelled=True)

    def _switch(self, *, paused: bool = False, cancelled: bool = False) -> None:
        with self._changed:
            self._paused = self._paused or paused
            self._cancelled = self._cancelled or cancelled
            wakers = list(self._wakers)
            self._changed.notify_all()
        for wake in wakers:
            wake()

    @contextlib.contextmanager
    def woken_by(self, wake: Callable[[], None]) -> Iterator[None]:
        """`wake` is called, in another thread, when a pause or cancel comes inside the block."""
        with self._changed:
            self._wakers.append(wake)
        try:
            self.check()
            yield
        finally:
            with self._changed:
                self._wakers.remove(wake)

    def check(self) -> None:
        """Raises Interrupted while paused or cancelled."""
        if self._paused or self._cancelled:
            raise Interrupted

    def sleep(self, seconds: float) -> None:
        """Raises Interrupted as soon as a pause or cancel comes."""
        end = time.monotonic() + seconds
        with self._changed:
            while not (self._paused or self._cancelled):
                left = end - time.monotonic()
                if left <= 0:
                    return
                self._changed.wait(left)
        raise Interrupted

    def wait_until_running(self, paused: Callable[[], None] | None = None) -> None:
        """Returns at once or when a pause ends; `paused` is called before waiting.

        Raises DownloadCancelled.
        """
        with self._changed:
            waiting = self._paused and not self._cancelled
        if waiting and paused is not None:
            paused()
        with self._changed:
            self._changed.wait_for(lambda: self._cancelled or not self._paused)
            if self._cancelled:
                raise DownloadCancelled
