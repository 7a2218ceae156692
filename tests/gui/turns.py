"""How long the turns of an event loop take: own CPU time, and lateness by the clock."""

import sys
import threading
import time
import traceback
from dataclasses import dataclass, field

from PySide6.QtCore import QAbstractEventDispatcher, QObject, Qt, QTimer

TICK = 0.01  # seconds between two ticks of the timer that measures lateness
_EDGES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1)
_LONG = 0.025  # seconds of its own after which a turn's stack is worth remembering


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
    what a user's click would have waited, whoever was in the way.
    """

    def __init__(self) -> None:
        super().__init__()
        self.figures = Figures()
        self._paused = False
        self._cpu = time.thread_time()
        self._tick_at = time.perf_counter()
        dispatcher = QAbstractEventDispatcher.instance()
        dispatcher.aboutToBlock.connect(self._sleeps)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(round(TICK * 1000))
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        self._main = threading.get_ident()
        self._ended = threading.Event()
        threading.Thread(target=self._look, name="turns", daemon=True).start()

    def pause(self) -> None:
        """What follows is the camera's own work."""
        self._paused = True

    def go_on(self) -> None:
        QTimer.singleShot(0, self._resume)

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
        self._cpu = now

    def _tick(self) -> None:
        now = time.perf_counter()
        if not self._paused:
            self.figures.wall.append(max(now - self._tick_at - TICK, 0.0))
        self._tick_at = now

    def _look(self) -> None:
        """On a thread of its own: what the loop is at, where a turn used much time already."""
        clock = time.pthread_getcpuclockid(self._main)
        seen = -1.0
        while not self._ended.wait(0.004):
            began = self._cpu
            used = time.clock_gettime(clock) - began
            if used > _LONG and began != seen and not self._paused:
                seen = began
                frame = sys._current_frames().get(self._main)
                stack = traceback.format_stack(frame)[-7:] if frame is not None else []
                self.figures.long_turns.append(f"{used * 1000:.0f} ms\n" + "".join(stack))


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
