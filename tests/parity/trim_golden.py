"""Makes the compact selection of golden tensors that is committed under tests/parity/golden.

    python tests/parity/trim_golden.py ../shared/golden tests/parity/golden

Every kind of fixture stays, with the cases that say most per byte; the whole set is ten times
larger and is checked where it is at hand. Nothing is computed here: tensors are copied, left out,
cut along causal time, or put together from several files that were recorded in one run.
"""

import argparse
import json
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor

LIMIT = 10_000_000  # bytes, all files together
Tensors = dict[str, Tensor]

WHOLE = (
    "transformer/weights_p1.safetensors",
    "transformer/forward_single.safetensors",
    "transformer/attn_map.safetensors",
    "transformer/schedule.safetensors",
    "transformer/lora_a_down_up_diff.safetensors",
    "transformer/lora_b_kohya.safetensors",
    "transformer/lora_c_ab_alpha.safetensors",
    "transformer/lora_d_diffusers.safetensors",
    "transformer/lora_result.safetensors",
    "transformer/quanto_int8.safetensors",
    "transformer/quanto_int8.json",
    "t5/t5_tiny.safetensors",
    "preprocess/bucket_choice.safetensors",
    "preprocess/person_masks.safetensors",
    "preprocess/to_bytes.safetensors",
    "pipeline/weights.safetensors",
    "pipeline/image_single_clip_mode.safetensors",
)

# Files of which tensors are left out: the names that stay.
PARTS = {
    "transformer/blocks_single.safetensors": r"(?!blocks\.1\.|img_emb)",
    "transformer/loop_apg_text1.safetensors": r"(?!chunk0\.(pred_|latents_in))",
    "transformer/rope.safetensors": r"hd24\.|rope1d\.|sinusoid\.",
    "transformer/quanto_result.safetensors": r"(?!out\.fp8|dequantised_fp8)",
    "clip/clip_visual_tiny.safetensors": r"weights\.|case0\.(image|features)",
    "wav2vec/wav2vec_tiny.safetensors": r"weights\.|case2\.",
    "preprocess/chunk_schedule.safetensors": r"case[0-6]\.",
    "preprocess/loudness.safetensors": r"speech\.",
    "preprocess/two_person_audio.safetensors": r"[abc]$|para_ab\.",
    "preprocess/resize_centercrop.safetensors": r"(image|mask)[0-2]\.",
    "preprocess/colour_match.safetensors": r"reference|video|out(_flat)?\.(1|1\.0)$",
}

# Lists and mappings in the entry `meta` of which only some members stay, as their tensors do.
META: dict[str, dict[str, Callable[[Any], Any]]] = {
    "preprocess/chunk_schedule.safetensors": {"cases": lambda cases: cases[:7]},
    "preprocess/colour_match.safetensors": {"strengths": lambda strengths: strengths[2:]},
    "preprocess/loudness.safetensors": {"input_lufs": lambda lufs: {"speech": lufs["speech"]}},
    "preprocess/resize_centercrop.safetensors": {"cases": lambda cases: cases[:3]},
}


def read(path: Path) -> tuple[Tensors, dict[str, str]]:
    with safe_open(path, "pt") as opened:
        metadata = opened.metadata() or {}
    return load_file(path), metadata


def write(path: Path, tensors: Tensors, metadata: dict[str, str], sources: list[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    ordered = {name: tensors[name].contiguous() for name in sorted(tensors)}
    marked = {**metadata, "trimmed_from": json.dumps(sources)}
    save_file(ordered, path, dict(sorted(marked.items())))


def keep_named(source: Path, target: Path, relative: str, pattern: str) -> None:
    tensors, metadata = read(source / relative)
    kept = {name: tensor for name, tensor in tensors.items() if re.match(pattern, name)}
    if relative in META:
        meta = json.loads(metadata["meta"])
        meta |= {name: chosen(meta[name]) for name, chosen in META[relative].items()}
        metadata = {**metadata, "meta": json.dumps(meta)}
    write(target / relative, kept, metadata, [relative])


def trim_apg(source: Path, target: Path) -> None:
    """One variant of five: momentum, and a limit that bites."""
    relative = "transformer/apg.safetensors"
    tensors, metadata = read(source / relative)
    names = ("b",)
    kept = {n: t for n, t in tensors.items() if n.startswith("in.") or n.split(".")[1] in names}
    variants = [v for v in json.loads(metadata["variants"]) if v["name"] in names]
    write(target / relative, kept, {**metadata, "variants": json.dumps(variants)}, [relative])


def trim_teacache(source: Path, target: Path) -> None:
    """Decisions without outputs: they need only the weights that embed the timestep."""
    relative = "transformer/teacache.safetensors"
    tensors, metadata = read(source / relative)
    weights_name = f"transformer/{metadata['weights_file']}"
    weights = load_file(source / weights_name)
    kept = {n: t for n, t in tensors.items() if not n.endswith(".out") and not n.startswith("in.")}
    kept["in.timesteps"] = tensors["in.timesteps"]
    kept |= {f"w.{n}": t for n, t in weights.items() if n.startswith("time_")}
    write(target / relative, kept, metadata, [relative, weights_name])


def compose_audio_adapter(source: Path, target: Path) -> None:
    """The adapter of a tiny two-person model in the place of the full-size input of 3 MB."""
    blocks, metadata = read(source / "transformer/blocks_multi.safetensors")
    inputs = load_file(source / "transformer" / metadata["inputs_file"])
    weights = load_file(source / "transformer" / metadata["weights_file"])
    config = json.loads(metadata["config"])
    names = ("audio_blocks", "audio_channels", "audio_window", "context_tokens", "vae_scale")
    names += ("intermediate_dim", "output_dim")
    tensors = {
        "in.audio": inputs["in.audio"],
        "mid.first_window": blocks["audio_proj.in_first"],
        "mid.latter_window": blocks["audio_proj.in_latter"],
        "out.audio_proj": blocks["audio_proj.out"],
        "out.tokens_to_blocks": blocks["blocks.0.audio_cross_attn.encoder_hidden_states"],
    }
    part = "audio_proj."
    tensors |= {f"w.{n.removeprefix(part)}": t for n, t in weights.items() if n.startswith(part)}
    sizes = {name: json.dumps(config[name]) for name in names}
    write(
        target / "transformer/audio_proj.safetensors",
        tensors,
        {**sizes, "persons": metadata["persons"]},
        [f"transformer/{metadata[n]}" for n in ("inputs_file", "weights_file")]
        + ["transformer/blocks_multi.safetensors"],
    )


def compose_vae(source: Path, target: Path) -> None:
    """What a pipeline run encoded and decoded, with the weights that the pipeline brings anyway.

    Both directions are causal, so the first frames of a longer clip are a case of their own.
    """
    weights_name, run_name = "pipeline/weights.safetensors", "pipeline/image_single.safetensors"
    run = load_file(source / run_name)
    with safe_open(source / weights_name, "pt") as opened:
        config = json.loads(opened.metadata()["config"])["vae"]
    pixels, encoded = run["chunk1.motion_pixels"], run["chunk1.motion_latent"]
    tensors = {
        "t5.pixels": pixels[:, :5],
        "t5.latent": encoded[:, :2],
        "dec2.latent": run["chunk0.latent"][:, :2],
        "dec2.decoded": run["chunk0.frames"][:, :5],
    }
    meta = {"config": config, "weights_file": weights_name, "weights_prefix": "vae."}
    write(
        target / "vae/vae_from_pipeline.safetensors",
        tensors,
        {"meta": json.dumps(meta)},
        [weights_name, run_name],
    )


STEPS: tuple[Callable[[Path, Path], None], ...] = (
    trim_apg,
    trim_teacache,
    compose_audio_adapter,
    compose_vae,
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path, help="the whole set")
    parser.add_argument("target", type=Path, help="its subfolders are made anew")
    arguments = parser.parse_args()
    source, target = arguments.source, arguments.target
    for old in (path for path in target.glob("*") if path.is_dir()):
        shutil.rmtree(old)
    for relative in WHOLE:
        copy = target / relative
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes((source / relative).read_bytes())
    for relative, pattern in PARTS.items():
        keep_named(source, target, relative, pattern)
    with torch.no_grad():
        for step in STEPS:
            step(source, target)
    files = sorted(p for p in target.rglob("*") if p.is_file())
    total = sum(path.stat().st_size for path in files)
    lines = [f"{path.stat().st_size:>10,}  {path.relative_to(target)}" for path in files]
    sys.stdout.write("\n".join([*lines, f"{total:>10,}  of {LIMIT:,} bytes", ""]))
    if total > LIMIT:
        raise SystemExit("The selection is too large.")


if __name__ == "__main__":
    main()
