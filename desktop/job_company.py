"""What the program does beside a job: it keeps the computer awake, tells the user, and ends the day.

Knows which job runs only from the queue.
"""

import logging
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from desktop.messages import Remedy
from desktop.power import KeepAwake, suspend
from desktop.state.jobs import Job
from desktop.state.session import Session
from desktop.views.tray import Tray
from infinitetalk.errors import ErrorReport

_log = logging.getLogger(__name__)


class JobCompany(QObject):
    """Follows the queue."""

    def __init__(
        self,
        session: Session,
        tray: Tray,
        export: Callable[[Job], object],
        quit_program: Callable[[], object],
    ) -> None:
        super().__init__()
        self._session, self._tray, self._export = session, tray, export
        self._quit_program = quit_program
        self.awake = KeepAwake()
        queue = session.queue
        queue.changed.connect(self._keep_awake)
        queue.job_failed.connect(self._job_failed)
        queue.job_finished.connect(self._job_finished)
        queue.emptied.connect(self._queue_empty)
        session.settings.changed.connect(lambda _: self._keep_awake())

    def close(self) -> None:
        self.awake.close()

    def _keep_awake(self) -> None:
        job = self._session.queue.running
        wished = self._session.settings.value.keep_awake
        self.awake.hold(wished and job is not None and job.phase == "now")

    def _job_failed(self, job: Job, report: ErrorReport) -> None:
        self._session.messages.dismiss_code("job.finished")
        _log.warning("job %s needs the user", job.name)
        if self._session.settings.value.notify:
            self._tray.tell(self.tr("{0} needs you").format(job.name), report.title)

    def _job_finished(self, job: Job) -> None:
        remedies = (
            Remedy(text=self.tr("Play"), act=self._play_result),
            Remedy(text=self.tr("Export…"), act=partial(self._export, job)),
        )
        title = self.tr("{0} is rendered").format(job.name)
        text = self.tr("%n chunks", "", len(job.state.chunks))
        self._session.messages.notice(title, text, *remedies, code="job.finished")
        if self._session.settings.value.notify:
            QApplication.beep()
            self._tray.tell(title, text)

    def _queue_empty(self) -> None:
        self.awake.hold(False)
        then = self._session.settings.value.when_done
        finished = all(j.phase == "finished" for j in self._session.queue.jobs)
        if then == "quit":
            self._quit_program()
        elif then == "sleep" and finished:
            suspend()

    def _play_result(self) -> None:
        self._session.playback.set_mode("result")
        self._session.playback.seek(0)
        self._session.playback.play()
