"""Triton kernels of 8-bit attention; imported only where Triton is there (see `attention_8bit`)."""

# Triton is not installed everywhere, and a kernel is launched by an index that checkers don't know.
# pyright: reportMissingImports=false, reportIndexIssue=false

import math
from typing import Any

import torch
import triton
import triton.language as tl
from torch import Tensor

CODE_TOKENS = 64  # tokens that one program codes
PAD = 128  # keys of the stored values, so that rows begin aligned
LOG2_E = 1.4426950408889634


@triton.jit
def _code_tokens(
    x_at, mean_at, data_at, step_at, tokens, heads, stride_batch, stride_token, stride_head,
    factor, has_mean: tl.constexpr, size: tl.constexpr, tile: tl.constexpr,
):  # fmt: skip
    """[B, S, N, d] -> int8 [B, N, S, d] and steps [B, N, S] times `factor`."""
    both = tl.program_id(1)
    batch, head = both // heads, both % heads
    token = tl.program_id(0) * tile + tl.arange(0, tile)
    channel = tl.arange(0, size)
    inside = token < tokens
    at = x_at + batch.to(tl.int64) * stride_batch + head * stride_head
    place = token.to(tl.int64)[:, None] * stride_token + channel[None, :]
    x = tl.load(at + place, mask=inside[:, None], other=0.0).to(tl.float32)
    if has_mean:
        x -= tl.load(mean_at + both * size + channel)[None, :]
    step = tl.maximum(tl.max(tl.abs(x), 1) / 127.0, 1e-12)
    value = x / step[:, None]
    value = (value + 12582912.0) - 12582912.0  # rounds half to even
    row = both.to(tl.int64) * tokens + token
    tl.store(
        data_at + row[:, None] * size + channel[None, :], value.to(tl.int8), mask=inside[:, None]
    )
    tl.store(step_at + row, step * factor, mask=inside)


@triton.jit
def _code_values(
    v_at, step_at, data_at, tokens, padded, heads, stride_batch, stride_token, stride_head,
    size: tl.constexpr, tile: tl.constexpr,
):  # fmt: skip
    """[B, K, N, d] over steps [B, N, d] -> [B, N, d, padded K], zeros behind the last key."""
    both = tl.program_id(1)
    batch, head = both // heads, both % heads
    token = tl.program_id(0) * tile + tl.arange(0, tile)
    channel = tl.arange(0, size)
    at = v_at + batch.to(tl.int64) * stride_batch + head * stride_head
    place = token.to(tl.int64)[:, None] * stride_token + channel[None, :]
    v = tl.load(at + place, mask=(token < tokens)[:, None], other=0.0).to(tl.float32)
    v = v / tl.load(step_at + both * size + channel)[None, :]
    row = (both.to(tl.int64) * size + channel)[:, None] * padded + token[None, :]
    tl.store(
        data_at + row, tl.trans(v).to(data_at.dtype.element_ty), mask=(token < padded)[None, :]
    )


def _tile(queries: int, keys: int, stages: int, warps: int) -> triton.Config:
    return triton.Config({"tile_m": queries, "tile_n": keys}, num_stages=stages, num_warps=warps)


@triton.autotune(
    configs=[
        _tile(128, 128, 3, 8),
        _tile(128, 128, 2, 8),
        _tile(128, 64, 3, 4),
        _tile(128, 64, 4, 8),
        _tile(64, 64, 3, 4),
    ],
    key=["size", "fp8"],
)
@triton.jit
def _attend(
    q_at, q_step_at, k_at, k_step_at, v_at, v_step_at, out_at, queries, keys, padded, heads,
    size: tl.constexpr, fp8: tl.constexpr, tile_m: tl.constexpr, tile_n: tl.constexpr,
):  # fmt: skip
    both = tl.program_id(1)
    row = tl.program_id(0) * tile_m + tl.arange(0, tile_m)
    channel = tl.arange(0, size)
    key = tl.arange(0, tile_n)
    first_q = both.to(tl.int64) * queries
    first_k = both.to(tl.int64) * keys
    in_rows = row < queries
    q = tl.load(
        q_at + (first_q + row)[:, None] * size + channel[None, :], mask=in_rows[:, None], other=0
    )
    q_step = tl.load(q_step_at + first_q + row, mask=in_rows, other=0.0)
    k_places = k_at + (first_k + key)[None, :] * size + channel[:, None]
    v_places = v_at + (both.to(tl.int64) * size + channel)[None, :] * padded + key[:, None]

    largest = tl.full((tile_m,), -1e30, dtype=tl.float32)
    total = tl.zeros((tile_m,), dtype=tl.float32)
    found = tl.zeros((tile_m, size), dtype=tl.float32)
    for start in range(0, keys, tile_n):
        inside = key < keys - start
        k = tl.load(k_places, mask=inside[None, :], other=0)
        k_step = tl.load(k_step_at + first_k + start + key, mask=inside, other=0.0)
        score = tl.dot(q, k, out_dtype=tl.int32).to(tl.float32) * q_step[:, None] * k_step[None, :]
        score = tl.where(inside[None, :], score, -1e30)
        now = tl.maximum(largest, tl.max(score, 1))
        weight = tl.exp2(score - now[:, None])
        fade = tl.exp2(largest - now)
        total = total * fade + tl.sum(weight, 1)
        found = found * fade[:, None]
        # The stored values are padded: no mask, since weights of keys that don't exist are zero.
        v = tl.load(v_places, mask=(key < padded - start)[:, None], other=0.0)
        if fp8:
            weight = weight * 256.0
        found = tl.dot(weight.to(v_at.dtype.element_ty), v, found)
        largest = now
        k_places += tile_n * size
        v_places += tile_n
    if fp8:
        total = total * 256.0
    v_step = tl.load(v_step_at + both * size + channel)
    found = found / total[:, None] * v_step[None, :]
    batch, head = both // heads, both % heads
    place = ((batch.to(tl.int64) * queries + row) * heads + head)[:, None] * size + channel[None, :]
    tl.store(out_at + place, found.to(out_at.dtype.element_ty), mask=in_rows[:, None])


def attend_8bit(q: Tensor, k: Tensor, v: Tensor, fp8: bool) -> Tensor:
    """Q [B, S, N, d], k and v [B, K, N, d] with d contiguous -> [B, S, N, d]."""
    batch, queries, heads, size = q.shape
    keys = k.shape[1]
    scale = LOG2_E / math.sqrt(size)  # the kernel's exponential is that of 2
    q_data, q_step = _coded(q, None, scale)
    mean = k.mean(1, dtype=torch.float32).contiguous()
    k_data, k_step = _coded(k, mean, 1.0)
    v_data, v_step = _coded_values(v, fp8)
    out = torch.empty(batch, queries, heads, size, dtype=q.dtype, device=q.device)

    def grid(meta: dict[str, int]) -> tuple[int, int]:
        return (triton.cdiv(queries, meta["tile_m"]), batch * heads)

    _attend[grid](
        q_data, q_step, k_data, k_step, v_data, v_step, out, queries, keys, v_data.shape[-1],
        heads, size=size, fp8=fp8,
    )  # fmt: skip
    return out


def chosen_keys_at_once() -> int:
    """Between two looks for the largest score, as chosen by measuring at the last call."""
    tuned: Any = _attend
    return int(tuned.best_config.kwargs["tile_n"])


def _coded(x: Tensor, mean: Tensor | None, factor: float) -> tuple[Tensor, Tensor]:
    batch, tokens, heads, size = x.shape
    x = x if x.stride(-1) == 1 else x.contiguous()
    data = torch.empty(batch, heads, tokens, size, dtype=torch.int8, device=x.device)
    step = torch.empty(batch, heads, tokens, dtype=torch.float32, device=x.device)
    _code_tokens[(triton.cdiv(tokens, CODE_TOKENS), batch * heads)](
        x, step if mean is None else mean, data, step, tokens, heads,
        x.stride(0), x.stride(1), x.stride(2), factor,
        has_mean=mean is not None, size=size, tile=CODE_TOKENS, num_warps=4,
    )  # fmt: skip
    return data, step


def _coded_values(v: Tensor, fp8: bool) -> tuple[Tensor, Tensor]:
    batch, tokens, heads, size = v.shape
    v = v if v.stride(-1) == 1 else v.contiguous()
    padded = triton.cdiv(tokens, PAD) * PAD
    kind = torch.float8_e4m3fn if fp8 else torch.float16
    if fp8:
        low, high = torch.aminmax(v, dim=1)
        step = (torch.maximum(high, -low).float() / 448.0).clamp_min_(1e-12).contiguous()
    else:
        step = torch.ones(batch, heads, size, dtype=torch.float32, device=v.device)
    data = torch.empty(batch, heads, size, padded, dtype=kind, device=v.device)
    _code_values[(padded // CODE_TOKENS, batch * heads)](
        v, step, data, tokens, padded, heads, v.stride(0), v.stride(1), v.stride(2),
        size=size, tile=CODE_TOKENS, num_warps=4,
    )  # fmt: skip
    return data, step
