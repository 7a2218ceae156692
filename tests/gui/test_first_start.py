"""The first start: the page in front, each imperfect machine with its sentence, no step in the way."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QFrame, QLabel

from desktop.app import Program, build
from desktop.reports.texts import told
from desktop.state.settings import SettingsState
from desktop.views.model_page import ModelPage
from infinitetalk.probe import machine_to_json
from tests.gui.test_models import click
from tests.machine_reports import REPORTS

Until = Callable[..., None]
START = """
import json, os, sys, time
from pathlib import Path
begun = time.monotonic()
from desktop.app import make_application, build, _begin
from PySide6.QtCore import QTimer
app = make_application()
program = build(app)
program.window.show()
QTimer.singleShot(0, lambda: _begin(program, None))
found = {}
def look():
    page = program.controller.dialogs.shown("models")
    if page is None:
        QTimer.singleShot(5, look)
        return
    found.update(seconds=time.monotonic() - begun, torch="torch" in sys.modules,
                 page=page.page, active=app.activeWindow() is page or page.isVisible())
    app.quit()
QTimer.singleShot(0, look)
app.exec()
program.close()
print(json.dumps(found))
"""


def test_with_empty_folders_the_set_up_page_is_in_front(tmp_path: Path) -> None:
    """Row 1. The time is of a machine that does other things too; warm and alone it is under 2 s."""
    environment = {
        **os.environ,
        "INFINITETALK_HOME": str(tmp_path),
        "QT_QPA_PLATFORM": "offscreen",
    }
    done = subprocess.run(
        [sys.executable, "-c", START],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["active"]
    assert found["page"] == "machine"
    assert not found["torch"]
    assert found["seconds"] < 20


@pytest.fixture
def first(qapp: QApplication, home: Path) -> Iterator[Program]:
    """A program as it is before its first-run page was closed; the engine is not started."""
    settings = SettingsState(home / "config" / "settings.json")
    settings.update(theme="light")
    made = build(qapp, settings=settings, look_around=False)
    made.window.show()
    made.session.engine.ask = lambda *_: None  # type: ignore[method-assign]  # no engine here
    yield made
    made.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def page_of(program: Program) -> ModelPage:
    program.controller.dialogs.first_steps()
    page = program.controller.dialogs.shown("models")
    assert isinstance(page, ModelPage)
    return page


def texts(frame: QFrame) -> str:
    return " ".join(part.text() for part in frame.findChildren(QLabel))


@pytest.mark.parametrize("name", REPORTS)
def test_each_machine_has_its_sentence(first: Program, name: str) -> None:
    report = REPORTS[name]
    first.session.no_sound = False
    page = page_of(first)
    machine = report.machine()
    first.thread.host_event_received.emit(_found(machine_to_json(machine)))
    QApplication.processEvents()
    assert first.session.engine.machine == machine
    cards = page.machine_step.findChildren(QFrame)
    shown = {card.objectName(): texts(card) for card in cards if card.objectName()}
    for notice in machine.notices:
        said = told(notice)
        assert said.title in shown[f"notice.{notice.code}"]
        assert said.detail in shown[f"notice.{notice.code}"]
        assert said.remedy in shown[f"notice.{notice.code}"]
    assert len([n for n in shown if n.startswith("notice.")]) == len(machine.notices)
    status = first.window.status.findChild(QLabel, "machineNotice")
    assert isinstance(status, QLabel)
    assert status.isVisibleTo(first.window.status) == bool(machine.notices)
    if machine.notices:
        assert status.text() == told(machine.notices[0]).title
        assert told(machine.notices[-1]).detail in status.toolTip()
    # The best way that works: models for the card, or the miniature.
    page.show_page("models")
    name_shown = page.models_step._machine_name.text()
    assert ("RTX" in name_shown) == report.usable


def _found(data: dict[str, object]) -> object:
    from infinitetalk.event import MachineFound

    return MachineFound(machine=json.loads(json.dumps(data)))


def test_without_a_sound_device_the_page_says_so(first: Program) -> None:
    first.session.no_sound = True
    page = page_of(first)
    first.session.engine.machine = REPORTS["good"].machine()
    first.session.engine.machine_changed.emit()
    (frame,) = page.machine_step.findChildren(QFrame, "notice.sound.none")
    assert "exported with their sound" in texts(frame)


def test_each_step_can_be_skipped_and_the_page_comes_once(first: Program, home: Path) -> None:
    page = page_of(first)
    assert page.page == "machine"
    click(page.main_button)
    assert page.page == "models"
    page.show_page("first")
    page.close_button.click()
    assert not page.isVisible()
    assert SettingsState(home / "config" / "settings.json").value.first_run_done


@pytest.mark.slow  # two chunks of the miniature at the engine's low priority
def test_the_miniature_is_tried_with_one_click(
    qapp: QApplication, home: Path, until: Until
) -> None:
    """Row 2: one click to a video that plays; the rest happens by itself."""
    settings = SettingsState(home / "config" / "settings.json")
    program = build(qapp, settings=settings, engine_process=True)
    program.window.show()
    page = page_of(program)
    until(page.try_button.isEnabled, 60)
    begun = time.monotonic()
    click(page.try_button)
    assert not page.isVisible()
    until(lambda: any(c.status == "ready" for c in program.session.timeline.chunks), 240)
    until(lambda: program.session.playback.playing, 30)
    assert time.monotonic() - begun < 240
    assert program.session.data.model == "miniature"
    program.session.queue.stop()
    program.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_a_model_for_the_card_is_offered(first: Program) -> None:
    """The group of parts that is needed follows the card."""
    from infinitetalk.weights.download.catalog import read_catalog

    models = first.session.models
    data = read_catalog().to_json()
    for report, wanted in (("good", "int8"), ("no-card", "int8")):
        first.session.engine.machine = REPORTS[report].machine()
        models._listed(data)
        assert models.precision == wanted
        assert f"transformer-single-{wanted}" in models.chosen
    good = REPORTS["good"].machine()
    first.session.engine.machine = replace(
        good, gpu="NVIDIA H100", vram_total=80 * 1024**3, vram_free=79 * 1024**3
    )
    models._listed(data)
    assert models.precision == "bf16"
    assert {"base", "adapter-single"} <= set(models.chosen)
