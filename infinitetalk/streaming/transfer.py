"""Moves bytes of blocks into slots while something else computes."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

import torch
from torch import Tensor

from infinitetalk.streaming.host import HostBuffer
from infinitetalk.streaming.slot import Slot
from infinitetalk.streaming.source import BlockSource

PIECE = 64 * 1024**2  # bytes of a staging buffer: large enough for full speed, small enough to pin
STAGING_BUFFERS = 4  # while one is read, another one is on its way to the GPU


class Transfer(Protocol):
    """Orders for one slot are carried out one after the other."""

    def load(self, slot: Slot, block: int, start: int, end: int) -> None:
        """Bytes start..end of a block into the slot, as soon as computations have let it go."""
        ...

    def wait(self, slot: Slot) -> None:
        """From now on computations may read what was ordered for the slot. Raises its errors."""
        ...

    def released(self, slot: Slot) -> None:
        """Computations ordered so far are the last to touch the slot's present bytes."""
        ...

    def close(self) -> None: ...


class CpuTransfer:
    """A thread that copies while the caller computes."""

    def __init__(self, source: BlockSource, delay: Callable[[], None] | None = None) -> None:
        self._source = source
        self._delay = delay
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="block-transfer")

    def load(self, slot: Slot, block: int, start: int, end: int) -> None:
        slot.pending = self._pool.submit(self._copy, slot.flat[start:end], block, start)

    def _copy(self, out: Tensor, block: int, start: int) -> None:
        if self._delay is not None:
            self._delay()
        for first in range(0, out.numel(), PIECE):
            self._source.fill(block, start + first, out[first : first + PIECE])

    def wait(self, slot: Slot) -> None:
        _finish(slot)

    def released(self, slot: Slot) -> None:
        pass  # computations on the CPU are over when they return

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)


class CudaTransfer:
    """A stream of its own, ordered with computations by events.

    Page-locked blocks go as one copy. Others are read by a thread into a few page-locked staging
    buffers and sent from there piece by piece.
    """

    def __init__(
        self,
        source: BlockSource,
        device: torch.device,
        pinned: Sequence[HostBuffer | None],
        delay: Callable[[], None] | None = None,
    ) -> None:
        self._source = source
        self._device = device
        self._pinned = pinned
        self._delay = delay
        self._stream = torch.cuda.Stream(device)
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="block-transfer")
        self._staging: list[tuple[HostBuffer, torch.cuda.Event]] = []
        self._turn = 0
        if any(buffer is None for buffer in pinned):
            size = min(PIECE, max(layout.nbytes for layout in source.layouts))
            self._staging = [
                (HostBuffer(size, locked=True), torch.cuda.Event()) for _ in range(STAGING_BUFFERS)
            ]

    def load(self, slot: Slot, block: int, start: int, end: int) -> None:
        if self._pinned[block] is not None and self._delay is None:
            slot.pending = None
            self._send(slot, block, start, end)
        else:
            slot.pending = self._pool.submit(self._send, slot, block, start, end)

    def _send(self, slot: Slot, block: int, start: int, end: int) -> None:
        if self._delay is not None:
            self._delay()
        pinned = self._pinned[block]
        with torch.cuda.device(self._device), torch.cuda.stream(self._stream):
            if slot.free is not None:
                self._stream.wait_event(slot.free)
            if pinned is not None:
                slot.flat[start:end].copy_(pinned.flat[start:end], non_blocking=True)
            else:
                for first in range(start, end, PIECE):
                    self._send_staged(slot.flat[first : min(first + PIECE, end)], block, first)
            if slot.ready is None:
                slot.ready = torch.cuda.Event()
            slot.ready.record(self._stream)

    def _send_staged(self, out: Tensor, block: int, start: int) -> None:
        buffer, sent = self._staging[self._turn % len(self._staging)]
        self._turn += 1
        sent.synchronize()
        piece = buffer.flat[: out.numel()]
        self._source.fill(block, start, piece)
        out.copy_(piece, non_blocking=True)
        sent.record(self._stream)

    def wait(self, slot: Slot) -> None:
        _finish(slot)
        if slot.ready is not None:
            torch.cuda.current_stream(self._device).wait_event(slot.ready)

    def released(self, slot: Slot) -> None:
        if slot.free is None:
            slot.free = torch.cuda.Event()
        slot.free.record(torch.cuda.current_stream(self._device))

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)
        self._stream.synchronize()
        for buffer, _ in self._staging:
            buffer.close()
        self._staging = []


def _finish(slot: Slot) -> None:
    pending, slot.pending = slot.pending, None
    if pending is not None:
        pending.result()
