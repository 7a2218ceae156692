"""Smaller and finer on the real engine: what a job began with is planned anew, takes stay."""

import json
from pathlib import Path

import pytest

from desktop import commands
from desktop.app import Program
from desktop.messages import Remedy
from infinitetalk.errors import ErrorReport
from infinitetalk.project.job import JobFolder
from tests.gui.test_engine import PROCESS, Until, finished, open_clip, running, statuses

__all__ = ["running"]


def remedy(program: Program, text: str) -> Remedy:
    message = program.session.messages.current
    assert message is not None
    return next(r for r in message.remedies if r.text == text)


@pytest.mark.parametrize("running", [PROCESS], indirect=True)
def test_smaller_size_plans_a_job_without_chunks_anew(
    running: Program, tiny_model: Path, short_speech: Path, until: Until
) -> None:
    session = running.session
    open_clip(running, tiny_model, short_speech, until)
    session.project.edit(commands.set_option(session.data, "steps", 60))
    assert session.render()
    until(lambda: "rendering" in statuses(running), 60)
    session.queue.stop()
    until(lambda: session.job is not None and session.job.phase == "stopped", 30)
    until(lambda: session.store.plan is not None)
    assert "ready" not in statuses(running)
    assert session.store.plan is not None
    large = session.store.plan.size
    # What a card that is too small would report; the engine ends such a job like any other.
    report = ErrorReport(code="vram.not_enough", title="T", detail="D", remedy="R")
    session.messages.show("error", report, subject=session.job)
    session.project.edit(commands.set_option(session.data, "steps", 1))
    folder = session.job_folder
    remedy(running, "Smaller size").act()
    until(lambda: finished(running), 120)
    assert session.job_folder == folder
    plan = json.loads((folder / "plan.json").read_bytes())
    assert plan["size"][0] * plan["size"][1] < 0.7 * large[0] * large[1]
    assert plan["steps"] == 1
    count = len(session.timeline.chunks)
    until(lambda: statuses(running) == ["ready"] * count)
    session.playback.set_mode("result")
    session.playback.seek(5)
    until(lambda: running.pictures.result_frames.get(5) is not None)
    shown = running.pictures.result_frames.get(5)
    assert shown is not None
    assert [shown.height(), shown.width()] == plan["size"]

    # A finished job, finer: the chunks are stale until they are rendered, the drafts stay as takes.
    session.project.edit(commands.set_option(session.data, "steps", 2))
    until(lambda: statuses(running) == ["stale"] * count)
    assert session.render()
    until(lambda: finished(running), 120)
    until(lambda: statuses(running) == ["ready"] * count)
    with JobFolder.open(folder, write=False) as job:
        assert job.plan is not None
        assert job.plan.steps == 2
        assert [len(job.timeline.chunk(i).takes) for i in range(count)] == [2] * count
