"""Whether the 8-bit kernels of this package may be used here."""

import importlib
import importlib.util
import logging
from functools import cache
from types import ModuleType

import torch
from torch import Tensor

from infinitetalk.ops.fused import plain_kernels_wanted

_log = logging.getLogger(__name__)


def kernels_for(x: Tensor) -> ModuleType | None:
    """The kernels, where they take x [M, K]: on a CUDA card where Triton works; else None."""
    usable = x.is_cuda and x.is_contiguous() and not torch.compiler.is_compiling()
    return _kernels(x.device) if usable and not plain_kernels_wanted() else None


@cache
def _kernels(device: torch.device) -> ModuleType | None:
    """The module, once it has computed something right on this card; else None, for good."""
    if importlib.util.find_spec("triton") is None:
        return None
    try:
        module = importlib.import_module("infinitetalk.quant.triton_int8")
        x = torch.ones(32, 64, device=device, dtype=torch.bfloat16)
        data, scale = module.quantize_rows(x, torch.int8, 127.0, 1e-12)
        # Triton no longer compiles products in int8 for Turing.
        found = module.int8_product(data, scale, data, scale.flatten(), None, x.dtype)
        works = bool((data == 127).all()) and bool((found == 64).all())
    except Exception as error:  # noqa: BLE001  # no compiler, an old driver, a broken wheel: all mean no
        _log.info("Triton does not work here, plain 8-bit paths are used: %s", error)
        return None
    return module if works else None
