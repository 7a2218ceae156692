from pathlib import Path

import numpy as np
import pytest

from infinitetalk.demo.corpus import (
    HELD_OUT_VOICES,
    TRAINED_VOICES,
    SpokenLine,
    line_of,
    save_corpus,
)
from infinitetalk.demo.speech_synthesis import Utterance
from infinitetalk.demo.visemes import Sound


def spoken(voice: str, seed: int, seconds: float = 2.0) -> SpokenLine:
    """A line of noise bursts whose mouth opens with each: no synthesizer needed."""
    chance = np.random.default_rng(seed)
    samples = chance.normal(0, 0.01, int(seconds * 16000))
    sounds = []
    for start in np.arange(0.2, seconds - 0.3, 0.4):
        samples[int(start * 16000) : int((start + 0.2) * 16000)] *= 30
        sounds.append(Sound(visemes=("ah",), start=float(start), end=float(start + 0.2)))
        sounds.append(Sound(visemes=("lips",), start=float(start + 0.2), end=float(start + 0.4)))
    said = Utterance(samples=samples.astype(np.float32), sounds=tuple(sounds))
    return line_of(voice, f"line {seed}", said, before=0.1, after=0.2, level=0.8)


@pytest.fixture(scope="session")
def corpus_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lines = [spoken(HELD_OUT_VOICES[k], k) for k in range(2)]
    lines += [spoken(TRAINED_VOICES[k], 10 + k) for k in range(4)]
    file = tmp_path_factory.mktemp("corpus") / "corpus.npz"
    save_corpus(lines, file)
    return file
