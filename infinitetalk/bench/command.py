"""`infinitetalk bench`: measures what was asked for, prints a table, writes JSON."""

import argparse
import gc
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from infinitetalk.bench import report
from infinitetalk.bench.files import measure_disk, measure_import
from infinitetalk.bench.floors import Floors, measure_floors
from infinitetalk.bench.kernels import measure_kernels
from infinitetalk.bench.passes import measure_drafts, measure_passes
from infinitetalk.bench.pictures import measure_vae
from infinitetalk.bench.settings import Settings, add_arguments, settings_of
from infinitetalk.bench.whole import measure_chunks
from infinitetalk.errors import EngineError

__all__ = ["add_arguments", "main", "run"]


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Everything measured, as plain values; also printed and, with `--json`, written.

    Raises EngineError `bench.unknown` for arguments that make no sense.
    """
    with tempfile.TemporaryDirectory(prefix="infinitetalk-bench-") as temporary:
        settings = settings_of(args, Path(temporary))
        with torch.no_grad():
            found = _measure(settings)
    text = report.tables(found)
    print(text)
    if settings.json is not None:
        report.save(found, settings.json)
    return found


def _measure(settings: Settings) -> dict[str, Any]:
    found: dict[str, Any] = {"environment": report.environment(settings)}
    floors: Floors | None = None
    if "floors" in settings.sections:
        floors = measure_floors(settings)
        found["floors"] = floors.to_json()
        _say(settings, found, "floors")
    works: dict[str, Callable[[], list[dict[str, Any]]]] = {
        "passes": lambda: measure_passes(settings, floors),
        "kernels": lambda: measure_kernels(settings),
        "drafts": lambda: measure_drafts(settings),
        "vae": lambda: measure_vae(settings),
        "import": lambda: measure_import(settings),
        "disk": lambda: measure_disk(settings),
        "quality": lambda: _quality(settings),
        "chunk": lambda: measure_chunks(settings),  # last: its memory ceiling stays
    }
    for name, work in works.items():
        if name in settings.sections:
            gc.collect()
            found[name] = work()
            _say(settings, found, name)
    return found


def _quality(settings: Settings) -> list[dict[str, Any]]:
    from infinitetalk.bench.quality import measure_quality  # needs the whole engine's packages

    return measure_quality(settings.clips)


def _say(settings: Settings, found: dict[str, Any], name: str) -> None:
    """Keeps what is there so far: a run that is cut off has not been for nothing."""
    print(f"measured: {name}", file=sys.stderr, flush=True)
    if settings.json is not None:
        report.save(found, settings.json)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="infinitetalk bench",
        description="Measures this machine with random weights: speed, memory, streaming.",
    )
    add_arguments(parser)
    try:
        run(parser.parse_args(argv))
    except EngineError as error:
        print(error.report, file=sys.stderr)
        return 2
    return 0
