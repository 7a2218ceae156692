"""Renders clips of the held-out set through the engine, as a user would: files in, frames out."""

import tempfile
import wave
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from infinitetalk.engine.engine import Engine
from infinitetalk.engine.export import video_frames
from infinitetalk.engine.model import MINIATURE, ModelChoice, build_request
from infinitetalk.engine.prepare import prepare_job
from infinitetalk.errors import EngineError
from infinitetalk.event import Failed
from infinitetalk.probe import machine
from infinitetalk.request import SpeechTrack

SAMPLE_RATE = 16000


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a clip is rendered with: a preset of the model, and fields of the request over it."""

    preset: str | None = None
    model: Path | None = None  # None: the bundled one
    fields: Mapping[str, Any]

    def over(self, **fields: Any) -> "Settings":
        return Settings(preset=self.preset, model=self.model, fields={**self.fields, **fields})


@dataclass(frozen=True, kw_only=True)
class Rendered:
    frames: NDArray[np.uint8]  # [F, H, W, 3]
    chunk_starts: tuple[int, ...]  # first frame of each chunk
    seconds: float

    def video(self) -> Tensor:
        """[F, 3, H, W] in -1..1."""
        return torch.from_numpy(self.frames).permute(0, 3, 1, 2).float() / 127.5 - 1


def render(
    picture: Tensor,
    tracks: list[NDArray[np.float32] | None],
    settings: Settings,
    **track_fields: Any,
) -> Rendered:
    """A clip of a picture [3, H, W] and one speech track per speaker (None is silent).

    Raises EngineError where the engine fails.
    """
    import time

    from PIL import Image

    began = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        pixels = ((picture + 1) * 127.5).round().clamp(0, 255).to(torch.uint8)
        Image.fromarray(pixels.permute(1, 2, 0).numpy()).save(folder / "source.png")
        speech = []
        for number, samples in enumerate(tracks):
            if samples is None:
                speech.append(SpeechTrack(path=None))
                continue
            write_wav(folder / f"speech{number}.wav", samples)
            speech.append(SpeechTrack(path=folder / f"speech{number}.wav", **track_fields))
        choice = ModelChoice(name=str(settings.model) if settings.model else MINIATURE)
        given = {**settings.fields, "source": folder / "source.png", "speech": tuple(speech)}
        request = build_request(given, choice.find(), preset=settings.preset)
        prepared = prepare_job(request, choice, folder / "clip.job", machine(folder))
        try:
            for event in Engine().generate(prepared):
                if isinstance(event, Failed):
                    raise EngineError(event.report)
            chunks = list(video_frames(prepared.job, prepared.plan))
            starts = tuple(c.first_frame for c in prepared.plan.chunks if c.frame_count > 0)
        finally:
            prepared.job.close()
    return Rendered(
        frames=np.concatenate(chunks), chunk_starts=starts, seconds=time.monotonic() - began
    )


def write_wav(file: Path, samples: NDArray[np.float32]) -> None:
    """Mono, 16 kHz, 16 bits."""
    with wave.open(str(file), "wb") as stream:
        stream.setnchannels(1)
        stream.setsampwidth(2)
        stream.setframerate(SAMPLE_RATE)
        stream.writeframes((samples.clip(-1, 1) * 32767).astype("<i2").tobytes())
