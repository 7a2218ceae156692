"""The window on the real engine, with tiny random weights: the child process, and in a thread."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from desktop import commands
from desktop.app import Program, build
from desktop.state.document import ProjectData, Speaker, preset_changes
from desktop.state.settings import SettingsState
from infinitetalk import wire
from infinitetalk.media.probe import probe_source, probe_speech
from infinitetalk.request import ChunkSettings

SAMPLES = Path(__file__).resolve().parents[2] / "resources" / "samples"
Until = Callable[..., None]


# Each host does each of the two; a quick run has one of them on each.
PROCESS, THREAD = "process", "thread"


@pytest.fixture
def running(request: pytest.FixtureRequest, qapp: QApplication, home: Path) -> Iterator[Program]:
    settings = SettingsState(home / "config" / "settings.json")
    settings.update(theme="dark", first_run_done=True)
    program = build(
        qapp, settings=settings, engine_process=request.param == PROCESS, look_around=True
    )
    program.window.resize(1280, 800)
    program.window.show()
    yield program
    program.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def open_clip(program: Program, model: Path, speech: Path, until: Until) -> None:
    session = program.session
    until(lambda: session.engine.probed, 90)
    session.engine.list_weights(str(model))
    until(lambda: str(model) in session.engine.weights, 60)
    data = ProjectData(
        source=SAMPLES / "mira.png",
        speakers=(Speaker(name="Mira", path=speech),),
        preset="",
        preset_changes=preset_changes("", session.planner.own_presets(str(model))),
        model=str(model),
    )
    program.opener.new(data, "clip")
    until(lambda: bool(session.timeline.chunks), 30)


def finished(program: Program) -> bool:
    job = program.session.job
    assert job is None or job.error is None, job.error
    return job is not None and job.phase == "finished"


def statuses(program: Program) -> list[str]:
    return [c.status for c in program.session.timeline.chunks]


@pytest.mark.parametrize(
    "running", [PROCESS, pytest.param(THREAD, marks=pytest.mark.slow)], indirect=True
)
def test_renders_edits_redoes_and_exports(
    running: Program, tiny_model: Path, short_speech: Path, tmp_path: Path, until: Until
) -> None:
    session = running.session
    open_clip(running, tiny_model, short_speech, until)
    count = len(session.timeline.chunks)
    assert count >= 3
    assert session.render()
    # While the first chunks are rendered, the last one is edited: it is built from the edit.
    until(lambda: "rendering" in statuses(running) or finished(running), 60)
    session.project.set_chunk_values((count - 1,), prompt="calm")
    until(lambda: finished(running), 120)
    until(lambda: statuses(running) == ["ready"] * count, 10)
    assert session.job is not None
    assert session.project.path is not None
    until(session.project.path.exists)

    # A played frame is that of the take.
    session.playback.set_mode("result")
    session.playback.seek(5)
    until(lambda: running.pictures.result_frames.get(5) is not None)

    # An edit makes its chunk and the followers stale; undo makes them ready, at no cost.
    session.project.set_chunk_values((1,), prompt="lively")
    until(lambda: statuses(running)[1:] == ["stale"] * (count - 1))
    assert session.timeline.chunks[2].reason == "follows chunk 2"
    session.project.undo.undo()
    until(lambda: statuses(running) == ["ready"] * count)

    # Only this, and blend: a second take; the next chunk is kept, its files untouched.
    later = session.store.take_folder(2, session.timeline.chunks[2].takes[0])
    assert later is not None
    before = (later / "meta.json").read_bytes()
    session.takes.redo(1, (ChunkSettings(seed=99),), keep_following=True)
    until(lambda: len(session.timeline.chunks[1].takes) == 2 and finished(running), 120)
    until(lambda: statuses(running)[2] == "kept")
    assert (later / "meta.json").read_bytes() == before
    chunk = session.timeline.chunks[1]
    assert chunk.locked_takes == (chunk.takes[0],)
    session.takes.remove(1, chunk.takes[0])
    message = session.messages.current
    assert message is not None
    assert message.report.code == "take.locked"

    # Choosing the old take and going back.
    session.takes.choose(1, chunk.takes[0])
    until(lambda: session.timeline.chunks[1].take_number == 1)
    session.project.undo.undo()
    until(lambda: session.timeline.chunks[1].take_number == 2)

    answers: list[object] = []
    target = tmp_path / "clip.mp4"
    session.engine.ask(
        wire.Export(job_folder=session.job_folder, out=target), answers.append, answers.append
    )
    until(lambda: bool(answers), 60)
    assert target.exists(), answers
    frames = session.timeline.total_frames
    assert abs(probe_source(target).duration - frames / 25) < 0.05
    assert probe_speech(target).duration > 0


@pytest.mark.parametrize(
    "running", [pytest.param(PROCESS, marks=pytest.mark.slow), THREAD], indirect=True
)
def test_pause_goes_on_and_stop_keeps_what_is_ready(
    running: Program, tiny_model: Path, short_speech: Path, until: Until
) -> None:
    session = running.session
    open_clip(running, tiny_model, short_speech, until)
    session.project.edit(commands.set_option(session.data, "steps", 12))
    assert session.render()
    until(lambda: "rendering" in statuses(running), 60)
    session.pause_or_go_on()
    until(lambda: session.job is not None and session.job.phase == "paused", 60)
    assert running.window.primary_act() == "go_on"
    session.pause_or_go_on()
    until(lambda: "rendering" in statuses(running), 60)
    session.queue.stop()
    until(lambda: session.job is not None and session.job.phase == "stopped", 30)
    assert "ready" in statuses(running)
    session.pause_or_go_on()
    until(lambda: finished(running), 120)


def test_a_killed_engine_is_started_again_and_nothing_is_lost(
    qapp: QApplication, home: Path, tiny_model: Path, short_speech: Path, until: Until
) -> None:
    settings = SettingsState(home / "config" / "settings.json")
    settings.update(first_run_done=True)
    program = build(qapp, settings=settings, engine_process=True)
    program.window.show()
    session = program.session
    open_clip(program, tiny_model, short_speech, until)
    session.project.edit(commands.set_option(session.data, "steps", 16))
    assert session.render()
    until(lambda: "ready" in statuses(program) and "rendering" in statuses(program), 60)
    first = session.timeline.chunks[0].active_take
    folder = session.store.take_folder(0, first or "")
    assert folder is not None
    before = (folder / "meta.json").read_bytes()
    pid = program.thread.host.pid  # type: ignore[union-attr] - a ProcessHost
    os.kill(pid, signal.SIGKILL)
    until(lambda: any(m.report.code == "engine.ended" for m in session.messages.log), 20)
    until(lambda: finished(program), 120)
    assert (folder / "meta.json").read_bytes() == before
    assert program.window.isVisible()
    program.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_no_turn_of_the_event_loop_is_long_while_a_job_runs(
    qapp: QApplication, home: Path, tiny_model: Path, short_speech: Path, until: Until
) -> None:
    """A 10 ms timer measures; the thread's own CPU time per turn is what this program decides."""
    from PySide6.QtCore import QTimer

    settings = SettingsState(home / "config" / "settings.json")
    settings.update(first_run_done=True)
    program = build(qapp, settings=settings, engine_process=True)
    program.window.resize(1600, 1000)
    program.window.show()
    session = program.session
    open_clip(program, tiny_model, short_speech, until)
    session.render()
    until(lambda: "rendering" in statuses(program), 60)
    turns: list[float] = []
    last = [time.thread_time()]

    def tick() -> None:
        now = time.thread_time()
        turns.append(now - last[0])
        last[0] = now

    timer = QTimer()
    timer.setInterval(10)
    timer.timeout.connect(tick)
    timer.start()
    until(lambda: finished(program), 120)
    session.playback.play()
    until(lambda: not session.playback.playing, 30)
    timer.stop()
    program.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    turns.sort()
    assert len(turns) > 100
    assert turns[int(len(turns) * 0.995)] < 0.05, turns[-10:]
