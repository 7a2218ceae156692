"""A tiny transformer of the real classes, and its inputs."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest
import torch
from torch import Tensor

from infinitetalk.models.wan import Condition, WanConfig, WanTransformer
from infinitetalk.models.wan.conditions import branch_conditions
from infinitetalk.streaming import StreamProbe

CONFIG = WanConfig(
    dim=48,
    num_heads=2,
    num_layers=5,
    ffn_dim=56,
    text_len=9,
    text_dim=10,
    freq_dim=16,
    clip_dim=14,
    audio_blocks=2,
    audio_channels=6,
    intermediate_dim=12,
    output_dim=20,
    context_tokens=4,
)
FRAMES = 3  # latent


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A model and everything a step needs."""

    model: WanTransformer
    latents: Tensor
    y: Tensor
    conditions: Callable[..., list[Condition]]

    def steps(self, conditions: list[Condition], count: int = 3, **options: object) -> list[Tensor]:
        """Velocities of several steps, all branches."""
        found: list[Tensor] = []
        for step in range(count):
            found += self.model.forward_branches(
                self.latents + step,
                self.y,
                900.0 - 300 * step,
                conditions,
                **options,  # type: ignore[arg-type]  # passed through
            )
        return found

    def streamed(
        self, conditions: list[Condition], blocks: Callable, count: int = 3
    ) -> list[Tensor]:
        found: list[Tensor] = []
        for step in range(count):
            found += self.model.forward_branches(
                self.latents + step, self.y, 900.0 - 300 * step, conditions, blocks=blocks()
            )
        return found


@pytest.fixture
def scene() -> Scene:
    torch.manual_seed(1)
    model = WanTransformer(CONFIG).eval().requires_grad_(False)

    def conditions(*names: str, keep: bool = True) -> list[Condition]:
        torch.manual_seed(2)
        found = branch_conditions(
            model,
            names or ("cond",),
            text=torch.randn(5, 10),
            negative_text=torch.randn(3, 10),
            image=torch.randn(7, 14),
            audio=torch.randn(1, 4 * (FRAMES - 1) + 1, 5, 2, 6),
            keep=keep,
        )
        return list(found.values())

    return Scene(
        model=model,
        latents=torch.randn(16, FRAMES, 4, 6),
        y=torch.randn(20, FRAMES, 4, 6),
        conditions=conditions,
    )


def poison(flat: Tensor) -> None:
    """Released bytes become NaN in every float format."""
    flat.fill_(0xFF)


@pytest.fixture
def unkind() -> StreamProbe:
    """Released slots hold NaN; transfers come late, by chance."""
    chance = random.Random(3)  # no secret
    return StreamProbe(delay=lambda: time.sleep(chance.random() * 0.002), on_release=poison)
