"""How long the turns of an event loop take: own CPU time, and lateness by the clock."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from PySide6.QtCore import QAbstractEventDispatcher, QObject, Qt, QTimer

TICK = 0.01  # seconds between two ticks of the timer that measures lateness
_EDGES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1)
_LONG = 0.02  # seconds, own or by the clock, after which it is worth remembering what a turn is at
_LOOK = 0.004


@dataclass
class Figures:
    """Seconds, in the order in which they were measured."""

    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    long_turns: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, list[float] | list[str]]:
        return {"cpu": self.cpu, "wall": self.wall, "long_turns": self.long_turns}


class Turns(QObject):
    """Measures every turn of this thread's event loop.

    CPU time is taken between two moments at which the loop goes to sleep; sleeping costs none, so
    this is what one turn used. By the clock, a 10 ms timer says how much later than asked it came:
    what a user's click would have waited, whoever was in the way. `stacks`: what long turns were
    at is looked at from another thread, which costs some time of its own.
    """

    def __init__(self, *, stacks: bool = False) -> None:
        super().__init__()
        self.figures = Figures()
        self._paused = False
        self._began = time.perf_counter()
        self._cpu = time.thread_time()
        self._tick_at = time.perf_counter()
        self._seen: list[str] = []  # of this turn or wait: what it was at
        dispatcher = QAbstractEventDispatcher.instance()
        dispatcher.aboutToBlock.connect(self._sleeps)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(round(TICK * 1000))
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        self._main = threading.get_ident()
        self._ended = threading.Event()
        if stacks:
            threading.Thread(target=self._look, name="turns", daemon=True).start()

    def pause(self) -> None:
        """What follows is the camera's own work."""
        self._paused = True

    def go_on(self) -> None:
        QTimer.singleShot(0, self._resume)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """What is done meanwhile is the observer's own work: no turn is longer for it."""
        cpu, wall = time.thread_time(), time.perf_counter()
        yield
        self._cpu += time.thread_time() - cpu
        self._tick_at += time.perf_counter() - wall

    def stop(self) -> None:
        self._ended.set()
        self._timer.stop()

    def _resume(self) -> None:
        self._paused = False
        self._cpu = time.thread_time()
        self._tick_at = time.perf_counter()

    def _sleeps(self) -> None:
        now = time.thread_time()
        if not self._paused:
            self.figures.cpu.append(now - self._cpu)
            self._remember(now - self._cpu, "of its own")
        self._cpu = now

    def _tick(self) -> None:
        now = time.perf_counter()
        if not self._paused:
            late = max(now - self._tick_at - TICK, 0.0)
            self.figures.wall.append(late)
            self._remember(late, "late by the clock")
        self._tick_at = now

    def _remember(self, seconds: float, what: str) -> None:
        if seconds > _LONG and self._seen:
            at = time.perf_counter() - self._began
            seen = "".join(self._seen)
            self.figures.long_turns.append(f"{seconds * 1000:.0f} ms {what} at {at:.1f} s\n{seen}")

    def _look(self) -> None:
        """On a thread of its own: what the loop is at, where it is at it for long already."""
        clock = time.pthread_getcpuclockid(self._main)
        turn = (0.0, 0.0)
        while not self._ended.wait(_LOOK):
            now = (self._cpu, self._tick_at)
            if now != turn:
                turn, self._seen = now, []
            used = time.clock_gettime(clock) - turn[0]
            late = time.perf_counter() - turn[1] - TICK
            if max(used, late) < _LONG / 2 or self._paused:
                continue
            where = " > ".join(reversed(_calls_of(self._main)))
            self._seen.append(f"  {used * 1000:.0f} ms used, {late * 1000:.0f} ms late: {where}\n")


def _calls_of(thread: int) -> list[str]:
    """Where a thread is, innermost call first.

    A frame that is held keeps what its names hold: were it let go here, a widget could die on this
    thread. So nothing is done between but to read numbers.
    """
    frame = sys._current_frames().get(thread)
    found = []
    while frame is not None:
        found.append((frame.f_code, frame.f_lineno))
        frame = frame.f_back
    return [f"{code.co_filename.rsplit('/')[-1]}:{line} {code.co_name}" for code, line in found]


def share(values: list[float], part: float) -> float:
    """The value below which `part` of all lie."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * part), len(ordered) - 1)]


def report(name: str, values: list[float]) -> str:
    """One line: how many, the shares, the maximum, and a histogram."""
    counts = [0] * (len(_EDGES) + 1)
    for value in values:
        counts[next((i for i, edge in enumerate(_EDGES) if value < edge), len(_EDGES))] += 1
    edges = [f"<{edge * 1000:g}" for edge in _EDGES] + ["more"]
    histogram = ", ".join(f"{edge} ms: {n}" for edge, n in zip(edges, counts, strict=True) if n)
    return (
        f"{name}: {len(values)} turns, p50 {share(values, 0.5) * 1e3:.1f} "
        f"p99 {share(values, 0.99) * 1e3:.1f} p99.9 {share(values, 0.999) * 1e3:.1f} "
        f"max {max(values) * 1e3:.1f} ms ({histogram})"
    )
