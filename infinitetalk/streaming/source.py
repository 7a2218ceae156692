"""Where the bytes of a block come from: modules in host memory, a mapped file, an unmapped one."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol

import torch
from torch import Tensor, nn

from infinitetalk.streaming.disk import DiskReader
from infinitetalk.weights.store import BlockStore
from infinitetalk.weights.store_layout import (
    BlockLayout,
    TensorSpec,
    copy_range,
    lay_out,
    no_context,
    rank_of_use,
)


class BlockSource(Protocol):
    """Blocks as bytes."""

    @property
    def layouts(self) -> Sequence[BlockLayout]:
        """How each block lies in a flat buffer."""
        ...

    def fill(self, block: int, start: int, out: Tensor) -> None:
        """Fills `out` (uint8, on the CPU) with the block's bytes from `start` on.

        Called from one thread at a time. `start` and the length of `out` are whole pages.
        """
        ...

    def close(self) -> None: ...


def tensors_of(module: nn.Module) -> dict[str, Tensor]:
    """Parameters and buffers, also those that no state dict holds (LoRA sides, tables)."""
    parameters = module.named_parameters(remove_duplicate=False)
    buffers = module.named_buffers(remove_duplicate=False)
    return {name: tensor.detach() for name, tensor in (*parameters, *buffers)}


def layout_of(
    tensors: Mapping[str, Tensor],
    *,
    context: Callable[[str], bool] = no_context,
    dtype: torch.dtype | None = None,
) -> BlockLayout:
    """The layout of a block with these tensors; `dtype` is what wide floats are converted to."""
    specs = [
        TensorSpec(name=name, dtype=_working(t.dtype, name, dtype), shape=tuple(t.shape))
        for name, t in tensors.items()
    ]
    return lay_out(sorted(specs, key=lambda s: (rank_of_use(s.name), s.name)), context)


def _working(stored: torch.dtype, name: str, wanted: torch.dtype | None) -> torch.dtype:
    """Scales of 8-bit weights stay float32 whatever the working dtype."""
    wide = stored.is_floating_point and stored.itemsize >= 2 and not name.endswith(".scale")
    return wanted if wanted is not None and wide else stored


class ModuleSource:
    """Blocks as they are: modules on the CPU, their tensors in memory or mapped from any file.

    Tensors of another dtype than `dtype` are converted on their way, so that float32 files run
    directly, only slower.
    """

    def __init__(
        self,
        blocks: Sequence[nn.Module],
        *,
        context: Callable[[str], bool] = no_context,
        dtype: torch.dtype | None = None,
    ) -> None:
        self._tensors = [tensors_of(block) for block in blocks]
        self._layouts = [layout_of(t, context=context, dtype=dtype) for t in self._tensors]

    @property
    def layouts(self) -> Sequence[BlockLayout]:
        return self._layouts

    def fill(self, block: int, start: int, out: Tensor) -> None:
        copy_range(self._layouts[block], self._tensors[block], start, out)

    def close(self) -> None:
        self._tensors = []


class LazySource:
    """Blocks from a mapping of published names that makes each tensor when it is asked for.

    For files in a layout that needs work on every read. `templates` are the blocks, on the meta
    device.
    """

    def __init__(
        self,
        tensors: Mapping[str, Tensor],
        templates: Sequence[nn.Module],
        *,
        prefix: str = "blocks.",
        context: Callable[[str], bool] = no_context,
        dtype: torch.dtype | None = None,
    ) -> None:
        self._tensors = tensors
        self._prefix = prefix
        self._layouts = [
            layout_of(tensors_of(block), context=context, dtype=dtype) for block in templates
        ]

    @property
    def layouts(self) -> Sequence[BlockLayout]:
        return self._layouts

    def fill(self, block: int, start: int, out: Tensor) -> None:
        inside = _Prefixed(self._tensors, f"{self._prefix}{block}.")
        copy_range(self._layouts[block], inside, start, out)

    def close(self) -> None:
        self._tensors = {}


class _Prefixed(Mapping[str, Tensor]):
    """The tensors below a prefix."""

    def __init__(self, tensors: Mapping[str, Tensor], prefix: str) -> None:
        self._tensors, self._prefix = tensors, prefix

    def __getitem__(self, name: str) -> Tensor:
        return self._tensors[self._prefix + name]

    def __iter__(self) -> Iterator[str]:
        return (n.removeprefix(self._prefix) for n in self._tensors if n.startswith(self._prefix))

    def __len__(self) -> int:
        return sum(1 for _ in self)


class StoreSource:
    """Blocks of a block store, mapped: the system keeps in memory what there is room for."""

    def __init__(self, store: BlockStore) -> None:
        self._store = store

    @property
    def layouts(self) -> Sequence[BlockLayout]:
        return self._store.layouts

    def fill(self, block: int, start: int, out: Tensor) -> None:
        out.copy_(self._store.block_bytes(block)[start : start + out.numel()])

    def close(self) -> None: ...


class DiskSource:
    """Blocks of a block store, read past the page cache: for little host memory."""

    def __init__(self, store: BlockStore) -> None:
        self._layouts = store.layouts
        self._starts = store.block_starts
        self.reader = DiskReader(store.path)

    @property
    def layouts(self) -> Sequence[BlockLayout]:
        return self._layouts

    def fill(self, block: int, start: int, out: Tensor) -> None:
        self.reader.read(self._starts[block] + start, out)

    def close(self) -> None:
        self.reader.close()
