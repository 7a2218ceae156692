"""Timesteps of flow matching (spec transformer.md 5.1, 5.2)."""

import torch
from torch import Tensor

TRAIN_STEPS = 1000.0


def timesteps(steps: int, shift: float) -> Tensor:
    """[steps + 1] float32 from 1000 down to 0; the model sees them as they are.

    `shift` above 1 spends more steps at high noise: u' = shift * u / (1 + (shift - 1) * u).
    """
    if steps < 1:
        raise ValueError(f"steps must be 1 or more, found {steps}")
    if shift <= 0:
        raise ValueError(f"shift must be above 0, found {shift}")
    even = torch.cat((torch.linspace(TRAIN_STEPS, 1.0, steps), torch.zeros(1)))
    u = even / TRAIN_STEPS
    return TRAIN_STEPS * (shift * u / (1 + (shift - 1) * u))


def noised(clean: Tensor, noise: Tensor, t: Tensor) -> Tensor:
    """What a model is trained on at timestep t (0..1000): `(1 - s) * clean + s * noise`.

    t is a scalar, or [B] with clean and noise [B, ...]. The velocity to predict is noise - clean.
    """
    s = (
        (t / TRAIN_STEPS).reshape(-1, *[1] * (clean.dim() - 1))
        if t.numel() > 1
        else t / TRAIN_STEPS
    )
    return (1 - s) * clean + s * noise
