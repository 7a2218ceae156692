"""The real program on a screen of its own, by the clock: the miniature tried, two minutes of a job.

Like `tests.gui.journey`, by real mouse and keys. Figures by the clock are those of a machine that
does nothing else, so these tests are not in the default run.
"""

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from desktop.state.document import ProjectData, Speaker
from desktop.state.saving import content_of
from desktop.state.settings import SettingsState
from infinitetalk.project.document import ProjectFile
from tests.gui import turns
from tests.gui.test_real_jobs import SAMPLES, spoken
from tests.gui.watched_window import WatchedWindow
from tests.gui.x_screen import XScreen, missing

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(missing()), reason=f"not installed: {', '.join(missing())}"),
]


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[XScreen]:
    made = XScreen(tmp_path / "x", (1640, 1060))
    yield made
    made.close()


@pytest.fixture
def user(tmp_path: Path) -> Path:
    folder = tmp_path / "user"
    folder.mkdir()
    return folder


def listen(screen: XScreen, seconds: float) -> float:
    """The loudest sample, 0..1, of what is heard in that time."""
    process = subprocess.Popen(
        ["parec", "-d", "nowhere.monitor", "--raw", "--format=s16le", "--rate=16000",
         "--channels=1", "--latency-msec=20"],
        env=screen.environment, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    heard, end = b"", time.monotonic() + seconds
    while time.monotonic() < end:
        heard += os.read(process.stdout.fileno(), 4096)
    process.terminate()
    process.wait()
    process.stdout.close()
    samples = np.frombuffer(heard[: len(heard) // 2 * 2], "<i2")
    return float(np.abs(samples.astype(np.float32)).max(initial=0)) / 32768


def test_the_miniature_is_tried_by_one_click(screen: XScreen, user: Path) -> None:
    """Row 2: from the start of the program to a playing video with sound, by a stopwatch."""
    began = time.monotonic()
    window = WatchedWindow(screen, user)
    window.wait("the window answers", lambda s: True)
    answered = time.monotonic() - began
    window.wait("set-up page in front", lambda s: "modelPage" in s["windows"], 60)
    window.wait("the engine knows the miniature", lambda s: s["weights"], 120)
    window.click(text="Try the miniature model")
    window.wait("it plays", lambda s: s["playing"] and s["playhead"] > 0, 300)
    shown = window.state
    assert shown["result_frame"]
    assert shown["mode"] == "result"
    seconds = time.monotonic() - began
    loudest = listen(screen, 1.0) if screen.sound else 0.0
    window.kill()  # the second chunk is being rendered
    print(f"answers after {answered:.1f} s; plays after {seconds:.1f} s and 1 click")
    assert seconds < 300
    if screen.sound:
        assert shown["sound"]
        assert loudest > 0.02


def test_the_window_answers_while_a_job_runs_two_minutes(
    qapp: QApplication, screen: XScreen, user: Path
) -> None:
    """Row 12: played, searched and selected in meanwhile; a 10 ms timer tells the gaps."""
    settings = SettingsState(user / "config" / "settings.json")
    settings.update(first_run_done=True, show_preflight=False, theme="dark")
    speech = spoken(user / "speech.wav", 150)
    data = ProjectData(source=SAMPLES / "mira.png", speakers=(Speaker(name="Mira", path=speech),))
    ProjectFile.create(user / "talk.italk", content_of(data)).close()
    window = WatchedWindow(screen, user, str(user / "talk.italk"))
    window.wait("chunks planned", lambda s: len(s["chunks"]) > 100, 60)
    window.wait("the engine knows the miniature", lambda s: s["weights"], 120)
    screen.click(*window.chunk(0))
    screen.key("ctrl+r")
    window.wait("chunk 1 is ready", lambda s: s["chunks"][0]["status"] == "ready", 120)
    end = time.monotonic() + 120
    while time.monotonic() < end:
        for keys in (("Home", "space"), ("space",), ("Right",) * 5, ("1",), ("2",), ("3",), ("2",)):
            screen.key(*keys)
            time.sleep(1.5)
        screen.click(*window.chunk(1))
    found = window.ask("turns")
    phase = window.state["phase"]
    window.kill()
    print(turns.report("own CPU time", found["cpu"]))
    print(turns.report("late by the clock", found["wall"]))
    assert phase == "now", "the job ran all the while"
    assert len(found["wall"]) > 5000
    assert max(found["cpu"]) < 0.05
    assert turns.share(found["wall"], 0.999) < 0.05
