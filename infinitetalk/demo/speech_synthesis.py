"""Speech whose phonemes and times are known, from espeak-ng and flite (both are in Debian).

Needed only to make the corpus anew. This is the one file that starts flite.
"""

import ctypes
import ctypes.util
import subprocess  # noqa: TID251 - flite has no library interface that tells durations
import tempfile
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from infinitetalk.demo.visemes import Sound, visemes_of_arpabet, visemes_of_ipa
from infinitetalk.errors import engine_error

SAMPLE_RATE = 16000
LONGEST_PAUSE_TAIL = 0.35  # seconds that a phoneme without a shape may hold on


@dataclass(frozen=True, kw_only=True)
class Utterance:
    samples: NDArray[np.float32]  # mono, 16 kHz
    sounds: tuple[Sound, ...]


class _Event(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),  # milliseconds
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("phoneme", ctypes.c_char * 8),
    ]


_SYNCHRONOUS = 1
_PHONEME_EVENTS_IN_IPA = 1 | 2
_EVENT_END, _EVENT_PHONEME = 0, 7
_RATE, _PITCH, _RANGE = 1, 3, 4
_UTF8 = 1


class Espeak:
    """espeak-ng's library; one per process, since it keeps its state to itself."""

    def __init__(self) -> None:
        found = ctypes.util.find_library("espeak-ng")
        if found is None:
            raise _missing("espeak-ng")
        self._library = ctypes.CDLL(found)
        self._rate = self._library.espeak_Initialize(
            _SYNCHRONOUS, 200, None, _PHONEME_EVENTS_IN_IPA
        )
        kind = ctypes.CFUNCTYPE(
            ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
        )
        self._callback = kind(self._collect)  # the library keeps only the address
        self._library.espeak_SetSynthCallback(self._callback)
        self._pieces: list[NDArray[np.int16]] = []
        self._phonemes: list[tuple[float, str]] = []

    def _collect(self, samples, count, events) -> int:
        if samples and count > 0:
            self._pieces.append(np.ctypeslib.as_array(samples, (count,)).copy())
        index = 0
        while events[index].type != _EVENT_END:
            if events[index].type == _EVENT_PHONEME:
                name = events[index].phoneme.decode("utf8", "ignore")
                self._phonemes.append((events[index].audio_position / 1000, name))
            index += 1
        return 0

    def say(
        self, text: str, *, voice: str, words_per_minute: int, pitch: int, lilt: int
    ) -> Utterance:
        """`pitch` and `lilt` (how far it goes up and down) are 0..100."""
        self._pieces, self._phonemes = [], []
        if self._library.espeak_SetVoiceByName(voice.encode()) != 0:
            raise ValueError(f"espeak-ng has no voice {voice!r}")
        for parameter, value in ((_RATE, words_per_minute), (_PITCH, pitch), (_RANGE, lilt)):
            self._library.espeak_SetParameter(parameter, value, 0)
        data = text.encode() + b"\0"
        self._library.espeak_Synth(data, len(data), 0, 1, 0, _UTF8, None, None)
        self._library.espeak_Synchronize()
        samples = np.concatenate(self._pieces).astype(np.float32) / np.float32(32768)
        ends = [start for start, _ in self._phonemes[1:]] + [len(samples) / self._rate]
        sounds = []
        for (start, phoneme), end in zip(self._phonemes, ends, strict=True):
            visemes = visemes_of_ipa(phoneme)
            if visemes == ("rest",):
                end = min(end, start + LONGEST_PAUSE_TAIL)
            sounds.append(Sound(visemes=visemes, start=start, end=end))
        return Utterance(samples=_resampled(samples, self._rate), sounds=tuple(sounds))


def flite(text: str, *, voice: str, stretch: float) -> Utterance:
    """`stretch` is how slowly it speaks: 1 is the voice's own pace."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "speech.wav"
        command = ["flite", "-voice", voice, "--setf", f"duration_stretch={stretch}", "-psdur"]
        try:
            done = subprocess.run(
                [*command, "-t", text, "-o", str(file)],
                capture_output=True,
                text=True,
                check=True,
                timeout=60,
            )
        except FileNotFoundError as error:
            raise _missing("flite") from error
        with wave.open(str(file)) as stream:
            rate = stream.getframerate()
            data = np.frombuffer(stream.readframes(stream.getnframes()), np.int16)
    sounds, start = [], 0.0
    for token in done.stdout.split():
        phone, end = token.rsplit(":", 1)
        sounds.append(Sound(visemes=visemes_of_arpabet(phone), start=start, end=float(end)))
        start = float(end)
    return Utterance(
        samples=_resampled(data.astype(np.float32) / np.float32(32768), rate), sounds=tuple(sounds)
    )


def _resampled(samples: NDArray[np.float32], rate: int) -> NDArray[np.float32]:
    import soxr

    return soxr.resample(samples, rate, SAMPLE_RATE).astype(np.float32)


def _missing(program: str):
    return engine_error(
        "demo.program_missing",
        f"{program} is not installed",
        f"The speech corpus of the miniature is made with {program}, which was not found.",
        "On Debian or Ubuntu: apt-get install espeak-ng flite.",
    )
