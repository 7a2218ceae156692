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
from infinitetalk.models.vae.tiles import TiledVae
from infinitetalk.ops.fused import plain_kernels
from infinitetalk.plan.cost import latent_frames
from infinitetalk.plan.memory import choose_vae_tile, vae_bytes

BUDGETS = (1.0 * GIB, 2.0 * GIB)  # for which the fastest tiling is shown


@dataclass(frozen=True, kw_only=True)
class VaeKind:
    """What the VAE computes in, and how: fused kernels with channels last in memory, or neither."""

    dtype: torch.dtype
    plain: bool = False
    only_whole: bool = False

    def __str__(self) -> str:
        return f"{self.dtype}".removeprefix("torch.") + (" plain" if self.plain else "")


def random_vae(settings: Settings, dtype: torch.dtype) -> WanVae:
    with torch.device("meta"):
        vae = WanVae(settings.vae).eval().requires_grad_(False)
    materialize(vae, device=settings.device, dtype=dtype, without=None)
    if settings.cuda:
        vae.put_channels_last()  # as the engine does
    return vae


def vae_kinds(settings: Settings) -> list[VaeKind]:
    """On a GPU bfloat16 as the engine uses it; plain, in float16 and in float32 (the reference) for
    comparison.
    """
    if not settings.cuda:
        return [VaeKind(dtype=torch.float32)]
    return [
        VaeKind(dtype=torch.bfloat16),
        VaeKind(dtype=torch.bfloat16, plain=True, only_whole=True),
        VaeKind(dtype=torch.float32, only_whole=True),
        VaeKind(dtype=torch.float16, only_whole=True),
    ]


def measure_vae(settings: Settings, size: tuple[int, int], kind: VaeKind) -> list[dict[str, Any]]:
    """A row per tiling."""
    vae = random_vae(settings, kind.dtype)
    tiles = [0] if kind.only_whole else _tiles(settings, size, kind.dtype)
    if not kind.plain:
        return [_one(settings, vae, size, tile, kind) for tile in tiles]
    for parameter in vae.parameters():
        parameter.data = parameter.data.contiguous()
    with plain_kernels():
        return [_one(settings, vae, size, tile, kind) for tile in tiles]


def _tiles(settings: Settings, size: tuple[int, int], dtype: torch.dtype) -> list[int]:
    if settings.vae_tile is not None:
        return sorted({settings.vae_tile, 0})
    cap = settings.cap_of(size)
    budgets = [cap] if cap else [round(budget) for budget in BUDGETS]
    name = str(dtype).removeprefix("torch.")
    tiles = {
        choose_vae_tile(settings.weights, size, settings.frames, dtype=name, budget=budget)
        for budget in budgets
    }
    return sorted(tiles | {0})


def _one(
    settings: Settings, vae: WanVae, size: tuple[int, int], tile: int, kind: VaeKind
) -> dict[str, Any]:
    device = settings.device
    tiled = TiledVae(vae, tile=tile, result_device="cpu")
    row: dict[str, Any] = {
        "size": size_text(size),
        "dtype": str(vae.dtype).removeprefix("torch."),
        "plain": kind.plain,
        "tile": tile,
    }
    row["predicted_encode"], row["predicted_decode"] = vae_bytes(
        settings.weights, size, settings.frames, dtype=row["dtype"], tile=tile
    )
    row["predicted_source"] = row["predicted_encode"]
    latents = torch.randn(
        settings.vae.latent_channels, latent_frames(settings.frames), size[0] // 8, size[1] // 8
    ).to(device)
    pixels = torch.rand(3, settings.frames, *size) * 2 - 1
    source = torch.zeros_like(pixels)
    source[:, 0] = pixels[:, 0]
    for name, work, beginning in (
        ("decode", lambda: tiled.decode(latents), lambda: tiled.decode(latents[:, :3])),
        ("encode", lambda: tiled.encode(pixels), lambda: tiled.encode(pixels[:, :9])),
        ("source", lambda: tiled.encode(source), lambda: tiled.encode(source[:, :9])),
    ):
        try:
            beginning()  # kernels are chosen, memory is taken
            row[name] = measured(work, device, repeats=1, warm_up=0).to_json()
            row[f"{name}_kernels"] = longest_kernels(settings, beginning)
        except torch.OutOfMemoryError:
            row[name] = None
        give_back(settings)
    return row
