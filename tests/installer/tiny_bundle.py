"""A bundle of the right shape whose programs are shell scripts: for tests of packages."""

from pathlib import Path

from installer.packing import pictures
from installer.packing.layout import ENGINE, PROGRAM, BuildFolders


def make(top: Path, flavor: str = "cpu") -> BuildFolders:
    folders = BuildFolders(flavor, top)
    inside = folders.bundle / "_internal"
    texts = inside / "resources" / "licenses"
    (texts / PROGRAM).mkdir(parents=True)
    (texts / PROGRAM / "LICENSE").write_text("a license\n")
    (texts / "index.json").write_text("[]\n")
    for name in (PROGRAM, ENGINE):
        program = folders.bundle / name
        program.write_text(
            f'#!/bin/sh\necho {name} "$@" "fonts=${{FONTCONFIG_FILE:-own}}" "$LD_LIBRARY_PATH"\n'
        )
        program.chmod(0o755)
    (inside / "libdata.txt").write_text("data\n")
    (inside / "link.txt").symlink_to("libdata.txt")
    icons = folders.work / "icons"
    icons.mkdir(parents=True)
    for size in pictures.SIZES:
        (icons / f"{ENGINE}-{size}.png").write_bytes(png(size))
    return folders


def png(size: int) -> bytes:
    """As much of a PNG as the icon's table reads."""
    return b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + size.to_bytes(4, "big") * 2 + bytes(9)
