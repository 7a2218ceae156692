"""The product of activations with an 8-bit weight: the one place that picks how it is computed.

On a CPU, and wherever nothing better works, the weight is widened layer by layer to the dtype of the
activations and the scale is applied after the product: int8 and e4m3 are exact in bfloat16, so
nothing is lost before the sum, and a float32 scale never forces a float32 product (spec
transformer.md 8.1). On GPUs that multiply in 8 bits (fp8 from Ada on, int8 from Turing on) the
activations are coded too, with one scale per token; each way is tried once on the card before it
is used. `PATHS` are tried in order.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache

import torch
from torch import Tensor
from torch.nn import functional

from infinitetalk.quant.kernels import kernels_for
from infinitetalk.quant.rows import CodedTokens, LastRows, Rows
from infinitetalk.quant.schemes import SCHEMES, Scheme, quantize

Product = Callable[[Tensor | CodedTokens, Tensor, Tensor, Tensor | None, bool], Tensor]

FP8, INT8 = SCHEMES["fp8"], SCHEMES["int8"]
SMALLEST_INT8_ROWS = 17  # torch's int8 product on CUDA takes no fewer
TOLERANCE = 0.1  # of a product in 8 bits with small random numbers, relative to its size

_last_rows: ContextVar[LastRows | None] = ContextVar("last activations in 8 bits", default=None)
_allowed: ContextVar[frozenset[str] | None] = ContextVar("8-bit products", default=None)


@dataclass(frozen=True, kw_only=True)
class Path:
    """One way to compute the product, and when it may be used."""

    name: str
    usable: Callable[[Tensor, Tensor], bool]  # asked with activations and data
    product: Product
    takes_rows: bool  # works on activations in 8 bits


def linear_dequantized(
    x: Tensor | CodedTokens, data: Tensor, scale: Tensor, bias: Tensor | None, gelu: bool = False
) -> Tensor:
    """`(x @ data^T) * scale + bias` in the dtype of `x`: [..., in] -> [..., out].

    float16 could overflow before the scale is applied, so there the weight takes the scale.
    """
    if isinstance(x, CodedTokens):
        raise TypeError("coded tokens need a product in 8 bits")
    x = functional.gelu(x, approximate="tanh") if gelu else x
    if x.dtype == torch.float16:
        weight = (data.to(torch.float32) * scale[:, None]).to(x.dtype)
        return functional.linear(x, weight, bias)
    y = functional.linear(x, data.to(x.dtype))
    # In place, with the products in float32: a bfloat16 scale would bend each channel by 0.4 %.
    y.mul_(scale)
    return y if bias is None else y.add_(bias)


def linear_fp8(
    x: Tensor | CodedTokens, data: Tensor, scale: Tensor, bias: Tensor | None, gelu: bool = False
) -> Tensor:
    """Both factors in e4m3, scales per token and per output channel (`torch._scaled_mm`)."""
    rows = _rows(x, data, gelu=gelu)
    joined = bias is not None and bias.dtype == torch.bfloat16 and _fp8_adds_bias(data.device)
    y = _scaled(rows, data, scale, bias if joined else None, x.dtype)
    if bias is not None and not joined:
        y = y.add_(bias)
    return y.view(*x.shape[:-1], data.shape[0])


def _scaled(
    rows: Rows, data: Tensor, scale: Tensor, bias: Tensor | None, dtype: torch.dtype
) -> Tensor:
    return torch.ops.aten._scaled_mm(
        rows.data,
        data.t(),
        scale_a=rows.scale,
        scale_b=scale[None, :],
        bias=bias,
        out_dtype=dtype,
        use_fast_accum=data.is_cuda,
    )


@cache
def _fp8_adds_bias(device: torch.device) -> bool:
    """Whether the product with row scales takes a bias here; it depends on torch and the card."""
    x = torch.ones(16, 16, device=device).to(FP8.dtype)
    rows = Rows(data=x, scale=torch.ones(16, 1, device=device))
    bias = torch.ones(16, device=device, dtype=torch.bfloat16)
    try:
        found = _scaled(rows, x, torch.ones(16, device=device), bias, torch.bfloat16)
    except (RuntimeError, NotImplementedError, ValueError, TypeError):
        return False
    return bool((found == 17).all())


def linear_int8(
    x: Tensor | CodedTokens, data: Tensor, scale: Tensor, bias: Tensor | None, gelu: bool = False
) -> Tensor:
    """Both factors in int8, the sum in int32, scales applied once in float32."""
    rows = _rows(x, data, gelu=gelu)
    kernels = kernels_for(rows.data)
    if kernels is not None:
        y = kernels.int8_product(rows.data, rows.scale, data, scale, bias, x.dtype)
        return y.view(*x.shape[:-1], data.shape[0])
    y = torch.ops.aten._int_mm(rows.data, data.t()).float().mul_(rows.scale).mul_(scale)
    y = y if bias is None else y.add_(bias)
    return y.to(x.dtype).view(*x.shape[:-1], data.shape[0])


def _rows(x: Tensor | CodedTokens, data: Tensor, *, gelu: bool) -> Rows:
    if isinstance(x, CodedTokens):
        return x.rows
    last = _last_rows.get()
    if last is None:
        last = LastRows()
        _last_rows.set(last)
    return last.get(x, scheme_of(data.dtype), gelu=gelu)


def scheme_of(stored: torch.dtype) -> Scheme:
    """How activations are coded for a weight of this dtype."""
    return FP8 if stored == FP8.dtype else INT8


def _takes_fp8(x: Tensor, data: Tensor) -> bool:
    return (
        data.dtype == FP8.dtype
        and x.is_cuda
        and x.dtype == torch.bfloat16
        and data.shape[0] % 16 == data.shape[1] % 16 == 0
        and x.numel() > 0
        and _fp8_works(x.device)
    )


def _takes_int8(x: Tensor, data: Tensor) -> bool:
    return (
        data.dtype == INT8.dtype
        and x.is_cuda
        and x.dtype in (torch.bfloat16, torch.float16)
        and data.shape[0] % 16 == data.shape[1] % 16 == 0
        and x.numel() >= SMALLEST_INT8_ROWS * x.shape[-1]
        and _int8_works(x.device)
    )


@cache
def _fp8_works(device: torch.device) -> bool:
    return torch.cuda.get_device_capability(device) >= (8, 9) and _agrees(linear_fp8, FP8, device)


@cache
def _int8_works(device: torch.device) -> bool:
    return torch.cuda.get_device_capability(device) >= (7, 5) and _agrees(linear_int8, INT8, device)


def _agrees(product: Product, scheme: Scheme, device: torch.device) -> bool:
    """Whether a product runs on this device and gives about what the plain way gives."""
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(48, 64, generator=generator).to(device, torch.bfloat16)
    data, scale = quantize(torch.randn(32, 64, generator=generator).to(device), scheme)
    bias = torch.zeros(32, device=device, dtype=torch.bfloat16)
    expected = linear_dequantized(x, data, scale, bias).float()
    try:
        found = product(x, data, scale, bias, False).float()
        return bool((found - expected).norm() < TOLERANCE * expected.norm())
    except (RuntimeError, NotImplementedError, ValueError, TypeError):
        return False


PATHS: list[Path] = [
    Path(name="fp8", usable=_takes_fp8, product=linear_fp8, takes_rows=True),
    Path(name="int8", usable=_takes_int8, product=linear_int8, takes_rows=True),
    Path(
        name="dequantized",
        usable=lambda _x, _data: True,
        product=linear_dequantized,
        takes_rows=False,
    ),
]


@contextmanager
def products_limited_to(*names: str) -> Iterator[None]:
    """Within it only the named paths are used, and "dequantized" where none of them can be."""
    unknown = set(names) - {path.name for path in PATHS}
    if unknown:
        raise ValueError(f"no product is called {', '.join(sorted(unknown))}")
    token = _allowed.set(frozenset({*names, "dequantized"}))
    try:
        yield
    finally:
        _allowed.reset(token)


def path_for(x: Tensor, data: Tensor) -> Path:
    """How the product of these activations and this weight is computed here."""
    allowed = _allowed.get()
    for path in PATHS:
        if (allowed is None or path.name in allowed) and path.usable(x, data):
            return path
    raise RuntimeError("no way to multiply with an 8-bit weight")  # the last path takes all


def linear_8bit(
    x: Tensor | CodedTokens,
    data: Tensor,
    scale: Tensor,
    bias: Tensor | None = None,
    *,
    gelu: bool = False,
) -> Tensor:
    """Activations [..., in] times an 8-bit weight [out, in] with `scale` [out] in float32.

    `gelu`: of the activations the GELU (by tanh) counts. Returns [..., out] in the dtype of `x`.
    """
    if isinstance(x, CodedTokens):
        product = linear_fp8 if data.dtype == FP8.dtype else linear_int8
        return product(x, data, scale, bias, gelu)
    return path_for(x, data).product(x, data, scale, bias, gelu)
