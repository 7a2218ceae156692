"""Model files that other programs left on this machine, used where they are.

A Hugging Face cache, a ComfyUI or WanGP tree is searched by header fingerprint; what is of use is
written down in `models.json` of a models folder, and `find_model` counts it as if it lay there. No
file is moved, renamed, changed or deleted.
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from infinitetalk.errors import ErrorReport, engine_error
from infinitetalk.project import atomic
from infinitetalk.weights.check import FileReport, inspect
from infinitetalk.weights.header import corrupt

FOUND_FILE = "models.json"
COPIES = "imported"  # below a models folder: what was copied there (found_copy.py)
FOUND_FORMAT = 1
USEFUL = (
    "base",
    "overlay",
    "merged",
    "text_encoder",
    "image_encoder",
    "vae",
    "audio_encoder",
    "lora",
    "store",
)
TOKENIZER = "tokenizer"
TOKENIZER_FILES = ("spiece.model", "tokenizer.json")
CACHE_PREFIX = "models--"  # of a repository in a Hugging Face cache
DEPTH = 8  # folders below the one that is searched
WHOLE = ("fp32", "bf16", "fp16")
SPEAKERS = {"one": 1, "two": 2}

Step = Callable[[Path, int, int], None]  # file, bytes read, bytes in all; may raise to stop


@dataclass(frozen=True, kw_only=True)
class FoundFile:
    """A model file (or the shards of one) of another program, as it was when it was found."""

    path: str  # the file; of shards, their index or the first of them
    files: tuple[str, ...]
    kind: str
    title: str
    precision: str = ""
    speakers: str = "unknown"
    size: int = 0  # bytes, all files
    mtime_ns: tuple[int, ...] = ()  # of each file
    program: str = ""  # "Hugging Face cache", "ComfyUI", "WanGP"; "": a folder like any other
    sha256: tuple[str, ...] = ()  # of each file, where it was asked for

    def unchanged(self) -> bool:
        """Whether all files are still there, with size and time of then."""
        try:
            stats = [Path(file).stat() for file in self.files]
        except OSError:
            return False
        times = tuple(stat.st_mtime_ns for stat in stats)
        return times == self.mtime_ns and sum(stat.st_size for stat in stats) == self.size


@dataclass(frozen=True, kw_only=True)
class Search:
    """What a folder holds: files of use, broken ones with their problem, and how many others."""

    folder: Path
    found: tuple[FoundFile, ...]
    broken: tuple[tuple[Path, ErrorReport], ...]
    others: int  # model files of other networks


def usual_places() -> list[Path]:
    """Folders in which other programs keep models, those that exist."""
    home = Path.home()
    said = [os.environ.get(name) for name in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE")]
    base = os.environ.get("HF_HOME")
    places = [Path(one) for one in said if one]
    places += [Path(base) / "hub"] if base else [home / ".cache" / "huggingface" / "hub"]
    for parent in (home, home / "Documents", Path("C:/")):
        places += [parent / name / "models" for name in ("ComfyUI", "comfyui")]
        places += [parent / "ComfyUI_windows_portable" / "ComfyUI" / "models"]
        places += [parent / name / "ckpts" for name in ("Wan2GP", "WanGP")]
    return [place for place in dict.fromkeys(places) if place.is_dir()]


def search(folder: Path, digest: Step | None = None) -> Search:
    """Recognizes the model files below a folder by their headers; milliseconds per file.

    With `digest` each useful file is read whole and its SHA-256 taken; one that a Hugging Face
    cache calls by another digest is broken. Raises EngineError `weights.missing` without a folder.
    """
    if not _is_there(folder):
        raise engine_error(
            "weights.missing",
            "This folder does not exist",
            f"{folder} is not there.",
            "Name the folder of the other program, such as ComfyUI/models.",
            path=str(folder),
        )
    found: dict[Path, FoundFile] = {}
    broken: list[tuple[Path, ErrorReport]] = []
    others = 0
    for inspection in inspect(_roots(folder)):
        report = inspection.report
        if report.path.is_dir():  # a folder without model files
            continue
        first = report.files[0].resolve()
        if report.usable and report.kind in USEFUL:
            found.setdefault(first, _found(report))
        elif report.kind in ("foreign", "unknown") and not _ours_by_name(report):
            others += 1
        elif report.problems:
            broken.append((report.path, report.problems[0]))
    for tokenizer in _tokenizers(folder):
        found.setdefault(tokenizer.resolve(), _tokenizer(tokenizer))
    kept: list[FoundFile] = []
    for one in found.values():
        if digest is None or one.kind == TOKENIZER:
            kept.append(one)
            continue
        checked, problem = _digested(one, digest)
        kept += [checked] if problem is None else []
        broken += [(Path(one.path), problem)] if problem is not None else []
    return Search(folder=folder, found=tuple(kept), broken=tuple(broken), others=others)


def _is_there(folder: Path) -> bool:
    """Raises EngineError `disk.read_only` where that can't be told."""
    try:
        return folder.exists()
    except OSError as error:
        raise atomic.disk_error(error, folder) from error


def _ours_by_name(report: FileReport) -> bool:
    """A file that is damaged beyond recognition but bears one of the published names."""
    name = report.path.name.lower()
    return report.kind == "unknown" and any(
        word in name for word in ("infinitetalk", "wan2.1", "wan2_1", "umt5")
    )


def _found(report: FileReport) -> FoundFile:
    files = report.files
    return FoundFile(
        path=str(report.path.absolute()),
        files=tuple(str(file.absolute()) for file in files),
        kind=report.kind,
        title=report.title,
        precision=report.precision,
        speakers=report.speakers,
        size=sum(file.stat().st_size for file in files),
        mtime_ns=tuple(file.stat().st_mtime_ns for file in files),
        program=_program(report.path),
    )


def _tokenizer(folder: Path) -> FoundFile:
    files = [folder / name for name in TOKENIZER_FILES if (folder / name).is_file()]
    return FoundFile(
        path=str(folder.absolute()),
        files=tuple(str(file.absolute()) for file in files),
        kind=TOKENIZER,
        title="Tokenizer of the text encoder",
        size=sum(file.stat().st_size for file in files),
        mtime_ns=tuple(file.stat().st_mtime_ns for file in files),
        program=_program(folder),
    )


def _digested(one: FoundFile, step: Step) -> tuple[FoundFile, ErrorReport | None]:
    from infinitetalk.weights.download.digests import sha256_of

    digests = []
    done = 0
    for file in map(Path, one.files):
        before = done
        digest = sha256_of(file, lambda n, at=before, of=file: step(of, at + n, one.size))
        done += file.stat().st_size
        said = file.resolve().name if one.program == "Hugging Face cache" else ""
        if len(said) == 64 and said != digest:
            problem = corrupt(file, "its SHA-256 is not the one under which the cache keeps it.")
            return one, problem.report
        digests.append(digest)
    return replace(one, sha256=tuple(digests)), None


# -- where to look --------------------------------------------------------------------------------


def _roots(folder: Path) -> list[Path]:
    """The folder, and each snapshot of a cache in it (hidden folders and deep ones included)."""
    return [folder, *_snapshots(folder, 5)]


def _snapshots(folder: Path, depth: int) -> Iterator[Path]:
    if folder.name.startswith(CACHE_PREFIX):
        yield from sorted(path for path in (folder / "snapshots").glob("*") if path.is_dir())
        return
    if depth > 0:
        for entry in _folders(folder):
            if entry.name.startswith((CACHE_PREFIX, ".cache", "huggingface", "hub")):
                yield from _snapshots(entry, depth - 1)


def _folders(folder: Path) -> list[Path]:
    try:
        return sorted(entry for entry in folder.iterdir() if entry.is_dir())
    except OSError:
        return []


def _tokenizers(folder: Path, depth: int = DEPTH) -> Iterator[Path]:
    if folder.is_file():
        return
    if "umt5" in folder.name.lower() and any((folder / n).is_file() for n in TOKENIZER_FILES):
        yield folder
        return
    if depth > 0:
        for entry in _folders(folder):
            if not entry.is_symlink() and not entry.name.startswith(".git"):
                yield from _tokenizers(entry, depth - 1)


def _program(path: Path) -> str:
    """Which program a path belongs to, for people to know it again."""
    parts = [part.lower() for part in path.absolute().parts]
    if any(part.startswith(CACHE_PREFIX) for part in parts):
        return "Hugging Face cache"
    if any(part.startswith("comfyui") for part in parts):
        return "ComfyUI"
    if "ckpts" in parts or any(part in ("wan2gp", "wangp") for part in parts):
        return "WanGP"
    own = ("diffusion_models", "text_encoders", "clip_vision", "unet")
    return "ComfyUI" if "models" in parts and any(part in own for part in parts) else ""


# -- what is remembered ---------------------------------------------------------------------------


def remembered(models_folder: Path) -> tuple[FoundFile, ...]:
    """Files elsewhere that belong to a models folder, those that are still as they were.

    Raises EngineError `weights.corrupt` where `models.json` can't be read.
    """
    return tuple(one for one in _read(models_folder / FOUND_FILE) if one.unchanged())


def copied(models_folder: Path) -> tuple[FoundFile, ...]:
    """What was copied below a models folder, by its headers."""
    folder = models_folder / COPIES
    return search(folder).found if _is_folder(folder) else ()


def at_hand(models_folder: Path) -> tuple[FoundFile, ...]:
    """Everything that stands in for published files: elsewhere, or copied from there."""
    return (*remembered(models_folder), *copied(models_folder))


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def remembered_paths(models_folder: Path) -> tuple[list[Path], list[Path]]:
    """Model files elsewhere that belong to a models folder; and tokenizer folders."""
    every = remembered(models_folder)
    return (
        [Path(one.path) for one in every if one.kind != TOKENIZER],
        [Path(one.path) for one in every if one.kind == TOKENIZER],
    )


def remember(models_folder: Path, found: Iterable[FoundFile]) -> int:
    """Adds what was found to `models.json`, newer entries in place of older; how many it has now.

    What lies below the models folder itself needs no entry. Raises EngineError disk.*,
    `weights.corrupt`.
    """
    own = models_folder.absolute()
    every = {one.path: one for one in _read(models_folder / FOUND_FILE)}
    for one in found:
        if not Path(one.path).is_relative_to(own):
            every[one.path] = one
    _write(models_folder, every.values())
    return len(every)


def forget(models_folder: Path, path: Path) -> bool:
    """Takes a file out of `models.json`; the file itself stays. Whether it was there."""
    every = {one.path: one for one in _read(models_folder / FOUND_FILE)}
    known = every.pop(str(path.absolute()), None)
    if known is not None:
        _write(models_folder, every.values())
    return known is not None


def _write(models_folder: Path, found: Iterable[FoundFile]) -> None:
    atomic.make_folder(models_folder)
    files = [asdict(one) for one in found]
    atomic.write_json(models_folder / FOUND_FILE, {"format": FOUND_FORMAT, "files": files})


def _read(path: Path) -> tuple[FoundFile, ...]:
    try:
        data = json.loads(path.read_text("utf-8"))
    except (FileNotFoundError, PermissionError):  # of another user: nothing there is ours
        return ()
    except (OSError, ValueError, RecursionError) as error:
        raise corrupt(path, f"it can't be read ({error}).") from error
    try:
        if data["format"] != FOUND_FORMAT:
            raise ValueError(f"its format is {data['format']!r}; this program reads {FOUND_FORMAT}")
        return tuple(_parsed(entry) for entry in data["files"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise corrupt(path, f"it is no list of models ({error}).") from error


def _parsed(entry: dict) -> FoundFile:
    return FoundFile(
        path=str(entry["path"]),
        files=tuple(str(file) for file in entry["files"]),
        kind=str(entry["kind"]),
        title=str(entry["title"]),
        precision=str(entry.get("precision", "")),
        speakers=str(entry.get("speakers", "unknown")),
        size=int(entry["size"]),
        mtime_ns=tuple(int(n) for n in entry["mtime_ns"]),
        program=str(entry.get("program", "")),
        sha256=tuple(str(digest) for digest in entry.get("sha256", ())),
    )


def serves(one: FoundFile, kind: str, precision: str, speakers: int, names: Iterable[str]) -> bool:
    """Whether a file can stand for a part of the catalog: by what it is; a LoRA also by its name."""
    if one.kind != kind:
        return False
    if kind == "lora":
        return any(Path(name).name == Path(one.path).name for name in names)
    if speakers and SPEAKERS.get(one.speakers) != speakers:
        return False
    whole = precision in ("", *WHOLE) and one.precision in ("", *WHOLE)
    return whole or precision == one.precision
