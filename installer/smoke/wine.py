"""The Windows set-up under Wine, with stand-in programs: what Linux can show of it.

    sudo python3 installer/smoke/wine.py --inno FOLDER       the folder with ISCC.exe of Inno Setup 6.3 or newer

Compiles the script, installs it silently into folders with spaces and letters beyond ASCII, installs it
once more over itself, and removes it: once refused because the program runs, then for good. The bundle
is two small programs of Wine's own: nothing of ours is run, only what the set-up does to files and registry.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

if sys.platform == "win32":
    raise SystemExit("This is for Linux with Wine. On Windows: installer\\smoke\\windows.ps1")

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from installer import dev  # noqa: E402  after the path to it
from installer.packing.layout import ENGINE, LIBRARY_FOLDER, PROGRAM, BuildFolders  # noqa: E402
from installer.smoke.report import Report  # noqa: E402
from installer.smoke.root import HOME, USER, EmptySystem, base_system  # noqa: E402
from installer.smoke.screen import Screen  # noqa: E402
from installer.windows import setup  # noqa: E402

# Wine's window needs these of both kinds, and it only recommends them.
X11 = ("libx11-6", "libxext6", "libxrender1", "libxrandr2", "libxcursor1", "libxi6", "libfreetype6")
NAME = "Zoë Öström 世界"
APP = f"C:\\{NAME}\\Infinite Talk"
MODELS = f"C:\\{NAME}\\Modelle für später"
SILENT = ("/VERYSILENT", "/SUPPRESSMSGBOXES", "/NORESTART")
PREFIX = f"{HOME}/prefix"


class Wine:
    """Windows programs in an empty system, with one prefix, on one screen."""

    def __init__(self, system: EmptySystem, screen: Screen) -> None:
        self._system, self._screen = system, screen
        self.drive = system.folder / PREFIX[1:] / "drive_c"
        self.own = self.drive / "users/user/AppData/Local/InfiniteTalk"

    def install(self) -> None:
        """Wine for programs of 32 and 64 bits: Inno Setup is of the former."""
        self._system.as_root("dpkg", "--add-architecture", "i386")
        self._system.as_root("apt-get", "-q", "update")
        both = [f"{name}{kind}" for name in X11 for kind in ("", ":i386")]
        names = ["wine", "wine64", "wine32:i386", "fonts-dejavu-core", *both]
        self._system.as_root("apt-get", "-qy", "install", "--no-install-recommends", *names)

    def run(self, *command: str) -> tuple[int, str]:
        """Exit code and output, once everything that it started has ended."""
        return self.shell('wine "$@"', *command)

    def shell(self, script: str, *arguments: str) -> tuple[int, str]:
        """The same of lines of shell, in which `wine` is there."""
        waits = f"{script}; code=$?; wineserver -w; exit $code"
        return self._system.run(
            *("sh", "-c", waits, "sh", *arguments),
            limit=300,
            screen=self._screen,
            variables={
                "WINEPREFIX": PREFIX,
                "WINEDEBUG": "-all",
                "WINEDLLOVERRIDES": "mscoree,mshtml=",
                "PATH": "/usr/bin:/bin:/usr/lib/wine",
            },
        )

    def key(self, name: str) -> str:
        """A key of the user's registry and what is below it; empty where there is none."""
        code, text = self.run("reg", "export", f"HKCU\\{name}", "C:\\key.reg", "/y")
        file = self.drive / "key.reg"
        text = file.read_text("utf-16") if code == 0 and file.exists() else ""
        file.unlink(missing_ok=True)
        return text.replace("\\\\", "\\").replace('\\"', '"')


def compiled(wine: Wine, system: EmptySystem, inno: Path) -> tuple[int, str]:
    """Compiles the script over the stand-ins; the set-up is then `setup.exe` in the drive's `out`."""
    for name in ("bundle", "out"):
        (wine.drive / name).mkdir()
    shutil.copytree(inno, wine.drive / "inno")
    bundle = wine.drive / "bundle"
    own = bundle / LIBRARY_FOLDER / "resources/licenses" / PROGRAM
    own.mkdir(parents=True)
    shutil.copyfile(ROOT / "LICENSE", own / "LICENSE")
    (bundle / LIBRARY_FOLDER / "Größe.txt").write_text("x", encoding="utf-8")
    (stand_in,) = system.folder.glob("usr/lib/*/wine/x86_64-windows/notepad.exe")
    for name in (PROGRAM, ENGINE):
        shutil.copyfile(stand_in, bundle / f"{name}.exe")
    shutil.copyfile(setup.SCRIPT, wine.drive / "setup.iss")
    icon = BuildFolders("cpu").work / "icons" / f"{ENGINE}.ico"
    shutil.copyfile(icon, wine.drive / "icon.ico")
    places = {
        "Bundle": "C:\\bundle",
        "OutputDir": "C:\\out",
        "OutputName": "setup",
        "IconFile": "C:\\icon.ico",
        "Programs": "{localappdata}\\Programs",  # Wine 8 knows no {autopf} of a user
    }
    told = setup.defines(BuildFolders("cpu")) | places
    for path in (wine.drive, *wine.drive.rglob("*")):
        os.chown(path, USER, USER, follow_symlinks=False)
    defines = [f"/D{name}={value}" for name, value in told.items()]
    return wine.run("C:\\inno\\ISCC.exe", "/Qp", *defines, "C:\\setup.iss")


def installs(wine: Wine, report: Report, app: Path) -> None:
    command = ("C:\\out\\setup.exe", *SILENT, "/CURRENTUSER", f"/DIR={APP}", f"/MODELS={MODELS}")
    code, output = wine.run(*command, "/LOG=C:\\log.txt")
    report.say(code == 0, "installs for one user", f"exit code {code}{output}")
    names = (
        {str(p.relative_to(app)) for p in app.rglob("*") if p.is_file()} if app.is_dir() else set()
    )
    wanted = {f"{PROGRAM}.exe", f"{ENGINE}.exe", f"{LIBRARY_FOLDER}/Größe.txt"}
    report.say(wanted <= names, "files", f"{len(names)} in {APP}")
    text = (wine.own / "settings.json").read_text("ascii")
    report.say(json.loads(text)["models_folder"] == MODELS, "settings name the folder of models")
    command_line = f'"{APP}\\{PROGRAM}.exe" "%1"'
    kind = wine.key("Software\\Classes\\InfiniteTalk.Project")
    report.say(command_line in kind, ".italk opens in the window")
    links = sorted(wine.drive.glob("users/user/AppData/**/InfiniteTalk Desktop.lnk"))
    report.say(len(links) == 1, "one entry in the start menu")


def installs_again(wine: Wine, report: Report, app: Path) -> None:
    """Over itself, without a word about folders: what the first one was told stays."""
    old = app / LIBRARY_FOLDER / "of-an-older-version.dll"
    old.write_bytes(b"x")
    code, _ = wine.run("C:\\out\\setup.exe", *SILENT, "/CURRENTUSER")
    report.say(code == 0 and not old.exists(), "an update leaves no library of the older version")
    key = wine.key("Software\\InfiniteTalk Desktop")
    kept = MODELS in key and '"ModelsFolderMade"=dword:00000001' in key
    report.say(kept, "an update keeps the folder of models")


def removes(wine: Wine, report: Report, app: Path) -> None:
    (wine.own / "jobs" / "Anna.job").mkdir(parents=True)
    (wine.own / "Cache").mkdir(exist_ok=True)
    models = wine.drive / NAME / "Modelle für später"
    models.mkdir(parents=True)
    for folder in (wine.own / "jobs" / "Anna.job", wine.own / "jobs", wine.own / "Cache", models):
        os.chown(folder, USER, USER)
    remover = f"{APP}\\unins000.exe"
    # The exit code is that of `kill`: 0 if there was still something to be ended.
    both = 'wine "$1" & runs=$!; sleep 5; wine "$2" $3; kill $runs'
    code, output = wine.shell(both, f"{APP}\\{PROGRAM}.exe", remover, " ".join(SILENT))
    there = (app / LIBRARY_FOLDER / "Größe.txt").exists()  # it goes first
    report.say(code == 0 and there, "no removal while the program runs", output.strip())
    code, _ = wine.run(remover, *SILENT)
    time.sleep(1.0)
    report.say(code == 0 and not app.exists(), "removal leaves no program folder")
    keys = [
        wine.key(f"Software\\{name}")
        for name in ("Classes\\InfiniteTalk.Project", "InfiniteTalk Desktop")
    ]
    report.say(not any(keys), "nor keys")
    left = sorted(p.name for p in wine.own.iterdir())
    report.say(
        left == ["jobs"] and models.is_dir(),
        "silent removal keeps jobs and models",
        ", ".join(left),
    )
    links = sorted(wine.drive.glob("users/user/**/InfiniteTalk Desktop.lnk"))
    report.say(not links, "nor an entry in the start menu")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--inno", type=Path, required=True, help="the folder with ISCC.exe")
    parser.add_argument("--mirror", default="", help="where debootstrap takes Debian from")
    chosen = parser.parse_args()
    if os.geteuid() != 0:
        parser.error("start it as root: it makes a system in a folder and changes into it")
    dev.install_debian_packages(("debootstrap", "xvfb", "xdotool", "util-linux"))
    base = base_system(ROOT / "build/package/empty-base", chosen.mirror)
    report = Report()
    with (
        tempfile.TemporaryDirectory(prefix="wine-", dir=base.parent) as work,
        EmptySystem(base, Path(work) / "system") as system,
        Screen() as screen,
    ):
        wine = Wine(system, screen)
        dev.say("installing Wine into the empty system (minutes)")
        wine.install()
        wine.run("wineboot", "-i")
        wine.run("winecfg", "/v", "win10")
        code, output = compiled(wine, system, chosen.inno)
        report.say(code == 0, "Inno Setup compiles the script", output.strip()[-300:])
        if code == 0:
            app = wine.drive / NAME / "Infinite Talk"
            installs(wine, report, app)
            installs_again(wine, report, app)
            removes(wine, report, app)
    print(f"{report.passed} passed, {report.failed} failed", flush=True)
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
