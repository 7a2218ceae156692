"""The tracks of one or two speakers on one timeline, at the loudness the audio encoder expects.

Each track is leveled before it is composed (spec: pipeline.md 2). The user's own file stays as it
is and goes into the export; what is made here is for the encoder alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from infinitetalk.errors import engine_error
from infinitetalk.media.ffmpeg import Cancel, MediaCancelled
from infinitetalk.media.loudness import BLOCK, Leveling, LoudnessMeter, loudness_gain
from infinitetalk.media.probe import probe_speech
from infinitetalk.media.sound import Arrangement
from infinitetalk.media.speech import (
    SILENT_DB,
    SPEECH_RATE,
    DecodeCounts,
    Piece,
    decode_speech,
    skip_samples,
)
from infinitetalk.media.speech_store import SpeechStore, write_store


@dataclass(frozen=True, kw_only=True)
class SpeechInput:
    """One speaker's speech. `path` None: silent. `start` in seconds; negative cuts the beginning."""

    path: Path | None
    start: float = 0.0
    gain_db: float = 0.0  # on top of the leveling


@dataclass(frozen=True, kw_only=True)
class TrackFacts:
    """What was found of one speaker's speech, before it was laid on the timeline."""

    path: Path | None
    duration: float  # seconds, with its shift; 0 for a silent track
    leveling: Leveling | None
    complaints: int = 0

    @property
    def silent(self) -> bool:
        return self.leveling is not None and self.leveling.peak_db < SILENT_DB


@dataclass(frozen=True, kw_only=True)
class Composition:
    """The composed tracks, all of one length unless the reference's way was asked for."""

    stores: tuple[SpeechStore, ...]
    tracks: tuple[TrackFacts, ...]


@dataclass(frozen=True, kw_only=True)
class _Leveled:
    """A track decoded to disk: its samples, and what comes before and after them."""

    raw: SpeechStore | None
    lead: int  # zero samples before
    gain: float
    facts: TrackFacts

    @property
    def length(self) -> int:
        return self.lead + (self.raw.sample_count if self.raw else 0)

    def pieces(self) -> Iterator[Piece]:
        yield from _zeros(self.lead)
        if self.raw is not None:
            for piece in self.raw.pieces():
                # In double precision and rounded once, as the reference's float64 signal is.
                yield (piece.astype(np.float64) * self.gain).astype(np.float32)


def compose_speech(
    inputs: Sequence[SpeechInput],
    folder: Path,
    *,
    arrangement: Arrangement = "together",
    equal_tracks: bool = True,
    limit_peaks: bool = True,
    exact_decode: bool = False,
    cancel: Cancel | None = None,
) -> Composition:
    """Writes `folder/speech-1.wav` (and `speech-2.wav`): leveled, shifted, arranged, padded.

    "together": both play at once, padded to the longer one; where `equal_tracks` is False (the
    reference's way) unequal lengths and speech under 0.4 s are refused. "in_turn": the second
    begins where the first ends. `limit_peaks` lowers a track's gain so that nothing clips.
    Raises EngineError media.*, speech.unequal, speech.too_short, disk.*; MediaCancelled.
    """
    if not 1 <= len(inputs) <= 2 or all(item.path is None for item in inputs):
        raise ValueError(f"inputs must be 1 or 2 tracks, at least one with a file; found {inputs}")
    folder.mkdir(parents=True, exist_ok=True)
    leveled: list[_Leveled] = []
    try:
        for number, item in enumerate(inputs, 1):
            leveled.append(
                _level(
                    item,
                    folder / f"speech-{number}.raw",
                    refuse_short=not equal_tracks,
                    limit_peaks=limit_peaks,
                    exact_decode=exact_decode,
                    cancel=cancel,
                )
            )
        if len(leveled) == 2 and arrangement == "together" and not equal_tracks:
            _refuse_unequal(leveled)
        stores = tuple(
            write_store(folder / f"speech-{number}.wav", _watched(pieces, cancel))
            for number, pieces in enumerate(_arranged(leveled, arrangement), 1)
        )
    finally:
        for number in range(1, len(inputs) + 1):
            (folder / f"speech-{number}.raw").unlink(missing_ok=True)
    return Composition(stores=stores, tracks=tuple(track.facts for track in leveled))


def _level(
    item: SpeechInput,
    raw_path: Path,
    *,
    refuse_short: bool,
    limit_peaks: bool,
    exact_decode: bool,
    cancel: Cancel | None,
) -> _Leveled:
    if item.path is None:
        facts = TrackFacts(path=None, duration=0.0, leveling=None)
        return _Leveled(raw=None, lead=0, gain=1.0, facts=facts)
    meter, counts = LoudnessMeter(SPEECH_RATE), DecodeCounts()
    shift = round(item.start * SPEECH_RATE)
    speech = decode_speech(
        probe_speech(item.path, cancel=cancel), exact=exact_decode, counts=counts, cancel=cancel
    )
    raw = write_store(raw_path, _metered(skip_samples(speech, max(0, -shift)), meter))
    if not raw.sample_count:
        raise engine_error(
            "speech.cut_away",
            "Nothing is left of this speech",
            f"{item.path.name} is {counts.samples / SPEECH_RATE:.2f} s long and begins "
            f"{-item.start:.2f} s before the video.",
            "Move it to the right.",
            path=str(item.path),
        )
    if refuse_short and meter.samples < BLOCK * SPEECH_RATE:
        raise engine_error(
            "speech.too_short",
            "This speech is too short",
            f"{item.path.name} is {raw.duration:.2f} s long; the reference needs 0.4 s.",
            "Render without the exact mode: short speech is padded there.",
            path=str(item.path),
        )
    leveling = loudness_gain(meter, limit_peaks=limit_peaks)
    gain = leveling.gain * 10 ** (item.gain_db / 20)
    if limit_peaks and leveling.peak * gain > 1.0 >= leveling.peak * leveling.gain:
        gain = 1.0 / leveling.peak
    lead = max(0, shift)
    facts = TrackFacts(
        path=item.path,
        duration=(lead + raw.sample_count) / SPEECH_RATE,
        leveling=leveling,
        complaints=len(counts.complaints),
    )
    return _Leveled(raw=raw, lead=lead, gain=gain, facts=facts)


def _metered(pieces: Iterator[Piece], meter: LoudnessMeter) -> Iterator[Piece]:
    for piece in pieces:
        meter.add(piece)
        yield piece


def _arranged(tracks: Sequence[_Leveled], arrangement: Arrangement) -> Iterator[Iterator[Piece]]:
    """For each speaker the pieces of the whole track, every track equally long."""
    if len(tracks) == 1:
        yield tracks[0].pieces()
        return
    first, second = tracks
    # A silent track is as long as the other one.
    lengths = [first.length or second.length, second.length or first.length]
    if arrangement == "in_turn":
        yield _chain(first.pieces(), _zeros(sum(lengths) - first.length))
        yield _chain(_zeros(lengths[0]), second.pieces(), _zeros(lengths[1] - second.length))
        return
    longest = max(lengths)
    yield _chain(first.pieces(), _zeros(longest - first.length))
    yield _chain(second.pieces(), _zeros(longest - second.length))


def _refuse_unequal(tracks: Sequence[_Leveled]) -> None:
    first, second = tracks
    if not first.length or not second.length or first.length == second.length:
        return
    raise engine_error(
        "speech.unequal",
        "Tracks differ in length",
        f"The speakers' tracks are {first.length / SPEECH_RATE:.3f} s and "
        f"{second.length / SPEECH_RATE:.3f} s long; the reference needs equal lengths.",
        "Render without the exact mode: silence is added at the end of the shorter track there.",
    )


def _chain(*parts: Iterator[Piece]) -> Iterator[Piece]:
    for part in parts:
        yield from part


def _zeros(count: int) -> Iterator[Piece]:
    while count > 0:
        yield np.zeros(min(count, SPEECH_RATE), np.float32)
        count -= SPEECH_RATE


def _watched(pieces: Iterator[Piece], cancel: Cancel | None) -> Iterator[Piece]:
    for piece in pieces:
        if cancel is not None and cancel():
            raise MediaCancelled
        yield piece
