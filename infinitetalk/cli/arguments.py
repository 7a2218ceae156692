"""The flags that describe one video, shared by `render`, `plan`, `demo` and `redo`."""

import argparse
from pathlib import Path
from typing import Any

from infinitetalk.cli.masks import read_mask
from infinitetalk.cli.upstream import (
    LORA_SCALE,
    add_upstream_flags,
    pair_loras,
    read_job_json,
    refuse_unsupported,
    upstream_fields,
)
from infinitetalk.errors import engine_error
from infinitetalk.request import PRESETS, Box, SpeechTrack

_PRECISIONS = ["fp32", "bf16", "fp8", "int8"]


def add_video_flags(parser: argparse.ArgumentParser) -> None:
    """Source, speech, prompt and everything that shapes one video."""
    add = parser.add_argument
    add("--source", type=Path, metavar="FILE", help="picture or video of the speaker")
    add(
        "--speech",
        type=Path,
        action="append",
        metavar="FILE",
        help="speech recording; twice for two speakers, left to right",
    )
    add("--prompt", metavar="TEXT", help="what is seen and how the speaker behaves")
    add("--negative-prompt", metavar="TEXT", help="what must not be seen")
    add(
        "--arrangement",
        choices=["together", "in_turn"],
        help="two speakers: at the same time, or one after the other (together)",
    )
    add(
        "--box",
        action="append",
        metavar="T,L,B,R",
        help="area of a speaker in source pixels: top,left,bottom,right; once per speaker",
    )
    add(
        "--mask",
        type=Path,
        action="append",
        metavar="PICTURE",
        help="area of a speaker, white on black over the source; once per speaker, instead of --box",
    )
    add("--preset", choices=list(PRESETS), help="named settings; single flags override them")
    add("--size", metavar="480|720|WxH", help="resolution class, or width x height (480)")
    add("--steps", type=int, metavar="N", help="denoising steps (40)")
    add("--shift", type=float, metavar="X", help="warp of the timesteps (7 at 480, 11 at 720)")
    add("--text-guidance-scale", type=float, metavar="X", help="strength of the prompt (5)")
    add("--audio-guidance-scale", type=float, metavar="X", help="strength of the speech (4)")
    add("--seed", type=int, metavar="N", help="seed of the noise (42)")
    add("--precision", choices=_PRECISIONS, help="how weights are held (bf16)")
    add("--exact", action="store_true", help="the reference's way throughout, faults included")
    add("--lora", type=Path, action="append", metavar="FILE", help="LoRA; may be repeated")
    add(
        "--lora-scale",
        dest="own_lora_scale",
        type=float,
        action="append",
        metavar="X",
        help=f"strength of the LoRA before it ({LORA_SCALE})",
    )
    add_upstream_flags(parser)


def add_model_flag(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--model", metavar="DIR|miniature", help="model folder, or the bundled miniature"
    )


def video_fields(args: argparse.Namespace) -> dict[str, Any]:
    """The request's fields that the command line sets, explicit ones only.

    The job JSON comes first, then the original flags, then ours. Raises EngineError.
    """
    refuse_unsupported(args)
    fields: dict[str, Any] = {}
    if args.input_json:
        fields.update({"mode": "clip"})  # the original's default
        fields.update(read_job_json(args.input_json))
    fields.update(upstream_fields(args))
    fields.update(_own_fields(args))
    return fields


def _own_fields(args: argparse.Namespace) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name in (
        "source",
        "prompt",
        "negative_prompt",
        "arrangement",
        "steps",
        "shift",
        "text_guidance_scale",
        "audio_guidance_scale",
        "seed",
        "precision",
    ):
        value = getattr(args, name)
        if value is not None:
            fields[name] = value
    if args.speech:
        fields["speech"] = tuple(SpeechTrack(path=path) for path in args.speech)
    if args.box:
        fields["boxes"] = tuple(parse_box(text) for text in args.box)
    if args.mask:
        fields["painted"] = tuple(read_mask(path) for path in args.mask)
    if args.exact:
        fields["exact"] = True
    if args.size:
        fields["size"] = args.size  # read where the request is built
    if args.lora:
        fields["loras"] = pair_loras(args.lora, args.own_lora_scale or [])
    return fields


def parse_box(text: str) -> Box:
    parts = text.replace(" ", "").split(",")
    try:
        top, left, bottom, right = (float(part) for part in parts)
        return Box(top=top, left=left, bottom=bottom, right=right)
    except ValueError as error:
        raise engine_error(
            "request.box",
            "The box can't be used",
            f"{text!r}: top,left,bottom,right in pixels of the source, bottom below top.",
            "Write for example --box 40,60,300,280.",
        ) from error
