"""What of the catalog is on this machine, told without a network: for a list that opens at once."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from infinitetalk.weights import found
from infinitetalk.weights.download.catalog import Catalog, ModelSet, Part
from infinitetalk.weights.download.part import JOURNAL, PART
from infinitetalk.weights.download.plan import State
from infinitetalk.weights.download.record import Record
from infinitetalk.weights.store_name import store_name

_WHOLE = 0.97  # sizes in the catalog are about right; the hub has the exact ones


@dataclass(frozen=True, kw_only=True)
class PartHere:
    """What is here of a part. States as in `PlannedFile`, as far as they show without the hub."""

    state: State
    have: int = 0  # bytes
    path: str = ""  # of the file that serves, another program's or a copy of it
    program: str = ""  # whose it is
    copied: bool = False  # below the models folder itself

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def parts_here(catalog: Catalog, folder: Path) -> dict[str, PartHere]:
    """By part. Raises EngineError `weights.corrupt` where `models.json` can't be read."""
    record = Record(folder)
    others = found.at_hand(folder)
    every = {part.name: part for one in catalog.sets.values() for part in one.parts}
    return {name: _looked_at(part, folder, record, others) for name, part in every.items()}


def sets_here(catalog: Catalog, folder: Path) -> dict[str, str]:
    """By set: "ready" where all its parts are here, "partial" where what makes it what it is has
    come in part or whole, else "missing".
    """
    here = parts_here(catalog, folder)
    states: dict[str, str] = {}
    for one in catalog.sets.values():
        every = [here[part.name].state for part in one.parts]
        own = [here[name].state for name in one.own_parts]
        if all(state in ("ready", "unchecked", "elsewhere") for state in every):
            states[one.name] = "ready"
        else:
            states[one.name] = "partial" if set(own) != {"missing"} else "missing"
    return states


def stores_here(catalog: Catalog, folder: Path) -> dict[str, str]:
    """By set: whether its block store is "ready", "partial" or "missing"."""
    return {name: _store(one, folder) for name, one in catalog.sets.items() if one.conversion_bytes}


def _store(one: ModelSet, folder: Path) -> str:
    if not one.precision or not one.speakers:
        return "missing"
    store = folder / store_name(one.precision, one.speakers)
    if _is_file(store):
        return "ready"
    return "partial" if _is_file(store.with_name(store.name + PART)) else "missing"


def _looked_at(
    part: Part, folder: Path, record: Record, others: Iterable[found.FoundFile]
) -> PartHere:
    groups = [_matching(folder / part.folder, pattern) for pattern in part.files]
    files, begun = files_of(part, folder)
    have = sum(_length(file) for file in (*files, *begun))
    checked = [record.checked(file, file.relative_to(folder).as_posix()) for file in files]
    if any(one is not None and not one.identity for one in checked):
        return PartHere(state="different", have=have)
    if begun or (have < _WHOLE * part.size and files):
        return PartHere(state="partial", have=have)
    if files and all(groups):
        ready = all(one is not None for one in checked)
        return PartHere(state="ready" if ready else "unchecked", have=have)
    for one in others:
        if found.serves(one, part.kind, part.precision, part.speakers, part.files):
            copied = Path(one.path).is_relative_to(folder.absolute())
            program = "" if copied else one.program
            return PartHere(
                state="elsewhere", have=one.size, path=one.path, program=program, copied=copied
            )
    return PartHere(state="missing")


def files_of(part: Part, folder: Path) -> tuple[list[Path], list[Path]]:
    """The files of a part that are in the folder; and those that were begun (`NAME.part`)."""
    groups = [_matching(folder / part.folder, pattern) for pattern in part.files]
    every = dict.fromkeys(file for group in groups for file in group)
    return (
        [file for file in every if file.suffix != PART],
        [file for file in every if file.suffix == PART],
    )


def _matching(base: Path, pattern: str) -> list[Path]:
    """Files of a name or pattern, and those that are being loaded."""
    try:
        every = {*base.glob(pattern), *base.glob(pattern + PART)}
        return sorted(one for one in every if _is_file(one) and not one.name.endswith(JOURNAL))
    except OSError:
        return []


def _is_file(path: Path) -> bool:
    """Also where the folder may not be looked into: then there is nothing to use."""
    try:
        return path.is_file()
    except OSError:
        return False


def _length(file: Path) -> int:
    """Bytes that are on the disk; a file that is being loaded may have a hole at its end."""
    try:
        return file.stat().st_size
    except OSError:
        return 0
