"""Frames for the preview: the right one, quickly, newest request first, within a limit."""

import os
import random
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QImage

from desktop.loading.frames import AHEAD, BEHIND, STRETCH, FrameLoader
from desktop.loading.takes import TakeFrames
from desktop.state.timeline import ChunkView
from infinitetalk.media.frames import write_frames
from infinitetalk.plan import Schedule
from infinitetalk.project.timeline import TakeEntry, Timeline
from tests.gui.synthetic import chunk_plans

SIZE = (64, 96)


def numbered(number: int) -> np.ndarray:
    """A frame that carries its number in 12 squares, black or white."""
    frame = np.full((*SIZE, 3), 90, np.uint8)
    for bit in range(12):
        value = 255 if number >> bit & 1 else 0
        frame[20:40, 4 + bit * 7 : 10 + bit * 7] = value
    return frame


def number_of(image: QImage) -> int:
    return sum((image.pixelColor(7 + bit * 7, 30).value() > 127) << bit for bit in range(12))


@pytest.fixture
def takes(tmp_path: Path) -> tuple[TakeFrames, int]:
    """Four rendered chunks whose frames carry their place on the timeline."""
    folder = tmp_path / "talk.job"
    plans = chunk_plans(81 + 3 * 72)
    chunks = []
    timeline = Timeline()
    for p in plans:
        key = f"{p.index:08x}"
        place = folder / "chunks" / f"{p.index:04d}-{key}"
        place.mkdir(parents=True)
        write_frames(
            place / "frames.mkv",
            np.stack([numbered(p.first_frame + i) for i in range(p.frame_count)]),
        )
        entry = TakeEntry(key=key, part="", motion_out=key)
        timeline = timeline.with_chunk(p.index, takes=(entry,), active=key)
        chunks.append(
            ChunkView(
                index=p.index,
                first_frame=p.first_frame,
                frame_count=p.frame_count,
                takes=(key,),
                active_take=key,
            )
        )
    total = chunks[-1].end_frame
    made = TakeFrames()
    made.use(
        folder, timeline, chunks, Schedule(total_frames=total, rows=(total,), chunks=tuple(plans))
    )
    return made, total


def test_every_seek_shows_the_right_frame(takes: tuple[TakeFrames, int]) -> None:
    frames, total = takes
    rng = random.Random(3)
    spent, waited = [], []
    for _ in range(60):
        wanted = rng.randrange(total)
        began, cpu = time.perf_counter(), sum(os.times()[:4])  # with the decoders' own time
        image = frames.read(wanted)
        spent.append(sum(os.times()[:4]) - cpu)
        waited.append(time.perf_counter() - began)
        assert image is not None
        assert number_of(image) == wanted
    frames.close()
    print(f"seek: {sum(spent) / 60 * 1e3:.0f} ms of own time")
    assert sum(spent) / len(spent) < 0.1  # promised; a busy machine takes its share beside
    assert sorted(waited)[len(waited) // 2] < 1.0


def test_reading_forward_crosses_chunks(takes: tuple[TakeFrames, int]) -> None:
    frames, total = takes
    for wanted in range(70, 170):
        image = frames.read(wanted)
        assert image is not None
        assert number_of(image) == wanted
    assert frames.read(total) is None
    frames.close()


def test_newest_request_wins(qapp, until: Callable[..., None]) -> None:
    seen: list[int] = []
    gate = threading.Event()

    def read(frame: int) -> QImage:
        gate.wait(2)
        seen.append(frame)
        return QImage(8, 8, QImage.Format.Format_RGB32)

    loader = FrameLoader(read)
    loader.want_frames([1, 2, 3, 4, 5])
    time.sleep(0.05)
    loader.want_frames([50, 51])
    gate.set()
    until(lambda: loader.known(51))
    assert seen == [1, 50, 51]  # 2 to 5 were never decoded
    loader.stop()


def test_cache_keeps_its_limit(qapp, until: Callable[..., None]) -> None:
    loader = FrameLoader(lambda _: QImage(100, 100, QImage.Format.Format_RGB32), limit=400_000)
    loader.want_frames(list(range(40)))
    until(lambda: loader.known(39))
    assert loader.held_bytes <= 400_000
    assert not loader.known(0)
    loader.stop()


def test_forgotten_frames_are_read_again(qapp, until: Callable[..., None]) -> None:
    count = []
    loader = FrameLoader(lambda f: count.append(f) or QImage(8, 8, QImage.Format.Format_RGB32))
    loader.want_frames([1, 2])
    until(lambda: loader.known(2))
    loader.forget(2, 3)
    assert loader.known(1)
    assert not loader.known(2)
    loader.want_frames([2])
    until(lambda: loader.known(2))
    assert count == [1, 2, 2]
    loader.stop()


def test_other_takes_are_used_while_a_decoder_is_busy(
    takes: tuple[TakeFrames, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The window's thread names the takes; it must not wait for the thread that decodes."""
    frames, _ = takes
    begun, go_on = threading.Event(), threading.Event()
    decode = TakeFrames._frame

    def slow(self: TakeFrames, folder: Path, frame: int) -> QImage | None:
        begun.set()
        assert go_on.wait(30)
        return decode(self, folder, frame)

    monkeypatch.setattr(TakeFrames, "_frame", slow)
    reader = threading.Thread(target=lambda: frames.read(5), daemon=True)
    reader.start()
    assert begun.wait(10)
    used = threading.Thread(
        target=lambda: (frames.use(None, Timeline(), [], None), frames.prefetched(5)), daemon=True
    )
    used.start()
    used.join(10)
    waits = used.is_alive()
    go_on.set()
    reader.join(30)
    assert not waits


def test_a_take_read_beforehand_needs_no_decoder(takes: tuple[TakeFrames, int]) -> None:
    frames, _ = takes
    folders = [span.folder for span in frames._used.spans[1:3] if span.folder is not None]
    assert frames.prefetched(81 + 4) is None
    frames.prefetch(folders, 4)
    for place in (81 + 4, 81 + 72 + 4):
        image = frames.prefetched(place)
        assert image is not None
        assert number_of(image) == place
    assert frames.prefetched(81 + 5) is None
    frames.prefetch(folders[:1], 500)  # beyond the end: nothing, and what was read goes
    assert frames.prefetched(81 + 4) is None


def test_backwards_a_decoder_reads_whole_stretches(
    takes: tuple[TakeFrames, int], until: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Playing back 150 frames over two chunks starts a decoder per stretch, not per frame."""
    frames, total = takes
    started = []
    popen = subprocess.Popen

    def counted(*arguments: Any, **options: Any) -> Any:
        started.append(arguments)
        return popen(*arguments, **options)

    loader = FrameLoader(frames.read)
    loader.want(total - 1, total)
    until(lambda: loader.known(total - BEHIND + 1))
    monkeypatch.setattr(subprocess, "Popen", counted)
    for frame in range(total - 1, total - 151, -1):
        loader.want(frame, total, direction=-1)
        until(lambda: loader.known(frame))  # noqa: B023  called at once
        image = loader.get(frame)
        assert image is not None
        assert number_of(image) == frame
    loader.stop()
    frames.close()
    stretches = 150 // STRETCH + 4  # those ahead of the last frame, and where a chunk begins
    assert len(started) <= 2 * stretches + 4  # its first frame alone, so that it shows at once


def test_a_step_back_after_a_seek_shows_its_frame_first(qapp, until: Callable[..., None]) -> None:
    seen: list[int] = []
    gate = threading.Event()

    def read(frame: int) -> QImage:
        gate.wait(5)
        seen.append(frame)
        return QImage(8, 8, QImage.Format.Format_RGB32)

    loader = FrameLoader(read)
    loader.want(200, 400, direction=-1)
    gate.set()
    until(lambda: loader.known(200 - AHEAD))
    loader.stop()
    assert seen[0] == 200
    assert seen[1 : 1 + 8] == list(range(192, 200))  # its stretch, forward, then the one before
    assert seen[9 : 9 + STRETCH] == list(range(176, 192))
    assert len(set(seen)) == len(seen)


def test_no_more_is_asked_for_than_can_be_held(qapp, until: Callable[..., None]) -> None:
    """Large frames: those ahead must not push out the one that is shown."""
    seen: list[int] = []

    def read(frame: int) -> QImage:
        seen.append(frame)
        return QImage(100, 100, QImage.Format.Format_RGB32)

    loader = FrameLoader(read, limit=20 * 40_000)
    loader.want_frames([0])
    until(lambda: loader.known(0))
    for frame in range(60):
        loader.want(frame, 400)
        until(lambda: not loader._wanted)
    until(lambda: loader.known(60))
    loader.stop()
    assert len(seen) == len(set(seen))
