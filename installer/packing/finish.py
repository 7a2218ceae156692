"""After PyInstaller: what the bundle still has too much, or lacks."""

import os
import subprocess  # noqa: TID251  strip, compileall
import sys
from pathlib import Path

from installer import dev
from installer.packing.layout import LIBRARY_FOLDER, BuildFolders

# Packages that lie in the bundle as source because they read it.
SOURCE_PACKAGES = ("torch", "torchgen", "transformers")


def finish(folders: BuildFolders, python: Path) -> None:
    """Compiles what is there as source, and takes the symbols out of the interpreter's own files."""
    inside = folders.bundle / LIBRARY_FOLDER
    trees = [str(inside / name) for name in SOURCE_PACKAGES if (inside / name).is_dir()]
    # Unchecked: the package manager's times of the sources differ from those at compilation, and an
    # installed folder is read-only, so that checked files would be compiled at every start.
    dev.run(
        [
            *(str(python), "-m", "compileall", "-q", "-j", str(os.cpu_count() or 1)),
            *("--invalidation-mode", "unchecked-hash", *trees),
        ]
    )
    if sys.platform == "linux":
        _strip_interpreter(inside)


def _strip_interpreter(inside: Path) -> None:
    """Wheels are left as they are: patched libraries do not survive it."""
    files = [*inside.glob("libpython3*.so*"), *inside.glob("lib-dynload/*.so")]
    files += inside.glob("python3*/lib-dynload/*.so")
    for path in files:
        if not path.is_symlink():
            subprocess.run(["strip", "--strip-unneeded", str(path)], check=True)


def bundle_bytes(bundle: Path) -> int:
    """What the bundle takes on a disk, links not counted."""
    return sum(p.stat().st_size for p in bundle.rglob("*") if p.is_file() and not p.is_symlink())


def biggest(bundle: Path, count: int = 25) -> list[tuple[int, str]]:
    """The parts of `_internal` by size, for whoever looks for what can go."""
    sizes: dict[str, int] = {}
    inside = bundle / LIBRARY_FOLDER
    for path in inside.rglob("*"):
        if path.is_file() and not path.is_symlink():
            part = path.relative_to(inside).parts[0]
            sizes[part] = sizes.get(part, 0) + path.stat().st_size
    return sorted(((size, name) for name, size in sizes.items()), reverse=True)[:count]
