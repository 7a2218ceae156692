"""From phonemes to mouth shapes: classes of phonemes that look alike, and how shapes run together.

A mouth is five numbers: how far it opens, how wide it is drawn (negative: narrowed), how rounded the
lips are, how much the upper teeth show, how high the tongue lies. All about 0..1.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MOUTH = ("open", "wide", "round", "teeth", "tongue")
TRACK_RATE = 100  # values per second of a stored mouth track
_FINE_RATE = 200
SPREAD = 0.030  # seconds; one standard deviation of how far a sound reaches into its neighbors


@dataclass(frozen=True, kw_only=True)
class Sound:
    """A stretch of speech that shows one or more visemes, one after the other."""

    visemes: tuple[str, ...]
    start: float  # seconds
    end: float


# open, wide, round, teeth, tongue, and how strongly the shape asserts itself against neighbors
_TABLE: dict[str, tuple[float, float, float, float, float, float]] = {
    "rest": (0.00, 0.00, 0.00, 0.00, 0.00, 0.35),
    "lips": (0.00, -0.04, 0.06, 0.00, 0.00, 3.3),  # p b m
    "bite": (0.09, 0.10, 0.00, 0.85, 0.00, 2.3),  # f v
    "between": (0.22, 0.20, 0.00, 0.50, 1.00, 1.2),  # th
    "ridge": (0.20, 0.24, 0.00, 0.60, 0.50, 0.8),  # t d n
    "hiss": (0.14, 0.44, 0.00, 1.00, 0.00, 1.1),  # s z
    "lateral": (0.33, 0.24, 0.00, 0.30, 0.90, 0.9),  # l
    "hush": (0.20, -0.10, 0.66, 0.90, 0.00, 1.3),  # sh zh ch
    "back": (0.30, 0.10, 0.00, 0.20, 0.10, 0.6),  # k g ng h
    "rhotic": (0.25, -0.10, 0.50, 0.20, 0.20, 0.9),
    "pucker": (0.12, -0.40, 1.00, 0.00, 0.00, 1.8),  # w
    "glide": (0.20, 0.60, 0.00, 0.50, 0.30, 0.9),  # y
    "ah": (1.00, 0.05, 0.05, 0.35, 0.30, 1.3),
    "ae": (0.86, 0.50, 0.00, 0.50, 0.30, 1.3),
    "eh": (0.58, 0.54, 0.00, 0.45, 0.30, 1.1),
    "ih": (0.34, 0.60, 0.00, 0.60, 0.20, 0.9),
    "ee": (0.26, 0.95, 0.00, 0.70, 0.20, 1.3),
    "aw": (0.72, -0.20, 0.60, 0.10, 0.20, 1.3),
    "oo": (0.20, -0.50, 1.00, 0.00, 0.00, 1.5),
    "er": (0.40, 0.00, 0.35, 0.30, 0.20, 1.0),
    "uh": (0.42, 0.14, 0.05, 0.30, 0.20, 0.8),  # unstressed
}
VISEMES = tuple(_TABLE)
_SHAPES = np.array(list(_TABLE.values()))

_LETTERS_OF_IPA = {
    "lips": "pbmβ",
    "bite": "fvʋ",
    "between": "θð",
    "ridge": "tdnɾ",
    "hiss": "szʦ",
    "lateral": "lɫʎ",
    "hush": "ʃʒɕʑ",
    "back": "kɡgŋhxçɣʔʁʀ",
    "rhotic": "ɹr",
    "pucker": "wʍ",
    "glide": "jɲ",
    "ah": "aɑ",
    "ae": "æ",
    "eh": "eɛ",
    "ih": "ɪᵻɨ",
    "ee": "i",
    "aw": "ɔɒo",
    "oo": "ʊuʉyʏø",
    "er": "ɜɚɝœ",
    "uh": "əʌɐ",
}
_OF_IPA = {letter: name for name, letters in _LETTERS_OF_IPA.items() for letter in letters}
_NAMES_OF_ARPABET = {
    "rest": "pau ssil sil",
    "lips": "p b m",
    "bite": "f v",
    "between": "th dh",
    "ridge": "t d n",
    "hiss": "s z",
    "lateral": "l",
    "hush": "sh zh ch jh",
    "back": "k g ng hh hv",
    "rhotic": "r",
    "pucker": "w",
    "glide": "y",
    "ah": "aa",
    "ae": "ae",
    "eh": "eh",
    "ih": "ih",
    "ee": "iy",
    "aw": "ao",
    "oo": "uh uw",
    "er": "er axr",
    "uh": "ah ax",
}
_OF_ARPABET = {phone: (v,) for v, phones in _NAMES_OF_ARPABET.items() for phone in phones.split()}
_OF_ARPABET |= {"aw": ("ah", "oo"), "ay": ("ah", "ee"), "ow": ("aw", "oo")}
_OF_ARPABET |= {"oy": ("aw", "ee"), "ey": ("eh", "ee")}


def visemes_of_ipa(phoneme: str) -> tuple[str, ...]:
    """What a phoneme in IPA looks like; diphthongs and affricates are several shapes in turn."""
    names: list[str] = []
    for letter in phoneme:
        name = _OF_IPA.get(letter)
        if name is not None and (not names or names[-1] != name):
            names.append(name)
    if names == ["ridge", "hush"]:
        names = ["hush"]
    return tuple(names) or ("rest",)


def visemes_of_arpabet(phone: str) -> tuple[str, ...]:
    return _OF_ARPABET.get(phone, ("rest",))


def mouth_track(
    sounds: Sequence[Sound], duration: float
) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
    """Mouth shapes [n, 5] and viseme numbers [n] at 100 per second, of sounds over `duration` seconds.

    Neighbors run together: each shape is a Gaussian-weighted mean of the targets around, weighted
    also by how strongly each asserts itself (lips must close for a p, a k takes what is there).
    """
    count = int(duration * _FINE_RATE) + 2
    classes = np.zeros(count, np.int64)
    for sound in sounds:
        edges = np.linspace(sound.start, sound.end, len(sound.visemes) + 1)
        for name, start, end in zip(sound.visemes, edges, edges[1:], strict=False):
            first = round(start * _FINE_RATE)
            classes[first : max(round(end * _FINE_RATE), first + 1)] = VISEMES.index(name)
    targets, weights = _SHAPES[classes, :5], _SHAPES[classes, 5]
    reach = int(4 * SPREAD * _FINE_RATE)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / (SPREAD * _FINE_RATE)) ** 2)
    total = np.convolve(weights, kernel, "same")
    blended = [np.convolve(weights * targets[:, k], kernel, "same") / total for k in range(5)]
    step = _FINE_RATE // TRACK_RATE
    return np.stack(blended, 1)[::step].astype(np.float32), classes[::step].astype(np.uint8)
