"""Triton kernels of 8-bit products: activations to 8 bits, and int8 times int8 with scales.

Imported only where Triton is there (see `kernels`). Each does what its plain neighbor in `rows` and
`matmul` does.
"""

# Triton is not installed everywhere, and a kernel is launched by an index that checkers don't know.
# pyright: reportMissingImports=false, reportIndexIssue=false

import torch
import triton
import triton.language as tl
from torch import Tensor

from infinitetalk.ops.triton_kernels import code_row

WARPS = 8
GROUP = 8  # tile rows that run together, so that their tiles of the weight are still in the cache


@triton.jit
def _quantize_rows(
    x_at, data_at, scale_at, width, limit, smallest,
    rounded: tl.constexpr, gelu: tl.constexpr, size: tl.constexpr,
):  # fmt: skip
    token = tl.program_id(0).to(tl.int64)
    column = tl.arange(0, size)
    inside = column < width
    x = tl.load(x_at + token * width + column, mask=inside, other=0.0).to(tl.float32)
    if gelu:  # by tanh, which is 2 sigmoid(2 u) - 1; rounded as between two layers
        u = x * (1.0 + 0.044715 * x * x)
        tail = tl.exp2(-2.302208198144325 * u)  # -2 sqrt(2 / pi) / ln 2
        x = (x / (1.0 + tail)).to(x_at.dtype.element_ty).to(tl.float32)
    value, step = code_row(x, limit, smallest, rounded)
    tl.store(data_at + token * width + column, value.to(data_at.dtype.element_ty), mask=inside)
    tl.store(scale_at + token, step)


def quantize_rows(
    x: Tensor, dtype: torch.dtype, limit: float, smallest: float, *, gelu: bool = False
) -> tuple[Tensor, Tensor]:
    """X [M, K], or its GELU by tanh -> data [M, K] in `dtype`, scale [M, 1] float32."""
    rows, width = x.shape
    data = torch.empty(x.shape, dtype=dtype, device=x.device)
    scale = torch.empty(rows, 1, dtype=torch.float32, device=x.device)
    if rows:
        _quantize_rows[(rows,)](
            x, data, scale, width, limit, smallest,
            rounded=not dtype.is_floating_point, gelu=gelu,
            size=triton.next_power_of_2(width), num_warps=WARPS,
        )  # fmt: skip
    return data, scale


def _tile(rows: int, columns: int, depth: int, stages: int, warps: int) -> triton.Config:
    meta = {"tile_m": rows, "tile_n": columns, "tile_k": depth}
    return triton.Config(meta, num_stages=stages, num_warps=warps)


@triton.autotune(
    configs=[
        _tile(128, 256, 128, 3, 8),
        _tile(128, 256, 64, 4, 8),
        _tile(128, 128, 128, 4, 8),
        _tile(128, 128, 64, 4, 4),
        _tile(64, 128, 64, 4, 4),
    ],
    key=["columns", "depth"],  # not the rows: sizes of pictures must not tune anew
)
@triton.heuristics({"even": lambda args: args["depth"] % args["tile_k"] == 0})
@triton.jit
def _int8_product(
    a_at, b_at, out_at, a_scale_at, b_scale_at, bias_at, rows, columns, depth,
    has_bias: tl.constexpr, tile_m: tl.constexpr, tile_n: tl.constexpr, tile_k: tl.constexpr,
    group: tl.constexpr, even: tl.constexpr,
):  # fmt: skip
    program = tl.program_id(0)
    tiles_m, tiles_n = tl.cdiv(rows, tile_m), tl.cdiv(columns, tile_n)
    first = program // (group * tiles_n) * group
    height = tl.minimum(tiles_m - first, group)
    within = program % (group * tiles_n)
    tile_row, tile_column = first + within % height, within // height

    row = tile_row * tile_m + tl.arange(0, tile_m)
    column = tile_column * tile_n + tl.arange(0, tile_n)
    k = tl.arange(0, tile_k)
    # Rows beyond the last read a row that exists; they are not stored.
    a = a_at + (row % rows).to(tl.int64)[:, None] * depth + k[None, :]
    b = b_at + (column % columns).to(tl.int64)[None, :] * depth + k[:, None]
    total = tl.zeros((tile_m, tile_n), dtype=tl.int32)
    for start in range(0, depth, tile_k):
        if even:
            left, right = tl.load(a), tl.load(b)
        else:
            inside = k < depth - start
            left = tl.load(a, mask=inside[None, :], other=0)
            right = tl.load(b, mask=inside[:, None], other=0)
        total = tl.dot(left, right, total, out_dtype=tl.int32)
        a += tile_k
        b += tile_k
    in_rows, in_columns = row < rows, column < columns
    a_scale = tl.load(a_scale_at + row, mask=in_rows, other=0.0)
    b_scale = tl.load(b_scale_at + column, mask=in_columns, other=0.0)
    out = total.to(tl.float32) * a_scale[:, None] * b_scale[None, :]
    if has_bias:
        out += tl.load(bias_at + column, mask=in_columns, other=0.0).to(tl.float32)[None, :]
    at = out_at + row.to(tl.int64)[:, None] * columns + column[None, :]
    tl.store(at, out.to(out_at.dtype.element_ty), mask=in_rows[:, None] & in_columns[None, :])


def int8_product(
    data: Tensor, scale: Tensor, weight: Tensor, weight_scale: Tensor, bias: Tensor | None,
    dtype: torch.dtype,
) -> Tensor:  # fmt: skip
    """int8 [M, K] with scale [M, 1] times int8 weight [N, K] with scale [N] -> [M, N] in `dtype`."""
    rows, depth = data.shape
    columns = weight.shape[0]
    out = torch.empty(rows, columns, dtype=dtype, device=data.device)

    def grid(meta: dict[str, int]) -> tuple[int]:
        tiles = triton.cdiv(rows, meta["tile_m"]) * triton.cdiv(columns, meta["tile_n"])
        return (tiles,)

    if rows:
        _int8_product[grid](
            data, weight, out, scale, weight_scale, out if bias is None else bias,
            rows, columns, depth, has_bias=bias is not None, group=GROUP,
        )  # fmt: skip
    return out
