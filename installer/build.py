r"""Builds the packages, unattended, from a fresh checkout.

    python3 installer/build.py                                    the CPU flavor: folder, tar.gz, deb
    python3 installer/build.py --flavor cuda --format dir,deb
    python3 installer/build.py --format appimage --appimage-runtime FILE --appimage-runtime-sha256 HEX
    py installer\build.py --format dir,setup                      on Windows, with Inno Setup 6

Results lie in `build/package/out`, the folder itself in `build/package/FLAVOR`. As root on Debian
what is missing is installed. `installer/smoke/empty_system.py` tries the results in an empty system.
"""

import argparse
import json
import os
import subprocess  # noqa: TID251  asks the interpreter of the build
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from installer import dev  # noqa: E402  after the path to it
from installer.linux import archives, deb, fallback  # noqa: E402
from installer.packing import environment, finish, layout, sizes  # noqa: E402
from installer.packing.layout import FLAVORS, BuildFolders  # noqa: E402
from installer.windows import setup  # noqa: E402

FORMATS = ("dir", "tar", "deb", "appimage", "setup")


def bundle(folders: BuildFolders, torch: str) -> None:
    """The one-dir folder, made anew."""
    python = environment.prepare(folders, torch)
    folders.work.mkdir(parents=True, exist_ok=True)
    dev.run(
        [str(python), "-m", "installer.packing.pictures", str(folders.work / "icons")], cwd=ROOT
    )
    dev.say("collecting what is packed (minutes)")
    settings = {**os.environ, "INFINITETALK_FLAVOR": folders.flavor, "PYTHONHASHSEED": "0"}
    dev.run(
        [
            *(str(python), "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"),
            *("--distpath", str(folders.bundle.parent)),
            *("--workpath", str(folders.work / "pyinstaller")),
            str(ROOT / "installer" / "package.spec"),
        ],
        cwd=ROOT,
        env=settings,
    )
    finish.finish(folders, python)
    finish.own_code(folders, python)


def packages(folders: BuildFolders, formats: set[str], chosen: argparse.Namespace) -> list[Path]:
    """The packages of the formats, from the bundle that is there."""
    made = []
    if "deb" in formats:
        made.append(deb.build(folders))
    if formats & {"tar", "appimage"}:
        tree = fallback.portable_tree(folders, folders.work / "portable")
        if "tar" in formats:
            made.append(archives.tarball(folders, tree))
        if "appimage" in formats:
            runtime, digest = chosen.appimage_runtime, chosen.appimage_runtime_sha256
            made.append(archives.appimage(folders, tree, runtime, digest))
    if "setup" in formats:
        made += setup.build(folders)
    return made


def check_sizes(folders: BuildFolders, made: list[Path], *, record: bool) -> int:
    """Prints sizes; 1 where the CPU flavor has grown past its record."""
    found = {f"{folders.flavor} bundle": finish.bundle_bytes(folders.bundle)}
    found |= {f"{folders.flavor} {path.suffix}": path.stat().st_size for path in made}
    for name, size in found.items():
        dev.say(f"{name}: {size / 1e6:,.0f} MB")
    if sys.platform != "linux":
        return 0  # the records are of Linux
    if record:
        inside = (
            "import json; from installer.packing import sizes; print(json.dumps(sizes.trees()))"
        )
        python = str(environment.interpreter(folders))
        trees = subprocess.run(
            [python, "-c", inside], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout
        sizes.record(found | (json.loads(trees) if folders.flavor == "cpu" else {}))
    problems = [text for name, size in found.items() if (text := sizes.problem(name, size))]
    for text in problems:
        dev.say(text)
    return 1 if problems else 0


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    default = "dir,setup" if os.name == "nt" else "dir,tar,deb"
    add("--flavor", "--flavour", choices=FLAVORS, default="cpu", help="which torch is packed (cpu)")
    add("--format", default=default, help=f"of {','.join(FORMATS)} ({default})")
    add("--torch", default=dev.TORCH, metavar="VERSION", help=f"version of torch ({dev.TORCH})")
    add("--keep-bundle", action="store_true", help="only our own code is made anew: seconds")
    add("--appimage-runtime", type=Path, metavar="FILE", help="runtime of AppImage type 2")
    add("--appimage-runtime-sha256", metavar="HEX", help="its digest")
    add("--version-address", metavar="URL", help="where this build asks for a newer version")
    add("--list", action="store_true", help="show the parts of the folder by size")
    add("--release", action="store_true", help="refuse what must not go out: no real maintainer")
    add("--record-sizes", action="store_true", help="write sizes down as the accepted ones")
    chosen = parser.parse_args()
    formats = set(chosen.format.split(","))
    if unknown := formats - set(FORMATS):
        parser.error(f"no such format: {', '.join(sorted(unknown))}")
    if "appimage" in formats and not (chosen.appimage_runtime and chosen.appimage_runtime_sha256):
        parser.error("an AppImage needs --appimage-runtime and --appimage-runtime-sha256")
    if why := layout.why_no_release():
        if chosen.release:
            raise dev.fail(why)
        dev.say(f"not for release: {why}")
    folders = BuildFolders(chosen.flavor)
    began = time.monotonic()
    if chosen.keep_bundle and folders.bundle.is_dir():
        finish.own_code(folders, environment.interpreter(folders))
    else:
        bundle(folders, chosen.torch)
    if chosen.version_address:
        finish.version_address(folders, chosen.version_address)
    if chosen.list:
        for size, name in finish.biggest(folders.bundle):
            print(f"{size / 1e6:9.1f} MB  {name}")
    made = packages(folders, formats, chosen)
    for path in made:
        dev.say(f"made {path}")
    dev.say(f"{time.monotonic() - began:.0f} s")
    return check_sizes(folders, made, record=chosen.record_sizes)


if __name__ == "__main__":
    sys.exit(main())
