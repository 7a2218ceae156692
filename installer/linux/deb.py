"""The Debian package: the bundle in /opt, commands in /usr/bin, and what the desktop must know."""

import os
import shutil
import subprocess  # noqa: TID251  dpkg-deb
from pathlib import Path

from installer import dev
from installer.linux import integration
from installer.linux.fallback import link_tree
from installer.packing import layout, libraries
from installer.packing.layout import ENGINE, PROGRAM, TITLE, BuildFolders, version

# dpkg's own triggers refresh menus, icons and MIME types when files land in their folders, so the
# scripts do no more than what no trigger does: caches that Python or Qt left beside the bundle.
_POSTRM = f"""#!/bin/sh
set -e
if [ "$1" = remove ] || [ "$1" = purge ]; then
    rm -rf /opt/{PROGRAM}
fi
"""
_PRERM = f"""#!/bin/sh
set -e
if [ "$1" = remove ]; then
    # An engine that still renders would keep files of a program that is gone: it stops in order.
    for process in /proc/[0-9]*; do
        if [ "$(readlink "$process/exe" 2>/dev/null)" = /opt/{PROGRAM}/{ENGINE} ]; then
            kill -TERM "${{process#/proc/}}" 2>/dev/null || true
        fi
    done
fi
"""


def control(folders: BuildFolders, depends: list[str], installed_bytes: int) -> str:
    """The control file. The flavors replace each other: they install the same paths."""
    own = PROGRAM if folders.flavor == "cpu" else f"{PROGRAM}-{folders.flavor}"
    other = f"{PROGRAM}-cuda" if folders.flavor == "cpu" else PROGRAM
    recommended = list(libraries.RECOMMENDED)
    # Suggested only: a driver that came another way must not be mixed with Debian's.
    suggests = "Suggests: libcuda1\n" if folders.flavor == "cuda" else ""
    maintainer = "{} <{}>".format(*layout.maintainer())
    detail = {
        "cpu": "This package computes on the processor.",
        "cuda": "This package computes on NVIDIA cards; it carries what CUDA needs but the driver.",
    }[folders.flavor]
    return (
        f"Package: {own}\n"
        f"Version: {version()}\n"
        "Section: video\n"
        "Priority: optional\n"
        "Architecture: amd64\n"
        f"Maintainer: {maintainer}\n"
        f"Installed-Size: {installed_bytes // 1024}\n"
        f"Depends: {', '.join(depends)}\n"
        f"Recommends: {', '.join(recommended)}\n"
        f"{suggests}Conflicts: {other}\n"
        f"Replaces: {other}\n"
        f"Description: {TITLE}: dub video offline\n"
        " Makes a person in a picture or a video speak a recording, with the InfiniteTalk\n"
        f" model. {detail}\n"
    )


def build(folders: BuildFolders, depends: list[str] | None = None) -> Path:
    """NAME_VERSION_amd64.deb; `depends` are computed from the bundle unless given."""
    tree = folders.work / "deb"
    shutil.rmtree(tree, ignore_errors=True)
    home = tree / "opt" / PROGRAM
    home.parent.mkdir(parents=True)
    link_tree(folders.bundle, home)
    commands = tree / "usr" / "bin"
    commands.mkdir(parents=True)
    for name in (PROGRAM, ENGINE):
        (commands / name).symlink_to(f"/opt/{PROGRAM}/{name}")
    integration.write(tree / "usr" / "share", folders.work / "icons", command=PROGRAM)
    _documents(tree, folders)
    size = sum(p.stat().st_size for p in tree.rglob("*") if p.is_file() and not p.is_symlink())
    depends = libraries.debian_dependencies(folders.bundle) if depends is None else depends
    notes = tree / "DEBIAN"
    notes.mkdir()
    (notes / "control").write_text(control(folders, depends, size), encoding="utf-8")
    for name, script in (("prerm", _PRERM), ("postrm", _POSTRM)):
        (notes / name).write_text(script, encoding="utf-8")
        (notes / name).chmod(0o755)
    for path in [tree, *(p for p in tree.rglob("*") if p.is_dir())]:
        path.chmod(0o755)
    target = folders.package(".deb")
    target.parent.mkdir(parents=True, exist_ok=True)
    threads = f"--threads-max={os.cpu_count() or 1}"
    dev.run(
        ["dpkg-deb", "--root-owner-group", "-Zzstd", "-z12", threads, "-b", str(tree), str(target)],
        stdout=subprocess.DEVNULL,
    )
    return target


def _documents(tree: Path, folders: BuildFolders) -> None:
    """/usr/share/doc/NAME/copyright: Debian's place for what `resources/licenses` holds in full."""
    folder = tree / "usr/share/doc" / (PROGRAM if folders.flavor == "cpu" else f"{PROGRAM}-cuda")
    folder.mkdir(parents=True)
    texts = folders.bundle / "_internal" / "resources" / "licenses"
    own = (texts / PROGRAM / "LICENSE").read_text(encoding="utf-8")
    where = f"/opt/{PROGRAM}/_internal/resources/licenses"
    note = f"Licenses of everything inside are in {where} (index.json names them).\n\n"
    (folder / "copyright").write_text(note + own, encoding="utf-8")
