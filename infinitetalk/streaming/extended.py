"""Blocks of a source with tensors added to them: LoRA branches beside stored weights."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from torch import Tensor, nn

from infinitetalk.streaming.source import BlockSource, tensors_of
from infinitetalk.weights.store_layout import (
    PAGE,
    TENSOR_ALIGN,
    BlockLayout,
    Entry,
    copy_range,
    round_up,
)


def wrapped_name(name: str) -> str:
    """`q.base.weight`, of a linear layer with branches beside it, is stored as `q.weight`."""
    return name.replace(".base.", ".")


class ExtendedSource:
    """A source's blocks, renamed where layers were wrapped, and behind each what the source lacks.

    `modules` are the blocks with their additions; those must be on the CPU with their values, the
    rest may be on the meta device.
    """

    def __init__(
        self,
        base: BlockSource,
        modules: Sequence[nn.Module],
        stored_name: Callable[[str], str] = wrapped_name,
    ) -> None:
        """Raises ValueError if a module lacks a stored tensor."""
        self._base = base
        self._added: list[Mapping[str, Tensor]] = []
        self._extra: list[BlockLayout] = []
        self._layouts: list[BlockLayout] = []
        for layout, module in zip(base.layouts, modules, strict=True):
            tensors = tensors_of(module)
            entries = {e.name: e for e in layout.entries}
            kept = {n: entries.pop(stored_name(n)) for n in tensors if stored_name(n) in entries}
            if entries:
                raise ValueError(f"the block has no {', '.join(sorted(entries))}")
            added = {n: t for n, t in tensors.items() if n not in kept}
            self._add(layout, [replace(e, name=n) for n, e in kept.items()], added)

    def _add(self, layout: BlockLayout, kept: list[Entry], added: dict[str, Tensor]) -> None:
        extra: list[Entry] = []
        position = 0
        for name, tensor in added.items():
            position = round_up(position, TENSOR_ALIGN)
            shape = tuple(tensor.shape)
            extra.append(Entry(name=name, dtype=tensor.dtype, shape=shape, offset=position))
            position = extra[-1].end
        size = round_up(position, PAGE)
        moved = [replace(e, offset=e.offset + layout.nbytes) for e in extra]
        self._added.append(added)
        self._extra.append(BlockLayout(entries=tuple(extra), context_bytes=0, nbytes=size))
        self._layouts.append(
            BlockLayout(
                entries=(*kept, *moved),
                context_bytes=layout.context_bytes,
                nbytes=layout.nbytes + size,
            )
        )

    @property
    def layouts(self) -> Sequence[BlockLayout]:
        return self._layouts

    def fill(self, block: int, start: int, out: Tensor) -> None:
        stored = self._base.layouts[block].nbytes
        split = min(max(stored - start, 0), out.numel())
        if split:
            self._base.fill(block, start, out[:split])
        if split < out.numel():
            first = max(start - stored, 0)
            copy_range(self._extra[block], self._added[block], first, out[split:])

    def close(self) -> None:
        self._added = []
        self._base.close()
