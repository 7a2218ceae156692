"""A streamed transformer under every memory setting equals the plain one."""

from typing import Any

import pytest
import torch

from infinitetalk.ops.attention import attend
from infinitetalk.streaming import StreamProbe
from infinitetalk.streaming.transformer import (
    one_by_one,
    stream_transformer,
)

BRANCHES = ("cond", "drop_text", "uncond")


def test_streaming_takes_attention_and_branches_from_outside(
    scene: Any, unkind: StreamProbe
) -> None:
    expected = scene.steps(scene.conditions(*BRANCHES))
    calls: list[int] = []

    def counting(*qkv: torch.Tensor) -> torch.Tensor:
        calls.append(1)
        return attend(*qkv)

    stream = stream_transformer(
        scene.model, device="cpu", dtype=torch.float32, attention=counting, probe=unkind
    )
    found = scene.streamed(scene.conditions(*BRANCHES), stream)
    assert all(map(torch.equal, found, expected))
    assert len(calls) == 5 * 4 * len(BRANCHES) * 3  # blocks, attentions, branches, steps
    before = stream.loaded_bytes
    scene.model.forward_branches = one_by_one(scene.model.forward_branches)
    found = scene.streamed(scene.conditions(*BRANCHES), stream)
    assert all(map(torch.equal, found, expected))
    assert stream.loaded_bytes - before > before  # blocks come once per branch


def test_branches_one_by_one_reuse_their_own_changes(scene: Any) -> None:
    conditions = scene.conditions(*BRANCHES)
    together: list[torch.Tensor] = []
    in_turn: list[torch.Tensor] = []
    plain, one = scene.model.forward_branches, one_by_one(scene.model.forward_branches)
    for run, residuals in ((plain, together), (one, in_turn)):
        run(scene.latents, scene.y, 900.0, conditions, residuals=residuals)
    assert all(map(torch.equal, in_turn, together))
    again = [
        run(scene.latents, scene.y, 500.0, conditions, residuals=residuals, reuse=True)
        for run, residuals in ((plain, together), (one, in_turn))
    ]
    assert all(map(torch.equal, *again))


def test_parts_that_visit_give_the_same_and_leave(scene: Any) -> None:
    expected = scene.steps(scene.conditions(*BRANCHES))
    before = {n: p.clone() for n, p in scene.model.named_parameters()}
    stream = stream_transformer(scene.model, device="cpu", dtype=torch.float32, visiting=True)
    part = scene.model.time_projection
    at_home = part[1].weight.data_ptr()
    found = scene.streamed(scene.conditions(*BRANCHES), stream)
    assert all(map(torch.equal, found, expected))
    assert part[1].weight.data_ptr() == at_home  # what it worked with on the device is gone
    stream.close()
    assert all(torch.equal(p, before[n]) for n, p in scene.model.named_parameters())


def test_the_ring_may_go_while_resident_blocks_stay(scene: Any) -> None:
    expected = scene.steps(scene.conditions(*BRANCHES))
    stream = stream_transformer(scene.model, device="cpu", dtype=torch.float32, resident=2)
    assert all(map(torch.equal, scene.streamed(scene.conditions(*BRANCHES), stream), expected))
    whole, block = stream.allocated_bytes, stream.allocated_bytes // 4
    for keep, left in ((True, 2 * block), (False, 0)):
        stream.suspend(keep_resident=keep)
        assert stream.allocated_bytes == left
        assert all(map(torch.equal, scene.streamed(scene.conditions(*BRANCHES), stream), expected))
        assert stream.allocated_bytes == whole


@pytest.mark.gpu
@pytest.mark.parametrize(("resident", "pinned"), [(0, 5), (0, 0), (2, 1), (5, 0)])
def test_on_a_card_streamed_equals_resident(
    scene: Any, unkind: StreamProbe, resident: int, pinned: int
) -> None:
    device = torch.device("cuda")
    stream = stream_transformer(
        scene.model,
        device=device,
        dtype=torch.float32,
        resident=resident,
        pinned=pinned,
        probe=unkind,
    )
    conditions = scene.conditions(*BRANCHES)
    found = scene.streamed(conditions, stream)
    stream.set_resident(5)
    expected = scene.streamed(scene.conditions(*BRANCHES), stream)
    assert all(map(torch.equal, found, expected))
    stream.close()
