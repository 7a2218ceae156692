"""The window offscreen, in folders of its own, with the engine only where a test asks for it."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

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
