"""The Windows package: Inno Setup's compiler over the bundle. Needs Windows and Inno Setup 6.3 or newer."""

import os
import shutil
from pathlib import Path

from installer import dev
from installer.packing.layout import ENGINE, INSTALLER, BuildFolders, maintainer, version
from installer.windows import version_resource

SCRIPT = INSTALLER / "windows" / "infinitetalk.iss"


def compiler() -> Path:
    """ISCC.exe: named by ISCC, on the path, or where its own set-up puts it."""
    named = os.environ.get("ISCC") or shutil.which("ISCC")
    folders = (
        os.environ.get(name, "") for name in ("ProgramFiles(x86)", "ProgramFiles", "LOCALAPPDATA")
    )
    places = [Path(named)] if named else []
    for folder in folders:
        places += [Path(folder) / "Inno Setup 6" / "ISCC.exe"]
        places += [Path(folder) / "Programs" / "Inno Setup 6" / "ISCC.exe"]
    for place in places:
        if place.is_file():
            return place
    raise dev.fail("Inno Setup 6 was not found: install it, or name its ISCC.exe in ISCC")


def defines(folders: BuildFolders) -> dict[str, str]:
    """What the script is told from outside."""
    return {
        "AppVersion": version(),
        "AppNumbers": ".".join(map(str, version_resource.version_numbers(version()))),
        "Publisher": maintainer()[0],
        "Bundle": str(folders.bundle),
        "OutputDir": str(folders.out),
        "OutputName": folders.package("-setup").name.replace("x86_64", "windows-x64"),
        "IconFile": str(folders.work / "icons" / f"{ENGINE}.ico"),
    }


def build(folders: BuildFolders) -> list[Path]:
    """setup.exe and its slices."""
    told = [f"/D{name}={value}" for name, value in defines(folders).items()]
    folders.out.mkdir(parents=True, exist_ok=True)
    dev.run([str(compiler()), "/Qp", *told, str(SCRIPT)])
    return sorted(folders.out.glob(f"{defines(folders)['OutputName']}*"))
