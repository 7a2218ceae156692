"""The computer stays awake while a job renders, and sleeps afterwards where that is wished.

Where neither can be asked for, nothing happens: a job goes on all the same.
"""

import ctypes
import logging
import sys

from PySide6.QtCore import QObject, QProcess, QStandardPaths

_log = logging.getLogger(__name__)
_ES_CONTINUOUS, _ES_SYSTEM_REQUIRED = 0x8000_0000, 0x0000_0001


class KeepAwake(QObject):
    """Holds off the system's own sleep while `hold` is on. The screen may still go dark."""

    def __init__(self) -> None:
        super().__init__()
        self._held = False
        self._process: QProcess | None = None
        self._leaving: list[QProcess] = []

    def close(self) -> None:
        """The program ends: what holds the computer awake ends before it."""
        self.hold(False)
        for process in self._leaving:
            if not process.waitForFinished(500):
                process.kill()
                process.waitForFinished(500)
        self._leaving.clear()

    @property
    def held(self) -> bool:
        return self._held

    def hold(self, on: bool) -> None:
        if on == self._held:
            return
        self._held = on
        if sys.platform == "win32":
            flags = _ES_CONTINUOUS | (_ES_SYSTEM_REQUIRED if on else 0)
            ctypes.windll.kernel32.SetThreadExecutionState(flags)
        elif on:
            self._inhibit()
        else:
            self._release()

    def _inhibit(self) -> None:
        """Logind's lock lasts as long as a process; that one ends when its input does.

        So it is given back even where this program is killed.
        """
        program = QStandardPaths.findExecutable("systemd-inhibit")
        if not program:
            _log.info("systemd-inhibit is not there: the computer may fall asleep")
            return
        self._process = process = QProcess(self)
        process.setStandardOutputFile(QProcess.nullDevice())
        process.setStandardErrorFile(QProcess.nullDevice())
        process.finished.connect(self._ended)
        process.start(
            program,
            ["--what=sleep:idle", "--who=InfiniteTalk", "--why=A video is being rendered",
             "--mode=block", "cat"],
        )  # fmt: skip

    def _release(self) -> None:
        process, self._process = self._process, None
        for gone in [p for p in self._leaving if p.state() == QProcess.ProcessState.NotRunning]:
            self._leaving.remove(gone)
            gone.deleteLater()
        if process is not None:
            process.finished.disconnect(self._ended)
            process.closeWriteChannel()
            self._leaving.append(process)

    def _ended(self, code: int) -> None:
        if self._held and code:
            _log.info("systemd-inhibit ended with %d: the computer may fall asleep", code)


def suspend() -> None:
    """Puts the computer to sleep, as its menu would."""
    if sys.platform == "win32":
        ctypes.windll.powrprof.SetSuspendState(0, 0, 0)
        return
    program = QStandardPaths.findExecutable("systemctl")
    if program:
        QProcess.startDetached(program, ["suspend"])
