"""The window offscreen, in folders of its own, with the engine only where a test asks for it."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from desktop.app import Program, build
from desktop.state.settings import SettingsState


@pytest.fixture(scope="session")
def qapp_cls() -> type[QApplication]:
    return QApplication


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folders, empty."""
    monkeypatch.setenv("INFINITETALK_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def program(qapp: QApplication, home: Path) -> Iterator[Program]:
    """The whole program with its window shown; the engine is not started."""
    settings = SettingsState(home / "config" / "settings.json")
    settings.update(theme="dark", first_run_done=True)
    made = build(qapp, settings=settings, look_around=False)
    made.window.resize(1600, 1000)
    made.window.show()
    qapp.processEvents()
    yield made
    made.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qapp.processEvents()


@pytest.fixture
def until(qapp: QApplication) -> Callable[[Callable[[], bool], float], None]:
    """Runs the event loop until a condition holds."""
    import time

    def wait(condition: Callable[[], bool], seconds: float = 10.0) -> None:
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, "it did not happen in time"
            qapp.processEvents()
            time.sleep(0.004)

    return wait


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Offscreen, some requests to the window manager are answered by a warning; so is a machine
    without a sound server.
    """
    for item in items:
        if "tests/gui" in item.path.as_posix():
            item.add_marker(
                pytest.mark.qt_log_ignore("This plugin does not support", "pipewire", "PulseAudio")
            )
            item.add_marker(pytest.mark.gui)


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Random weights in the published layout: every stage of the real engine, in seconds."""
    from tests.tiny_model import build_tiny_model

    return build_tiny_model(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="session")
def short_speech(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """2.2 s: three to four chunks of the tiny model."""
    import math
    import struct
    import wave

    path = tmp_path_factory.mktemp("speech") / "voice.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16000)
        samples = (
            int(6000 * math.sin(i / 16000 * 2 * math.pi * 140) * abs(math.sin(i / 2500)))
            for i in range(int(2.2 * 16000))
        )
        file.writeframes(b"".join(struct.pack("<h", s) for s in samples))
    return path
