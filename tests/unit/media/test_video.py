"""Frames by time and by index, on videos whose frames carry their number."""

import bisect
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infinitetalk.errors import EngineError
from infinitetalk.media.ffmpeg import has_filter
from infinitetalk.media.picture import read_picture
from infinitetalk.media.probe import probe_source
from infinitetalk.media.video import (
    SourceEnd,
    VideoReader,
    open_source,
    read_thumbnail,
    source_position,
)
from tests.media_samples import (
    HEIGHT,
    WIDTH,
    frame_number,
    has_encoder,
    make_picture,
    make_video,
    numbered_frame,
)


def shown_at(times: list[float], index: int) -> int:
    """What a player shows at index / 25 s: the last frame that has begun."""
    return max(0, bisect.bisect_right(times, index / 25 + 1e-6) - 1)


def check_timeline(path: Path, times: list[float], *, tolerance: float = 0.0) -> None:
    """Reads the timeline forward and by jumps; a frame may be early or late by `tolerance` s."""
    facts = probe_source(path)
    count = facts.timeline_frames
    wanted = [*range(min(count, 30)), count - 1, count // 2, 3, count - 2, 0]
    with VideoReader(facts) as reader:
        for index in wanted:
            found = frame_number(reader.timeline_frame(index))
            early = shown_at([t + tolerance for t in times], index)
            late = shown_at([t - tolerance for t in times], index)
            assert early <= found <= late, f"frame {index} of the timeline"


@pytest.mark.parametrize(
    ("fps", "rate"),
    [("25", 25.0), ("30", 30.0), ("24000/1001", 24000 / 1001), ("50", 50.0), ("12", 12.0)],
)
def test_constant_rates_are_read_by_time(tmp_path: Path, fps: str, rate: float) -> None:
    path = make_video(tmp_path / "v.mp4", 90, fps=fps)
    facts = probe_source(path)
    assert facts.fps == pytest.approx(rate, rel=1e-3)
    assert not facts.variable_rate
    assert facts.frame_count == 90
    assert facts.timeline_frames == math.ceil(90 / rate * 25 - 1e-6)
    check_timeline(path, [n / rate for n in range(90)])


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_variable_rate_is_read_by_time(tmp_path: Path, suffix: str) -> None:
    gaps = np.random.default_rng(1).choice([0.016, 0.033, 0.05, 0.4], 80)
    times = np.concatenate([[0.0], np.cumsum(gaps)]).tolist()
    path = make_video(tmp_path / f"v{suffix}", len(times), times=times)
    facts = probe_source(path)
    assert facts.variable_rate
    assert facts.rate_range[0] < 10 < 50 < facts.rate_range[1]
    check_timeline(path, times, tolerance=0.0012)


def test_long_still_before_a_jump_is_found(tmp_path: Path) -> None:
    """A screen recording: one frame stands for 30 s, longer than any run-up."""
    times = [0.0, 0.04, 30.0, 30.04, 30.08, 60.0]
    path = make_video(tmp_path / "v.mp4", len(times), times=times)
    facts = probe_source(path)
    for index in (749, 750, 751, 400, 1, 1499):
        with VideoReader(facts) as reader:
            assert frame_number(reader.timeline_frame(index)) == shown_at(times, index)


def test_sparse_key_frames_and_reordered_frames(tmp_path: Path) -> None:
    encoder = ("-c:v", "libx264", "-preset", "medium", "-g", "250", "-bf", "3")
    path = make_video(tmp_path / "v.mp4", 400, fps="30", encoder=encoder)
    with VideoReader(probe_source(path)) as reader:
        for index in (0, 300, 72, 144, 299, 333, 10):
            expected = shown_at([n / 30 for n in range(400)], index)
            assert frame_number(reader.timeline_frame(index)) == expected


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_rotated_phone_video_is_upright(tmp_path: Path, degrees: int) -> None:
    turn = {90: "transpose=1", 180: "hflip,vflip", 270: "transpose=2"}[degrees]  # how it is stored
    path = make_video(tmp_path / "v.mp4", 10, filters=turn, rotation=degrees)
    facts = probe_source(path)
    assert (facts.height, facts.width) == (HEIGHT, WIDTH)
    assert facts.rotation == 360 - degrees
    with VideoReader(facts) as reader:
        frame = reader.timeline_frame(7)
        assert frame.shape == (HEIGHT, WIDTH, 3)
        assert frame_number(frame) == 7
    stored = probe_source(path, orient=False)
    with VideoReader(stored, by_time=False) as reader:
        assert reader.frame(7).shape == (*stored.stored_size, 3)
    assert stored.stored_size == ((WIDTH, HEIGHT) if degrees != 180 else (HEIGHT, WIDTH))


def test_wide_pixels_become_square(tmp_path: Path) -> None:
    path = make_video(tmp_path / "v.mp4", 5, filters="setsar=4/3")
    facts = probe_source(path)
    assert (facts.height, facts.width) == (HEIGHT, WIDTH * 4 // 3)
    with VideoReader(facts) as reader:
        assert frame_number(reader.timeline_frame(3)) == 3


@pytest.mark.parametrize(
    ("name", "encoder", "pixels", "suffix"),
    [
        ("libx265", ("-c:v", "libx265", "-x265-params", "log-level=error"), "yuv420p10le", ".mp4"),
        ("libsvtav1", ("-c:v", "libsvtav1", "-preset", "12"), "yuv420p10le", ".mp4"),
        ("libvpx-vp9", ("-c:v", "libvpx-vp9", "-deadline", "realtime"), "yuv420p", ".webm"),
        ("mpeg4", ("-c:v", "mpeg4", "-q:v", "2"), "yuv420p", ".avi"),
        ("mjpeg", ("-c:v", "mjpeg"), "yuvj420p", ".mov"),
    ],
)
def test_codecs(
    tmp_path: Path, name: str, encoder: tuple[str, ...], pixels: str, suffix: str
) -> None:
    if not has_encoder(name):
        pytest.skip(f"this ffmpeg has no {name}")
    path = make_video(tmp_path / f"v{suffix}", 40, fps="30", encoder=encoder, pixels=pixels)
    facts = probe_source(path)
    assert facts.bits == (10 if "10" in pixels else 8)
    check_timeline(path, [n / 30 for n in range(40)], tolerance=0.0012)


def test_transparent_video_is_put_over_white(tmp_path: Path) -> None:
    fade = "format=rgba,colorchannelmixer=aa=0.5"
    path = make_video(tmp_path / "v.mov", 4, encoder=("-c:v", "qtrle"), pixels="argb", filters=fade)
    facts = probe_source(path)
    assert facts.has_alpha
    with VideoReader(facts) as reader:
        found = reader.timeline_frame(2)
    expected = (numbered_frame(2).astype(float) + 255) / 2
    assert np.abs(found - expected).max() <= 2


def test_frames_by_index_are_the_reference_way(tmp_path: Path) -> None:
    path = make_video(tmp_path / "v.mp4", 40, fps="50")
    with VideoReader(probe_source(path, orient=False), by_time=False) as reader:
        for index, expected in ((0, 0), (5, 5), (39, 39), (40, 39), (500, 39), (12, 12), (13, 13)):
            assert frame_number(reader.frame(index)) == expected


@pytest.mark.parametrize("end", ["hold", "loop", "pingpong", "stop"])
def test_source_that_ends_before_the_speech(tmp_path: Path, end: SourceEnd) -> None:
    path = make_video(tmp_path / "v.mp4", 20)
    with open_source(probe_source(path), end=end) as reader:
        for index in (0, 19, 20, 25, 38, 39, 45, 1000):
            position = source_position(index, 20, end)
            if position is None:
                with pytest.raises(IndexError):
                    reader.frame(index)
            else:
                assert frame_number(reader.frame(index)) == position


@given(index=st.integers(0, 10_000), count=st.integers(1, 300))
def test_source_position_stays_inside_and_moves_by_one(index: int, count: int) -> None:
    for end in ("hold", "loop", "pingpong"):
        position = source_position(index, count, end)
        assert position is not None
        assert 0 <= position < count
    here, after = (
        source_position(index, count, "pingpong"),
        source_position(index + 1, count, "pingpong"),
    )
    assert here is not None
    assert after is not None
    assert abs(here - after) == (1 if count > 1 else 0)


def test_picture_is_the_same_at_every_index(tmp_path: Path) -> None:
    path = make_picture(tmp_path / "p.png")
    with open_source(probe_source(path)) as reader:
        assert np.array_equal(reader.frame(0), read_picture(path))
        assert reader.frame(999) is reader.frame(0)


def test_cut_off_recording_plays_as_far_as_it_goes(tmp_path: Path) -> None:
    whole = make_video(tmp_path / "w.mkv", 100)
    path = tmp_path / "v.mkv"
    data = whole.read_bytes()
    path.write_bytes(data[: len(data) * 6 // 10])
    facts = probe_source(path)
    assert 20 < facts.frame_count < 90
    with VideoReader(facts) as reader:
        assert frame_number(reader.timeline_frame(20)) == 20
        assert frame_number(reader.timeline_frame(5000)) >= facts.frame_count - 2


def test_thumbnail_is_small_and_of_its_time(tmp_path: Path) -> None:
    facts = probe_source(make_video(tmp_path / "v.mp4", 60, fps="30"))
    small = read_thumbnail(facts, 1.0, longest=96)
    assert small.shape == (48, 96, 3)
    assert abs(frame_number(small) - 30) <= 1


def test_frames_of_a_file_that_went_away(tmp_path: Path) -> None:
    facts = probe_source(make_video(tmp_path / "v.mp4", 5))
    facts.path.unlink()
    with VideoReader(facts) as reader, pytest.raises(EngineError) as caught:
        reader.timeline_frame(0)
    assert caught.value.report.code.startswith("media.")


def test_high_dynamic_range_is_brought_down(tmp_path: Path) -> None:
    """A gray of 75 % in HLG is reference white; ordinary decoding would leave it at 191."""
    if not has_encoder("libx265") or not has_filter("zscale"):
        pytest.skip("this ffmpeg can't make or read it")
    colors = "log-level=error:colorprim=bt2020:transfer=arib-std-b67:colormatrix=bt2020nc"
    path = make_video(
        tmp_path / "v.mp4", 3, encoder=("-c:v", "libx265", "-x265-params", colors),
        pixels="yuv420p10le", filters="geq=r=191:g=191:b=191",
    )  # fmt: skip
    facts = probe_source(path)
    assert facts.is_hdr
    with VideoReader(facts) as reader:
        assert 205 <= reader.timeline_frame(1).mean() <= 235
    with VideoReader(probe_source(path, orient=False), by_time=False) as reader:
        assert reader.frame(1).mean() == pytest.approx(191, abs=3)
