"""The window is killed in mid-chunk; the next start says what is safe and goes on."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from desktop.app import build
from desktop.state.settings import SettingsState
from desktop.views.recovery_dialog import RecoveryDialog

ROOT = Path(__file__).resolve().parents[2]
Until = Callable[..., None]

DRIVER = """
import sys, time
from pathlib import Path
from desktop.app import build, make_application
from desktop.state.document import ProjectData, Speaker, preset_changes
from desktop.state.settings import SettingsState
home, model, speech, project = map(Path, sys.argv[1:5])
app = make_application()
settings = SettingsState(home / "config" / "settings.json")
settings.update(first_run_done=True)
program = build(app, settings=settings)
program.window.show()
session = program.session
def wait(until):
    while not until():
        app.processEvents()
        time.sleep(0.005)
wait(lambda: session.engine.probed)
session.engine.list_weights(str(model))
wait(lambda: str(model) in session.engine.weights)
own = session.planner.own_presets(str(model))
data = ProjectData(
    source=Path("resources/samples/mira.png").absolute(),
    speakers=(Speaker(name="Mira", path=speech),),
    preset="", preset_changes=preset_changes("", own) | {"steps": 16}, model=str(model),
)
program.opener.new(data, "killed")
wait(lambda: bool(session.timeline.chunks))
program.opener.save_as(project)
wait(project.exists)
wait(lambda: session.project.path == project)
session.render()
wait(lambda: [c.status for c in session.timeline.chunks][:2] == ["ready", "rendering"]
     and session.timeline.chunks[1].step > 3)
print("mid-chunk", flush=True)
while True:
    app.processEvents()
    time.sleep(0.005)
"""


def digests(job: Path) -> dict[str, str]:
    return {
        path.parent.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(job.glob("chunks/*/frames.*"))
    }


def test_a_killed_window_goes_on_where_it_was(
    qapp: QApplication,
    home: Path,
    tiny_model: Path,
    short_speech: Path,
    tmp_path: Path,
    until: Until,
) -> None:
    project = tmp_path / "killed.italk"
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "INFINITETALK_HOME": str(home),
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": str(ROOT),
    }
    child = subprocess.Popen(
        [sys.executable, "-c", DRIVER, *map(str, (home, tiny_model, short_speech, project))],
        stdout=subprocess.PIPE,
        env=environment,
        cwd=ROOT,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline().strip() == "mid-chunk"
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    job = project.with_suffix(".job")
    before = digests(job)
    assert len(before) >= 1
    time.sleep(1.0)  # the engine notices that nobody listens

    settings = SettingsState(home / "config" / "settings.json")
    program = build(qapp, settings=settings)
    program.window.show()
    session = program.session
    until(lambda: session.engine.probed, 60)
    session.engine.list_weights(str(tiny_model))
    until(lambda: str(tiny_model) in session.engine.weights, 60)
    program.opener.offer_recovery()
    until(lambda: program.controller.dialogs.shown("recovery") is not None, 30)
    dialog = program.controller.dialogs.shown("recovery")
    assert isinstance(dialog, RecoveryDialog)
    until(lambda: dialog._go_on.isEnabled(), 30)
    assert "while chunk 2 was being rendered" in dialog._when.text()
    dialog._go_on.click()
    until(lambda: session.job is not None and session.job.phase in ("finished", "needs_you"), 180)
    assert session.job is not None
    assert session.job.error is None, session.job.error
    after = digests(job)
    assert {name: after[name] for name in before} == before
    until(lambda: all(c.status == "ready" for c in session.timeline.chunks))
    program.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
