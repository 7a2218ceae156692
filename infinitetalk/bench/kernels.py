"""Where the time of a pass goes, by kinds of kernels."""

import re
from collections.abc import Callable
from typing import Any

import torch
from torch.profiler import ProfilerActivity, profile

from infinitetalk.bench.floors import size_text
from infinitetalk.bench.network import Inputs, RandomModel, inputs_for
from infinitetalk.bench.passes import warm_up
from infinitetalk.bench.settings import Settings

# The first pattern that a kernel's name contains decides.
KINDS = (
    ("attention", r"sdpa|flash|fmha|attention"),
    ("8-bit coding", r"_quantize_rows"),
    (
        "products",
        r"gemm|cutlass|nvjet|xmma|_int8_product|scaled_mm|addmm|::mm|::linear|int_mm|conv|cublas",
    ),
    (
        "norms, rotation, gates",
        r"_norm_modulate|_norm_rotate|_add_gated|_add_norm|_rms_norm|layer_norm|LayerNorm",
    ),
    ("activation", r"gelu"),
    ("copies to the device", r"Memcpy HtoD"),
    ("copies on the device", r"Memcpy DtoD|copy_|CatArray"),
)
OTHER = "elementwise and other"
NAMED, NAME_LENGTH = 8, 90  # kernels of each kind that are told one by one


def kind_of(name: str) -> str:
    """The kind of a kernel, or on a CPU of an operation."""
    for kind, pattern in KINDS:
        if re.search(pattern, name, re.IGNORECASE):
            return kind
    return OTHER


def measure_kernels(
    settings: Settings, model: RandomModel, precision: str, size: tuple[int, int]
) -> list[dict[str, Any]]:
    """A row: seconds of each kind in one streamed pass."""
    inputs = inputs_for(settings, model.network, size)
    model.stream.set_resident(0)
    warm_up(model, inputs)
    kinds = _profiled(settings, model, inputs)
    # Copies to the device go on beside everything else: they are no part of the sum.
    busy = sum(k["seconds"] for n, k in kinds.items() if n != "copies to the device")
    return [
        {
            "precision": precision,
            "size": size_text(size),
            "busy": busy,
            "kinds": dict(sorted(kinds.items(), key=lambda item: -item[1]["seconds"])),
        }
    ]


def _recorded(settings: Settings, work: Callable[[], object]) -> Any:
    activity = ProfilerActivity.CUDA if settings.cuda else ProfilerActivity.CPU
    with profile(activities=[activity]) as recorded:
        work()
        if settings.cuda:
            torch.cuda.synchronize(settings.device)
    return recorded.key_averages()


def longest_kernels(settings: Settings, work: Callable[[], object]) -> list[tuple[str, float, int]]:
    """Name, seconds and number of the kernels that take longest; nothing on a CPU."""
    if not settings.cuda:
        return []
    found = [
        (event.key[:NAME_LENGTH], event.self_device_time_total / 1e6, event.count)
        for event in _recorded(settings, work)
    ]
    return sorted(found, key=lambda kernel: -kernel[1])[:NAMED]


def _profiled(settings: Settings, model: RandomModel, inputs: Inputs) -> dict[str, dict[str, Any]]:
    kinds: dict[str, dict[str, Any]] = {}
    longest: dict[str, float] = {}
    for event in _recorded(settings, lambda: inputs.run(model.network, model.stream)):
        spent = event.self_device_time_total if settings.cuda else event.self_cpu_time_total
        if spent <= 0:
            continue
        kind = kind_of(event.key)
        found = kinds.setdefault(kind, {"seconds": 0.0, "count": 0, "longest": "", "kernels": []})
        found["seconds"] += spent / 1e6
        found["count"] += event.count
        found["kernels"].append([event.key[:NAME_LENGTH], spent / 1e6, event.count])
        if spent > longest.get(kind, 0.0):
            longest[kind], found["longest"] = spent, event.key
    for found in kinds.values():
        found["kernels"] = sorted(found["kernels"], key=lambda k: -k[1])[:NAMED]
    return kinds
