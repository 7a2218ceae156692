"""Starting, limiting and ending ffmpeg; what its last words mean."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from infinitetalk.errors import EngineError
from infinitetalk.media import ffmpeg
from infinitetalk.media.ffmpeg import (
    FfmpegProcess,
    MediaCancelled,
    ffmpeg_binary,
    file_url,
    last_error_line,
    run_ffmpeg,
)
from infinitetalk.media.probe import probe_source
from infinitetalk.media.problems import meaning_of
from infinitetalk.media.scenes import find_scene_cuts
from tests.media_samples import make_video

ENDLESS = ["-v", "error", "-re", "-f", "lavfi", "-i", "sine", "-f", "null", "-"]
PACKAGES = (
    "probe",
    "video",
    "speech",
    "compose",
    "export",
    "frames",
    "scenes",
    "voices",
    "resize",
    "picture",
)


def test_time_limit_ends_the_child() -> None:
    begin = time.monotonic()
    with pytest.raises(EngineError) as caught:
        run_ffmpeg(ENDLESS, time_limit=0.3)
    assert caught.value.report.code == "media.stalled"
    assert time.monotonic() - begin < 5


def test_stall_limit_ends_the_child() -> None:
    with (
        FfmpegProcess(["-v", "error", "-f", "s16le", "-i", "pipe:0", "-f", "s16le", "-"], feed=True, stall_limit=0.3)
        as process,
        pytest.raises(EngineError) as caught,
    ):  # fmt: skip
        process.read(10)  # nothing was fed, so nothing comes
    assert caught.value.report.code == "media.stalled"


def test_cancel_from_another_thread() -> None:
    wanted = threading.Event()
    threading.Timer(0.2, wanted.set).start()
    begin = time.monotonic()
    with pytest.raises(MediaCancelled):
        run_ffmpeg(ENDLESS, cancel=wanted.is_set)
    assert time.monotonic() - begin < 5


def test_leaving_the_block_ends_the_child() -> None:
    with FfmpegProcess(ENDLESS) as process:
        child = process._child
        assert child.poll() is None
    assert child.poll() is not None
    process.close()


def test_a_chatty_child_does_not_block() -> None:
    noisy = ["-f", "lavfi", "-i", "testsrc=d=30:s=16x16", "-vf", "showinfo", "-f", "null", "-"]
    finished = run_ffmpeg(noisy)
    assert finished.code == 0
    assert len(finished.log) == ffmpeg._LOG_LINES


def test_bytes_go_through_in_both_directions() -> None:
    data = np.random.default_rng(0).integers(0, 256, 3_000_000, np.uint8).tobytes()
    arguments = ["-v", "error", "-f", "s16le", "-ar", "8000", "-i", "pipe:0", "-f", "s16le", "-"]
    with FfmpegProcess(arguments, feed=True) as process:
        feeder = threading.Thread(target=lambda: (process.write(data), process.close_input()))
        feeder.start()
        assert process.read(len(data) + 1) == data
        feeder.join()
        assert process.finish().code == 0


def test_writing_to_a_dead_child_is_a_broken_pipe() -> None:
    def write_for_ever() -> None:
        while True:
            process.write(bytes(100_000))

    with FfmpegProcess(["-f", "nonsense", "-i", "pipe:0"], feed=True) as process:
        with pytest.raises(BrokenPipeError):
            write_for_ever()
        assert process.finish().code != 0


def test_binary_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = ffmpeg_binary()
    monkeypatch.setenv(ffmpeg.BINARY_VARIABLE, str(found))
    assert ffmpeg_binary() == found
    monkeypatch.setenv(ffmpeg.BINARY_VARIABLE, str(tmp_path / "none"))
    with pytest.raises(EngineError) as caught:
        ffmpeg_binary()
    assert caught.value.report.code == "media.no_ffmpeg"


def test_urls_are_absolute_files() -> None:
    assert file_url(Path("-x.mp4")).startswith("file:")
    assert not file_url(Path("-x.mp4")).removeprefix("file:").startswith("-")


@pytest.mark.parametrize(
    ("log", "line"),
    [
        (["[mp4 @ 0x55aa] muxer does not support x", "Conversion failed!"], "muxer does not support x"),
        (["Stream mapping:", "[libx264 @ 0x1] frame I:1", "[out#0 @ 0x1] Error writing trailer: No space"],
         "frame I:1"),
        (["av_interleaved_write_frame(): No space left on device", "Conversion failed!"],
         "av_interleaved_write_frame(): No space left on device"),
        ([], ""),
    ],
)  # fmt: skip
def test_last_error_line(log: list[str], line: str) -> None:
    assert last_error_line(log) == line


def test_meanings() -> None:
    log = ["[mov @ 0x1] moov atom not found", "Error opening input: Invalid data found"]
    assert "cut off" in meaning_of(log)
    assert meaning_of(["strange failure of sorts"]) == "strange failure of sorts"
    assert meaning_of([])


def test_importing_is_quick_and_loads_no_torch() -> None:
    """The window imports this room: no torch, no OpenCV, nothing slow before it is needed."""
    lines = "; ".join(f"import infinitetalk.media.{name}" for name in PACKAGES)
    heavy = "{'torch', 'cv2', 'librosa', 'scipy', 'PIL', 'scenedetect', 'soxr', 'imageio_ffmpeg'}"
    code = f"import sys; {lines}; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_scene_cuts_are_found_on_the_timeline(tmp_path: Path) -> None:
    """Three scenes at 30 frames a second; the third begins at 2.5 s = frame 75."""
    change = (
        "geq=r='if(lt(N,40),X,if(lt(N,75),255-X,Y*2))':"
        "g='if(lt(N,40),40,if(lt(N,75),220,X))':b='if(lt(N,40),Y,if(lt(N,75),30,255-X))'"
    )
    path = make_video(tmp_path / "v.mp4", 120, fps="30", filters=change)
    told: list[float] = []
    cuts = find_scene_cuts(probe_source(path), progress=told.append)
    assert cuts == pytest.approx([40 / 30, 2.5], abs=0.04)
    assert told == sorted(told)
    assert all(float(cut * 25).is_integer() for cut in cuts)


def test_one_scene_has_no_cuts(tmp_path: Path) -> None:
    still = "geq=r='90+10*sin(N/9)':g='80':b='70'"
    assert find_scene_cuts(probe_source(make_video(tmp_path / "v.mp4", 60, filters=still))) == []
