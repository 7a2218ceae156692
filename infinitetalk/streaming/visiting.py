"""Parts of a network that come to the device for each of their calls and leave it at once."""

from typing import Any

import torch
from torch import nn

from infinitetalk.streaming.host import HostBuffer
from infinitetalk.streaming.slot import bind
from infinitetalk.streaming.source import layout_of, tensors_of
from infinitetalk.weights.store_layout import copy_range


class Visitor:
    """Stands in the place of a part's `forward`; its tensors lie in one host buffer.

    For parts that work rarely, and before the large tensors are alive: the time between the copy's
    order and its end is not hidden.
    """

    def __init__(
        self, part: nn.Module, *, device: torch.device | str, dtype: torch.dtype | None = None
    ) -> None:
        self.part = part
        self._device = torch.device(device)
        tensors = {name: tensor.cpu() for name, tensor in tensors_of(part).items()}
        self._layout = layout_of(tensors, dtype=dtype)
        self._host = HostBuffer(self._layout.nbytes, locked=self._device.type == "cuda")
        copy_range(self._layout, tensors, 0, self._host.flat)
        bind(part, self._layout.views(self._host.flat))
        part.forward = (
            self  # on the instance: type and place in the network stay what callers expect
        )

    @property
    def nbytes(self) -> int:
        return self._layout.nbytes

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        # The same stream computes: what is freed afterwards is not used again too early.
        there = torch.empty_like(self._host.flat, device=self._device)
        there.copy_(self._host.flat, non_blocking=True)
        bind(self.part, self._layout.views(there))
        try:
            return type(self.part).forward(self.part, *args, **kwargs)
        finally:
            bind(self.part, self._layout.views(self._host.flat))

    def close(self) -> None:
        """Ends the page lock; the part stays usable, from ordinary memory."""
        self._host.close()
