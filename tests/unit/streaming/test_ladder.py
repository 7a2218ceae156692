"""Out of memory anywhere in a chunk: the same chunk again, one rung lower, and it finishes."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from infinitetalk.errors import EngineError
from infinitetalk.models.vae import VaeConfig, WanVae
from infinitetalk.models.vae.tiles import TiledVae
from infinitetalk.streaming import BlockStream, ModuleSource
from infinitetalk.streaming.allocation import (
    ALLOCATOR,
    AllocationPoints,
    is_out_of_memory,
    use_growing_segments,
)
from infinitetalk.streaming.ladder import Ladder, MemorySettings, StepDown, lower_settings
from infinitetalk.streaming.remembered import recall, remember, settings_key
from infinitetalk.weights.store_layout import is_context

SIZE = (32, 48)
START = MemorySettings(resident_blocks=1, vae_tile=160)


def tiny_vae() -> WanVae:
    return WanVae(
        VaeConfig(
            encoder_stem=2,
            encoder_widths=(2, 2),
            encoder_blocks=1,
            decoder_stem=2,
            decoder_widths=(2, 2),
            decoder_blocks=1,
            time_stages=(True,),
        )
    ).eval()


class Chunk:
    """One step of denoising through a streamed transformer, then decoding."""

    def __init__(self, scene: Any) -> None:
        self.scene = scene
        self.vae = tiny_vae()
        self.stream = BlockStream(
            scene.model.blocks, ModuleSource(scene.model.blocks, context=is_context), resident=1
        )

    def denoise(self, settings: MemorySettings) -> Tensor:
        self.stream.set_resident(settings.resident_blocks)
        self.scene.model.token_chunk = settings.token_chunk or None
        conditions = self.scene.conditions(keep=settings.keep_key_values)
        return self.scene.streamed(conditions, self.stream.blocks, count=1)[0]

    def decode(self, latents: Tensor, settings: MemorySettings) -> Tensor:
        return TiledVae(self.vae, tile=settings.vae_tile).decode(latents)

    def run(self, ladder: Ladder, on_step_down: Callable[[StepDown], None]) -> Tensor:
        latents = ladder.run("denoise", self.denoise, on_step_down)
        return ladder.run("decode", lambda s: self.decode(latents, s), on_step_down)


def test_every_allocation_of_a_chunk_may_fail(scene: Any) -> None:
    del scene.model.blocks[1:]
    chunk = Chunk(scene)
    expected = chunk.run(Ladder(START, size=SIZE), lambda _: pytest.fail("stepped down"))
    with AllocationPoints() as counted:
        chunk.run(Ladder(START, size=SIZE), lambda _: pytest.fail("stepped down"))
    assert counted.count > 150
    for number in range(counted.count):
        ladder = Ladder(START, size=SIZE, clean_up=lambda: None)  # a collection takes long
        steps: list[StepDown] = []
        with AllocationPoints(refused=number):
            found = chunk.run(ladder, steps.append)
        assert torch.equal(found, expected), f"allocation {number}"
        assert [s.change for s in steps] == ["resident blocks 1 to 0"]
        assert steps[0].before == START
        assert ladder.settings == steps[0].after


def test_rungs_lead_down_to_an_error_with_the_numbers() -> None:
    steps: list[StepDown] = []
    start = MemorySettings(resident_blocks=3)
    ladder = Ladder(start, size=(640, 640))

    def never(settings: MemorySettings) -> None:
        raise torch.OutOfMemoryError(f"{settings}\nwith details")

    with pytest.raises(EngineError) as caught:
        ladder.run("denoise", never, steps.append, free=lambda: (1 << 30, 8 << 30))
    assert [s.change for s in steps] == [
        "resident blocks 3 to 1",
        "resident blocks 1 to 0",
        "guidance branches one after the other",
        "keys and values computed in every step",
        "tokens at a time all to 8192",
        "tokens at a time 8192 to 4096",
        "tokens at a time 4096 to 2048",
        "tokens at a time 2048 to 1024",
        "tokens at a time 1024 to 512",
    ]
    assert [s.rung for s in steps] == list(range(1, 10))
    report = caught.value.report
    assert report.code == "vram.not_enough"
    assert "1.0 of 8.0 GiB" in report.detail
    assert report.facts["settings"]["token_chunk"] == 512


def test_decoding_takes_smaller_tiles() -> None:
    settings, tiles = MemorySettings(), []
    while (lower := lower_settings(settings, "decode", (640, 448))) is not None:
        settings = lower[0]
        tiles.append(settings.vae_tile)
    assert tiles == [480, 352, 256, 192, 144]


def test_other_errors_are_no_reason_to_step_down() -> None:
    ladder = Ladder(MemorySettings(), size=SIZE)

    def broken(_: MemorySettings) -> None:
        raise RuntimeError("shapes differ")

    with pytest.raises(RuntimeError, match="shapes differ"):
        ladder.run("denoise", broken, lambda _: pytest.fail("stepped down"))


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (torch.OutOfMemoryError("x"), True),
        (MemoryError(), True),
        (
            RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried"),
            True,
        ),
        (RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling"), True),
        (RuntimeError("size mismatch"), False),
        (ValueError("not enough memory"), False),
    ],
)
def test_running_out_is_recognized(error: Exception, expected: bool) -> None:
    assert is_out_of_memory(error) is expected


def test_a_real_refusal_of_the_allocator_is_recognized() -> None:
    with pytest.raises(RuntimeError) as caught:
        torch.empty(1 << 55, dtype=torch.uint8)
    assert is_out_of_memory(caught.value)


def test_what_worked_is_remembered_for_the_machine(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "memory.json"
    key = settings_key("RTX", 8 << 30, "weights", "fp8", (640, 448))
    assert recall(key, file) is None
    ladder = Ladder(START, size=SIZE, remember=lambda s: remember(key, s, file))
    failures = iter([True, True, False])

    def sometimes(settings: MemorySettings) -> int:
        if next(failures):
            raise MemoryError
        return settings.resident_blocks

    assert ladder.run("denoise", sometimes, lambda _: None) == 0
    found = recall(key, file)
    assert found == ladder.settings
    assert recall("another", file) is None
    assert MemorySettings(resident_blocks=9).at_most(found).resident_blocks == 0
    assert START.at_most(MemorySettings(vae_tile=0, token_chunk=8)).vae_tile == 160
    file.write_text("{")
    assert recall(key, file) is None
    remember(key, START, file)
    assert recall(key, file) == START


def test_the_allocator_is_told_to_grow_unless_the_user_has_settings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(ALLOCATOR, raising=False)
    monkeypatch.setattr("sys.platform", "win32")
    use_growing_segments()
    assert ALLOCATOR not in os.environ
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv(ALLOCATOR, "max_split_size_mb:64")
    use_growing_segments()
    assert os.environ[ALLOCATOR] == "max_split_size_mb:64"
    monkeypatch.delenv(ALLOCATOR)
    use_growing_segments()
    assert os.environ[ALLOCATOR] == "expandable_segments:True"
