"""The VAE: whole and in tiles, in every dtype that the device computes in."""

from dataclasses import dataclass
from typing import Any

import torch

from infinitetalk.bench.clock import measured
from infinitetalk.bench.floors import size_text
from infinitetalk.bench.kernels import longest_kernels
from infinitetalk.bench.parts import give_back
from infinitetalk.bench.randomness import materialize
from infinitetalk.bench.settings import Settings
from infinitetalk.errors import GIB
from infinitetalk.models.vae import WanVae
from infinitetalk.models.vae.tiles import TiledVae, fastest_tile, tile_bytes
from infinitetalk.plan.cost import latent_frames

BUDGETS = (1.0 * GIB, 2.0 * GIB)  # for which the fastest tiling is shown


@dataclass(frozen=True, kw_only=True)
class VaeKind:
    """What the VAE computes in."""

    dtype: torch.dtype
    channels_last: bool = False
    only_whole: bool = False

    def __str__(self) -> str:
        layout = " channels last" if self.channels_last else ""
        return f"{self.dtype}".removeprefix("torch.") + layout


def random_vae(settings: Settings, dtype: torch.dtype) -> WanVae:
    with torch.device("meta"):
        vae = WanVae(settings.vae).eval().requires_grad_(False)
    materialize(vae, device=settings.device, dtype=dtype, without=None)
    return vae


def vae_kinds(settings: Settings) -> list[VaeKind]:
    """On a GPU bfloat16 in both layouts; float16 and float32 (the reference) for comparison."""
    if not settings.cuda:
        return [VaeKind(dtype=torch.float32)]
    return [
        VaeKind(dtype=torch.bfloat16),
        VaeKind(dtype=torch.bfloat16, channels_last=True),
        VaeKind(dtype=torch.float32, only_whole=True),
        VaeKind(dtype=torch.float16, only_whole=True),
    ]


def measure_vae(settings: Settings, size: tuple[int, int], kind: VaeKind) -> list[dict[str, Any]]:
    """A row per tiling."""
    vae = random_vae(settings, kind.dtype)
    if kind.channels_last:
        _set_layout(vae, torch.channels_last_3d)
    tiles = [0] if kind.only_whole else _tiles(settings, size, kind.dtype)
    return [_one(settings, vae, size, tile, last=kind.channels_last) for tile in tiles]


def _set_layout(vae: WanVae, layout: torch.memory_format) -> None:
    for parameter in vae.parameters():
        if parameter.dim() == 5:
            parameter.data = parameter.data.contiguous(memory_format=layout)


def _tiles(settings: Settings, size: tuple[int, int], dtype: torch.dtype) -> list[int]:
    if settings.vae_tile is not None:
        return sorted({settings.vae_tile, 0})
    cap = settings.cap_of(size)
    budgets = [cap] if cap else [round(budget) for budget in BUDGETS]
    tiles = {fastest_tile(settings.vae, size, budget, dtype) for budget in budgets}
    return sorted(tiles | {0})


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
    for name, work, beginning in (
        ("decode", lambda: tiled.decode(latents), lambda: tiled.decode(latents[:, :3])),
        ("encode", lambda: tiled.encode(pixels), lambda: tiled.encode(pixels[:, :9])),
    ):
        try:
            beginning()  # kernels are chosen, memory is taken
            row[name] = measured(work, device, repeats=1, warm_up=0).to_json()
            row[f"{name}_kernels"] = longest_kernels(settings, beginning)
        except torch.OutOfMemoryError:
            row[name] = None
        give_back(settings)
    return row
