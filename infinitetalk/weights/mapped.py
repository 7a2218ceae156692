"""Weights files mapped into memory: a tensor costs address space until its bytes are touched.

On POSIX the map is private and copy-on-write without a reservation of memory, so a write to a
loaded tensor never reaches the file and 66 GB open on a machine with 8 GB. On Windows a private
map would be charged in full against the page file, so there it is read-only: whoever wants to
write into a loaded tensor clones it.
"""

import mmap
import sys
import warnings
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor

from infinitetalk.weights.header import DTYPE_NAMES, FileHeader, TensorInfo, corrupt
from infinitetalk.weights.pickles import load_mapped

MAP_NORESERVE = getattr(mmap, "MAP_NORESERVE", 0x4000 if sys.platform == "linux" else 0)


def torch_dtype(code: str) -> torch.dtype:
    """The dtype of a header's code ("BF16"). Raises ValueError if this torch does not have it."""
    dtype = getattr(torch, DTYPE_NAMES[code], None)
    if not isinstance(dtype, torch.dtype):
        raise ValueError(f"this torch {torch.__version__} has no {DTYPE_NAMES[code]}")
    return dtype


class MappedFile:
    """One weights file; its tensors are views of the map and keep it open while they live."""

    def __init__(self, header: FileHeader) -> None:
        self.header = header
        self._bytes: Tensor | None = None
        self._pickled: Mapping[str, Tensor] | None = None

    def tensor(self, info: TensorInfo) -> Tensor:
        """One stored tensor, as it is stored. Raises EngineError if the file changed meanwhile."""
        if self.header.container == "pickle":
            if self._pickled is None:
                self._pickled = load_mapped(self.header)
            return self._pickled[info.name]
        if self._bytes is None:
            self._bytes = _map(self.header.path, self.header.size)
        dtype = torch_dtype(info.dtype)
        raw = self._bytes[info.start : info.end]
        if info.start % max(dtype.itemsize, 1):
            raw = raw.clone()  # written without alignment; views need it
        return raw.view(dtype).view(info.shape)


def _map(path: Path, size: int) -> Tensor:
    """All bytes of a file as one uint8 tensor over its map."""
    with path.open("rb") as file:
        if path.stat().st_size != size:
            raise corrupt(path, "it changed while it was being opened.")
        if sys.platform == "win32":
            buffer = mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ)
        else:
            try:
                buffer = mmap.mmap(
                    file.fileno(),
                    size,
                    flags=mmap.MAP_PRIVATE | MAP_NORESERVE,
                    prot=mmap.PROT_READ | mmap.PROT_WRITE,
                )
            except OSError:  # memory is accounted strictly on this machine: read-only then
                buffer = mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ)
    with warnings.catch_warnings():
        # torch warns that a read-only buffer must not be written to; see the head of this file
        warnings.filterwarnings("ignore", message="The given buffer is not writable")
        return torch.frombuffer(buffer, dtype=torch.uint8)
