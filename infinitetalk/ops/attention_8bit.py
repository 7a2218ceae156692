"""Attention with its products in 8 bits: faster than any exact one, with an error of its own.

Queries and keys become int8 with one scale per token and head; from the keys their mean over all
tokens is taken away first, which changes no softmax and leaves little for the scale to span. The
weights of the softmax and the values become e4m3 (values with one scale per channel), or stay in
16 bits on cards without fp8. Sums are in int32 and float32. After the idea of SageAttention
(arXiv 2410.02367, 2411.10958), written anew.
"""

import importlib
import importlib.util
import logging
import math
from functools import cache
from types import ModuleType

import torch
from torch import Tensor

from infinitetalk.ops.attention import attend
from infinitetalk.ops.fused import plain_kernels_wanted

_log = logging.getLogger(__name__)

FEW_KEYS = 1024  # text, picture and speech: coding them would take longer than it saves
HEAD_SIZES = (64, 128)
WEIGHT_SCALE = 256.0  # softmax weights 0..1 in e4m3: a power of two, below its largest number 448
INT8_LIMIT, FP8_LIMIT = 127.0, 448.0
SMALLEST = 1e-12
PLAIN_QUERIES = 512  # at a time in the plain path
PLAIN_KEYS = 128  # the same, and between two looks for the largest score
CHECK_TOLERANCE = 0.06


def attend_8bit(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """`attend` with products in 8 bits where there are many keys and a kernel for them; else exact.

    q [B, S, N, d], k and v [B, K, N, d] -> [B, S, N, d].
    """
    if k.shape[1] < FEW_KEYS or q.shape[-1] not in HEAD_SIZES or not q.is_cuda:
        return attend(q, k, v)
    kernels = None if plain_kernels_wanted() or torch.is_grad_enabled() else _kernels(q.device)
    return attend(q, k, v) if kernels is None else kernels.attend_8bit(q, k, v, fp8_card(q.device))


def attend_8bit_plain(
    q: Tensor, k: Tensor, v: Tensor, *, fp8: bool = True, keys_at_once: int = PLAIN_KEYS
) -> Tensor:
    """What the kernel computes, in plain operations on any device: to measure the error.

    Weights of the softmax are rounded against the largest score so far, `keys_at_once` after
    `keys_at_once`, as the kernel does. Slow; memory stays flat.
    """
    scale = 1 / math.sqrt(q.shape[-1])
    centered = k.float() - k.float().mean(1, keepdim=True)
    queries, query_steps = _coded(q.float() * scale)
    keys, key_steps = _coded(centered)
    values, value_steps = _coded_values(v.float(), fp8=fp8)
    keys, key_steps = keys.transpose(1, 2), key_steps.transpose(1, 2)  # [B, N, K, d]
    values = values.transpose(1, 2)
    parts = []
    for start in range(0, q.shape[1], PLAIN_QUERIES):
        piece = queries[:, start : start + PLAIN_QUERIES].transpose(1, 2)
        steps = query_steps[:, start : start + PLAIN_QUERIES].transpose(1, 2)
        largest = torch.full_like(steps, -math.inf)
        total, found = torch.zeros_like(steps), torch.zeros_like(piece)
        for first in range(0, k.shape[1], keys_at_once):
            some = slice(first, first + keys_at_once)
            scores = (piece @ keys[:, :, some].transpose(-1, -2)) * steps
            scores = scores * key_steps[:, :, some].transpose(-1, -2)
            before, largest = largest, torch.maximum(largest, scores.amax(-1, keepdim=True))
            weights, fade = (scores - largest).exp(), (before - largest).exp()
            total = total * fade + weights.sum(-1, keepdim=True)
            found = found * fade + _rounded(weights, fp8=fp8) @ values[:, :, some]
        parts.append((found / total).transpose(1, 2) * value_steps)
    return torch.cat(parts, dim=1).to(q.dtype)


def _rounded(weights: Tensor, *, fp8: bool) -> Tensor:
    if not fp8:
        return weights.half().float()
    return (weights * WEIGHT_SCALE).to(torch.float8_e4m3fn).float() / WEIGHT_SCALE


def _coded(x: Tensor) -> tuple[Tensor, Tensor]:
    """[B, S, N, d] -> whole numbers in -127..127 (as float32), steps [B, S, N, 1]."""
    step = (x.abs().amax(-1, keepdim=True) / INT8_LIMIT).clamp_min(SMALLEST)
    return (x / step).round(), step


def _coded_values(v: Tensor, *, fp8: bool) -> tuple[Tensor, Tensor]:
    """[B, K, N, d] -> numbers of the stored kind (as float32), steps [B, 1, N, d]."""
    if not fp8:
        return v.half().float(), torch.ones_like(v[:, :1])
    step = (v.abs().amax(1, keepdim=True) / FP8_LIMIT).clamp_min(SMALLEST)
    return (v / step).to(torch.float8_e4m3fn).float(), step


@cache
def fp8_card(device: torch.device) -> bool:
    """Whether the card multiplies in e4m3 (Ada, Hopper and later)."""
    return torch.cuda.get_device_capability(device) >= (8, 9)


@cache
def _kernels(device: torch.device) -> ModuleType | None:
    """The kernels, once they have computed something right on this card; else None, for good."""
    if importlib.util.find_spec("triton") is None:
        return None
    generator = torch.Generator().manual_seed(0)
    q, k, v = (torch.randn(1, 200, 2, 128, generator=generator) for _ in range(3))
    expected = attend_8bit_plain(q, k, v, fp8=fp8_card(device))
    try:
        module = importlib.import_module("infinitetalk.ops.triton_attention")
        on_card = [t.to(device, torch.bfloat16) for t in (q, k, v)]
        found = module.attend_8bit(*on_card, fp8_card(device)).float().cpu()
    except Exception as error:  # noqa: BLE001  # no compiler, an old driver, a broken wheel: all mean no
        _log.info("8-bit attention does not work here: %s", error)
        return None
    return module if (found - expected).norm() < CHECK_TOLERANCE * expected.norm() else None
