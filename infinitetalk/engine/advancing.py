"""Progress of work that reports by calling back, as a stream that can be yielded from."""

import queue
import threading
from collections.abc import Callable, Generator
from typing import TypeVar

T = TypeVar("T")
Tick = Callable[[float], None]


def advancing(work: Callable[[Tick], T], check: Callable[[], None]) -> Generator[float, None, T]:
    """Runs `work(tick)` in a thread, yields each fraction it tells, and returns its result.

    `check` is called at every tick, in the worker, and may raise to end it; whatever the work
    raises is raised here.
    """
    told: queue.SimpleQueue[float | None] = queue.SimpleQueue()
    outcome: list[T] = []
    failure: list[BaseException] = []
    abandoned = threading.Event()

    def tick(fraction: float) -> None:
        if abandoned.is_set():
            raise _AbandonedError
        check()
        told.put(fraction)

    def run() -> None:
        try:
            outcome.append(work(tick))
        except BaseException as error:  # noqa: BLE001  carried to the thread that waits
            failure.append(error)
        finally:
            told.put(None)

    thread = threading.Thread(target=run, name="stage", daemon=True)
    thread.start()
    try:
        while (fraction := told.get()) is not None:
            yield fraction
    finally:
        abandoned.set()
        thread.join()
    if failure:
        raise failure[0]
    return outcome[0]


class _AbandonedError(Exception):
    """Whoever waited for the work has gone."""
