"""LoRAs put into the weights themselves: in float32, rounded once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from infinitetalk.weights.lora import Delta, LoraFile
from infinitetalk.weights.tensors import QuantizedTensor, State


@dataclass(frozen=True, kw_only=True)
class ScaledLora:
    """A LoRA and how strongly it is applied."""

    lora: LoraFile
    scale: float


class MergedState(State):
    """A state whose tensors have LoRAs added when they are read; nothing is kept.

    A stored 8-bit weight that a LoRA changes is dequantized for it, and coded anew by whoever
    loads it into a `QuantLinear`.
    """

    def __init__(self, state: State, loras: Sequence[ScaledLora]) -> None:
        self._state = state
        self._deltas: dict[str, list[tuple[Delta, float]]] = {}
        for part in loras:
            for name, deltas in part.lora.deltas.items():
                if name in state and part.scale != 0:
                    places = self._deltas.setdefault(name, [])
                    places += [(delta, part.scale) for delta in deltas]

    def shape(self, name: str) -> tuple[int, ...]:
        return self._state.shape(name)

    def read(self, name: str, dtype: torch.dtype | None = None) -> Tensor:
        deltas = self._deltas.get(name)
        if deltas is None:
            return self._state.read(name, dtype)
        stored = self._state.read(name)
        merged = stored.to(torch.float32, copy=True)
        for delta, scale in deltas:
            merged += delta.dense(tuple(merged.shape), merged.device) * scale
        return merged.to(dtype or stored.dtype)

    def quantized(self, name: str) -> QuantizedTensor | None:
        return None if name in self._deltas else self._state.quantized(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._state)

    def __len__(self) -> int:
        return len(self._state)


def merge(state: State, loras: Sequence[ScaledLora]) -> State:
    """`state` with LoRAs merged in: float32 sums, one rounding (spec transformer.md 7.2)."""
    return MergedState(state, loras) if loras else state
