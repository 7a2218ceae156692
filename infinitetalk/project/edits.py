"""Changes of a timeline: new takes, keep, choose, remove. Pure: a new value comes back.

Those that also change the request (a chunk's own settings) return both.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from random import SystemRandom

from infinitetalk.errors import EngineError, engine_error
from infinitetalk.project.timeline import ChunkEntry, TakeEntry, Timeline
from infinitetalk.request import ChunkSettings, GenerationRequest

_SEED_LIMIT = 2**31 - 1


def with_take(
    timeline: Timeline,
    index: int,
    take: TakeEntry,
    *,
    extra: bool = False,
    plan_changes: Iterable[tuple[str, object]] | None = None,
) -> Timeline:
    """A rendered take comes in. It becomes the active one and the chunk is no longer kept.

    `extra`: one of the further takes that were wanted; the active take stays, the wish is met.
    `plan_changes`: what a rung of the memory ladder changed for it, for a later take to begin with.
    """
    entry = timeline.chunk(index)
    takes = (*(t for t in entry.takes if t.key != take.key), take)
    if extra and entry.active is not None:
        wanted = list(entry.wanted)
        # The same pixels may have been asked for in other words (a seed that is the request's).
        met = take.settings if take.settings in wanted else wanted[0] if wanted else None
        if met is not None:
            wanted.remove(met)
        return timeline.with_chunk(index, takes=takes, wanted=tuple(wanted))
    changes = entry.plan_changes if plan_changes is None else tuple(sorted(plan_changes))
    return timeline.with_chunk(
        index,
        takes=takes,
        active=take.key,
        kept=False,
        began_on=None,
        plan_changes=changes,
    )


def edit(
    request: GenerationRequest, timeline: Timeline, index: int, settings: ChunkSettings
) -> tuple[GenerationRequest, Timeline]:
    """Gives a chunk settings of its own. It and its followers become stale by comparison."""
    return request.with_chunk(index, settings), timeline.with_chunk(
        index, kept=False, began_on=None
    )


def redo(
    request: GenerationRequest,
    timeline: Timeline,
    index: int,
    settings: Sequence[ChunkSettings] = (),
    *,
    keep_following: bool = False,
) -> tuple[GenerationRequest, Timeline]:
    """New takes of a chunk: the first of `settings` becomes the chunk's own, others are wanted.

    Without any settings, or where the first changes nothing, a new seed is drawn, and recorded in
    the request. `keep_following`: the next chunk stays as it is, blended
    from the take it was built on, which is locked by that. Otherwise all that follow are rendered
    again, also those that were kept until now.
    """
    now = request.chunk_settings(index)
    wishes = list(settings) or [now]
    if wishes[0] == now and timeline.chunk(index).active is not None:
        wishes[0] = replace(now, seed=_new_seed(request, timeline, index))
    if keep_following:
        timeline = keep(timeline, index + 1)
    else:
        for later, entry in list(timeline.chunks.items()):
            if later > index and entry.kept:
                timeline = release(timeline, later)
    request, timeline = edit(request, timeline, index, wishes[0])
    return request, timeline.with_chunk(index, wanted=tuple(wishes[1:]))


def _new_seed(request: GenerationRequest, timeline: Timeline, index: int) -> int:
    used = {take.settings.seed for take in timeline.chunk(index).takes} | {request.seed}
    random = SystemRandom()
    while True:
        seed = random.randrange(_SEED_LIMIT)
        if seed not in used:
            return seed


def keep(timeline: Timeline, index: int) -> Timeline:
    """The active take of a chunk stays, whatever comes before it; nothing without a take.

    The take it began on is found by its motion frames and locked.
    """
    entry = timeline.chunk(index)
    take = entry.active_take
    if take is None:
        return timeline
    before = timeline.chunk(index - 1)
    built_on = _built_on(before, take) if take.motion_in else None
    return timeline.with_chunk(index, kept=True, began_on=built_on)


def _built_on(before: ChunkEntry, take: TakeEntry) -> str | None:
    active = before.active_take
    if active is not None and active.motion_out == take.motion_in:
        return active.key
    return next((t.key for t in before.takes if t.motion_out == take.motion_in), None)


def release(timeline: Timeline, index: int) -> Timeline:
    """Ends keeping: the chunk is stale again unless it is valid."""
    return timeline.with_chunk(index, kept=False, began_on=None)


def choose_take(
    request: GenerationRequest, timeline: Timeline, index: int, key: str
) -> tuple[GenerationRequest, Timeline]:
    """Another take becomes the active one; the chunk's own settings become those of the take.

    Raises EngineError `take.missing`.
    """
    entry = timeline.chunk(index)
    take = entry.take(key)
    if take is None:
        raise _missing(index, key)
    if key == entry.active:
        return request, timeline
    return request.with_chunk(index, take.settings), timeline.with_chunk(
        index, active=key, kept=False, began_on=None
    )


def _missing(index: int, key: str) -> EngineError:
    return engine_error(
        "take.missing",
        "There is no such take",
        f"Chunk {index + 1} has no take {key}.",
        "Choose one of its takes.",
        chunk=index,
        take=key,
    )


def lock_reason(timeline: Timeline, index: int, key: str) -> str:
    """Why a take can't be removed; "" if it can."""
    after = timeline.chunk(index + 1)
    if after.kept and after.began_on == key:
        return (
            f"Chunk {index + 2} is kept and was built on this take; its seam is blended from it. "
            f"Redo chunk {index + 2} first."
        )
    return ""


def locked_takes(timeline: Timeline) -> tuple[tuple[int, str], ...]:
    """(chunk, key) of every take that can't be removed."""
    return tuple(
        (index - 1, entry.began_on)
        for index, entry in timeline.chunks.items()
        if entry.kept and entry.began_on is not None
    )


def remove_take(
    request: GenerationRequest, timeline: Timeline, index: int, key: str
) -> tuple[GenerationRequest, Timeline]:
    """Takes a take away. Its files stay until `JobFolder.purge_removed`, so undo costs nothing.

    The place of the active take is taken by the newest other one (as in `choose_take`), or none.
    Raises EngineError `take.missing` or `take.locked` (with the reason).
    """
    entry = timeline.chunk(index)
    if entry.take(key) is None:
        raise _missing(index, key)
    reason = lock_reason(timeline, index, key)
    if reason:
        raise engine_error(
            "take.locked",
            "This take is locked",
            reason,
            f"Redo chunk {index + 2}, or leave the take where it is.",
            chunk=index,
            follower=index + 1,
            take=key,
        )
    left = tuple(take for take in entry.takes if take.key != key)
    if entry.active == key:
        if left:
            request, timeline = choose_take(request, timeline, index, left[-1].key)
        else:
            timeline = timeline.with_chunk(index, active=None, kept=False, began_on=None)
    timeline = timeline.with_chunk(index, takes=left)
    return request, replace(timeline, removed=(*timeline.removed, (index, key)))


def mark_stale(timeline: Timeline, index: int, reason: str) -> Timeline:
    """The active take no longer counts: its key does not match what it would be made from now."""
    entry = timeline.chunk(index)
    takes = tuple(
        replace(take, stale=reason) if take.key == entry.active else take for take in entry.takes
    )
    return timeline.with_chunk(index, takes=takes)


def choose_range(timeline: Timeline, frames: tuple[int, int] | None) -> Timeline:
    """Sets in and out (video frames, out exclusive); ValueError where nothing lies between."""
    if frames is not None and not 0 <= frames[0] < frames[1]:
        raise ValueError(f"in must be before out, found {frames}")
    return replace(timeline, frames=frames)
