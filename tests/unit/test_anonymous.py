"""Names, paths and prompts do not leave this computer unless the user keeps them."""

import json
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.state import anonymous
from desktop.state.anonymous import Anonymous


@pytest.fixture(autouse=True)
def mara(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anonymous, "_user", lambda: "mara")
    monkeypatch.setattr("socket.gethostname", lambda: "maras-laptop")
    monkeypatch.setattr(Path, "home", lambda: Path("/home/mara"))


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("opened /home/mara/Videos/keynote.mp4", "opened <path 1>.mp4"),
        ("/home/mara/My Videos/Anna 2.mp4: no sound", "<path 1>.mp4: no sound"),
        (r"C:\Users\Mara Müller\keynote.mp4 is gone", "<path 1>.mp4 is gone"),
        (r"'D:\new folder\x y.wav' and \\nas\share\a.wav", "'<path 1>.wav' and <path 2>.wav"),
        ('path="/mnt/über uns/a.png"', 'path="<path 1>.png"'),
        ("12/24 steps, 3/s, 1/2", "12/24 steps, 3/s, 1/2"),
        ("mara on maras-laptop", "<user> on <computer>"),
        (
            "https://huggingface.co/MeiGen-AI/InfiniteTalk?x=1",
            "https://huggingface.co/MeiGen-AI/InfiniteTalk",
        ),
        ("mirror http://user:pass@hub.firm.lan:8080/secret", "mirror http://<host 1>"),
    ],
)
def test_what_is_left_of_a_line(said: str, left: str) -> None:
    assert Anonymous().text(said) == left


def test_the_same_is_called_the_same_and_bare_names_are_found() -> None:
    clean = Anonymous(names=["keynote.mp4", "Anna"])
    first = clean.text("/data/keynote.mp4 of Anna")
    again = clean.text("keynote.mp4: read; Anna's mouth; /data/keynote.mp4")
    assert first == "<path 1>.mp4 of <name 2>"
    assert again == "<name 1>.mp4: read; <name 2>'s mouth; <path 1>.mp4"


def test_a_name_seen_in_a_path_is_found_alone_afterwards() -> None:
    clean = Anonymous()
    clean.text("/data/boss_speech.wav")
    assert "boss" not in clean.text("boss_speech.wav can't be read; boss_speech rests")


def test_prompts_wherever_they_are_said() -> None:
    clean = Anonymous(prompts=["My boss talks nonsense."])
    assert clean.text("encode 'My boss talks nonsense.'") == "encode '<prompt of 23 characters>'"
    data = json.loads(clean.json('{"prompt": "another one", "steps": 4, "negative_prompt": ""}'))
    assert data == {"prompt": "<prompt of 11 characters>", "steps": 4, "negative_prompt": ""}


def test_lines_of_json_with_a_torn_last_one() -> None:
    text = '{"event": "PlanReady", "job_folder": "/home/mara/jobs/x.job"}\n{"event": "Step", "pa'
    left = Anonymous().json(text)
    assert json.loads(left.splitlines()[0]) == {"event": "PlanReady", "job_folder": "<path 1>.job"}
    assert left.splitlines()[1] == '{"event": "Step", "pa'


def test_traces_through_this_program_stay_readable() -> None:
    root = Path(__file__).resolve().parents[2]
    line = f'  File "{root}/infinitetalk/engine/engine.py", line 12, in generate'
    clean = Anonymous(keep=[root]).text(line)
    assert clean == '  File "<program>/infinitetalk/engine/engine.py", line 12, in generate'
    assert Anonymous().text(f'File "{sys.prefix}/lib/x.py"') == 'File "<program>/lib/x.py"'


WORDS = st.text(alphabet="abcdefghijklmnopqrstuvwxyzäßé_-0123456789", min_size=4, max_size=12)


@given(parts=st.lists(WORDS, min_size=1, max_size=5), stem=WORDS)
def test_no_part_of_a_path_is_left(parts: list[str], stem: str) -> None:
    folder = "zzhome"
    for path in (
        f"/{folder}/{'/'.join(parts)}/{stem}.mp4",
        f"C:\\{folder}\\" + "\\".join([*parts, f"{stem}.mp4"]),
    ):
        clean = Anonymous()
        for text in (f"read {path} now", f"'{path}'", json.dumps({"x": path}), f"x={path}"):
            left = clean.json(text) if text.startswith("{") else clean.text(text)
            assert folder not in left
            assert f"{stem}.mp4" not in left
            assert "now" in left or not text.endswith("now")


@given(text=st.text(max_size=200))
def test_any_text_is_taken(text: str) -> None:
    clean = Anonymous(names=["Anna"], prompts=["calm"])
    clean.json(text)
    assert isinstance(clean.text(text), str)
