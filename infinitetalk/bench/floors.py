"""What this machine can do at best: products, attention, copies to the device, reads."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from infinitetalk.bench.clock import measured
from infinitetalk.bench.network import attention_name
from infinitetalk.bench.settings import Settings
from infinitetalk.ops import backends
from infinitetalk.plan.cost import pass_work, token_count
from infinitetalk.quant.matmul import linear_8bit, path_for
from infinitetalk.quant.rows import quantize_rows
from infinitetalk.quant.schemes import SCHEMES
from infinitetalk.streaming.host import HostBuffer

GPU_SIDE, CPU_SIDE = 8192, 512  # of the square products whose rate is taken
SUSTAINED = 1.0  # seconds
COPY_BYTES = 1 << 28
CPU_COPY_BYTES = 1 << 26
HEAD_SIZE = 128


@dataclass(frozen=True, kw_only=True)
class Floors:
    """Operations and bytes per second, by name; 0 where a kind doesn't exist here."""

    products: dict[str, float]  # by precision
    attention: dict[str, float]  # by size "WxH"
    attention_8bit: dict[str, float]  # the same in 8 bits; empty unless it is the attention
    products_sustained: dict[str, float]  # over about a second, as long as a pass has to go on
    attention_sustained: dict[str, float]
    copies: dict[str, float]
    attention_name: str
    attention_seconds: dict[str, float]  # of the kernels compared, by name

    def to_json(self) -> dict[str, Any]:
        return vars(self).copy()

    def pass_seconds(self, settings: Settings, precision: str, size: tuple[int, int]) -> float:
        """Matrix work at the product rate and attention at the attention rate: no pass is faster."""
        return self._seconds(settings, size, self.products[precision], self.attention)

    def sustained_seconds(self, settings: Settings, precision: str, size: tuple[int, int]) -> float:
        """The same at the rates that the card keeps up when it gets warm."""
        rate = self.products_sustained[precision]
        return self._seconds(settings, size, rate, self.attention_sustained)

    @staticmethod
    def _seconds(
        settings: Settings, size: tuple[int, int], products: float, attention: dict[str, float]
    ) -> float:
        work = pass_work(settings.weights, size, settings.frames)
        return work.linears / products + work.attention / attention[size_text(size)]


def size_text(size: tuple[int, int]) -> str:
    return f"{size[1]}x{size[0]}"


def measure_floors(settings: Settings) -> Floors:
    name = attention_name(settings)
    compared = backends.measure(settings.device) if settings.cuda else {}
    products = {p: _product_rate(settings, p) for p in settings.precisions}
    attention = {size_text(s): _attention_rate(settings, name, s) for s in settings.sizes}
    eight = {
        size_text(size): _attention_rate(settings, "8bit", size)
        for size in settings.sizes
        if settings.cuda and settings.eight_bit_attention
    }
    return Floors(
        products={p: rates[0] for p, rates in products.items()},
        attention={s: rates[0] for s, rates in attention.items()},
        attention_8bit={s: rates[0] for s, rates in eight.items()},
        products_sustained={p: rates[1] for p, rates in products.items()},
        attention_sustained={s: rates[1] for s, rates in attention.items()},
        copies=_copy_rates(settings),
        attention_name=name,
        attention_seconds=compared,
    )


def _rates(
    settings: Settings, work: Callable[[], object], operations: float
) -> tuple[float, float]:
    """Operations per second: at best, and going on for about a second."""
    quick = measured(work, settings.device, repeats=5, warm_up=2).seconds
    if not settings.cuda:
        return operations / quick, operations / quick
    going_on = measured(work, settings.device, repeats=max(round(SUSTAINED / quick), 3), warm_up=0)
    return operations / quick, operations / going_on.seconds


def _product_rate(settings: Settings, precision: str) -> tuple[float, float]:
    side = GPU_SIDE if settings.cuda else CPU_SIDE
    device = settings.device
    plain = torch.float32 if precision == "fp32" or not settings.cuda else torch.bfloat16
    x = torch.randn(side, side, device=device, dtype=plain)
    w = torch.randn(side, side, device=device, dtype=plain)
    run: Callable[[], Tensor]
    if precision in SCHEMES:
        run = _eight_bit_product(x, w, precision)
    else:

        def run() -> Tensor:
            return x @ w.t()

    return _rates(settings, run, 2.0 * side**3)


def _eight_bit_product(x: Tensor, w: Tensor, precision: str) -> Callable[[], Tensor]:
    """The product alone: its factors are in 8 bits beforehand."""
    scheme = SCHEMES[precision]
    left, right = quantize_rows(x, scheme), quantize_rows(w, scheme)
    data, scale = right.data, right.scale.flatten()
    if path_for(x, data).name == "dequantized":
        return lambda: linear_8bit(x, data, scale)
    if precision == "fp8":
        return lambda: torch.ops.aten._scaled_mm(
            left.data,
            data.t(),
            scale_a=left.scale,
            scale_b=scale[None, :],
            out_dtype=x.dtype,
            use_fast_accum=True,
        )
    return lambda: torch.ops.aten._int_mm(left.data, data.t())


def _attention_rate(settings: Settings, name: str, size: tuple[int, int]) -> tuple[float, float]:
    tokens = token_count(size, settings.frames)
    heads = settings.wan.num_heads
    shape = (1, tokens, heads, settings.wan.head_size)
    q, k, v = (torch.randn(shape, device=settings.device, dtype=settings.dtype) for _ in range(3))
    attention = backends.attention_named(name)
    operations = 4.0 * tokens * tokens * heads * settings.wan.head_size
    return _rates(settings, lambda: attention(q, k, v), operations)


def _copy_rates(settings: Settings) -> dict[str, float]:
    """Bytes per second to the device, from page-locked and from ordinary memory."""
    size = COPY_BYTES if settings.cuda else CPU_COPY_BYTES
    target = torch.empty(size, dtype=torch.uint8, device=settings.device)
    rates: dict[str, float] = {}
    for kind, locked in (("pinned", True), ("pageable", False)):
        buffer = HostBuffer(size, locked=locked)
        buffer.flat.random_(0, 255)
        flat = buffer.flat
        found = measured(lambda flat=flat: target.copy_(flat, non_blocking=True), settings.device)
        rates[kind] = size / found.seconds
        buffer.close()
    return rates
