"""Which blocks stay and which come and go, and which are alike."""

from collections.abc import Sequence

import torch
from torch import nn


def spread(count: int) -> list[int]:
    """0..count-1 in an order whose every beginning lies about evenly over the whole.

    Streamed blocks then alternate with resident ones, which leaves the transfers most time; and
    going from k to fewer resident blocks never brings in another one. Van der Corput's sequence.
    """
    bits = max(count - 1, 0).bit_length()
    places = (int(f"{number:0{bits}b}"[::-1], 2) if bits else 0 for number in range(1 << bits))
    return [place for place in places if place < count]


def kinds_of(layouts: Sequence[object], modules: Sequence[nn.Module]) -> list[int]:
    """A number for each block, the same for blocks that one module can stand for.

    Equal layouts are not enough: the strength of a LoRA, say, is no tensor.
    """
    seen: list[object] = []
    found = []
    for layout, module in zip(layouts, modules, strict=True):
        kind = (layout, _settings(module))
        if kind not in seen:
            seen.append(kind)
        found.append(seen.index(kind))
    return found


def _settings(module: nn.Module) -> list[tuple[str, str, dict[str, object]]]:
    """Type and plain attributes of every module inside."""
    plain = (bool, int, float, str, tuple, torch.dtype, type(None))
    return [
        (
            name,
            type(inner).__qualname__,
            {k: v for k, v in vars(inner).items() if isinstance(v, plain)},
        )
        for name, inner in module.named_modules()
    ]
