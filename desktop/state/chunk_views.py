"""The chunks as the timeline shows them: schedule, stored takes and running job in one."""

from typing import TYPE_CHECKING

from desktop.state.timeline import ChunkView
from infinitetalk.event import ChunkState, ChunkStatus, JobState
from infinitetalk.plan import Plan, Schedule, chunk_source_time
from infinitetalk.request import ChunkSettings, GenerationRequest

if TYPE_CHECKING:
    from desktop.state.job_store import JobStore


def chunk_views(
    schedule: Schedule | None,
    request: GenerationRequest | None,
    store: "JobStore",
    running: JobState | None,
    *,
    plan: Plan | None,
    frames: tuple[int, int] | None,
    failed: JobState | None,
) -> list[ChunkView]:
    """One view per chunk of the schedule. `running`: the job's state while it renders."""
    if schedule is None or request is None:
        return []
    statuses, reasons = store.statuses(request, schedule, frames, plan)
    locked = store.locked_takes()
    views: list[ChunkView] = []
    for place in schedule.chunks:
        index = place.index
        entry = store.timeline.chunk(index)
        status: ChunkStatus = statuses[index]
        step = steps = 0
        now = _state(running, index)
        if now is not None and now.status == "rendering":
            status, step, steps = "rendering", now.step, now.steps
        broken = _state(failed, index)
        reason = reasons.get(index, "")
        if status in ("waiting", "stale") and broken is not None and broken.status == "failed":
            status = "failed"
            reason = broken.error.title if broken.error else ""
        figures = store.figures(index, entry.active)
        views.append(
            ChunkView(
                index=index,
                first_frame=place.first_frame,
                frame_count=place.frame_count,
                status=status,
                step=step,
                steps=steps,
                takes=tuple(take.key for take in entry.takes),
                active_take=entry.active,
                locked_takes=tuple(key for i, key in locked if i == index),
                color_drift=figures.color_drift,
                identity_drift=figures.identity_drift,
                source_time=chunk_source_time(request, schedule, index),
                own_settings=request.chunk_settings(index) != ChunkSettings(),
                reason=reason,
            )
        )
    return views


def _state(job: JobState | None, index: int) -> ChunkState | None:
    if job is None or index >= len(job.chunks):
        return None
    return job.chunks[index]
