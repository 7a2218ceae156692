"""The chunks as the timeline shows them: schedule, stored takes and running job in one."""

from typing import TYPE_CHECKING

from desktop.state.timeline import ChunkView
from infinitetalk.event import ChunkState, ChunkStatus, JobState
from infinitetalk.plan import Plan, Schedule
from infinitetalk.project.timeline import ChunkEntry
from infinitetalk.request import GenerationRequest

if TYPE_CHECKING:
    from desktop.state.job_store import JobStore

_NO_TAKES = ChunkEntry()


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
    locked: dict[int, tuple[str, ...]] = {}
    for index, key in store.locked_takes():
        locked[index] = (*locked.get(index, ()), key)
    own = dict(request.chunks)
    views: list[ChunkView] = []
    for place in schedule.chunks:
        index = place.index
        entry = store.timeline.chunks.get(index, _NO_TAKES)
        settings = own.get(index)
        status: ChunkStatus = statuses[index]
        step = steps = 0
        now = _state(running, index)
        if now is not None and now.status == "rendering":
            status, step, steps = "rendering", now.step, now.steps
        reason = reasons.get(index, "")
        broken = _state(failed, index)
        if broken is not None and broken.status == "failed" and status in ("waiting", "stale"):
            status = "failed"
            reason = broken.error.title if broken.error else ""
        figures = store.figures(index, entry.active)
        moved = settings.source_time if settings is not None else None
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
                locked_takes=locked.get(index, ()),
                color_drift=figures.color_drift,
                identity_drift=figures.identity_drift,
                source_time=place.source_time if moved is None else moved,
                own_settings=settings is not None,
                reason=reason,
            )
        )
    return views


def _state(job: JobState | None, index: int) -> ChunkState | None:
    if job is None or index >= len(job.chunks):
        return None
    return job.chunks[index]
