"""A screen of this machine, Xvfb, for programs in the empty system; and what is shown on it."""

import os
import subprocess  # noqa: TID251  Xvfb, xdotool
import time
from pathlib import Path


class Screen:
    """One X server, reached by its socket alone. Leaving the context ends it."""

    def __enter__(self) -> "Screen":
        reading, writing = os.pipe()
        self._server = subprocess.Popen(
            [
                *("Xvfb", "-displayfd", str(writing), "-screen", "0", "1600x1000x24"),
                *("-nolisten", "tcp", "-ac", "-noreset"),
            ],
            pass_fds=(writing,),
            stderr=subprocess.DEVNULL,
        )
        os.close(writing)
        with os.fdopen(reading) as answer:
            self.number = answer.readline().strip()
        if not self.number:
            raise RuntimeError("Xvfb did not start")
        return self

    def __exit__(self, *_: object) -> None:
        self._server.terminate()
        self._server.wait()

    @property
    def display(self) -> str:
        return f":{self.number}"

    @property
    def socket(self) -> Path:
        return Path(f"/tmp/.X11-unix/X{self.number}")

    def titles(self) -> list[str]:
        """Titles of the windows that are shown now."""
        command = ["xdotool", "search", "--onlyvisible", "--name", "InfiniteTalk"]
        found = self._ask(command).split()
        return [self._ask(["xdotool", "getwindowname", one]).strip() for one in found]

    def windows(self) -> list[str]:
        """Numbers of the windows of whole programs: a dialog is not counted."""
        command = ["xdotool", "search", "--onlyvisible", "--name", "– InfiniteTalk"]
        return self._ask(command).split()

    def press(self, key: str) -> None:
        """A key for the window that was opened last."""
        self._ask(["xdotool", "windowfocus", "--sync", self.windows()[-1], "key", key])

    def wait_for(self, title: str, limit: float) -> float | None:
        """Seconds until a window whose title begins so is shown; None if none comes in time."""
        began = time.monotonic()
        while time.monotonic() - began < limit:
            if any(found.startswith(title) for found in self.titles()):
                return time.monotonic() - began
            time.sleep(0.02)
        return None

    def save(self, target: Path, ffmpeg: Path) -> None:
        """A picture of the whole screen, taken by an ffmpeg."""
        command = [str(ffmpeg), "-v", "error", "-y", "-f", "x11grab", "-i", self.display]
        subprocess.run([*command, "-frames:v", "1", str(target)], check=True)

    def _ask(self, command: list[str]) -> str:
        environment = {**os.environ, "DISPLAY": self.display}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        return done.stdout
