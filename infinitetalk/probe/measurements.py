"""What earlier jobs measured on this machine, in the cache folder: the plan's times are from here.

A few values are kept for each key; their median counts, so that one disturbed chunk changes nothing.
"""

import contextlib
import json
import os
import statistics
from collections.abc import Mapping
from pathlib import Path

from infinitetalk import paths

FORMAT = 1
_KEPT = 5  # values of a key
_KEYS = 200  # the least recently measured are forgotten beyond that


def measurements_file() -> Path:
    return paths.cache_folder() / "measurements.json"


def read_measurements(file: Path | None = None) -> tuple[tuple[str, float], ...]:
    """(key, median) pairs, the latest key last; empty where nothing was measured."""
    known = _read(file or measurements_file())
    return tuple((key, statistics.median(values)) for key, values in known.items())


def add_measurements(found: Mapping[str, float], file: Path | None = None) -> None:
    """Keeps new values; a cache that can't be written is no reason to fail."""
    target = file or measurements_file()
    known = _read(target)
    for key, value in found.items():
        values = [*known.pop(key, []), float(value)][-_KEPT:]
        known[key] = values  # at the end: it is the latest
    known = dict(list(known.items())[-_KEYS:])
    beside = target.with_name(f"{target.name}.{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(json.dumps({"format": FORMAT, "measured": known}, indent=1), "utf-8")
        beside.replace(target)
    except OSError:
        with contextlib.suppress(OSError):
            beside.unlink()


def forget_measurements(file: Path | None = None) -> None:
    (file or measurements_file()).unlink(missing_ok=True)


def _read(file: Path) -> dict[str, list[float]]:
    try:
        data = json.loads(file.read_text("utf-8"))
        if data["format"] != FORMAT:
            return {}
        return {
            str(key): [float(value) for value in values if float(value) > 0]
            for key, values in dict(data["measured"]).items()
            if values
        }
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}
