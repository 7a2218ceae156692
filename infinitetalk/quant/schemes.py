"""The two 8-bit codings of a weight: fp8 (e4m3) and int8, symmetric, one scale per output row.

`weight ~ data * scale[:, None]`, with `scale = max|row| / limit` (spec transformer.md 8.1).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

SchemeName = Literal["fp8", "int8"]
ROWS = 1024  # rows coded at a time, so that no float32 copy of a whole layer is needed


@dataclass(frozen=True, kw_only=True)
class Scheme:
    """How one number of a weight is stored in 8 bits."""

    name: SchemeName
    dtype: torch.dtype
    limit: float  # the largest magnitude of a stored number


SCHEMES: Mapping[str, Scheme] = {
    "fp8": Scheme(name="fp8", dtype=torch.float8_e4m3fn, limit=448.0),
    "int8": Scheme(name="int8", dtype=torch.int8, limit=127.0),
}


def scheme_of(dtype: torch.dtype) -> Scheme | None:
    """The scheme that stores its numbers as `dtype`, if any."""
    return next((scheme for scheme in SCHEMES.values() if scheme.dtype == dtype), None)


def quantize(weight: Tensor, scheme: Scheme) -> tuple[Tensor, Tensor]:
    """Weight [out, in] to `data` [out, in] in 8 bits and `scale` [out] in float32.

    A row of zeros gets the scale 1, so that no division by zero and no NaN can arise.
    Raises ValueError for weights that are not finite.
    """
    if weight.ndim != 2:
        raise ValueError(f"a weight of a linear layer has two axes, found {tuple(weight.shape)}")
    data = torch.empty(weight.shape, dtype=scheme.dtype, device=weight.device)
    scale = torch.empty(weight.shape[0], dtype=torch.float32, device=weight.device)
    for first in range(0, weight.shape[0], ROWS):
        rows = weight[first : first + ROWS].to(torch.float32)
        peak = rows.abs().amax(dim=1)
        if not bool(torch.isfinite(peak).all()):
            raise ValueError("a weight holds numbers that are not finite")
        step = torch.where(peak > 0, peak / scheme.limit, torch.ones_like(peak))
        scaled = (rows / step[:, None]).clamp_(-scheme.limit, scheme.limit)
        if not scheme.dtype.is_floating_point:
            scaled.round_()
        data[first : first + ROWS] = scaled.to(scheme.dtype)
        scale[first : first + ROWS] = step
    return data, scale


def dequantize(data: Tensor, scale: Tensor, dtype: torch.dtype = torch.float32) -> Tensor:
    """The weight [out, in] that `data` and `scale` (one number, or one per row) stand for."""
    rows = scale.to(torch.float32).reshape(-1, *([1] * (data.ndim - 1)))
    return (data.to(torch.float32) * rows).to(dtype)
