"""`BlockStore`: an opened block-store file (`store_file.py`), mapped; nothing is read before use."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import torch
from torch import Tensor

from infinitetalk.weights.header import corrupt
from infinitetalk.weights.store_file import StoreFacts, read_store_header
from infinitetalk.weights.store_layout import BlockLayout

PIECE = 64 * 1024**2  # bytes hashed or written at a time
Progress = Callable[[int, int], None]  # bytes done, bytes in all


class BlockStore:
    """A file of equal blocks. Reading a block is one sequential read of mapped pages."""

    def __init__(self, path: Path) -> None:
        """Raises EngineError `weights.missing`, `weights.wrong_kind` or `weights.corrupt`."""
        self.path = path
        self.header = read_store_header(path)
        self._mapped = torch.from_file(
            str(path), shared=False, size=path.stat().st_size, dtype=torch.uint8
        )

    @property
    def facts(self) -> StoreFacts:
        return self.header.facts

    @property
    def layouts(self) -> Sequence[BlockLayout]:
        """Of each block."""
        return [region.layout for region in self.header.blocks]

    @property
    def block_starts(self) -> Sequence[int]:
        """Of each block: bytes from the beginning of the file; a whole number of pages."""
        return [self.header.data_start + region.start for region in self.header.blocks]

    def shared(self) -> dict[str, Tensor]:
        """The tensors outside blocks, mapped."""
        return self.header.shared.layout.views(self._region(0))

    def block(self, number: int) -> dict[str, Tensor]:
        """The tensors of one block under their names inside it, mapped."""
        return self.header.blocks[number].layout.views(self.block_bytes(number))

    def block_bytes(self, number: int) -> Tensor:
        """A block as it lies in the file, uint8, mapped."""
        return self._region(number + 1)

    def tensors(self) -> Mapping[str, Tensor]:
        """Everything under full names, mapped: what `load_state_dict` takes."""
        found = self.shared()
        for number, region in enumerate(self.header.blocks):
            found.update({region.full_name(n): t for n, t in self.block(number).items()})
        return found

    def verify(self, progress: Progress | None = None) -> None:
        """Compares every region with its stored digest. Raises EngineError `weights.corrupt`."""
        total = sum(region.layout.nbytes for region in self.header.regions)
        done = 0
        for number, (region, digest) in enumerate(
            zip(self.header.regions, self.header.digests, strict=True)
        ):
            if digest_of(self._region(number)) != digest:
                raise corrupt(
                    self.path, f"{region.name} differs from its checksum.", region=region.name
                )
            done += region.layout.nbytes
            if progress is not None:
                progress(done, total)

    def _region(self, number: int) -> Tensor:
        region = self.header.regions[number]
        start = self.header.data_start + region.start
        return self._mapped[start : start + region.layout.nbytes]


def digest_of(flat: Tensor) -> str:
    """SHA-256 of a uint8 tensor on the CPU."""
    found = hashlib.sha256()
    for start in range(0, flat.numel(), PIECE):
        found.update(flat[start : start + PIECE].numpy().data)
    return found.hexdigest()
