"""A slot of the ring: one flat buffer on the device, and modules whose tensors are views of it."""

import copy
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from typing import Any

import torch
from torch import Tensor, nn

from infinitetalk.weights.store_layout import PAGE, BlockLayout


def hollow_copy(module: nn.Module) -> nn.Module:
    """A copy of the module's structure with all parameters and buffers on the meta device."""
    memo: dict[int, Any] = {}
    for tensor in [*module.parameters(), *module.buffers()]:
        empty = torch.empty_like(tensor, device="meta", requires_grad=False)
        is_parameter = isinstance(tensor, nn.Parameter)
        memo[id(tensor)] = nn.Parameter(empty, requires_grad=False) if is_parameter else empty
    return copy.deepcopy(module, memo)


def bind(module: nn.Module, views: Mapping[str, Tensor]) -> None:
    """Puts views of a buffer in the place of the module's parameters and buffers.

    Raises ValueError if names or shapes are not the module's own.
    """
    left = dict(views)

    def take(prefix: str, name: str, old: Tensor) -> Tensor:
        full = f"{prefix}.{name}" if prefix else name
        if full not in left:
            raise ValueError(f"the stored block lacks {full}")
        view = left.pop(full)
        if view.shape != old.shape:
            raise ValueError(f"{full} is stored as {view.shape}, the block has {old.shape}")
        return view

    for prefix, inner in module.named_modules():
        for name, old in inner._parameters.items():
            if old is not None:
                view = take(prefix, name, old)
                inner._parameters[name] = nn.Parameter(view, requires_grad=False)
        for name, old in inner._buffers.items():
            if old is not None:
                inner._buffers[name] = take(prefix, name, old)
    if left:
        raise ValueError(f"the block has no {', '.join(sorted(left))}")


class Slot:
    """Room for one block at a time.

    Blocks of different layouts (a LoRA on some of them, say) share a slot: there is one module per
    kind of layout over the same bytes, made beforehand.
    """

    def __init__(self, nbytes: int, device: torch.device) -> None:
        spare = PAGE if device.type == "cpu" else 0
        flat = torch.empty(nbytes + spare, dtype=torch.uint8, device=device)
        # On the CPU it begins on a page, so that unbuffered reads can fill it.
        first = -flat.data_ptr() % PAGE if spare else 0
        self.flat = flat[first : first + nbytes]
        self._modules: dict[int, nn.Module] = {}
        self.block: int | None = None  # whose bytes are here or on their way
        self.layout: BlockLayout | None = None
        self.has_context = False
        self.in_use = False
        self.pending: Future[None] | None = None
        self.ready: torch.cuda.Event | None = None
        self.free: torch.cuda.Event | None = None

    def add_module(self, kind: int, pattern: nn.Module, layout: BlockLayout) -> nn.Module:
        """Makes the module through which blocks of one kind are used in this slot."""
        module = hollow_copy(pattern)
        bind(module, layout.views(self.flat))
        self._modules[kind] = module
        return module

    def module(self, kind: int) -> nn.Module:
        return self._modules[kind]

    @property
    def modules(self) -> Sequence[nn.Module]:
        return list(self._modules.values())

    def forget(self) -> None:
        """Holds no block any more."""
        self.block, self.layout, self.has_context = None, None, False

    @property
    def live_bytes(self) -> int:
        """Bytes that hold a block, or are about to."""
        if self.layout is None:
            return 0
        return self.layout.nbytes if self.has_context else self.layout.token_bytes
