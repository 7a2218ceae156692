"""Where the time of a pass goes, by kinds of kernels."""

import re
from typing import Any

import torch
from torch.profiler import ProfilerActivity, profile

from infinitetalk.bench.floors import size_text
from infinitetalk.bench.network import Inputs, RandomModel, inputs_for, random_model
from infinitetalk.bench.settings import Settings

# The first pattern that a kernel's name contains decides.
KINDS = (
    ("attention", r"sdpa|flash|fmha|attention"),
    ("8-bit coding", r"_quantize_rows"),
    (
        "products",
        r"gemm|cutlass|nvjet|xmma|_int8_product|scaled_mm|addmm|::mm|::linear|int_mm|conv|cublas",
    ),
    ("norms, rotation, gates", r"_norm_modulate|_norm_rotate|_add_gated|layer_norm|LayerNorm"),
    ("activation", r"gelu"),
    ("copies to the device", r"Memcpy HtoD"),
    ("copies on the device", r"Memcpy DtoD|copy_|CatArray"),
)
OTHER = "elementwise and other"


def kind_of(name: str) -> str:
    """The kind of a kernel, or on a CPU of an operation."""
    for kind, pattern in KINDS:
        if re.search(pattern, name, re.IGNORECASE):
            return kind
    return OTHER


def measure_kernels(settings: Settings) -> list[dict[str, Any]]:
    """A row per precision at the first size: seconds of each kind in one streamed pass."""
    size = settings.sizes[0]
    rows = []
    for precision in settings.precisions:
        model = random_model(settings, precision)
        inputs = inputs_for(settings, model.network, size)
        inputs.run(model.network, model.stream)
        kinds = _profiled(settings, model, inputs)
        # Copies to the device go on beside everything else: they are no part of the sum.
        busy = sum(k["seconds"] for n, k in kinds.items() if n != "copies to the device")
        rows.append(
            {
                "precision": precision,
                "size": size_text(size),
                "busy": busy,
                "kinds": dict(sorted(kinds.items(), key=lambda item: -item[1]["seconds"])),
            }
        )
        model.stream.close()
        del model
    return rows


def _profiled(settings: Settings, model: RandomModel, inputs: Inputs) -> dict[str, dict[str, Any]]:
    activity = ProfilerActivity.CUDA if settings.cuda else ProfilerActivity.CPU
    with profile(activities=[activity]) as recorded:
        inputs.run(model.network, model.stream)
        if settings.cuda:
            torch.cuda.synchronize(settings.device)
    kinds: dict[str, dict[str, Any]] = {}
    longest: dict[str, float] = {}
    for event in recorded.key_averages():
        spent = event.self_device_time_total if settings.cuda else event.self_cpu_time_total
        if spent <= 0:
            continue
        kind = kind_of(event.key)
        found = kinds.setdefault(kind, {"seconds": 0.0, "count": 0, "longest": ""})
        found["seconds"] += spent / 1e6
        found["count"] += event.count
        if spent > longest.get(kind, 0.0):
            longest[kind], found["longest"] = spent, event.key
    return kinds
