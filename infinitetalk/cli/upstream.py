"""The original script's command line and job JSON, so that its commands run unchanged.

Source: spec pipeline.md 10.1 and 10.2, published_files.md ("Defaults when a job JSON ...").
"""

import argparse
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from infinitetalk.errors import EngineError, engine_error
from infinitetalk.request import Apg, Arrangement, Box, Lora, SpeechTrack

LORA_SCALE = 1.2
TEACACHE_THRESHOLD = 0.2
_SEVERAL_GPUS = "Several GPUs are not supported yet: leave {flag} out and start without torchrun."


def add_upstream_flags(parser: argparse.ArgumentParser) -> None:
    """Every flag of the original script that our own flags do not cover already."""
    group = parser.add_argument_group("flags of the original script")
    add = group.add_argument
    add("--task", choices=["infinitetalk-14B"], help="only this one")
    add(
        "--input_json",
        type=Path,
        metavar="FILE",
        help="job file: prompt, cond_video, cond_audio, ...",
    )
    add("--frame_num", type=int, metavar="N", help="frames per chunk, 4n+1 (81)")
    add("--max_frame_num", type=int, metavar="N", help="cap on the frames of the result (no cap)")
    add("--ckpt_dir", type=Path, metavar="DIR", help="Wan2.1-I2V-14B-480P folder")
    add("--infinitetalk_dir", type=Path, metavar="FILE", help="InfiniteTalk safetensors file")
    add("--quant_dir", type=Path, metavar="FILE", help="quantised transformer file")
    add("--wav2vec_dir", type=Path, metavar="DIR", help="chinese-wav2vec2-base folder")
    add("--dit_path", type=Path, metavar="FILE", help="merged transformer checkpoint")
    add("--lora_dir", type=Path, nargs="+", metavar="FILE", help="LoRA files")
    add("--lora_scale", type=float, nargs="+", metavar="X", help="one per LoRA (1.2)")
    add(
        "--offload_model",
        type=_boolean,
        metavar="BOOL",
        help="accepted; offloading is planned here",
    )
    add(
        "--ulysses_size", type=int, default=1, metavar="N", help="1: several GPUs are not supported"
    )
    add("--ring_size", type=int, default=1, metavar="N", help="1: several GPUs are not supported")
    add("--t5_fsdp", action="store_true", help="refused: several GPUs are not supported")
    add("--dit_fsdp", action="store_true", help="refused: several GPUs are not supported")
    add("--t5_cpu", action="store_true", help="run the text encoder on the CPU")
    add("--save_file", metavar="NAME", help="result path without .mp4")
    add(
        "--audio_save_dir",
        type=Path,
        metavar="DIR",
        help="accepted; speech is kept in the job folder",
    )
    add("--base_seed", type=int, metavar="N", help="seed; negative draws one (42)")
    add("--motion_frame", type=int, metavar="N", help="motion frames, 4n+1 (9)")
    add("--mode", choices=["clip", "streaming"], help="one chunk, or until the speech ends")
    add("--sample_steps", type=int, metavar="N", help="steps (40)")
    add("--sample_shift", type=float, metavar="X", help="shift (7 at 480, 11 at 720)")
    add("--sample_text_guide_scale", type=float, metavar="X", help="text guidance (5)")
    add("--sample_audio_guide_scale", type=float, metavar="X", help="audio guidance (4)")
    add("--num_persistent_param_in_dit", type=int, metavar="N", help="parameters kept on the GPU")
    add("--audio_mode", choices=["localfile", "tts"], help="localfile; tts is the window's")
    add("--use_teacache", action="store_true", help="reuse steps that change little")
    add("--teacache_thresh", type=float, metavar="X", help="its threshold (0.2)")
    add("--use_apg", action="store_true", help="projected guidance")
    add("--apg_momentum", type=float, metavar="X", help="its momentum (-0.75)")
    add("--apg_norm_threshold", type=float, metavar="X", help="its norm threshold (55)")
    add("--color_correction_strength", type=float, metavar="X", help="0..1 (1)")
    add("--scene_seg", action="store_true", help="start anew at scene cuts of a source video")
    add("--quant", choices=["int8", "fp8"], help="precision of the quantised transformer")


def _boolean(text: str) -> bool:
    lowered = text.lower()
    if lowered in ("true", "1", "yes"):
        return True
    if lowered in ("false", "0", "no"):
        return False
    raise argparse.ArgumentTypeError(f"true or false expected, found {text!r}")


def refuse_unsupported(args: argparse.Namespace) -> None:
    """Names the flag that can't be honored. Raises EngineError."""
    refused = {
        "--ulysses_size": args.ulysses_size > 1,
        "--ring_size": args.ring_size > 1,
        "--t5_fsdp": args.t5_fsdp,
        "--dit_fsdp": args.dit_fsdp,
    }
    for flag, asked in refused.items():
        if asked:
            raise engine_error(
                "request.several_gpus",
                "Several GPUs are not supported",
                f"{flag} asks for more than one GPU.",
                _SEVERAL_GPUS.format(flag=flag),
                flag=flag,
            )
    if args.audio_mode == "tts":
        raise engine_error(
            "request.tts",
            "Speech from text is made in the window",
            "--audio_mode tts did not work in the original script either.",
            "Make the speech in the window, or give a recording in cond_audio.",
        )


def upstream_fields(args: argparse.Namespace) -> dict[str, Any]:
    """Request fields that the original flags (not the job JSON) set explicitly."""
    fields: dict[str, Any] = {}
    plain = {
        "chunk_frames": args.frame_num,
        "max_frames": args.max_frame_num,
        "motion_frames": args.motion_frame,
        "mode": args.mode,
        "steps": args.sample_steps,
        "shift": args.sample_shift,
        "text_guidance_scale": args.sample_text_guide_scale,
        "audio_guidance_scale": args.sample_audio_guide_scale,
        "color_correction": args.color_correction_strength,
        "precision": args.quant,
    }
    fields.update({name: value for name, value in plain.items() if value is not None})
    if args.base_seed is not None and args.base_seed >= 0:
        fields["seed"] = args.base_seed
    if args.base_seed is not None and args.base_seed < 0:
        import secrets

        fields["seed"] = secrets.randbelow(2**31)
    if args.scene_seg:
        fields["scene_cuts"] = True
    if args.use_teacache:
        fields["teacache_threshold"] = args.teacache_thresh or TEACACHE_THRESHOLD
    if args.use_apg:
        defaults = Apg()
        fields["apg"] = Apg(
            momentum=_or(args.apg_momentum, defaults.momentum),
            norm_threshold=_or(args.apg_norm_threshold, defaults.norm_threshold),
        )
    if args.lora_dir:
        fields["loras"] = pair_loras(args.lora_dir, args.lora_scale or [])
    return fields


def _or(value: float | None, default: float) -> float:
    return default if value is None else value


def pair_loras(files: list[Path], scales: list[float]) -> tuple[Lora, ...]:
    """Every LoRA with its scale; those beyond the scales given get 1.2 (none is dropped)."""
    if len(scales) > len(files):
        raise engine_error(
            "request.lora_scales",
            "More LoRA scales than LoRA files",
            f"{len(scales)} scales for {len(files)} files.",
            "Give one scale per file.",
        )
    padded = [*scales, *[LORA_SCALE] * (len(files) - len(scales))]
    return tuple(Lora(path=path, scale=scale) for path, scale in zip(files, padded, strict=True))


def read_job_json(path: Path) -> dict[str, Any]:
    """Request fields of an original job file. Paths are taken as the original does: as written,
    from the working folder; where such a file is missing, from the job file's folder.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise _job_error(path, "there is no such file") from error
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise _job_error(path, f"it can't be read as JSON ({error})") from error
    if not isinstance(data, dict):
        raise _job_error(path, "it must hold one object")
    return _job_fields(path, data)


def _job_fields(path: Path, data: Mapping[str, Any]) -> dict[str, Any]:
    source = data.get("cond_video") or data.get("cond_image")
    if not isinstance(source, str) or not source:
        raise _job_error(path, "cond_video (or cond_image) must name a picture or video")
    prompt = data.get("prompt")
    if not isinstance(prompt, str):
        raise _job_error(path, "prompt must be a text")
    tracks = _tracks(path, data.get("cond_audio"))
    fields: dict[str, Any] = {
        "source": find_beside(path, source),
        "prompt": prompt,
        "speech": tracks,
    }
    if len(tracks) == 2:
        fields["arrangement"] = _arrangement(path, data.get("audio_type"))
    boxes = data.get("bbox")
    if boxes:
        fields["boxes"] = _boxes(path, boxes, len(tracks))
    return fields


def _tracks(path: Path, found: Any) -> tuple[SpeechTrack, ...]:
    if not isinstance(found, Mapping) or not found:
        raise _job_error(path, 'cond_audio must name the speech, such as {"person1": "speech.wav"}')
    names = sorted(found)
    if len(names) > 2:
        raise engine_error(
            "request.speakers",
            "Too many speakers",
            f"{path} has {len(names)} entries in cond_audio; the model knows one or two speakers.",
            "Keep person1 and person2, or make several videos.",
        )
    if names != [f"person{i + 1}" for i in range(len(names))]:
        raise _job_error(
            path, f"cond_audio must have person1 and person2, found {', '.join(names)}"
        )
    tracks = []
    for name in names:
        value = found[name]
        if not isinstance(value, str) or not value:
            raise _job_error(path, f"cond_audio.{name} must be a path")
        tracks.append(SpeechTrack(path=None if value == "None" else find_beside(path, value)))
    if all(track.path is None for track in tracks):
        raise _job_error(path, 'cond_audio must have at least one file; every track is "None"')
    return tuple(tracks)


def _arrangement(path: Path, found: Any) -> Arrangement:
    match found:
        case "para":
            return "together"
        case "add":
            return "in_turn"
    raise _job_error(path, f'audio_type must be "para" or "add" with two speakers, found {found!r}')


def _boxes(path: Path, found: Any, speakers: int) -> tuple[Box, ...]:
    if not isinstance(found, Mapping) or sorted(found) != [
        f"person{i + 1}" for i in range(speakers)
    ]:
        raise _job_error(path, f"bbox must have one entry per speaker ({speakers})")
    return tuple(_box(path, name, found[name]) for name in sorted(found))


def _box(path: Path, name: str, value: Any) -> Box:
    """The published order is row first: [top, left, bottom, right] (spec pipeline.md 6)."""
    if isinstance(value, Mapping):
        value = [value.get(key) for key in ("top", "left", "bottom", "right")]
    numbers = isinstance(value, list) and len(value) == 4
    if not numbers or not all(_is_number(v) for v in value):
        raise _job_error(path, f"bbox.{name} must be four numbers [top, left, bottom, right]")
    top, left, bottom, right = (float(v) for v in value)
    try:
        return Box(top=top, left=left, bottom=bottom, right=right)
    except ValueError as error:
        raise _job_error(path, f"bbox.{name}: {error}") from error


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def find_beside(job_file: Path, name: str) -> Path:
    """`name` as written, else beside the job file, else as written (the error comes on reading)."""
    written = Path(name).expanduser()
    if written.exists() or written.is_absolute():
        return written
    beside = job_file.parent / written
    return beside if beside.exists() else written


def _job_error(path: Path, what: str) -> EngineError:
    return engine_error(
        "request.job_json",
        "The job file can't be used",
        f"{path}: {what}.",
        "See the README for an example of a job file.",
    )
