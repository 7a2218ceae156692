"""What the user is told: one line at a time in the message bar, all of it in the log.

Errors stay until dismissed, notices go after ten seconds. Nothing here opens a dialog.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.reports.texts import told
from infinitetalk.errors import ErrorReport

Level = Literal["notice", "warning", "error"]
NOTICE_MS = 10_000
_URGENCY = {"error": 0, "warning": 1, "notice": 2}
_LOG_KEPT = 1000


@dataclass(frozen=True, kw_only=True)
class Remedy:
    """A button that mends what the message is about."""

    text: str
    act: Callable[[], object]
    stays: bool = False  # the message, after the button was pressed


@dataclass(frozen=True, kw_only=True)
class Message:
    level: Level
    report: ErrorReport
    remedies: tuple[Remedy, ...] = ()
    subject: object = None  # what it is about: a job, an export
    at: float = field(default_factory=time.time)

    @property
    def line(self) -> str:
        parts = [self.report.title.rstrip(".") + "."]
        parts += [p for p in (self.report.detail, self.report.safe) if p]
        if not self.remedies and self.report.remedy:
            parts.append(self.report.remedy)
        return " ".join(parts)


RemediesOf = Callable[[ErrorReport, object], tuple[Remedy, ...]]


class Messages(QObject):
    """The queue behind the message bar. Equal messages that wait are not repeated.

    Reports are put into the user's language here. `remedies_of` finds the buttons for a report that
    comes without any.
    """

    current_changed = Signal()
    logged = Signal(object)  # Message

    def __init__(self) -> None:
        super().__init__()
        self._queue: list[Message] = []
        self.remedies_of: RemediesOf = lambda _report, _subject: ()
        self.log: list[Message] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.dismiss)
        self._timed: Message | None = None  # the notice that the timer takes away

    @property
    def current(self) -> Message | None:
        return self._queue[0] if self._queue else None

    @property
    def waiting(self) -> int:
        """How many more messages follow the current one."""
        return max(len(self._queue) - 1, 0)

    def show(
        self,
        level: Level,
        report: ErrorReport,
        remedies: tuple[Remedy, ...] = (),
        *,
        subject: object = None,
    ) -> None:
        report = told(report)
        remedies = remedies or self.remedies_of(report, subject)
        message = Message(level=level, report=report, remedies=remedies, subject=subject)
        self.log = [*self.log[-_LOG_KEPT + 1 :], message]
        self.logged.emit(message)
        if any(m.report == report for m in self._queue):
            return
        # What is urgent comes first; of notices the newest: it answers what was done just now.
        self._queue.insert(0 if level == "notice" else len(self._queue), message)
        self._queue.sort(key=lambda m: _URGENCY[m.level])
        self._show_first()

    def notice(self, title: str, detail: str = "", *remedies: Remedy, code: str = "notice") -> None:
        self.show("notice", ErrorReport(code=code, title=title, detail=detail), remedies)

    def dismiss(self) -> None:
        if self._queue:
            self._queue.pop(0)
        self._show_first()

    def press(self, message: Message, remedy: Remedy) -> None:
        """A button of a message: it goes, and what it promises is done."""
        if not remedy.stays:
            self._queue = [m for m in self._queue if m is not message]
            self._show_first()
        remedy.act()

    def dismiss_code(self, code: str) -> None:
        """Takes back a message that no longer holds."""
        self._queue = [m for m in self._queue if m.report.code != code]
        self._show_first()

    def _show_first(self) -> None:
        current = self.current
        if current is None or current.level != "notice":
            self._timer.stop()
        elif current is not self._timed or not self._timer.isActive():
            self._timer.start(NOTICE_MS)
        self._timed = current
        self.current_changed.emit()
