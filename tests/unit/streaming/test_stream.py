"""Streamed equals resident bit for bit, whatever is resident, released, late or interrupted."""

import gc
import weakref
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from infinitetalk.quant.linear import replace_linears
from infinitetalk.streaming import (
    BlockSource,
    BlockStream,
    DiskSource,
    LazySource,
    ModuleSource,
    StoreSource,
    StreamProbe,
)
from infinitetalk.streaming.order import spread
from infinitetalk.streaming.stored import open_stored
from infinitetalk.weights.lora import Delta, LoraFile
from infinitetalk.weights.merge import ScaledLora
from infinitetalk.weights.side_branch import attach
from infinitetalk.weights.store import BlockStore
from infinitetalk.weights.store_coding import coding_for
from infinitetalk.weights.store_import import import_weights
from infinitetalk.weights.store_layout import BlockLayout, is_context, no_context

BRANCHES = ("cond", "drop_text", "uncond")


def same(found: Sequence[Tensor], expected: Sequence[Tensor]) -> bool:
    assert not any(t.isnan().any() for t in found)
    return len(found) == len(expected) and all(map(torch.equal, found, expected))


def linears(block: nn.Module) -> list[str]:
    return [n for n, m in block.named_modules() if isinstance(m, nn.Linear)]


def in_precision(model: nn.Module, blocks: nn.ModuleList, precision: str) -> None:
    if precision == "bf16":
        model.to(torch.bfloat16)
    elif precision in ("fp8", "int8"):
        for block in blocks:
            replace_linears(block, precision, linears(block))


@pytest.mark.parametrize("precision", ["fp32", "bf16", "fp8", "int8"])
@pytest.mark.parametrize(("resident", "slots"), [(0, 1), (0, 2), (0, 5), (2, 2), (4, 3), (5, 2)])
def test_streamed_equals_resident(
    scene: Any, unkind: StreamProbe, precision: str, resident: int, slots: int
) -> None:
    in_precision(scene.model, scene.model.blocks, precision)
    expected = scene.steps(scene.conditions(*BRANCHES))
    stream = BlockStream(
        scene.model.blocks,
        ModuleSource(scene.model.blocks, context=is_context),
        resident=resident,
        slots=slots,
        probe=unkind,
    )
    assert same(scene.streamed(scene.conditions(*BRANCHES), stream.blocks), expected)
    stream.close()


@pytest.mark.parametrize("keep", [True, False])
@pytest.mark.parametrize("context", [is_context, no_context])
@pytest.mark.parametrize("slots", [1, 2, 3])
def test_kept_or_recomputed_keys_and_values_give_the_same(
    scene: Any, unkind: StreamProbe, keep: bool, context: Any, slots: int
) -> None:
    expected = scene.steps(scene.conditions(*BRANCHES, keep=False))
    source = ModuleSource(scene.model.blocks, context=context)
    stream = BlockStream(scene.model.blocks, source, slots=slots, probe=unkind)
    assert same(scene.streamed(scene.conditions(*BRANCHES, keep=keep), stream.blocks), expected)
    # another chunk: nothing is kept yet, and what was left out is asked for again
    assert same(scene.streamed(scene.conditions(*BRANCHES, keep=keep), stream.blocks), expected)
    stream.close()


def test_the_context_part_is_moved_no_more_once_kept(scene: Any, unkind: StreamProbe) -> None:
    source = ModuleSource(scene.model.blocks, context=is_context)
    stream = BlockStream(scene.model.blocks, source, probe=unkind)
    conditions = scene.conditions()
    whole = sum(layout.nbytes for layout in source.layouts)
    token = sum(layout.token_bytes for layout in source.layouts)
    assert token < whole
    stream.needs_context = lambda block: not all(c.has(block) for c in conditions)
    moved = []
    for _ in range(3):
        before = stream.loaded_bytes
        scene.streamed(conditions, stream.blocks, count=1)
        moved.append(stream.loaded_bytes - before)
    assert moved[1:] == [token, token]
    for context in conditions[0].contexts:
        context.release()
    before = stream.loaded_bytes
    scene.streamed(conditions, stream.blocks, count=1)
    assert stream.loaded_bytes - before == whole  # also for the blocks brought in without it
    stream.close()


def test_without_being_told_the_stream_learns_what_is_asked_for(scene: Any) -> None:
    moved = []
    for keep in (True, False):
        source = ModuleSource(scene.model.blocks, context=is_context)
        stream = BlockStream(scene.model.blocks, source)
        scene.streamed(scene.conditions(keep=keep), stream.blocks, count=4)
        moved.append(stream.loaded_bytes)
        stream.close()
    assert moved[0] < moved[1]


def test_never_more_than_the_slots_are_live_and_less_with_fewer_resident(scene: Any) -> None:
    source = ModuleSource(scene.model.blocks)
    block = source.layouts[0].nbytes
    peaks = []
    for resident in (5, 3, 0):
        stream = BlockStream(scene.model.blocks, source, resident=resident, slots=2)
        scene.streamed(scene.conditions(), stream.blocks)
        peaks.append(stream.peak_live_bytes)
        assert stream.peak_live_bytes <= stream.allocated_bytes
        stream.suspend()
        assert stream.live_bytes == stream.allocated_bytes == 0
    assert peaks == [5 * block, 5 * block, 2 * block]  # 3 resident and 2 slots: as much as 5
    stream = BlockStream(scene.model.blocks, source, resident=2, slots=2)
    scene.streamed(scene.conditions(), stream.blocks)
    assert peaks[0] > stream.peak_live_bytes == 4 * block > peaks[2]


def test_no_memory_is_taken_after_the_start(scene: Any) -> None:
    stream = BlockStream(scene.model.blocks, ModuleSource(scene.model.blocks), resident=1)
    places = {id(m): [p.data_ptr() for p in m.parameters()] for _, m in stream.blocks()}
    for _ in range(3):
        again = {id(m): [p.data_ptr() for p in m.parameters()] for _, m in stream.blocks()}
        assert again == places


def test_the_last_block_of_a_step_brings_in_the_first_of_the_next(scene: Any) -> None:
    source = _Recorded(ModuleSource(scene.model.blocks))
    stream = BlockStream(scene.model.blocks, source, slots=2)
    for number, _ in stream.blocks():
        if number == 4:
            break
    stream.release()
    stream.close()  # waits for what was ordered
    assert source.filled[:7] == [0, 1, 2, 3, 4, 0, 1]


class _Recorded:
    """A source that remembers which blocks were asked for, and fails when told."""

    def __init__(self, inner: BlockSource) -> None:
        self.inner = inner
        self.filled: list[int] = []
        self.failing = False

    @property
    def layouts(self) -> Sequence[BlockLayout]:
        return self.inner.layouts

    def fill(self, block: int, start: int, out: Tensor) -> None:
        self.filled.append(block)
        if self.failing and block == 3:
            raise OSError("the disk is gone")
        self.inner.fill(block, start, out)

    def close(self) -> None:
        self.inner.close()


def test_a_failed_read_is_told_and_forgotten(scene: Any, unkind: StreamProbe) -> None:
    expected = scene.steps(scene.conditions())
    source = _Recorded(ModuleSource(scene.model.blocks))
    stream = BlockStream(scene.model.blocks, source, probe=unkind)
    source.failing = True
    for _ in range(2):
        with pytest.raises(OSError, match="the disk is gone"):
            scene.streamed(scene.conditions(), stream.blocks)
    source.failing = False
    assert same(scene.streamed(scene.conditions(), stream.blocks), expected)


@pytest.mark.parametrize("stopped_at", range(6))
def test_a_pass_broken_off_anywhere_spoils_nothing(
    scene: Any, unkind: StreamProbe, stopped_at: int
) -> None:
    expected = scene.steps(scene.conditions())
    stream = BlockStream(scene.model.blocks, ModuleSource(scene.model.blocks), probe=unkind)
    abandoned = stream.blocks()
    for _ in range(stopped_at):
        next(abandoned)
    second = stream.blocks()
    next(second)
    abandoned.close()  # the old pass ends while a new one is under way
    assert stream.live_bytes > 0
    assert same(scene.streamed(scene.conditions(), stream.blocks), expected)


def test_residence_can_change_between_steps(scene: Any, unkind: StreamProbe) -> None:
    conditions = scene.conditions(*BRANCHES)
    expected = scene.steps(conditions, 1)
    stream = BlockStream(scene.model.blocks, ModuleSource(scene.model.blocks), probe=unkind)
    allocated = []
    for resident in (5, 3, 0, 4, 1):
        stream.set_resident(resident)
        assert same(scene.streamed(conditions, stream.blocks, 1), expected)
        allocated.append(stream.allocated_bytes)
    assert allocated[0] == allocated[1] > allocated[4] > allocated[2]
    stream.suspend()
    assert same(scene.streamed(conditions, stream.blocks, 1), expected)
    with pytest.raises(ValueError, match=r"0\.\.5"):
        stream.set_resident(6)


def stored(scene: Any, folder: Path, precision: str) -> BlockStore:
    weights = dict(scene.model.state_dict())
    return BlockStore(import_weights(weights, folder / "w.safetensors", coding_for(precision)))


@pytest.mark.parametrize("precision", ["fp32", "fp8", "int8"])
@pytest.mark.parametrize("kind", [StoreSource, DiskSource])
def test_blocks_of_a_file_equal_blocks_in_memory(
    scene: Any, unkind: StreamProbe, tmp_path: Path, precision: str, kind: Any
) -> None:
    store = stored(scene, tmp_path, precision)
    scene.model.to(torch.bfloat16 if precision != "fp32" else torch.float32)
    for block in scene.model.blocks:
        if precision != "fp32":
            replace_linears(block, precision, linears(block))
    scene.model.load_state_dict(store.tensors(), strict=True)
    expected = scene.steps(scene.conditions())
    stream = BlockStream(scene.model.blocks, kind(store), probe=unkind)
    assert same(scene.streamed(scene.conditions(), stream.blocks), expected)
    stream.close()


def test_float32_files_run_in_bfloat16(scene: Any, unkind: StreamProbe) -> None:
    wide = {n: t.clone() for n, t in scene.model.state_dict().items()}
    scene.model.to(torch.bfloat16)
    expected = scene.steps(scene.conditions())
    source = LazySource(wide, scene.model.blocks, context=is_context, dtype=torch.bfloat16)
    stream = BlockStream(scene.model.blocks, source, probe=unkind)
    assert same(scene.streamed(scene.conditions(), stream.blocks), expected)


def a_lora(names: Sequence[str], model: nn.Module) -> LoraFile:
    deltas = {}
    for number, name in enumerate(names):
        out, width = model.get_parameter(f"{name}.weight").shape
        down, up = torch.randn(2, width), torch.randn(out, 2)
        delta = Delta(down=down, up=up, factor=1.0 + number)
        deltas[f"{name}.weight"] = (delta,)
    return LoraFile(path=Path("test"), deltas=deltas, total=len(deltas))


@pytest.mark.parametrize("precision", ["fp32", "fp8"])
@pytest.mark.parametrize("merged", [False, True])
def test_a_network_runs_out_of_its_store_with_loras_beside(
    scene: Any, unkind: StreamProbe, tmp_path: Path, precision: str, merged: bool
) -> None:
    names = [f"blocks.{n}.{part}" for n in (0, 2, 3) for part in ("self_attn.q", "cross_attn.k")]
    lora = a_lora(names, scene.model)  # of different strength on each, on some blocks only
    opened = open_stored(stored(scene, tmp_path, precision), scene.model.config)
    scene.model.to(opened.network.dtype)  # it makes the conditions
    plain = replace(scene, model=opened.network).steps(scene.conditions())
    if merged:
        attach(opened.network, [ScaledLora(lora=lora, scale=0.5)])
    run = replace(scene, model=opened.network)
    expected = run.steps(scene.conditions())
    assert torch.equal(plain[0], expected[0]) is not merged
    stream = BlockStream(
        opened.network.blocks, opened.source(changed=merged, unbuffered=True), probe=unkind
    )
    assert same(run.streamed(scene.conditions(), stream), expected)
    stream.close()


def test_a_store_of_other_blocks_is_refused(scene: Any, tmp_path: Path) -> None:
    store = stored(scene, tmp_path, "fp32")
    del scene.model.blocks[0].norm3
    with pytest.raises(ValueError, match="the block has no norm3"):
        BlockStream(scene.model.blocks, StoreSource(store))
    with pytest.raises(ValueError, match="4 blocks, 5 in the source"):
        BlockStream(scene.model.blocks[1:], StoreSource(store))


def test_a_change_reaches_blocks_not_yet_made(scene: Any) -> None:
    stream = BlockStream(scene.model.blocks, ModuleSource(scene.model.blocks), resident=0)
    stream.apply(lambda module: setattr(module, "marked", True))
    stream.set_resident(3)
    assert all(getattr(module, "marked", False) for _, module in stream.blocks())


@pytest.mark.parametrize("count", [1, 2, 5, 40])
def test_residents_lie_evenly_and_nest(count: int) -> None:
    order = spread(count)
    assert sorted(order) == list(range(count))
    if count == 40:
        gaps = [b - a for a, b in zip(sorted(order[:10]), sorted(order[:10])[1:], strict=False)]
        assert max(gaps) <= 5


def test_memory_goes_without_a_search_for_cycles(scene: Any) -> None:
    """Looking for cycles takes 0.3 s in a large program, and the next stage needs the room now."""
    stream = BlockStream(
        scene.model.blocks, ModuleSource(scene.model.blocks, context=is_context), resident=2
    )
    scene.steps(scene.conditions(*BRANCHES), count=1, blocks=stream)
    gc.collect()
    gc.disable()
    try:
        ring, resident = (
            [weakref.ref(s) for s in slots] for slots in (stream._ring, stream._resident.values())
        )
        stream.suspend(keep_resident=True)
        assert [ref() is None for ref in ring] == [True] * 2
        assert all(ref() is not None for ref in resident)
        stream.set_resident(0)
        assert all(ref() is None for ref in resident)
        scene.steps(scene.conditions(*BRANCHES), count=1, blocks=stream)
        ring = [weakref.ref(slot) for slot in stream._ring]
        stream.close()
        assert all(ref() is None for ref in ring)
    finally:
        gc.enable()
