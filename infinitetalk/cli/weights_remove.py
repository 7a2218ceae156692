"""`weights remove`: what this program loaded or converted goes; says first who needs it."""

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path

from infinitetalk.cli import exits
from infinitetalk.cli.settings import job_places, models_folder
from infinitetalk.engine.needs import JobNeed, Needs, jobs_that_need, known_jobs
from infinitetalk.errors import engine_error
from infinitetalk.weights.download.catalog import Catalog, read_catalog
from infinitetalk.weights.removal import Kept, Removal, remove
from infinitetalk.weights.removal_plan import plan_removal
from infinitetalk.weights.report import size_text

_KINDS = {"file": "loaded", "part": "begun", "store": "converted"}


def remove_models(args: argparse.Namespace) -> int:
    """Shows what would go, asks, removes."""
    catalog = read_catalog(args.catalog or ())
    folder = (args.models or models_folder()).absolute()
    sets, parts, files = _sorted_names(args.names, catalog)
    removal = plan_removal(catalog, folder, sets=sets, parts=parts, files=files)
    needs = jobs_that_need(removal.paths, known_jobs([*(args.job or ()), *job_places()]))
    if not args.json:
        print("\n".join(_lines(removal, needs)))
    done = False
    if removal.files and not args.plan:
        needs.check_idle()
        if not (args.yes or _agreed(args)):
            print("Nothing was removed.", file=sys.stderr)
            return exits.WEIGHTS
        remove(removal)
        done = True
    if args.json:
        print(
            json.dumps(
                {**removal.to_json(), **needs.to_json(), "removed": done},
                ensure_ascii=False,
                indent=1,
            )
        )
    elif done:
        print(f"Removed. {size_text(removal.freed)} are free again.")
    return exits.OK if removal.files else exits.WEIGHTS


def _sorted_names(
    names: Iterable[str], catalog: Catalog
) -> tuple[list[str], list[str], list[Path]]:
    """Sets, parts, and all others: paths."""
    known = {part.name for one in catalog.sets.values() for part in one.parts}
    sets, parts, files = [], [], []
    for name in names:
        if name in catalog.sets:
            sets.append(name)
        elif name in known:
            parts.append(name)
        else:
            files.append(Path(name))
    return sets, parts, files


def _agreed(args: argparse.Namespace) -> bool:
    """Raises EngineError `weights.not_agreed` where nobody can be asked."""
    if args.json or not sys.stdin.isatty():
        raise engine_error(
            "weights.not_agreed",
            "Nobody said that these files may go",
            "There is no terminal to ask at.",
            "Look with --plan, then add --yes.",
            safe="Nothing was removed.",
        )
    return input("Remove these files? [y/N] ").strip().lower() in ("y", "yes")


def _lines(removal: Removal, needs: Needs) -> list[str]:
    lines = [
        f"{size_text(one.size):>8}  {_KINDS[one.kind]:<10} {_place(one.path, removal.folder)}"
        for one in removal.files
    ]
    lines += [f"   stays  {_why(one, removal.folder)}" for one in removal.kept]
    if removal.sets:
        lines.append(f"Sets that will lack a file: {', '.join(removal.sets)}.")
    lines += [f"Needed by the job {_job(job)}" for job in needs.jobs]
    lines += [f"Can't be looked into, and may need it: {folder}" for folder in needs.unknown]
    if removal.files:
        lines.append(f"{size_text(removal.freed)} in {removal.folder}.")
    else:
        lines.append(f"There is nothing to remove in {removal.folder}.")
    return lines


def _place(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else str(path)


def _why(one: Kept, folder: Path) -> str:
    reasons = {
        "shared": f"needed by {', '.join(one.sets)}",
        "elsewhere": "of another program; used where it is",
        "by_hand": "not loaded by this program, or changed since; remove it yourself",
    }
    return f"{_place(one.path, folder)}: {reasons[one.why]}"


def _job(job: JobNeed) -> str:
    if not job.chunks:
        state = "nothing rendered yet"
    elif job.chunks_left:
        state = f"{job.chunks_left} of {job.chunks} chunks are not rendered"
    else:
        state = "finished; only a new take would need it"
    return f"{job.folder.name}: {state}. {job.folder}"
