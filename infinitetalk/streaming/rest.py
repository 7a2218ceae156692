"""What of a network is not streamed goes to the device for good."""

from collections.abc import Callable

import torch
from torch import nn

from infinitetalk.streaming.visiting import Visitor


def place_rest(
    network: nn.Module,
    layers: nn.Module,
    *visitors: Visitor,
    device: torch.device | str,
    dtype: torch.dtype | None = None,
) -> None:
    """Moves everything but `layers` and `visitors` to the device; float tensors of 16 bits and more
    to `dtype`.
    """

    def moved(tensor: torch.Tensor) -> torch.Tensor:
        wide = tensor.is_floating_point() and tensor.element_size() >= 2
        return tensor.to(device=device, dtype=dtype if wide else None)

    parts = (layers, *(visitor.part for visitor in visitors))
    inside = {id(module) for part in parts for module in part.modules()}
    for module in network.modules():
        if id(module) not in inside:
            _move_own(module, moved)


def _move_own(module: nn.Module, moved: Callable[[torch.Tensor], torch.Tensor]) -> None:
    for name, parameter in module._parameters.items():
        if parameter is not None:
            value = nn.Parameter(moved(parameter.detach()), requires_grad=False)
            module._parameters[name] = value
    for name, buffer in module._buffers.items():
        if buffer is not None:
            module._buffers[name] = moved(buffer)
