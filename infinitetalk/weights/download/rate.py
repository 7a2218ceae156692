"""One speed limit over all files, and the speed as it is."""

import threading
import time
from collections import deque

WINDOW = 5.0  # seconds over which the speed is measured


class RateLimit:
    """Bytes per second shared by threads: every piece books its time on one clock."""

    def __init__(self, rate: int | None) -> None:
        self._rate = rate
        self._free_at = 0.0
        self._lock = threading.Lock()

    def set(self, rate: int | None) -> None:
        with self._lock:
            self._rate, self._free_at = rate, 0.0

    def book(self, count: int) -> float:
        """Seconds to wait after `count` bytes have come."""
        now = time.monotonic()
        with self._lock:
            if self._rate is None:
                return 0.0
            self._free_at = max(self._free_at, now) + count / self._rate
            return self._free_at - now


class Speed:
    """Bytes per second over the last seconds. Used from several threads."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()
        self._lock = threading.Lock()
        self._began = time.monotonic()

    def add(self, count: int) -> None:
        now = time.monotonic()
        with self._lock:
            if self._seen and now - self._seen[-1][0] < 0.1:
                self._seen[-1] = (self._seen[-1][0], self._seen[-1][1] + count)
            else:
                self._seen.append((now, count))

    @property
    def rate(self) -> float:
        now = time.monotonic()
        with self._lock:
            while self._seen and now - self._seen[0][0] > WINDOW:
                self._seen.popleft()
            span = min(WINDOW, max(now - self._began, 0.1))
            return sum(count for _, count in self._seen) / span
