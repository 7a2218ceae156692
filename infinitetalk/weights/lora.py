"""LoRA files: which tensor of the transformer each key changes, and by how much.

Four spellings are read (plain, PEFT, kohya, diffusers; spec transformer.md section 7), with alpha,
full differences (`.diff`, `.diff_b`) and biases of the low-rank branch. What fits nothing is named.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from infinitetalk.errors import engine_error
from infinitetalk.weights import names as spell
from infinitetalk.weights.header import FileHeader, TensorInfo, read_header, read_json
from infinitetalk.weights.identity import identity_of
from infinitetalk.weights.mapped import MappedFile

PREFIXES = ("", *spell.TRANSFORMER_PREFIXES, "base_model.model.", "unet.", "dit.")
FLAT_PREFIXES = ("lora_unet__", "lora_unet_", "lora_transformer_", "lycoris_")
DIFFUSERS_LINEARS = (
    *(f"attn1.{name}" for name in ("to_q", "to_k", "to_v", "to_out.0")),
    *(f"attn2.{name}" for name in ("to_q", "to_k", "to_v", "to_out.0")),
    "attn2.add_k_proj",
    "attn2.add_v_proj",
    "ffn.net.0.proj",
    "ffn.net.2",
)
_ROLES: tuple[tuple[str, str], ...] = (
    (r"\.lora_down\.weight|\.lora_A(\.default)?\.weight|\.lora\.down\.weight", "down"),
    (r"\.lora_up\.weight|\.lora_B(\.default)?\.weight|\.lora\.up\.weight", "up"),
    (r"\.lora_B(\.default)?\.bias|\.lora_up\.bias", "up_bias"),
    (r"\.alpha", "alpha"),
    (r"\.diff", "diff"),
    (r"\.diff_b", "diff_b"),
)
_SIZED = re.compile(r"(.+)\.[^.]+")


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
                f"transformer: {_listed(self.unmatched)}."
            )
        reasons: dict[str, list[str]] = {}
        for key, reason in self.skipped:
            reasons.setdefault(reason, []).append(key)
        for reason, keys in reasons.items():
            lines.append(
                f"{self.path.name}: {len(keys)} keys are left out ({reason}): {_listed(keys)}."
            )
        return lines


def _listed(names: Iterable[str], limit: int = 3) -> str:
    names = list(names)
    return ", ".join(names[:limit]) + (", ..." if len(names) > limit else "")


@dataclass
class _Module:
    """The keys of one module, by role."""

    keys: dict[str, str] = field(default_factory=dict)  # role -> key


class _Targets:
    """The transformer's tensors, found by module name in any spelling."""

    def __init__(self, shapes: Mapping[str, tuple[int, ...]]) -> None:
        self.shapes = shapes
        self.modules = {match[1] for name in shapes if (match := _SIZED.fullmatch(name))}
        self.modules |= set(shapes)
        self._flat = {module.replace(".", "_"): module for module in self.modules}
        blocks = {match[1] for name in shapes if (match := re.match(r"(blocks\.\d+)\.", name))}
        for block in blocks:
            for linear in DIFFUSERS_LINEARS:
                theirs = f"{block}.{linear}"
                self._flat.setdefault(theirs.replace(".", "_"), spell.from_diffusers(theirs))

    def find(self, module: str, *, diffusers: bool) -> str | None:
        """The published module that a key speaks of, or None."""
        for prefix in FLAT_PREFIXES:
            if module.startswith(prefix):
                return self._flat.get(module[len(prefix) :])
        for prefix in PREFIXES:
            if not module.startswith(prefix):
                continue
            name = spell.transformer_name(module[len(prefix) :], diffusers=diffusers)
            if name in self.modules:
                return name
        return None

    def tensor(self, module: str, kind: str) -> str | None:
        """The tensor `kind` ("weight" or "bias") of a module; a bare parameter is its own weight."""
        name = f"{module}.{kind}"
        if name in self.shapes:
            return name
        return module if kind == "weight" and module in self.shapes else None


def read_lora(path: Path, shapes: Mapping[str, tuple[int, ...]]) -> LoraFile:
    """The deltas of a LoRA file for a transformer with these published names and shapes.

    Raises EngineError `lora.no_match` if no key fits, and those of `read_header`. Tensors stay
    mapped; nothing large is read.
    """
    header = read_header(path)
    file = MappedFile(header)
    targets = _Targets(shapes)
    diffusers = spell.is_diffusers(set(header.tensors))
    modules: dict[str, _Module] = {}
    unmatched: list[str] = []
    skipped: list[tuple[str, str]] = []
    for key in header.tensors:
        module, role = _split(key)
        if role is None:
            reason = _known_leftover(key)
            if reason:
                skipped.append((key, reason))
            else:
                unmatched.append(key)
            continue
        target = targets.find(module, diffusers=diffusers)
        if target is None:
            unmatched.append(key)
            continue
        modules.setdefault(target, _Module()).keys[role] = key
    default_alpha = _adapter_alpha(header)
    deltas: dict[str, list[Delta]] = {}
    for module, keys in modules.items():
        _collect(module, keys, targets, file, default_alpha, deltas, skipped)
    found = LoraFile(
        path=path,
        deltas={name: tuple(parts) for name, parts in deltas.items()},
        total=len(header.tensors),
        unmatched=tuple(unmatched),
        skipped=tuple(skipped),
        identity=identity_of([header]),
    )
    if not found.deltas:
        raise engine_error(
            "lora.no_match",
            "The LoRA does not fit",
            f"{path.name}: {found.matched} of {found.total} keys match this transformer "
            f"(first: {_listed([*unmatched, *(key for key, _ in skipped)], 2)}).",
            "Remove it, or choose a LoRA made for Wan2.1 14B.",
            path=str(path),
            total=found.total,
        )
    return found


def _split(key: str) -> tuple[str, str | None]:
    for pattern, role in _ROLES:
        match = re.fullmatch(rf"(.+?)(?:{pattern})", key)
        if match:
            return match[1], role
    return key, None


def _known_leftover(key: str) -> str:
    """Why a kind of key that occurs in the wild is not applied; empty for unknown kinds."""
    kinds = (
        (".diff_m", "differences of the modulation, which no known program applies"),
        (".lora_mid.weight", "a convolution in three parts"),
        (".dora_scale", "DoRA magnitudes"),
        (".reshape_weight", "a note on another shape"),
        (".initialized", "a mark of the trainer"),
    )
    reason = next((reason for suffix, reason in kinds if key.endswith(suffix)), "")
    if not reason and re.search(r"\.(lokr_|hada_|oft_|glora)", key):
        return "another kind of adapter than LoRA"
    return reason


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


def _collect(
    module: str,
    found: _Module,
    targets: _Targets,
    file: MappedFile,
    default_alpha: float | None,
    deltas: dict[str, list[Delta]],
    skipped: list[tuple[str, str]],
) -> None:
    keys, infos = found.keys, file.header.tensors
    weight, bias = targets.tensor(module, "weight"), targets.tensor(module, "bias")

    def skip(roles: Iterable[str], reason: str) -> None:
        skipped.extend((keys[role], reason) for role in roles if role in keys)

    low_rank = ("down", "up", "alpha", "up_bias")
    factor = 1.0
    if "down" in keys and "up" in keys:
        down, up = infos[keys["down"]], infos[keys["up"]]
        wrong = _wrong_low_rank(down, up, targets.shapes[weight] if weight else ())
        if weight is None or wrong:
            skip(low_rank, wrong or "the module has no weight")
        else:
            rank = down.shape[0]
            alpha = _alpha(file, keys, default_alpha)
            factor = 1.0 if alpha is None else alpha / rank
            delta = Delta(down=file.tensor(down), up=file.tensor(up), factor=factor)
            deltas.setdefault(weight, []).append(delta)
            if "up_bias" in keys:
                _add_diff(keys["up_bias"], bias, factor, targets, file, deltas, skipped)
    else:
        skip(low_rank, "the other half of the pair is missing")
    if "diff" in keys:
        _add_diff(keys["diff"], weight, 1.0, targets, file, deltas, skipped)
    if "diff_b" in keys:
        _add_diff(keys["diff_b"], bias, 1.0, targets, file, deltas, skipped)


def _alpha(file: MappedFile, keys: Mapping[str, str], default: float | None) -> float | None:
    if "alpha" not in keys:
        return default
    return float(file.tensor(file.header.tensors[keys["alpha"]]).flatten()[0].item())


def _wrong_low_rank(down: TensorInfo, up: TensorInfo, shape: tuple[int, ...]) -> str:
    """Why a pair does not fit a weight of this shape; empty if it does."""
    if len(down.shape) < 2 or len(up.shape) < 2 or not shape or down.shape[0] == 0:
        return "not a pair of matrices"
    inner, outer = down.numel // down.shape[0], up.shape[0]
    if down.shape[0] != up.numel // max(outer, 1):
        return f"ranks {down.shape[0]} and {up.numel // max(outer, 1)} differ"
    wanted = 1
    for n in shape[1:]:
        wanted *= n
    if (outer, inner) != (shape[0], wanted):
        return f"shape {outer}x{inner} where the weight has {shape[0]}x{wanted}"
    return ""


def _add_diff(
    key: str,
    target: str | None,
    factor: float,
    targets: _Targets,
    file: MappedFile,
    deltas: dict[str, list[Delta]],
    skipped: list[tuple[str, str]],
) -> None:
    info = file.header.tensors[key]
    if target is None:
        skipped.append((key, "the module has no such tensor"))
    elif info.shape != targets.shapes[target]:
        there = "x".join(map(str, targets.shapes[target]))
        found = "x".join(map(str, info.shape))
        skipped.append((key, f"shape {found} where the tensor has {there}"))
    else:
        deltas.setdefault(target, []).append(Delta(diff=file.tensor(info), factor=factor))
