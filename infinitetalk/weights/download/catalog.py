"""The catalog of sets: which published files make a usable model. Data, not code.

`resources/catalog/*.json` hold it, and so may files that the user names; `README.md` beside them
tells the form. Sizes are what was published when the catalog was written, for a list without a
network; before loading, the hub's own figures are taken.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infinitetalk import paths
from infinitetalk.errors import engine_error
from infinitetalk.weights.download.remote import safe_name

CATALOG_FORMAT = 1
MAX_BYTES = 4 * 1024**2
PRECISIONS = ("bf16", "fp8", "int8")
TRANSFORMER = ("base", "overlay", "merged")  # kinds of parts that a block store is made of


@dataclass(frozen=True, kw_only=True)
class Part:
    """Files of one repository that belong together: a network, a tokenizer."""

    name: str
    title: str
    kind: str  # as `weights.recognize` calls it, or "tokenizer"
    repo: str  # "owner/name"
    revision: str
    folder: str  # below the models folder
    files: tuple[str, ...]  # names or patterns (* ?) in the repository
    size: int  # bytes, about
    detail: str = ""  # what it is, for people
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # language -> both
    precision: str = ""
    speakers: int = 0  # 0: any
    sha256: Mapping[str, str] = field(default_factory=dict)  # of files known beforehand

    def place(self, name: str) -> str:
        """Where a file of the repository lies below the models folder."""
        return f"{self.folder}/{name}"


@dataclass(frozen=True, kw_only=True)
class ModelSet:
    """What the user chooses."""

    name: str
    title: str
    detail: str
    parts: tuple[Part, ...]
    precision: str = ""  # of the transformer; "": a LoRA
    speakers: int = 0
    conversion_bytes: int = 0  # of the block store made from it
    recommended: bool = False  # offered first, beside the set that suits the card
    words: Mapping[str, str] = field(default_factory=dict)  # language -> title

    @property
    def size(self) -> int:
        return sum(part.size for part in self.parts)

    @property
    def own_parts(self) -> tuple[str, ...]:
        """The parts that make the set what it is: its transformer, or all."""
        transformer = tuple(part.name for part in self.parts if part.kind in TRANSFORMER)
        return transformer or tuple(part.name for part in self.parts)


@dataclass(frozen=True, kw_only=True)
class Catalog:
    """All sets, by name, in the order in which they are listed."""

    version: str
    sets: Mapping[str, ModelSet]

    def to_json(self) -> dict[str, Any]:
        """The sets as the window and `weights sets --json` list them."""
        sets = [
            {
                "name": one.name,
                "title": one.title,
                "detail": one.detail,
                "words": {language: {"title": title} for language, title in one.words.items()},
                "precision": one.precision,
                "speakers": one.speakers,
                "size": one.size,
                "conversion": one.conversion_bytes,
                "recommended": one.recommended,
                "parts": [_listed(part) for part in one.parts],
            }
            for one in self.sets.values()
        ]
        return {"version": self.version, "sets": sets}

    def choose(self, names: Iterable[str]) -> tuple[ModelSet, ...]:
        """Raises EngineError `download.unknown_set`, naming those there are."""
        chosen = []
        for name in dict.fromkeys(names):
            if name not in self.sets:
                raise engine_error(
                    "download.unknown_set",
                    "There is no such set",
                    f"{name!r} is not in the catalog.",
                    f"Choose from: {', '.join(self.sets)}.",
                    name=name,
                )
            chosen.append(self.sets[name])
        return tuple(chosen)


def own_catalogs() -> Path:
    """The user's folder of catalogs: a file put there adds sets to the window and the commands."""
    return paths.config_folder() / "catalog"


def read_catalog(more: Iterable[Path] = ()) -> Catalog:
    """The bundled catalog, with what the user's files and further ones add or replace by name.

    Raises EngineError `download.catalog`, naming the file and the entry that is wrong.
    """
    bundled = sorted((paths.resources_folder() / "catalog").glob("*.json"))
    own = sorted(own_catalogs().glob("*.json"))
    tables: dict[str, dict[str, Any]] = {"repositories": {}, "parts": {}, "sets": {}}
    sets: dict[str, ModelSet] = {}
    versions = []
    for path in (*bundled, *own, *more):
        try:
            data = _loaded(path)
            versions.append(str(data["version"]))
            tables["sets"].update(data["sets"])
            tables["parts"].update(data.get("parts", {}))
            tables["repositories"].update(data.get("repositories", {}))
            sets = _parsed(tables)  # after each file, so that the one that is wrong can be named
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            told = f"{error} is missing" if isinstance(error, KeyError) else f"{error}"
            raise engine_error(
                "download.catalog",
                "The catalog of models can't be read",
                f"{path}: {told}.",
                "Install the program again, or correct the file.",
                path=str(path),
            ) from error
    return Catalog(version=", ".join(versions), sets=sets)


def _listed(part: Part) -> dict[str, Any]:
    return {
        "name": part.name,
        "title": part.title,
        "detail": part.detail,
        "words": {language: dict(both) for language, both in part.words.items()},
        "kind": part.kind,
        "size": part.size,
        "precision": part.precision,
        "speakers": part.speakers,
        "repo": part.repo,
    }


def _loaded(path: Path) -> dict[str, Any]:
    if path.stat().st_size > MAX_BYTES:
        raise ValueError("it is too large for a catalog")
    data = json.loads(path.read_text("utf-8"))
    if not isinstance(data, dict):
        raise TypeError("it is no table")
    if data.get("format") != CATALOG_FORMAT:
        raise ValueError(
            f"its format is {data.get('format')!r}; this program reads {CATALOG_FORMAT}"
        )
    return data


def _parsed(data: Mapping[str, Any]) -> dict[str, ModelSet]:
    repositories = data["repositories"]
    parts = {name: _part(name, entry, repositories) for name, entry in data["parts"].items()}
    return {name: _set(name, entry, parts) for name, entry in data["sets"].items()}


def _part(name: str, entry: Mapping[str, Any], repositories: Mapping[str, Any]) -> Part:
    where = repositories[entry["repository"]]
    owner, _, short = str(where["repo"]).partition("/")
    if not owner or not short or safe_name(where["repo"]) != f"{owner}/{short}":
        raise ValueError(f"{where['repo']!r} is no owner/name")
    files = tuple(str(file) for file in entry["files"])
    if not files:
        raise ValueError(f"part {name!r} has no files")
    return Part(
        name=name,
        title=str(entry["title"]),
        kind=str(entry["kind"]),
        repo=str(where["repo"]),
        revision=str(where.get("revision", "main")),
        folder=safe_name(where["folder"]),
        files=files,
        size=_count(entry["size"]),
        detail=str(entry.get("detail", "")),
        words={
            str(language): {"title": str(both["title"]), "detail": str(both.get("detail", ""))}
            for language, both in entry.get("words", {}).items()
        },
        precision=str(entry.get("precision", "")),
        speakers=_count(entry.get("speakers", 0)),
        sha256={str(k): str(v).lower() for k, v in dict(entry.get("sha256", {})).items()},
    )


def _set(name: str, entry: Mapping[str, Any], parts: Mapping[str, Part]) -> ModelSet:
    precision = str(entry.get("precision", ""))
    if precision not in ("", *PRECISIONS):
        raise ValueError(f"set {name!r} has the precision {precision!r}")
    return ModelSet(
        name=name,
        title=str(entry["title"]),
        detail=str(entry.get("detail", "")),
        parts=tuple(parts[part] for part in entry["parts"]),
        precision=precision,
        speakers=_count(entry.get("speakers", 0)),
        conversion_bytes=_count(entry.get("conversion_bytes", 0)),
        recommended=entry.get("recommended", False) is True,
        words={str(lang): str(said["title"]) for lang, said in entry.get("words", {}).items()},
    )


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"a whole number is needed, found {value!r}")
    return value
