"""Attention by name: torch's exact kernels, ours in 8 bits, SageAttention where the user has it.

The fastest exact one is found by measuring once per machine and then fixed in the plan by its name.
"""

import importlib
import importlib.util
import json
import os
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel

from infinitetalk import paths
from infinitetalk.ops.attention import Attend, attend
from infinitetalk.ops.attention_8bit import attend_8bit

FORMAT = 1
DEFAULT = "default"  # whatever torch picks by itself
_SDP = {
    "cudnn": SDPBackend.CUDNN_ATTENTION,
    "flash": SDPBackend.FLASH_ATTENTION,
    "efficient": SDPBackend.EFFICIENT_ATTENTION,
    "math": SDPBackend.MATH,
}
EXACT = (DEFAULT, "cudnn", "flash", "efficient")
# With an error of their own: the user's choice, never measured into place.
EIGHT_BIT = ("8bit", "sage")
CHECK_TOLERANCE = 0.02  # of a bfloat16 kernel against float32, relative
PROBE_TOKENS, PROBE_HEADS = 8192, 8  # on a card
CPU_TOKENS, CPU_HEADS = 512, 2
HEAD_SIZE = 128
_FEW_KEYS = 1024  # SageAttention gains nothing on text, picture and speech


def names() -> tuple[str, ...]:
    """Every name that `attention_named` knows."""
    return (DEFAULT, *_SDP, *EIGHT_BIT)


def attention_named(name: str) -> Attend:
    """The attention of that name. Where torch's kernel doesn't take a shape, another exact one does.

    Raises ValueError for unknown names and ModuleNotFoundError for "sage" without the package.
    """
    if name == DEFAULT:
        return attend
    if name in _SDP:
        first = _SDP[name]
        return partial(_by_priority, [first, *(b for b in _SDP.values() if b != first)])
    if name == "8bit":
        return attend_8bit
    if name == "sage":
        module = importlib.import_module("sageattention")
        return partial(_sage, module.sageattn)
    raise ValueError(f"no attention is called {name!r}; there are {', '.join(names())}")


def _by_priority(backends: list[SDPBackend], q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    q, k, v = (t.transpose(1, 2) for t in (q, k, v))
    with sdpa_kernel(backends, set_priority=True):
        return F.scaled_dot_product_attention(q, k, v).transpose(1, 2)


def _sage(sageattn: Callable[..., Tensor], q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    if k.shape[1] < _FEW_KEYS or q.dtype == torch.float32:
        return attend(q, k, v)
    return sageattn(q, k, v, tensor_layout="NHD", is_causal=False)


def use_attention(module: nn.Module, attention: Attend) -> None:
    """Puts an attention function into every part of a network that has one."""
    for part in module.modules():
        if callable(getattr(part, "attention", None)):
            part.attention = attention  # type: ignore[assignment]  # a plain attribute


# -- which one -----------------------------------------------------------------------------------


def measure(device: torch.device, *, tokens: int | None = None) -> dict[str, float]:
    """Seconds of each exact attention that works here and gives what it should, by name."""
    cuda = device.type == "cuda"
    dtype = torch.bfloat16 if cuda else torch.float32
    heads = PROBE_HEADS if cuda else CPU_HEADS
    tokens = tokens or (PROBE_TOKENS if cuda else CPU_TOKENS)
    generator = torch.Generator(device).manual_seed(0)
    shape = (1, tokens, heads, HEAD_SIZE)
    q, k, v = (
        torch.randn(shape, generator=generator, device=device, dtype=dtype) for _ in range(3)
    )
    found: dict[str, float] = {}
    for name in EXACT if cuda else (DEFAULT,):
        attention = attention_named(name)
        try:
            if _agrees(attention, q[:, :256], k[:, :256], v[:, :256]):
                found[name] = _seconds(partial(attention, q, k, v), device)
        except RuntimeError:  # not on this card, or not with this build
            continue
    return found


def _agrees(attention: Attend, q: Tensor, k: Tensor, v: Tensor) -> bool:
    expected = attend(q.float().cpu(), k.float().cpu(), v.float().cpu())
    error = (attention(q, k, v).float().cpu() - expected).norm() / expected.norm()
    return bool(error < CHECK_TOLERANCE)


def _seconds(run: Callable[[], Tensor], device: torch.device, repeats: int = 5) -> float:
    """The median of some runs, after one that doesn't count."""

    def timed() -> float:
        if device.type == "cuda":
            torch.cuda.synchronize(device)
        start = time.perf_counter()
        run()
        if device.type == "cuda":
            torch.cuda.synchronize(device)
        return time.perf_counter() - start

    timed()
    return sorted(timed() for _ in range(repeats))[repeats // 2]


def fastest(measured: Mapping[str, float]) -> str:
    """The name of the fastest; torch's own choice if it is as fast as any, within 3 %."""
    if not measured:
        return DEFAULT
    best = min(measured, key=lambda name: measured[name])
    own = measured.get(DEFAULT)
    return DEFAULT if own is not None and own <= 1.03 * measured[best] else best


def machine_key(device: torch.device) -> str:
    """What a measurement belongs to."""
    if device.type != "cuda":
        return f"{device.type}|torch {torch.__version__}"
    return f"{torch.cuda.get_device_name(device)}|torch {torch.__version__}"


def fastest_here(device: torch.device, file: Path | None = None) -> str:
    """The fastest exact attention of this machine, measured at the first call, then remembered."""
    target = file or paths.cache_folder() / "attention.json"
    key = machine_key(device)
    try:
        data = json.loads(target.read_text("utf-8"))
        known = {str(k): dict(v) for k, v in data["measured"].items()}
        if data["format"] != FORMAT:
            known = {}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        known = {}
    if key not in known or not set(known[key]) <= set(EXACT):
        known[key] = measure(device)
        _write(target, known)
    return fastest(known[key])


def _write(target: Path, known: Mapping[str, Mapping[str, float]]) -> None:
    beside = target.with_name(f"{target.name}.{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(json.dumps({"format": FORMAT, "measured": known}, indent=1), "utf-8")
        beside.replace(target)
    except OSError:  # a cache that can't be written is no reason to fail
        beside.unlink(missing_ok=True)
