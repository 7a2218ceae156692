"""Short work off the GUI thread; answers come back on it."""

import logging
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal

from infinitetalk.errors import EngineError, ErrorReport

_log = logging.getLogger(__name__)


class _Task(QRunnable):
    def __init__(self, number: int, work: Callable[[], Any], owner: "Background") -> None:
        super().__init__()
        self._number, self._work, self._owner = number, work, owner

    def run(self) -> None:
        result: Any = None
        report: ErrorReport | None = None
        try:
            result = self._work()
        except EngineError as error:
            report = error.report
        except Exception as error:  # noqa: BLE001 - whatever it is, the window must hear of it
            _log.exception("background work failed")
            report = ErrorReport(
                code="window.background",
                title="Something could not be read",
                detail=f"{type(error).__name__}: {error}",
            )
        try:
            self._owner.finished.emit(self._number, result, report)
        except RuntimeError:  # the window is gone
            _log.debug("an answer came after the window had closed")


class Background(QObject):
    """Runs functions on a small pool. `done` and `failed` are called on the GUI thread."""

    finished = Signal(int, object, object)

    def __init__(self, threads: int = 1) -> None:
        super().__init__()
        self._pool = QThreadPool()
        self._pool.setMaxThreadCount(threads)
        self._waiting: dict[int, tuple[Callable[[Any], object], Callable | None]] = {}
        self._next = 0
        self.finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def submit(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], object],
        failed: Callable[[ErrorReport], object] | None = None,
        *,
        priority: int = 0,
    ) -> None:
        self._next += 1
        self._waiting[self._next] = (done, failed)
        self._pool.start(_Task(self._next, work, self), priority)

    @property
    def busy(self) -> bool:
        return bool(self._waiting)

    def stop(self) -> None:
        """Waits for what runs; what waits is dropped."""
        self._waiting.clear()
        self._pool.clear()
        self._pool.waitForDone(5000)

    def finish(self) -> None:
        """Waits until everything that was submitted has run."""
        self._pool.waitForDone(15_000)

    def _deliver(self, number: int, result: Any, report: ErrorReport | None) -> None:
        done, failed = self._waiting.pop(number, (None, None))
        if report is not None:
            if failed is not None:
                failed(report)
        elif done is not None:
            done(result)
