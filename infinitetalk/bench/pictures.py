"""The VAE: whole and in tiles, in every dtype that the device computes in."""

import gc
from typing import Any

import torch

from infinitetalk.bench.clock import measured
from infinitetalk.bench.floors import size_text
from infinitetalk.bench.randomness import materialize
from infinitetalk.bench.settings import Settings
from infinitetalk.errors import GIB
from infinitetalk.models.vae import WanVae
from infinitetalk.models.vae.tiles import TiledVae, fastest_tile, tile_bytes
from infinitetalk.plan.cost import latent_frames

BUDGETS = (1.0 * GIB, 2.0 * GIB)  # for which the fastest tiling is shown


def random_vae(settings: Settings, dtype: torch.dtype) -> WanVae:
    with torch.device("meta"):
        vae = WanVae(settings.vae).eval().requires_grad_(False)
    materialize(vae, device=settings.device, dtype=dtype, without=None)
    return vae


def measure_vae(settings: Settings) -> list[dict[str, Any]]:
    """A row per dtype, memory layout, size and tile.

    On a GPU float32 and float16 only whole, as the reference and for comparison; bfloat16 in both
    layouts and in the tilings that fit.
    """
    if not settings.cuda:
        kinds = [(torch.float32, False, False)]
    else:
        kinds = [
            (torch.float32, False, True),
            (torch.float16, False, True),
            (torch.bfloat16, False, False),
            (torch.bfloat16, True, False),
        ]
    rows = []
    for dtype, channels_last, only_whole in kinds:
        vae = random_vae(settings, dtype)
        if channels_last:
            _set_layout(vae, torch.channels_last_3d)
        for size in settings.sizes:
            tiles = [0] if only_whole else _tiles(settings, size, dtype)
            rows += [_one(settings, vae, size, tile, last=channels_last) for tile in tiles]
        del vae
        _give_back(settings)
    return rows


def _set_layout(vae: WanVae, layout: torch.memory_format) -> None:
    for parameter in vae.parameters():
        if parameter.dim() == 5:
            parameter.data = parameter.data.contiguous(memory_format=layout)


def _tiles(settings: Settings, size: tuple[int, int], dtype: torch.dtype) -> list[int]:
    if settings.vae_tile is not None:
        return [settings.vae_tile]
    budgets = [settings.cap] if settings.cap else [round(b) for b in BUDGETS]
    tiles = {fastest_tile(settings.vae, size, budget, dtype) for budget in budgets}
    return sorted(tiles | {0}) if settings.cap is None else sorted(tiles)


def _one(
    settings: Settings, vae: WanVae, size: tuple[int, int], tile: int, *, last: bool
) -> dict[str, Any]:
    device = settings.device
    tiled = TiledVae(vae, tile=tile, result_device="cpu")
    row: dict[str, Any] = {
        "size": size_text(size),
        "dtype": str(vae.dtype).removeprefix("torch."),
        "channels_last": last,
        "tile": tile,
    }
    height, width = (min(tile, side) if tile else side for side in size)
    encode, decode = tile_bytes(settings.vae, height, width, vae.dtype)
    own = sum(p.nbytes for p in vae.parameters())
    row["predicted_decode"], row["predicted_encode"] = decode + own, encode + own
    latents = torch.randn(
        settings.vae.latent_channels, latent_frames(settings.frames), size[0] // 8, size[1] // 8
    ).to(device)
    pixels = torch.rand(3, settings.frames, *size) * 2 - 1
    for name, work in (
        ("decode", lambda: tiled.decode(latents)),
        ("encode", lambda: tiled.encode(pixels)),
    ):
        try:
            row[name] = measured(work, device, repeats=1).to_json()
        except torch.OutOfMemoryError:
            row[name] = None
        _give_back(settings)
    return row


def _give_back(settings: Settings) -> None:
    gc.collect()
    if settings.cuda:
        torch.cuda.empty_cache()
