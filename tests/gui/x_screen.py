"""A screen of its own with a window manager and a sound server: Xvfb, openbox, PulseAudio, xdotool.

What a user does is done by real X11 events. The programs come from the system (Debian: xvfb,
openbox, xdotool, pulseaudio); where one is missing, `missing()` names it.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NEEDED = ("Xvfb", "openbox", "xdotool")


def missing() -> list[str]:
    return [name for name in NEEDED if shutil.which(name) is None]


class XScreen:
    """One X server; ended with everything that was started on it."""

    def __init__(self, home: Path, size: tuple[int, int], *, sound: bool = True) -> None:
        """`home` holds sockets and logs; `size` is (width, height) in pixels of the screen."""
        self.home, self.size = home, size
        self.running: list[subprocess.Popen[bytes]] = []
        home.mkdir(parents=True, exist_ok=True)
        reading, writing = os.pipe()
        self.running.append(
            subprocess.Popen(
                ["Xvfb", "-displayfd", str(writing), "-screen", "0",
                 f"{size[0]}x{size[1]}x24", "-nolisten", "tcp", "-noreset"],
                pass_fds=(writing,),
                stderr=subprocess.DEVNULL,
            )
        )  # fmt: skip
        os.close(writing)
        with os.fdopen(reading) as answer:
            self.display = f":{answer.readline().strip()}"
        self.environment = {
            **os.environ,
            "DISPLAY": self.display,
            "QT_QPA_PLATFORM": "xcb",
            "XDG_RUNTIME_DIR": str(home / "runtime"),
            "PYTHONPATH": str(ROOT),
        }
        (home / "runtime").mkdir(mode=0o700, exist_ok=True)
        self.start(["openbox", "--sm-disable"])
        self.sound = sound and self._start_sound()
        time.sleep(0.3)

    def _start_sound(self) -> bool:
        """A sound server without a device: what is played goes to nowhere, in real time."""
        if shutil.which("pulseaudio") is None:
            return False
        address = self.home / "pulse"
        self.environment["PULSE_SERVER"] = f"unix:{address}"
        self.start(
            ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no",
             "--disallow-exit", "-L", "module-null-sink sink_name=nowhere",
             "-L", f"module-native-protocol-unix auth-anonymous=1 socket={address}"]
        )  # fmt: skip
        end = time.monotonic() + 5
        while not address.exists() and time.monotonic() < end:
            time.sleep(0.05)
        if address.exists() and shutil.which("parec") is not None:
            # A listener keeps the sink's blocks short; alone it would sleep for two seconds.
            self.start(["parec", "-d", "nowhere.monitor", "--latency-msec=10"])
        return address.exists()

    def start(
        self, command: Sequence[str], *, log: Path | None = None, **more: str
    ) -> subprocess.Popen[bytes]:
        """Starts a program on this screen; `more` are variables of its environment."""
        with (log or Path(os.devnull)).open("ab") as out:
            made = subprocess.Popen(
                list(command),
                env={**self.environment, **more},
                cwd=ROOT,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        self.running.append(made)
        return made

    def python(
        self, module: str, *arguments: str, beside: bool = False, **more: str
    ) -> subprocess.Popen[bytes]:
        """A Python program; one `beside` the measured one leaves it the processor."""
        nice = ["nice", "-n", "15"] if beside else []
        return self.start(
            [*nice, sys.executable, "-m", module, *arguments],
            log=self.home / "programs.log",
            **more,
        )

    # Mouse and keys

    def _xdotool(self, *arguments: str) -> None:
        subprocess.run(["xdotool", *arguments], env=self.environment, check=True)

    def key(self, *names: str) -> None:
        """Presses keys one after the other, as xdotool names them: `ctrl+r`, `Tab`."""
        self._xdotool("key", "--delay", "30", *names)

    def write(self, text: str) -> None:
        self._xdotool("type", "--delay", "12", text)

    def move(self, x: int, y: int) -> None:
        self._xdotool("mousemove", str(x), str(y))

    def click(self, x: int, y: int, *, twice: bool = False) -> None:
        self.move(x, y)
        time.sleep(0.05)
        self._xdotool("click", *(["--repeat", "2", "--delay", "60"] if twice else []), "1")

    def drag(self, start: tuple[int, int], end: tuple[int, int], *, hold: float = 0.0) -> None:
        """Presses, moves in steps as a hand does, waits `hold` seconds and lets go."""
        self.press(start)
        self.carry(start, end)
        time.sleep(hold)
        self.release()

    def press(self, at: tuple[int, int]) -> None:
        self.move(*at)
        time.sleep(0.1)
        self._xdotool("mousedown", "1")

    def carry(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        for step in range(1, 13):
            part = step / 12
            self.move(
                round(start[0] + (end[0] - start[0]) * part),
                round(start[1] + (end[1] - start[1]) * part),
            )
            time.sleep(0.03)

    def release(self) -> None:
        self._xdotool("mouseup", "1")

    def close(self) -> None:
        for made in reversed(self.running):
            if made.poll() is None:
                made.terminate()
                try:
                    made.wait(5)
                except subprocess.TimeoutExpired:
                    made.kill()
                    made.wait()
