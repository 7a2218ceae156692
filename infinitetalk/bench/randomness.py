"""Random weights of any size, made about as fast as memory can be written.

Values are cut from one random tile, so that nothing is zero (zeros run faster than real data) and
37 GB take seconds. Their spread keeps activations finite through all blocks.
"""

import math
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence

import torch
from torch import Tensor, nn

from infinitetalk.streaming.host import HostBuffer, pin_each
from infinitetalk.weights.store_layout import BlockLayout
from infinitetalk.weights.tensors import State

TILE = 1 << 22  # values
WEIGHT_SPREAD = 0.02
SMALL_SPREAD = 0.01  # of biases and modulation
EIGHT_BIT_STEP = WEIGHT_SPREAD / 32  # scale of an 8-bit weight whose values spread by about 32


def tile(dtype: torch.dtype, seed: int = 0) -> Tensor:
    """Standard normal values, or in 8 bits those with a spread of 32."""
    generator = torch.Generator("cpu").manual_seed(seed)
    values = torch.randn(TILE, generator=generator, device="cpu")
    if dtype.itemsize == 1:
        return (values * 32).clamp_(-127, 127).to(dtype)
    return values.to(dtype)


class Filler:
    """Fills tensors by name: weights, scales, norms and biases each as they should be."""

    def __init__(self) -> None:
        self._tiles: dict[torch.dtype, Tensor] = {}

    def fill(self, name: str, out: Tensor) -> Tensor:
        """`out` (on the CPU), filled; which values depends on the name."""
        last = name.rpartition(".")[2]
        flat = out.view(-1)
        if last == "scale":
            return out.fill_(EIGHT_BIT_STEP)
        if last == "gamma" or (last == "weight" and out.dim() < 2):
            return out.fill_(1)
        self._repeat(flat, zlib.crc32(name.encode()) % TILE)
        if out.dtype.itemsize > 1:
            spread = WEIGHT_SPREAD if out.dim() > 1 and last == "weight" else SMALL_SPREAD
            flat.mul_(spread)
        return out

    def _repeat(self, flat: Tensor, start: int) -> None:
        source = self._tiles.get(flat.dtype)
        if source is None:
            source = self._tiles[flat.dtype] = tile(flat.dtype)
        done = 0
        while done < flat.numel():
            count = min(TILE - start, flat.numel() - done)
            flat[done : done + count] = source[start : start + count]
            done, start = done + count, 0


class RandomState(State):
    """Random tensors by name, made when they are asked for."""

    def __init__(self, shapes: Mapping[str, Sequence[int]], dtype: torch.dtype) -> None:
        self._shapes = {name: tuple(shape) for name, shape in shapes.items()}
        self._dtype = dtype
        self._filler = Filler()

    def shape(self, name: str) -> tuple[int, ...]:
        return self._shapes[name]

    def read(self, name: str, dtype: torch.dtype | None = None) -> Tensor:
        made = self._filler.fill(
            name, torch.empty(self._shapes[name], dtype=self._dtype, device="cpu")
        )
        return made if dtype is None else made.to(dtype)

    def quantized(self, name: str) -> None:
        """None for every name of the table. Raises KeyError for others."""
        self._shapes[name]

    def nbytes(self, name: str) -> int:
        return math.prod(self._shapes[name]) * self._dtype.itemsize

    def __contains__(self, name: object) -> bool:
        return name in self._shapes

    def __iter__(self) -> Iterator[str]:
        return iter(self._shapes)

    def __len__(self) -> int:
        return len(self._shapes)


class RandomBlocks:
    """A source of blocks that holds a few random ones in host memory and gives them in turn.

    Transfers move as many bytes as with real weights; which bytes they are doesn't matter to them.
    """

    def __init__(self, layouts: Sequence[BlockLayout], distinct: int = 3) -> None:
        self._layouts = list(layouts)
        filler = Filler()
        self._flats = [
            _filled(filler, layout, number)
            for number, layout in enumerate(self._layouts[: max(distinct, 1)])
        ]

    @property
    def layouts(self) -> Sequence[BlockLayout]:
        return self._layouts

    def fill(self, block: int, start: int, out: Tensor) -> None:
        out.copy_(self._flats[block % len(self._flats)][start : start + out.numel()])

    def pin_distinct(
        self, _source: object, blocks: Iterable[tuple[int, int]]
    ) -> dict[int, HostBuffer]:
        """A page-locked copy of each distinct block, shared by those that are equal to it."""
        known: dict[int, HostBuffer] = {}
        found = {}
        for number, nbytes in blocks:
            which = number % len(self._flats)
            if which not in known:
                known.update(pin_each(self, [(which, nbytes)]))
            if which in known:
                found[number] = known[which]
        return found

    def close(self) -> None:
        self._flats = [flat[:0] for flat in self._flats]


def _filled(filler: Filler, layout: BlockLayout, number: int) -> Tensor:
    flat = torch.zeros(layout.nbytes, dtype=torch.uint8, device="cpu")
    for name, view in layout.views(flat).items():
        filler.fill(f"blocks.{number}.{name}", view)
    return flat


def materialize(
    module: nn.Module, *, device: torch.device | str, dtype: torch.dtype, without: nn.Module | None
) -> None:
    """Gives a module on the meta device random weights on `device`, except inside `without`."""
    filler = Filler()
    inside = set() if without is None else {id(m) for m in without.modules()}
    for prefix, part in module.named_modules():
        if id(part) in inside:
            continue
        for name, old in part._parameters.items():
            if old is not None:
                value = filler.fill(
                    f"{prefix}.{name}", torch.empty(old.shape, dtype=dtype, device="cpu")
                )
                part._parameters[name] = nn.Parameter(value.to(device), requires_grad=False)
        for name, old in part._buffers.items():
            if old is not None and old.device.type == "meta":
                part._buffers[name] = torch.zeros(old.shape, dtype=old.dtype, device=device)
