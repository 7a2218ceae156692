"""The store of a chunk's frames: bit for bit, by any range, and what a full disk does to it."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infinitetalk.errors import EngineError
from infinitetalk.media import disk
from infinitetalk.media.frames import FrameReader, FrameWriter, write_frames
from infinitetalk.media.probe import probe_source
from infinitetalk.media.video import VideoReader
from tests.media_samples import cut_off, garbage


def noise(count: int, height: int = 48, width: int = 80, seed: int = 0) -> np.ndarray:
    shape = (count, height, width, 3)
    return np.random.default_rng(seed).integers(0, 256, shape, np.uint8)


@settings(deadline=None, max_examples=12)
@given(height=st.integers(1, 70), width=st.integers(1, 70), count=st.integers(1, 5))
def test_any_size_comes_back_bit_for_bit(
    tmp_path_factory: pytest.TempPathFactory, height: int, width: int, count: int
) -> None:
    path = tmp_path_factory.mktemp("f") / "frames.mkv"
    frames = noise(count, height, width)
    write_frames(path, frames)
    assert np.array_equal(FrameReader(path).frames(), frames)


def test_the_same_frames_give_the_same_bytes(tmp_path: Path) -> None:
    write_frames(tmp_path / "a.mkv", noise(9))
    with FrameWriter(tmp_path / "b.mkv", 48, 80) as writer:
        for part in np.array_split(noise(9), 4):
            writer.add(part)
    assert writer.frame_count == 9
    assert (tmp_path / "a.mkv").read_bytes() == (tmp_path / "b.mkv").read_bytes()


def test_ranges_and_blocks(tmp_path: Path) -> None:
    frames = noise(81, 16, 32)
    path = tmp_path / "é 世 'q'.mkv"
    write_frames(path, frames)
    reader = FrameReader(path)
    assert (reader.height, reader.width, reader.frame_count) == (16, 32, 81)
    for start, stop in ((0, 1), (80, 81), (9, 81), (40, 41), (7, 7), (0, 81)):
        assert np.array_equal(reader.frames(start, stop), frames[start:stop])
    assert max(len(block) for block in reader.blocks()) <= 16
    with pytest.raises(ValueError, match="start and stop"):
        reader.frames(5, 3)
    with pytest.raises(EngineError) as caught:
        reader.frames(70, 90)
    assert caught.value.report.code == "media.unreadable"


def test_window_plays_a_store_as_a_video(tmp_path: Path) -> None:
    frames = noise(30, 32, 48)
    write_frames(tmp_path / "frames.mkv", frames)
    with VideoReader(probe_source(tmp_path / "frames.mkv")) as reader:
        assert reader.facts.timeline_frames == 30
        for index in (0, 29, 12, 13):
            assert np.array_equal(reader.timeline_frame(index), frames[index])


@pytest.mark.parametrize("after", [0, 1, 3])
def test_full_disk_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    real, calls = disk.write_bytes, [0]

    def fill(file, data) -> None:
        calls[0] += 1
        if calls[0] > after:
            raise OSError(28, "No space left on device")
        real(file, data)

    monkeypatch.setattr(disk, "write_bytes", fill)
    with pytest.raises(EngineError) as caught:
        write_frames(tmp_path / "frames.mkv", noise(200, 96, 96))
    assert caught.value.report.code == "disk.full"
    assert not list(tmp_path.iterdir())


def test_exception_of_the_caller_removes_the_file(tmp_path: Path) -> None:
    def work() -> None:
        with FrameWriter(tmp_path / "frames.mkv", 48, 80) as writer:
            writer.add(noise(3))
            raise KeyError("stop")

    with pytest.raises(KeyError):
        work()
    assert not list(tmp_path.iterdir())


def test_wrong_frames_are_a_programmers_error(tmp_path: Path) -> None:
    writer = FrameWriter(tmp_path / "frames.mkv", 48, 80)
    with pytest.raises(ValueError, match="uint8"):
        writer.add(noise(1, 48, 81))
    with pytest.raises(ValueError, match="uint8"):
        writer.add(noise(1).astype(np.float32))
    writer.abort()


def test_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(EngineError):
        write_frames(tmp_path / "none" / "frames.mkv", noise(1))


def test_damage_is_found(tmp_path: Path) -> None:
    path = tmp_path / "frames.mkv"
    write_frames(path, noise(20))
    half = cut_off(tmp_path / "half.mkv", path)
    with pytest.raises(EngineError):
        FrameReader(half).frames(0, 20)
    with pytest.raises(EngineError):
        FrameReader(garbage(tmp_path / "g.mkv"))
    with pytest.raises(EngineError) as caught:
        FrameReader(tmp_path / "none.mkv")
    assert caught.value.report.code == "media.missing"
