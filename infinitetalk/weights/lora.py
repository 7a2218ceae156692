"""LoRA files: by how much each changes the tensors of the transformer that its keys fall onto.

With alpha, full differences (`.diff`, `.diff_b`) and biases of the low-rank branch (spec
transformer.md section 7). What fits nothing is named.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from infinitetalk.weights.header import FileHeader, read_header, read_json
from infinitetalk.weights.identity import identity_of
from infinitetalk.weights.lora_match import LoraPart, listed, match_lora
from infinitetalk.weights.mapped import MappedFile


@dataclass(frozen=True, kw_only=True)
class Delta:
    """What one file adds to one tensor, at scale 1: `factor * up @ down`, or `diff`.

    `down` [rank, in], `up` [out, rank], as stored; a convolution's kernel is flattened.
    """

    down: Tensor | None = None
    up: Tensor | None = None
    diff: Tensor | None = None
    factor: float = 1.0  # alpha / rank, 1 without alpha

    @property
    def is_low_rank(self) -> bool:
        return self.down is not None

    def dense(self, shape: tuple[int, ...], device: torch.device | None = None) -> Tensor:
        """The whole difference in float32, shaped like its tensor."""
        if self.down is not None and self.up is not None:
            up = self.up.to(device=device, dtype=torch.float32).flatten(1)
            down = self.down.to(device=device, dtype=torch.float32).flatten(1)
            return ((up @ down) * self.factor).reshape(shape)
        if self.diff is None:
            raise ValueError("a delta without values")
        return self.diff.to(device=device, dtype=torch.float32).reshape(shape) * self.factor


@dataclass(frozen=True, kw_only=True)
class LoraFile:
    """One file's deltas by published tensor name, and the keys that found no place."""

    path: Path
    deltas: Mapping[str, tuple[Delta, ...]]
    total: int  # keys in the file
    unmatched: tuple[str, ...] = ()  # keys that belong to no tensor of this transformer
    skipped: tuple[tuple[str, str], ...] = ()  # key and why it is not applied
    identity: str = ""  # of header and size, for the key of a chunk

    @property
    def matched(self) -> int:
        return self.total - len(self.unmatched) - len(self.skipped)

    def notices(self) -> list[str]:
        """One line for each kind of thing that was not applied."""
        lines: list[str] = []
        if self.unmatched:
            lines.append(
                f"{self.path.name}: {len(self.unmatched)} of {self.total} keys fit nothing in this "
                f"transformer: {listed(self.unmatched)}."
            )
        reasons: dict[str, list[str]] = {}
        for key, reason in self.skipped:
            reasons.setdefault(reason, []).append(key)
        for reason, keys in reasons.items():
            lines.append(
                f"{self.path.name}: {len(keys)} keys are left out ({reason}): {listed(keys)}."
            )
        return lines


def read_lora(path: Path, shapes: Mapping[str, tuple[int, ...]]) -> LoraFile:
    """The deltas of a LoRA file for a transformer with these published names and shapes.

    Raises EngineError `lora.no_match` if no key fits, and those of `read_header`. Tensors stay
    mapped; nothing large is read.
    """
    header = read_header(path)
    match = match_lora(header, shapes)
    file = MappedFile(header)
    default_alpha = _adapter_alpha(header)
    deltas: dict[str, list[Delta]] = {}
    for part in match.parts:
        deltas.setdefault(part.tensor, []).append(_delta(part, file, default_alpha))
    return LoraFile(
        path=path,
        deltas={name: tuple(parts) for name, parts in deltas.items()},
        total=len(header.tensors),
        unmatched=match.unmatched,
        skipped=match.skipped,
        identity=identity_of([header]),
    )


def _delta(part: LoraPart, file: MappedFile, default_alpha: float | None) -> Delta:
    infos = file.header.tensors
    factor = 1.0
    if part.down:
        alpha = default_alpha
        if part.alpha:
            alpha = float(file.tensor(infos[part.alpha]).flatten()[0].item())
        factor = 1.0 if alpha is None else alpha / infos[part.down].shape[0]
    if part.diff:
        return Delta(diff=file.tensor(infos[part.diff]), factor=factor)
    down, up = file.tensor(infos[part.down]), file.tensor(infos[part.up])
    return Delta(down=down, up=up, factor=factor)


def _adapter_alpha(header: FileHeader) -> float | None:
    """Alpha of an adapter config, in the file's metadata or in `adapter_config.json` beside it."""
    tables: list[dict[str, Any]] = []
    said = header.metadata.get("lora_adapter_metadata")
    if said:
        try:
            table = json.loads(said)
        except ValueError:
            table = None
        if isinstance(table, dict):
            tables.append(table)
    if header.path.name.startswith("adapter_model"):
        tables.append(read_json(header.path.with_name("adapter_config.json")))
    for table in tables:
        for key in ("lora_alpha", "transformer.lora_alpha"):
            if isinstance(table.get(key), int | float):
                return float(table[key])
    return None
