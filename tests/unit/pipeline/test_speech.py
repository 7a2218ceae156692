"""Speech of any length: pieces agree with the whole, memory doesn't grow, failures leave nothing."""

import errno
import itertools
import json
import wave
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from infinitetalk.errors import EngineError
from infinitetalk.media.speech_store import SpeechStore, write_store
from infinitetalk.models.audio_encoder.config import AudioEncoderConfig
from infinitetalk.models.audio_encoder.long_attention import Reach
from infinitetalk.models.audio_encoder.wav2vec2 import AudioEncoder, load_audio_encoder
from infinitetalk.paths import miniature_folder, resources_folder
from infinitetalk.pipeline.embedding_store import (
    EmbeddingStore,
    StoreWriter,
    new_store,
    store_embeddings,
)
from infinitetalk.pipeline.speech import audio_windows, encode_speech
from infinitetalk.plan import audio_row_index, plan_chunks
from infinitetalk.request import GenerationRequest, SpeechTrack
from infinitetalk.weights.tensors import open_state

CONFIG = AudioEncoderConfig(
    hidden_size=32,
    num_hidden_layers=3,
    num_attention_heads=4,
    intermediate_size=48,
    conv_dim=(16,) * 7,
    num_conv_pos_embeddings=16,
    num_conv_pos_embedding_groups=4,
)


def make(config: AudioEncoderConfig = CONFIG) -> AudioEncoder:
    torch.manual_seed(7)
    return AudioEncoder(config).eval().requires_grad_(False)


@pytest.fixture(scope="module")
def encoder() -> AudioEncoder:
    return make()


def speech_of(seconds: float) -> np.ndarray:
    """Something like speech: voiced bursts of changing pitch between pauses."""
    random = np.random.default_rng(8)
    at = np.arange(int(seconds * 16000)) / 16000
    pitch = 120 + 40 * np.sin(0.9 * at) + 15 * np.sin(5.1 * at)
    voice = np.sign(np.sin(2 * np.pi * np.cumsum(pitch) / 16000))
    loud = np.clip(np.sin(7 * at) + 0.5 * np.sin(1.3 * at), 0, None)
    return (0.1 * loud * (voice + 0.5 * random.standard_normal(len(at)))).astype(np.float32)


def bundled_speech(seconds: float) -> np.ndarray:
    """The bundled recordings one after the other, each time a little softer or louder."""
    parts: list[np.ndarray] = []
    for name in ("speech.wav", "speech_long.wav", "reply.wav"):
        with wave.open(str(resources_folder() / "samples" / name), "rb") as file:
            assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (16000, 1, 2)
            parts.append(np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32768)
    once = np.concatenate(parts)
    turns = int(seconds * 16000 / len(once)) + 1
    gains = 1 + 0.4 * np.sin(np.arange(turns))
    return np.concatenate([gain * once for gain in gains])[: int(seconds * 16000)].astype(
        np.float32
    )


def error(found: Tensor, expected: Tensor) -> float:
    return float((found - expected).norm() / expected.norm())


class Watched:
    """Speech that remembers the longest slice that was read of it."""

    def __init__(self, samples: np.ndarray) -> None:
        self._samples = samples
        self.longest = 0

    def __len__(self) -> int:
        return len(self._samples)

    def __getitem__(self, part: slice) -> np.ndarray:
        found = self._samples[part]
        self.longest = max(self.longest, len(found))
        return found


@pytest.mark.parametrize("stable", [False, True])
@pytest.mark.parametrize("piece", [0.3, 1.0, 50.0])
def test_pieces_give_the_whole(tmp_path: Path, piece: float, stable: bool) -> None:
    encoder = make(replace(CONFIG, do_stable_layer_norm=stable))
    speech = speech_of(9.37)
    whole = encoder.embed(torch.from_numpy(speech))
    store = encode_speech(encoder, speech, tmp_path / "e.npy", piece=piece)
    assert (store.rows, store.blocks, store.channels) == whole.shape
    assert error(store.read(0, store.rows), whole) < 1e-4


def test_three_minutes_of_speech_in_pieces_of_ten_seconds(
    encoder: AudioEncoder, tmp_path: Path
) -> None:
    speech = bundled_speech(200)
    whole = encoder.embed(torch.from_numpy(speech))
    store = encode_speech(encoder, speech, tmp_path / "e.npy", piece=10)
    assert error(store.read(0, store.rows), whole) < 1e-4
    # As of speech longer than twenty minutes: most rows are attended to through samples.
    short_reach = Reach(attended=1250, near=250)
    store = encode_speech(encoder, speech, tmp_path / "s.npy", piece=10, reach=short_reach)
    found = store.read(0, store.rows)
    assert not torch.equal(found, whole)
    assert error(found[250:-250], whole[250:-250]) < 1e-2


def test_no_slice_grows_with_the_length(encoder: AudioEncoder, tmp_path: Path) -> None:
    longest = []
    for seconds in (60, 180):
        speech = Watched(speech_of(seconds))
        encode_speech(encoder, speech, tmp_path / "e.npy", piece=2)
        longest.append(speech.longest)
    assert longest[0] == longest[1] < 22 * 16000


def test_zero_encodes_the_whole_as_the_reference(encoder: AudioEncoder, tmp_path: Path) -> None:
    speech = speech_of(3.1)
    store = encode_speech(encoder, speech, tmp_path / "e.npy", piece=0)
    assert torch.equal(store.read(0, store.rows), encoder.embed(torch.from_numpy(speech)))


def test_stored_tracks_and_plain_arrays_are_the_same(encoder: AudioEncoder, tmp_path: Path) -> None:
    speech = speech_of(4)
    track = write_store(tmp_path / "track.wav", [speech[:30_000], speech[30_000:]])
    assert isinstance(track, SpeechStore)
    first = encode_speech(encoder, track, tmp_path / "a.npy", piece=1)
    second = encode_speech(encoder, speech, tmp_path / "b.npy", piece=1)
    assert first.path.read_bytes() == second.path.read_bytes()


def test_silence_is_encoded(encoder: AudioEncoder, tmp_path: Path) -> None:
    silence = np.zeros(16000 * 3, np.float32)
    store = encode_speech(encoder, silence, tmp_path / "e.npy", piece=1)
    assert error(store.read(0, store.rows), encoder.embed(torch.from_numpy(silence))) < 1e-4


@pytest.mark.parametrize("piece", [0.0, 1.0])
def test_values_that_are_no_numbers(encoder: AudioEncoder, tmp_path: Path, piece: float) -> None:
    speech = speech_of(3)
    speech[40_000] = np.nan
    with pytest.raises(EngineError) as raised:
        encode_speech(encoder, speech, tmp_path / "e.npy", piece=piece)
    assert raised.value.report.code == "speech.not_finite"
    assert raised.value.report.facts["seconds"] == pytest.approx(2.5)
    assert list(tmp_path.iterdir()) == []


def test_an_encoder_that_overflows_is_found_out(tmp_path: Path) -> None:
    encoder = make()
    with torch.no_grad():
        encoder.get_submodule("model.encoder.layers.1.final_layer_norm").weight.fill_(torch.inf)
    for piece in (0.0, 1.0):
        with pytest.raises(EngineError) as raised:
            encode_speech(encoder, speech_of(2), tmp_path / "e.npy", piece=piece)
        assert raised.value.report.code == "speech.not_finite"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("samples", [0, 1, 399, 639])
def test_too_short(encoder: AudioEncoder, tmp_path: Path, samples: int) -> None:
    with pytest.raises(EngineError) as raised:
        encode_speech(encoder, np.zeros(samples, np.float32), tmp_path / "e.npy", piece=1)
    assert raised.value.report.code == "speech.too_short"


@pytest.mark.parametrize("samples", [640, 1279, 1280, 2000])
def test_a_few_rows(encoder: AudioEncoder, tmp_path: Path, samples: int) -> None:
    speech = speech_of(1)[:samples]
    store = encode_speech(encoder, speech, tmp_path / "e.npy", piece=40)
    assert error(store.read(0, store.rows), encoder.embed(torch.from_numpy(speech))) < 1e-4


def test_progress_grows_to_one_and_can_stop(encoder: AudioEncoder, tmp_path: Path) -> None:
    heard: list[float] = []
    encode_speech(encoder, speech_of(5), tmp_path / "e.npy", piece=1, tick=heard.append)
    assert heard == sorted(heard)
    assert heard[-1] == pytest.approx(1)
    (tmp_path / "e.npy").unlink()

    def stop(done: float) -> None:
        if done > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        encode_speech(encoder, speech_of(5), tmp_path / "e.npy", piece=1, tick=stop)
    assert list(tmp_path.iterdir()) == []


def test_rows_are_read_as_written(tmp_path: Path) -> None:
    embeddings = torch.randn(40, 3, 5)
    store = store_embeddings(tmp_path / "e.npy", embeddings)
    assert torch.equal(store.read(7, 19), embeddings[7:19])
    index = np.array([[30, 8], [8, 21]])
    assert torch.equal(store.gather(index), embeddings[torch.from_numpy(index)])
    assert np.load(tmp_path / "e.npy", mmap_mode="r").shape == (3, 40, 5)
    with pytest.raises(ValueError, match="not within"):
        store.read(30, 41)


def test_a_store_cut_short_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "e.npy"
    store_embeddings(path, torch.randn(40, 3, 5))
    whole = path.read_bytes()
    for damaged in (whole[:-4], whole[:50], b"", b"not numpy at all, but long enough to try"):
        path.write_bytes(damaged)
        with pytest.raises(EngineError) as raised:
            EmbeddingStore.open(path)
        assert raised.value.report.code == "speech.bad_embeddings"


def test_an_unfinished_store_never_takes_its_name(tmp_path: Path) -> None:
    def stop_half_way() -> None:
        with new_store(tmp_path / "e.npy", rows=4, blocks=2, channels=2) as store:
            store.write(0, 0, torch.zeros(4, 2))
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        stop_half_way()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("failing", [1, 9, 30])
def test_a_full_disk_is_said_and_leaves_nothing(
    encoder: AudioEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    write = StoreWriter.write
    calls = itertools.count(1)

    def fill_up(store: StoreWriter, block: int, start: int, states: Tensor) -> None:
        if next(calls) == failing:
            raise OSError(errno.ENOSPC, "No space left on device")
        write(store, block, start, states)

    monkeypatch.setattr(StoreWriter, "write", fill_up)
    with pytest.raises(EngineError) as raised:
        encode_speech(encoder, speech_of(6), tmp_path / "e.npy", piece=1)
    assert raised.value.report.code == "disk.full"
    assert list(tmp_path.iterdir()) == []


def test_windows_are_the_rows_that_the_plan_names(tmp_path: Path) -> None:
    rows = (200, 200)
    stores = [
        store_embeddings(
            tmp_path / f"{j}.npy", torch.arange(n).float()[:, None, None].expand(n, 2, 3) + 1000 * j
        )
        for j, n in enumerate(rows)
    ]
    tracks = (SpeechTrack(path=Path("a.wav")), SpeechTrack(path=Path("b.wav")))
    request = GenerationRequest(source=Path("face.png"), speech=tracks).with_exact()
    plan = plan_chunks(request, rows)
    first = audio_windows(stores, [audio_row_index(plan, j, 0) for j in (0, 1)])
    assert first.shape == (2, 81, 5, 2, 3)
    assert first[0, 0, :, 0, 0].tolist() == [0, 0, 0, 1, 2]
    last = audio_windows(stores, [audio_row_index(plan, j, 2) for j in (0, 1)])
    # pipeline.md 4, worked example: the last frame hears rows mirrored at the end
    assert last[0, 80, :, 0, 0].tolist() == [177, 176, 175, 174, 173]
    assert torch.equal(last[1], last[0] + 1000)


def _miniature() -> tuple[AudioEncoder, Path] | None:
    for config in miniature_folder().rglob("config.json"):
        data = json.loads(config.read_text(encoding="utf-8"))
        files = sorted(config.parent.glob("*.safetensors"))
        if data.get("model_type") == "wav2vec2" and files:
            state = open_state(files)
            return load_audio_encoder(state, AudioEncoderConfig.from_json(data)), config.parent
    return None


@pytest.mark.skipif(not miniature_folder().is_dir(), reason="the miniature is not bundled yet")
def test_trained_encoder_on_minutes_of_speech(tmp_path: Path) -> None:
    """A trained encoder looks everywhere: it shows what is left out of sight, random ones don't."""
    found = _miniature()
    if found is None:
        pytest.skip("the miniature has no audio encoder yet")
    encoder, _ = found
    speech = bundled_speech(200)
    whole = encoder.embed(torch.from_numpy(speech))
    inner = slice(250, -250)
    store = encode_speech(encoder, speech, tmp_path / "e.npy", piece=10)
    assert error(store.read(0, store.rows)[inner], whole[inner]) < 1e-4
    # Half of the rows left out: the same share as at 40 minutes, but of a sixth of the samples,
    # and the error of samples falls with the root of their number.
    half = Reach(attended=2500, near=500)
    store = encode_speech(encoder, speech, tmp_path / "s.npy", piece=10, reach=half)
    assert error(store.read(0, store.rows)[inner], whole[inner]) < 1e-2 * 15000**0.5 / 2500**0.5
