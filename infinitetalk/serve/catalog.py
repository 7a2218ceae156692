"""Model folders as the window lists them: facts, and what is wrong."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from infinitetalk.errors import EngineError
from infinitetalk.weights.choice import weights_facts
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
