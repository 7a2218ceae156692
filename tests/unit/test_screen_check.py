"""A start without a screen ends with a sentence, not with a message of Qt."""

import os
import subprocess
import sys

import pytest

from desktop import screen_check
from desktop.screen_check import screen_problem


@pytest.fixture
def linux(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("WAYLAND_DISPLAY", "DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_wayland_and_x11(linux: pytest.MonkeyPatch) -> None:
    linux.setattr(screen_check, "_can_load", lambda _: False)
    linux.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert screen_problem() == ""
    linux.delenv("WAYLAND_DISPLAY")
    linux.setenv("DISPLAY", ":0")
    assert "libxcb-cursor0" in screen_problem()
    linux.setattr(screen_check, "_can_load", lambda _: True)
    assert screen_problem() == ""


def test_no_screen_names_the_commands(linux: pytest.MonkeyPatch) -> None:
    assert "infinitetalk render" in screen_problem()
    linux.setenv("QT_QPA_PLATFORM", "offscreen")
    assert screen_problem() == ""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have one")
def test_the_program_ends_with_that_sentence() -> None:
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("WAYLAND_DISPLAY", "DISPLAY", "QT_QPA_PLATFORM")
    }
    done = subprocess.run(
        [sys.executable, "-m", "desktop"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == screen_check.CODE
    assert done.stderr.startswith("There is no screen")
    assert "Traceback" not in done.stderr
