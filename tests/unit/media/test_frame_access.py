"""Stored frames in any order are those that reading from the start gives."""

import random
from pathlib import Path

import numpy as np
import pytest

from infinitetalk.errors import EngineError
from infinitetalk.media.frame_access import FrameAccess
from infinitetalk.media.frames import write_frames


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, np.ndarray]:
    """40 noisy frames: several clusters."""
    frames = np.random.default_rng(4).integers(0, 255, (40, 256, 448, 3), np.uint8)
    path = tmp_path_factory.mktemp("take") / "frames.mkv"
    write_frames(path, frames)
    return path, frames


def test_every_frame_in_any_order(stored: tuple[Path, np.ndarray]) -> None:
    path, frames = stored
    access = FrameAccess(path)
    assert access.frame_count == len(frames)
    order = list(range(len(frames)))
    random.Random(1).shuffle(order)
    for index in [0, 39, *order]:
        np.testing.assert_array_equal(access.frame(index), frames[index])
    with pytest.raises(IndexError):
        access.frame(40)


def test_without_opencvs_decoder_ffmpeg_reads(
    stored: tuple[Path, np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    import cv2

    class Blind:
        def __init__(self, *_: object) -> None: ...

        def read(self) -> tuple[bool, None]:
            return False, None

        def release(self) -> None: ...

    monkeypatch.setattr(cv2, "VideoCapture", Blind)
    path, frames = stored
    np.testing.assert_array_equal(FrameAccess(path).frame(7), frames[7])


def test_what_is_cut_off_has_the_frames_that_are_whole(
    stored: tuple[Path, np.ndarray], tmp_path: Path
) -> None:
    path, frames = stored
    data = path.read_bytes()
    part = tmp_path / "frames.mkv"
    part.write_bytes(data[: len(data) // 2])
    access = FrameAccess(part)
    assert 10 < access.frame_count < 30
    last = access.frame_count - 1
    np.testing.assert_array_equal(access.frame(last), frames[last])


@pytest.mark.parametrize("content", [b"", b"\0" * 40, b"RIFF" + b"x" * 99, b"\x1a\x45\xdf\xa3\x80"])
def test_other_files_are_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "frames.mkv"
    with pytest.raises(EngineError, match=r"frames\.mkv"):
        FrameAccess(path)
    path.write_bytes(content)
    with pytest.raises(EngineError) as found:
        FrameAccess(path)
    assert found.value.report.code == "media.unreadable"
