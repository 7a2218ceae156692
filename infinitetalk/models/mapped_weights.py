"""Tensors from a mapping into a network that was built on the meta device, one at a time."""

from collections.abc import Iterable, Iterator, Mapping

import torch
from torch import Tensor, nn

from infinitetalk.errors import EngineError, engine_error

SHOWN_NAMES = 3


class Renamed(Mapping[str, Tensor]):
    """Tensors under other names; none is read before it is asked for."""

    def __init__(self, tensors: Mapping[str, Tensor], names: Mapping[str, str]) -> None:
        """`names` maps a name here to the name in `tensors`."""
        self._tensors = tensors
        self._names = names

    def __getitem__(self, name: str) -> Tensor:
        return self._tensors[self._names[name]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def assign_weights(
    module: nn.Module,
    tensors: Mapping[str, Tensor],
    *,
    what: str,
    dtype: torch.dtype | None = None,
    device: torch.device | str | None = None,
) -> None:
    """Give every parameter and saved buffer of `module` its tensor; gradients are switched off.

    `tensors` maps the module's own names to tensors and is asked for each of them once, so a lazy
    mapping never holds more than one converted tensor beside the module. Without `dtype` and
    `device` the tensors stay what they are, mapped files included. Names that the module doesn't
    have are ignored: published files carry heads that nothing here uses.

    `what` names the network in messages. Raises EngineError `weights.missing_tensors` or
    `weights.wrong_shape`.
    """
    module.requires_grad_(False)
    wanted = module.state_dict()
    missing = [name for name in wanted if name not in tensors]
    if missing:
        raise _missing(what, missing, len(wanted))
    ready: dict[str, Tensor] = {}
    for name, target in wanted.items():
        tensor = tensors[name]
        if tensor.shape != target.shape:
            raise engine_error(
                "weights.wrong_shape",
                "Wrong model file",
                f"In the {what}, {name} should be {_size(target.shape)} and is {_size(tensor.shape)}.",
                "Choose the file that belongs to this model, or download it again.",
                tensor=name,
            )
        ready[name] = tensor.to(device=device, dtype=_float_dtype(tensor, dtype))
    module.load_state_dict(ready, strict=True, assign=True)
    module.eval()


def _float_dtype(tensor: Tensor, dtype: torch.dtype | None) -> torch.dtype | None:
    """Eight-bit weights and index tables keep their type; floats of 16 bits and more follow `dtype`."""
    wide = tensor.is_floating_point() and tensor.element_size() >= 2
    return dtype if wide else None


def _missing(what: str, names: Iterable[str], total: int) -> EngineError:
    names = list(names)
    shown = ", ".join(names[:SHOWN_NAMES]) + (", …" if len(names) > SHOWN_NAMES else "")
    return engine_error(
        "weights.missing_tensors",
        "Incomplete model file",
        f"The {what} lacks {len(names)} of {total} tensors: {shown}.",
        "Download the file again, or run `infinitetalk weights check` on its folder.",
        missing=names[:50],
    )


def _size(shape: torch.Size) -> str:
    return "x".join(str(side) for side in shape) or "a single number"
