"""A small job of four chunks, as plain values."""

from collections.abc import Callable
from pathlib import Path

import pytest

from infinitetalk.plan import Plan, plan_chunks
from infinitetalk.project import TakeMeta
from infinitetalk.request import GenerationRequest, SpeechTrack


@pytest.fixture
def request_(tmp_path: Path) -> GenerationRequest:
    source, speech = tmp_path / "face.png", tmp_path / "voice.wav"
    source.write_bytes(b"picture" * 100)
    speech.write_bytes(b"sound" * 100)
    return GenerationRequest(source=source, speech=(SpeechTrack(path=speech),), prompt="a woman")


@pytest.fixture
def plan(request_: GenerationRequest) -> Plan:
    schedule = plan_chunks(request_, (250,))
    return Plan(
        size=(448, 896),
        total_frames=schedule.total_frames,
        rows=schedule.rows,
        chunks=schedule.chunks,
        branches=("cond",),
        steps=4,
        shift=2.0,
        precision="bf16",
        dtype="float32",
        device="cpu",
        threads=1,
        attention="default",
        resident_blocks=0,
        vae_dtype="float32",
        vae_tile=0,
        text_encoder="stored",
        weights_identity="w" * 16,
        exact=False,
    )


@pytest.fixture
def meta() -> Callable[..., TakeMeta]:
    def make(index: int = 0, key: str = "a" * 20, **values) -> TakeMeta:
        return TakeMeta(index=index, key=key, seed=42, part="p" * 20, **values)

    return make
