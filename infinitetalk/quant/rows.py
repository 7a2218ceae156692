"""Activations in 8 bits: one scale per token, found while they are read."""

import weakref
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from infinitetalk.quant.kernels import kernels_for
from infinitetalk.quant.schemes import Scheme

SMALLEST_STEP = 1e-12  # of a token of zeros, so that nothing is divided by zero


@dataclass(frozen=True, kw_only=True)
class Rows:
    """Activations as `data * scale`: data 8-bit [M, K], scale float32 [M, 1]."""

    data: Tensor
    scale: Tensor


@dataclass(frozen=True, kw_only=True)
class CodedTokens:
    """Tokens [..., K] that are there in 8 bits only, for linear layers in 8 bits."""

    rows: Rows
    shape: torch.Size
    dtype: torch.dtype  # of the tokens, and of what a layer makes of them


def quantize_rows_plain(x: Tensor, scheme: Scheme) -> Rows:
    """The plain path: x [M, K] of any float dtype."""
    wide = x.float()
    step = (wide.abs().amax(1, keepdim=True) / scheme.limit).clamp_min(SMALLEST_STEP)
    scaled = (wide * step.reciprocal()).clamp_(-scheme.limit, scheme.limit)
    if not scheme.dtype.is_floating_point:
        scaled = scaled.round_()
    return Rows(data=scaled.to(scheme.dtype), scale=step)


def quantize_rows(x: Tensor, scheme: Scheme, *, gelu: bool = False) -> Rows:
    """Activations [M, K], or their GELU by tanh, in 8 bits, by a fused kernel where there is one."""
    kernels = kernels_for(x)
    if kernels is not None:
        data, scale = kernels.quantize_rows(x, scheme.dtype, scheme.limit, SMALLEST_STEP, gelu=gelu)
        return Rows(data=data, scale=scale)
    return quantize_rows_plain(functional.gelu(x, approximate="tanh") if gelu else x, scheme)


class LastRows:
    """The latest activations in 8 bits: query, key and value layers ask for the same three times.

    Held only as long as the activations themselves live, unchanged.
    """

    def __init__(self) -> None:
        self._of: weakref.ref[Tensor] | None = None
        self._version = -1
        self._scheme: Scheme | None = None
        self._rows: Rows | None = None

    def get(self, x: Tensor, scheme: Scheme, *, gelu: bool = False) -> Rows:
        """The rows of x [..., K], made or found; those of its GELU are made."""
        if gelu:
            return quantize_rows(x.reshape(-1, x.shape[-1]), scheme, gelu=True)
        if x.is_inference():  # such tensors don't count their changes
            return _made(x, scheme)
        found = self._rows
        if (
            found is not None
            and self._of is not None
            and self._of() is x
            and self._version == x._version
            and self._scheme == scheme
        ):
            return found
        rows = _made(x, scheme)
        self._of = weakref.ref(x, self._drop)
        self._version, self._scheme, self._rows = x._version, scheme, rows
        return rows

    def _drop(self, gone: weakref.ref[Tensor]) -> None:
        if self._of is gone:
            self._of = self._rows = None


def _made(x: Tensor, scheme: Scheme) -> Rows:
    return quantize_rows(x.reshape(-1, x.shape[-1]), scheme)
