"""Speech from text in the window, with a small script in the place of espeak-ng."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from desktop.app import Program
from desktop.views.voice_dialog import VoiceDialog
from infinitetalk.media.probe import probe_speech
from infinitetalk.media.speech import decode_speech

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="scripts are no programs there")

# A tone for each letter, 10 ms each; the voice decides how loud.
PROGRAM = """#!{python}
import struct, sys, wave
words = sys.argv[1:]
if "--voices" in words:
    print("Pty Language Age/Gender VoiceName File")
    print(" 5 en-us --/M English_(America) gmw/en-US")
    print(" 5 en-gb --/M English_(Great_Britain) gmw/en")
    sys.exit()
text = sys.stdin.buffer.read().decode()
if "bad" in text:
    sys.exit("no such phoneme")
out = words[words.index("-w") + 1] if "-w" in words else "/dev/stdout"
level = 9000 if "en-us" in words else 4000
samples = [level * (1 if i % 40 < 20 else -1) for i in range(160 * len(text))]
with wave.open(out, "wb") as file:
    file.setnchannels(1)
    file.setsampwidth(2)
    file.setframerate(16000)
    file.writeframes(struct.pack("<%dh" % len(samples), *samples))
"""


@pytest.fixture
def dialog(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, until: Callable
) -> VoiceDialog:
    folder = tmp_path / "programs"
    folder.mkdir()
    script = folder / "espeak-ng"
    script.write_text(PROGRAM.format(python=sys.executable))
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder) + os.pathsep + os.environ["PATH"])
    program.session.library.refused.disconnect()
    made = VoiceDialog(program.session, program.theme, program.window)
    made.show()
    until(lambda: made._voices[0].count() >= 2, 20)
    return made


def loudness(path: Path) -> np.ndarray:
    """Largest sample of each 10 ms."""
    signal = np.abs(np.concatenate(list(decode_speech(probe_speech(path)))))
    return signal[: len(signal) // 160 * 160].reshape(-1, 160).max(axis=1)


def test_two_speakers_answer_each_other(dialog: VoiceDialog, program: Program, until) -> None:
    dialog._text.setPlainText("(s1) Good evening. (s2) Hi! (s1) Bye now.")
    assert dialog._voices[1].isEnabled()
    dialog._make.click()
    until(lambda: len(program.session.data.speakers) == 2, 30)
    first, second = (speaker.path for speaker in program.session.data.speakers)
    assert program.session.data.arrangement == "together"
    one, two = loudness(first), loudness(second)
    assert len(one) == len(two)
    speaks = np.where(one > 0.05, 1, 0) + np.where(two > 0.05, 2, 0)
    turns = [int(v) for i, v in enumerate(speaks) if i == 0 or v != speaks[i - 1]]
    assert [t for t in turns if t] == [1, 2, 1]  # in the order of the text, never both
    assert 3 not in turns
    assert one.max() > 1.5 * two.max()  # each has a voice of its own


def test_one_speaker_needs_no_marks(dialog: VoiceDialog, program: Program, until) -> None:
    dialog._text.setPlainText("(s1) Hello")
    assert not dialog._voices[1].isEnabled()
    dialog._make.click()
    until(lambda: len(program.session.data.speakers) == 1, 30)
    heard = loudness(program.session.data.speakers[0].path)
    assert len(heard) == pytest.approx(len("Hello"), abs=2)  # the mark is not read aloud


def test_what_can_not_be_said(dialog: VoiceDialog, program: Program, until) -> None:
    for text in ("", "   ", "(s3) Hello"):
        dialog._text.setPlainText(text)
        assert not dialog._make.isEnabled(), text
    dialog._text.setPlainText("a bad word")
    dialog._make.click()
    until(lambda: "could not speak" in dialog._state.text(), 30)
    assert dialog._make.isEnabled()
    assert program.session.data.speakers == ()
