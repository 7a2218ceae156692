"""How the tensors of one block lie in one flat buffer: in a file, in host memory, in a GPU slot.

A block has two parts, each a whole number of pages. The *context part* holds what only keys and
values of text, image and speech are made with: once those are kept, it need not be moved again. The
*token part* is everything else. Tensors lie in order of use, aligned for vector loads.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import prod

import torch
from torch import Tensor

TENSOR_ALIGN = 256  # bytes; enough for every vector load and matrix kernel
PAGE = 4096  # bytes; what unbuffered reads ask for

# Linears of a transformer block that read nothing but text, image or speech (spec transformer.md
# 4.8, 4.9): about a quarter of the block.
CONTEXT_LINEARS = (
    "cross_attn.k.",
    "cross_attn.v.",
    "cross_attn.k_img.",
    "cross_attn.v_img.",
    "audio_cross_attn.kv_linear.",
)

# The parts of a transformer block in the order in which it reads them (spec 4.6).
ORDER_OF_USE = (
    "modulation",
    "self_attn.q.",
    "self_attn.norm_q.",
    "self_attn.k.",
    "self_attn.norm_k.",
    "self_attn.v.",
    "self_attn.o.",
    "norm3.",
    "cross_attn.q.",
    "cross_attn.norm_q.",
    "cross_attn.k.",
    "cross_attn.norm_k.",
    "cross_attn.v.",
    "cross_attn.k_img.",
    "cross_attn.norm_k_img.",
    "cross_attn.v_img.",
    "cross_attn.o.",
    "norm_x.",
    "audio_cross_attn.q_linear.",
    "audio_cross_attn.kv_linear.",
    "audio_cross_attn.proj.",
    "ffn.0.",
    "ffn.2.",
)


def rank_of_use(name: str) -> int:
    """Position of a block's tensor in the order of use; unknown names come last."""
    found = (rank for rank, prefix in enumerate(ORDER_OF_USE) if name.startswith(prefix))
    return next(found, len(ORDER_OF_USE))


def is_context(name: str) -> bool:
    """Whether a tensor of a transformer block (name without `blocks.N.`) is of the context part."""
    return name.startswith(CONTEXT_LINEARS)


def no_context(_name: str) -> bool:
    """For networks whose blocks are always needed whole."""
    return False


def round_up(value: int, step: int) -> int:
    return -(-value // step) * step


@dataclass(frozen=True, kw_only=True, slots=True)
class TensorSpec:
    """What a tensor is, without its values."""

    name: str
    dtype: torch.dtype
    shape: tuple[int, ...]

    @property
    def nbytes(self) -> int:
        return prod(self.shape) * self.dtype.itemsize


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry(TensorSpec):
    """A tensor's place: bytes from the start of its block."""

    offset: int

    @property
    def end(self) -> int:
        return self.offset + self.nbytes


@dataclass(frozen=True, kw_only=True)
class BlockLayout:
    """The places of a block's tensors; equal layouts share slots of a ring."""

    entries: tuple[Entry, ...]
    context_bytes: int  # the context part comes first; pages
    nbytes: int  # of both parts; pages

    @property
    def token_bytes(self) -> int:
        return self.nbytes - self.context_bytes

    def views(self, flat: Tensor) -> dict[str, Tensor]:
        """The tensors inside `flat`, uint8 with at least `nbytes` elements; nothing is copied."""
        return {
            e.name: flat[e.offset : e.end].view(e.dtype).view(e.shape)
            if e.nbytes
            else torch.empty(e.shape, dtype=e.dtype, device=flat.device)
            for e in self.entries
        }


def lay_out(
    specs: Iterable[TensorSpec], context: Callable[[str], bool] = no_context
) -> BlockLayout:
    """Places tensors in the order given, those for which `context(name)` holds before the others."""
    every = list(specs)
    entries: list[Entry] = []
    position = 0
    ends: list[int] = []
    for part in (True, False):
        for spec in every:
            if context(spec.name) is not part:
                continue
            position = round_up(position, TENSOR_ALIGN)
            entry = Entry(name=spec.name, dtype=spec.dtype, shape=spec.shape, offset=position)
            entries.append(entry)
            position = entry.end
        position = round_up(position, PAGE)
        ends.append(position)
    return BlockLayout(entries=tuple(entries), context_bytes=ends[0], nbytes=ends[1])


def specs_of(tensors: Mapping[str, Tensor]) -> list[TensorSpec]:
    return [TensorSpec(name=n, dtype=t.dtype, shape=tuple(t.shape)) for n, t in tensors.items()]


def copy_range(layout: BlockLayout, tensors: Mapping[str, Tensor], start: int, out: Tensor) -> None:
    """Fills `out` (uint8, on the CPU) with bytes `start`.. of the block made of `tensors`.

    Tensors may have another dtype than the layout's: then the values are converted. `start` must be
    a multiple of TENSOR_ALIGN, and so the length of `out`, unless it ends with the block.
    """
    end = start + out.numel()
    for entry in layout.entries:
        first, last = max(entry.offset, start), min(entry.end, end)
        if first >= last:
            continue
        size = entry.dtype.itemsize
        values = tensors[entry.name].detach().reshape(-1)
        piece = values[(first - entry.offset) // size : (last - entry.offset) // size]
        out[first - start : last - start].view(entry.dtype).copy_(piece)
