"""The fold of events: what window and command line show."""

from pathlib import Path
from typing import Any

from infinitetalk.errors import ErrorReport
from infinitetalk.event import (
    Cancelled,
    ChunkReady,
    ChunkStarted,
    ChunkStatusChanged,
    Failed,
    Finished,
    JobState,
    Notice,
    Paused,
    PlanReady,
    StageAdvanced,
    StageStarted,
    StepDone,
    fold,
    fold_all,
)

REPORT = ErrorReport(code="vram.not_enough", title="t", detail="d")
PLAN: dict[str, Any] = {
    "chunks": [
        {"first_frame": 0, "frame_count": 81},
        {"first_frame": 81, "frame_count": 72},
        {"first_frame": 153, "frame_count": 20},
    ]
}


def begun() -> list[Any]:
    return [
        PlanReady(job_id="j", job_folder=Path("j.job"), plan=PLAN),
        StageStarted(job_id="j", stage="speech"),
        StageAdvanced(job_id="j", stage="speech", fraction=0.5),
        ChunkStarted(job_id="j", chunk=0, take="a", seed=1, steps=4),
        StepDone(job_id="j", chunk=0, step=0, steps=4, seconds=2.0, preview=Path("p.png")),
    ]


def ready(chunk: int, take: str, peak: int = 0) -> ChunkReady:
    return ChunkReady(
        job_id="j",
        chunk=chunk,
        take=take,
        first_frame=0,
        frame_count=81,
        path=Path(take),
        seconds=8.0,
        peak_vram=peak,
    )


def test_a_chunk_from_waiting_to_ready() -> None:
    state = fold_all(begun()[:3])
    assert (state.status, state.stage, state.stage_fraction) == ("preparing", "speech", 0.5)
    assert [c.status for c in state.chunks] == ["waiting"] * 3
    assert state.chunks[1].first_frame == 81
    state = fold_all(begun()[3:], state)
    assert (state.status, state.chunk, state.step_seconds) == ("rendering", 0, 2.0)
    chunk = state.chunks[0]
    assert (chunk.status, chunk.step, chunk.steps, chunk.preview) == (
        "rendering",
        1,
        4,
        Path("p.png"),
    )
    state = fold(state, ready(0, "a", peak=5))
    assert (state.chunks[0].status, state.chunks[0].takes, state.peak_vram) == ("ready", ("a",), 5)
    assert state.chunks[0].preview is None
    assert state.chunks_ready == 1


def test_a_second_take_is_added_and_active() -> None:
    state = fold_all([*begun(), ready(0, "a"), ready(0, "b"), ready(0, "b")])
    assert state.chunks[0].takes == ("a", "b")
    assert state.chunks[0].active_take == "b"


def test_stopping_leaves_what_is_ready() -> None:
    started = ChunkStarted(job_id="j", chunk=1, take="b", seed=1, steps=4)
    state = fold_all([*begun(), ready(0, "a"), started, Cancelled(job_id="j", chunks_ready=1)])
    assert state.status == "stopped"
    assert [c.status for c in state.chunks] == ["ready", "waiting", "waiting"]


def test_a_failure_is_the_chunks_and_the_jobs() -> None:
    state = fold_all([*begun(), Failed(job_id="j", report=REPORT, chunk=0)])
    assert (state.status, state.error, state.chunks[0].status) == ("failed", REPORT, "failed")
    state = fold_all(begun(), state)
    assert (state.error, state.chunks[0].error) == (None, None)


def test_other_states() -> None:
    state = fold_all([*begun(), ChunkStatusChanged(job_id="j", chunk=2, status="kept")])
    assert state.chunks[2].status == "kept"
    state = fold(state, Paused(job_id="j", next_chunk=1))
    assert state.status == "paused"
    state = fold(state, Finished(job_id="j", frame_count=173, seconds=9.0, output=Path("o.mp4")))
    assert (state.status, state.output) == ("finished", Path("o.mp4"))


def test_notices_have_a_limit() -> None:
    state = fold_all(Notice(job_id="j", report=REPORT) for _ in range(500))
    assert len(state.notices) == 200
    assert JobState() == JobState()
