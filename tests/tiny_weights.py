"""Random tensors of tiny networks under published names, and files of them."""

from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor

from infinitetalk.weights import tables

SIZES = tables.TransformerSizes(
    dim=32,
    ffn_dim=48,
    num_layers=2,
    text_dim=20,
    freq_dim=16,
    clip_dim=28,
    audio_features=3 * 8,
    intermediate_dim=12,
    output_dim=20,
    context_tokens=4,
)
TEXT = tables.TextSizes(
    vocab=40, dim=24, attention=16, ffn_dim=32, num_layers=2, num_heads=2, buckets=8
)
IMAGE = tables.ImageSizes(dim=28, mlp_dim=40, num_layers=3, embed_dim=8)
VAE = tables.VaeSizes(base=4)
AUDIO = tables.AudioSizes(
    dim=8,
    ffn_dim=12,
    num_layers=3,
    conv_dim=6,
    position_kernel=4,
    position_groups=2,
)
Table = dict[str, tables.Shape]


def filled(table: Table, seed: int = 0, dtype: torch.dtype = torch.float32) -> dict[str, Tensor]:
    """Standard normal values for each name of a table."""
    generator = torch.Generator().manual_seed(seed)
    return {n: torch.randn(s, generator=generator).to(dtype) for n, s in table.items()}


def base(dtype: torch.dtype = torch.float32) -> dict[str, Tensor]:
    return filled(tables.base_table(SIZES), 1, dtype)


def overlay(dtype: torch.dtype = torch.float32) -> dict[str, Tensor]:
    return filled(tables.overlay_table(SIZES), 2, dtype)


def merged(dtype: torch.dtype = torch.float32) -> dict[str, Tensor]:
    return base(dtype) | overlay(dtype)


def save(path: Path, tensors: dict[str, Tensor], metadata: dict[str, str] | None = None) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file({n: t.contiguous().clone() for n, t in tensors.items()}, path, metadata)
    return path
