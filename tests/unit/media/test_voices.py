"""Speaking through a program on the path; a small script stands in for the real ones."""

import sys
import wave
from pathlib import Path

import numpy as np
import pytest

from infinitetalk.errors import EngineError
from infinitetalk.media.ffmpeg import MediaCancelled
from infinitetalk.media.script import split_script
from infinitetalk.media.voices import Voice, list_voices, speak_script

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="scripts are no programs there")

# A tone for each letter it reads, 10 ms each; the rate tells which voice spoke.
PROGRAM = """#!{python}
import sys, time, wave
arguments = sys.argv[1:]
if "--voices" in arguments:
    print("Pty Language       Age/Gender VoiceName          File                 Other Languages")
    print(" 5  de              --/M      German             gmw/de")
    print(" 2  en-gb           --/M      English_(Great_Britain) gmw/en               (en 2)")
    sys.exit()
text = sys.stdin.buffer.read().decode("utf-8")
if "slow" in text:
    time.sleep(30)
if "bad" in text:
    print("no such phoneme", file=sys.stderr)
    sys.exit(3)
out = arguments[arguments.index("-w" if "-w" in arguments else "--output_file") + 1]
rate = 22050 if "-w" in arguments else 16000
with wave.open(out, "wb") as file:
    file.setnchannels(1); file.setsampwidth(2); file.setframerate(rate)
    file.writeframes((b"\\x00\\x10" * (rate // 100)) * len(text))
"""


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("espeak-ng", "piper"):
        program = folder / name
        program.write_text(PROGRAM.format(python=sys.executable))
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("INFINITETALK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("INFINITETALK_VOICES", str(tmp_path / "my voices"))
    (tmp_path / "my voices").mkdir()
    for name in ("de_DE-anna-medium.onnx", "de_DE-anna-medium.onnx.json", "no-description.onnx"):
        (tmp_path / "my voices" / name).touch()
    return folder


def read(path: Path) -> tuple[np.ndarray, int]:
    with wave.open(str(path), "rb") as file:
        return np.frombuffer(file.readframes(file.getnframes()), "<i2"), file.getframerate()


def test_voices_that_are_installed(programs: Path) -> None:
    voices = list_voices()
    assert [(v.program, v.language) for v in voices] == [
        ("piper", "de-DE"), ("espeak-ng", "de"), ("espeak-ng", "en-gb"),
    ]  # fmt: skip
    assert voices[2].title == "English (Great Britain)"
    assert len({v.id for v in voices}) == 3


def test_no_program_means_no_voice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert list_voices() == []
    voice = Voice(program="espeak-ng", name="de", title="German", language="de")
    with pytest.raises(EngineError) as caught:
        speak_script("Hallo", [voice], tmp_path)
    assert caught.value.report.code == "speech.no_voice"


def test_one_voice_says_everything(programs: Path, tmp_path: Path) -> None:
    (path,) = speak_script("-w (s1) äöü\nNext line", [list_voices()[1]], tmp_path / "out")
    samples, rate = read(path)
    assert rate == 22050
    assert len(samples) == len("-w (s1) äöü\nNext line") * 220
    assert samples.all()


def test_two_voices_take_turns(programs: Path, tmp_path: Path) -> None:
    piper, espeak, _ = list_voices()
    paths = speak_script("(s1) abcd (S2) ef (s1) g", [espeak, piper], tmp_path)
    (first, rate), (second, other) = map(read, paths)
    assert rate == other == 22050  # the lower rate is brought to the higher
    assert len(first) == len(second)
    marks = np.array([0, 880, 880 + 441, 880 + 441 + 220])
    for start, stop, who in zip(marks[:-1], marks[1:], (first, second, first), strict=True):
        quiet = second if who is first else first
        assert np.count_nonzero(who[start + 20 : stop - 20]) > 100
        assert not quiet[start + 2 : stop - 2].any()


def test_failures_in_words(programs: Path, tmp_path: Path) -> None:
    voice = list_voices()[1]
    with pytest.raises(EngineError) as caught:
        speak_script("this is bad", [voice], tmp_path)
    assert caught.value.report.code == "speech.voice_failed"
    assert "no such phoneme" in caught.value.report.detail
    with pytest.raises(MediaCancelled):
        speak_script("slow", [voice], tmp_path, cancel=lambda: True)
    assert not list(tmp_path.glob("*.wav*"))


def test_script_is_split_by_its_markers() -> None:
    assert split_script("Hi (s2) Ho\n(s1)  He ", 2) == [(0, "Hi"), (1, "Ho"), (0, "He")]
    assert split_script("(s1) Hi (s2) Ho", 1) == [(0, "(s1) Hi (s2) Ho")]
    for text, code in (("(s3) Hi", "speech.unknown_speaker"), (" (s1) (s2)\n", "speech.no_text")):
        with pytest.raises(EngineError) as caught:
            split_script(text, 2)
        assert caught.value.report.code == code
