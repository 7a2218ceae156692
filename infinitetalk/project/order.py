"""What follows from a timeline: the state of each chunk, what to render next, where to blend.

Rule for the order (ux.md 9): the earliest chunk in range that is not valid comes first, because
later ones start from its motion frames. All functions are pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from infinitetalk.event import ChunkStatus
from infinitetalk.plan import ChunkPlan, Plan, Schedule, chunks_between
from infinitetalk.project.timeline import TakeEntry, Timeline
from infinitetalk.request import ChunkSettings


@dataclass(frozen=True, kw_only=True)
class Target:
    """A take to be rendered. `settings` None: the chunk's settings in the request."""

    index: int
    settings: ChunkSettings | None = None
    follows: str | None = None  # key of the take whose motion frames it starts from
    begins_anew: bool = False  # it starts from its source frame alone


@dataclass(frozen=True, kw_only=True)
class Seam:
    """Where a kept chunk follows a take that it was not built on.

    The `frame_count` output frames from `first_frame` on belong to chunk `before`: those of its
    active take `new_take` give way, one by one, to those of `old_take`, on which the kept chunk
    `after` was built. `old_take` None: it is gone, the seam can't be blended.
    """

    before: int
    after: int
    new_take: str
    old_take: str | None
    first_frame: int
    frame_count: int

    def weight(self, frame: int) -> float:
        """Share of `old_take` in output frame `frame`, rising from above 0 to below 1."""
        return (frame - self.first_frame + 1) / (self.frame_count + 1)


def chunk_range(timeline: Timeline, plan: Plan | Schedule) -> tuple[int, ...]:
    """The chunks between in and out, or all."""
    if timeline.frames is None:
        return tuple(range(len(plan.chunks)))
    return chunks_between(plan, *timeline.frames)


def chunk_statuses(
    timeline: Timeline, plan: Plan | Schedule, parts: Sequence[str]
) -> tuple[ChunkStatus, ...]:
    """ready, kept, stale, waiting or left_out for each chunk of the plan.

    `parts` are `keys.part_digests` of the request as it is now. What is being rendered, and what
    failed, only events tell.
    """
    chosen = set(chunk_range(timeline, plan))
    result: list[ChunkStatus] = []
    for chunk in plan.chunks:
        index = chunk.index
        entry = timeline.chunk(index)
        take = entry.active_take
        status: ChunkStatus
        if take is None:
            status = "waiting" if index in chosen else "left_out"
        elif _is_current(timeline, chunk, take, parts[index], chosen, result):
            status = "ready"
        elif entry.kept:
            status = "kept"
        else:
            status = "stale"
        result.append(status)
    return tuple(result)


def _is_current(
    timeline: Timeline,
    chunk: ChunkPlan,
    take: TakeEntry,
    part: str,
    chosen: set[int],
    before: Sequence[ChunkStatus],
) -> bool:
    if take.part != part or take.stale:
        return False
    if chunk.motion_frames == 0:
        return True
    previous = timeline.chunk(chunk.index - 1).active_take
    if previous is None:
        # Outside the range nothing is rendered, so the first chunk inside may begin anew.
        return chunk.index - 1 not in chosen and take.motion_in == ""
    if chunk.index - 1 in chosen and before[chunk.index - 1] not in ("ready", "kept"):
        return False
    return previous.motion_out == take.motion_in


def next_chunk_to_render(
    timeline: Timeline, plan: Plan | Schedule, parts: Sequence[str]
) -> Target | None:
    """The earliest take in range that is missing or stale; None when all is there.

    Kept chunks are not rebuilt. Further takes that the user wants of a chunk come right after the
    chunk itself.
    """
    chosen = set(chunk_range(timeline, plan))
    statuses = chunk_statuses(timeline, plan, parts)
    for chunk in plan.chunks:
        index = chunk.index
        if index not in chosen:
            continue
        if statuses[index] in ("waiting", "stale"):
            return _target(timeline, chunk, None)
        wanted = timeline.chunk(index).wanted
        if wanted:
            return _target(timeline, chunk, wanted[0])
    return None


def _target(timeline: Timeline, chunk: ChunkPlan, settings: ChunkSettings | None) -> Target:
    previous = timeline.chunk(chunk.index - 1).active if chunk.motion_frames else None
    return Target(
        index=chunk.index,
        settings=settings,
        follows=previous,
        begins_anew=previous is None,
    )


def seams(timeline: Timeline, plan: Plan | Schedule) -> tuple[Seam, ...]:
    """Every place where playing and exporting have to blend, in order."""
    found = []
    for chunk in plan.chunks:
        entry = timeline.chunk(chunk.index)
        take = entry.active_take
        previous = timeline.chunk(chunk.index - 1)
        if not (entry.kept and take and chunk.motion_frames and previous.active_take):
            continue
        if previous.active_take.motion_out == take.motion_in:
            continue
        old = previous.take(entry.began_on)
        found.append(
            Seam(
                before=chunk.index - 1,
                after=chunk.index,
                new_take=previous.active_take.key,
                old_take=old.key if old else None,
                first_frame=chunk.start,
                frame_count=chunk.motion_frames,
            )
        )
    return tuple(found)
