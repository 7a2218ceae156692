"""One pass over all blocks: resident against streamed, and against what the card can do."""

from itertools import islice
from typing import Any

import torch
from torch import Tensor

from infinitetalk.bench.clock import measured
from infinitetalk.bench.floors import Floors, size_text
from infinitetalk.bench.network import BRANCHES, Inputs, RandomModel, inputs_for, random_model
from infinitetalk.bench.parts import give_back
from infinitetalk.bench.settings import Settings
from infinitetalk.plan.cost import token_count
from infinitetalk.plan.memory import transformer_bytes

PIECES = (0, 16384, 8192, 4096, 2048)  # tokens at a time; 0: all
MANY_TOKENS = 50_000
WARM_BLOCKS = 3  # compile kernels and take all memory that a pass takes


def repeats_at(settings: Settings, size: tuple[int, int], passes: int = 1) -> int:
    """How often work of so many passes is measured: once where it takes many seconds."""
    many = token_count(size, settings.frames) * passes > MANY_TOKENS
    return 1 if many else settings.repeats


def warm_up(model: RandomModel, inputs: Inputs) -> None:
    """The first blocks of a pass: a whole one at the large sizes takes longer than it is worth."""
    model.network.forward_branches(
        inputs.latents, inputs.y, 700.0, inputs.conditions, blocks=islice(model.stream, WARM_BLOCKS)
    )


def measure_pass(
    settings: Settings,
    floors: Floors | None,
    model: RandomModel,
    precision: str,
    size: tuple[int, int],
) -> list[dict[str, Any]]:
    """A row: seconds resident and streamed, peaks, floor, prediction."""
    inputs = inputs_for(settings, model.network, size)
    repeats = repeats_at(settings, size)
    last: list[Tensor] = []

    def one_pass() -> None:
        last[:] = inputs.run(model.network, model.stream)

    model.stream.set_resident(0)
    warm_up(model, inputs)
    streamed = measured(one_pass, settings.device, repeats=repeats, warm_up=0)
    row: dict[str, Any] = {
        "precision": precision,
        "size": size_text(size),
        "streamed": streamed.to_json(),
        "finite": all(bool(t.isfinite().all()) for t in last),
        "block_bytes": model.block_bytes,
        "ring_bytes": model.stream.allocated_bytes,
        "predicted_peak": predicted_peak(settings, precision, size, 1),
    }
    last.clear()
    if _fits_resident(settings, model.block_bytes):
        model.stream.set_resident(len(model.stream))
        warm_up(model, inputs)
        resident = measured(one_pass, settings.device, repeats=repeats, warm_up=0)
        model.stream.set_resident(0)
        row["resident"] = resident.to_json()
        row["streamed_over_resident"] = streamed.seconds / resident.seconds
    if floors is not None:
        row["floor_seconds"] = floors.pass_seconds(settings, precision, size)
        row["streamed_over_floor"] = streamed.seconds / row["floor_seconds"]
        row["floor_sustained"] = floors.sustained_seconds(settings, precision, size)
    return [row]


def measure_pieces(
    settings: Settings, model: RandomModel, precision: str, size: tuple[int, int]
) -> list[dict[str, Any]]:
    """A row per number of tokens at a time: seconds and peak of a streamed pass."""
    inputs = inputs_for(settings, model.network, size)
    model.stream.set_resident(0)
    rows = []
    for tokens in PIECES:
        model.network.token_chunk = tokens or None
        give_back(settings)
        warm_up(model, inputs)
        found = measured(
            lambda: inputs.run(model.network, model.stream),
            settings.device,
            repeats=settings.repeats,
            warm_up=0,
        )
        rows.append(
            {
                "precision": precision,
                "size": size_text(size),
                "token_chunk": tokens,
                "streamed": found.to_json(),
            }
        )
    model.network.token_chunk = settings.token_chunk or None
    return rows


def measure_pageable(
    settings: Settings, precision: str, size: tuple[int, int]
) -> list[dict[str, Any]]:
    """The same pass with no block page-locked: a thread and staging buffers."""
    model = random_model(settings, precision, pinned=0)
    inputs = inputs_for(settings, model.network, size)
    warm_up(model, inputs)
    found = measured(
        lambda: inputs.run(model.network, model.stream),
        settings.device,
        repeats=settings.repeats,
        warm_up=0,
    )
    model.stream.close()
    return [
        {
            "precision": precision,
            "size": size_text(size),
            "source": "pageable",
            "streamed": found.to_json(),
        }
    ]


def measure_draft(
    settings: Settings, model: RandomModel, precision: str, size: tuple[int, int]
) -> list[dict[str, Any]]:
    """Three branches of a small picture: each block loaded once for all, or once for each."""
    network, stream = model.network, model.stream
    together = inputs_for(settings, network, size, BRANCHES, keep=True)
    alone = inputs_for(settings, network, size, BRANCHES[:1], keep=True)

    def once() -> object:
        return together.run(network, stream)

    def three_passes() -> None:
        for _ in BRANCHES:
            alone.run(network, stream)

    repeats = repeats_at(settings, size, len(BRANCHES))
    stream.set_resident(0)
    # Two passes first: keys and values are kept then, and the ring knows it.
    once_loaded = measured(once, settings.device, repeats=repeats, warm_up=2)
    each_loaded = measured(three_passes, settings.device, repeats=repeats, warm_up=1)
    row: dict[str, Any] = {
        "precision": precision,
        "size": size_text(size),
        "once_loaded": once_loaded.to_json(),
        "each_loaded": each_loaded.to_json(),
        "predicted_peak": predicted_peak(settings, precision, size, len(BRANCHES)),
    }
    if _fits_resident(settings, model.block_bytes):
        stream.set_resident(len(stream))
        resident = measured(three_passes, settings.device, repeats=repeats, warm_up=0)
        stream.set_resident(0)
        row["resident_three_passes"] = resident.to_json()
        row["once_loaded_over_resident"] = once_loaded.seconds / resident.seconds
    return [row]


def predicted_peak(settings: Settings, precision: str, size: tuple[int, int], branches: int) -> int:
    """Peak that `plan` expects of the denoising stage with nothing resident."""
    parts = transformer_bytes(
        settings.weights,
        size,
        settings.frames,
        branches=BRANCHES[:branches],
        speakers=1,
        precision=precision,
        dtype="float32" if settings.dtype == torch.float32 else "bfloat16",
        token_chunk=settings.token_chunk,
        teacache=False,
    )
    return parts.total(resident=0, blocks=settings.wan.num_layers, keep_key_values=branches > 1)


def _fits_resident(settings: Settings, block_bytes: int) -> bool:
    if not settings.cuda:
        return True
    give_back(settings)
    free, _ = torch.cuda.mem_get_info(settings.device)
    return block_bytes * settings.wan.num_layers * 1.15 + (6 << 30) < free
