"""An empty Debian in a folder: what is in it, and programs run inside without a network.

Needs root. The system is made once by debootstrap and copied for each try, so that every try begins
with the same files.
"""

import os
import shutil
import subprocess  # noqa: TID251  debootstrap, chroot, unshare
from collections.abc import Mapping, Sequence
from pathlib import Path

from installer import dev
from installer.smoke.screen import Screen

SUITE = "bookworm"
USER = 1000
HOME = "/home/user"
OTHER = 1001  # a second user of the same machine
# Written by the package manager, by running programs, or by the kernel: no part of a program.
_NOT_COMPARED = (
    "proc",
    "sys",
    "dev",
    "run",
    "tmp",
    "home",
    "root",
    "var/cache",
    "var/log",
    "var/lib/dpkg",
)
_NOT_COMPARED += ("var/lib/apt", "etc/ld.so.cache", "etc/resolv.conf")
_MUST_LACK = ("python3", "python", "gcc", "cc", "g++", "make", "curl", "wget", "ffmpeg")


def home_of(user: int) -> str:
    """The home folder of one of the two users."""
    return HOME if user == USER else "/home/other"


def base_system(folder: Path, mirror: str) -> Path:
    """The empty system, made once: Debian's minimal base, with one user."""
    if (folder / "home/user").is_dir():
        return folder
    dev.say("making an empty system (a minute)")
    command = ["debootstrap", "--variant=minbase", SUITE, str(folder)]
    if not (folder / "etc/debian_version").is_file():
        shutil.rmtree(folder, ignore_errors=True)
        dev.run([*command, mirror] if mirror else command, stdout=subprocess.DEVNULL)
    dev.run(["chroot", str(folder), "useradd", "-m", "-u", str(USER), "user"])
    return folder


class EmptySystem:
    """One copy of it. Leaving the context removes the copy."""

    def __init__(self, base: Path, folder: Path) -> None:
        self.folder = folder
        self._base = base

    def __enter__(self) -> "EmptySystem":
        shutil.rmtree(self.folder, ignore_errors=True)
        dev.run(["cp", "-a", "--reflink=auto", str(self._base), str(self.folder)])
        sources = Path("/etc/resolv.conf")
        if sources.exists():
            shutil.copyfile(sources, self.folder / "etc/resolv.conf")
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def unwanted_programs(self) -> list[str]:
        """Of what would make the system not empty, what it has."""
        places = [self.folder / part for part in ("usr/bin", "usr/local/bin", "bin", "usr/sbin")]
        return [name for name in _MUST_LACK if any((p / name).exists() for p in places)]

    def files(self) -> set[str]:
        """Every path that a package could leave behind."""
        found: set[str] = set()
        for top, folders, names in os.walk(self.folder):
            here = os.path.relpath(top, self.folder)
            prefix = "" if here == "." else here + "/"
            folders[:] = [f for f in folders if prefix + f not in _NOT_COMPARED]
            found.update(prefix + name for name in [*folders, *names])
        return found - set(_NOT_COMPARED)

    def as_root(self, *command: str, quiet: bool = True) -> None:
        """With the network, to install. Mounts are gone when the command ends."""
        environment = {"DEBIAN_FRONTEND": "noninteractive", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
        out = subprocess.DEVNULL if quiet else None
        done = subprocess.run(
            self._inside(command, network=True, user=None, screen=None),
            env=environment,
            stdout=out,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)} failed in the empty system:\n{done.stderr}")

    def start(
        self,
        command: Sequence[str],
        *,
        screen: Screen | None = None,
        user: int = USER,
        before: Sequence[str] = (),
        variables: Mapping[str, str] | None = None,
    ) -> "subprocess.Popen[str]":
        """As the user, without a network, with nothing of this machine's environment.

        `before`: lines of shell as root, in the program's own mounts, where $root is this system.
        """
        shown = {"DISPLAY": screen.display, "QT_QPA_PLATFORM": "xcb"} if screen else {}
        environment: Mapping[str, str] = {
            "HOME": home_of(user),
            "USER": Path(home_of(user)).name,
            "PATH": "/usr/bin:/bin",
            "LANG": "C.UTF-8",
            **shown,
            **(variables or {}),
        }
        return subprocess.Popen(
            self._inside(command, network=False, user=user, screen=screen, before=before),
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )

    @staticmethod
    def stop(process: "subprocess.Popen[str]") -> str:
        """Ends a started program with all that it started; returns what it wrote.

        The first process of its PID namespace is a child of `unshare`; with it the namespace ends.
        """
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        for pid in children.read_text().split() if children.exists() else ():
            os.kill(
                int(pid), 9
            )  # by number: type-checked for Windows too, where the name is missing
        return process.communicate(timeout=30)[0]

    def run(
        self,
        *command: str,
        limit: float = 300,
        screen: Screen | None = None,
        user: int = USER,
        before: Sequence[str] = (),
        variables: Mapping[str, str] | None = None,
    ) -> tuple[int, str]:
        """Exit code and all output of a program run to its end."""
        process = self.start(command, screen=screen, user=user, before=before, variables=variables)
        try:
            output, _ = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            output = f"{self.stop(process)}\nnot finished after {limit:.0f} s"
        return process.returncode, output

    def _inside(
        self,
        command: Sequence[str],
        *,
        network: bool,
        user: int | None,
        screen: Screen | None,
        before: Sequence[str] = (),
    ) -> list[str]:
        """Unshare and chroot; a PID namespace, so that nothing outlives the command."""
        root = str(self.folder)
        steps = [
            f"root={root}",
            f"mount --rbind /dev {root}/dev",
            f"mount -t proc proc {root}/proc",
            f"mount -t tmpfs tmpfs {root}/run",
        ]
        if screen is not None:
            steps += [
                f"mkdir -p {root}/tmp/.X11-unix",
                f"mount --bind {screen.socket.parent} {root}/tmp/.X11-unix",
            ]
        steps += before
        chroot = shutil.which("chroot") or "/usr/sbin/chroot"
        who = f"--userspec={user}:{user}" if user is not None else ""
        place = f"cd {home_of(user)} 2>/dev/null;" if user is not None else ""
        script = (
            " && ".join(steps)
            + f' && exec {chroot} {who} {root} /bin/sh -c \'{place} exec "$@"\' sh "$@"'
        )
        spaces = ["--mount", "--pid", "--fork"]
        return [
            "unshare",
            *spaces,
            *([] if network else ["--net"]),
            "sh",
            "-c",
            script,
            "sh",
            *command,
        ]
