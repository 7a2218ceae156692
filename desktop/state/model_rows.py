"""The rows of the model page: parts of the catalog, what is here of them, and sums. Pure values."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from infinitetalk.errors import GIB, ErrorReport
from infinitetalk.event import DownloadProgress, ImportProgress

Group = Literal["needed", "later", "other"]
Status = Literal[
    "not_chosen",
    "next",
    "waiting",
    "loading",
    "paused",
    "checking",
    "converting",
    "ready",
    "unchecked",
    "elsewhere",
    "partial",
    "different",
    "failed",
]
SPARE = 2 * GIB  # bytes that stay free, as the engine counts
TRANSFORMER = ("base", "overlay", "merged")  # kinds of parts that a block store is made of
MISMATCH = ("download.damaged", "download.exists", "download.changed")
HERE = ("ready", "unchecked", "elsewhere")


@dataclass(frozen=True, kw_only=True)
class Part:
    """A row of the catalog; sizes in bytes."""

    name: str
    title: str
    detail: str
    kind: str
    size: int
    repo: str
    group: Group
    state: str = "missing"  # as the engine finds it on the disk
    have: int = 0
    path: str = ""  # of the file of another program that serves
    program: str = ""
    copied: bool = False  # from another program, into the folder itself


@dataclass(frozen=True, kw_only=True)
class ModelSet:
    """What the engine loads by name."""

    name: str
    title: str
    precision: str
    speakers: int
    parts: tuple[str, ...]
    conversion: int  # bytes of its block store
    store: str = "missing"  # or "partial", "ready"
    recommended: bool = False


@dataclass(frozen=True, kw_only=True)
class Catalog:
    """What the engine answered to `list_catalog`."""

    version: str = ""
    parts: tuple[Part, ...] = ()
    sets: tuple[ModelSet, ...] = ()
    drive: str = ""
    free: int = 0
    notices: tuple[ErrorReport, ...] = ()  # about the folder

    def part(self, name: str) -> Part | None:
        return next((part for part in self.parts if part.name == name), None)

    @property
    def needed(self) -> tuple[str, ...]:
        return tuple(part.name for part in self.parts if part.group == "needed")


@dataclass(frozen=True, kw_only=True)
class Moving:
    """A part that is being loaded: the sums of its files."""

    done: int = 0
    total: int = 0
    status: Status = "next"
    report: ErrorReport | None = None


@dataclass(frozen=True, kw_only=True)
class Row:
    """A part as it is shown."""

    part: Part
    chosen: bool
    status: Status
    size: int
    done: int = 0  # bytes loaded, checked or converted
    total: int = 0
    seconds_left: float | None = None
    report: ErrorReport | None = None
    convert: str = ""  # set whose block store can be made from it: "" none
    store: str = ""  # state of that store
    converted: str = ""  # set whose block store was made from it


@dataclass(frozen=True, kw_only=True)
class Sums:
    """What is chosen, in bytes."""

    chosen: int
    to_load: int
    conversion: int
    free: int

    @property
    def after(self) -> int:
        return self.free - self.to_load - self.conversion

    @property
    def fits(self) -> bool:
        return not self.to_load or self.after >= SPARE


def read_catalog(data: Mapping[str, Any], precision: str, language: str = "en") -> Catalog:
    """The catalog in the order it is shown: first what suits a card of this precision."""
    here: Mapping[str, Any] = data.get("here", {})
    stores: Mapping[str, str] = data.get("stores", {})
    sets = [_set({**entry, **_words(entry, language)}, stores) for entry in data["sets"]]
    needed = [s for s in sets if s.recommended or (s.precision == precision and s.speakers == 1)]
    later = [s for s in sets if s not in needed and s.precision in ("", precision)]
    others = [s for s in sets if s not in needed and s not in later]
    entries = {part["name"]: part for one in data["sets"] for part in one["parts"]}
    parts: dict[str, Part] = {}
    groups: tuple[tuple[Group, list[ModelSet]], ...] = (
        ("needed", sorted(needed, key=lambda s: s.recommended)),
        ("later", later),
        ("other", others),
    )
    for group, members in groups:
        for one in members:
            for name in one.parts:
                if name not in parts:
                    entry = entries[name]
                    words = _words(entry, language)
                    parts[name] = _part({**entry, **words}, group, here.get(name, {}))
    place = data.get("place", {})
    return Catalog(
        version=str(data["version"]),
        parts=tuple(parts.values()),
        sets=(*needed, *later, *others),
        drive=str(place.get("drive", "")),
        free=int(place.get("free", 0)),
        notices=tuple(ErrorReport.from_json(one) for one in place.get("notices", ())),
    )


def _words(entry: Mapping[str, Any], language: str) -> Mapping[str, Any]:
    """Title and detail in that language, where the catalog has them."""
    return entry.get("words", {}).get(language, {})


def _set(entry: Mapping[str, Any], stores: Mapping[str, str]) -> ModelSet:
    name = str(entry["name"])
    return ModelSet(
        name=name,
        title=str(entry["title"]),
        precision=str(entry["precision"]),
        speakers=int(entry["speakers"]),
        parts=tuple(str(part["name"]) for part in entry["parts"]),
        conversion=int(entry["conversion"]),
        store=stores.get(name, "missing"),
        recommended=bool(entry.get("recommended", False)),
    )


def _part(entry: Mapping[str, Any], group: Group, here: Mapping[str, Any]) -> Part:
    return Part(
        name=str(entry["name"]),
        title=str(entry["title"]),
        detail=str(entry.get("detail", "")),
        kind=str(entry["kind"]),
        size=int(entry["size"]),
        repo=str(entry.get("repo", "")),
        group=group,
        state=str(here.get("state", "missing")),
        have=int(here.get("have", 0)),
        path=str(here.get("path", "")),
        program=str(here.get("program", "")),
        copied=bool(here.get("copied", False)),
    )


def sets_for(catalog: Catalog, chosen: Collection[str]) -> tuple[str, ...]:
    """Sets that have all chosen parts: whole ones, then the first that has what is left."""
    wanted = set(chosen)
    names = [one for one in catalog.sets if _own(catalog, one) <= wanted]
    left = wanted - {part for one in names for part in one.parts}
    for one in catalog.sets:
        if left & set(one.parts):
            names.append(one)
            left -= set(one.parts)
    return tuple(one.name for one in names)


def _own(catalog: Catalog, one: ModelSet) -> set[str]:
    """The parts that make the set what it is."""
    transformer = {
        name for name in one.parts if (part := catalog.part(name)) and part.kind in TRANSFORMER
    }
    return transformer or set(one.parts)


def sets_to_convert(catalog: Catalog, chosen: Collection[str]) -> tuple[ModelSet, ...]:
    """Sets all of whose transformer is chosen and that have no block store yet."""
    found = []
    for one in catalog.sets:
        own = _own(catalog, one)
        if one.conversion and one.speakers and one.store != "ready" and own <= set(chosen):
            found.append(one)
    return tuple(found)


def convertible(catalog: Catalog, name: str) -> ModelSet | None:
    """The set whose block store can be made from what is here, told at its first own part."""
    for one in catalog.sets:
        if not one.conversion or not one.speakers or one.store == "ready":
            continue
        own = [part for part in one.parts if part in _own(catalog, one)]
        if own[:1] == [name] and transformer_is_here(catalog, one):
            return one
    return None


def converted(catalog: Catalog, name: str) -> str:
    """The set whose block store is here, told at its first own part; "" where there is none."""
    for one in catalog.sets:
        own = [part for part in one.parts if part in _own(catalog, one)]
        if one.store == "ready" and own[:1] == [name]:
            return one.name
    return ""


def transformer_is_here(catalog: Catalog, one: ModelSet) -> bool:
    """Whether all that the block store is made of lies on the disk."""
    parts = [catalog.part(name) for name in _own(catalog, one)]
    return all(part is not None and part.state in HERE for part in parts)


def moved(moving: Mapping[str, DownloadProgress]) -> Moving:
    """A part from the last report of each of its files."""
    files = list(moving.values())
    done, total = sum(file.done for file in files), sum(file.total for file in files)
    report = next((file.error for file in files if file.error is not None), None)
    statuses = {file.status for file in files}
    status: Status
    if "failed" in statuses:
        failed = next(file.error for file in files if file.status == "failed")
        mismatch = failed is not None and failed.code in MISMATCH
        status, report = ("different" if mismatch else "failed"), failed
    elif "running" in statuses:
        status = "loading"
    elif "checking" in statuses:
        status = "checking"
        checked = [file for file in files if file.status == "checking"]
        done, total = sum(f.done for f in checked), sum(f.total for f in checked)
    elif "paused" in statuses:
        status = "paused"
    elif statuses == {"finished"}:
        status = "ready"
    else:
        status = "waiting" if report is not None else "next"
    return Moving(done=done, total=total, status=status, report=report)


@dataclass(frozen=True, kw_only=True)
class View:
    """Everything that the rows follow from."""

    catalog: Catalog
    chosen: frozenset[str]
    moving: Mapping[str, Moving] = field(default_factory=dict)  # by part
    failures: Mapping[str, ErrorReport] = field(default_factory=dict)  # by part, from before
    converting: Mapping[str, ImportProgress] = field(default_factory=dict)  # by set
    sizes: Mapping[str, int] = field(default_factory=dict)  # by part, as the hub tells them
    rate: float = 0.0  # bytes per second, all files


def rows_of(view: View) -> tuple[Row, ...]:
    loading = sum(one.status == "loading" for one in view.moving.values())
    return tuple(_row(view, part, max(loading, 1)) for part in view.catalog.parts)


def _row(view: View, part: Part, loading: int) -> Row:
    chosen = part.name in view.chosen
    row = Row(
        part=part,
        chosen=chosen,
        status=_resting(part, chosen=chosen),
        size=view.sizes.get(part.name) or part.size,
        done=part.have,
        total=part.size,
        converted=converted(view.catalog, part.name),
    )
    moving = view.moving.get(part.name)
    if moving is not None and moving.status != "ready":
        left = None
        if moving.status == "loading" and view.rate > 0:
            left = (moving.total - moving.done) / (view.rate / loading)
        return replace(
            row,
            status=moving.status,
            done=moving.done,
            total=moving.total,
            seconds_left=left,
            report=moving.report,
        )
    if part.name in view.failures and row.status not in HERE:
        report = view.failures[part.name]
        return replace(
            row, status="different" if report.code in MISMATCH else "failed", report=report
        )
    if moving is not None:
        row = replace(row, status="ready")
    return _with_store(view, row)


def _resting(part: Part, *, chosen: bool) -> Status:
    match part.state:
        case "ready" | "unchecked" | "elsewhere" | "different":
            return part.state
        case "partial":
            return "partial"
        case _:
            return "next" if chosen else "not_chosen"


def _with_store(view: View, row: Row) -> Row:
    for name, progress in view.converting.items():
        one = next((s for s in view.catalog.sets if s.name == name), None)
        own = [p for p in one.parts if p in _own(view.catalog, one)] if one else []
        if own[:1] == [row.part.name]:
            return replace(
                row, status="converting", done=progress.done, total=progress.total, convert=name
            )
    found = convertible(view.catalog, row.part.name)
    return replace(row, convert=found.name, store=found.store) if found is not None else row


def sums_of(
    catalog: Catalog, rows: Sequence[Row], chosen: Iterable[str], *, convert: bool = True
) -> Sums:
    """`convert`: block stores are made of what is chosen."""
    wanted = set(chosen)
    mine = [row for row in rows if row.part.name in wanted]
    missing = [row for row in mine if row.part.state not in HERE and row.status != "ready"]
    return Sums(
        chosen=sum(row.size for row in mine),
        to_load=sum(max(row.size - min(_have(row), row.size), 0) for row in missing),
        conversion=sum(one.conversion for one in sets_to_convert(catalog, wanted)) * convert,
        free=catalog.free,
    )


def _have(row: Row) -> int:
    """Bytes that need not be loaded: what lies there of a part, or has come since."""
    if row.status in ("different", "failed"):
        return 0
    return row.done if row.status in ("loading", "paused", "waiting") else row.part.have
