"""Which tensor of a transformer each key of a LoRA file changes: from headers alone, without torch.

Four spellings are read (plain, PEFT, kohya, diffusers; spec transformer.md section 7). So a LoRA
made for something else is refused before a job begins, and what fits nothing is named.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from infinitetalk.errors import EngineError, engine_error
from infinitetalk.weights import names as spell
from infinitetalk.weights.header import FileHeader, TensorInfo

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
class LoraPart:
    """What keys of one file add to one tensor: `up @ down`, or `diff` as it is.

    The values are keys of the file. `alpha` scales: the branch by alpha / rank, and with it the
    branch's bias, which is a `diff` with the `down` of its branch.
    """

    tensor: str  # published name
    down: str = ""
    up: str = ""
    diff: str = ""
    alpha: str = ""


@dataclass(frozen=True, kw_only=True)
class LoraMatch:
    """How a file's keys fall onto a transformer."""

    parts: tuple[LoraPart, ...]
    unmatched: tuple[str, ...]  # keys that belong to no tensor of this transformer
    skipped: tuple[tuple[str, str], ...]  # key and why it is not applied


def listed(names: Iterable[str], limit: int = 3) -> str:
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


def match_lora(header: FileHeader, shapes: Mapping[str, tuple[int, ...]]) -> LoraMatch:
    """The keys of a LoRA file for a transformer with these published names and shapes.

    Raises EngineError `lora.no_match` if none fits.
    """
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
    parts: list[LoraPart] = []
    for module, found in modules.items():
        _collect(module, found.keys, targets, header.tensors, parts, skipped)
    if not parts:
        raise _no_match(header, [*unmatched, *(key for key, _ in skipped)])
    return LoraMatch(parts=tuple(parts), unmatched=tuple(unmatched), skipped=tuple(skipped))


def _no_match(header: FileHeader, keys: list[str]) -> EngineError:
    total = len(header.tensors)
    return engine_error(
        "lora.no_match",
        "The LoRA does not fit",
        f"{header.path.name}: 0 of {total} keys match this transformer (first: {listed(keys, 2)}).",
        "Remove it, or choose a LoRA made for Wan2.1 14B.",
        path=str(header.path),
        total=total,
    )


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


def _collect(
    module: str,
    keys: Mapping[str, str],
    targets: _Targets,
    infos: Mapping[str, TensorInfo],
    parts: list[LoraPart],
    skipped: list[tuple[str, str]],
) -> None:
    weight, bias = targets.tensor(module, "weight"), targets.tensor(module, "bias")

    def skip(roles: Iterable[str], reason: str) -> None:
        skipped.extend((keys[role], reason) for role in roles if role in keys)

    def add(tensor: str | None, key: str, down: str = "", alpha: str = "") -> None:
        """A difference of the same shape as its tensor."""
        shape = infos[key].shape
        if tensor is None:
            skipped.append((key, "the module has no such tensor"))
        elif shape != targets.shapes[tensor]:
            there = "x".join(map(str, targets.shapes[tensor]))
            found = "x".join(map(str, shape))
            skipped.append((key, f"shape {found} where the tensor has {there}"))
        else:
            parts.append(LoraPart(tensor=tensor, diff=key, down=down, alpha=alpha))

    low_rank = ("down", "up", "alpha", "up_bias")
    if "down" in keys and "up" in keys:
        down, up, alpha = keys["down"], keys["up"], keys.get("alpha", "")
        wrong = _wrong_low_rank(infos[down], infos[up], targets.shapes[weight] if weight else ())
        if weight is None or wrong:
            skip(low_rank, wrong or "the module has no weight")
        else:
            parts.append(LoraPart(tensor=weight, down=down, up=up, alpha=alpha))
            if "up_bias" in keys:
                add(bias, keys["up_bias"], down, alpha)
    else:
        skip(low_rank, "the other half of the pair is missing")
    if "diff" in keys:
        add(weight, keys["diff"])
    if "diff_b" in keys:
        add(bias, keys["diff_b"])


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
