"""Machines that are not perfect: what the installed program does on each of them.

Every row starts the packed program and looks at what a user would see. No row needs Python inside.
"""

import json
import os
import re
import shutil
import subprocess  # noqa: TID251  weston, pulseaudio, parec
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

if sys.platform == "win32":
    raise ImportError("Empty systems of Debian are tried on Linux only")

from installer.smoke.report import Report
from installer.smoke.root import HOME, OTHER, USER, EmptySystem, home_of
from installer.smoke.screen import Screen

TOOLS = ("weston", "pulseaudio", "pulseaudio-utils")
CACHE = ".cache/InfiniteTalk"
GIB = 1024**3


@dataclass(frozen=True, kw_only=True)
class Installed:
    """Where the two programs and their folder are in the system."""

    window: str
    engine: str
    folder: str


class Machines:
    """The rows, one after the other."""

    def __init__(
        self, report: Report, system: EmptySystem, installed: Installed, screen: Screen, out: Path
    ) -> None:
        self._report, self._system, self._installed = report, system, installed
        self._screen, self._out = screen, out

    def all(self) -> None:
        self.read_only_folder()
        self.two_users()
        self.full_home()
        self.read_only_home()
        self.little_memory()
        self.wayland()
        self.sound()

    def read_only_folder(self) -> None:
        """The program lies where nobody can write: a stick, an AppImage, another user's folder."""
        place = f"$root{self._installed.folder}"
        lock = [f"mount --bind {place} {place}", f"mount -o remount,bind,ro {place}"]
        code, output = self._check(before=lock)
        touched = self._system.run("touch", f"{self._installed.folder}/x", before=lock)[0]
        self._say(code == 0 and touched != 0, "read-only program folder", output)

    def two_users(self) -> None:
        """The second user starts while the first one's window is open; folders are apart."""
        other = self._system.folder / home_of(OTHER)[1:]
        other.mkdir(mode=0o700, exist_ok=True)
        os.chown(other, OTHER, OTHER)
        self._system.as_root("chmod", "700", HOME)
        with self._window() as first, self._window(user=OTHER) as second:
            both = first and second and len(self._screen.windows()) == 2
            code, output = self._check(user=OTHER)
        own = [self._system.folder / home_of(u)[1:] / CACHE for u in (USER, OTHER)]
        owners = [folder.stat().st_uid for folder in own if folder.exists()]
        good = both and code == 0 and owners == [USER, OTHER]
        self._say(good, "two users at once, each with folders of their own", output)

    def full_home(self) -> None:
        """Not a byte is left where the user's folders are."""
        home = f"$root{HOME}"
        full = [
            f"mount -t tmpfs -o size=64k,mode=700,uid={USER},gid={USER} tmpfs {home}",
            f"{{ cat /dev/zero > {home}/fills 2>/dev/null || true; }}",
        ]
        self._on_bad_home("a full home folder", full, r"(?i)full|free|space")

    def read_only_home(self) -> None:
        home = f"$root{HOME}"
        lock = [f"mount --bind {home} {home}", f"mount -o remount,bind,ro {home}"]
        self._on_bad_home("a read-only home folder", lock, r"(?i)can't be written|read-only")

    def little_memory(self) -> None:
        """8 GB for everything: two chunks of the miniature, window and engine together."""
        with memory_limit(8 * 1000**3) as procs:
            if procs is None:
                print(
                    "     8 GB of memory: this machine gives no group to limit it with", flush=True
                )
                return
            code, output = self._check(before=[f"echo $$ > {procs}"])
            peak = procs.parent / "memory.max_usage_in_bytes"
            peak = peak if peak.exists() else procs.parent / "memory.peak"
            used = f"{int(peak.read_text()) / GIB:.1f} GiB at most" if peak.exists() else ""
        self._say(code == 0, f"8 GB of memory ({used})", output)

    def wayland(self) -> None:
        """No X11 at all: weston without a screen, and its picture of the window."""
        with tempfile.TemporaryDirectory(prefix="wayland-") as folder, weston(Path(folder)):
            inside = ["mkdir $root/run/user", f"mount --bind {folder} $root/run/user"]
            own = ["mkdir -m 700 $root/run/own", f"chown {USER}:{USER} $root/run/own"]
            variables = {
                "QT_QPA_PLATFORM": "wayland",
                "WAYLAND_DISPLAY": "/run/user/wayland",
                "XDG_RUNTIME_DIR": "/run/own",
            }
            code, output = self._check(before=[*inside, *own], variables=variables)
            process = self._system.start(
                [self._installed.window], before=[*inside, *own], variables=variables
            )
            time.sleep(6)
            picture = weston_picture(Path(folder))
            running = process.poll() is None
            said = self._system.stop(process)
            if picture is not None:
                shutil.copyfile(picture, self._out / "wayland.png")
        good = code == 0 and running and picture is not None
        self._say(good, "Wayland without X11", output + ("" if running else said))

    def sound(self) -> None:
        """A sound server that plays to nowhere, and what is heard there when Space is pressed."""
        project = self._speech_project()
        with tempfile.TemporaryDirectory(prefix="sound-") as folder, pulse(Path(folder)) as server:
            before = ["mkdir $root/run/sound", f"mount --bind {folder} $root/run/sound"]
            variables = {"PULSE_SERVER": "unix:/run/sound/pulse"}
            with self._window(project, before=before, variables=variables) as shown:
                loudest, tries = 0, 0
                while (
                    loudest < 1000 and tries < 10
                ):  # until the speech was read, Space does nothing
                    self._screen.press("space")
                    loudest, tries = heard(server, 2.0), tries + 1
                self._screen.press("space")
                time.sleep(0.5)
                paused = heard(server, 1.0)
        good = shown and loudest > 1000 and paused < 100
        self._say(good, f"sound is heard while it plays: {loudest} of 32767, {paused} paused", "")

    def _on_bad_home(self, text: str, before: list[str], sentence: str) -> None:
        """The window opens; the machine's report and a refused job say why; another folder works."""
        with self._window(before=before) as shown:
            time.sleep(2)
            self._screen.save(self._out / f"{text.split()[1]}-home.png", self._ffmpeg())
        code, notes = self._system.run(self._installed.engine, "probe", before=before)
        known = code == 0 and any(
            line.startswith("Note: ") and re.search(sentence, line) for line in notes.splitlines()
        )
        clip = (self._installed.engine, "demo", "--quiet", "--max_frame_num", "57")
        refused, said = self._system.run(*clip, before=before)
        plain = refused != 0 and said.startswith("Error: ") and "Traceback" not in said
        elsewhere = {"INFINITETALK_HOME": "/tmp/elsewhere"}
        made, output = self._system.run(
            *clip, "--out", "/tmp/elsewhere.mp4", before=before, variables=elsewhere
        )
        for name in ("elsewhere", "elsewhere.mp4"):
            self._system.run("rm", "-r", f"/tmp/{name}")
        good = shown and known and plain and made == 0
        self._say(good, f"{text}: {said.strip()}", f"window: {shown}\n{notes}\n{said}\n{output}")

    def _check(
        self,
        *,
        user: int = USER,
        before: Sequence[str] = (),
        variables: Mapping[str, str] | None = None,
    ) -> tuple[int, str]:
        command = (self._installed.window, "--self-check")
        return self._system.run(*command, user=user, before=before, variables=variables)

    @contextmanager
    def _window(
        self,
        *arguments: str,
        user: int = USER,
        before: Sequence[str] = (),
        variables: Mapping[str, str] | None = None,
    ) -> Iterator[bool]:
        """Whether a further window was shown within a minute; it is closed afterwards."""
        count = len(self._screen.windows())
        process = self._system.start(
            [self._installed.window, *arguments],
            screen=self._screen,
            user=user,
            before=before,
            variables=variables,
        )
        try:
            end = time.monotonic() + 60
            while len(self._screen.windows()) <= count and time.monotonic() < end:
                time.sleep(0.1)
            yield len(self._screen.windows()) > count
        finally:
            output = self._system.stop(process)
            if "Traceback" in output:
                self._say(False, "a window ended", output)

    def _speech_project(self) -> str:
        """A project of the bundled face and recording, not rendered."""
        home = self._system.folder / HOME[1:]
        for name in ("mira.png", "speech.wav"):
            (file,) = self._system.folder.glob(f"{self._installed.folder[1:]}/**/samples/{name}")
            shutil.copyfile(file, home / name)
        face, speech = ({"$path": f"{HOME}/{n}", "relative": n} for n in ("mira.png", "speech.wav"))
        content = {"source": face, "speakers": [{"name": "Mira", "path": speech}], "preset": ""}
        data = {"format": 1, "program": "InfiniteTalk Desktop", "revision": 1, "job": "Sound.job"}
        (home / "Sound.italk").write_text(json.dumps({**data, "content": content}), "utf-8")
        for name in ("mira.png", "speech.wav", "Sound.italk"):
            os.chown(home / name, USER, USER)
        return f"{HOME}/Sound.italk"

    def _ffmpeg(self) -> Path:
        return next(self._system.folder.glob(f"{self._installed.folder[1:]}/**/ffmpeg-*"))

    def _say(self, good: bool, text: str, output: str) -> None:
        self._report.say(good, text)
        if not good:
            print(output)


@contextmanager
def memory_limit(size: int) -> Iterator[Path | None]:
    """A control group whose processes get `size` bytes; the file that takes them, or None."""
    for top, name in (
        ("/sys/fs/cgroup/memory", "memory.limit_in_bytes"),
        ("/sys/fs/cgroup", "memory.max"),
    ):
        group = Path(top) / "infinitetalk-smoke"
        try:
            group.mkdir()
            (group / name).write_text(str(size))
        except OSError:
            if group.is_dir():
                group.rmdir()
            continue
        try:
            yield group / "cgroup.procs"
        finally:
            time.sleep(0.5)
            group.rmdir()
        return
    yield None


@contextmanager
def weston(folder: Path) -> Iterator[None]:
    """A Wayland compositor that draws into memory; its socket `wayland` is open to every user."""
    command = ["weston", "--backend=headless-backend.so", "--use-pixman", "--debug"]
    server = subprocess.Popen(
        [*command, "--width=1600", "--height=1000", "--idle-time=0", "--socket=wayland"],
        env={**os.environ, "XDG_RUNTIME_DIR": str(folder)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(folder / "wayland")
        folder.chmod(0o755)
        (folder / "wayland").chmod(0o777)
        yield
    finally:
        server.terminate()
        server.wait()


def weston_picture(folder: Path) -> Path | None:
    """What the compositor shows now."""
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(folder), "WAYLAND_DISPLAY": "wayland"}
    folder.chmod(0o700)  # its own tools ask for that
    subprocess.run(["weston-screenshooter"], cwd=folder, env=environment, check=False, timeout=30)
    folder.chmod(0o755)
    return next(folder.glob("*.png"), None)


@contextmanager
def pulse(folder: Path) -> Iterator[dict[str, str]]:
    """A sound server without a device; yields the environment that reaches it."""
    folder.chmod(0o755)
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700)
    address = folder / "pulse"
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(runtime), "PULSE_SERVER": f"unix:{address}"}
    command = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"]
    sockets = f"module-native-protocol-unix auth-anonymous=1 socket={address}"
    server = subprocess.Popen(
        [*command, "-L", "module-null-sink sink_name=nowhere", "-L", sockets],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(address)
        yield environment
    finally:
        server.terminate()
        server.wait()


def heard(environment: dict[str, str], seconds: float) -> int:
    """The loudest sample, of 32767, that the server plays in the next seconds."""
    command = ["parec", "-d", "nowhere.monitor", "--raw", "--format=s16le", "--channels=1"]
    recorder = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)
    time.sleep(seconds)
    recorder.terminate()
    data, _ = recorder.communicate()
    return max((abs(s) for s in memoryview(data[: len(data) // 2 * 2]).cast("h")), default=0)


def _wait_for(path: Path, limit: float = 10) -> None:
    end = time.monotonic() + limit
    while not path.exists():
        if time.monotonic() > end:
            raise RuntimeError(f"{path.name} did not appear")
        time.sleep(0.05)
