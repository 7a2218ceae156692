"""A whole chunk: text, picture, speech, denoising, decoding, under a ceiling of device memory."""

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

import torch
from torch import Tensor

from infinitetalk.bench.clock import synchronize
from infinitetalk.bench.encoders import (
    random_audio_encoder,
    random_image_encoder,
    random_text_encoder,
)
from infinitetalk.bench.floors import size_text
from infinitetalk.bench.network import RandomModel, random_model
from infinitetalk.bench.pictures import random_vae
from infinitetalk.bench.settings import Settings
from infinitetalk.models.audio_encoder.wav2vec2 import AudioEncoder
from infinitetalk.models.image_encoder.clip import ImageEncoder
from infinitetalk.models.text_encoder.umt5 import TextEncoder
from infinitetalk.models.vae import WanVae
from infinitetalk.models.vae.tiles import TiledVae, fastest_tile
from infinitetalk.pipeline.chunk import (
    ChunkConditions,
    Sampling,
    conditioning_latents,
    denoise_chunk,
    motion_latents,
)
from infinitetalk.plan.cost import latent_frames, token_count
from infinitetalk.plan.memory import key_value_bytes, transformer_bytes, vae_bytes
from infinitetalk.sampling.schedule import timesteps
from infinitetalk.streaming.ladder import Ladder, MemorySettings, StepDown
from infinitetalk.streaming.transformer import Resting

T = TypeVar("T")

MANY_TOKENS = 20_000  # from here on a pass computes far longer than its blocks travel
KEPT_SHARE = 0.1  # of the memory ceiling, for kept keys and values
VAE_MARGIN = 300 * 1024**2  # kernels' workspace, pieces on their way to the host
SCALES = {1: (1.0, 1.0), 2: (1.0, 4.0), 3: (5.0, 4.0)}  # guidance scales by number of branches
PROMPT_IDS = 120
SAMPLE_RATE, FRAMES_PER_SECOND = 16000, 25


class Stages:
    """Runs stages and keeps what each took."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.rows: dict[str, dict[str, float]] = {}

    def run(self, name: str, work: Callable[[], T]) -> T:
        device = self._settings.device
        gc.collect()
        if self._settings.cuda:
            torch.cuda.empty_cache()
            torch.cuda.reset_peak_memory_stats(device)
        start = time.perf_counter()
        result = work()
        synchronize(device)
        row = {"seconds": time.perf_counter() - start}
        if self._settings.cuda:
            row["peak_allocated"] = torch.cuda.max_memory_allocated(device)
            row["peak_reserved"] = torch.cuda.max_memory_reserved(device)
        self.rows[name] = row
        return result


def measure_chunks(settings: Settings) -> list[dict[str, Any]]:
    """A row per precision, size and number of branches."""
    if settings.cuda and settings.cap is not None:
        total = torch.cuda.get_device_properties(settings.device).total_memory
        torch.cuda.set_per_process_memory_fraction(settings.cap / total, settings.device)
    shared, text, audio = _shared_stages(settings)
    networks = _Networks(
        image=random_image_encoder(settings),
        vae=random_vae(settings, torch.bfloat16 if settings.cuda else torch.float32).to("cpu"),
    )
    rows = []
    for precision in settings.precisions:
        model = random_model(settings, precision)
        model.stream.suspend()
        for size in settings.sizes:
            for branches in settings.passes:
                chunk = _Chunk(settings, networks, model, precision, size, branches)
                rows.append(chunk.run(text, audio, shared))
        model.stream.close()
        del model
    return rows


@dataclass(frozen=True, kw_only=True)
class _Networks:
    """Those of a chunk beside the transformer: on the CPU, but while they work."""

    image: ImageEncoder
    vae: WanVae


def _shared_stages(settings: Settings) -> tuple[dict[str, dict[str, float]], Tensor, Tensor]:
    """Text and speech, once per job: what they took, text vectors and audio windows on the CPU."""
    stages = Stages(settings)
    text = stages.run("text", partial(_text, settings, random_text_encoder(settings)))
    audio = stages.run("speech", partial(_audio, settings, random_audio_encoder(settings)))
    return stages.rows, text, audio


def _text(settings: Settings, encoder: TextEncoder) -> Tensor:
    ids = torch.arange(1, min(PROMPT_IDS, settings.wan.text_len)) % 60 + 1
    return encoder([ids])[0].cpu()


def _audio(settings: Settings, encoder: AudioEncoder) -> Tensor:
    """Windows of audio embeddings [1, F, window, blocks, channels], on the CPU."""
    samples = SAMPLE_RATE * settings.frames // FRAMES_PER_SECOND + 400
    rows = encoder.embed(torch.randn(samples) * 0.1).cpu()
    reach = settings.wan.audio_window // 2
    frames = torch.arange(settings.frames)[:, None] + torch.arange(-reach, reach + 1)
    return rows[frames.clamp(0, len(rows) - 1)][None]


class _Chunk:
    """One chunk of one size with one number of branches."""

    def __init__(
        self,
        settings: Settings,
        networks: _Networks,
        model: RandomModel,
        precision: str,
        size: tuple[int, int],
        branches: int,
    ) -> None:
        self.settings = settings
        self.networks = networks
        self.model = model
        self.precision = precision
        self.size = size
        self.branches = branches
        self.stages = Stages(settings)
        self.steps_down: list[StepDown] = []
        self.ladder = Ladder(self._first_settings(), size=size)

    def run(
        self, text: Tensor, audio: Tensor, shared: dict[str, dict[str, float]]
    ) -> dict[str, Any]:
        picture = torch.rand(3, *self.size) * 2 - 1
        image = self.stages.run("image", lambda: self._image(picture))
        y, motion = self.stages.run("encode", lambda: self._encode(picture))
        latents = self.ladder.run(
            "denoise",
            lambda s: self.stages.run(
                "denoise", lambda: self._denoise(s, y, image, motion, text, audio)
            ),
            self.steps_down.append,
        )
        self.model.stream.suspend()
        frames = self.ladder.run(
            "decode",
            lambda s: self.stages.run("decode", lambda: self._decode(latents, s)),
            self.steps_down.append,
        )
        rows = {**shared, **self.stages.rows}
        own = [row["seconds"] for name, row in rows.items() if name not in shared]
        return {
            "precision": self.precision,
            "size": size_text(self.size),
            "steps": self.settings.steps,
            "branches": self.branches,
            "cap": self.settings.cap,
            "stages": rows,
            "seconds": sum(own),
            "peak_reserved": max(row.get("peak_reserved", 0) for row in rows.values()),
            "predicted": self._predicted(),
            "settings": self.ladder.settings.to_json(),
            "rungs": [step.change for step in self.steps_down],
            "finite": bool(frames.isfinite().all()),
        }

    def _first_settings(self) -> MemorySettings:
        settings = self.settings
        tokens = token_count(self.size, settings.frames)
        ceiling = settings.cap or (1 << 62)
        kept = key_value_bytes(
            settings.weights, settings.frames, self._names, 1, settings.dtype.itemsize
        )
        # Resting parts are the smaller half of what lies outside the blocks.
        room = ceiling - self._outside_bytes - VAE_MARGIN
        tile = settings.vae_tile
        if tile is None:
            tile = fastest_tile(settings.vae, self.size, room, self.networks.vae.dtype)
        return MemorySettings(
            branches_together=tokens < MANY_TOKENS,
            keep_key_values=kept < KEPT_SHARE * ceiling,
            token_chunk=settings.token_chunk,
            vae_tile=tile,
        )

    @property
    def _names(self) -> tuple[str, ...]:
        return {1: ("cond",), 2: ("cond", "drop_audio"), 3: ("cond", "drop_text", "uncond")}[
            self.branches
        ]

    @property
    def _outside_bytes(self) -> int:
        inside = {id(p) for p in self.model.network.blocks.parameters()}
        own = (p for p in self.model.network.parameters() if id(p) not in inside)
        return sum(p.nbytes for p in own)

    def _image(self, picture: Tensor) -> Tensor:
        encoder = self.networks.image.to(self.settings.device)
        features = encoder(picture[None])[0].float().cpu()
        encoder.to("cpu")
        return features

    def _encode(self, picture: Tensor) -> tuple[Tensor, Tensor]:
        tiled = self._tiled(self.ladder.settings)
        y = conditioning_latents(tiled, picture, self.settings.frames)
        motion = motion_latents(tiled, picture, None)
        self.networks.vae.to("cpu")
        return y, motion

    def _tiled(self, memory: MemorySettings) -> TiledVae:
        vae = self.networks.vae.to(self.settings.device)
        return TiledVae(vae, tile=memory.vae_tile, result_device="cpu")

    def _denoise(
        self,
        memory: MemorySettings,
        y: Tensor,
        image: Tensor,
        motion: Tensor,
        text: Tensor,
        audio: Tensor,
    ) -> Tensor:
        settings, network, device = self.settings, self.model.network, self.settings.device
        network.token_chunk = memory.token_chunk or None
        text_scale, audio_scale = SCALES[self.branches]
        steps = denoise_chunk(
            network,
            ChunkConditions(y=y.to(device), image=image, motion=motion.to(device)),
            Sampling(
                timesteps=timesteps(settings.steps, 7.0),
                text_guidance_scale=text_scale,
                audio_guidance_scale=audio_scale,
                keep_key_values=memory.keep_key_values,
                branches_together=memory.branches_together,
            ),
            text=text,
            negative=text.flip(0),
            audio=audio,
            masks=torch.ones(3, self.size[0] // 8, self.size[1] // 8),
            noise=torch.randn(16, latent_frames(settings.frames), *(n // 8 for n in self.size)),
            blocks=self.model.stream,
        )
        # All three guidance branches have their conditions; what made them may rest.
        resting = Resting(network) if settings.cuda else None
        if resting is not None:
            resting.rest()
        try:
            *_, last = steps
        finally:
            if resting is not None:
                resting.wake()
        return last.latents

    def _decode(self, latents: Tensor, memory: MemorySettings) -> Tensor:
        frames = self._tiled(memory).decode(latents)
        self.networks.vae.to("cpu")
        return frames

    def _predicted(self) -> dict[str, int]:
        """Peaks of the stages that `plan` expects with these settings."""
        settings, memory = self.settings, self.ladder.settings
        names = self._names if memory.branches_together else self._names[:1]
        dtype = "bfloat16" if settings.cuda else "float32"
        parts = transformer_bytes(
            settings.weights,
            self.size,
            settings.frames,
            branches=names,
            speakers=1,
            precision=self.precision,
            dtype=dtype,
            token_chunk=memory.token_chunk,
            teacache=False,
        )
        weights = replace(settings.weights, vae_parameters=_vae_parameters(settings))
        encode, decode = vae_bytes(
            weights, self.size, settings.frames, dtype=dtype, tile=memory.vae_tile
        )
        return {
            "denoise": parts.total(
                resident=memory.resident_blocks,
                blocks=settings.wan.num_layers,
                keep_key_values=memory.keep_key_values,
            ),
            "encode": encode + parts.outside,
            "decode": decode + parts.outside,
        }


def _vae_parameters(settings: Settings) -> int:
    with torch.device("meta"):
        return sum(p.numel() for p in WanVae(settings.vae).parameters())
