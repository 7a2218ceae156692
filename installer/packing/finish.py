"""After PyInstaller: what the bundle still has too much, or lacks."""

import json
import os
import shutil
import subprocess  # noqa: TID251  strip, compileall
import sys
from pathlib import Path
from urllib.parse import urlsplit

from installer import dev
from installer.packing import contents
from installer.packing.layout import LIBRARY_FOLDER, ROOT, BuildFolders

# Packages that lie in the bundle as source because they read it.
SOURCE_PACKAGES = ("torch", "torchgen", "transformers")


def own_code(folders: BuildFolders, python: Path) -> None:
    """Our modules, compiled, in place of those that are there: seconds, where the rest takes minutes.

    What they newly import from outside is not looked for; the smoke test would miss it.
    """
    inside = folders.bundle / LIBRARY_FOLDER
    for name in contents.OWN_PACKAGES:
        shutil.rmtree(inside / name, ignore_errors=True)
        shutil.copytree(
            ROOT / name, inside / name, ignore=shutil.ignore_patterns("__pycache__", "*.md")
        )
        # Beside their sources' place (-b) and without the sources: no program of ours reads its own.
        dev.run(
            [str(python), "-m", "compileall", "-q", "-b", "-s", str(inside), str(inside / name)]
        )
        for source in (inside / name).rglob("*.py"):
            source.unlink()
    shutil.rmtree(inside / "resources" / "catalog", ignore_errors=True)
    for source, folder in contents.resources():
        target = inside / folder / Path(source).name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)


def version_address(folders: BuildFolders, address: str) -> None:
    """Where this build asks for a newer version, when its user asks (resources/version/README.md).

    Raises ValueError for what is no https address.
    """
    parts = urlsplit(address)
    if parts.scheme != "https" or not parts.hostname or parts.username:
        raise ValueError(f"{address} is no https address")
    path = folders.bundle / LIBRARY_FOLDER / "resources" / "version" / "check.json"
    data = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**data, "address": address}, indent=1) + "\n", "utf-8")


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
