"""A whole chunk as the engine renders it: text, speech, picture, denoising, decoding, under a ceiling
of device memory.

Plan, networks' comings and goings, memory ladder and the stages are the engine's own; only what the
networks are made of is random.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
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
from infinitetalk.bench.network import RandomModel, attention_name
from infinitetalk.bench.parts import give_back
from infinitetalk.bench.pictures import random_vae
from infinitetalk.bench.settings import Settings
from infinitetalk.engine.memory import JobMemory
from infinitetalk.event import MemoryStepDown, Stage
from infinitetalk.media.speech_store import write_store
from infinitetalk.models.audio_encoder.wav2vec2 import AudioEncoder
from infinitetalk.models.image_encoder.clip import ImageEncoder
from infinitetalk.models.text_encoder.umt5 import TextEncoder
from infinitetalk.models.vae import WanVae
from infinitetalk.pipeline.chunk import Sampling
from infinitetalk.pipeline.networks import ModelNetworks
from infinitetalk.pipeline.noise import chunk_noise
from infinitetalk.pipeline.render import ChunkInputs, ChunkResult, StageBegan, render_chunk
from infinitetalk.pipeline.speech import audio_windows, encode_speech
from infinitetalk.pipeline.text import EncodeTexts, text_encoding
from infinitetalk.plan import Machine, MediaFacts, Plan, audio_row_index, plan
from infinitetalk.plan.memory import CONTEXT_BYTES
from infinitetalk.probe import machine
from infinitetalk.request import GenerationRequest, SpeechTrack
from infinitetalk.sampling import timesteps
from infinitetalk.streaming.allocation import is_out_of_memory
from infinitetalk.weights.description import ModelDescription
from infinitetalk.weights.folder import ModelFiles, ModelPaths

T = TypeVar("T")

SCALES = {1: (1.0, 1.0), 2: (1.0, 4.0), 3: (5.0, 4.0)}  # guidance scales by number of branches
PROMPT_IDS = 120
SAMPLE_RATE, FRAMES_PER_SECOND = 16000, 25
LATENT_CHANNELS = 16


class RandomNetworks(ModelNetworks):
    """The networks of a job as the engine lends them, made of random weights; encoders and VAE are
    made once for all jobs of a run.
    """

    def __init__(self, settings: Settings, made: Plan, kept: dict[str, Any]) -> None:
        nowhere = ModelFiles(
            folder=Path(), paths=ModelPaths(), description=ModelDescription(), found={}
        )
        super().__init__(nowhere, made, speakers=1)
        self._settings = settings
        self._kept = kept

    def lend(self, model: RandomModel) -> None:
        """The transformer is this one from now on."""
        self._transformer, self._blocks = model.network, model.stream

    def text_encoding(self) -> EncodeTexts:
        count = min(PROMPT_IDS, self._settings.wan.text_len)
        return text_encoding(self._load_text(), lambda _text: torch.arange(1, count) % 60 + 1)

    def _load_text(self) -> TextEncoder:
        return self._once("text", random_text_encoder)

    def _load_audio(self) -> AudioEncoder:
        return random_audio_encoder(self._settings)

    def _load_image(self) -> ImageEncoder:
        return self._once("image", random_image_encoder)

    def _load_vae(self) -> WanVae:
        return self._once(
            f"vae {self.placement.vae_dtype}",
            lambda settings: random_vae(settings, self.placement.vae_dtype).to("cpu"),
        )

    def _once(self, name: str, make: Callable[[Settings], T]) -> T:
        if name not in self._kept:
            self._kept[name] = make(self._settings)
        return self._kept[name]

    def forget(self) -> None:
        """Drops what it lent; the transformer belongs to others."""
        self._vae = self._image = self._transformer = self._blocks = None


class Stages:
    """Seconds and peaks of stages that follow one another."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._name, self._since = "", 0.0
        self.rows: dict[str, dict[str, float]] = {}

    def begin(self, name: str) -> None:
        self.end()
        if self._settings.cuda:
            torch.cuda.reset_peak_memory_stats(self._settings.device)
        self._name, self._since = name, time.perf_counter()

    def end(self) -> None:
        if not self._name:
            return
        device = self._settings.device
        synchronize(device)
        row = {"seconds": time.perf_counter() - self._since}
        if self._settings.cuda:
            row["peak_allocated"] = torch.cuda.max_memory_allocated(device)
            row["peak_reserved"] = torch.cuda.max_memory_reserved(device)
        self.rows[self._name] = row
        self._name = ""


class WholeJobs:
    """Chunks of several sizes, precisions and numbers of branches."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._kept: dict[str, Any] = {}
        self._shared: tuple[dict[str, dict[str, float]], Tensor, Any] | None = None
        self._folder = tempfile.TemporaryDirectory(prefix="infinitetalk-bench-speech-")

    def close(self) -> None:
        self._kept.clear()
        self._folder.cleanup()

    def measure(
        self, model: RandomModel, precision: str, size: tuple[int, int], branches: int
    ) -> list[dict[str, Any]]:
        """A row: seconds and peaks by stage, as planned and as they were; rungs of the ladder."""
        model.stream.suspend()
        give_back(self._settings)
        cap = self._settings.cap_of(size)
        with memory_ceiling(self._settings, cap):
            made = self._plan(precision, size, branches, cap)
            networks = RandomNetworks(self._settings, made, self._kept)
            try:
                return [self._job(networks, model, made, cap)]
            finally:
                networks.make_room()
                networks.forget()
                model.stream.suspend()
                model.network.token_chunk = self._settings.token_chunk or None

    def _plan(self, precision: str, size: tuple[int, int], branches: int, cap: int | None) -> Plan:
        settings = self._settings
        text, audio = SCALES[branches]
        nowhere = Path("random")
        request = GenerationRequest(
            source=nowhere,
            speech=(SpeechTrack(path=nowhere),),
            mode="clip",
            size=size,
            chunk_frames=settings.frames,
            motion_frames=1 if settings.frames < 81 else None,
            steps=settings.steps,
            text_guidance_scale=text,
            audio_guidance_scale=audio,
            precision=precision,  # type: ignore[arg-type]  # one of the names checked in `settings`
        )
        media = MediaFacts(
            source_kind="picture",
            source_size=size,
            speech_seconds=(settings.frames / FRAMES_PER_SECOND,),
        )
        return plan(
            request,
            media,
            settings.weights,
            self._machine(cap),
            attention=attention_name(settings),
            most_resident=settings.resident,
        )

    def _machine(self, cap: int | None) -> Machine:
        """This one, with the ceiling in the place of the card's memory."""
        settings = self._settings
        here = machine()
        if not settings.cuda:
            return replace(here, gpu=None)
        card = torch.cuda.get_device_properties(settings.device)
        free, _ = torch.cuda.mem_get_info(settings.device)
        return replace(
            here,
            gpu=card.name,
            compute_capability=(card.major, card.minor),
            vram_total=card.total_memory,
            vram_free=(free if cap is None else cap) + CONTEXT_BYTES,
        )

    def _job(
        self, networks: RandomNetworks, model: RandomModel, made: Plan, cap: int | None
    ) -> dict[str, Any]:
        if self._shared is None:
            self._shared = self._shared_stages(networks)
        shared, text, speech = self._shared
        networks.lend(model)
        inputs, sampling = self._inputs(made, text, speech), self._sampling(made)
        memory, stages = JobMemory(made), Stages(self._settings)
        rungs: list[str] = []
        while True:
            networks.use_memory(memory.settings)
            outcome = self._tried(networks, inputs, sampling, memory, stages)
            if not isinstance(outcome, MemoryStepDown):
                break
            rungs.append(f"{outcome.stage}: {outcome.change}")
        rows = {**shared, **stages.rows}
        return {
            "precision": made.precision,
            "size": size_text(made.size),
            "steps": made.steps,
            "branches": len(made.branches),
            "cap": cap,
            "stages": rows,
            "seconds": sum(row["seconds"] for row in stages.rows.values()),
            "peak_allocated": max(row.get("peak_allocated", 0) for row in rows.values()),
            "peak_reserved": max(row.get("peak_reserved", 0) for row in rows.values()),
            "predicted": {s.stage: s.vram for s in made.stages if s.stage in rows},
            "predicted_seconds": {s.stage: s.seconds for s in made.stages if s.stage in rows},
            "predicted_peak": made.peak_vram,
            "settings": memory.settings.to_json(),
            "attention": made.attention,
            "vae_dtype": made.vae_dtype,
            "rungs": rungs,
            "finite": bool(outcome.frames.isfinite().all()),
        }

    def _tried(
        self,
        networks: RandomNetworks,
        inputs: ChunkInputs,
        sampling: Sampling,
        memory: JobMemory,
        stages: Stages,
    ) -> ChunkResult | MemoryStepDown:
        """As the renderer does it: the chunk, or the step down to try it again with."""
        stage: Stage = "source"
        sampling = replace(
            sampling,
            keep_key_values=memory.settings.keep_key_values,
            branches_together=memory.settings.branches_together,
        )
        stages.rows.clear()
        try:
            for found in render_chunk(
                networks, inputs, sampling, color_correction=1.0, ease_seams=True
            ):
                if isinstance(found, StageBegan):
                    stage = found.stage
                    stages.begin(stage)
                elif isinstance(found, ChunkResult):
                    stages.end()
                    return found
            raise ValueError("a chunk must have a result")
        except Exception as error:
            if not is_out_of_memory(error):
                raise
            reason = str(error).splitlines()[0]
        networks.make_room()
        return memory.step_down("bench", 0, stage, reason)

    def _sampling(self, made: Plan) -> Sampling:
        text, audio = SCALES[len(made.branches)]
        return Sampling(
            timesteps=timesteps(made.steps, made.shift),
            text_guidance_scale=text,
            audio_guidance_scale=audio,
        )

    def _inputs(self, made: Plan, text: Tensor, speech: Any) -> ChunkInputs:
        height, width = made.size
        frames = made.chunks[0].span_frames
        generator = torch.Generator().manual_seed(0)
        picture = torch.rand(3, height, width, generator=generator) * 2 - 1
        return ChunkInputs(
            frames=frames,
            picture=picture,
            color_reference=picture,
            motion=None,
            text=text,
            negative=text.flip(0),
            audio=audio_windows([speech], [audio_row_index(made, 0, 0)]),
            masks=torch.ones(3, height // 8, width // 8),
            noise=chunk_noise(
                0, 0, (LATENT_CHANNELS, 1 + (frames - 1) // 4, height // 8, width // 8)
            ),
        )

    def _shared_stages(
        self, networks: RandomNetworks
    ) -> tuple[dict[str, dict[str, float]], Tensor, Any]:
        """Text and speech, once per run: what they took, text vectors, the store of embeddings."""
        stages, settings = Stages(self._settings), self._settings
        networks._load_text()  # making random numbers is no part of the stage
        stages.begin("text")
        text = networks.text_encoding()(["a"])[0]
        stages.end()
        samples = torch.randn(SAMPLE_RATE * settings.frames // FRAMES_PER_SECOND + 400) * 0.1
        folder = Path(self._folder.name)
        track = write_store(folder / "speech.wav", [samples.numpy()])
        with networks.audio_encoder() as encoder:
            stages.begin("speech")
            speech = encode_speech(encoder, track, folder / "speech.npy", piece=40.0)
            stages.end()
        return stages.rows, text, speech


@contextmanager
def memory_ceiling(settings: Settings, cap: int | None) -> Iterator[None]:
    """At most `cap` bytes from the allocator inside, as on a card that has no more."""
    if cap is None or not settings.cuda:
        yield
        return
    total = torch.cuda.get_device_properties(settings.device).total_memory
    torch.cuda.set_per_process_memory_fraction(cap / total, settings.device)
    try:
        yield
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0, settings.device)
