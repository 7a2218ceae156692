"""The commands below `weights`, apart from their work, so that the parser imports little."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

FOLDER = "models folder (the one that the window uses)"

# From nothing to a video; also the help of `weights` itself.
WAY = """infinitetalk weights sets                                  what there is, and how large
  infinitetalk weights download one-speaker-int8 fast-lora   loads it, some 32 GB; stop it and go on as you like
  infinitetalk weights import --precision int8               optional: one file from which weights stream faster
  infinitetalk render --source anna.png --speech anna.wav --out anna.mp4"""

Command = Callable[[Any, str, str, str, str, str], argparse.ArgumentParser]


def add_weights(commands: Any, command: Command) -> None:
    """`command` makes a subcommand: parsers, name, text, examples, module, function."""
    parser = command(
        commands,
        "weights",
        "download, import, check and remove model files",
        WAY,
        "infinitetalk.cli.weights",
        "check",
    )
    parsers = parser.add_subparsers(dest="weights_command", metavar="COMMAND", required=True)
    listed = _sets(parsers, command)
    load = _download(parsers, command)
    _import(parsers, command)
    _check(parsers, command)
    gone = _remove(parsers, command)
    kept = _token(parsers, command)
    for one in (load, kept):
        one.add_argument("--mirror", metavar="URL", help="another address than the hub's")
    for one in (listed, load, gone):
        one.add_argument(
            "--catalog",
            type=Path,
            action="append",
            metavar="FILE",
            help="a file with further sets; may be repeated",
        )


def _sets(parsers: Any, command: Command) -> argparse.ArgumentParser:
    parser = command(
        parsers,
        "sets",
        "list what can be downloaded, and what of it is here; asks no server",
        "infinitetalk weights sets",
        "infinitetalk.cli.weights_download",
        "sets",
    )
    add = parser.add_argument
    add("--in", dest="models", type=Path, metavar="DIR", help=FOLDER)
    add("--json", action="store_true", help="sets, their parts and sizes as JSON")
    return parser


def _download(parsers: Any, command: Command) -> argparse.ArgumentParser:
    parser = command(
        parsers,
        "download",
        "load published files, checked by SHA-256; the same command goes on where it was stopped",
        "infinitetalk weights download one-speaker-int8 fast-lora --plan   sizes, licenses, space\n"
        "  infinitetalk weights download one-speaker-int8 fast-lora\n"
        "  infinitetalk weights download two-speakers-fp8 --to /data/models --limit 5M\n"
        "  infinitetalk weights download fast-lora --mirror https://mirror.example.org",
        "infinitetalk.cli.weights_download",
        "download",
    )
    add = parser.add_argument
    add("sets", nargs="+", metavar="SET", help="what to load; 'weights sets' lists them")
    add("--to", type=Path, metavar="DIR", help=FOLDER)
    add("--plan", action="store_true", help="only show what would be loaded, and the disk space")
    add("--limit", metavar="RATE", help="bytes per second over all files, such as 800k or 5M")
    add("--at-once", type=_count, default=3, metavar="N", help="files loaded at the same time (3)")
    add("--proxy", metavar="URL", help="http://host:port, or '' for none (the system's)")
    add(
        "--timeout",
        type=_seconds,
        default=60.0,
        metavar="S",
        help="seconds without a byte after which a line counts as lost (60)",
    )
    add(
        "--tries",
        type=_count,
        default=8,
        metavar="N",
        help="tries in a row that bring no byte, before a file is given up (8)",
    )
    add("--replace", action="store_true", help="replace files of the same name that are others")
    add(
        "--no-conversion",
        action="store_true",
        help="don't keep disk space free for the file that 'weights import --precision' makes",
    )
    add("--quiet", action="store_true", help="only errors")
    add("--json", action="store_true", help="progress as JSON lines; with --plan the plan")
    return parser


def _import(parsers: Any, command: Command) -> None:
    parser = command(
        parsers,
        "import",
        "use what other programs left where it is; with --precision put a transformer into one "
        "file to stream from",
        "infinitetalk weights import --look                  what ComfyUI, WanGP, Hugging Face left\n"
        "  infinitetalk weights import ComfyUI/models          use it where it is; nothing is copied\n"
        "  infinitetalk weights import --precision int8        convert what the models folder has\n"
        "  infinitetalk weights import ComfyUI/models --into models --precision fp8",
        "infinitetalk.cli.weights_import",
        "import_models",
    )
    add = parser.add_argument
    add("folder", type=Path, nargs="?", metavar="FOLDER", help="where to look (the usual places)")
    add("--into", type=Path, metavar="DIR", help=f"{FOLDER}, which remembers what was found")
    add("--look", action="store_true", help="only list what is found")
    add("--sha256", action="store_true", help="read files whole, compare with the cache's digests")
    add("--json", action="store_true", help="what was found, as JSON")
    add("--precision", choices=["bf16", "fp8", "int8"], help="also write the file to stream from")
    add("--speakers", type=int, choices=[1, 2], default=1, help="for how many speakers (1)")
    add("--to", type=Path, metavar="DIR", help="where that file goes (the models folder)")
    add("--lora", type=Path, action="append", metavar="FILE", help="LoRA to merge; may be repeated")
    add("--lora-scale", type=float, action="append", metavar="X", help="its strength (1.2)")


def _check(parsers: Any, command: Command) -> None:
    parser = command(
        parsers,
        "check",
        "say for each file what it is, whether it is complete, and what is wrong",
        "infinitetalk weights check\n"
        "  infinitetalk weights check models other/file.safetensors --json",
        "infinitetalk.cli.weights",
        "check",
    )
    parser.add_argument(
        "paths", type=Path, nargs="*", metavar="PATH", help=f"files or folders ({FOLDER})"
    )
    parser.add_argument("--json", action="store_true", help="as JSON")


def _remove(parsers: Any, command: Command) -> argparse.ArgumentParser:
    parser = command(
        parsers,
        "remove",
        "remove what was downloaded or converted; says first which jobs and sets need it",
        "infinitetalk weights remove one-speaker-int8 --plan   what would go, and who needs it\n"
        "  infinitetalk weights remove one-speaker-int8\n"
        "  infinitetalk weights remove fast-lora --yes\n"
        "  infinitetalk weights remove infinitetalk-single-int8.blocks.safetensors",
        "infinitetalk.cli.weights_remove",
        "remove_models",
    )
    add = parser.add_argument
    add(
        "names",
        nargs="+",
        metavar="SET|FILE",
        help="sets, or files as they lie below the folder; of a set stays what others need",
    )
    add("--from", dest="models", type=Path, metavar="DIR", help=FOLDER)
    add("--plan", action="store_true", help="only show what would go, and who needs it")
    add("--yes", action="store_true", help="don't ask")
    add(
        "--job",
        type=Path,
        action="append",
        metavar="DIR",
        help="look for jobs there too (those of the data folder, and of the window's projects)",
    )
    add("--json", action="store_true", help="what goes, who needs it, whether it is done, as JSON")
    return parser


def _token(parsers: Any, command: Command) -> argparse.ArgumentParser:
    parser = command(
        parsers,
        "token",
        "keep an access token in the key store of the system, for files that ask for an account",
        "infinitetalk weights token            asks for it, and shows nothing\n"
        "  infinitetalk weights token --forget\n"
        "  INFINITETALK_HUB_TOKEN=hf_… infinitetalk weights download SET   for one run",
        "infinitetalk.cli.weights_download",
        "token",
    )
    parser.add_argument("--forget", action="store_true", help="remove it")
    return parser


def _count(text: str) -> int:
    """A number from 1 on; anything else is refused with the flag's name."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is too few")
    return number


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds < 1e6:
        raise argparse.ArgumentTypeError(f"{text} is no time to wait")
    return seconds
