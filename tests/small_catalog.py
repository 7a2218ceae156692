"""The catalog's own sets made of tiny networks, on a hub on loopback: kilobytes instead of 33 GB."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.hub_server import Hub

WAN, ADAPTER, AUDIO = "own/wan", "own/infinitetalk", "own/wav2vec2"
VAE = "Wan2.1_VAE.pth"
_REPOS = {
    "Wan2.1-I2V-14B-480P": WAN,
    "InfiniteTalk": ADAPTER,
    "chinese-wav2vec2-base": AUDIO,
}
# part: (title, kind, folder of the tiny model, files)
_PARTS = {
    "base": (
        "Wan2.1, image to video",
        "base",
        "Wan2.1-I2V-14B-480P",
        ["config.json", "diffusion*"],
    ),
    "adapter-single": (
        "InfiniteTalk, one speaker",
        "overlay",
        "InfiniteTalk",
        ["single/infinitetalk.safetensors"],
    ),
    "text-encoder-fp8": ("Text encoder", "text_encoder", "Wan2.1-I2V-14B-480P", ["models_t5*"]),
    "image-encoder": ("Image encoder", "image_encoder", "Wan2.1-I2V-14B-480P", ["models_clip*"]),
    "audio-encoder": ("Audio encoder", "audio_encoder", "chinese-wav2vec2-base", ["*"]),
    "vae": ("VAE", "vae", "Wan2.1-I2V-14B-480P", [VAE]),
    "tokenizer": ("Tokenizer", "tokenizer", "Wan2.1-I2V-14B-480P", ["google/umt5-xxl/*"]),
}
PARTS = tuple(_PARTS)


def publish(hub: Hub, tree: Path, catalogs: Path) -> None:
    """Puts a tiny model on the hub, and a catalog that knows it into the user's folder."""
    for folder, repo in _REPOS.items():
        for path in sorted((tree / folder).rglob("*")):
            if path.is_file():
                hub.add(repo, path.relative_to(tree / folder).as_posix(), path.read_bytes())
    catalogs.mkdir(parents=True, exist_ok=True)
    (catalogs / "small.json").write_text(json.dumps(catalog_of(tree)), "utf-8")


def catalog_of(tree: Path) -> dict[str, Any]:
    parts = {
        name: {
            "title": title,
            "kind": kind,
            "repository": f"small-{folder}",
            "files": files,
            "size": _size(tree / folder, files),
            **({"speakers": 1} if kind == "overlay" else {}),
        }
        for name, (title, kind, folder, files) in _PARTS.items()
    }
    return {
        "format": 1,
        "version": "small",
        "repositories": {
            f"small-{folder}": {"repo": repo, "folder": folder} for folder, repo in _REPOS.items()
        },
        "parts": parts,
        "sets": {
            "one-speaker-int8": {
                "title": "InfiniteTalk, one speaker",
                "precision": "int8",
                "speakers": 1,
                "parts": list(PARTS),
                "conversion_bytes": 400_000,
            },
            "fast-lora": {"title": "Fast LoRA", "parts": ["lora-lightx2v"]},
        },
    }


def _size(folder: Path, patterns: Iterable[str]) -> int:
    found = {path for pattern in patterns for path in folder.glob(pattern) if path.is_file()}
    return sum(path.stat().st_size for path in found)
