"""Norms whose result nobody reads but linear layers in 8 bits: coded where it is made.

A norm is told which layers read it. Where all of them would code it the same way, a fused kernel does
that at once, and neither writes the tokens in 16 bits nor reads them again; else the tokens come out as
they are.
"""

from collections.abc import Sequence
from types import ModuleType
from typing import Any

import torch
from torch import Tensor, nn

from infinitetalk.ops import fused, modulation
from infinitetalk.quant.linear import QuantLinear
from infinitetalk.quant.matmul import path_for, scheme_of
from infinitetalk.quant.rows import SMALLEST_STEP, CodedTokens, Rows


def norm_modulate(
    x: Tensor, shift: Tensor, scale: Tensor, eps: float, *, readers: Sequence[nn.Module]
) -> Tensor | CodedTokens:
    """`ops.modulation.norm_modulate`, for `readers`."""
    found = _coding(x, readers)
    if found is None:
        return modulation.norm_modulate(x, shift, scale, eps)
    kernels, coding = found
    return _coded(x, *kernels.norm_modulate_coded(x, shift, scale, eps, coding))


def add_norm(
    x: Tensor,
    y: Tensor,
    gate: Tensor | None,
    weight: Tensor,
    bias: Tensor,
    eps: float,
    *,
    readers: Sequence[nn.Module],
) -> tuple[Tensor, Tensor | CodedTokens]:
    """`ops.modulation.add_norm`, its norm for `readers`."""
    found = _coding(x, readers) if x.dtype == y.dtype == weight.dtype else None
    if found is None or not y.is_contiguous():
        return modulation.add_norm(x, y, gate, weight, bias, eps)
    kernels, coding = found
    total, *rows = kernels.add_norm_coded(x, y, gate, weight, bias, eps, coding, modulated=False)
    return total, _coded(x, *rows)


def add_norm_modulate(
    x: Tensor, y: Tensor, shift: Tensor, scale: Tensor, eps: float, *, readers: Sequence[nn.Module]
) -> tuple[Tensor, Tensor | CodedTokens]:
    """`ops.modulation.add_norm_modulate`, its norm for `readers`."""
    found = _coding(x, readers) if x.dtype == y.dtype else None
    if found is None or not y.is_contiguous():
        return modulation.add_norm_modulate(x, y, shift, scale, eps)
    kernels, coding = found
    total, *rows = kernels.add_norm_coded(x, y, None, scale, shift, eps, coding, modulated=True)
    return total, _coded(x, *rows)


def _coding(x: Tensor, readers: Sequence[nn.Module]) -> tuple[ModuleType, Any] | None:
    """The kernels and how they code; None where a reader needs the tokens themselves."""
    kernels = fused.kernels_for(x)
    if kernels is None:
        return None
    kinds: set[torch.dtype] = set()
    for reader in readers:
        # A layer that something has wrapped or that puts an activation first reads values.
        if type(reader) is not QuantLinear or reader.gelu_first:
            return None
        if not path_for(x, reader.data).takes_rows:
            return None
        kinds.add(reader.data.dtype)
    if len(kinds) != 1:
        return None
    scheme = scheme_of(kinds.pop())
    return kernels, kernels.Coding(dtype=scheme.dtype, limit=scheme.limit, smallest=SMALLEST_STEP)


def _coded(x: Tensor, data: Tensor, scale: Tensor) -> CodedTokens:
    rows = Rows(data=data.view(-1, x.shape[-1]), scale=scale)
    return CodedTokens(rows=rows, shape=x.shape, dtype=x.dtype)
