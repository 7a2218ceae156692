"""Chunks cover the speech, each frame once, and every chunk continues the one before."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infinitetalk.errors import EngineError
from infinitetalk.plan import (
    audio_row_index,
    chunks_between,
    frame_origins,
    frames_of_seconds,
    plan_chunks,
    speech_rows,
)
from infinitetalk.request import GenerationRequest, Mends, SpeechTrack

SPEECH = (SpeechTrack(path=Path("a.wav")),)
ONE = GenerationRequest(source=Path("face.png"), speech=SPEECH)
TWO = GenerationRequest(source=Path("face.png"), speech=SPEECH * 2)
REFERENCE = ONE.with_exact()

spans = st.sampled_from([5, 9, 13, 33, 81])
motions = st.sampled_from([1, 5, 9, 25])


@given(rows=st.integers(1, 3000), span=spans, motion=motions, speakers=st.integers(1, 2))
@settings(max_examples=150, deadline=None)
def test_every_frame_once_and_in_order(rows: int, span: int, motion: int, speakers: int) -> None:
    if motion >= span:
        return
    plan = plan_chunks(ONE, (rows,) * speakers, chunk_frames=span, motion_frames=motion)
    assert plan.total_frames == rows
    frame = 0
    for before, chunk in zip([None, *plan.chunks], plan.chunks, strict=False):
        assert chunk.first_frame == frame
        assert chunk.frame_count > 0
        assert chunk.span_frames % 4 == 1
        assert chunk.span_frames <= span
        assert chunk.first_frame + chunk.frame_count <= chunk.start + chunk.span_frames
        if before is not None:
            assert chunk.motion_frames == motion
            assert chunk.start + motion == before.start + before.span_frames
            assert before.span_frames > motion  # the frames to repeat are all in it
        frame += chunk.frame_count
    assert frame == rows
    assert len(frame_origins(plan)) == rows
    # The last chunk covers what is left and no latent frame more, unless it would be too short.
    last = plan.chunks[-1]
    least = max(5, last.motion_frames + 4)
    assert last.span_frames - (rows - last.start) < 4 or last.span_frames == least


@given(rows=st.integers(1, 600), motion=st.sampled_from([1, 9]), shift=st.integers(-30, 30))
@settings(max_examples=60, deadline=None)
def test_rows_exist_and_are_the_frames_own(rows: int, motion: int, shift: int) -> None:
    plan = plan_chunks(ONE, (rows,), motion_frames=motion)
    for chunk in plan.chunks:
        table = audio_row_index(plan, 0, chunk.index, shift_frames=shift)
        assert len(table) == chunk.span_frames
        for frame, window in enumerate(table):
            assert len(window) == 5
            assert all(0 <= row < rows for row in window)
            if 2 <= chunk.start + frame - shift < rows - 2:
                assert window[2] == chunk.start + frame - shift


@given(
    rows=st.integers(60, 900),
    cuts=st.lists(st.floats(0.01, 40.0), max_size=8),
    duration=st.floats(0.5, 40.0),
    end=st.sampled_from(["hold", "loop", "pingpong", "stop"]),
)
@settings(max_examples=120, deadline=None)
def test_scene_cuts_start_anew_on_one_timeline(rows, cuts, duration, end) -> None:
    request = replace(ONE, scene_cuts=True, mends=Mends(source_end=end))
    plan = plan_chunks(request, (rows,), source_duration=duration, scene_cuts=cuts)
    expected = min(rows, frames_of_seconds(duration)) if end == "stop" else rows
    assert plan.total_frames == expected
    assert sum(chunk.frame_count for chunk in plan.chunks) == expected
    frame = 0
    for before, chunk in zip([None, *plan.chunks], plan.chunks, strict=False):
        assert chunk.first_frame == frame
        frame += chunk.frame_count
        assert 0 <= chunk.source_time < duration
        if chunk.motion_frames:
            assert before is not None
            assert chunk.start + chunk.motion_frames == before.start + before.span_frames


def test_a_cut_is_a_chunk_boundary_and_its_frame_comes_from_the_new_scene() -> None:
    request = replace(ONE, scene_cuts=True)
    plan = plan_chunks(request, (250,), source_duration=10.0, scene_cuts=(4.01,))
    anew = [chunk for chunk in plan.chunks if chunk.motion_frames == 0]
    assert [chunk.start for chunk in anew] == [0, 101]
    assert anew[1].source_time == pytest.approx(4.04)
    assert plan.chunks[1].frame_count == 20  # 81 ... 100
    assert plan.chunks[1].span_frames == 29  # the scene's last chunk is shortened too


def test_the_source_goes_back_and_forth_past_its_end() -> None:
    plan = plan_chunks(ONE, (350,), source_duration=6.04, source_fps=25.0)
    times = [chunk.source_time for chunk in plan.chunks]
    assert times == pytest.approx([0.0, 2.88, 5.76, 12.0 - 8.64, 12.0 - 11.52])
    held = replace(ONE, mends=Mends(source_end="hold"))
    times = [c.source_time for c in plan_chunks(held, (350,), source_duration=6.04).chunks]
    assert times == pytest.approx([0.0, 2.88, 5.76, 6.0, 6.0])
    looped = replace(ONE, mends=Mends(source_end="loop"))
    times = [c.source_time for c in plan_chunks(looped, (350,), source_duration=6.04).chunks]
    assert times == pytest.approx([0.0, 2.88, 5.76, 8.64 - 6.04, 11.52 - 6.04])


def test_speech_under_one_chunk_is_one_short_chunk() -> None:
    plan = plan_chunks(ONE, (47,))
    assert [chunk.span_frames for chunk in plan.chunks] == [49]
    assert plan.total_frames == 47
    assert audio_row_index(plan, 0, 0)[48] == [46, 46, 45, 44, 43]


def test_three_minutes_are_63_chunks() -> None:
    plan = plan_chunks(ONE, speech_rows(ONE, (180.0,)))
    assert len(plan.chunks) == 63
    assert plan.total_frames == 4500


def test_clip_mode_and_max_frames() -> None:
    assert len(plan_chunks(replace(ONE, mode="clip"), (400,)).chunks) == 1
    capped = plan_chunks(replace(ONE, max_frames=100), (400,))
    assert capped.total_frames == 100
    assert [chunk.span_frames for chunk in capped.chunks] == [81, 29]
    # Real speech follows the cap, so nothing is mirrored.
    assert audio_row_index(capped, 0, 1)[-1] == [98, 99, 100, 101, 102]


def test_the_reference_refuses_short_speech_and_does_not_shorten() -> None:
    with pytest.raises(EngineError) as caught:
        plan_chunks(REFERENCE, (81,))
    assert caught.value.report.code == "speech.too_short"
    plan = plan_chunks(REFERENCE, (154,))
    assert [chunk.span_frames for chunk in plan.chunks] == [81, 81, 81]
    assert plan.total_frames == 154


def test_the_reference_forgets_one_speaker() -> None:
    exact = TWO.with_exact()
    assert plan_chunks(exact, (200, 230)).total_frames == 225
    plan = plan_chunks(exact, (230, 200))
    assert plan.total_frames == 200
    assert plan.chunks[-1].frame_count == 0


def test_rows_of_two_tracks() -> None:
    assert speech_rows(TWO, (4.0, 2.0)) == (100, 100)
    assert speech_rows(TWO.with_exact(), (4.0, 2.0)) == (100, 50)
    assert speech_rows(replace(TWO, arrangement="in_turn"), (4.0, 2.0)) == (150, 150)
    silent = replace(TWO, speech=(*SPEECH, SpeechTrack(path=None))).with_exact()
    assert speech_rows(silent, (4.0, 0.0)) == (100, 100)
    with pytest.raises(EngineError) as caught:
        speech_rows(ONE, (0.01,))
    assert caught.value.report.code == "speech.empty"


@given(samples=st.integers(640, 16000 * 60))
def test_length_is_within_one_frame_of_the_speech(samples: int) -> None:
    seconds = samples / 16000
    assert 0 <= seconds - frames_of_seconds(seconds) / 25 + 1e-6 < 0.0401
    assert frames_of_seconds(samples // 640 * 640 / 16000) == samples // 640


def test_chunks_of_a_range() -> None:
    plan = plan_chunks(ONE, (250,))
    assert chunks_between(plan, 0, 250) == (0, 1, 2, 3)
    assert chunks_between(plan, 81, 82) == (1,)
    assert chunks_between(plan, 80, 153) == (0, 1)


def test_too_many_motion_frames_are_refused() -> None:
    with pytest.raises(EngineError) as caught:
        plan_chunks(replace(ONE, motion_frames=81), (200,))
    assert caught.value.report.code == "request.motion_frames"
