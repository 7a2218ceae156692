"""Host memory for transfers: page-aligned, and page-locked where a GPU is to read it directly."""

import mmap
from collections.abc import Callable, Iterable
from typing import Protocol

import torch
from torch import Tensor


class HostBuffer:
    """A flat uint8 tensor on the CPU, beginning on a page.

    Page-locked memory is registered at its exact size: torch's own pinned allocator rounds up to a
    power of two, which for 40 blocks would cost up to as much memory again.
    """

    def __init__(self, nbytes: int, *, locked: bool) -> None:
        """`locked` asks for page-locked memory; the attribute says whether the system gave it."""
        memory = mmap.mmap(-1, max(nbytes, 1))
        self.flat: Tensor = torch.frombuffer(memory, dtype=torch.uint8)[:nbytes]
        self.locked = locked and _register(self.flat)

    def close(self) -> None:
        """Ends the lock; the memory itself goes with the last tensor that views it."""
        runtime = torch.cuda.cudart() if self.locked else None
        if runtime is not None:
            runtime.cudaHostUnregister(self.flat.data_ptr())
            self.locked = False


PinBlocks = Callable[["Filler", Iterable[tuple[int, int]]], dict[int, HostBuffer]]


class Filler(Protocol):
    """Fills buffers with bytes of blocks, as a `BlockSource` does."""

    def fill(self, block: int, start: int, out: Tensor) -> None: ...


def pin_each(source: Filler, blocks: Iterable[tuple[int, int]]) -> dict[int, HostBuffer]:
    """Page-locked copies of blocks (number, bytes), as far as the system gives such memory."""
    found: dict[int, HostBuffer] = {}
    for number, nbytes in blocks:
        buffer = HostBuffer(nbytes, locked=True)
        if not buffer.locked:
            return found  # the rest goes through staging buffers
        source.fill(number, 0, buffer.flat)
        found[number] = buffer
    return found


def _register(flat: Tensor) -> bool:
    if not torch.cuda.is_available() or not flat.numel():
        return False
    torch.cuda.init()
    runtime = torch.cuda.cudart()
    if runtime is None:
        return False
    return int(runtime.cudaHostRegister(flat.data_ptr(), flat.numel(), 0)) == 0
