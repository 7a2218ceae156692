"""The folder that makes the bundle run where a system lacks libraries.

tar.gz and AppImage carry it:

AppRun, infinitetalk-desktop, infinitetalk     launcher.sh under three names
app/                                           the bundle
fallback/NAME.so.1/NAME.so.1                   one folder a library, so that each can be left out
fallback/fonts/                                letters for a system without any
share/                                         desktop entry, icons, MIME type
"""

import os
import shutil
from pathlib import Path

from installer.linux import integration
from installer.packing import libraries, licenses
from installer.packing.layout import ENGINE, INSTALLER, PROGRAM, BuildFolders

_FONTS_CONF = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">.</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
"""


def portable_tree(folders: BuildFolders, target: Path) -> Path:
    """Makes that folder anew; files of the bundle are linked, not copied, where the disk can."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    link_tree(folders.bundle, target / "app")
    for name in (PROGRAM, ENGINE):
        shutil.copyfile(INSTALLER / "linux" / "launcher.sh", target / name)
        (target / name).chmod(0o755)
    missing, _ = libraries.needed_and_symbols(folders.bundle)
    packages = set()
    for name, source in libraries.closure(missing).items():
        place = target / "fallback" / name / name
        place.parent.mkdir(parents=True)
        shutil.copyfile(source.resolve(), place)
        packages.add(licenses.debian_package(source.resolve()))
    packages.add(_fonts(target / "fallback" / "fonts"))
    for package in sorted(packages):
        name = package.split(":")[0]
        text = Path("/usr/share/doc") / name / "copyright"
        place = target / "fallback" / "licenses" / f"{name}.txt"
        place.parent.mkdir(exist_ok=True)
        shutil.copyfile(text, place)
    integration.write(target / "share", folders.work / "icons", command=PROGRAM)
    return target


def _fonts(folder: Path) -> str:
    """Copies letters; returns the package they are of."""
    folder.mkdir(parents=True)
    (folder / "fonts.conf").write_text(_FONTS_CONF, encoding="utf-8")
    sources = [Path("/usr/share/fonts/truetype/dejavu") / name for name in libraries.FONTS]
    for source in sources:
        shutil.copyfile(source, folder / source.name)
    return licenses.debian_package(sources[0])


def link_tree(source: Path, target: Path) -> None:
    """A copy of a folder by hard links; links inside stay links."""

    def link(a: str, b: str) -> None:
        if Path(a).is_symlink():
            Path(b).symlink_to(Path(a).readlink())
        else:
            os.link(a, b)

    shutil.copytree(source, target, symlinks=True, copy_function=link)
