"""Beside a job: the computer stays awake, the user is told, and what was wished happens at the end."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QMessageBox

from desktop import job_company
from desktop.app import Program
from desktop.power import KeepAwake
from desktop.state.jobs import Job
from infinitetalk.event import Finished, Paused
from tests.gui import synthetic

ROOT = Path(__file__).resolve().parents[2]
Until = Callable[..., None]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="logind is Linux's")


@pytest.fixture
def lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A systemd-inhibit that notes what it was asked and runs its command, as the real one does."""
    folder = tmp_path / "bin"
    folder.mkdir()
    held = tmp_path / "held"
    script = folder / "systemd-inhibit"
    script.write_text(
        f'#!/bin/sh\necho "$@" > "{held}"\nfor last; do :; done\n"$last"\nrm "{held}"\n'
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return held


@pytest.fixture
def job(program: Program, tmp_path: Path) -> Iterator[Job]:
    made = Job(folder=tmp_path / "a.job", name="talk", model="m")
    program.session.engine.ask = lambda *_, **__: None
    yield made
    program.controller.company.close()


def test_the_computer_stays_awake_while_a_job_renders(
    program: Program, job: Job, lock: Path, until: Until
) -> None:
    queue = program.session.queue
    queue.add(job)
    until(lambda: lock.exists() and "sleep:idle" in lock.read_text())
    queue._event(Paused(job_id="", next_chunk=1))
    until(lambda: not lock.exists())
    queue.go_on(job)
    until(lock.exists)
    queue._event(Finished(job_id="", frame_count=0, seconds=1))
    until(lambda: not lock.exists())


def test_not_where_it_is_not_wished(program: Program, job: Job, lock: Path, until: Until) -> None:
    program.settings.update(keep_awake=False)
    program.session.queue.add(job)
    assert not program.controller.company.awake.held
    program.settings.update(keep_awake=True)
    assert program.controller.company.awake.held
    until(lock.exists)


def test_without_the_tool_nothing_happens(qapp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    awake = KeepAwake()
    awake.hold(True)
    assert awake.held
    awake.hold(False)
    assert not awake.held


def test_a_killed_program_gives_the_lock_back(lock: Path) -> None:
    code = (
        "from PySide6.QtCore import QCoreApplication; from desktop.power import KeepAwake\n"
        "app = QCoreApplication([]); awake = KeepAwake(); awake.hold(True); app.exec()"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    end = time.monotonic() + 20
    while not lock.exists():
        assert time.monotonic() < end
        time.sleep(0.02)
    child.send_signal(signal.SIGKILL)
    child.wait()
    while lock.exists():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_the_end_of_the_queue_sleeps_or_quits(
    program: Program, job: Job, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[bool] = []
    monkeypatch.setattr(job_company, "suspend", lambda: slept.append(True))
    queue = program.session.queue
    program.settings.update(when_done="sleep")
    queue.add(job)
    queue._event(Finished(job_id="", frame_count=0, seconds=1))
    assert slept == [True]
    program.settings.update(when_done="quit")
    queue.add(Job(folder=job.folder.with_name("b.job"), name="b", model="m"))
    assert program.window.isVisible()
    queue._event(Finished(job_id="", frame_count=0, seconds=1))
    assert not program.window.isVisible()


def test_closing_while_rendering_asks_and_the_job_goes_on(
    program: Program, job: Job, qapp: QApplication, until: Until
) -> None:
    """Where there is no tray the window is made small; it never gets lost."""
    program.session.queue.add(job)
    program.window.close()
    assert program.window.isVisible()
    box = program.window.findChild(QMessageBox)
    assert box is not None
    next(b for b in box.buttons() if "background" in b.text()).click()
    until(lambda: program.window.isMinimized())
    assert program.session.queue.running is job
    for event in synthetic.events(job.folder, 81, steps=1, finish=True):
        program.session.queue._event(event)
    program.controller.tray.come_back()
    assert not program.window.isMinimized()
    notice = program.session.messages.current
    assert notice is not None
    assert notice.report.code == "job.finished"
    assert [r.text for r in notice.remedies] == ["Play", "Export…"]
