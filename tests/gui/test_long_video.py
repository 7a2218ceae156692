"""Three minutes of video and speech: chunks, thumbnails and waveform while the window answers;
every seek shows its own frame.
"""

import os
import random
import time
import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from desktop.app import Program
from desktop.state.document import ProjectData
from desktop.state.timeline import ChunkView
from infinitetalk.media.ffmpeg import FfmpegProcess
from infinitetalk.media.frames import write_frames
from infinitetalk.plan import Schedule
from infinitetalk.project.timeline import TakeEntry, Timeline
from tests.gui import synthetic

Until = Callable[..., None]
SECONDS = 180
BITS = 13


def numbered(number: int, height: int, width: int) -> np.ndarray:
    """A frame [H, W, 3] that carries its number in squares along its middle."""
    frame = np.full((height, width, 3), 90, np.uint8)
    side = width // (BITS + 1)
    top = height // 2 - side // 2
    for bit in range(BITS):
        left = side // 2 + bit * side
        frame[top : top + side, left : left + side] = 255 if number >> bit & 1 else 0
    return frame


def number_of(image: QImage) -> int:
    side = image.width() / (BITS + 1)
    y = image.height() // 2
    return sum(
        (image.pixelColor(int((bit + 1) * side), y).value() > 127) << bit for bit in range(BITS)
    )


@pytest.fixture(scope="module")
def long_video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("video") / "keynote.mp4"
    process = FfmpegProcess(
        ["-v", "error", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", "112x56", "-r", "25",
         "-i", "-", "-c:v", "libx264", "-preset", "ultrafast", "-g", "50", "-pix_fmt", "yuv420p",
         str(path)],
        feed=True,
    )  # fmt: skip
    for number in range(SECONDS * 25):
        process.write(numbered(number, 56, 112).tobytes())
    process.close_input()
    process.finish()
    process.close()
    return path


@pytest.fixture(scope="module")
def long_speech(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("speech") / "anna_de.wav"
    at = np.arange(SECONDS * 16_000) / 16_000
    sound = np.sin(at * 880) * np.clip(np.sin(at * 2.2), 0, 1) * 9000
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(sound.astype("<i2").tobytes())
    return path


def test_three_minutes_dropped_at_once(
    program: Program, qapp: QApplication, long_video: Path, long_speech: Path
) -> None:
    session, window = program.session, program.window
    session.engine.machine = synthetic.machine()
    session.engine.weights = {"/models/InfiniteTalk": synthetic.weights()}
    session.project.replace(ProjectData(model="/models/InfiniteTalk"), path=None, name="keynote")
    turns: list[float] = []

    def turn() -> None:
        began = time.thread_time()
        qapp.processEvents()
        turns.append(time.thread_time() - began)

    def wait(condition: Callable[[], bool], seconds: float = 30) -> None:
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end
            turn()
            time.sleep(0.004)

    wait(lambda: not program.background.busy)
    turns.clear()
    window.drop_paths([long_video, long_speech])
    wait(lambda: len(session.timeline.chunks) == 63)
    assert session.timeline.total_frames == SECONDS * 25
    assert [c.frame_count for c in session.timeline.chunks[:3]] == [81, 72, 72]
    canvas = window.timeline.canvas
    seen = list(canvas.chunks.visible(0, canvas.width()))
    wait(lambda: all(program.pictures.source(i) is not None for i in seen))
    speech = session.data.speakers[0].path
    wait(lambda: bool(session.waveforms.speech_starts(speech)))
    wait(lambda: window.preview.canvas.source is not None)
    # The thumbnail of a chunk is the frame that conditions it.
    for index in (1, 3):
        picture = program.pictures.source(index)
        assert picture is not None
        wanted = round(session.timeline.chunks[index].source_time * 25)
        assert number_of(picture.toImage()) == wanted
    print(f"turns: {len(turns)}, longest {max(turns) * 1e3:.0f} ms")
    assert sorted(turns)[-2] < 0.05
    assert max(turns) < 0.1  # promised: 50 ms; the first layout of a machine under load


def seek_at_random(program: Program, tmp_path: Path, until: Until) -> list[float]:
    """Seeks 100 times, and looks at the number in each picture. Seconds to each, ascending."""
    session, preview = program.session, program.window.preview
    plans = synthetic.chunk_plans(81 + 3 * 72)
    folder = tmp_path / "talk.job"
    timeline, views = Timeline(), []
    for p in plans:
        key = f"{p.index:08x}"
        place = folder / "chunks" / f"{p.index:04d}-{key}"
        place.mkdir(parents=True)
        numbers = range(p.first_frame, p.first_frame + p.frame_count)
        write_frames(place / "frames.mkv", np.stack([numbered(n, 448, 896) for n in numbers]))
        entry = TakeEntry(key=key, part="", motion_out=key)
        timeline = timeline.with_chunk(p.index, takes=(entry,), active=key)
        views.append(
            ChunkView(
                index=p.index, first_frame=p.first_frame, frame_count=p.frame_count,
                status="ready", takes=(key,), active_take=key,
            )
        )  # fmt: skip
    total = views[-1].end_frame
    session.project.replace(ProjectData(source=tmp_path / "none.png"), path=None, name="talk")
    session.planner.update = lambda data: None
    session.refresh_chunks = lambda: None
    session.planner.schedule = Schedule(total_frames=total, rows=(total,), chunks=tuple(plans))
    session.store.folder, session.store.timeline = folder, timeline
    session.timeline.set_chunks(views)
    session.job_changed.emit()
    session.playback.set_mode("result")
    until(lambda: preview.canvas.result is not None)
    shown: list[int] = []
    preview.frame_shown.connect(shown.append)
    rng = random.Random(10)
    times, cpu = [], sum(os.times()[:4])  # with the decoders' own time
    for _ in range(100):
        wanted = rng.choice([f for f in range(total) if f != session.timeline.playhead])
        shown.clear()
        began = time.perf_counter()
        session.playback.seek(wanted)
        until(lambda w=wanted: w in shown, 5)
        times.append(time.perf_counter() - began)
        assert preview.canvas.result is not None
        assert number_of(preview.canvas.result) == wanted
    spent = (sum(os.times()[:4]) - cpu) / len(times)
    times.sort()
    print(f"seek: {spent * 1e3:.0f} ms of own time, median {times[50] * 1e3:.0f} ms, p95 {times[95] * 1e3:.0f}, "
          f"longest {times[-1] * 1e3:.0f}")  # fmt: skip
    assert spent < 0.1
    return times


def test_a_hundred_seeks_show_their_own_frames(
    program: Program, qapp: QApplication, tmp_path: Path, until: Until
) -> None:
    """The promise is by the clock; here a busy machine may take its share."""
    assert seek_at_random(program, tmp_path, until)[50] < 0.5


@pytest.mark.slow  # by the clock: only on a machine that does nothing else
def test_a_hundred_seeks_are_shown_within_100_ms(
    program: Program, qapp: QApplication, tmp_path: Path, until: Until
) -> None:
    """Row 10."""
    times = seek_at_random(program, tmp_path, until)
    assert times[-1] < 0.1
