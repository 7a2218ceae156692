"""The product of activations with an 8-bit weight: the one place that picks how it is computed.

Here the weight is widened layer by layer to the dtype of the activations and the scale is applied
after the product: int8 and e4m3 are exact in bfloat16, so nothing is lost before the sum, and a
float32 scale never forces a float32 product (spec transformer.md 8.1). Products in 8 bit on the
GPU belong in `PATHS`, tried in order.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

Product = Callable[[Tensor, Tensor, Tensor, Tensor | None], Tensor]


@dataclass(frozen=True, kw_only=True)
class Path:
    """One way to compute the product, and when it may be used."""

    name: str
    usable: Callable[[Tensor, Tensor], bool]  # asked with activations and data
    product: Product


def linear_dequantized(x: Tensor, data: Tensor, scale: Tensor, bias: Tensor | None) -> Tensor:
    """`(x @ data^T) * scale + bias` in the dtype of `x`: [..., in] -> [..., out].

    float16 could overflow before the scale is applied, so there the weight takes the scale.
    """
    if x.dtype == torch.float16:
        weight = (data.to(torch.float32) * scale[:, None]).to(x.dtype)
        return functional.linear(x, weight, bias)
    y = functional.linear(x, data.to(x.dtype))
    # In place, with the products in float32: a bfloat16 scale would bend each channel by 0.4 %.
    y.mul_(scale)
    return y if bias is None else y.add_(bias)


PATHS: list[Path] = [
    Path(name="dequantized", usable=lambda _x, _data: True, product=linear_dequantized),
]


def linear_8bit(x: Tensor, data: Tensor, scale: Tensor, bias: Tensor | None = None) -> Tensor:
    """Activations [..., in] times an 8-bit weight [out, in] with `scale` [out] in float32.

    Returns [..., out] in the dtype of `x`.
    """
    for path in PATHS:
        if path.usable(x, data):
            return path.product(x, data, scale, bias)
    raise RuntimeError("no way to multiply with an 8-bit weight")  # the last path takes all
