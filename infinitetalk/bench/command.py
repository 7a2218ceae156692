"""`infinitetalk bench`: measures what was asked for, prints a table, writes JSON."""

import argparse
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

import torch

from infinitetalk.bench import report
from infinitetalk.bench.files import (
    coded_precisions,
    drop_files,
    measure_bf16_file,
    measure_disk,
    measure_import,
    measure_shards,
)
from infinitetalk.bench.floors import Floors, measure_floors, size_text
from infinitetalk.bench.kernels import measure_kernels
from infinitetalk.bench.models import Models
from infinitetalk.bench.parts import Parts
from infinitetalk.bench.passes import (
    measure_draft,
    measure_pageable,
    measure_pass,
    measure_pieces,
)
from infinitetalk.bench.pictures import measure_vae, vae_kinds
from infinitetalk.bench.settings import Settings, add_arguments, settings_of
from infinitetalk.bench.whole import WholeJobs
from infinitetalk.errors import EngineError

__all__ = ["add_arguments", "main", "run"]


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Everything measured, as plain values; also printed and, with `--json`, written.

    What failed is under "parts", with the reason. Raises EngineError `bench.unknown` for arguments
    that make no sense.
    """
    with tempfile.TemporaryDirectory(prefix="infinitetalk-bench-") as temporary:
        settings = settings_of(args, Path(temporary))
        with torch.no_grad():
            found = _measure(settings)
    print(report.tables(found))
    return found


def _measure(settings: Settings) -> dict[str, Any]:
    parts, models = Parts(settings), Models(settings)
    try:
        _run_parts(settings, parts, models)
    finally:
        models.close()
    return parts.found


def _run_parts(settings: Settings, parts: Parts, models: Models) -> None:
    floors: list[Floors] = []

    def measure_rates() -> dict[str, Any]:
        floors.append(measure_floors(settings))
        return floors[0].to_json()

    if "floors" in settings.sections:
        parts.run("floors", "rates", measure_rates)
    known = floors[0] if floors else None
    jobs = WholeJobs(settings) if "chunk" in settings.sections else None
    for precision in settings.precisions:
        _of_precision(settings, parts, models, precision, known, jobs)
    models.close()
    if jobs is not None:
        jobs.close()
    if "passes" in settings.sections and settings.pageable:
        for precision in settings.precisions:
            size = settings.sizes[0]
            parts.run(
                "passes",
                f"{precision} {size_text(size)} pageable",
                partial(measure_pageable, settings, precision, size),
            )
    if "vae" in settings.sections:
        for size in settings.sizes:
            for kind in vae_kinds(settings):
                name = f"{size_text(size)} {kind}"
                parts.run("vae", name, partial(measure_vae, settings, size, kind))
    if "import" in settings.sections:
        _import_files(settings, parts)
    if "shards" in settings.sections:
        parts.run("shards", "float32", partial(measure_shards, settings))
    if "disk" in settings.sections:
        parts.run("disk", "all", partial(measure_disk, settings))
    if "quality" in settings.sections:
        parts.run("quality", f"{settings.clips} clips", partial(_quality, settings))


def _import_files(settings: Settings, parts: Parts) -> None:
    """Each import is a part of its own: they take minutes."""
    parts.run("import", "bf16", partial(measure_bf16_file, settings))
    coded = coded_precisions(settings)
    for precision in coded:
        parts.run("import", precision, partial(measure_import, settings, precision))
        if precision != coded[-1]:
            drop_files(settings, precision)  # the last stays, to be read from disk
    drop_files(settings, "bf16")


def _of_precision(
    settings: Settings,
    parts: Parts,
    models: Models,
    precision: str,
    floors: Floors | None,
    jobs: WholeJobs | None,
) -> None:
    """What needs the transformer: it is made once for all of them."""
    model = models.use(precision)
    if "passes" in settings.sections:
        for size in settings.sizes:
            parts.run(
                "passes",
                f"{precision} {size_text(size)}",
                lambda size=size: measure_pass(settings, floors, model(), precision, size),
            )
    if "kernels" in settings.sections:
        size = settings.sizes[0]
        parts.run(
            "kernels",
            f"{precision} {size_text(size)}",
            lambda: measure_kernels(settings, model(), precision, size),
        )
    if "pieces" in settings.sections:
        size = settings.sizes[0]
        parts.run(
            "pieces",
            f"{precision} {size_text(size)}",
            lambda: measure_pieces(settings, model(), precision, size),
        )
    if "drafts" in settings.sections:
        for size in settings.draft_sizes:
            parts.run(
                "drafts",
                f"{precision} {size_text(size)}",
                lambda size=size: measure_draft(settings, model(), precision, size),
            )
    if jobs is not None:
        for size, branches in settings.chunks:
            parts.run(
                "chunk",
                f"{precision} {size_text(size)} {branches} branches",
                lambda size=size, branches=branches: jobs.measure(
                    model(), precision, size, branches
                ),
            )


def _quality(settings: Settings) -> list[dict[str, Any]]:
    from infinitetalk.bench.quality import measure_quality  # needs the whole engine's packages

    return measure_quality(settings.clips)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="infinitetalk bench",
        description="Measures this machine with random weights: speed, memory, streaming.",
        epilog="example:\n  infinitetalk bench --run floors,passes --precision fp8 --sizes 640x640 "
        "--json found.json\n",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_arguments(parser)
    try:
        found = run(parser.parse_args(argv))
    except EngineError as error:
        print(error.report, file=sys.stderr)
        return 2
    return 1 if any(part["error"] for part in found["parts"]) else 0
