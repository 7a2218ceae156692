"""The published model, a talking-head video of three minutes, and saved machines."""

from collections.abc import Callable
from pathlib import Path

import pytest

from infinitetalk.paths import resources_folder
from infinitetalk.plan import Machine, MediaFacts, WeightsFacts
from infinitetalk.probe import read_machine
from infinitetalk.request import PRESETS, GenerationRequest, Lora, SpeechTrack


@pytest.fixture
def weights() -> WeightsFacts:
    """Sizes of the 14B model with its adapter (spec: transformer.md 2, encoders_and_vae.md)."""
    block = 464_000_000
    return WeightsFacts(
        name="InfiniteTalk 14B",
        identity="digest",
        dim=5120,
        heads=40,
        ffn_dim=13824,
        blocks=40,
        audio_blocks=12,
        audio_channels=768,
        text_dim=4096,
        stored="bf16",
        block_parameters=block,
        other_parameters=18_882_046_784 - 40 * block,
        text_encoder_bytes=11_360_000_000,
        image_encoder_bytes=1_260_000_000,
        audio_encoder_bytes=380_000_000,
        vae_parameters=126_892_531,
    )


@pytest.fixture
def media() -> MediaFacts:
    return MediaFacts(
        source_kind="video",
        source_size=(1080, 1920),
        source_duration=200.0,
        speech_seconds=(180.0,),
    )


@pytest.fixture
def machine() -> Callable[[str], Machine]:
    def read(name: str) -> Machine:
        return read_machine(resources_folder() / "machines" / f"{name}.json")

    return read


@pytest.fixture
def preset() -> Callable[..., GenerationRequest]:
    def make(name: str, **changes) -> GenerationRequest:
        found = PRESETS[name]
        values = {
            "source": Path("keynote.mp4"),
            "speech": (SpeechTrack(path=Path("anna.wav")),),
            "precision": "int8",
            "loras": (Lora(path=Path("lightx2v.safetensors")),) if found.fast_lora else (),
            **found.changes,
            **changes,
        }
        return GenerationRequest(**values)

    return make
