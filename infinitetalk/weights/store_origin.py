"""Which files a block store was made of, told from headers: without torch."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from infinitetalk.errors import EngineError
from infinitetalk.weights.choice import choose_transformer
from infinitetalk.weights.folder import find_model
from infinitetalk.weights.header import read_header
from infinitetalk.weights.identity import identity_of
from infinitetalk.weights.recognize import STORE_MARK
from infinitetalk.weights.store_name import STORE_SUFFIX


def store_facts(path: Path) -> dict[str, Any] | None:
    """What a block store says of itself; None where it is none."""
    try:
        facts = json.loads(read_header(path).metadata[STORE_MARK])
    except (EngineError, KeyError, ValueError, RecursionError):
        return None
    return facts if isinstance(facts, dict) else None


def stores_and_origins(folder: Path) -> Iterator[tuple[Path, set[Path]]]:
    """Each block store of a folder, and the files that it was made of, as far as they are here."""
    stores = [path for path in sorted(folder.glob("*" + STORE_SUFFIX)) if path.is_file()]
    if not stores:
        return
    made_of = _identities(folder)
    for path in stores:
        facts = store_facts(path)
        if facts is not None and facts.get("identity") in made_of:
            yield path, made_of[facts["identity"]]


def _identities(folder: Path) -> dict[str, set[Path]]:
    """What stores made here bear as identity: of which files."""
    files = find_model(folder)
    identities: dict[str, set[Path]] = {}
    for speakers in (1, 2):
        for precision in ("bf16", "fp8", "int8"):
            try:
                parts = choose_transformer(files, speakers=speakers, precision=precision).parts
            except EngineError:
                continue
            headers = [h for p in parts if p.layout is not None for h in p.layout.headers]
            named = {file.resolve() for part in parts for file in part.report.files}
            identities[identity_of(headers, {})] = named
    return identities
