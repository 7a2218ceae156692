"""`weights check`: what model files are; `weights import`: one file from which blocks stream."""

import argparse
import json
import sys

from infinitetalk.cli import exits
from infinitetalk.cli.settings import models_folder
from infinitetalk.cli.upstream import pair_loras
from infinitetalk.weights.check import check as check_files
from infinitetalk.weights.report import report_json, report_lines


def check(args: argparse.Namespace) -> int:
    reports = check_files(args.paths or [models_folder()])
    if args.json:
        print(json.dumps(report_json(reports), ensure_ascii=False, indent=1))
    else:
        print("\n".join(report_lines(reports)))
    return exits.OK if all(report.usable for report in reports) else exits.WEIGHTS


def import_store(args: argparse.Namespace) -> int:
    """The transformer of a model folder as one block store; goes on where an import was stopped."""
    from infinitetalk.engine.model import ModelChoice
    from infinitetalk.weights.store_model import import_transformer

    files = ModelChoice(name=str(args.folder)).find()
    live = sys.stderr.isatty()

    def progress(done: int, total: int) -> None:
        if live:
            print(f"\r{done / max(1, total):4.0%} of {total / 1e9:.1f} GB", end="", file=sys.stderr)

    loras = pair_loras(args.lora or [], args.lora_scale or [])
    target = args.to or files.folder
    target.mkdir(parents=True, exist_ok=True)
    path = import_transformer(
        files,
        args.precision,
        target=target,
        speakers=args.speakers,
        loras=[(lora.path, lora.scale) for lora in loras],
        progress=progress,
    )
    if live:
        print(file=sys.stderr)
    print(f"Wrote {path}")
    return exits.OK
