"""How an import writes tensors: all in one working dtype, or the blocks' linears in 8 bits."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from infinitetalk.quant.schemes import SCHEMES, Scheme, quantize
from infinitetalk.weights.store_layout import TensorSpec


class Coding(Protocol):
    """Which stored tensors a tensor of a block becomes; `specs` says it without the values."""

    @property
    def precision(self) -> str: ...

    @property
    def shared(self) -> "Coding":
        """The coding of tensors outside blocks."""
        ...

    def specs(self, spec: TensorSpec) -> list[TensorSpec]: ...

    def encode(self, name: str, tensor: Tensor) -> Mapping[str, Tensor]: ...


@dataclass(frozen=True, kw_only=True)
class PlainCoding:
    """Floats of 16 bits and more take the working dtype; everything else stays what it is."""

    dtype: torch.dtype = torch.bfloat16
    name: str = "bf16"

    @property
    def precision(self) -> str:
        return self.name

    @property
    def shared(self) -> Coding:
        return self

    def stored_dtype(self, dtype: torch.dtype) -> torch.dtype:
        return self.dtype if dtype.is_floating_point and dtype.itemsize >= 2 else dtype

    def specs(self, spec: TensorSpec) -> list[TensorSpec]:
        dtype = self.stored_dtype(spec.dtype)
        return [TensorSpec(name=spec.name, dtype=dtype, shape=spec.shape)]

    def encode(self, name: str, tensor: Tensor) -> Mapping[str, Tensor]:
        return {name: tensor.to(self.stored_dtype(tensor.dtype))}


@dataclass(frozen=True, kw_only=True)
class EightBitCoding:
    """Weights of linears become `data` and `scale`, the names of `QuantLinear`."""

    scheme: Scheme
    plain: PlainCoding = PlainCoding()

    @property
    def precision(self) -> str:
        return self.scheme.name

    @property
    def shared(self) -> Coding:
        return self.plain

    def specs(self, spec: TensorSpec) -> list[TensorSpec]:
        if not _is_linear(spec.name, spec.shape):
            return self.plain.specs(spec)
        module = spec.name.removesuffix(".weight")
        rows = spec.shape[:1]
        return [
            TensorSpec(name=f"{module}.data", dtype=self.scheme.dtype, shape=spec.shape),
            TensorSpec(name=f"{module}.scale", dtype=torch.float32, shape=rows),
        ]

    def encode(self, name: str, tensor: Tensor) -> Mapping[str, Tensor]:
        if not _is_linear(name, tuple(tensor.shape)):
            return self.plain.encode(name, tensor)
        data, scale = quantize(tensor, self.scheme)
        module = name.removesuffix(".weight")
        return {f"{module}.data": data, f"{module}.scale": scale}


def _is_linear(name: str, shape: tuple[int, ...]) -> bool:
    return name.endswith(".weight") and len(shape) == 2


def coding_for(precision: str) -> Coding:
    """The coding of a precision: fp32, bf16, fp8 or int8. Raises ValueError for another."""
    if precision in SCHEMES:
        return EightBitCoding(scheme=SCHEMES[precision])
    plain = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}
    if precision not in plain:
        known = ", ".join([*plain, *SCHEMES])
        raise ValueError(f"precision {precision!r} is not one of {known}")
    return PlainCoding(dtype=plain[precision], name=precision)
