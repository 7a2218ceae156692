"""Takes on the real engine: redone with and without those that follow, switched, removed."""

import hashlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.app import Program, build
from desktop.state.document import ProjectData, Speaker, preset_changes
from desktop.state.settings import SettingsState
from infinitetalk.request import ChunkSettings

SAMPLES = Path(__file__).resolve().parents[2] / "resources" / "samples"
Until = Callable[..., None]
SWITCH_SECONDS = 0.1  # from the key to the other take's picture, of own time


@pytest.fixture
def rendered(
    qapp: QApplication, home: Path, tiny_model: Path, short_speech: Path, until: Until
) -> Iterator[Program]:
    """A project whose chunks are all ready."""
    settings = SettingsState(home / "config" / "settings.json")
    settings.update(theme="dark", first_run_done=True)
    program = build(qapp, settings=settings, engine_process=True)
    program.window.resize(1280, 800)
    program.window.show()
    session = program.session
    until(lambda: session.engine.probed, 90)
    session.engine.list_weights(str(tiny_model))
    until(lambda: str(tiny_model) in session.engine.weights, 60)
    data = ProjectData(
        source=SAMPLES / "mira.png",
        speakers=(Speaker(name="Mira", path=short_speech),),
        preset="",
        preset_changes=preset_changes("", session.planner.own_presets(str(tiny_model))),
        model=str(tiny_model),
    )
    program.opener.new(data, "takes")
    until(lambda: bool(session.timeline.chunks), 30)
    assert session.render()
    until(lambda: finished(program), 120)
    until(lambda: set(statuses(program)) == {"ready"}, 10)
    yield program
    program.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def statuses(program: Program) -> list[str]:
    return [c.status for c in program.session.timeline.chunks]


def finished(program: Program) -> bool:
    job = program.session.job
    assert job is None or job.error is None, job.error
    return job is not None and job.phase == "finished"


def files(program: Program, first: int) -> dict[str, str]:
    """Digests of all files of the takes from chunk `first` on."""
    chunks = program.session.job_folder / "chunks"
    return {
        str(path.relative_to(chunks)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(chunks.glob("*/*"))
        if int(path.parent.name[:4]) >= first
    }


def beside_is_read(program: Program, until: Until) -> None:
    """Waits until the frames of the takes before and after the shown one are there."""
    session, pictures = program.session, program.pictures
    chunk = session.timeline.chunks[1]
    at = chunk.take_number - 1
    names = chunk.takes[max(at - 1, 0) : at + 2]
    folders = [session.store.take_folder(1, name) for name in names]
    until(lambda: all(pictures.take_frames.holds(f, 2) for f in folders if f is not None), 30)
    until(lambda: not program.background.busy, 30)


def test_redo_keep_all_that_follow_switch_and_remove(rendered: Program, until: Until) -> None:
    session, window = rendered.session, rendered.window
    count = len(session.timeline.chunks)
    assert count >= 4

    # Only this, and blend: two takes, the next is kept with a diamond, no file of it is touched.
    before = files(rendered, 2)
    session.takes.redo(1, (ChunkSettings(seed=7),), keep_following=True)
    until(lambda: finished(rendered) and len(session.timeline.chunks[1].takes) == 2, 120)
    until(lambda: statuses(rendered) == ["ready", "ready", "kept", *["ready"] * (count - 3)])
    assert files(rendered, 2) == before
    locked = session.timeline.chunks[1].locked_takes
    assert locked == (session.timeline.chunks[1].takes[0],)

    # A take that a kept chunk was built on can't be removed, and the reason is told.
    session.takes.remove(1, locked[0])
    message = session.messages.current
    assert message is not None
    assert message.report.code == "take.locked"
    assert "3" in message.report.detail + message.report.remedy
    assert len(session.timeline.chunks[1].takes) == 2

    # All that follow: also the kept one is stale, then they are ready again in order.
    seen: list[list[str]] = []

    def look() -> None:
        now = statuses(rendered)
        if not seen or seen[-1] != now:
            seen.append(now)

    session.timeline.chunks_changed.connect(lambda *_: look())
    session.takes.redo(1, (ChunkSettings(seed=8),), keep_following=False)
    until(lambda: statuses(rendered)[2:] == ["stale"] * (count - 2), 10)
    until(lambda: finished(rendered) and statuses(rendered) == ["ready"] * count, 120)
    begun = [i for now in seen for i, status in enumerate(now) if status == "rendering"]
    assert sorted(set(begun)) == list(range(1, count))
    assert begun == sorted(begun), "in order"
    assert len(session.timeline.chunks[1].takes) == 3

    # [ and ] switch at once, and the picture follows; undo goes back.
    session.playback.set_mode("result")
    session.playback.seek(session.timeline.chunks[1].first_frame + 2)
    session.timeline.select(1)
    window.activateWindow()
    window.timeline.canvas.setFocus()
    until(lambda: window.preview.canvas.result is not None)
    spent, waited = [], []
    for key, number in ((Qt.Key.Key_BracketLeft, 2), (Qt.Key.Key_BracketLeft, 1),
                        (Qt.Key.Key_BracketRight, 2), (Qt.Key.Key_BracketRight, 3)):  # fmt: skip
        beside_is_read(rendered, until)
        picture = window.preview.canvas.result
        began, cpu = time.perf_counter(), time.process_time()
        QTest.keyClick(window.timeline.canvas, key)
        assert session.timeline.chunks[1].take_number == number
        assert window.preview.canvas.result is not picture, "with the key, not after a decoder"
        waited.append(time.perf_counter() - began)
        spent.append(time.process_time() - cpu)
    assert sorted(spent)[1] < SWITCH_SECONDS, spent
    assert sorted(waited)[1] < 5 * SWITCH_SECONDS, waited  # a busy machine takes its share
    session.project.undo.undo()
    assert session.timeline.chunks[1].take_number == 2
    session.project.undo.redo()
    assert session.timeline.chunks[1].take_number == 3

    # A take that nothing needs goes, and undo brings it back.
    first = session.timeline.chunks[1].takes[0]
    session.takes.remove(1, first)
    assert len(session.timeline.chunks[1].takes) == 2
    session.project.undo.undo()
    assert len(session.timeline.chunks[1].takes) == 3
    assert first in session.timeline.chunks[1].takes
