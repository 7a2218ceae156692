"""tar.gz and AppImage from the portable folder."""

import hashlib
import os
import shutil
import subprocess  # noqa: TID251  tar, mksquashfs
from pathlib import Path

from installer import dev
from installer.linux import integration
from installer.packing.layout import DESKTOP_ID, ENGINE, PROGRAM, BuildFolders, version

APPIMAGE_MARK = b"AI\x02"  # type 2, at byte 8 of the ELF header


def tarball(folders: BuildFolders, tree: Path) -> Path:
    """NAME.tar.gz, whose one folder is NAME-VERSION."""
    target = folders.package(".tar.gz")
    target.parent.mkdir(parents=True, exist_ok=True)
    top = f"{PROGRAM}-{version()}"
    command = [
        *("tar", "--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--hard-dereference"),
        *("--transform", f"flags=r;s,^\\.,{top},", "-I", "gzip -6"),
        *("-cf", str(target), "-C", str(tree), "."),
    ]
    dev.run(command)
    return target


def checked_runtime(runtime: Path, sha256: str) -> Path:
    """The program that an AppImage begins with. Raises ValueError where it is not the expected one."""
    data = runtime.read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != sha256.lower():
        raise ValueError(f"{runtime} has SHA-256 {found}, expected {sha256}")
    if data[:4] != b"\x7fELF" or data[8:11] != APPIMAGE_MARK:
        raise ValueError(f"{runtime} is no runtime of AppImage type 2")
    return runtime


def appimage(folders: BuildFolders, tree: Path, runtime: Path, sha256: str) -> Path:
    """NAME.AppImage: the runtime, then a squashfs of the portable folder with AppRun."""
    runtime = checked_runtime(runtime, sha256)
    app_folder = folders.work / "AppDir"
    app_dir(tree, app_folder, folders.work / "icons")
    picture = folders.work / "appimage.squashfs"
    picture.unlink(missing_ok=True)
    dev.run(
        [
            *("mksquashfs", str(app_folder), str(picture), "-root-owned", "-noappend"),
            *("-no-progress", "-quiet", "-comp", "zstd", "-Xcompression-level", "15"),
        ]
    )
    target = folders.package(".AppImage")
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as out:
        for part in (runtime, picture):
            with part.open("rb") as stream:
                shutil.copyfileobj(stream, out, 1 << 20)
    picture.unlink()
    target.chmod(0o755)
    return target


def app_dir(tree: Path, target: Path, icons: Path) -> None:
    """The folder that an AppImage shows: AppRun, entry and icon at its top, the rest below."""
    from installer.linux.fallback import link_tree

    shutil.rmtree(target, ignore_errors=True)
    link_tree(tree, target)
    os.link(tree / PROGRAM, target / "AppRun")
    (target / "usr").mkdir()
    (target / "share").rename(target / "usr" / "share")
    text = integration.filled("infinitetalk.desktop.in", command=PROGRAM)
    (target / f"{DESKTOP_ID}.desktop").write_text(text, encoding="utf-8")
    shutil.copyfile(icons / f"{ENGINE}-256.png", target / f"{DESKTOP_ID}.png")
    (target / ".DirIcon").symlink_to(f"{DESKTOP_ID}.png")


def payload_offset(appimage_file: Path) -> int:
    """Where the squashfs of an AppImage begins: behind the section headers of its runtime."""
    with appimage_file.open("rb") as stream:
        head = stream.read(64)
    if head[:6] != b"\x7fELF\x02\x01":
        raise ValueError(f"{appimage_file} is no 64-bit program")
    table = int.from_bytes(head[40:48], "little")
    size, count = int.from_bytes(head[58:60], "little"), int.from_bytes(head[60:62], "little")
    return table + size * count


def extract(appimage_file: Path, target: Path) -> None:
    """What the runtime's `--appimage-extract` does, for machines on which it can't run."""
    offset = payload_offset(appimage_file)
    subprocess.run(
        ["unsquashfs", "-no-progress", "-o", str(offset), "-d", str(target), str(appimage_file)],
        check=True,
        stdout=subprocess.DEVNULL,
    )


def mount(appimage_file: Path, target: Path) -> bool:
    """As the runtime does it: by FUSE, for reading only. False where this machine can't.

    `fusermount3 -u` takes it off again.
    """
    if shutil.which("squashfuse") is None:
        return False
    target.mkdir()
    options = f"ro,allow_other,offset={payload_offset(appimage_file)}"
    command = ["squashfuse", "-o", options, str(appimage_file), str(target)]
    done = subprocess.run(command, check=False, capture_output=True)
    if done.returncode:
        target.rmdir()
    return done.returncode == 0
