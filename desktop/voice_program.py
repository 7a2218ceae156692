"""Speech from text by a voice program that the user has installed: espeak-ng or piper.

The one place that starts such programs; each call is one short child process.
"""

import re
import shutil
import subprocess  # noqa: TID251 - this file's purpose
import sys
from dataclasses import dataclass
from pathlib import Path

from infinitetalk.errors import engine_error

TIME_LIMIT = 300.0
_MARK = re.compile(r"\(s([12])\)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Voice:
    """A voice that can be used: a program, and a name or model file for it."""

    program: str  # espeak-ng, piper
    name: str
    title: str


def find_voices(piper_models: Path | None = None) -> list[Voice]:
    """Voices of the programs that are installed; empty where there is none."""
    found: list[Voice] = []
    if piper_models is not None and shutil.which("piper"):
        found += [
            Voice(program="piper", name=str(path), title=f"piper: {path.stem}")
            for path in sorted(piper_models.glob("*.onnx"))
        ]
    program = shutil.which("espeak-ng")
    if program:
        done = subprocess.run(
            [program, "--voices"], capture_output=True, timeout=20, check=False, text=True
        )
        for line in done.stdout.splitlines()[1:]:
            parts = line.split()
            if len(parts) >= 4:
                title = f"espeak-ng: {parts[3].replace('_', ' ')} ({parts[1]})"
                found.append(Voice(program="espeak-ng", name=parts[1], title=title))
    return found


def split_speakers(text: str) -> list[str]:
    """The text of each speaker, from marks (s1) and (s2); without marks all is speaker 1."""
    pieces = _MARK.split(text)
    said = ["", ""]
    said[0] += pieces[0]
    for mark, part in zip(pieces[1::2], pieces[2::2], strict=True):
        said[int(mark) - 1] += part
    found = [" ".join(s.split()) for s in said]
    return found if found[1] else found[:1]


def speak(voice: Voice, text: str, out: Path) -> Path:
    """Writes `text` as a wav file. Raises EngineError `voice.failed`."""
    out.parent.mkdir(parents=True, exist_ok=True)
    program = shutil.which(voice.program)
    if program is None:
        raise engine_error(
            "voice.missing",
            "The voice program is gone",
            f"{voice.program} was not found.",
            "Install it again, or choose speech from a file.",
        )
    if voice.program == "piper":
        command = [program, "--model", voice.name, "--output_file", str(out)]
    else:
        command = [program, "-v", voice.name, "-w", str(out), "--stdin"]
    flags = subprocess.CREATE_NO_WINDOW if sys.platform == "win32" else 0
    try:
        done = subprocess.run(
            command,
            input=text.encode(),
            capture_output=True,
            timeout=TIME_LIMIT,
            check=False,
            creationflags=flags,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _failed(voice, str(error)) from error
    if done.returncode or not out.is_file() or out.stat().st_size < 100:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        raise _failed(voice, lines[-1] if lines else f"exit code {done.returncode}")
    return out


def _failed(voice: Voice, reason: str) -> Exception:
    return engine_error(
        "voice.failed",
        "The text could not be spoken",
        f"{voice.program}: {reason}.",
        "Choose another voice, or speech from a file.",
    )
