"""Which shared libraries the bundle takes from the machine it runs on, and who ships them there."""

import re
import shutil
import subprocess  # noqa: TID251  readelf, ldconfig, dpkg
from collections.abc import Iterator
from pathlib import Path

# Part of every glibc system, or of its loader; the .deb names them through libc6.
C_LIBRARY = re.compile(
    r"^(ld-linux.*|linux-vdso.*|lib(c|m|dl|rt|pthread|mvec|resolv|util|nsl|anl|BrokenLocale))\.so"
)
# Opened by name at run time, so that no header tells of them: sound, and Qt's way to a GL context.
OPENED_BY_NAME = ("libpulse.so.0", "libGLX.so.0", "libxkbcommon-x11.so.0")
# Comes with NVIDIA's driver and must fit it. Nothing loads what asks for it before a card is used.
OF_THE_DRIVER = frozenset({"libcuda.so.1"})
# Not libraries, and needed all the same: a window without a font shows no letter.
DATA_PACKAGES = ("fonts-dejavu-core | fonts-noto-core | fonts-liberation",)
RECOMMENDED = ("ca-certificates", "libgl1-mesa-dri", "xdg-utils")
FONTS = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSansMono.ttf")


def elf_files(bundle: Path) -> Iterator[Path]:
    """Programs and libraries below a folder, links left out."""
    for path in sorted(bundle.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        with path.open("rb") as stream:
            if stream.read(4) == b"\x7fELF":
                yield path


def needed_and_symbols(bundle: Path) -> tuple[set[str], str]:
    """Names that the bundle's files ask for and it lacks; the newest glibc version they ask for."""
    needed: set[str] = set()
    provided: set[str] = {path.name for path in bundle.rglob("*.so*")}
    newest = (0, 0)
    for path in elf_files(bundle):
        text = subprocess.run(
            ["readelf", "--dynamic", "--version-info", "--wide", str(path)],
            capture_output=True,
            text=True,
            check=True,
            errors="replace",
        ).stdout
        needed.update(re.findall(r"\(NEEDED\).*\[(.+)\]", text))
        provided.update(re.findall(r"\(SONAME\).*\[(.+)\]", text))
        for major, minor in re.findall(r"Name: GLIBC_(\d+)\.(\d+)", text):
            newest = max(newest, (int(major), int(minor)))
    missing = {n for n in needed - provided - OF_THE_DRIVER if not C_LIBRARY.match(n)}
    return missing | set(OPENED_BY_NAME), f"{newest[0]}.{newest[1]}"


def on_this_machine() -> dict[str, Path]:
    """Each library that the loader knows: name to file."""
    text = subprocess.run(
        [shutil.which("ldconfig") or "/sbin/ldconfig", "-p"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    found: dict[str, Path] = {}
    for name, path in re.findall(r"(?m)^\s+(\S+) \(.*x86-64.*\) => (\S+)$", text):
        found.setdefault(name, Path(path))
    return found


def closure(names: set[str]) -> dict[str, Path]:
    """The named libraries and all that they ask for in turn, the C library left out.

    Raises LookupError for one that this machine lacks.
    """
    known = on_this_machine()
    found: dict[str, Path] = {}
    for name in sorted(names):
        if name not in known:
            raise LookupError(f"{name} is asked for and not installed on this machine")
        found[name] = known[name]
        # The loader itself: a library may have folders of its own for what it asks for.
        text = subprocess.run(
            ["ldd", str(known[name])], capture_output=True, text=True, check=True
        ).stdout
        for asked, path in re.findall(r"(?m)^\s+(\S+) => (\S+) \(", text):
            if not C_LIBRARY.match(asked):
                found[asked] = Path(path)
    return found


def debian_dependencies(bundle: Path) -> list[str]:
    """The `Depends` of the bundle: who ships what it asks for, libc6 with the version it needs."""
    from installer.packing.licenses import debian_package

    missing, glibc = needed_and_symbols(bundle)
    known = on_this_machine()
    absent = sorted(name for name in missing if name not in known)
    if absent:
        raise LookupError(f"not installed on this machine: {', '.join(absent)}")
    packages = {debian_package(known[name].resolve()).split(":")[0] for name in missing}
    return [f"libc6 (>= {glibc})", *sorted(packages - {"libc6"}), *DATA_PACKAGES]
