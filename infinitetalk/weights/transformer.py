"""The transformer of a job from its files: precision, stored 8-bit layers and LoRAs in one call."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import torch
from torch import nn

from infinitetalk.quant.linear import replace_linears
from infinitetalk.weights.load import load_into
from infinitetalk.weights.lora import Delta
from infinitetalk.weights.merge import ScaledLora, merge
from infinitetalk.weights.quanto import quantized_layers
from infinitetalk.weights.side_branch import Attachment, attach
from infinitetalk.weights.tensors import LazyState, State

Precision = Literal["fp32", "bf16", "fp8", "int8"]
BLOCKS = "blocks."


@dataclass(frozen=True, kw_only=True)
class LoadedTransformer:
    """What was made of a network while loading it."""

    quantized: tuple[str, ...]  # layers that run with 8-bit weights
    stored: tuple[str, ...]  # those of them that the files held in 8 bits already
    attachment: Attachment | None  # LoRAs beside the stored 8-bit layers


def block_linears(module: nn.Module) -> list[str]:
    """The layers that 8-bit precision applies to: linears in blocks; the rest stays as it is."""
    return [
        name
        for name, part in module.named_modules()
        if isinstance(part, nn.Linear) and name.startswith(BLOCKS)
    ]


def load_transformer(
    module: nn.Module,
    state: State,
    *,
    precision: Precision = "bf16",
    dtype: torch.dtype | None = None,
    device: torch.device | str | None = None,
    loras: Sequence[ScaledLora] = (),
) -> LoadedTransformer:
    """Fills a transformer that was built on `meta`.

    Layers stored in 8 bits run as they are, whatever `precision` says; with fp8 or int8 the other
    linears of the blocks are quantized on the way, one layer at a time. `dtype` is that of
    everything else (default: float32 for fp32, else bfloat16). LoRAs are merged in float32 before
    rounding or quantizing, except on layers stored in 8 bits, where they run beside the weights.

    Raises EngineError `weights.corrupt` if the tensors don't fit.
    """
    dtype = dtype or (torch.float32 if precision == "fp32" else torch.bfloat16)
    stored = quantized_layers(state) if isinstance(state, LazyState) else {}
    for name, scheme in stored.items():
        replace_linears(module, scheme, [name])
    fresh: list[str] = []
    if precision in ("fp8", "int8"):
        fresh = replace_linears(module, precision, block_linears(module))
    beside, merged = _split(loras, {f"{name}.weight" for name in stored})
    load_into(module, merge(state, merged), dtype=dtype, device=device, what="transformer")
    return LoadedTransformer(
        quantized=(*stored, *fresh),
        stored=tuple(stored),
        attachment=attach(module, beside) if beside else None,
    )


def _split(
    loras: Sequence[ScaledLora], stored: set[str]
) -> tuple[list[ScaledLora], list[ScaledLora]]:
    """The parts of LoRAs that change `stored` weights, and the parts that change others."""
    beside: list[ScaledLora] = []
    merged: list[ScaledLora] = []
    for part in loras:
        inside: dict[str, tuple[Delta, ...]] = {}
        outside: dict[str, tuple[Delta, ...]] = {}
        for name, deltas in part.lora.deltas.items():
            (inside if name in stored else outside)[name] = deltas
        for deltas, target in ((inside, beside), (outside, merged)):
            if deltas:
                target.append(replace(part, lora=replace(part.lora, deltas=deltas)))
    return beside, merged
