"""`render`, `demo`, `resume`, `redo` and `plan`: a video from the command line."""

import argparse
import json
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from infinitetalk import paths
from infinitetalk.cli import exits
from infinitetalk.cli.arguments import video_fields
from infinitetalk.cli.progress import JsonProgress, Progress, duration
from infinitetalk.cli.settings import settings_model
from infinitetalk.engine.control import Control
from infinitetalk.engine.export import export_job
from infinitetalk.engine.model import MINIATURE, ModelChoice, build_request, facts_for
from infinitetalk.engine.prepare import PreparedJob, make_plan, prepare_job, reopen_job
from infinitetalk.engine.results import check_out, was_written_by
from infinitetalk.errors import GIB, engine_error
from infinitetalk.event import (
    Cancelled,
    Event,
    Failed,
    Finished,
    Paused,
    StageAdvanced,
    StageStarted,
)
from infinitetalk.media.export_choice import ExportChoice
from infinitetalk.plan import Machine
from infinitetalk.plan.text import plan_lines
from infinitetalk.probe import machine, read_machine
from infinitetalk.project.edits import redo
from infinitetalk.project.job import JobFolder
from infinitetalk.request import ChunkSettings, GenerationRequest
from infinitetalk.weights.folder import ModelPaths

Shown = Progress | JsonProgress


def chosen_model(args: argparse.Namespace) -> ModelChoice:
    """--model, else the original's paths, else the folder in the settings."""
    if args.model:
        return ModelChoice(name=args.model)
    named = {
        name: getattr(args, name, None)
        for name in ("ckpt_dir", "infinitetalk_dir", "wav2vec_dir", "quant_dir", "dit_path")
    }
    if any(value is not None for value in named.values()):
        if getattr(args, "quant", None) is None:
            named["quant_dir"] = None  # as in the original: --quant switches it on
        return ModelChoice(paths=ModelPaths(**named))
    return ModelChoice(name=settings_model())


def render(args: argparse.Namespace) -> int:
    out = _wanted_out(args)
    given = video_fields(args)
    model = chosen_model(args)
    request = build_request(given, model.find(), preset=args.preset)
    return _render(args, request, model, out)


def demo(args: argparse.Namespace) -> int:
    """The main job on what is bundled, or on the user's picture and speech."""
    samples = paths.resources_folder() / "samples"
    given = video_fields(args)
    given.setdefault("source", args.picture or samples / "mira.png")
    if "speech" not in given:
        from infinitetalk.request import SpeechTrack

        given["speech"] = (SpeechTrack(path=samples / "speech.wav"),)
    model = ModelChoice(name=args.model or MINIATURE)
    request = build_request(given, model.find(), preset=args.preset)
    out = _wanted_out(args) or Path("infinitetalk-demo.mp4")
    args.overwrite = args.overwrite or args.out is None
    return _render(args, request, model, out)


def _render(
    args: argparse.Namespace, request: GenerationRequest, model: ModelChoice, out: Path | None
) -> int:
    folder = args.job or _new_job_folder(request)
    out = out or Path(f"{request.source.stem[:50]}-{time.strftime('%Y%m%d-%H%M%S')}.mp4")
    check_out(out, folder, overwrite=args.overwrite, crf=args.crf)
    with _interruptible() as control:
        prepared = prepare_job(
            request,
            model,
            folder,
            _machine(args),
            resident_parameters=getattr(args, "num_persistent_param_in_dit", None),
            text_on_cpu=args.t5_cpu,
            vram_limit=_vram_limit(args),
            attention=getattr(args, "attention", None),
            cancel=lambda: control.stopping,
        )
        return _run(args, prepared, control, out)


def resume(args: argparse.Namespace) -> int:
    with _interruptible() as control:
        if args.out:
            check_out(args.out, args.job_folder, overwrite=args.overwrite, crf=args.crf)
        model = ModelChoice(name=args.model) if args.model else None
        prepared = _reopened(args, model, control)
        return _run(args, prepared, control, args.out)


def _reopened(args: argparse.Namespace, model: ModelChoice | None, control: Control) -> PreparedJob:
    return reopen_job(
        args.job_folder,
        _machine(args),
        model=model,
        vram_limit=_vram_limit(args),
        cancel=lambda: control.stopping,
    )


def redo_chunk(args: argparse.Namespace) -> int:
    """A new take of one chunk; what follows is rendered again, or kept and blended."""
    given = _chunk_fields(args)
    with _interruptible() as control:
        if args.out:
            check_out(args.out, args.job_folder, overwrite=args.overwrite, crf=args.crf)
        model = ModelChoice(name=args.model) if args.model else None
        prepared = _reopened(args, model, control)
        job, index = prepared.job, args.chunk - 1
        count = len(prepared.plan.chunks)
        if not 0 <= index < count:
            job.close()
            raise engine_error(
                "request.chunk",
                "There is no such chunk",
                f"--chunk {args.chunk}: the job has chunks 1 to {count}.",
                "Choose one of them.",
            )
        own = job.request.chunk_settings(index)
        settings = (replace(own, **given),) if given else ()
        request, timeline = redo(
            job.request, job.timeline, index, settings, keep_following=args.keep_following
        )
        job.save_request(request)
        job.save_timeline(timeline)
        return _run(args, prepared, control, args.out)


def _chunk_fields(args: argparse.Namespace) -> dict[str, Any]:
    """What the command line sets of a chunk's settings. Raises EngineError naming the field."""
    given = {
        name: getattr(args, name)
        for name in ChunkSettings.__dataclass_fields__
        if getattr(args, name, None) is not None
    }
    try:
        ChunkSettings(**given)
    except ValueError as error:
        raise engine_error(
            "request.invalid", "The chunk can't be rendered so", f"{error}.", "Change that value."
        ) from error
    return given


def plan(args: argparse.Namespace) -> int:
    """Chunks, passes, memory, disk and time; nothing is loaded or written."""
    model = chosen_model(args)
    given = video_fields(args)
    files = model.find()
    request = build_request(given, files, preset=args.preset)
    found = _machine(args)
    made, _ = make_plan(
        request,
        files,
        found,
        resident_parameters=args.num_persistent_param_in_dit,
        vram_limit=_vram_limit(args),
    )
    if args.json:
        print(json.dumps(made.to_json(), ensure_ascii=False, indent=1))
    else:
        print("\n".join(plan_lines(made, facts_for(files, request), found)))
    return exits.OK if made.fits else exits.RESOURCES


# -- running a job --------------------------------------------------------------------------------


def _run(
    args: argparse.Namespace, prepared: PreparedJob, control: Control, out: Path | None
) -> int:
    from infinitetalk.engine.engine import Engine

    shown = _shown(args)
    job = prepared.job
    last: Event | None = None
    try:
        for event in Engine().generate(prepared, control):
            last = event
            if not (isinstance(event, Finished) and out is not None):
                shown.show(event)
        if isinstance(last, Finished) and out is not None:
            write_result(job, out, ExportChoice(crf=args.crf), args.overwrite, shown)
            shown.show(replace(last, output=out))
    finally:
        shown.close()
        job.close()
    return _ended(args, last, job, out)


def write_result(
    job: JobFolder, out: Path, choice: ExportChoice, overwrite: bool, shown: Shown
) -> None:
    """Exports with progress; what this job wrote there before may be replaced."""
    shown.show(StageStarted(job_id=job.job_id, stage="export"))
    mine = was_written_by(job.path, out)

    def tick(fraction: float) -> None:
        shown.show(StageAdvanced(job_id=job.job_id, stage="export", fraction=fraction))

    export_job(job, out, choice, overwrite=overwrite or mine, tick=tick)


def _ended(args: argparse.Namespace, last: Event | None, job: JobFolder, out: Path | None) -> int:
    again = f"Go on with: infinitetalk resume {_quoted(job.path)}"
    if isinstance(last, Finished):
        took = f" in {duration(last.seconds)}" if last.seconds >= 1 else ""
        _say(args, f"Wrote {out}{took}" if out else f"All chunks are ready{took}.")
        return exits.OK
    if isinstance(last, Cancelled):
        _say(args, f"Stopped. {last.chunks_ready} finished chunks are kept.\n{again}")
        return exits.CANCELLED
    if isinstance(last, Paused):
        _say(args, f"Paused.\n{again}")
        return exits.OK
    if isinstance(last, Failed):
        if not args.json:
            print(f"Error: {last.report}\n{again}", file=sys.stderr)
        return exits.exit_code(last.report.code)
    return exits.UNEXPECTED


@contextmanager
def _interruptible() -> Iterator[Control]:
    """Ctrl-C stops the job at once; a second one is heard as well and changes nothing.

    Nor does one that comes while the program says how to go on, and ends.
    """
    control = Control()
    before = signal.getsignal(signal.SIGINT)

    def stop(*_: Any) -> None:
        if not control.stopping:
            print("\nStopping …", file=sys.stderr)
        control.stop()

    signal.signal(signal.SIGINT, stop)
    try:
        yield control
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN if control.stopping else before)


def _vram_limit(args: argparse.Namespace) -> int | None:
    """--vram-limit in bytes. Raises EngineError `request.vram_limit` for what is no amount."""
    given = getattr(args, "vram_limit", None)
    if given is None:
        return None
    if not 0 < given < 1e6:  # nan included
        raise engine_error(
            "request.vram_limit",
            "The limit can't be used",
            f"--vram-limit {given:g}: it is an amount of memory in GiB, above 0.",
            "Write for example --vram-limit 6.",
        )
    return int(given * GIB)


def _machine(args: argparse.Namespace) -> Machine:
    chosen = getattr(args, "machine", None)
    return read_machine(chosen) if chosen else machine(getattr(args, "job", None))


def _shown(args: argparse.Namespace) -> Shown:
    return JsonProgress() if args.json else Progress(quiet=args.quiet)


def _say(args: argparse.Namespace, text: str) -> None:
    if not args.json and not args.quiet:
        print(text)


# -- files ----------------------------------------------------------------------------------------


def _wanted_out(args: argparse.Namespace) -> Path | None:
    """--out, or the original's --save_file, which goes without its ending."""
    if args.out:
        return args.out
    return Path(f"{args.save_file}.mp4") if args.save_file else None


def _new_job_folder(request: GenerationRequest) -> Path:
    stem = "".join(c if c.isalnum() or c in "-_" else "-" for c in request.source.stem)[:40]
    name = f"{stem or 'video'}-{time.strftime('%Y%m%d-%H%M%S')}"
    folder = paths.jobs_folder() / f"{name}.job"
    number = 2
    while folder.exists():
        folder = paths.jobs_folder() / f"{name}-{number}.job"
        number += 1
    return folder


def _quoted(path: Path) -> str:
    text = str(path)
    return f'"{text}"' if " " in text else text
