"""Model folders and the catalog as the window lists them: facts, and what is wrong."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from infinitetalk.errors import EngineError
from infinitetalk.probe.place import place_of
from infinitetalk.weights.choice import weights_facts
from infinitetalk.weights.download.catalog import read_catalog
from infinitetalk.weights.download.here import parts_here, stores_here
from infinitetalk.weights.folder import find_model


def listed_weights(folders: Iterable[Path]) -> Iterator[dict[str, Any]]:
    """One entry per folder that exists: its path, and its facts or the report of what is missing."""
    for folder in folders:
        if not folder.is_dir():
            continue
        entry: dict[str, Any] = {"path": folder}
        try:
            files = find_model(folder)
            facts = weights_facts(files)
            entry.update({name: getattr(facts, name) for name in facts.__dataclass_fields__})
            entry["usable"] = True
        except EngineError as error:
            entry.update(usable=False, error=error.report.to_json())
        yield entry


def listed_catalog(folder: Path | None) -> dict[str, Any]:
    """The sets; with a models folder also what of them is there, and what that folder lies on."""
    catalog = read_catalog()
    listed = catalog.to_json()
    if folder is not None:
        here = parts_here(catalog, folder)
        listed["here"] = {name: one.to_json() for name, one in here.items()}
        listed["stores"] = stores_here(catalog, folder)
        listed["place"] = place_of(folder).to_json()
    return listed
