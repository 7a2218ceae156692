"""The speech corpus: made, stored small, and read back on any device.

A corpus file (.npz) holds, for all utterances one after the other: `speech`, 8-bit mu-law at
16 kHz; `mouth`, tracks at 100 per second, -1..1 in a byte; `visemes`; where each begins; its voice.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from infinitetalk.demo.corpus_text import make_line
from infinitetalk.demo.speech_synthesis import SAMPLE_RATE, Espeak, Utterance, flite
from infinitetalk.demo.visemes import TRACK_RATE, Sound, mouth_track
from infinitetalk.request import FPS

MU = 255.0
SAMPLES_PER_VALUE = SAMPLE_RATE // TRACK_RATE
VALUES_PER_FRAME = TRACK_RATE // FPS
HELD_OUT_VOICES = ("espeak:en-us+f5", "espeak:en+m1", "flite:awb")  # never trained on
TRAINED_VOICES = (
    *("espeak:en-us", "espeak:en", "espeak:en-us+m3", "espeak:en-us+m5", "espeak:en-us+f2"),
    *("espeak:en-us+f4", "espeak:en+m7", "espeak:en+f1", "espeak:en-gb-scotland"),
    *("espeak:en-us+klatt2", "espeak:en-us+klatt4", "espeak:en-us+max", "espeak:en-us+Alicia"),
    *("espeak:de", "espeak:fr", "espeak:es", "espeak:it", "espeak:en-gb-x-rp+Andy"),
    *("flite:slt", "flite:rms", "flite:kal16"),
)
FLITE_SHARE = 0.42  # its voices are recorded ones, closest to what users will bring


@dataclass(frozen=True, kw_only=True)
class SpokenLine:
    voice: str
    text: str
    samples: NDArray[np.float32]
    mouth: NDArray[np.float32]  # [n, 5] at 100 per second
    visemes: NDArray[np.uint8]  # [n]


def speak(voice: str, text: str, chance: random.Random, espeak: Espeak) -> SpokenLine:
    """A line in a voice, at a chance pace and pitch, between chance silences."""
    engine, name = voice.split(":")
    if engine == "espeak":
        said = espeak.say(
            text,
            voice=name,
            words_per_minute=chance.randint(135, 200),
            pitch=chance.randint(25, 75),
            lilt=chance.randint(30, 70),
        )
    else:
        said = flite(text, voice=name, stretch=round(chance.uniform(0.88, 1.2), 2))
    before, after = chance.uniform(0.1, 0.7), chance.uniform(0.1, 0.8)
    if chance.random() < 0.06:
        after += 1.5
    return line_of(voice, text, said, before, after, level=chance.uniform(0.45, 0.95))


def line_of(
    voice: str, text: str, said: Utterance, before: float, after: float, level: float
) -> SpokenLine:
    """An utterance between silences (seconds), its peak at `level`."""
    lead, tail = (np.zeros(int(s * SAMPLE_RATE), np.float32) for s in (before, after))
    samples = np.concatenate([lead, said.samples, tail])
    samples = samples * np.float32(level / (np.abs(samples).max() + 1e-6))
    moved = [
        Sound(visemes=s.visemes, start=s.start + before, end=s.end + before) for s in said.sounds
    ]
    mouth, visemes = mouth_track(moved, len(samples) / SAMPLE_RATE)
    count = min(len(samples) // SAMPLES_PER_VALUE, len(mouth))
    return SpokenLine(
        voice=voice,
        text=text,
        samples=samples[: count * SAMPLES_PER_VALUE],
        mouth=mouth[:count],
        visemes=visemes[:count],
    )


def make_corpus(minutes: float, seed: int = 7, held_out_lines: int = 8) -> list[SpokenLine]:
    """`held_out_lines` of each held-out voice first, then `minutes` of the others."""
    chance, espeak = random.Random(seed), Espeak()
    lines = [
        speak(voice, make_line(chance), chance, espeak)
        for voice in HELD_OUT_VOICES
        for _ in range(held_out_lines)
    ]
    by_engine = [[v for v in TRAINED_VOICES if v.startswith(e)] for e in ("espeak", "flite")]
    seconds = 0.0
    while seconds < minutes * 60:
        voice = chance.choice(by_engine[chance.random() < FLITE_SHARE])
        lines.append(speak(voice, make_line(chance), chance, espeak))
        seconds += len(lines[-1].mouth) / TRACK_RATE
    return lines


def to_mu_law(samples: NDArray[np.float32]) -> NDArray[np.uint8]:
    curve = np.sign(samples) * np.log1p(MU * np.abs(samples)) / np.log1p(MU)
    return np.round((curve.clip(-1, 1) * 0.5 + 0.5) * 254).astype(np.uint8)  # 127 is silence


def from_mu_law(codes: NDArray[np.uint8]) -> NDArray[np.float32]:
    curve = codes.astype(np.float32) / 127 - 1
    return (np.sign(curve) * np.expm1(np.abs(curve) * np.float32(np.log1p(MU))) / MU).astype(
        np.float32
    )


def save_corpus(lines: Sequence[SpokenLine], file: Path) -> None:
    names = sorted({line.voice for line in lines})
    np.savez_compressed(
        file,
        speech=np.concatenate([to_mu_law(line.samples) for line in lines]),
        mouth=np.concatenate(
            [np.round(line.mouth.clip(-1, 1) * 127).astype(np.int8) for line in lines]
        ),
        visemes=np.concatenate([line.visemes for line in lines]),
        starts=np.cumsum([0] + [len(line.mouth) for line in lines]),
        voices=np.array([names.index(line.voice) for line in lines]),
        voice_names=np.array(names),
        texts=np.array([line.text for line in lines]),
    )


class Corpus:
    """A stored corpus in memory; lines by number, held-out voices told apart."""

    def __init__(self, file: Path, device: torch.device | str = "cpu") -> None:
        stored = np.load(file)
        self.device = torch.device(device)
        self.speech = torch.from_numpy(from_mu_law(stored["speech"])).to(device)
        self.mouth = torch.from_numpy(stored["mouth"].astype(np.float32) / 127).to(device)
        self.visemes = torch.from_numpy(stored["visemes"].astype(np.int64)).to(device)
        self.starts = torch.from_numpy(stored["starts"].astype(np.int64))
        self.voices = [str(stored["voice_names"][v]) for v in stored["voices"]]
        held = [voice in HELD_OUT_VOICES for voice in self.voices]
        self.held_out = torch.tensor([i for i, h in enumerate(held) if h], dtype=torch.long)
        self.trained = torch.tensor([i for i, h in enumerate(held) if not h], dtype=torch.long)
        self.values = self.starts.diff()  # of each line's mouth track
        self.frames = (self.values // VALUES_PER_FRAME - 1).clamp(min=1)  # video frames, whole ones

    def __len__(self) -> int:
        return len(self.values)

    def samples(self, line: int) -> Tensor:
        """[n] of one line, 16 kHz."""
        first, end = (int(self.starts[line + k]) * SAMPLES_PER_VALUE for k in (0, 1))
        return self.speech[first:end]

    def cut_samples(
        self, lines: Tensor, first_frames: Tensor, frames: int, pace: Tensor | None = None
    ) -> Tensor:
        """[B, frames * 640]: speech from the given video frames on; silence after a line's end.

        `pace` [B] plays it faster (above 1) or slower, and so higher or lower; `cut_track` agrees.
        """
        per_frame = SAMPLES_PER_VALUE * VALUES_PER_FRAME
        steps = torch.arange(frames * per_frame, device=self.device)
        length = self.values[lines][:, None].to(self.device) * SAMPLES_PER_VALUE
        start = self.starts[lines][:, None].to(self.device) * SAMPLES_PER_VALUE
        offset = first_frames[:, None].to(self.device) * per_frame
        if pace is None:
            position = offset + steps
            inside = position < length
            return self.speech[start + torch.minimum(position, length - 1)] * inside
        exact = offset + steps * pace[:, None].to(self.device, torch.float64)
        position = exact.long()
        part = (exact - position).float()
        low = self.speech[start + torch.minimum(position, length - 1)]
        high = self.speech[start + torch.minimum(position + 1, length - 1)]
        return (low + part * (high - low)) * (position < length)

    def cut_track(
        self, lines: Tensor, first_frames: Tensor, frames: int, pace: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Mouths [B, frames, 5] and visemes [B, frames] in the middle of each video frame.

        At rest after a line's end.
        """
        pace = torch.ones(len(lines)) if pace is None else pace.cpu()
        within = (torch.arange(frames) + 0.5) * pace[:, None] * VALUES_PER_FRAME
        offset = first_frames[:, None] * VALUES_PER_FRAME + within.long()
        length = self.values[lines][:, None]
        index = (self.starts[lines][:, None] + torch.minimum(offset, length - 1)).to(self.device)
        inside = (offset < length).to(self.device)
        return self.mouth[index] * inside[..., None], self.visemes[index] * inside
