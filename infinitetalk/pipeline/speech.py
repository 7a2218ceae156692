"""The speech stage: a speech of any length to a store of embeddings, and a chunk's windows of it."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from infinitetalk.errors import EngineError, engine_error
from infinitetalk.media.speech_store import SpeechStore
from infinitetalk.models.audio_encoder.config import SAMPLE_RATE, embedding_rows
from infinitetalk.models.audio_encoder.long_attention import Reach, SampledRows, run_layer
from infinitetalk.models.audio_encoder.statistics import Samples, SpeechStatistics, measure
from infinitetalk.models.audio_encoder.wav2vec2 import AudioEncoder
from infinitetalk.pipeline.embedding_store import (
    EmbeddingStore,
    StoreWriter,
    new_scratch,
    new_store,
    store_embeddings,
)

ROWS_PER_SECOND = 25
CONV_ROWS = 125  # rows whose convolutions run at once: 5 s, about 35 MB in the widest layer
SAMPLES_AT_ONCE = 1000
CONV_WEIGHT = 4  # time of the convolutions of a piece, in layers

Tick = Callable[[float], None]
Rows = Sequence[Sequence[int]]


def encode_speech(
    encoder: AudioEncoder,
    speech: Samples | SpeechStore,
    path: Path,
    *,
    piece: float,
    reach: Reach | None = None,
    tick: Tick | None = None,
) -> EmbeddingStore:
    """Embeddings of `speech` in the file `path`, which appears when they are complete.

    `speech` is mono at 16 kHz, float32, read in slices. `piece` seconds are encoded at a time, so
    memory doesn't grow with the length; 0 encodes it whole, as the reference does. `reach`: see
    `Reach`. `tick` hears of progress, 0 to 1, and may raise to stop.
    Raises EngineError `speech.too_short` or `speech.not_finite`.
    """
    if isinstance(speech, SpeechStore):
        speech = _Track(speech)
    rows = embedding_rows(len(speech), exact=piece <= 0)
    if rows < 1 or not encoder.config.conv_frames(len(speech)):
        raise _too_short(len(speech))
    if piece <= 0:
        samples = np.array(speech[0 : len(speech)], dtype=np.float32)
        if not np.isfinite(samples).all():
            raise _bad_sample(int(np.flatnonzero(~np.isfinite(samples))[0]))
        embeddings = encoder.embed(torch.from_numpy(samples))
        _check_finite(embeddings, 0)
        store = store_embeddings(path, embeddings)
        if tick is not None:
            tick(1.0)
        return store
    piece_rows = max(int(piece * ROWS_PER_SECOND), 1)
    reach = reach or Reach()
    statistics = _measured(speech, encoder)
    config = encoder.config
    width = config.hidden_size
    with (
        new_store(path, rows=rows, blocks=config.num_hidden_layers, channels=width) as store,
        # what enters the first layer: before and after the positions are added
        new_scratch(path, rows=rows, blocks=2, channels=width) as scratch,
    ):
        parts = [range(a, min(a + piece_rows, rows)) for a in range(0, rows, piece_rows)]
        progress = _Progress(tick, len(parts) * (CONV_WEIGHT + config.num_hidden_layers))
        for part in parts:
            scratch.write(0, part.start, _projected(encoder, speech, statistics, part, rows))
            progress.advance(CONV_WEIGHT)
        for part in parts:
            scratch.write(1, part.start, _positioned(encoder, scratch, part, rows))
        _run_layers(encoder, store, scratch, parts, rows, reach, progress)
    return EmbeddingStore.open(path)


def _projected(
    encoder: AudioEncoder, speech: Samples, statistics: SpeechStatistics, piece: range, rows: int
) -> Tensor:
    """Rows `piece` before positions are added, [len(piece), D]: exactly those of the whole.

    Row i of N lies at frame i * (L - 1) / (N - 1) of the L frames of the whole speech.
    """
    config = encoder.config
    frames = config.conv_frames(statistics.samples)
    spacing = (frames - 1) / (rows - 1) if rows > 1 else 0.0
    parts: list[Tensor] = []
    for start in range(piece.start, piece.stop, CONV_ROWS):
        at = torch.arange(start, min(start + CONV_ROWS, piece.stop), dtype=torch.float64) * spacing
        low = at.floor().long().clamp(max=frames - 1)
        high = (low + 1).clamp(max=frames - 1)
        first, last = int(low[0]), int(high[-1])
        end = last * config.stride + config.receptive_field
        samples = statistics.normalize(speech[first * config.stride : end])
        features = encoder.conv_features(samples, statistics.first_mean, statistics.first_variance)
        share = (at - low).to(features)[:, None]
        between = features[low - first] * (1 - share) + features[high - first] * share
        parts.append(encoder.project(between))
    return torch.cat(parts)


def _positioned(encoder: AudioEncoder, scratch: StoreWriter, piece: range, rows: int) -> Tensor:
    """Rows `piece` as they enter the first layer; the positional convolution sees its neighbors."""
    reach = encoder.config.num_conv_pos_embeddings // 2
    seen = range(max(piece.start - reach, 0), min(piece.stop + reach, rows))
    states = encoder.add_positions(scratch.read(0, seen).to(encoder.device))
    return states[piece.start - seen.start : piece.stop - seen.start]


@torch.no_grad()
def _run_layers(
    encoder: AudioEncoder,
    store: StoreWriter,
    scratch: StoreWriter,
    pieces: Sequence[range],
    rows: int,
    reach: Reach,
    progress: "_Progress",
) -> None:
    """All layers, one after the other over the whole speech, from the scratch into the store."""
    stable = encoder.config.do_stable_layer_norm
    samples = reach.samples(rows)
    room = max(len(reach.seen(piece, rows)) for piece in pieces)
    for index, layer in enumerate(encoder.layers):
        source, block = (scratch, 1) if index == 0 else (store, index - 1)
        sampled = SampledRows(layer, reach=reach, rows=rows, room=room, stable=stable)
        for start in range(0, len(samples), SAMPLES_AT_ONCE):
            part = source.read_rows(block, samples[start : start + SAMPLES_AT_ONCE])
            sampled.put(part.to(encoder.device))
        for piece in pieces:
            seen = reach.seen(piece, rows)
            states = run_layer(
                layer,
                source.read(block, seen).to(encoder.device),
                seen=seen,
                piece=piece,
                sampled=sampled,
                stable=stable,
            )
            _check_finite(states, piece.start)
            store.write(index, piece.start, states)
            progress.advance(1)
    if stable:
        last = encoder.config.num_hidden_layers - 1
        for piece in pieces:
            states = store.read(last, piece).to(encoder.device)
            store.write(last, piece.start, encoder.final_norm(states))


class _Track:
    """A stored track as samples to slice."""

    def __init__(self, store: SpeechStore) -> None:
        self._store = store

    def __len__(self) -> int:
        return self._store.sample_count

    def __getitem__(self, part: slice) -> np.ndarray:
        start, stop, _ = part.indices(len(self))
        return self._store.read(start, stop)


class _Progress:
    """Counts work done against the work there is, for a `tick`."""

    def __init__(self, tick: Tick | None, total: int) -> None:
        self._tick = tick
        self._total = total
        self._done = 0

    def advance(self, amount: int) -> None:
        self._done += amount
        if self._tick is not None:
            self._tick(self._done / self._total)


def _measured(speech: Samples, encoder: AudioEncoder) -> SpeechStatistics:
    statistics = measure(speech, encoder)
    if statistics.bad_sample is not None:
        raise _bad_sample(statistics.bad_sample)
    return statistics


def _check_finite(states: Tensor, first_row: int) -> None:
    """Raises EngineError `speech.not_finite`, with the time of the first row [n, ...] that isn't."""
    finite = torch.isfinite(states).flatten(1).all(dim=1)
    if not bool(finite.all()):
        row = first_row + int((~finite).nonzero()[0])
        raise _not_finite(row / ROWS_PER_SECOND, "What the audio encoder made of the speech")


def _bad_sample(index: int) -> EngineError:
    return _not_finite(index / SAMPLE_RATE, "The speech")


def _not_finite(seconds: float, what: str) -> EngineError:
    return engine_error(
        "speech.not_finite",
        "Speech can't be used",
        f"{what} has values that are not numbers, from {seconds:.2f} s on.",
        "Convert the sound file to WAV again, or check the audio encoder's files.",
        seconds=seconds,
    )


def _too_short(samples: int) -> EngineError:
    return engine_error(
        "speech.too_short",
        "Speech is too short",
        f"It lasts {samples / SAMPLE_RATE:.3f} s; at least 0.04 s are needed.",
        "Choose a longer recording.",
        samples=samples,
    )


def audio_windows(stores: Sequence[EmbeddingStore], index: Sequence[Rows]) -> Tensor:
    """What a chunk hears: float32 [P, F, 5, blocks, channels] of P speakers and F frames.

    `index`: per speaker, which rows each frame hears, [F][5], from `plan.audio_row_index`; clamped
    at both ends of the speech, or mirrored where the reference does so. A plan that counts a row
    more than there is (see `embedding_rows`) hears the last one twice.
    """
    windows = []
    for store, rows in zip(stores, index, strict=True):
        places = np.asarray(rows, np.int64)
        if places.max() > store.rows:
            raise ValueError(f"row {places.max()} of {store.rows} in {store.path.name}")
        windows.append(store.gather(places.clip(0, store.rows - 1)))
    return torch.stack(windows)
