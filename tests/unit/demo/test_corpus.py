import random
from pathlib import Path

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

from infinitetalk.demo.corpus import Corpus, from_mu_law, to_mu_law
from infinitetalk.demo.corpus_text import make_line
from infinitetalk.demo.visemes import Sound, mouth_track, visemes_of_arpabet, visemes_of_ipa


@given(st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=50))
def test_mu_law_keeps_speech_within_a_few_percent(values: list[float]) -> None:
    samples = np.array(values, np.float32)
    back = from_mu_law(to_mu_law(samples))
    assert np.all(np.abs(back - samples) <= 0.03 * np.abs(samples) + 1e-4)


def test_silence_stays_silence() -> None:
    assert np.all(from_mu_law(to_mu_law(np.zeros(4, np.float32))) == 0)


def test_phonemes_have_shapes() -> None:
    assert visemes_of_ipa("p") == ("lips",)
    assert visemes_of_ipa("aɪ") == ("ah", "ih")
    assert visemes_of_ipa("tʃ") == ("hush",)
    assert visemes_of_ipa("|") == ("rest",)
    assert visemes_of_arpabet("ow") == ("aw", "oo")
    assert visemes_of_arpabet("?") == ("rest",)


def test_lips_close_for_a_p_between_vowels() -> None:
    sounds = [
        Sound(visemes=("ah",), start=0.0, end=0.3),
        Sound(visemes=("lips",), start=0.3, end=0.4),
        Sound(visemes=("ah",), start=0.4, end=0.7),
    ]
    mouth, classes = mouth_track(sounds, 1.0)
    assert mouth[15, 0] > 0.95
    assert mouth[35, 0] < 0.1
    assert mouth[90, 0] < 0.01
    assert classes[35] != classes[15]


def test_a_stored_corpus_reads_back(corpus_file: Path) -> None:
    corpus = Corpus(corpus_file)
    assert len(corpus) == 6
    assert len(corpus.held_out) == 2
    lines, first = torch.tensor([2, 3]), torch.tensor([0, 5])
    samples = corpus.cut_samples(lines, first, 20)
    mouth, visemes = corpus.cut_track(lines, first, 20)
    assert samples.shape == (2, 20 * 640)
    assert mouth.shape == (2, 20, 5)
    assert visemes.shape == (2, 20)
    assert torch.equal(samples[1], corpus.samples(3)[5 * 640 : 25 * 640])
    # A frame's mouth is that of its middle, 100 values per second.
    assert torch.equal(mouth[1, 3], corpus.mouth[corpus.starts[3] + (5 + 3) * 4 + 2])


def test_after_a_line_ends_there_is_silence_and_a_mouth_at_rest(corpus_file: Path) -> None:
    corpus = Corpus(corpus_file)
    line = torch.tensor([2])
    samples = corpus.cut_samples(line, torch.tensor([40]), 40)
    mouth, _ = corpus.cut_track(line, torch.tensor([40]), 40)
    assert samples[0, -640:].abs().max() == 0
    assert mouth[0, -1].abs().max() == 0


def test_faster_speech_takes_its_track_along(corpus_file: Path) -> None:
    corpus = Corpus(corpus_file)
    line, first = torch.tensor([4]), torch.tensor([0])
    same = corpus.cut_samples(line, first, 10, torch.tensor([1.0]))
    assert torch.allclose(same, corpus.cut_samples(line, first, 10), atol=1e-6)
    fast, _ = corpus.cut_track(line, first, 20, torch.tensor([2.0]))
    # The middle of frame k lies at (k + 0.5) * 2 / 25 seconds of the line.
    for k in (0, 3, 11):
        assert torch.equal(fast[0, k], corpus.mouth[corpus.starts[4] + 8 * k + 4])


def test_lines_are_repeatable_words() -> None:
    line = make_line(random.Random(1))
    assert line == make_line(random.Random(1))
    assert 6 <= len(line.split()) <= 13
