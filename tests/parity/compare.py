"""Fixture files, and comparisons that become rows of the table."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import load_file
from torch import Tensor

from tests.parity.registry import Row

RELATIVE = 1e-5
ABSOLUTE = 1e-4


@dataclass(frozen=True)
class Fixture:
    """The tensors of a file, and its metadata with JSON values parsed."""

    path: Path
    tensors: dict[str, Tensor]
    meta: dict[str, Any]

    def __getitem__(self, name: str) -> Tensor:
        return self.tensors[name]

    def __contains__(self, name: str) -> bool:
        return name in self.tensors

    def part(self, prefix: str) -> dict[str, Tensor]:
        """The tensors whose names begin with `prefix`, without it."""
        return {n.removeprefix(prefix): t for n, t in self.tensors.items() if n.startswith(prefix)}


def load(path: Path) -> Fixture:
    with safe_open(path, "pt") as opened:
        meta = opened.metadata() or {}
    return Fixture(path, load_file(path), {name: _parsed(value) for name, value in meta.items()})


def _parsed(value: str) -> Any:
    try:
        return json.loads(value)
    except json.JSONDecodeError:
        return value


def compare(
    name: str,
    found: Tensor,
    expected: Tensor,
    *,
    relative: float | None = RELATIVE,
    absolute: float | None = None,
) -> Row:
    """Norm of the difference over norm of the value, and the largest difference.

    Every limit that is given must hold. Shapes must agree, and nothing may be NaN.
    """
    limits = [
        f"{value:.0e} {kind}" for value, kind in ((relative, "rel"), (absolute, "abs")) if value
    ]
    tolerance = ", ".join(limits)
    if found.shape != expected.shape:
        shapes = f"{tuple(found.shape)} != {tuple(expected.shape)}"
        return Row(
            name=f"{name}: shape {shapes}",
            absolute=float("inf"),
            relative=float("inf"),
            tolerance=tolerance,
            passed=False,
        )
    a, b = found.detach().double(), expected.double()
    difference = (a - b).abs().max().item() if a.numel() else 0.0
    norm = b.norm().item()
    ratio = (a - b).norm().item() / norm if norm else difference
    passed = (relative is None or ratio <= relative) and (
        absolute is None or difference <= absolute
    )
    return Row(name=name, absolute=difference, relative=ratio, tolerance=tolerance, passed=passed)


def exact(name: str, found: object, expected: object) -> Row:
    """Equality of tensors (also in shape) or plain values."""
    if isinstance(found, Tensor) and isinstance(expected, Tensor):
        same = found.shape == expected.shape and bool(
            torch.equal(found.to(expected.dtype), expected)
        )
        off = 0.0
        if found.shape == expected.shape and not same:
            off = (found.double() - expected.double()).abs().max().item()
    else:
        same, off = bool(found == expected), 0.0
    return Row(name=name, absolute=off, relative=0.0, tolerance="exact", passed=same)
