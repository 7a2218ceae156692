"""Text to speech by a program that the user has installed: espeak-ng or piper.

The one place that starts such a program. Nothing is bundled or downloaded; the text goes to its
standard input, so no word of it is taken for an option.
"""

import contextlib
import os
import shutil
import subprocess  # noqa: TID251  (this is the named file for voice programs)
import tempfile
import time
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from infinitetalk import paths
from infinitetalk.errors import EngineError, engine_error
from infinitetalk.media import problems
from infinitetalk.media.children import child_environment
from infinitetalk.media.ffmpeg import Cancel, MediaCancelled
from infinitetalk.media.script import split_script

Program = Literal["espeak-ng", "piper"]

VOICES_VARIABLE = "INFINITETALK_VOICES"  # a folder with piper voices
_LIST_LIMIT = 10.0  # seconds
_SPEAK_LIMIT = 600.0  # for one part of the text


@dataclass(frozen=True, kw_only=True)
class Voice:
    """A voice that can speak now. `name` is what the program calls it."""

    program: Program
    name: str  # espeak-ng: its language code; piper: the path of its .onnx file
    title: str
    language: str

    @property
    def id(self) -> str:
        return f"{self.program}:{self.name}"


def list_voices() -> list[Voice]:
    """Voices of the installed programs, piper's (the more natural ones) first; may be empty."""
    return [*_piper_voices(), *_espeak_voices()]


def speak_script(
    text: str, voices: Sequence[Voice], folder: Path, *, cancel: Cancel | None = None
) -> list[Path]:
    """Speaks the text and writes `folder/voice-1.wav` (and `voice-2.wav`), 16-bit mono.

    One voice says all of it. Of two, each says what is marked as its own, in order; while one
    speaks the other's track is silent, so both are equally long and play together.
    Raises EngineError speech.no_text, speech.unknown_speaker, speech.no_voice, speech.voice_failed,
    disk.*; MediaCancelled.
    """
    if not 1 <= len(voices) <= 2:
        raise ValueError(f"voices must be 1 or 2, found {len(voices)}")
    said: list[tuple[int, NDArray[np.float32], int]] = []
    for speaker, words in split_script(text, len(voices)):
        samples, rate = _speak(words, voices[speaker], cancel)
        said.append((speaker, samples, rate))
    rate = max(rate for _, _, rate in said)
    spoken = [(speaker, _at_rate(samples, own, rate)) for speaker, samples, own in said]
    written = []
    for speaker in range(len(voices)):
        track = np.concatenate(
            [part if who == speaker else np.zeros_like(part) for who, part in spoken]
        )
        path = folder / f"voice-{speaker + 1}.wav"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _write_wav(path, track, rate)
        except OSError as error:
            raise problems.write_problem(path, error) from error
        written.append(path)
    return written


def _piper_voices() -> list[Voice]:
    if shutil.which("piper") is None:
        return []
    folders = [paths.data_folder() / "voices", Path.home() / ".local" / "share" / "piper-voices"]
    named = os.environ.get(VOICES_VARIABLE)
    if named:
        folders.insert(0, Path(named))
    found: dict[Path, Voice] = {}
    for folder in folders:
        for model in sorted(folder.rglob("*.onnx")) if folder.is_dir() else ():
            if model.with_name(model.name + ".json").is_file():
                language = model.stem.split("-")[0].replace("_", "-")
                title = model.stem.replace("_", " ").replace("-", " ")
                found[model] = Voice(
                    program="piper", name=str(model), title=title, language=language
                )
    return list(found.values())


def _espeak_voices() -> list[Voice]:
    """From the table that `espeak-ng --voices` prints: priority, language, gender, name, file."""
    program = shutil.which("espeak-ng")
    if program is None:
        return []
    try:
        listed = _run([program, "--voices"], "", _LIST_LIMIT, None).stdout
    except (EngineError, OSError):
        return []
    voices = []
    for line in listed.decode("utf-8", "replace").splitlines()[1:]:
        fields = line.split()
        if len(fields) >= 4:
            name = fields[3].replace("_", " ")
            voices.append(
                Voice(program="espeak-ng", name=fields[1], title=name, language=fields[1])
            )
    return voices


def _speak(words: str, voice: Voice, cancel: Cancel | None) -> tuple[NDArray[np.float32], int]:
    """[samples] in -1..1 and their rate."""
    program = shutil.which(voice.program)
    if program is None or (voice.program == "piper" and not Path(voice.name).is_file()):
        raise engine_error(
            "speech.no_voice",
            "This voice isn't there",
            f"{voice.title} ({voice.program}) was not found on this machine.",
            "Install espeak-ng or piper, or choose another voice.",
            voice=voice.id,
        )
    with tempfile.TemporaryDirectory(prefix="italk-voice-") as folder:
        out = Path(folder) / "speech.wav"
        if voice.program == "piper":
            command = [program, "--model", voice.name, "--output_file", str(out)]
        else:
            command = [program, "-v", voice.name, "-w", str(out), "--stdin", "-b", "1"]
        finished = _run(command, words, _SPEAK_LIMIT, cancel)
        try:
            if finished.returncode:
                raise ValueError(f"it ended with code {finished.returncode}")
            return _read_wav(out)
        except (OSError, ValueError, EOFError, wave.Error) as error:
            lines = finished.stderr.decode("utf-8", "replace").strip().splitlines()
            raise _failed(voice, lines[-1] if lines else str(error)) from error


def _run(
    command: list[str], text: str, limit: float, cancel: Cancel | None
) -> "subprocess.CompletedProcess[bytes]":
    """Runs the program with `text` on its standard input; ends it when canceled or too slow."""
    child = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=child_environment(),
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    deadline = time.monotonic() + limit
    given: bytes | None = text.encode("utf-8")
    try:
        while True:
            with contextlib.suppress(subprocess.TimeoutExpired):
                out, log = child.communicate(given, timeout=0.1)
                return subprocess.CompletedProcess(command, child.returncode, out, log)
            given = None  # it goes on where it was
            if cancel is not None and cancel():
                raise MediaCancelled
            if time.monotonic() > deadline:
                raise engine_error(
                    "speech.voice_failed",
                    "The voice program was given up",
                    f"{Path(command[0]).name} took more than {limit:.0f} seconds.",
                    "Try a shorter text or another voice.",
                )
    finally:
        if child.poll() is None:
            child.kill()
            child.communicate()


def _failed(voice: Voice, reason: str) -> EngineError:
    return engine_error(
        "speech.voice_failed",
        "The voice could not speak",
        f"{voice.title} ({voice.program}): {reason}.",
        "Try another voice.",
        voice=voice.id,
    )


def _at_rate(samples: NDArray[np.float32], own: int, rate: int) -> NDArray[np.float32]:
    if own == rate:
        return samples
    import soxr

    return soxr.resample(samples, own, rate, quality="HQ")


def _read_wav(path: Path) -> tuple[NDArray[np.float32], int]:
    with wave.open(str(path), "rb") as file:
        if file.getsampwidth() != 2 or not file.getnframes():
            raise ValueError("it wrote no 16-bit sound")
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        mono = samples.reshape(-1, file.getnchannels()).astype(np.float32).mean(axis=1) / 32768
        return mono.astype(np.float32), file.getframerate()


def _write_wav(path: Path, samples: NDArray[np.float32], rate: int) -> None:
    part = path.with_name(path.name + ".part")
    with wave.open(str(part), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.clip(np.rint(samples * 32768), -32768, 32767).astype("<i2").tobytes())
    part.replace(path)
