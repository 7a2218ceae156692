"""The watched program from outside: asks its observer, and acts by mouse and keys alone."""

import json
import os
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtGui import QGuiApplication

from tests.gui.x_screen import XScreen

State = dict[str, Any]


class WatchedWindow:
    """One run of the program on an `XScreen`. Times are seconds."""

    def __init__(self, screen: XScreen, home: Path, *arguments: str, scale: float = 1.0) -> None:
        self.screen, self.home = screen, home
        address = home / "observer"
        address.unlink(missing_ok=True)
        self.began = time.monotonic()
        self.process = screen.python(
            "tests.gui.watched",
            str(address),
            *arguments,
            INFINITETALK_HOME=str(home),
            HOME=str(home),
            QT_SCALE_FACTOR=str(scale),
            PYTHONFAULTHANDLER="1",
        )
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        while True:
            try:
                self._socket.connect(str(address))
                break
            except OSError:
                assert time.monotonic() - self.began < 60, "the program did not start"
                assert self.process.poll() is None, self._log()
                time.sleep(0.02)
        self._file = self._socket.makefile("rb")

    def _log(self) -> str:
        return (self.screen.home / "programs.log").read_text()[-4000:]

    def ask(self, what: str, **more: object) -> Any:
        try:
            self._socket.sendall(json.dumps({"ask": what, **more}).encode() + b"\n")
            line = self._file.readline()
        except OSError:  # it ended in between
            line = b""
        assert line, f"the program ended with {self.process.wait(10)}: {self._log()}"
        return json.loads(line)

    @property
    def state(self) -> State:
        return self.ask("state")

    def wait(self, what: str, condition: Callable[[State], Any], seconds: float = 240) -> State:
        """Asks for the state until it is as wished; says how long that took."""
        began = time.monotonic()
        while True:
            state = self.state
            assert not state["error"], state["error"]
            if condition(state):
                print(f"{time.monotonic() - began:6.1f} s  {what}", flush=True)
                return state
            if time.monotonic() - began > seconds:
                short = {k: v for k, v in state.items() if k != "chunks"}
                statuses = [c["status"] for c in state["chunks"]]
                raise AssertionError(f"not in {seconds} s: {what}; {statuses}; {short}")
            time.sleep(0.05)

    def place(self, seconds: float = 10, **where: str) -> tuple[int, int]:
        """Where a control is, as soon as it can be seen and used."""
        end = time.monotonic() + seconds
        while True:
            found = self.ask("where", **where)
            if found is not None and found["enabled"]:
                return found["x"], found["y"]
            assert time.monotonic() < end, f"not to be seen: {where}; {self.state['windows']}"
            time.sleep(0.05)

    def click(self, **where: str) -> None:
        self.screen.click(*self.place(10, **where))

    def chunk(self, index: int, row: str = "result") -> tuple[int, int]:
        found = self.ask("chunk", index=index, row=row)
        assert found is not None, (index, row)
        return found["x"], found["y"]

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self._hang_up()

    def kill_engine(self) -> None:
        os.kill(self.state["engine"], signal.SIGKILL)

    def close(self) -> int:
        """Ctrl+Q, and how the program ended."""
        self.screen.key("ctrl+q")
        try:
            return self.process.wait(30)
        finally:
            self._hang_up()

    def _hang_up(self) -> None:
        self._file.close()
        self._socket.close()


class Camera:
    """Pictures of the whole screen, in both themes. Its own work is not measured."""

    def __init__(self, folder: Path, scale: float) -> None:
        self.folder, self.scale = folder, scale
        self.app = QGuiApplication.instance() or QGuiApplication([])
        folder.mkdir(parents=True, exist_ok=True)
        self._count = 0

    def take(self, window: WatchedWindow, name: str) -> None:
        self._count += 1
        for theme in ("light", "dark"):
            window.ask("theme", theme=theme)
            time.sleep(0.25)
            window.ask("state")  # painted by now
            picture = QGuiApplication.primaryScreen().grabWindow(0)
            number = f"{self._count:02d}"
            name_ = f"journey-{number}-{name}-{theme}-{round(self.scale * 100)}.png"
            picture.save(str(self.folder / name_))
        window.ask("measure")
