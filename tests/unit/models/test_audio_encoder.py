"""The audio encoder: the stock network at 25 rows per second, from any spelling of its file."""

from dataclasses import replace

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from infinitetalk.errors import EngineError
from infinitetalk.models.audio_encoder.config import AudioEncoderConfig, embedding_rows
from infinitetalk.models.audio_encoder.long_attention import Reach, SampledRows, run_layer
from infinitetalk.models.audio_encoder.statistics import measure
from infinitetalk.models.audio_encoder.wav2vec2 import (
    AudioEncoder,
    load_audio_encoder,
    normalized,
)
from infinitetalk.plan import frames_of_seconds

CONFIG = AudioEncoderConfig(
    hidden_size=24,
    num_hidden_layers=3,
    num_attention_heads=4,
    intermediate_size=40,
    conv_dim=(16,) * 7,
    num_conv_pos_embeddings=16,
    num_conv_pos_embedding_groups=4,
)


def make(config: AudioEncoderConfig = CONFIG) -> AudioEncoder:
    torch.manual_seed(5)
    encoder = AudioEncoder(config).eval()
    for parameter in encoder.parameters():
        torch.nn.init.normal_(parameter, std=0.3)
        parameter.requires_grad_(False)
    return encoder


@pytest.fixture(scope="module")
def encoder() -> AudioEncoder:
    return make()


@pytest.fixture(scope="module")
def speech() -> np.ndarray:
    """2.7 s of something with pauses, a constant offset and no round length."""
    random = np.random.default_rng(6)
    at = np.arange(43_211)
    loud = np.clip(np.sin(at / 3000), 0, None)
    return (0.02 + 0.2 * loud * random.standard_normal(len(at))).astype(np.float32)


class _At25(nn.Module):
    """The stock feature extractor, its output brought to `rows` rows (spec: encoders 4.2)."""

    def __init__(self, extractor: nn.Module, rows: int) -> None:
        super().__init__()
        self.extractor = extractor
        self.rows = rows

    def forward(self, samples: Tensor) -> Tensor:
        return F.interpolate(
            self.extractor(samples), size=self.rows, mode="linear", align_corners=True
        )


@pytest.mark.parametrize("stable", [False, True])
def test_equals_the_stock_network(speech: np.ndarray, stable: bool) -> None:
    encoder = make(replace(CONFIG, do_stable_layer_norm=stable))
    found = encoder.embed(torch.from_numpy(speech))
    stock = encoder.model
    stock.masked_spec_embed = nn.Parameter(torch.zeros(24))
    extractor = stock.feature_extractor
    stock.feature_extractor = _At25(extractor, embedding_rows(len(speech)))
    samples = normalized(torch.from_numpy(speech))[None]
    output = stock(samples, output_hidden_states=True)
    # transformers 5 leaves the norm behind the last layer out of hidden_states, 4 doesn't
    states = [*output.hidden_states[1:-1], output.last_hidden_state]
    assert len(states) == 3
    expected = torch.stack([state[0] for state in states], dim=1)
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=1e-5)


def test_every_spelling_of_the_file(encoder: AudioEncoder, speech: np.ndarray) -> None:
    current = encoder.model.state_dict()
    conv = "encoder.pos_conv_embed.conv."
    old = dict(current)
    old[f"{conv}weight_g"] = old.pop(f"{conv}parametrizations.weight.original0")
    old[f"{conv}weight_v"] = old.pop(f"{conv}parametrizations.weight.original1")
    pretraining = {f"wav2vec2.{n}": t for n, t in old.items()}
    pretraining |= {"quantizer.codevectors": torch.zeros(2), "project_q.weight": torch.zeros(2)}
    pretraining["wav2vec2.masked_spec_embed"] = torch.zeros(24)
    expected = encoder.embed(torch.from_numpy(speech))
    for tensors in (current, old, pretraining):
        assert torch.equal(
            load_audio_encoder(tensors, CONFIG).embed(torch.from_numpy(speech)), expected
        )


def test_half_precision_files_are_computed_in_float32(encoder: AudioEncoder) -> None:
    halved = {n: t.half() for n, t in encoder.model.state_dict().items()}
    loaded = load_audio_encoder(halved, CONFIG)
    assert {p.dtype for p in loaded.parameters()} == {torch.float32}


def test_a_missing_layer_is_an_error(encoder: AudioEncoder) -> None:
    tensors = {n: t for n, t in encoder.model.state_dict().items() if ".layers.2." not in n}
    with pytest.raises(EngineError) as raised:
        load_audio_encoder(tensors, CONFIG)
    assert raised.value.report.code == "weights.corrupt"


def test_config_from_json() -> None:
    data = {"model_type": "wav2vec2", "hidden_size": 24, "conv_dim": [16] * 7, "vocab_size": 32}
    config = AudioEncoderConfig.from_json(data)
    assert config.hidden_size == 24
    assert config.conv_dim == (16,) * 7
    assert (config.stride, config.receptive_field) == (320, 400)
    assert [config.conv_frames(n) for n in (0, 399, 400, 719, 720, 16000)] == [0, 0, 1, 1, 2, 49]
    with pytest.raises(EngineError) as raised:
        AudioEncoderConfig.from_json({"model_type": "hubert"})
    assert raised.value.report.code == "weights.not_audio_encoder"


def test_rows_are_counted_as_the_plan_counts_them() -> None:
    for samples in (0, 639, 640, 16000, 53333, 115_200_000, *range(640, 640 * 500, 640)):
        seconds = samples / 16000
        assert embedding_rows(samples) == frames_of_seconds(seconds)
        assert embedding_rows(samples, exact=True) == frames_of_seconds(seconds, exact=True)
    assert (embedding_rows(18560), embedding_rows(18560, exact=True)) == (29, 28)


@pytest.mark.parametrize("bias", [False, True])
def test_one_pass_tells_what_the_first_layer_sees(speech: np.ndarray, bias: bool) -> None:
    encoder = make(replace(CONFIG, conv_bias=bias))
    statistics = measure(speech, encoder)
    samples = normalized(torch.from_numpy(speech))
    torch.testing.assert_close(statistics.normalize(speech), samples, atol=1e-6, rtol=1e-5)
    first = encoder.model.feature_extractor.conv_layers[0].conv(samples[None, None])[0]
    assert statistics.first_mean is not None
    assert statistics.first_variance is not None
    torch.testing.assert_close(statistics.first_mean.float(), first.mean(1), atol=1e-5, rtol=1e-5)
    variance = first.var(1, correction=0)
    torch.testing.assert_close(statistics.first_variance.float(), variance, atol=1e-5, rtol=1e-4)


def test_frames_of_a_piece_are_those_of_the_whole(
    encoder: AudioEncoder, speech: np.ndarray
) -> None:
    whole = encoder.conv_features(normalized(torch.from_numpy(speech)), None, None)
    statistics = measure(speech, encoder)
    samples = statistics.normalize(speech[320 * 40 : 320 * 60 + 400])
    piece = encoder.conv_features(samples, statistics.first_mean, statistics.first_variance)
    torch.testing.assert_close(piece, whole[40:61], atol=1e-5, rtol=1e-5)


def test_first_bad_sample_is_found(encoder: AudioEncoder, speech: np.ndarray) -> None:
    spoilt = speech.copy()
    spoilt[[30_000, 41_000]] = np.nan, np.inf
    assert measure(spoilt, encoder).bad_sample == 30_000
    assert measure(speech, encoder).bad_sample is None


def test_sampled_rows_stand_for_those_between(encoder: AudioEncoder) -> None:
    """Where all rows between two samples are alike, sampling loses nothing."""
    states = torch.randn(50, 24).repeat_interleave(4, dim=0)
    reach = Reach(attended=50, near=7)
    step = reach.step(len(states))
    assert step == 4
    piece = range(80, 120)
    seen = reach.seen(piece, len(states))
    assert (seen.start, seen.stop) == (72, 128)  # whole groups
    assert reach.samples(len(states)) == list(range(2, 200, 4))
    layer = encoder.layers[0]
    whole = SampledRows(layer, reach=Reach(), rows=200, room=0, stable=False)
    whole.put(states)
    expected = run_layer(layer, states, seen=range(200), piece=piece, sampled=whole, stable=False)
    sampled = SampledRows(layer, reach=reach, rows=200, room=56, stable=False)
    sampled.put(states[2:100:4])
    with pytest.raises(ValueError, match="25 of 50"):
        sampled.everything()
    sampled.put(states[102::4])
    found = run_layer(
        layer,
        states[seen.start : seen.stop],
        seen=seen,
        piece=piece,
        sampled=sampled,
        stable=False,
    )
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=1e-5)
