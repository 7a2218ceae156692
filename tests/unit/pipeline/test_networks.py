"""Networks of a job leave memory as soon as nobody holds them, without the garbage collector."""

import gc
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest
from torch import nn

from infinitetalk.engine.model import ModelChoice, build_request, facts_for
from infinitetalk.pipeline.networks import ModelNetworks
from infinitetalk.plan import Machine, MediaFacts, plan
from infinitetalk.request import SpeechTrack
from tests.tiny_model import build_tiny_model


@pytest.fixture
def no_collector() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def networks(folder: Path) -> ModelNetworks:
    files = ModelChoice(name=str(build_tiny_model(folder))).find()
    track = SpeechTrack(path=folder / "a.wav")
    request = build_request({"source": folder / "a.png", "speech": (track,)}, files)
    media = MediaFacts(source_kind="picture", source_size=(64, 64), speech_seconds=(1.0,))
    machine = Machine(ram_total=2**34, ram_free=2**34, disk_free=2**40, torch_version="2")
    made = plan(request, media, facts_for(files, request), machine)
    return ModelNetworks(files, made, speakers=1)


def test_each_network_goes_with_its_last_holder(tmp_path: Path, no_collector: None) -> None:
    lent = networks(tmp_path)
    seen: dict[str, weakref.ref] = {}

    def watch(name: str, network: object) -> None:
        seen[name] = weakref.ref(network)
        assert isinstance(network, nn.Module)
        seen[f"weights of {name}"] = weakref.ref(next(network.parameters()))

    with lent.audio_encoder() as audio:
        watch("audio encoder", audio)
    del audio
    with lent.vae() as vae:
        watch("VAE", vae.vae)
    with lent.image_encoder() as image:
        watch("image encoder", image)
    transformer, blocks = lent.loaded_transformer()
    watch("transformer", transformer)
    encode = lent.text_encoding()
    (encoder,) = [cell.cell_contents for cell in encode.__closure__ or ()
                  if isinstance(cell.cell_contents, nn.Module)]  # fmt: skip
    watch("text encoder", encoder)
    assert all(ref() is not None for name, ref in seen.items() if "audio" not in name)
    del vae, image, transformer, blocks, encode, encoder
    lent.close()
    assert [name for name, ref in seen.items() if ref() is not None] == []
