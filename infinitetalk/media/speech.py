"""Speech decoded to what the audio encoder takes: mono, 16 kHz, float32, in pieces.

Equal to `librosa.load(path, sr=16000)` of the whole file (channels averaged, soxr HQ), but never
more than a second of it is in memory.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from infinitetalk.errors import engine_error
from infinitetalk.media import problems
from infinitetalk.media.facts import SpeechFacts
from infinitetalk.media.ffmpeg import Cancel, FfmpegProcess, input_arguments

SPEECH_RATE = 16000
SILENT_DB = -60.0  # a track whose loudest sample is below this is called silent

Piece = NDArray[np.float32]  # [samples]


@dataclass
class DecodeCounts:
    """Filled while decoding: samples given so far, and lines of complaint of the decoder."""

    samples: int = 0
    complaints: list[str] = field(default_factory=list)


def decode_speech(
    facts: SpeechFacts,
    *,
    exact: bool = False,
    counts: DecodeCounts | None = None,
    cancel: Cancel | None = None,
) -> Iterator[Piece]:
    """The whole sound as mono pieces at 16 kHz, full scale 1.0.

    The sound of a video keeps its place: silence comes first if its track begins late. `exact`
    takes a video's sound as the reference does (resampled by ffmpeg to 16-bit stereo first).
    Raises EngineError media.unreadable where nothing can be decoded or samples are not numbers.
    """
    counts = DecodeCounts() if counts is None else counts
    if exact and facts.from_video:
        native: Iterator[Piece] = _decode(facts, rate=SPEECH_RATE, counts=counts, cancel=cancel)
    else:
        native = _resample(_decode(facts, rate=None, counts=counts, cancel=cancel), facts.rate)
    for piece in native:
        counts.samples += len(piece)
        yield piece
    if not counts.samples:
        raise problems.unreadable(
            facts.path, f"no sound could be decoded: {problems.meaning_of(counts.complaints)}"
        )


def skip_samples(pieces: Iterator[Piece], count: int) -> Iterator[Piece]:
    """The pieces without their first `count` samples."""
    for piece in pieces:
        if count < len(piece):
            yield piece[count:]
        count = max(0, count - len(piece))


def _decode(
    facts: SpeechFacts, *, rate: int | None, counts: DecodeCounts, cancel: Cancel | None
) -> Iterator[Piece]:
    """Mono pieces at the file's own rate, or by way of 16-bit stereo at `rate`."""
    arguments = ["-v", "error", *input_arguments(facts.path), "-map", f"0:{facts.stream}", "-vn"]
    if rate is not None:
        arguments += ["-ac", "2", "-ar", str(rate), "-c:a", "pcm_s16le", "-f", "s16le", "-"]
        channels, sample = 2, np.dtype("<i2")
    else:
        if facts.from_video:
            arguments += ["-af", "aresample=first_pts=0"]
        arguments += ["-ac", str(facts.channels), "-ar", str(facts.rate)]
        arguments += ["-c:a", "pcm_f32le", "-f", "f32le", "-"]
        channels, sample = facts.channels, np.dtype("<f4")
    frame_bytes = channels * sample.itemsize
    piece_bytes = max(4096, facts.rate // 2) * frame_bytes
    position = 0
    with FfmpegProcess(arguments, cancel=cancel) as process:
        while data := process.read(piece_bytes):
            data = data[: len(data) // frame_bytes * frame_bytes]
            frames: Piece = np.frombuffer(data, sample).reshape(-1, channels).astype(np.float32)
            if sample.kind == "i":
                frames /= np.float32(32768)
            mono: Piece = frames[:, 0] if channels == 1 else frames.mean(axis=1, dtype=np.float32)
            _check_numbers(facts, mono, position)
            position += len(mono)
            yield mono
        counts.complaints.extend(process.finish().log)


def _check_numbers(facts: SpeechFacts, piece: Piece, position: int) -> None:
    good = np.isfinite(piece)
    if not good.all():
        second = (position + int(np.argmin(good))) / facts.rate
        raise engine_error(
            "media.unreadable",
            "This file can't be read",
            f"{facts.path.name} holds values that are not numbers, first at {second:.2f} s.",
            "Export the speech again, for instance as 16-bit WAV.",
            path=str(facts.path),
        )


def _resample(pieces: Iterator[Piece], rate: int) -> Iterator[Piece]:
    """To 16 kHz by soxr HQ; as many samples in all as librosa gives: ceil(n * 16000 / rate)."""
    if rate == SPEECH_RATE:
        yield from pieces
        return
    import soxr

    stream = soxr.ResampleStream(rate, SPEECH_RATE, 1, dtype="float32", quality="HQ")
    taken = given = 0
    for piece in pieces:
        taken += len(piece)
        out = stream.resample_chunk(piece)
        given += len(out)
        if len(out):
            yield out
    total = math.ceil(taken * SPEECH_RATE / rate)
    rest = stream.resample_chunk(np.zeros(0, np.float32), last=True) if taken else np.zeros(0)
    rest = rest[: max(0, total - given)]
    padding = total - given - len(rest)
    if padding > 0:
        rest = np.concatenate([rest, np.zeros(padding, np.float32)])
    if len(rest):
        yield rest.astype(np.float32, copy=False)
