"""Recognizes that memory ran out, and lets tests make it run out wherever it could."""

import gc
import os
import sys
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

ALLOCATOR = "PYTORCH_CUDA_ALLOC_CONF"

# torch has a type of its own only for the GPU's allocator. Libraries below it, and the allocator of
# host memory, raise plain RuntimeErrors, which differ by their text alone.
_SIGNS = (
    "not enough memory",  # DefaultCPUAllocator
    "can't allocate memory",
    "CUBLAS_STATUS_ALLOC_FAILED",
    "CUDNN_STATUS_ALLOC_FAILED",
    "CUDA error: out of memory",
    "CUDA out of memory",
)


def is_out_of_memory(error: BaseException) -> bool:
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    return isinstance(error, RuntimeError) and any(sign in str(error) for sign in _SIGNS)


def use_growing_segments() -> None:
    """Lets torch's allocator grow its pieces of a card's memory, where it can (Linux).

    Else what was freed by one stage is often of no use to the next, and a chunk that fits does not
    go through. Without effect once the card is in use, or where the user has settings of their own.
    """
    if sys.platform == "linux" and not {"PYTORCH_ALLOC_CONF", ALLOCATOR} & set(os.environ):
        os.environ[ALLOCATOR] = "expandable_segments:True"


def free_unused() -> None:
    """Gives back what nothing refers to any more."""
    gc.collect()
    if torch.cuda.is_available() and torch.cuda.is_initialized():
        torch.cuda.empty_cache()


class AllocationPoints(TorchDispatchMode):
    """Counts the allocations of tensors in a piece of work, and refuses one of them.

    With `refused` None it counts all. A refused allocation raises `torch.OutOfMemoryError`, once:
    work that is tried again runs through.
    """

    def __init__(self, refused: int | None = None) -> None:
        super().__init__()
        self.refused = refused
        self.count = 0

    def __torch_dispatch__(
        self,
        func: Callable[..., Any],
        types: Iterable[type],  # torch's signature
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        result = func(*args, **(kwargs or {}))
        if self.refused is not None and self.count > self.refused:
            return result  # refused already
        given = _places((*args, *(kwargs or {}).values()))
        if _places((result,)) - given:
            number = self.count
            self.count += 1
            if number == self.refused:
                del result
                raise torch.OutOfMemoryError(f"allocation {number} was refused for a test")
        return result


def _places(values: Iterable[Any]) -> set[int]:
    """Where the tensors among `values` (and one list deep) are stored."""
    found: set[int] = set()
    for value in values:
        if isinstance(value, Tensor):
            if value.device.type != "meta" and value.numel():
                found.add(value.untyped_storage().data_ptr())
        elif isinstance(value, list | tuple):
            found |= _places(value)
    return found
