"""How long it takes: floating-point work of the networks over the rates of the machine.

A multiply-add counts as 2. Formulas for any width; with the published sizes they give the table of
spec transformer.md 11. Measurements of earlier jobs replace or correct the estimate.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from infinitetalk.plan.cards import Rates
from infinitetalk.plan.facts import WeightsFacts

TEXT_TOKENS = 512
IMAGE_TOKENS = 257
AUDIO_TOKENS = 32  # per speaker and latent frame
_AUDIO_WIDTH = 768

# VAE work per pixel and frame, in multiply-adds times 2. Convolutions of few channels and copies reach a
# ninth of the rate of products: 1.3 s to decode 81 frames of 640 x 640 in bfloat16 on an H100. A source
# frame and the gray behind it take 0.37 s, since most of the gray is encoded once.
_VAE_DECODE_FLOP = 3.2e6
_VAE_RATE_SHARE = 0.115
_VAE_ENCODE_SHARE = 0.3
_VAE_PARAMETERS = 126_892_531  # of the published VAE
_TILE_OVERLAP = 64  # pixels that neighboring tiles share
# Storing and color matching, per pixel and frame, on the CPU.
_STORE_SECONDS = 4e-9
_TEXT_RATE_SHARE = 0.5


@dataclass(frozen=True, kw_only=True)
class PassWork:
    """Floating-point operations of one forward pass of the transformer."""

    linears: float  # products with block weights; 8 bit where the weights are
    attention: float

    @property
    def total(self) -> float:
        return self.linears + self.attention


def latent_frames(frames: int) -> int:
    """Latent frames of 4n + 1 video frames: n + 1."""
    return 1 + (frames - 1) // 4


def token_count(size: tuple[int, int], frames: int) -> int:
    """Tokens of a chunk: latent frames x H/16 x W/16 (spec: pipeline.md 4)."""
    return latent_frames(frames) * (size[0] // 16) * (size[1] // 16)


def pass_work(
    weights: WeightsFacts, size: tuple[int, int], frames: int, *, speakers: int = 1
) -> PassWork:
    """Work of one branch and step on a chunk of `frames` frames (spec: transformer.md 11)."""
    tokens, dim, blocks = token_count(size, frames), weights.dim, weights.blocks
    context = TEXT_TOKENS + IMAGE_TOKENS
    audio = AUDIO_TOKENS * speakers
    per_token = 8 * dim * dim  # self-attention q, k, v, o
    per_token += 4 * dim * dim  # q and o of text and picture
    per_token += 4 * dim * dim  # q and proj of speech
    per_token += 4 * dim * weights.ffn_dim
    linears = float(tokens * per_token)
    linears += 4.0 * context * dim * dim  # their keys and values
    linears += 4.0 * latent_frames(frames) * audio * _AUDIO_WIDTH * dim
    attention = 4.0 * tokens * dim * (tokens + context + audio)
    if speakers > 1:  # the speaker map: queries to the first latent frame
        attention += 2.0 * tokens * dim * (tokens // latent_frames(frames))
    return PassWork(linears=linears * blocks, attention=attention * blocks)


@dataclass(frozen=True, kw_only=True)
class StepCost:
    """Seconds of one denoising step of all branches, and what they wait for."""

    compute: float
    transfer: float  # blocks from RAM to the card
    disk: float  # blocks from the disk
    block_bytes: int = 0  # of one streamed block

    @property
    def seconds(self) -> float:
        """Copies go on beside the computation, so the slowest of the three counts."""
        return max(self.compute, self.transfer, self.disk)


def step_cost(
    work: PassWork,
    rates: Rates,
    precision: str,
    *,
    branches: int,
    streamed_bytes: int,
    disk_bytes: int,
    transfer_rate: float,
    disk_rate: float,
    block_bytes: int = 0,
    loads: int = 1,
) -> StepCost:
    """One step of `branches` passes; each block is loaded `loads` times: once for all, or for each."""
    compute = branches * (
        work.linears / rates.products(precision) + work.attention / rates.attention
    )
    return StepCost(
        compute=compute,
        transfer=loads * streamed_bytes / transfer_rate if streamed_bytes else 0.0,
        disk=loads * disk_bytes / disk_rate if disk_bytes else 0.0,
        block_bytes=block_bytes,
    )


def vae_seconds(
    weights: WeightsFacts, size: tuple[int, int], frames: int, rates: Rates, *, tile: int
) -> tuple[float, float]:
    """(encode, decode) of one chunk. Tiles overlap, which costs again what they share."""
    scale = weights.vae_parameters / _VAE_PARAMETERS
    work = _VAE_DECODE_FLOP * scale * tiled_pixels(size, tile) * frames
    decode = work / (rates.matmul * _VAE_RATE_SHARE)
    return decode * _VAE_ENCODE_SHARE, decode


def tiled_pixels(size: tuple[int, int], tile: int) -> int:
    """Pixels of a picture (H, W) in tiles of `tile` pixels a side, shared ones counted again."""
    if not tile:
        return size[0] * size[1]
    result = 1
    for side in size:
        count = max(1, math.ceil((side - _TILE_OVERLAP) / (tile - _TILE_OVERLAP)))
        result *= side if tile >= side else count * tile
    return result


def store_seconds(size: tuple[int, int], frames: int) -> float:
    return _STORE_SECONDS * size[0] * size[1] * frames


def text_seconds(weights: WeightsFacts, rates: Rates, disk_rate: float) -> float:
    """Two prompts through the text encoder: mostly reading it."""
    reading = weights.text_encoder_bytes / disk_rate
    work = 2.0 * weights.text_encoder_bytes / 2 * 2 * 128
    return reading + work / (rates.matmul * _TEXT_RATE_SHARE)


def speech_seconds(weights: WeightsFacts, rates: Rates, frames: int) -> float:
    """The audio encoder over `frames` frames of speech per speaker, in pieces."""
    parameters = weights.audio_encoder_bytes / 4
    return 2.0 * parameters * frames * 1.5 / (rates.matmul * 0.1)


def measurement_key(
    weights: str,
    precision: str,
    device: str,
    size: tuple[int, int],
    frames: int,
    passes: int,
    steps: int,
) -> str:
    """What a measured time per chunk belongs to, as a string for `Machine.measured`."""
    return f"{weights}|{precision}|{device}|{size[1]}x{size[0]}|{frames} frames|{passes} x {steps}"


def measured_seconds(key: str, measured: Iterable[tuple[str, float]]) -> float | None:
    """The last measurement of exactly these settings."""
    found = [seconds for name, seconds in measured if name == key]
    return found[-1] if found else None


def scaled_seconds(
    key: str, weights: WeightsFacts, measured: Iterable[tuple[str, float]]
) -> float | None:
    """A time for `key` from the last measurement with the same weights, precision and device.

    It is scaled by the work of the transformer. None where nothing comparable was measured.
    """
    wanted = _KEY.fullmatch(key)
    if wanted is None:
        return None
    result = None
    for name, seconds in measured:
        found = _KEY.fullmatch(name)
        if found is not None and found["kind"] == wanted["kind"]:
            result = seconds * _work_of_key(wanted, weights) / _work_of_key(found, weights)
    return result


_KEY = re.compile(
    r"(?P<kind>.*\|.*\|.*)\|(?P<w>\d+)x(?P<h>\d+)\|(?P<frames>\d+) frames"
    r"\|(?P<passes>\d+) x (?P<steps>\d+)"
)


def _work_of_key(key: re.Match[str], weights: WeightsFacts) -> float:
    work = pass_work(weights, (int(key["h"]), int(key["w"])), int(key["frames"]))
    return work.total * int(key["passes"]) * int(key["steps"])
