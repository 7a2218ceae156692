"""`export`: a video, its pictures or its sound from what a job has stored."""

import argparse

from infinitetalk.cli import exits
from infinitetalk.cli.progress import JsonProgress, Progress
from infinitetalk.cli.render import write_result
from infinitetalk.engine.results import check_out
from infinitetalk.errors import EngineError, engine_error
from infinitetalk.media.export_choice import Background, ExportChoice, kind_of_name
from infinitetalk.project.job import JobFolder
from infinitetalk.request import FPS


def export(args: argparse.Namespace) -> int:
    choice = _choice(args)
    if choice.kind == "video":
        check_out(args.out, args.job_folder, overwrite=args.overwrite, crf=args.crf)
    shown = JsonProgress() if args.json else Progress(quiet=args.quiet)
    job = JobFolder.open(args.job_folder, write=False)
    try:
        write_result(job, args.out, choice, args.overwrite, shown)
    finally:
        shown.close()
    if not args.json and not args.quiet:
        print(f"Wrote {args.out}")
    return exits.OK


def _choice(args: argparse.Namespace) -> ExportChoice:
    begin, end = _frame("--from", args.begin), _frame("--to", args.end)
    frames = None
    if begin is not None or end is not None:
        frames = (begin or 0, 10**9 if end is None else end)
    under = None
    try:
        if args.background is not None:
            under = Background(
                path=args.background, gain_db=args.background_db, start=args.background_start
            )
        return ExportChoice(
            kind=args.kind or kind_of_name(args.out),
            frames=frames,
            missing=args.missing,
            codec=args.codec,
            crf=args.crf,
            background=under,
        )
    except ValueError as error:
        raise _refused(str(error)) from error


def _frame(flag: str, text: str | None) -> int | None:
    """The video frame at "62.5", "1:02.5" or "1:01:02"."""
    if text is None:
        return None
    try:
        seconds = 0.0
        for part in text.split(":"):
            value = float(part)
            if not 0 <= value < 1e7:  # nan included
                raise ValueError
            seconds = seconds * 60 + value
        return round(seconds * FPS)
    except ValueError:
        raise _refused(f"{flag} {text}: write seconds (62.5) or minutes:seconds (1:02.5)") from None


def _refused(why: str) -> EngineError:
    return engine_error(
        "request.export",
        "The export can't be made so",
        f"{why}.",
        "See infinitetalk export --help.",
    )
