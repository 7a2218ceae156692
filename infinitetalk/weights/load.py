"""Tensors of a state into a network that was built on `meta`: strict, and never held twice."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from infinitetalk.errors import EngineError, engine_error
from infinitetalk.quant.linear import QuantLinear
from infinitetalk.quant.schemes import quantize
from infinitetalk.weights.tensors import DictState, State

NAMED = 3

Keep = Callable[[str], bool]


@dataclass
class _Wanted:
    """What a network asks of a state."""

    plain: dict[str, tuple[nn.Module, str, Tensor]] = field(default_factory=dict)
    layers: dict[str, QuantLinear] = field(default_factory=dict)  # by the name of their weight

    def shapes(self) -> Iterator[tuple[str, tuple[int, ...]]]:
        for name, (_, _, tensor) in self.plain.items():
            yield name, tuple(tensor.shape)
        for name, layer in self.layers.items():
            yield name, (layer.out_features, layer.in_features)


def _wanted(module: nn.Module) -> _Wanted:
    wanted = _Wanted()
    for path, part in module.named_modules():
        dot = f"{path}." if path else ""
        skip: tuple[str, ...] = ()
        if isinstance(part, QuantLinear):
            wanted.layers[f"{dot}weight"] = part
            skip = ("data", "scale")
        for name, parameter in part.named_parameters(recurse=False):
            if name not in skip:
                wanted.plain[f"{dot}{name}"] = (part, name, parameter)
        for name, buffer in part.named_buffers(recurse=False):
            if name not in part._non_persistent_buffers_set:
                wanted.plain[f"{dot}{name}"] = (part, name, buffer)
    return wanted


def load_into(
    module: nn.Module,
    state: State | Mapping[str, Tensor],
    *,
    dtype: torch.dtype | None = None,
    device: torch.device | str | None = None,
    what: str = "network",
    unused: Keep | Iterable[str] = (),
) -> None:
    """Fills every parameter and saved buffer of `module` from `state`; gradients are off.

    Names and shapes are compared before a byte is read. Floating tensors take `dtype` if given,
    else they stay as stored and, on the CPU, mapped: clone one before writing into it. A
    `QuantLinear` gets the stored 8-bit weight if it has the same scheme, else it is quantized
    from what is stored, one layer at a time. `unused` names (or tests for) tensors of the state
    that the module need not have.

    Raises EngineError `weights.corrupt`: missing, unexpected, wrong shape, with names.
    """
    source = state if isinstance(state, State) else DictState(state)
    wanted = _wanted(module)
    _compare(wanted, source, what, unused)
    for name, (part, local, target) in wanted.plain.items():
        tensor = source.read(name, _dtype(target, dtype))
        _assign(part, local, _placed(tensor, device))
    for name, layer in wanted.layers.items():
        _fill(layer, name, source, device)


def _dtype(target: Tensor, dtype: torch.dtype | None) -> torch.dtype | None:
    return dtype if target.dtype.is_floating_point else None


def _placed(tensor: Tensor, device: torch.device | str | None) -> Tensor:
    return tensor if device is None else tensor.to(device)


def _assign(part: nn.Module, local: str, tensor: Tensor) -> None:
    if local in part._parameters:
        part._parameters[local] = nn.Parameter(tensor, requires_grad=False)
    else:
        part._buffers[local] = tensor


def _fill(layer: QuantLinear, name: str, source: State, device: torch.device | str | None) -> None:
    stored = source.quantized(name)
    if stored is not None and stored.data.dtype == layer.scheme.dtype:
        data, scale = stored.data, stored.scale
    else:
        data, scale = quantize(source.read(name, torch.float32), layer.scheme)
    _assign(layer, "data", _placed(data, device))
    _assign(layer, "scale", _placed(scale, device))


def _listed(names: list[str]) -> str:
    return ", ".join(names[:NAMED]) + (", ..." if len(names) > NAMED else "")


def _compare(wanted: _Wanted, source: State, what: str, unused: Keep | Iterable[str]) -> None:
    allowed = unused if callable(unused) else frozenset(unused).__contains__
    shapes = dict(wanted.shapes())
    missing = [name for name in shapes if name not in source]
    wrong = [
        (name, shape, source.shape(name))
        for name, shape in shapes.items()
        if name in source and source.shape(name) != shape
    ]
    extra = [name for name in source if name not in shapes and not allowed(name)]
    faults: list[str] = []
    if missing:
        faults.append(f"{len(missing)} of {len(shapes)} tensors are missing: {_listed(missing)}")
    if wrong:
        name, expected, found = wrong[0]
        faults.append(
            f"{len(wrong)} have another shape, first {name}: {_shape(expected)} expected, "
            f"{_shape(found)} found"
        )
    if extra:
        faults.append(f"{len(extra)} are unexpected: {_listed(extra)}")
    if faults:
        raise _misfit(what, "; ".join(faults), missing, extra, len(wrong))


def _shape(shape: tuple[int, ...]) -> str:
    return "x".join(map(str, shape)) or "a single number"


def _misfit(
    what: str, detail: str, missing: list[str], extra: list[str], wrong: int
) -> EngineError:
    return engine_error(
        "weights.corrupt",
        "These weights don't fit",
        f"{what}: {detail}.",
        "Run `infinitetalk weights check` on the folder; it says which file is wrong.",
        missing=len(missing),
        missing_names=missing[:20],
        unexpected=len(extra),
        unexpected_names=extra[:20],
        wrong_shapes=wrong,
    )
