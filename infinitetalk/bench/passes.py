"""One pass over all blocks: resident against streamed, and against what the card can do."""

import gc
from typing import Any

import torch
from torch import Tensor

from infinitetalk.bench.clock import measured
from infinitetalk.bench.floors import Floors, size_text
from infinitetalk.bench.network import BRANCHES, inputs_for, random_model
from infinitetalk.bench.settings import Settings
from infinitetalk.plan.memory import transformer_bytes

DRAFT_SIZES = ((512, 512), (256, 256))  # (H, W); 5,376 tokens at the smaller one with 81 frames
TINY_DRAFT_SIZES = ((32, 48),)


def measure_passes(settings: Settings, floors: Floors | None) -> list[dict[str, Any]]:
    """A row per precision and size: seconds resident and streamed, peaks, floor, prediction."""
    rows = []
    for precision in settings.precisions:
        model = random_model(settings, precision)
        for size in settings.sizes:
            inputs = inputs_for(settings, model.network, size)

            last: list[Tensor] = []

            def one_pass(inputs=inputs, model=model, last=last) -> None:
                last[:] = inputs.run(model.network, model.stream)

            model.stream.set_resident(0)
            streamed = measured(one_pass, settings.device, repeats=settings.repeats)
            finite = all(bool(t.isfinite().all()) for t in last)
            live = model.stream.allocated_bytes
            row: dict[str, Any] = {
                "precision": precision,
                "size": size_text(size),
                "streamed": streamed.to_json(),
                "finite": finite,
                "block_bytes": model.block_bytes,
                "ring_bytes": live,
                "predicted_peak": _predicted(settings, precision, size, 1),
            }
            if _fits_resident(settings, model.block_bytes):
                model.stream.set_resident(len(model.stream))
                resident = measured(one_pass, settings.device, repeats=settings.repeats)
                model.stream.set_resident(0)
                _give_back(settings)
                row["resident"] = resident.to_json()
                row["streamed_over_resident"] = streamed.seconds / resident.seconds
            if floors is not None:
                row["floor_seconds"] = floors.pass_seconds(settings, precision, size)
                row["streamed_over_floor"] = streamed.seconds / row["floor_seconds"]
            rows.append(row)
        model.stream.close()
        del model
        _give_back(settings)
        if settings.pageable:
            rows += _pageable(settings, precision)
    return rows


def _pageable(settings: Settings, precision: str) -> list[dict[str, Any]]:
    """The same pass with no block page-locked: a thread and staging buffers."""
    model = random_model(settings, precision, pinned=0)
    network, stream = model.network, model.stream
    rows = []
    for size in settings.sizes:
        inputs = inputs_for(settings, network, size)
        found = measured(
            lambda inputs=inputs: inputs.run(network, stream),
            settings.device,
            repeats=settings.repeats,
        )
        rows.append(
            {
                "precision": precision,
                "size": size_text(size),
                "source": "pageable",
                "streamed": found.to_json(),
            }
        )
    stream.close()
    return rows


def measure_drafts(settings: Settings) -> list[dict[str, Any]]:
    """Three branches of small pictures: each block loaded once for all, or once for each."""
    rows = []
    sizes = DRAFT_SIZES if settings.full else TINY_DRAFT_SIZES
    for precision in settings.precisions:
        model = random_model(settings, precision)
        network, stream = model.network, model.stream
        for size in sizes:
            together = inputs_for(settings, network, size, BRANCHES, keep=True)
            alone = inputs_for(settings, network, size, BRANCHES[:1], keep=True)

            def three_passes(alone=alone, network=network, stream=stream) -> None:
                for _ in BRANCHES:
                    alone.run(network, stream)

            def once(together=together, network=network, stream=stream) -> object:
                return together.run(network, stream)

            # Two passes first: keys and values are kept then, and the ring knows it.
            once_loaded = measured(once, settings.device, repeats=settings.repeats, warm_up=2)
            each_loaded = measured(three_passes, settings.device, repeats=settings.repeats)
            row: dict[str, Any] = {
                "precision": precision,
                "size": size_text(size),
                "once_loaded": once_loaded.to_json(),
                "each_loaded": each_loaded.to_json(),
                "predicted_peak": _predicted(settings, precision, size, len(BRANCHES)),
            }
            if _fits_resident(settings, model.block_bytes):
                stream.set_resident(len(stream))
                resident = measured(three_passes, settings.device, repeats=settings.repeats)
                stream.set_resident(0)
                _give_back(settings)
                row["resident_three_passes"] = resident.to_json()
                row["once_loaded_over_resident"] = once_loaded.seconds / resident.seconds
            rows.append(row)
        stream.close()
        del model, network, stream
        _give_back(settings)
    return rows


def _predicted(settings: Settings, precision: str, size: tuple[int, int], branches: int) -> int:
    """Peak that `plan` expects of the denoising stage with nothing resident."""
    names = BRANCHES[:branches]
    parts = transformer_bytes(
        settings.weights,
        size,
        settings.frames,
        branches=names,
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
    _give_back(settings)
    free, _ = torch.cuda.mem_get_info(settings.device)
    if settings.cap is not None:
        free = min(free, settings.cap)
    return block_bytes * settings.wan.num_layers * 1.15 + (6 << 30) < free


def _give_back(settings: Settings) -> None:
    gc.collect()
    if settings.cuda:
        torch.cuda.empty_cache()
