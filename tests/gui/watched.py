"""The real program with an observer in it: `python -m tests.gui.watched SOCKET [ARGUMENTS...]`.

The observer only looks: it says where things are on the screen, how the state stands and how long
the turns of the event loop took. All that a user does is done from outside, by mouse and keys.
"""

import json
import os
import socket
import sys
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QPoint, QSocketNotifier, QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QLabel, QTabWidget, QWidget

import desktop.app
from desktop.app import Program
from tests.gui.turns import Turns


class Observer(QObject):
    """Answers questions that come as JSON lines over a local socket."""

    def __init__(self, program: Program, address: str) -> None:
        super().__init__()
        self._program = program
        self._turns = Turns(stacks="WATCH_STACKS" in os.environ)
        self._turns.pause()
        QTimer.singleShot(0, lambda: QTimer.singleShot(0, self._turns.go_on))  # shown by then
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.bind(address)
        self._socket.listen(1)
        self._peer: socket.socket | None = None
        self._lines = b""
        self._door = QSocketNotifier(self._socket.fileno(), QSocketNotifier.Type.Read, self)
        self._door.activated.connect(self._connected)

    def _connected(self) -> None:
        self._peer, _ = self._socket.accept()
        self._peer.setblocking(False)
        self._lines = b""
        notifier = QSocketNotifier(self._peer.fileno(), QSocketNotifier.Type.Read, self)
        notifier.activated.connect(lambda: self._read(notifier))

    def _read(self, notifier: QSocketNotifier) -> None:
        peer = self._peer
        if peer is None:
            return
        try:
            data = peer.recv(65536)
        except BlockingIOError:
            return
        if not data:
            notifier.setEnabled(False)
            self._peer = None
            return
        self._lines += data
        while b"\n" in self._lines:
            line, self._lines = self._lines.split(b"\n", 1)
            with self._turns.aside():
                answer = self._answer(json.loads(line))
                peer.setblocking(True)
                peer.sendall(json.dumps(answer, default=str).encode() + b"\n")
                peer.setblocking(False)

    def _answer(self, question: dict[str, Any]) -> Any:
        match question["ask"]:
            case "state":
                return self._state()
            case "where":
                return self._where(question)
            case "chunk":
                return self._chunk(question["index"], question.get("row", "result"))
            case "theme":
                self._turns.pause()
                self._program.settings.update(theme=question["theme"])
                return True
            case "measure":
                self._turns.go_on()
                return True
            case "turns":
                return self._turns.figures.to_json()
            case "texts":
                return self._texts()
        raise ValueError(question)

    def _state(self) -> dict[str, Any]:
        session = self._program.session
        job = session.job
        window = self._program.window
        focus = QApplication.focusWidget()
        return {
            "chunks": [
                {
                    "status": c.status,
                    "takes": len(c.takes),
                    "active": c.active_take,
                    "first": c.first_frame,
                    "frames": c.frame_count,
                    "step": c.step,
                }
                for c in session.timeline.chunks
            ],
            "selected": sorted(session.timeline.selected),
            "playing": session.playback.playing,
            "playhead": session.timeline.playhead,
            "mode": session.playback.mode,
            "phase": job.phase if job else "",
            "error": job.error.code if job and job.error else "",
            "job_folder": session.job_folder,
            "project": session.project.path,
            "saved": session.project.saved,
            "source": session.data.source,
            "speakers": [s.name for s in session.data.speakers],
            "prompts": {i: s.prompt for i, s in session.data.chunks},
            "messages": [m.report.code for m in session.messages.log],
            "message": session.messages.current.report.code if session.messages.current else "",
            "windows": [
                w.objectName()
                for w in QApplication.topLevelWidgets()
                if isinstance(w, QDialog) and w.isVisible()
            ],
            "focus": _name(focus),
            "live": window.preview.live.image is not None,
            "primary": window.primary_act(),
            "engine": getattr(self._program.thread.host, "pid", None),
            "weights": list(session.engine.weights),
            "sound": session.playback.audio_clock is not None,
            "result_frame": window.preview.canvas.result is not None,
            "drop_text": window.left.drop.text(),
        }

    def _where(self, question: dict[str, Any]) -> dict[str, Any] | None:
        """Middle of a control in pixels of the screen; None where it is not to be seen."""
        found = self._find(question)
        if found is None:
            return None
        area = found.visibleRegion().boundingRect()
        if area.isEmpty():
            return None
        center = area.center()
        if isinstance(found, QTabWidget) and "tab" in question:
            bar = found.tabBar()
            center = bar.mapTo(found, bar.tabRect(question["tab"]).center())
        ratio = found.devicePixelRatioF()
        at = found.mapToGlobal(center)
        return {
            "x": round(at.x() * ratio),
            "y": round(at.y() * ratio),
            "enabled": found.isEnabled(),
            "text": found.text() if isinstance(found, QAbstractButton) else "",
            "checked": isinstance(found, QAbstractButton) and found.isChecked(),
        }

    def _find(self, question: dict[str, Any]) -> QWidget | None:
        tops = [w for w in QApplication.topLevelWidgets() if w.isVisible()]
        modal = QApplication.activeModalWidget()
        tops.sort(key=lambda w: w is not modal)
        for top in tops:
            for widget in [top, *top.findChildren(QWidget)]:
                if not widget.isVisible():
                    continue
                if widget.objectName() == question.get("name", "\0"):
                    return widget
                text = question.get("text", "\0")
                if isinstance(widget, QAbstractButton) and widget.text() == text:
                    return widget
                if widget.accessibleName() == question.get("accessible", "\0"):
                    return widget
        return None

    def _chunk(self, index: int, kind: str) -> dict[str, Any] | None:
        canvas = self._program.window.timeline.canvas
        row = next((r for r in canvas.rows() if r.kind == kind), None)
        timeline = self._program.session.timeline
        if row is None or index >= len(timeline.chunks):
            return None
        left, width = canvas.chunks.span(timeline.chunks[index])
        ratio = canvas.devicePixelRatioF()
        at = canvas.mapToGlobal(QPoint(round(left + width / 2), row.top + row.height // 2))
        return {"x": round(at.x() * ratio), "y": round(at.y() * ratio)}

    def _texts(self) -> list[str]:
        """Everything that is written on visible buttons and labels."""
        tops = [top for top in QApplication.topLevelWidgets() if top.isVisible()]
        found = [widget for top in tops for widget in top.findChildren(QWidget)]
        return [
            widget.text()
            for widget in found
            if isinstance(widget, (QLabel, QAbstractButton)) and widget.isVisible()
        ]


def _name(widget: QWidget | None) -> str:
    if widget is None:
        return ""
    return widget.objectName() or widget.accessibleName() or type(widget).__name__


def main() -> int:
    address, arguments = sys.argv[1], sys.argv[2:]
    Path(address).unlink(missing_ok=True)
    made = desktop.app.build
    observers: list[Observer] = []

    def build(*args: Any, **more: Any) -> Program:
        program = made(*args, **more)
        observers.append(Observer(program, address))
        return program

    desktop.app.build = build
    return desktop.app.main(arguments)


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)
