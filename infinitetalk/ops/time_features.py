"""The timestep as cosines and sines."""

import torch
from torch import Tensor


def time_features(t: Tensor, width: int) -> Tensor:
    """[B] timesteps (0..1000) -> [B, width] float64, cosines first (spec transformer.md 4.2)."""
    half = width // 2
    exponents = torch.arange(half, dtype=torch.float64, device=t.device) / half
    angles = torch.outer(t.double(), 10000.0**-exponents)
    return torch.cat((angles.cos(), angles.sin()), dim=1)
