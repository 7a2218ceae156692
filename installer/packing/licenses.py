"""Licenses of everything in the bundle, collected from what was packed and never typed.

A file of the bundle belongs to a Python distribution (its RECORD lists it), to a Debian package
(`dpkg -S`), to Python itself, or to us. The texts and an index go into `resources/licenses`; the
distributions' own METADATA stays where `importlib.metadata` finds it.
"""

import json
import os
import re
import shutil
import subprocess  # noqa: TID251  asks dpkg and ffmpeg
import sys
import sysconfig
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from importlib.metadata import Distribution, distributions
from pathlib import Path

from installer.packing import layout
from installer.packing.layout import PROGRAM, ROOT

Entry = tuple[str, str, str]
FOLDER = "resources/licenses"
_TEXT_NAME = re.compile(r"(?i)(licen[cs]e|copying|copyright|notice|authors)")


@dataclass
class Owner:
    """Whoever a part of the bundle belongs to."""

    name: str
    version: str
    kind: str  # python package, system library, program, runtime
    license: str
    files: list[str] = field(default_factory=list)  # texts, relative to resources/licenses


def collect(bundled: Iterable[tuple[str, str]], out: Path) -> list[Entry]:
    """Writes index and texts to `out`; returns the entries that put them into the bundle.

    `bundled`: (name in the bundle, source file). Raises RuntimeError for a file that belongs to
    nobody, or an owner without a text.
    """
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    used, rest = _distributions_of(bundled)
    owners = [_python_owner(found, out) for found in used]
    owners += [_own(out), _python(out), *_ffmpeg(out), *_system_owners(rest, out)]
    owners.sort(key=lambda o: (o.kind, o.name.lower()))
    for owner in owners:
        _known_texts(owner, out)
    without = [f"{o.name} ({o.license})" for o in owners if not o.files]
    if without:
        raise RuntimeError(f"no text of the license of {', '.join(without)}")
    index = json.dumps([asdict(o) for o in owners], indent=1, ensure_ascii=False)
    (out / "index.json").write_text(index + "\n", encoding="utf-8")
    entries = [
        (f"{FOLDER}/{path.relative_to(out).as_posix()}", str(path), "DATA")
        for path in sorted(out.rglob("*"))
        if path.is_file()
    ]
    for found in used:
        folder = _metadata_folder(found)
        files = [folder / name for name in ("METADATA", "entry_points.txt")]
        entries += [(f"{folder.name}/{f.name}", str(f), "DATA") for f in files if f.is_file()]
    return entries


def _distributions_of(
    bundled: Iterable[tuple[str, str]],
) -> tuple[list[Distribution], list[Path]]:
    """The distributions that own files of the bundle, and the files that none owns."""
    owner: dict[str, Distribution] = {}
    for found in distributions():
        if found.metadata["Name"] == PROGRAM:  # an editable install: our own part has its own entry
            continue
        base = os.path.realpath(str(found.locate_file("")))
        for file in found.files or ():
            owner[os.path.normpath(f"{base}/{file}")] = found
    packages = Path(sysconfig.get_path("platlib")).resolve()
    used: dict[str, Distribution] = {}
    rest = []
    for name, source in bundled:
        path = Path(source)
        # PyInstaller compiles some modules into its own folder: their name tells where they are of.
        original = packages / name.replace("\\", "/").removesuffix("c")
        found = owner.get(str(path.resolve())) or owner.get(str(original))
        if found is not None:
            used[found.metadata["Name"]] = found
        elif path.is_absolute():
            rest.append(path.resolve())
    return [used[name] for name in sorted(used, key=str.lower)], rest


def _metadata_folder(found: Distribution) -> Path:
    for file in found.files or ():
        if file.name == "METADATA" and file.parts[0].endswith(".dist-info"):
            return Path(str(found.locate_file(file))).parent
    raise RuntimeError(f"{found.metadata['Name']} was installed without its METADATA")


def _python_owner(found: Distribution, out: Path) -> Owner:
    name = found.metadata["Name"]
    owner = Owner(name, found.version, "python package", license_name(found))
    for file in found.files or ():
        inside = file.parts[0].endswith(".dist-info")
        if (
            inside
            and _TEXT_NAME.search("/".join(file.parts[1:]))
            and "__pycache__" not in file.parts
        ):
            _take(
                Path(str(found.locate_file(file))),
                out / name / "-".join(file.parts[1:]),
                owner,
                out,
            )
    if not owner.files:  # beside the code instead of beside the metadata
        for file in found.files or ():
            if _TEXT_NAME.fullmatch(file.stem) and file.suffix in ("", ".txt", ".md", ".rst"):
                place = Path(str(found.locate_file(file)))
                _take(place, out / name / "-".join(file.parts), owner, out)
    if not owner.files and owner.license and not _has_known_text(owner):
        # Nothing but the name and where its owner says more: what the package ships is its METADATA.
        _take(_metadata_folder(found) / "METADATA", out / name / "METADATA.txt", owner, out)
    return owner


def license_name(found: Distribution) -> str:
    """What the metadata calls the license, in one line; empty where it says nothing."""
    expression = (found.metadata.get_all("License-Expression") or [""])[0]
    known = [c for c in found.metadata.get_all("Classifier") or () if c.startswith("License ::")]
    text = expression or (known[-1].rsplit(" :: ")[-1] if known else "")
    text = text or (found.metadata.get_all("License") or [""])[0]
    return text.strip().split("\n")[0][:80]


def _has_known_text(owner: Owner) -> bool:
    known = [text.stem for text in (ROOT / "installer" / "license_texts").glob("*.txt")]
    return any(name in owner.license for name in ("Apache", *known))


def _known_texts(owner: Owner, out: Path) -> None:
    """Takes the texts that a license's name stands for, where the package ships none itself."""
    if owner.files:
        return
    if "Apache" in owner.license:
        _take(ROOT / "LICENSE", out / owner.name / "Apache-2.0.txt", owner, out)
    for text in sorted((ROOT / "installer" / "license_texts").glob("*.txt")):
        if re.search(rf"(?<![A-Z]){re.escape(text.stem)}(?!\d)", owner.license):
            _take(text, out / owner.name / text.name, owner, out)
            if text.stem.startswith("LGPL"):  # it adds permissions to the GPL of its number
                general = text.with_name(text.name[1:])
                _take(general, out / owner.name / general.name, owner, out)


def _own(out: Path) -> Owner:
    owner = Owner(layout.TITLE, layout.version(), "program", str(layout.project()["license"]))
    _take(ROOT / "LICENSE", out / PROGRAM / "LICENSE", owner, out)
    return owner


def _python(out: Path) -> Owner:
    owner = Owner("Python", sys.version.split()[0], "runtime", "PSF-2.0")
    places = (
        Path(sysconfig.get_path("stdlib")) / "LICENSE.txt",  # built from source
        Path(sys.base_prefix) / "LICENSE.txt",  # Windows
        Path(f"/usr/share/doc/python3.{sys.version_info.minor}/copyright"),  # Debian
    )
    for place in places:
        if place.is_file():
            _take(place, out / "Python" / "LICENSE.txt", owner, out)
            break
    return owner


def _ffmpeg(out: Path) -> list[Owner]:
    """The program that imageio-ffmpeg carries says itself what it is and under which license."""
    import imageio_ffmpeg

    program = imageio_ffmpeg.get_ffmpeg_exe()
    run = lambda flag: subprocess.run(  # noqa: E731
        [program, "-hide_banner", flag], capture_output=True, text=True, check=True
    )
    built, terms = run("-version").stdout, run("-L").stdout
    license_id = "GPL-3.0-or-later" if "version 3" in terms and "General Public" in terms else ""
    owner = Owner("FFmpeg", built.split()[2], "program", license_id or terms.split("\n")[0])
    target = out / "FFmpeg" / "LICENSE.txt"
    target.parent.mkdir(parents=True)
    target.write_text(f"{terms}\n{built}", encoding="utf-8")
    owner.files.append(target.relative_to(out).as_posix())
    if license_id:
        text = ROOT / "installer" / "license_texts" / "GPL-3.0.txt"
        _take(text, out / "FFmpeg" / text.name, owner, out)
    return [owner]


def _system_owners(files: Iterable[Path], out: Path) -> list[Owner]:
    """Libraries of the machine that builds, by the package that installed them."""
    own = (ROOT, Path(sys.base_prefix).resolve(), Path(sysconfig.get_path("stdlib")).resolve())
    foreign = sorted({f for f in files if not any(f.is_relative_to(p) for p in own)})
    if not foreign or sys.platform != "linux":
        return []
    owners: dict[str, Owner] = {}
    for file in foreign:
        package = debian_package(file)
        if package in owners:
            continue
        version = subprocess.run(
            ["dpkg-query", "-W", "-f", "${Version}", package],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        text = Path("/usr/share/doc") / package.split(":")[0] / "copyright"
        found = re.findall(r"(?m)^License: *(\S.*)$", text.read_text("utf-8", "replace"))
        names = ", ".join(dict.fromkeys(found))[:80]
        owners[package] = Owner(package.split(":")[0], version, "system library", names)
        _take(text, out / "system" / f"{package.split(':')[0]}.txt", owners[package], out)
    return list(owners.values())


def debian_package(file: Path) -> str:
    """The Debian package that owns a file, however the path is spelled (/lib is /usr/lib)."""
    names = [str(file), str(file).removeprefix("/usr")]
    for name in names:
        done = subprocess.run(["dpkg", "-S", name], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return done.stdout.split("\n")[0].rsplit(": ", 1)[0].split(",")[0]
    raise RuntimeError(f"{file} is in the bundle and belongs to no package: whose license is it?")


def _take(source: Path, target: Path, owner: Owner, out: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    owner.files.append(target.relative_to(out).as_posix())
