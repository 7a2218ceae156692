"""Whether fused kernels may be used, and a switch to do without."""

import importlib
import importlib.util
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from types import ModuleType

import torch
from torch import Tensor

_log = logging.getLogger(__name__)
_wanted = ContextVar("fused kernels", default=True)


@contextmanager
def plain_kernels() -> Iterator[None]:
    """Within it, every function of this package takes its plain path (for comparison)."""
    token = _wanted.set(False)
    try:
        yield
    finally:
        _wanted.reset(token)


def plain_kernels_wanted() -> bool:
    """True within `plain_kernels`."""
    return not _wanted.get()


def kernels_for(*tensors: Tensor) -> ModuleType | None:
    """The fused kernels, where they can take these tensors: on a CUDA card, contiguous, one clip,
    without autograd, and Triton works here (on Windows it is often missing).
    """
    first = tensors[0]
    usable = (
        first.is_cuda
        and first.shape[0] == 1
        and all(tensor.is_contiguous() for tensor in tensors)
        and not torch.is_grad_enabled()
        and not torch.compiler.is_compiling()
        and _wanted.get()
    )
    return _kernels(first.device) if usable else None


@cache
def _kernels(device: torch.device) -> ModuleType | None:
    """The module, once it has computed something right on this card; else None, for good."""
    if importlib.util.find_spec("triton") is None:
        return None
    try:
        module = importlib.import_module("infinitetalk.ops.triton_kernels")
        x = torch.ones(1, 1, 8, device=device)
        works = bool((module.add_gated(x, x, x.float()) == 2).all())
    except Exception as error:  # noqa: BLE001  # no compiler, an old driver, a broken wheel: all mean no
        _log.info("Triton does not work here, plain kernels are used: %s", error)
        return None
    return module if works else None
