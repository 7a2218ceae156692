"""`LazyState`: published names to tensors, read from mapped files when they are asked for.

Whatever the layout of the files (shards, prefixes, other names, 8 bit with scales), a state hands
out the tensors of the network under their published names. At most the tensor asked for is held
in memory, and none at all where it is stored as it is wanted.
"""

import json
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from infinitetalk.quant.schemes import dequantize, scheme_of
from infinitetalk.weights.header import read_header, wrong_kind
from infinitetalk.weights.layouts import Layout, Stored, resolve
from infinitetalk.weights.mapped import MappedFile, torch_dtype


@dataclass(frozen=True, kw_only=True)
class QuantizedTensor:
    """A weight as it is stored in 8 bits: data [out, in] and scale [out] in float32."""

    data: Tensor
    scale: Tensor

    def dequantized(self, dtype: torch.dtype = torch.float32) -> Tensor:
        return dequantize(self.data, self.scale, dtype)


class State(Mapping[str, Tensor]):
    """Tensors by published name, one at a time. `state[name]` is `state.read(name)`."""

    @abstractmethod
    def shape(self, name: str) -> tuple[int, ...]:
        """The shape, without reading the tensor. Raises KeyError."""

    @abstractmethod
    def read(self, name: str, dtype: torch.dtype | None = None) -> Tensor:
        """The tensor, in `dtype` if given; else as stored, 8-bit ones dequantized.

        Tensors may be views of mapped files: clone before writing into one.
        """

    @abstractmethod
    def quantized(self, name: str) -> QuantizedTensor | None:
        """The weight in its stored 8-bit form, where it has one that a `QuantLinear` can run."""

    def __getitem__(self, name: str) -> Tensor:
        return self.read(name)

    def __contains__(self, name: object) -> bool:
        """From headers alone: a mapping's own way would read the tensor."""
        return any(name == known for known in self)


class DictState(State):
    """A plain table of tensors as a state."""

    def __init__(self, tensors: Mapping[str, Tensor]) -> None:
        self._tensors = tensors

    def shape(self, name: str) -> tuple[int, ...]:
        return tuple(self._tensors[name].shape)

    def read(self, name: str, dtype: torch.dtype | None = None) -> Tensor:
        tensor = self._tensors[name]
        return tensor if dtype is None else tensor.to(dtype)

    def quantized(self, name: str) -> None:
        """None for every name of the table. Raises KeyError for others."""
        self._tensors[name]

    def __contains__(self, name: object) -> bool:
        return name in self._tensors

    def __iter__(self) -> Iterator[str]:
        return iter(self._tensors)

    def __len__(self) -> int:
        return len(self._tensors)


class RenamedState(State):
    """Another state's tensors under other names (`names`: name here to name there)."""

    def __init__(self, state: State, names: Mapping[str, str]) -> None:
        self._state, self._names = state, names

    def shape(self, name: str) -> tuple[int, ...]:
        return self._state.shape(self._names[name])

    def read(self, name: str, dtype: torch.dtype | None = None) -> Tensor:
        return self._state.read(self._names[name], dtype)

    def quantized(self, name: str) -> QuantizedTensor | None:
        return self._state.quantized(self._names[name])

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class LazyState(State):
    """The tensors of mapped files. Opening reads headers only."""

    def __init__(self, layouts: Sequence[Layout]) -> None:
        """Later layouts win where names occur twice: base first, overlay after it."""
        self._stored: dict[str, Stored] = {}
        self._files: dict[Path, MappedFile] = {}
        for layout in layouts:
            self._stored.update(layout.tensors)
            self._files.update({h.path: MappedFile(h) for h in layout.headers})
            _check_markers(layout)

    def stored(self, name: str) -> Stored:
        """Where and how a tensor is stored. Raises KeyError."""
        return self._stored[name]

    def shape(self, name: str) -> tuple[int, ...]:
        return self._stored[name].shape

    def read(self, name: str, dtype: torch.dtype | None = None) -> Tensor:
        stored = self._stored[name]
        match stored.coding:
            case "plain":
                tensor = self._raw(stored)
            case "fp8":
                tensor = self._raw(stored).to(dtype or torch.bfloat16)  # exact in bfloat16
            case "scaled" | "quanto":
                scale = self._scale(stored)
                tensor = dequantize(self._raw(stored), scale, dtype or torch.float32)
        return tensor if dtype is None or tensor.dtype == dtype else tensor.to(dtype)

    def quantized(self, name: str) -> QuantizedTensor | None:
        stored = self._stored[name]
        if stored.coding == "plain" or len(stored.shape) != 2:
            return None
        if scheme_of(torch_dtype(stored.dtype)) is None:
            return None  # e5m2: no scheme of ours, dequantized instead
        scale = self._scale(stored)
        rows = scale.expand(stored.shape[0]) if scale.numel() == 1 else scale
        return QuantizedTensor(data=self._raw(stored), scale=rows.contiguous())

    def _raw(self, stored: Stored) -> Tensor:
        file = self._files[stored.file]
        parts = [file.tensor(part) for part in stored.parts]
        tensor = parts[0] if len(parts) == 1 else torch.cat(parts)
        return tensor if tuple(tensor.shape) == stored.shape else tensor.reshape(stored.shape)

    def _scale(self, stored: Stored) -> Tensor:
        """float32, one number or one per row."""
        if stored.scale is None:
            return torch.ones(1)
        file = self._files[stored.scale_file or stored.file]
        return file.tensor(stored.scale).to(torch.float32).reshape(-1)

    def __contains__(self, name: object) -> bool:
        return name in self._stored

    def __iter__(self) -> Iterator[str]:
        return iter(self._stored)

    def __len__(self) -> int:
        return len(self._stored)


READABLE_MARKERS = (
    "float8_e4m3fn",
    "float8_e5m2",
    "fp8",
    "int8",
    "int8_tensorwise",
    "int8_rowwise",
)


def _check_markers(layout: Layout) -> None:
    """ComfyUI's newer files say per layer how it is coded; some codings are more than a scale."""
    files = {header.path: MappedFile(header) for header in layout.headers}
    for module, info in layout.markers.items():
        file = next(f for f in files.values() if info.name in f.header.tensors)
        text = bytes(file.tensor(info).flatten().tolist()).decode("utf-8", "replace")
        try:
            said = json.loads(text)
        except ValueError:
            said = {}
        coding = str(said.get("format", "")) if isinstance(said, dict) else ""
        if coding not in READABLE_MARKERS:
            raise wrong_kind(
                file.header.path,
                f"{module} is stored as {coding or text[:40]!r}, which this program can't read.",
                "Take a bf16, fp8 or int8 file of the same model.",
                coding=coding,
            )


def open_state(paths: Iterable[Path]) -> LazyState:
    """The tensors of some files, in any supported layout; each file may have its own.

    Shards of one model are given together. Raises the EngineErrors of `read_header`. Completeness
    is `check`'s business, and `load_into`'s.
    """
    return LazyState([resolve([read_header(path)]) for path in paths])
