"""`BlockStream`: a network's blocks, some resident, the others brought in one after the other."""

import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor, nn

from infinitetalk.streaming.host import HostBuffer, PinBlocks, pin_each
from infinitetalk.streaming.order import kinds_of, spread
from infinitetalk.streaming.slot import Slot, hollow_copy
from infinitetalk.streaming.source import BlockSource
from infinitetalk.streaming.transfer import CpuTransfer, CudaTransfer, Transfer
from infinitetalk.weights.store_layout import BlockLayout


@dataclass(frozen=True, kw_only=True)
class StreamProbe:
    """What tests put between the parts: a delay before each transfer, a look at released bytes."""

    delay: Callable[[], None] | None = None
    on_release: Callable[[Tensor], None] | None = None


class Closing(Protocol):
    """Something that holds memory until it is closed."""

    def close(self) -> None: ...


class BlockStream:
    """Gives out blocks in order, each as a module on the device that is valid until the next.

    Blocks not resident share a ring of slots. While one computes, the next are on their way; behind
    the last block comes the first again, so that a step, and the next chunk, find it there. All
    memory is taken when the stream is made, by `set_resident`, or at the first use after `suspend`.

    The context part of a block (keys and values of text, image, speech) is left out once it is no
    longer asked for: `needs_context`, if set, says so beforehand; otherwise what a block asked for
    at its last visit decides. A block that asks for a part left out gets it at once.
    """

    def __init__(
        self,
        templates: Sequence[nn.Module],
        source: BlockSource,
        *,
        device: torch.device | str = "cpu",
        resident: int = 0,
        slots: int = 2,
        pinned: int = 0,
        probe: StreamProbe | None = None,
        companions: Sequence[Closing] = (),
        pin: PinBlocks = pin_each,
    ) -> None:
        """`templates` are the blocks as modules, on any device: only their structure is used.

        `resident` blocks stay on the device; `pinned` blocks (those first that become resident
        last) are held in page-locked host memory, which only a GPU profits from. `companions` are
        closed with the stream; `pin` makes the page-locked copies. Raises ValueError if the source
        doesn't fit the templates.
        """
        if len(templates) != len(source.layouts) or not templates:
            raise ValueError(f"{len(templates)} blocks, {len(source.layouts)} in the source")
        if slots < 1:
            raise ValueError(f"slots must be at least 1, found {slots}")
        self.device = torch.device(device)
        self.needs_context: Callable[[int], bool] | None = None
        self._source = source
        self._layouts = list(source.layouts)
        self._kinds = kinds_of(self._layouts, templates)
        self._patterns = {
            kind: hollow_copy(templates[self._kinds.index(kind)]) for kind in sorted({*self._kinds})
        }
        self._companions = list(companions)
        self._slot_count = slots
        self._probe = probe or StreamProbe()
        self._order = spread(len(templates))
        self._asked = [True] * len(templates)
        self._pinned: list[HostBuffer | None] = [None] * len(templates)
        self._pin(pinned, pin)
        self._transfer = self._make_transfer()
        self._resident: dict[int, Slot] = {}
        self._ring: list[Slot] = []
        self._current: Slot | None = None
        self._pass = 0
        self._wanted_resident = 0
        self.peak_live_bytes = 0
        self.loaded_bytes = 0  # ordered so far
        self.set_resident(resident)

    # -- use --------------------------------------------------------------------------------------

    def __len__(self) -> int:
        return len(self._layouts)

    def __iter__(self) -> Iterator[tuple[int, nn.Module]]:
        return self.blocks()

    def __call__(self) -> "BlockStream":
        """What a transformer iterates over: itself, each time a new pass."""
        return self

    def blocks(self) -> Iterator[tuple[int, nn.Module]]:
        """One pass: every block's number and module, in order."""
        self._pass += 1
        mine = self._pass
        try:
            for number in range(len(self)):
                yield number, self.use(number)
        finally:
            # A pass that was broken off may be finalized while a later one is under way.
            if mine == self._pass:
                self.release()

    def use(self, number: int) -> nn.Module:
        """The module of a block, valid until another block is used or `release` is called."""
        if self._current is None or self._current.block != number:
            self._let_go()
            if self._lacks_slots:  # after `suspend`
                self.set_resident(self._wanted_resident)
            slot = self._resident.get(number) or self._ordered(number)
            self._await(slot)
            slot.in_use = True
            self._current = slot
            self._asked[number] = False
            self._prefetch(number)
        return self._current.module(self._kinds[number])

    def release(self) -> None:
        """The block in use is no longer needed; what comes after it is brought in."""
        last = self._let_go()
        if last is not None:
            self._prefetch(last)

    def apply(self, change: Callable[[nn.Module], None]) -> None:
        """Changes every module that is or will be given out (an attention function, say)."""
        for module in [*self._patterns.values(), *(m for s in self._slots for m in s.modules)]:
            change(module)

    # -- memory -----------------------------------------------------------------------------------

    @property
    def resident(self) -> int:
        return self._wanted_resident

    @property
    def live_bytes(self) -> int:
        """Device bytes that hold a block now, or are about to."""
        return sum(slot.live_bytes for slot in self._slots)

    @property
    def allocated_bytes(self) -> int:
        """Device bytes taken for blocks."""
        return sum(slot.flat.numel() for slot in self._slots)

    @property
    def pinned_bytes(self) -> int:
        return sum(buffer.flat.numel() for buffer in self._pinned if buffer is not None)

    @torch.inference_mode(False)
    @torch.no_grad()
    def set_resident(self, count: int) -> None:
        """Keeps `count` blocks on the device from now on, spread evenly over the network."""
        if not 0 <= count <= len(self):
            raise ValueError(f"resident blocks must be 0..{len(self)}, found {count}")
        self._settle()
        self._wanted_resident = count
        keep = self._order[:count]
        streamed = self._order[count:]
        for number in set(self._resident) - set(keep):
            del self._resident[number]
        room = max((self._layouts[n].nbytes for n in streamed), default=0)
        if any(slot.flat.numel() != room for slot in self._ring):
            self._ring.clear()
        wanted = min(self._slot_count, len(streamed))
        del self._ring[wanted:]
        while len(self._ring) < wanted:
            self._ring.append(self._new_slot(room, streamed))
        for number in keep:
            if number not in self._resident:
                slot = self._new_slot(self._layouts[number].nbytes, [number])
                self._resident[number] = slot
                self._load(slot, number, with_context=True)
        for slot in self._resident.values():
            self._await(slot)

    def suspend(self, *, keep_resident: bool = False) -> None:
        """Gives all device memory back, or all but the resident blocks; the next use takes it again."""
        self._settle()
        if not keep_resident:
            self._resident.clear()
        self._ring.clear()

    def close(self) -> None:
        """Ends transfers and gives all memory back, that of the source too."""
        self.suspend()
        self._transfer.close()
        for buffer in self._pinned:
            if buffer is not None:
                buffer.close()
        self._pinned[:] = [None] * len(self)
        for companion in self._companions:
            companion.close()
        self._source.close()

    # -- inside -----------------------------------------------------------------------------------

    @property
    def _slots(self) -> list[Slot]:
        return [*self._resident.values(), *self._ring]

    def _new_slot(self, nbytes: int, numbers: Sequence[int]) -> Slot:
        """A slot with modules for the blocks named, so that use allocates nothing."""
        slot = Slot(nbytes, self.device)
        self._transfer.released(slot)  # its memory may have been someone else's a moment ago
        for kind in {self._kinds[number] for number in numbers}:
            layout = self._layouts[self._kinds.index(kind)]
            module = slot.add_module(kind, self._patterns[kind], layout)
            for name in _context_modules(layout):
                module.get_submodule(name).register_forward_pre_hook(_ContextAsked(self, slot))
        return slot

    def context_asked(self, slot: Slot) -> None:
        """A layer of the context part is about to run in a slot."""
        if slot.block is not None:
            self._asked[slot.block] = True
            if not slot.has_context:
                self._load_context(slot, slot.block)
                self._await(slot)

    @property
    def _lacks_slots(self) -> bool:
        streamed = len(self) - self._wanted_resident
        return len(self._resident) < self._wanted_resident or (bool(streamed) and not self._ring)

    def _ordered(self, number: int) -> Slot:
        """The ring slot that holds a block or will; its transfer is ordered if it was not."""
        slot = next((s for s in self._ring if s.block == number), None)
        if slot is None:
            slot = next((s for s in self._ring if s.block is None), self._ring[0])
            self._empty(slot)
            self._load(slot, number, with_context=self._wants_context(number))
        elif not slot.has_context and self._wants_context(number):
            self._await(slot)
            self._load_context(slot, number)
        return slot

    def _prefetch(self, number: int) -> None:
        """Orders the streamed blocks that come next, as many as there are slots not in use."""
        room = [slot for slot in self._ring if not slot.in_use]
        coming = self._coming(number, len(room))
        here = {slot.block for slot in self._ring}
        spare = [slot for slot in room if slot.block not in coming]
        for wanted in coming:
            if wanted not in here:
                slot = spare.pop(0)
                self._empty(slot)
                self._load(slot, wanted, with_context=self._wants_context(wanted))

    def _coming(self, number: int, count: int) -> list[int]:
        total = len(self)
        following = ((number + step) % total for step in range(1, total + 1))
        return [n for n in following if n not in self._resident][:count]

    def _wants_context(self, number: int) -> bool:
        if not self._layouts[number].context_bytes:
            return True
        return self.needs_context(number) if self.needs_context else self._asked[number]

    def _load(self, slot: Slot, number: int, *, with_context: bool) -> None:
        layout = self._layouts[number]
        slot.block, slot.layout, slot.has_context = number, layout, with_context
        start = 0 if with_context else layout.context_bytes
        self._order_bytes(slot, number, start, layout.nbytes)

    def _load_context(self, slot: Slot, number: int) -> None:
        slot.has_context = True
        self._order_bytes(slot, number, 0, self._layouts[number].context_bytes)

    def _order_bytes(self, slot: Slot, number: int, start: int, end: int) -> None:
        self.loaded_bytes += end - start
        self.peak_live_bytes = max(self.peak_live_bytes, self.live_bytes)
        self._transfer.load(slot, number, start, end)

    def _await(self, slot: Slot) -> None:
        try:
            self._transfer.wait(slot)
        except BaseException:
            slot.forget()  # what arrived is not the block
            raise

    def _let_go(self) -> int | None:
        """Ends the use of the current block; its number."""
        slot, self._current = self._current, None
        if slot is None:
            return None
        number = slot.block
        slot.in_use = False
        if number not in self._resident:
            if self._probe.on_release is not None:
                self._probe.on_release(slot.flat)
            self._transfer.released(slot)
            slot.forget()
        return number

    def _empty(self, slot: Slot) -> None:
        """Drops what was brought in for nothing, or in vain."""
        if slot.block is not None:
            with suppress(Exception):  # whoever needs this block will order it again, and be told
                self._transfer.wait(slot)
            self._transfer.released(slot)
            slot.forget()

    def _settle(self) -> None:
        """Nothing in use, nothing under way."""
        self._let_go()
        for slot in self._ring:
            self._empty(slot)

    def _pin(self, count: int, pin: PinBlocks) -> None:
        if self.device.type == "cuda":
            chosen = list(reversed(self._order))[:count]
            buffers = pin(self._source, [(n, self._layouts[n].nbytes) for n in chosen])
            for number, buffer in buffers.items():
                self._pinned[number] = buffer

    def _make_transfer(self) -> Transfer:
        if self.device.type == "cuda":
            return CudaTransfer(self._source, self.device, self._pinned, self._probe.delay)
        return CpuTransfer(self._source, self._probe.delay)


class _ContextAsked:
    """A hook before a layer of the context part.

    It holds neither stream nor slot, which hold its module: a slot's memory goes with the slot, not
    when somebody looks for cycles.
    """

    def __init__(self, stream: BlockStream, slot: Slot) -> None:
        self._stream, self._slot = weakref.ref(stream), weakref.ref(slot)

    def __call__(self, _module: nn.Module, _args: object) -> None:
        stream, slot = self._stream(), self._slot()
        if stream is not None and slot is not None:
            stream.context_asked(slot)


def _context_modules(layout: BlockLayout) -> set[str]:
    """Modules whose run needs the context part: owners of its tensors, and what wraps them."""
    owners = {e.name.rpartition(".")[0] for e in layout.entries if e.offset < layout.context_bytes}
    return owners | {owner.removesuffix(".base") for owner in owners}
