"""Arguments, commands, and the one place where an error becomes a message and an exit code."""

import argparse
import contextlib
import importlib
import logging
import os
import signal
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from infinitetalk import __version__
from infinitetalk.cli import exits
from infinitetalk.cli.arguments import add_model_flag, add_video_flags
from infinitetalk.cli.logs import start_log
from infinitetalk.cli.weights_flags import add_weights
from infinitetalk.errors import EngineError
from infinitetalk.media.ffmpeg import MediaCancelled

log = logging.getLogger(__name__)

_RAW = argparse.RawDescriptionHelpFormatter


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="infinitetalk",
        description="Makes people in pictures and videos speak: InfiniteTalk on your own machine.",
        epilog="Begin with: infinitetalk demo\n\n" + exits.HELP,
        formatter_class=_RAW,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"infinitetalk {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    _add_render(commands)
    _add_demo(commands)
    _add_plan(commands)
    _add_resume(commands)
    _add_redo(commands)
    _add_export(commands)
    add_weights(commands, _command)
    _add_machine(commands)
    _add_evaluate(commands)
    _add_bench(commands)
    return parser


def _command(commands, name: str, text: str, example: str, module: str, function: str):
    """A subcommand with examples in its help. Its module is imported when it runs."""
    added = commands.add_parser(
        name,
        help=text,
        description=f"{text[0].upper()}{text[1:]}.",
        epilog=f"examples:\n  {example}\n\n{exits.HELP}",
        formatter_class=_RAW,
        allow_abbrev=False,
    )
    added.set_defaults(module=module, function=function)
    added.add_argument("--debug", action="store_true", help="show the log, tracebacks included")
    return added


def _add_output(
    parser: argparse.ArgumentParser, *, required: bool = False, metavar: str = "FILE.mp4"
) -> None:
    parser.add_argument("--out", type=Path, metavar=metavar, required=required, help="the result")
    parser.add_argument(
        "--crf", type=int, default=18, metavar="N", help="quality, 0 best to 51 (18)"
    )
    parser.add_argument("--overwrite", action="store_true", help="replace an existing result")


def _add_limit(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--vram-limit",
        type=float,
        metavar="GB",
        help="the most graphics memory to use, in GiB (what is free)",
    )


ATTENTIONS = ("default", "cudnn", "flash", "efficient", "math", "8bit", "sage")


def _add_attention(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--attention",
        type=_attention,
        choices=ATTENTIONS,
        metavar="NAME",
        help=f"attention on the card: {', '.join(ATTENTIONS)} (the fastest exact one, measured "
        "once); 8bit and sage have an error of their own",
    )


def _attention(name: str) -> str:
    if name == "sage" and find_spec("sageattention") is None:
        raise argparse.ArgumentTypeError("the package sageattention is not installed")
    return name


def _add_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="events as JSON lines on stdout")
    parser.add_argument("--quiet", action="store_true", help="only errors")
    parser.add_argument(
        "--machine", type=Path, metavar="FILE", help="plan for a saved 'probe --json'"
    )


def _add_render(commands) -> None:
    parser = _command(
        commands,
        "render",
        "render one video from a picture or video and speech",
        "infinitetalk render --model models --source anna.png --speech anna.wav "
        '--prompt "A woman speaks to the camera." --vram-limit 6 --out anna.mp4',
        "infinitetalk.cli.render",
        "render",
    )
    add_model_flag(parser)
    parser.add_argument("--job", type=Path, metavar="DIR", help="job folder (in the data folder)")
    _add_output(parser)
    _add_limit(parser)
    _add_attention(parser)
    _add_run(parser)
    add_video_flags(parser)


def _add_demo(commands) -> None:
    parser = _command(
        commands,
        "demo",
        "render a clip with the bundled miniature model",
        "infinitetalk demo --out hello.mp4",
        "infinitetalk.cli.render",
        "demo",
    )
    add_model_flag(parser)
    parser.add_argument("--picture", type=Path, metavar="FILE", help="another picture of a face")
    parser.add_argument("--job", type=Path, metavar="DIR", help="job folder (in the data folder)")
    _add_output(parser)
    _add_run(parser)
    add_video_flags(parser)


def _add_plan(commands) -> None:
    parser = _command(
        commands,
        "plan",
        "show chunks, memory, disk and time before anything is rendered",
        "infinitetalk plan --model models --source anna.mp4 --speech anna.wav --machine rtx4060.json",
        "infinitetalk.cli.render",
        "plan",
    )
    add_model_flag(parser)
    _add_limit(parser)
    _add_run(parser)
    add_video_flags(parser)


def _add_resume(commands) -> None:
    parser = _command(
        commands,
        "resume",
        "go on with a job where it stopped",
        "infinitetalk resume anna.job --out anna.mp4",
        "infinitetalk.cli.render",
        "resume",
    )
    parser.add_argument("job_folder", type=Path, metavar="JOB", help="the job folder")
    add_model_flag(parser)
    _add_output(parser)
    _add_limit(parser)
    _add_run(parser)


def _add_redo(commands) -> None:
    parser = _command(
        commands,
        "redo",
        "render a new take of one chunk",
        "infinitetalk redo anna.job --chunk 5 --seed 7 --keep-following --out anna.mp4",
        "infinitetalk.cli.render",
        "redo_chunk",
    )
    add = parser.add_argument
    add("job_folder", type=Path, metavar="JOB", help="the job folder")
    add("--chunk", type=int, required=True, metavar="N", help="which chunk, from 1")
    add("--seed", type=int, metavar="N", help="seed of the take (a new one)")
    add("--prompt", metavar="TEXT", help="prompt of this chunk")
    add("--negative-prompt", metavar="TEXT", help="negative prompt of this chunk")
    add("--text-guidance-scale", type=float, metavar="X", help="strength of the prompt")
    add("--audio-guidance-scale", type=float, metavar="X", help="strength of the speech")
    add("--speech-shift", type=float, metavar="S", help="seconds by which the lips follow later")
    add("--source-time", type=float, metavar="S", help="another source frame, in seconds")
    add("--keep-following", action="store_true", help="keep the next chunks and blend the seam")
    add_model_flag(parser)
    _add_output(parser)
    _add_limit(parser)
    _add_run(parser)


def _add_export(commands) -> None:
    from infinitetalk.cli.export_flags import EXAMPLES, add_export_flags

    parser = _command(
        commands,
        "export",
        "write the video, the pictures or the sound of a job",
        "\n  ".join(EXAMPLES),
        "infinitetalk.cli.export",
        "export",
    )
    parser.add_argument("job_folder", type=Path, metavar="JOB", help="the job folder")
    _add_output(parser, required=True, metavar="FILE")
    add_export_flags(parser)
    _add_run(parser)


def _add_machine(commands) -> None:
    probe = _command(
        commands,
        "probe",
        "show what this machine has",
        "infinitetalk probe --json > mine.json",
        "infinitetalk.cli.machine",
        "probe",
    )
    probe.add_argument("--json", action="store_true", help="as JSON, for 'plan --machine'")
    _command(
        commands,
        "serve",
        "run as the engine of the window: JSON lines on stdin and stdout",
        "infinitetalk serve < messages.jsonl",
        "infinitetalk.serve",
        "serve",
    )


def _add_evaluate(commands) -> None:
    parser = _command(
        commands,
        "evaluate",
        "measure lip-sync, drift and seams of the miniature on clips it never saw",
        "infinitetalk evaluate --precision int8 --parts lip_sync,controls --json",
        "infinitetalk.cli.evaluate",
        "evaluate",
    )
    add = parser.add_argument
    add("--json", action="store_true", help="as JSON")
    add("--quick", action="store_true", help="a few clips only")
    add("--parts", metavar="A,B", help="what to measure (all)")
    add("--preset", metavar="NAME", help="a preset (the model's own defaults)")
    add("--steps", type=int, metavar="N", help="denoising steps")
    add("--text-guidance-scale", type=float, metavar="X", help="strength of the prompt")
    add("--audio-guidance-scale", type=float, metavar="X", help="strength of the speech")
    add("--precision", choices=["fp32", "bf16", "fp8", "int8"], help="how weights are held")
    add("--teacache_thresh", type=float, metavar="X", help="reuse steps that change little")
    add("--color-correction", type=float, metavar="X", help="0..1")
    add("--lora", type=Path, action="append", metavar="FILE", help="LoRA; may be repeated")
    add("--lora-scale", type=float, action="append", metavar="X", help="its strength")
    add_model_flag(parser)


def _add_bench(commands) -> None:
    """Its own arguments live with it: they would bring torch into every command."""
    parser = commands.add_parser(
        "bench", help="measure this machine with random weights", add_help=False
    )
    parser.add_argument("--debug", action="store_true")
    parser.set_defaults(module="infinitetalk.cli.machine", function="bench", passed_on=[])


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit code. No traceback is shown without --debug.

    Without `argv` this is the program, which ends afterwards.
    """
    code = _run(argv)
    if argv is None:  # a late Ctrl-C has nothing left to stop
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    return code


def _run(argv: Sequence[str] | None) -> int:
    parser = build_parser()
    args, rest = parser.parse_known_args(argv)
    if rest and not hasattr(args, "passed_on"):
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    args.passed_on = rest
    log_file = start_log(debug=args.debug)
    try:
        function = getattr(importlib.import_module(args.module), args.function)
        return function(args)
    except EngineError as error:
        log.info("refused: %s", error, exc_info=True)
        _tell(f"Error: {error.report}")
        return exits.exit_code(error.report.code)
    except (KeyboardInterrupt, MediaCancelled):
        _tell("Stopped.")
        return exits.CANCELLED
    except BrokenPipeError:
        # Whoever read our output has gone; nothing more can be said to them.
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return exits.NOBODY_READS
    except Exception as error:
        log.exception("fault in %s", args.command)
        where = f" Details are in {log_file}." if log_file else ""
        _tell(f"Error: the program made a mistake ({type(error).__name__}: {error}).{where}")
        return exits.UNEXPECTED


def _tell(text: str) -> None:
    with contextlib.suppress(OSError, ValueError):
        print(text, file=sys.stderr)
