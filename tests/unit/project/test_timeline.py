"""Takes, stale and kept chunks, locks, the order of rendering and the seams."""

from dataclasses import replace

import pytest

from infinitetalk.errors import EngineError
from infinitetalk.plan import Plan
from infinitetalk.project import (
    TakeEntry,
    TakeStore,
    Timeline,
    chunk_statuses,
    edits,
    next_chunk_to_render,
    part_digests,
    seams,
)
from infinitetalk.request import ChunkSettings, GenerationRequest


class Renderer:
    """Builds chunks as an engine would, with invented digests."""

    def __init__(self, request: GenerationRequest, plan: Plan) -> None:
        self.request, self.plan, self.timeline = request, plan, Timeline()
        self.rendered: list[int] = []

    @property
    def parts(self) -> tuple[str, ...]:
        return part_digests(self.request, self.plan)

    @property
    def statuses(self) -> tuple[str, ...]:
        return chunk_statuses(self.timeline, self.plan, self.parts)

    def step(self) -> bool:
        target = next_chunk_to_render(self.timeline, self.plan, self.parts)
        if target is None:
            return False
        request = self.request
        if target.settings is not None:
            request = request.with_chunk(target.index, target.settings)
        part = part_digests(request, self.plan)[target.index]
        before = self.timeline.chunk(target.index - 1).active_take
        motion = "" if target.begins_anew or before is None else before.motion_out
        key = f"{abs(hash((part, motion))):020x}"[-20:]
        take = TakeEntry(
            key=key,
            part=part,
            motion_in=motion,
            motion_out="m" + key,
            settings=request.chunk_settings(target.index),
        )
        self.timeline = edits.with_take(
            self.timeline, target.index, take, extra=target.settings is not None
        )
        self.rendered.append(target.index)
        return True

    def run(self) -> list[int]:
        self.rendered = []
        while self.step():
            assert len(self.rendered) < 50
        return self.rendered


@pytest.fixture
def renderer(request_: GenerationRequest, plan: Plan) -> Renderer:
    made = Renderer(request_, plan)
    assert made.run() == [0, 1, 2, 3]
    assert made.statuses == ("ready",) * 4
    return made


def test_an_edit_makes_the_chunk_and_its_followers_stale_and_undo_makes_them_valid(
    renderer: Renderer,
) -> None:
    before = renderer.request, renderer.timeline
    renderer.request, renderer.timeline = edits.edit(
        *before, 1, ChunkSettings(prompt="a woman smiles")
    )
    assert renderer.statuses == ("ready", "stale", "stale", "stale")
    renderer.request, renderer.timeline = before
    assert renderer.statuses == ("ready",) * 4
    assert renderer.run() == []


def test_undo_after_rendering_costs_nothing(renderer: Renderer) -> None:
    before = renderer.request, renderer.timeline
    renderer.request, renderer.timeline = edits.redo(*before, 1)
    assert renderer.run() == [1, 2, 3]
    rendered = renderer.timeline
    assert len(rendered.chunk(2).takes) == 2
    renderer.request, renderer.timeline = before[0], before[1].with_takes_of(rendered)
    assert renderer.statuses == ("ready",) * 4
    assert len(renderer.timeline.chunk(2).takes) == 2
    assert renderer.run() == []


def test_redo_draws_a_seed_and_records_it(renderer: Renderer) -> None:
    request, timeline = edits.redo(renderer.request, renderer.timeline, 2)
    assert request.chunk_settings(2).seed not in (None, renderer.request.seed)
    assert timeline.chunk(2).active == renderer.timeline.chunk(2).active
    other = ChunkSettings(prompt="other")
    request, _ = edits.redo(renderer.request, renderer.timeline, 2, [other])
    assert request.chunk_settings(2) == other


def test_keep_rebuilds_one_chunk_alone_and_blends(renderer: Renderer) -> None:
    old = renderer.timeline.chunk(1).active
    kept = renderer.timeline.chunk(2)
    renderer.request, renderer.timeline = edits.redo(
        renderer.request, renderer.timeline, 1, keep_following=True
    )
    assert renderer.run() == [1]
    assert renderer.statuses == ("ready", "ready", "kept", "ready")
    assert renderer.timeline.chunk(2).active == kept.active
    (seam,) = seams(renderer.timeline, renderer.plan)
    assert (seam.before, seam.after, seam.old_take) == (1, 2, old)
    assert seam.new_take == renderer.timeline.chunk(1).active != old
    # The last 9 frames of chunk 1 are those that chunk 2 repeats.
    assert (seam.first_frame, seam.frame_count) == (144, 9)
    assert seam.weight(144) == pytest.approx(0.1)
    assert seam.weight(152) == pytest.approx(0.9)
    with pytest.raises(EngineError) as caught:
        edits.remove_take(renderer.request, renderer.timeline, 1, old or "")
    assert caught.value.report.code == "take.locked"
    assert "chunk 3" in caught.value.report.remedy.lower()
    assert edits.locked_takes(renderer.timeline) == ((1, old),)


def test_keeping_afterwards_finds_the_take_it_began_on(renderer: Renderer) -> None:
    old = renderer.timeline.chunk(0).active
    renderer.request, renderer.timeline = edits.redo(renderer.request, renderer.timeline, 0)
    assert renderer.step()
    assert renderer.statuses == ("ready", "stale", "stale", "stale")
    renderer.timeline = edits.keep(renderer.timeline, 1)
    assert renderer.statuses == ("ready", "kept", "ready", "ready")
    assert renderer.timeline.chunk(1).began_on == old
    assert renderer.run() == []
    renderer.timeline = edits.release(renderer.timeline, 1)
    assert renderer.run() == [1, 2, 3]
    assert edits.locked_takes(renderer.timeline) == ()


def test_all_that_follow_are_rendered_again_also_what_was_kept(renderer: Renderer) -> None:
    renderer.request, renderer.timeline = edits.redo(
        renderer.request, renderer.timeline, 1, keep_following=True
    )
    renderer.run()
    assert renderer.statuses == ("ready", "ready", "kept", "ready")
    renderer.request, renderer.timeline = edits.redo(renderer.request, renderer.timeline, 1)
    assert renderer.statuses == ("ready", "stale", "stale", "stale")
    assert renderer.run() == [1, 2, 3]
    assert edits.locked_takes(renderer.timeline) == ()


def test_going_back_to_the_take_it_began_on_needs_no_seam(renderer: Renderer) -> None:
    old = renderer.timeline.chunk(1).active
    renderer.request, renderer.timeline = edits.redo(
        renderer.request, renderer.timeline, 1, keep_following=True
    )
    renderer.run()
    renderer.request, renderer.timeline = edits.choose_take(
        renderer.request, renderer.timeline, 1, old or ""
    )
    assert renderer.statuses == ("ready",) * 4
    assert seams(renderer.timeline, renderer.plan) == ()


def test_several_takes_to_choose_from(renderer: Renderer) -> None:
    wishes = [ChunkSettings(seed=seed) for seed in (1, 2, 3)]
    renderer.request, renderer.timeline = edits.redo(
        renderer.request, renderer.timeline, 1, wishes, keep_following=True
    )
    assert renderer.run() == [1, 1, 1]
    entry = renderer.timeline.chunk(1)
    assert [take.settings.seed for take in entry.takes] == [None, 1, 2, 3]
    assert entry.active_take is not None
    assert entry.active_take.settings.seed == 1
    renderer.request, renderer.timeline = edits.choose_take(
        renderer.request, renderer.timeline, 1, entry.takes[-1].key
    )
    assert renderer.request.chunk_settings(1).seed == 3
    assert renderer.statuses[1] == "ready"


def test_a_wish_in_other_words_is_met_once(renderer: Renderer) -> None:
    """An explicit seed that is the request's gives the take that is there already."""
    first = renderer.timeline.chunk(1).active_take
    assert first is not None
    wishes = [ChunkSettings(seed=5), ChunkSettings(seed=renderer.request.seed)]
    renderer.request, renderer.timeline = edits.redo(
        renderer.request, renderer.timeline, 1, wishes, keep_following=True
    )
    assert renderer.step()
    renderer.timeline = edits.with_take(renderer.timeline, 1, first, extra=True)
    assert renderer.timeline.chunk(1).wanted == ()
    assert not renderer.step()


def test_the_earliest_chunk_comes_first_also_among_edits(renderer: Renderer) -> None:
    for index in (3, 1):
        renderer.request, renderer.timeline = edits.redo(renderer.request, renderer.timeline, index)
    assert renderer.run() == [1, 2, 3]


def test_a_range_leaves_the_rest_out_and_begins_anew(
    request_: GenerationRequest, plan: Plan
) -> None:
    renderer = Renderer(request_, plan)
    renderer.timeline = edits.choose_range(renderer.timeline, (100, 200))
    assert renderer.run() == [1, 2]
    assert renderer.statuses == ("left_out", "ready", "ready", "left_out")
    renderer.timeline = edits.choose_range(renderer.timeline, None)
    assert renderer.statuses == ("waiting", "stale", "stale", "waiting")
    assert renderer.run() == [0, 1, 2, 3]
    with pytest.raises(ValueError, match="in must be before out"):
        edits.choose_range(renderer.timeline, (5, 5))


def test_a_range_after_a_stale_chunk_starts_from_what_is_there(renderer: Renderer) -> None:
    renderer.request, renderer.timeline = edits.redo(renderer.request, renderer.timeline, 0)
    renderer.timeline = edits.choose_range(renderer.timeline, (100, 250))
    assert renderer.statuses == ("stale", "ready", "ready", "ready")
    assert renderer.run() == []


def test_removing_a_take(renderer: Renderer) -> None:
    first = renderer.timeline.chunk(3).active or ""
    renderer.request, renderer.timeline = edits.redo(renderer.request, renderer.timeline, 3)
    renderer.run()
    second = renderer.timeline.chunk(3).active or ""
    request, timeline = edits.remove_take(renderer.request, renderer.timeline, 3, second)
    assert timeline.chunk(3).active == first
    assert request.chunk_settings(3) == ChunkSettings()
    assert timeline.removed == ((3, second),)
    _, timeline = edits.remove_take(request, timeline, 3, first)
    assert timeline.chunk(3).active is None
    with pytest.raises(EngineError) as caught:
        edits.remove_take(request, timeline, 3, first)
    assert caught.value.report.code == "take.missing"


def test_a_changed_file_makes_chunks_stale(renderer: Renderer) -> None:
    renderer.timeline = edits.mark_stale(renderer.timeline, 2, "the source has changed")
    assert renderer.statuses == ("ready", "ready", "stale", "stale")


def test_json_keeps_everything(renderer: Renderer, tmp_path) -> None:
    renderer.request, renderer.timeline = edits.redo(
        renderer.request,
        renderer.timeline,
        1,
        [ChunkSettings(seed=5), ChunkSettings(prompt="x")],
        keep_following=True,
    )
    timeline = edits.choose_range(renderer.timeline, (0, 200))
    timeline = timeline.with_chunk(1, plan_changes=(("vae_tile", 256),))
    timeline = replace(timeline, removed=((2, "b" * 20),))
    assert Timeline.from_json(timeline.to_json(), TakeStore(tmp_path)) == timeline


@pytest.mark.parametrize("key", ["../../etc", "", "A" * 20, "x" * 20, "/" * 20, "a" * 100])
def test_a_key_that_is_a_path_is_refused(renderer: Renderer, tmp_path, key: str) -> None:
    data = renderer.timeline.to_json()
    data["chunks"][0]["takes"][0]["key"] = key
    data["chunks"][0]["active"] = key
    with pytest.raises(ValueError, match="take must be named"):
        Timeline.from_json(data, TakeStore(tmp_path))
