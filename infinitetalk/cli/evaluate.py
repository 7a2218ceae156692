"""`evaluate`: how well a model makes faces talk, measured through the engine with controls."""

import argparse
import json
import sys
from typing import Any

from infinitetalk.cli import exits
from infinitetalk.cli.upstream import pair_loras
from infinitetalk.errors import engine_error


def evaluate(args: argparse.Namespace) -> int:
    """Prints figures; exit code 1 where a control failed, which voids them."""
    from pathlib import Path

    from infinitetalk.demo.evaluate import PARTS, QUICK, Extent
    from infinitetalk.demo.evaluate import evaluate as measure
    from infinitetalk.demo.rendering import Settings

    parts = tuple(args.parts.split(",")) if args.parts else PARTS
    unknown = sorted(set(parts) - set(PARTS))
    if unknown:
        raise engine_error(
            "request.parts",
            "There are no such parts",
            f"--parts {','.join(unknown)}.",
            f"Choose from {', '.join(PARTS)}.",
        )
    model = None if args.model in (None, "miniature") else Path(args.model)
    report = measure(
        Settings(preset=args.preset, model=model, fields=_fields(args)),
        extent=QUICK if args.quick else Extent(),
        parts=parts,
        say=lambda text: print(text, file=sys.stderr, flush=True),
    )
    if args.json:
        print(json.dumps(report, indent=1))
    else:
        print("\n".join(_lines(report)))
    return exits.UNEXPECTED if report["void"] else exits.OK


def _fields(args: argparse.Namespace) -> dict[str, Any]:
    fields = {
        "steps": args.steps,
        "text_guidance_scale": args.text_guidance_scale,
        "audio_guidance_scale": args.audio_guidance_scale,
        "precision": args.precision,
        "teacache_threshold": args.teacache_thresh,
        "color_correction": args.color_correction,
    }
    given = {name: value for name, value in fields.items() if value is not None}
    if args.lora:
        given["loras"] = pair_loras(args.lora, args.lora_scale or [])
    return given


def _lines(report: dict[str, Any], indent: int = 0) -> list[str]:
    lines = []
    for name, value in report.items():
        if isinstance(value, dict):
            lines.append(f"{' ' * indent}{name}")
            lines += _lines(value, indent + 2)
        else:
            lines.append(f"{' ' * indent}{name:<24} {value}")
    return lines
