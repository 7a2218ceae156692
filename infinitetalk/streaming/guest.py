"""A network that comes to a card as a whole for one stage of a chunk, and leaves it again."""

import torch
from torch import Tensor, nn


class Guest:
    """One network at a time. What it is made of stays in RAM meanwhile: leaving copies nothing."""

    def __init__(self) -> None:
        self._at_home: list[tuple[Tensor, Tensor]] = []

    def come(self, network: nn.Module, device: torch.device | str) -> None:
        """Its tensors lie on `device` from now on. Raises what the allocator raises; `leave` then
        brings home what had come.
        """
        self.leave()
        for tensor in (*network.parameters(), *network.buffers()):
            home = tensor.data
            self._at_home.append((tensor, home))
            tensor.data = home.to(device, non_blocking=True)

    def leave(self) -> None:
        """Its tensors are those in RAM again."""
        while self._at_home:
            tensor, home = self._at_home.pop()
            tensor.data = home
