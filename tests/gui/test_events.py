"""Events become the screen: order of states, numbers, memory over a night."""

import gc
from collections.abc import Callable
from pathlib import Path

import psutil

from desktop.app import Program
from desktop.state.jobs import Job
from desktop.views.status_bar import progress
from infinitetalk.errors import ErrorReport
from infinitetalk.event import ChunkStarted, Event, Failed, Finished, Paused, StepDone
from infinitetalk.plan import Schedule
from tests.gui.synthetic import chunk_plans, events, plan

Until = Callable[..., None]


def stage(program: Program, frames: int) -> Job:
    """The open project has a job that runs on nothing but events."""
    session = program.session
    session.planner.schedule = Schedule(
        total_frames=frames, rows=(frames,), chunks=tuple(chunk_plans(frames))
    )
    from desktop.state.document import ProjectData, Speaker

    data = ProjectData(source=Path("a.png"), speakers=(Speaker(name="A", path=Path("a.wav")),))
    session.project.data = data
    session.planner.request = data.request()
    session.planner.plan = plan(frames)
    session.planner.update = lambda _: None  # the files are not there
    session.store.open(session.job_folder)
    job = Job(folder=session.job_folder, name="replayed", model="x", phase="now")
    session.queue.jobs = [job]
    session.refresh_chunks()
    return job


def send(program: Program, event: Event) -> None:
    program.session.engine.event_received.emit(event)


def test_states_follow_the_events_in_order(program: Program, tmp_path: Path) -> None:
    frames = 81 + 19 * 72
    job = stage(program, frames)
    timeline = program.session.timeline
    assert len(timeline.chunks) == 20
    last_progress = 0.0
    for event in events(tmp_path, frames):
        send(program, event)
        if isinstance(event, ChunkStarted):
            assert timeline.chunks[event.chunk].status == "rendering"
        if isinstance(event, StepDone):
            chunk = timeline.chunks[event.chunk]
            assert (chunk.step, chunk.steps) == (event.step + 1, 4)
            assert progress(job) >= last_progress
            last_progress = progress(job)
    assert job.phase == "finished"
    assert job.state.chunks_ready == 20
    assert progress(job) == 1.0


def test_status_bar_agrees_with_the_events(program: Program, tmp_path: Path, until: Until) -> None:
    frames = 81 + 19 * 72
    stage(program, frames)
    for event in events(tmp_path, frames):
        send(program, event)
        if isinstance(event, StepDone) and (event.chunk, event.step) == (5, 2):
            break
    program.window.status.refresh()
    assert program.window.status._job.text() == "Rendering chunk 6"
    assert program.window.status._ready.text() == "5 of 20 ready"
    assert "left" in program.window.status._when.full_text()
    until(lambda: program.window.render_button.text() == "Pause")


def test_primary_button_follows_the_job(program: Program, tmp_path: Path, until: Until) -> None:
    frames = 153
    job = stage(program, frames)
    stream = list(events(tmp_path, frames))
    for event in stream[:12]:
        send(program, event)
    send(program, Paused(job_id="synthetic", next_chunk=1))
    until(lambda: program.window.render_button.text() == "Go on")
    assert job.phase == "paused"


def test_a_failure_needs_the_user_and_the_queue_goes_on(program: Program, tmp_path: Path) -> None:
    job = stage(program, 300)
    report = ErrorReport(
        code="disk.full", title="The disk is full", detail="0.3 GiB left", remedy="Free space."
    )
    other = Job(folder=tmp_path / "other.job", name="other", model="x")
    program.session.queue.jobs.append(other)
    asked = []
    program.session.engine.ask = lambda message, *_: asked.append(message)  # type: ignore[method-assign] - no engine here
    send(program, Failed(job_id="synthetic", report=report, chunk=0))
    assert job.phase == "needs_you"
    assert other.phase == "now"
    message = program.session.messages.current
    assert message is not None
    assert message.level == "error"
    assert "The disk is full" in message.line


def test_an_engine_that_ends_is_tried_once_more(program: Program, tmp_path: Path) -> None:
    job = stage(program, 300)
    for event in list(events(tmp_path, 300))[:14]:
        send(program, event)
    asked = []
    program.session.engine.ask = lambda message, *_: asked.append(message)  # type: ignore[method-assign] - no engine here
    program.session.engine.ended.emit(-9)
    assert job.phase == "now"
    assert len(asked) == 1
    assert asked[0].request is None  # it goes on with what is on the disk
    program.session.engine.ended.emit(-9)
    assert job.phase == "needs_you"
    assert job.error is not None
    assert job.error.code == "engine.ended"
    assert "RAM" in job.error.detail


def test_memory_is_flat_over_a_night(program: Program, tmp_path: Path, qapp) -> None:
    """1,250 chunks, 5,000 steps: flat within 50 MB after the first 100 chunks."""
    frames = 90_000
    stage(program, frames)
    process = psutil.Process()
    before = 0
    count = 0
    for event in events(tmp_path, frames):
        send(program, event)
        if isinstance(event, ChunkStarted):
            count += 1
            if count % 50 == 0:
                qapp.processEvents()
            if count == 100:
                gc.collect()
                before = process.memory_info().rss
        if isinstance(event, Finished):
            break
    gc.collect()
    assert count == 1250
    assert process.memory_info().rss - before < 50 * 2**20
