"""Streaming for networks that call their layers themselves (transformers' encoders, say)."""

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from infinitetalk.streaming.source import ModuleSource
from infinitetalk.streaming.stream import BlockStream, StreamProbe
from infinitetalk.streaming.visiting import Visitor


class StreamedLayers:
    """A network whose list of equal layers is streamed; `remove` gives it back as it was."""

    def __init__(self, layers: nn.ModuleList, stream: BlockStream) -> None:
        self.stream = stream
        self._layers = layers
        for number, layer in enumerate(layers):
            # On the instance: type, attributes and place in the list stay what callers expect.
            layer.forward = _Forward(stream, number)

    def remove(self) -> None:
        for layer in self._layers:
            layer.__dict__.pop("forward", None)
        self.stream.close()


class _Forward:
    """Runs the layer's number in the slot that holds it."""

    def __init__(self, stream: BlockStream, number: int) -> None:
        self._stream, self._number = stream, number

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._stream.use(self._number).forward(*args, **kwargs)


def stream_layers(
    network: nn.Module,
    path: str,
    *,
    device: torch.device | str = "cpu",
    resident: int = 0,
    slots: int = 2,
    pinned: int = 0,
    dtype: torch.dtype | None = None,
    probe: StreamProbe | None = None,
) -> StreamedLayers:
    """Streams the list of layers at `path` ("model.encoder.block"), and moves the rest to `device`.

    A layer called several times in a row (once per text) is brought in once. Layers keep their
    tensors on the CPU, in memory or mapped.
    """
    layers = network.get_submodule(path)
    if not isinstance(layers, nn.ModuleList):
        raise ValueError(f"{path} is no list of layers, found {type(layers).__name__}")
    source = ModuleSource(list(layers), dtype=dtype)
    stream = BlockStream(
        list(layers),
        source,
        device=device,
        resident=resident,
        slots=slots,
        pinned=pinned,
        probe=probe,
    )
    place_rest(network, layers, device=device, dtype=dtype)
    return StreamedLayers(layers, stream)


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
