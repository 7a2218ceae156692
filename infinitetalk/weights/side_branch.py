"""LoRAs beside the weights: `y += factor * up(down(x))`, with scales that can be changed.

The right way for 8-bit weights, whose rounding would swallow a small delta. Low-rank parts and full
differences of linear layers become branches; what changes another tensor (norms, biases,
modulation, convolutions) is added to it, and taken back when the scale changes or on `detach`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn
from torch.nn import functional

from infinitetalk.quant.linear import QuantLinear
from infinitetalk.weights.lora import Delta
from infinitetalk.weights.merge import ScaledLora


class Branch(nn.Module):
    """One delta of a linear layer's weight: low-rank (`down`, `up`) or full (`diff`)."""

    down: nn.Parameter | None
    up: nn.Parameter | None
    diff: nn.Parameter | None

    def __init__(self, delta: Delta, source: int, scale: float, like: Tensor) -> None:
        """`source` is the index of the LoRA this came from; values take dtype and device of `like`."""
        super().__init__()
        self.source, self.factor, self.scale = source, delta.factor, scale
        for name in ("down", "up", "diff"):
            tensor: Tensor | None = getattr(delta, name)
            if tensor is None:
                self.register_parameter(name, None)
                continue
            flat = tensor.detach().flatten(1)
            value = flat.to(device=like.device, dtype=like.dtype)
            self.register_parameter(name, nn.Parameter(value, requires_grad=False))

    def add_to(self, y: Tensor, x: Tensor) -> Tensor:
        """`y + scale * factor * x @ delta^T`, in place where possible."""
        strength = self.scale * self.factor
        if strength == 0:
            return y
        if self.diff is not None:
            part = functional.linear(x, self.diff.to(x.dtype))
        elif self.down is not None and self.up is not None:
            narrow = functional.linear(x, self.down.to(x.dtype))
            part = functional.linear(narrow, self.up.to(x.dtype))
        else:
            raise RuntimeError("a branch without values")  # one of the two always exists
        return y.add_(part, alpha=strength)


class BranchedLinear(nn.Module):
    """A linear layer of any precision with LoRA branches beside it."""

    def __init__(self, base: nn.Module) -> None:
        super().__init__()
        self.base = base
        self.branches = nn.ModuleList()

    def forward(self, x: Tensor) -> Tensor:
        """[..., in] -> [..., out]; a plain base follows the dtype of `x`, as an 8-bit one does."""
        base = self.base
        if isinstance(base, nn.Linear) and base.weight.dtype != x.dtype:
            bias = None if base.bias is None else base.bias.to(x.dtype)
            y = functional.linear(x, base.weight.to(x.dtype), bias)
        else:
            y = base(x)
        for branch in self.branches:
            if isinstance(branch, Branch):
                y = branch.add_to(y, x)
        return y


@dataclass
class _Adjusted:
    """A tensor that deltas are added to, with what it was before."""

    owner: nn.Module
    local: str
    original: Tensor
    deltas: list[tuple[Delta, int]] = field(default_factory=list)

    def apply(self, scales: Sequence[float]) -> None:
        value = self.original.to(torch.float32, copy=True)
        for delta, source in self.deltas:
            value += delta.dense(tuple(value.shape), value.device) * scales[source]
        self.put(value.to(self.original.dtype))

    def put(self, value: Tensor) -> None:
        self.owner._parameters[self.local] = nn.Parameter(value, requires_grad=False)


class Attachment:
    """LoRAs attached to a network: their scales can be changed, and they can be taken off again."""

    def __init__(self, module: nn.Module, loras: Sequence[ScaledLora]) -> None:
        self._module = module
        self._scales = [part.scale for part in loras]
        self._adjusted: dict[str, _Adjusted] = {}
        self._branched: dict[str, BranchedLinear] = {}
        for source, part in enumerate(loras):
            for name, deltas in part.lora.deltas.items():
                for delta in deltas:
                    self._add(name, delta, source)
        for adjusted in self._adjusted.values():
            adjusted.apply(self._scales)

    @property
    def scales(self) -> tuple[float, ...]:
        return tuple(self._scales)

    def set_scale(self, index: int, scale: float) -> None:
        """Changes the strength of the LoRA at `index` in the order they were given."""
        self._scales[index] = scale
        for linear in self._branched.values():
            for branch in linear.branches:
                if isinstance(branch, Branch) and branch.source == index:
                    branch.scale = scale
        for adjusted in self._adjusted.values():
            if any(source == index for _, source in adjusted.deltas):
                adjusted.apply(self._scales)

    def detach(self) -> None:
        """Restores the network as it was."""
        for name, linear in self._branched.items():
            owner, local = _owner(self._module, name)
            setattr(owner, local, linear.base)
        for adjusted in self._adjusted.values():
            adjusted.put(adjusted.original)
        self._branched.clear()
        self._adjusted.clear()

    def _add(self, name: str, delta: Delta, source: int) -> None:
        path, _, local = name.rpartition(".")
        if local == "weight":
            owner, last = _owner(self._module, path)
            layer = getattr(owner, last)
            if isinstance(layer, nn.Linear | QuantLinear | BranchedLinear):
                if not isinstance(layer, BranchedLinear):
                    layer = BranchedLinear(layer)
                    setattr(owner, last, layer)
                    self._branched[path] = layer
                like = _activation_like(layer.base)
                branch = Branch(delta, source, self._scales[source], like)
                layer.branches.append(branch)
                return
        part = self._module.get_submodule(path) if path else self._module
        if isinstance(part, BranchedLinear):
            part = part.base
        if name not in self._adjusted:
            original = part._parameters.get(local)
            if original is None:
                raise ValueError(f"{name} is no parameter of this network")
            self._adjusted[name] = _Adjusted(part, local, original.detach())
        self._adjusted[name].deltas.append((delta, source))


def _owner(module: nn.Module, path: str) -> tuple[nn.Module, str]:
    owner, _, local = path.rpartition(".")
    return module.get_submodule(owner), local


def _activation_like(layer: nn.Module) -> Tensor:
    """A tensor with the device of a layer and the dtype that its activations will have."""
    if isinstance(layer, QuantLinear):
        return layer.bias if layer.bias is not None else layer.scale
    weight = layer.weight
    if not isinstance(weight, Tensor):
        raise TypeError(f"{type(layer).__name__} has no weight")
    return weight


def attach(module: nn.Module, loras: Sequence[ScaledLora]) -> Attachment:
    """Puts LoRAs beside the layers of a loaded network, any precision; see `Attachment`.

    Raises ValueError if a delta names a parameter that the network does not have.
    """
    return Attachment(module, loras)
