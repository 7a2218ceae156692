"""The smoke test of the Linux packages: an empty Debian without Python, compilers or a network.

    sudo python3 installer/smoke/empty_system.py                      what lies in build/package/out
    sudo python3 installer/smoke/empty_system.py --only deb
    sudo python3 installer/smoke/empty_system.py --times              cold and warm starts too

For each package: installs or unpacks it, runs `infinitetalk-desktop --self-check` offscreen and
under Xvfb (renders two chunks with the miniature, exports, opens the project again), opens a project
as the desktop entry does, removes it and compares the files. Exit code 0 if all of it holds.
"""

import argparse
import json
import os
import re
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

if sys.platform == "win32":
    raise SystemExit("This tries Linux packages. On Windows: installer\\smoke\\windows.ps1")

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from installer import dev  # noqa: E402  after the path to it
from installer.linux import archives  # noqa: E402
from installer.packing.layout import ENGINE, MIME_TYPE, PROGRAM, BuildFolders, version  # noqa: E402
from installer.smoke import machines  # noqa: E402
from installer.smoke.machines import Installed, Machines  # noqa: E402
from installer.smoke.report import Report  # noqa: E402
from installer.smoke.root import HOME, USER, EmptySystem, base_system  # noqa: E402
from installer.smoke.screen import Screen  # noqa: E402

TOOLS = ("debootstrap", "xvfb", "xdotool", "squashfs-tools", "squashfuse", "fuse3", "util-linux")
CHECKS = 8  # lines of a whole self-check
FFMPEG = "imageio_ffmpeg/binaries/ffmpeg-*"
PROJECT = "Anna Öström 7.italk"


class Smoke(Report):
    """The checks of one package after the other."""

    def __init__(self, base: Path, work: Path) -> None:
        super().__init__()
        self.base, self.work = base, work

    def self_check(self, system: EmptySystem, program: str, screen: Screen | None) -> None:
        """The program's own check, where `program` is, offscreen or on a screen."""
        began = time.monotonic()
        where = "under Xvfb" if screen else "offscreen"
        process = system.start([program, "--self-check"], screen=screen)
        output, _ = process.communicate(timeout=600)
        good = [line for line in output.splitlines() if line.startswith("ok  ")]
        whole = process.returncode == 0 and len(good) >= CHECKS
        self.say(whole, f"self-check {where}", f"{len(good)} ok, {time.monotonic() - began:.0f} s")
        if not whole:
            print(output)

    def opens_project(self, system: EmptySystem, command: str, screen: Screen) -> bool:
        """A file with spaces and letters beyond ASCII, opened as a file manager does."""
        file = system.folder / HOME[1:] / PROJECT
        content = {"format": 1, "program": "InfiniteTalk Desktop", "revision": 1}
        file.write_text(json.dumps({**content, "job": "Anna.job", "content": {}}), "utf-8")
        os.chown(file, USER, USER)
        process = system.start(
            [command, f"{HOME}/{PROJECT}"],
            screen=screen,
        )
        seconds = None
        try:
            seconds = screen.wait_for(Path(PROJECT).stem, 60)
            shown = ", ".join(screen.titles()) or "no window"
            self.say(seconds is not None, "opens a project", shown)
            time.sleep(1.0)  # the first paint of everything
            programs = sorted(system.folder.glob(f"**/{FFMPEG}"))
            screen.save(self.work / "window.png", programs[0])
        finally:
            output = system.stop(process)
            if seconds is None:
                print(output)
        return seconds is not None

    def times(self, system: EmptySystem, command: str, screen: Screen) -> None:
        """Seconds from the start of the process to a window on the screen: cold, then warm."""
        found: dict[str, list[float]] = {"cold": [], "warm": []}
        for kind in ("cold", "cold", "warm", "warm", "warm"):
            if kind == "cold":
                os.sync()
                Path("/proc/sys/vm/drop_caches").write_text("3\n")
            process = system.start([command], screen=screen)
            seconds = screen.wait_for("", 60)
            time.sleep(1.0)
            system.stop(process)
            found[kind].append(seconds or float("inf"))
        for kind, limit in (("cold", 5.0), ("warm", 2.0)):
            middle = statistics.median(found[kind])
            each = ", ".join(f"{s:.2f}" for s in found[kind])
            self.say(middle < limit, f"{kind} start under {limit:.0f} s", f"{each} s")

    def deb(self, package: Path, *, with_times: bool) -> None:
        with EmptySystem(self.base, self.work / "system") as system, Screen() as screen:
            found = system.unwanted_programs()
            self.say(not found, "the system is empty", ", ".join(found))
            shutil.copyfile(package, system.folder / "package.deb")
            system.as_root("apt-get", "-q", "update")
            before = system.files()
            system.as_root("apt-get", "-qy", "install", "--no-install-recommends", "/package.deb")
            (system.folder / "package.deb").unlink()
            self.say(True, "apt installs it with the libraries it declares")
            found = system.unwanted_programs()
            self.say(not found, "still no Python, compiler or ffmpeg", ", ".join(found))
            installed = system.files()
            name = _package_name(system.folder)
            owned = _owned(system.folder, name)
            code, output = system.run(PROGRAM, "--version")
            self.say(code == 0 and version() in output, "--version", output.strip())
            self.self_check(system, PROGRAM, None)
            self.self_check(system, PROGRAM, screen)
            entry = system.folder / "usr/share/applications/infinitetalk.desktop"
            text = entry.read_text(encoding="utf-8")
            command = re.findall(r"(?m)^Exec=(\S+) %f$", text)
            good = command == [PROGRAM] and f"MimeType={MIME_TYPE};" in text
            self.say(good, "desktop entry", f"Exec={command} for {MIME_TYPE}")
            shown = self.opens_project(system, command[0], screen)
            home = "/opt/" + PROGRAM
            program = Installed(window=PROGRAM, engine=ENGINE, folder=home)
            Machines(self, system, program, screen, self.work).all()
            if with_times and shown:
                self.times(system, PROGRAM, screen)
            system.as_root("apt-get", "-qy", "purge", name)
            after = system.files()
            extra, lost = after - (installed - owned), (installed - owned) - after
            self.say(not extra, "nothing is left behind", ", ".join(sorted(extra)[:8]))
            self.say(not lost, "nothing else is removed", ", ".join(sorted(lost)[:8]))
            named = [path for path in after - before if "infinitetalk" in path.lower()]
            self.say(not named, "no file of its name is left", ", ".join(named[:8]))

    def portable(self, kind: str, package: Path) -> None:
        """tar.gz or AppImage in the system as it is, with no library installed for it."""
        with EmptySystem(self.base, self.work / "system") as system, Screen() as screen:
            home = system.folder / HOME[1:]
            before = system.files()
            if kind == "tar":
                dev.run(["tar", "-xzf", str(package), "-C", str(home), "--no-same-owner"])
                folder = f"{PROGRAM}-{version()}"
                program = f"{HOME}/{folder}/{PROGRAM}"
                how = "unpacked"
            else:
                folder, program = "AppDir", f"{HOME}/AppDir/AppRun"
                how = "mounted" if archives.mount(package, home / folder) else "unpacked"
                if how == "unpacked":
                    archives.extract(package, home / folder)
            try:
                self.say(True, f"{kind} {how} in the system without any library of its own")
                self.self_check(system, program, None)
                self.self_check(system, program, screen)
                self.opens_project(system, program, screen)
            finally:
                if how == "mounted":
                    dev.run(["fusermount3", "-u", str(home / folder)])
            shutil.rmtree(home / folder)
            self.say(system.files() == before, "removed with its folder")


def _package_name(root: Path) -> str:
    names = [
        p.name.removesuffix(".list") for p in (root / "var/lib/dpkg/info").glob(f"{PROGRAM}*.list")
    ]
    return names[0]


def _owned(root: Path, name: str) -> set[str]:
    """What dpkg says the package installed, less folders that others share."""
    lines = (root / f"var/lib/dpkg/info/{name}.list").read_text(encoding="utf-8").splitlines()
    paths = {line.lstrip("/") for line in lines}
    own = set()
    for path in paths:
        place = root / path
        is_folder = place.is_dir() and not place.is_symlink()
        if not is_folder or PROGRAM in path or _owner_count(root, path) == 1:
            own.add(path)
    return own


def _owner_count(root: Path, path: str) -> int:
    line = f"/{path}\n"
    lists = (root / "var/lib/dpkg/info").glob("*.list")
    return sum(line in text.read_text(encoding="utf-8") + "\n" for text in lists)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--flavor", default="cpu", help="which flavor's packages (cpu)")
    add("--only", action="append", choices=["deb", "tar", "appimage"], help="may be repeated")
    add("--times", action="store_true", help="measure starts; empties the machine's file cache")
    add(
        "--mirror", default="", metavar="URL", help="where debootstrap loads from (its own default)"
    )
    chosen = parser.parse_args()
    if os.geteuid() != 0:
        parser.error("this needs root: debootstrap, chroot, unshare")
    dev.install_debian_packages((*TOOLS, *machines.TOOLS))
    folders = BuildFolders(chosen.flavor)
    found = {
        "deb": folders.package(".deb"),
        "tar": folders.package(".tar.gz"),
        "appimage": folders.package(".AppImage"),
    }
    wanted = chosen.only or [kind for kind, path in found.items() if path.exists()]
    base = base_system(folders.top / "empty-base", chosen.mirror)
    with tempfile.TemporaryDirectory(prefix="smoke-", dir=folders.top) as work:
        smoke = Smoke(base, Path(work))
        for kind in wanted:
            print(f"---- {found[kind].name}", flush=True)
            if kind == "deb":
                smoke.deb(found[kind], with_times=chosen.times)
            else:
                smoke.portable(kind, found[kind])
        for picture in Path(work).glob("*.png"):
            shutil.copyfile(picture, folders.out / picture.name)
    print(f"{smoke.passed} passed, {smoke.failed} failed")
    return 1 if smoke.failed or not wanted else 0


if __name__ == "__main__":
    sys.exit(main())
