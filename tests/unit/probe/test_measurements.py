"""What was measured is kept, by the median, and the next plan's times and sizes come from it."""

from dataclasses import replace
from pathlib import Path

import pytest

from infinitetalk.engine.learning import learn
from infinitetalk.plan import MediaFacts, measured_key, plan, stored_key
from infinitetalk.probe import machine
from infinitetalk.probe.measurements import (
    add_measurements,
    forget_measurements,
    measurements_file,
    read_measurements,
)
from infinitetalk.request import GenerationRequest, SpeechTrack
from tests.gui import synthetic


@pytest.fixture(autouse=True)
def own_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("INFINITETALK_HOME", str(tmp_path / "home"))


def test_the_median_of_the_last_values_counts() -> None:
    for value in (500.0, 400.0, 410.0, 9000.0, 405.0, 415.0):
        add_measurements({"a": value})
    add_measurements({"b": 1.0})
    assert read_measurements() == (("a", 410.0), ("b", 1.0))
    add_measurements({"a": 411.0})
    assert [key for key, _ in read_measurements()] == ["b", "a"]  # the latest comes last
    assert machine().measured == read_measurements()
    forget_measurements()
    assert read_measurements() == ()


@pytest.mark.parametrize(
    "text", ["", "[]", '{"format": 9}', '{"format": 1, "measured": {"a": ["x"]}}', "\0\0"]
)
def test_a_damaged_file_is_no_file(text: str) -> None:
    file = measurements_file()
    file.parent.mkdir(parents=True)
    file.write_text(text)
    assert read_measurements() == ()
    add_measurements({"a": 2.0})
    assert read_measurements() == (("a", 2.0),)


def test_a_folder_that_can_not_be_written_is_no_reason_to_fail(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    add_measurements({"a": 1.0}, tmp_path / "file" / "m.json")


def test_a_plan_learns_from_the_job_before(tmp_path: Path) -> None:
    """Planned against real after one measured chunk: time and disk within a few percent."""
    request = GenerationRequest(
        source=tmp_path / "a.png", speech=(SpeechTrack(path=tmp_path / "a.wav"),), steps=4
    )
    media = MediaFacts(source_kind="picture", source_size=(448, 896), speech_seconds=(60.0,))
    card, weights = synthetic.machine(), synthetic.weights()
    first = plan(request, media, weights, card)
    assert first.seconds_origin == "estimated"
    seconds, pixel = 333.0, 0.9
    height, width = first.size
    size = round(first.chunks[1].frame_count * height * width * pixel)
    (tmp_path / "frames.mkv").write_bytes(b"\0" * size)
    learn(first, weights, 1, seconds=seconds, folder=tmp_path)
    assert [key for key, _ in read_measurements()] == [
        measured_key(first, weights),
        stored_key(weights),
    ]
    after = plan(request, media, weights, replace(card, measured=read_measurements()))
    assert after.seconds_origin == "measured"
    assert after.seconds_per_chunk == pytest.approx(seconds)
    frames = after.total_frames * height * width * pixel
    motion = len(after.chunks) * 9 * height * width * 3 * 4
    assert after.disk == pytest.approx(frames + motion, rel=0.1)  # a small video comes on top
    assert after.disk < first.disk
    twice = plan(
        replace(request, steps=8), media, weights, replace(card, measured=read_measurements())
    )
    assert twice.seconds_per_chunk == pytest.approx(2 * seconds, rel=0.05)


def test_short_chunks_and_skipped_steps_teach_nothing(tmp_path: Path) -> None:
    request = GenerationRequest(
        source=tmp_path / "a.png", speech=(SpeechTrack(path=tmp_path / "a.wav"),)
    )
    media = MediaFacts(source_kind="picture", source_size=(448, 896), speech_seconds=(4.0,))
    made = plan(request, media, synthetic.weights(), synthetic.machine())
    assert made.chunks[-1].span_frames < made.chunks[0].span_frames
    learn(made, synthetic.weights(), len(made.chunks) - 1, seconds=9.0, folder=tmp_path)
    learn(replace(made, skipped_steps=(3,)), synthetic.weights(), 0, seconds=9.0, folder=tmp_path)
    learn(made, synthetic.weights(), 0, seconds=9.0, folder=tmp_path / "gone")
    assert read_measurements() == ()
