"""`weights import`: what other programs left is used where it is; then one file to stream from."""

import argparse
import json
import sys
from pathlib import Path

from infinitetalk.cli import exits
from infinitetalk.cli.settings import models_folder
from infinitetalk.cli.weights import import_store
from infinitetalk.weights import found
from infinitetalk.weights.report import size_text

IMPORT_FORMAT = 1


def import_models(args: argparse.Namespace) -> int:
    """Searches and remembers; with `--precision` makes the block store.

    With `--precision` alone the folder is taken as a model folder of its own.
    """
    if args.precision is None or args.into is not None:
        models = args.into or models_folder()
        usable = _search(args, models)
        if args.precision is None:
            return exits.OK if usable else exits.WEIGHTS
        args.folder = models
    args.folder = args.folder or models_folder()
    return import_store(args)


def _search(args: argparse.Namespace, models: Path) -> int:
    places = [args.folder] if args.folder is not None else found.usual_places()
    live = sys.stderr.isatty()

    def step(path: Path, done: int, total: int) -> None:
        if live:
            share = done / max(1, total)
            print(f"\r{share:4.0%} of {path.name}".ljust(79)[:79], end="", file=sys.stderr)

    results = [found.search(place, step if args.sha256 else None) for place in places]
    if live and args.sha256:
        print(file=sys.stderr)
    usable = [one for result in results for one in result.found]
    if not args.look and usable:
        found.remember(models, usable)
    if args.json:
        print(json.dumps(_as_json(results, models), ensure_ascii=False, indent=1))
    else:
        print("\n".join(_lines(results, models, looked=args.look)))
    return len(usable)


def _as_json(results: list[found.Search], models: Path) -> dict:
    from dataclasses import asdict

    return {
        "format": IMPORT_FORMAT,
        "models": str(models),
        "places": [
            {
                "folder": str(result.folder),
                "found": [asdict(one) for one in result.found],
                "broken": [
                    {"path": str(path), "error": report.to_json()} for path, report in result.broken
                ],
                "others": result.others,
            }
            for result in results
        ],
    }


def _lines(results: list[found.Search], models: Path, *, looked: bool) -> list[str]:
    lines = []
    count = 0
    for result in results:
        lines.append(f"{result.folder}")
        for one in result.found:
            count += 1
            facts = [one.title, size_text(one.size), *([one.program] if one.program else [])]
            lines += [f"  {', '.join(facts)}", f"    {one.path}"]
        lines += [f"  not usable: {path}: {report.detail}" for path, report in result.broken]
        if result.others:
            lines.append(f"  {result.others} files of other models")
    if not results:
        lines.append("No folder of another program is where such folders usually are; name one.")
    elif not count:
        lines.append("Nothing of use was found.")
    elif not looked:
        lines.append(
            f"Remembered in {models / found.FOUND_FILE}; the files are used where they are."
        )
    return lines
