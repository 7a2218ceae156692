"""Playing with sound: what is heard and the frame that is shown belong together.

Measured against a null sink with a click track, in a process of its own: Qt reads the sound
server's address once.
"""

import json
import os
import subprocess
import sys
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.gui.null_sink import RATE, NullSink, missing

ROOT = Path(__file__).resolve().parents[2]
CLICK_EVERY = 0.4  # seconds: ten frames
SECONDS = 11.0
FRAME = 1 / 25
ATTEMPTS = 3  # recordings: a sound server may pause once though it has its data at hand

PLAYER = """
import json, sys, time
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from desktop.audio_clock import AudioClock
from desktop.loading.sound import HeardTrack
from desktop.state.playback import PlaybackState
from desktop.state.timeline import ChunkView, TimelineState

app = QApplication([])
track, seconds = Path(sys.argv[1]), float(sys.argv[2])
timeline = TimelineState()
timeline.set_chunks([ChunkView(index=0, first_frame=0, frame_count=round(seconds * 25))])
playback = PlaybackState(timeline)
clock = playback.audio_clock = AudioClock(lambda: [HeardTrack(path=track, start=0.0)])
shown, held = [], []

def look():
    sink = clock._sink
    if sink is not None:
        held.append(1 - sink.bytesFree() / sink.bufferSize())

timer = QTimer()
timer.timeout.connect(look)
timer.start(10)
timeline.playhead_changed.connect(lambda frame: shown.append((time.perf_counter(), frame)))
began, cpu = time.perf_counter(), time.thread_time()
playback.play()
waited, spent = time.perf_counter() - began, time.thread_time() - cpu
playback.playing_changed.connect(lambda on: on or app.quit())
QTimer.singleShot(int(seconds * 1000) + 8000, app.quit)
app.exec()
print(json.dumps({"shown": shown, "waited": waited, "spent": spent, "held": held}))
"""


def recorded(track: Path, folder: Path) -> tuple[dict[str, Any], NDArray[np.float64]]:
    """What the player told, and when each click was heard."""
    folder.mkdir()
    sink = NullSink(folder)
    try:
        environment = {
            **os.environ,
            **sink.variables,
            "QT_QPA_PLATFORM": "offscreen",
            "PYTHONPATH": str(ROOT),
        }
        done = subprocess.run(
            [sys.executable, "-c", PLAYER, str(track), str(SECONDS)],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        began, heard = sink.heard()
    finally:
        sink.close()
    rising = np.flatnonzero((heard[1:] > 3000) & (heard[:-1] <= 3000))
    return json.loads(done.stdout.strip().splitlines()[-1]), began + rising / RATE


def even_recording(track: Path, folder: Path) -> tuple[dict[str, Any], NDArray[np.float64]]:
    """The first in which clicks are heard evenly. In each, the sink always had something to play."""
    gaps = []
    for attempt in range(ATTEMPTS):
        found, clicks = recorded(track, folder / f"{attempt}")
        assert min(found["held"][5:]) > 0.4
        gaps.append(abs(np.diff(clicks) - CLICK_EVERY).max())
        if gaps[-1] < 0.02:
            return found, clicks
    pytest.fail(f"no recording is even: {gaps}")


@pytest.mark.skipif(bool(missing()), reason=f"not installed: {', '.join(missing())}")
def test_sound_leads_and_the_picture_follows_within_a_frame(tmp_path: Path) -> None:
    track = tmp_path / "clicks.wav"
    samples = np.zeros(round(SECONDS * RATE), np.int16)
    for click in range(round(SECONDS / CLICK_EVERY)):
        at = round(click * CLICK_EVERY * RATE)
        samples[at : at + 240] = 20_000
    with wave.open(str(track), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())
    found, clicks = even_recording(track, tmp_path)
    assert found["spent"] < 0.05, "pressing play costs nothing"
    assert found["waited"] < 0.3, "nor does it wait: a busy machine takes its share"
    times = np.array([at for at, _ in found["shown"]])
    frames = np.array([frame for _, frame in found["shown"]])
    assert len(clicks) >= 24
    # When the frame that belongs to a click came, against when the click was heard.
    offsets = []
    for number, at in enumerate(clicks[1:], start=1):
        wanted = round(number * CLICK_EVERY / FRAME)
        place = int(np.searchsorted(frames, wanted))
        if place < len(frames):
            offsets.append(times[place] - at)
    offsets = np.array(offsets)
    print(
        f"offset: median {np.median(offsets) * 1e3:.1f} ms, max {abs(offsets).max() * 1e3:.1f} ms"
    )
    assert abs(np.median(offsets)) < FRAME
    assert np.quantile(abs(offsets), 0.9) < FRAME
    # No stutter: clicks were heard evenly, and nearly every frame is shown.
    assert len(frames) > SECONDS / FRAME * 0.9
