"""Euler steps from noise to latents, motion frames held clean (spec transformer.md 5.2, 5.3)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from infinitetalk.sampling.schedule import TRAIN_STEPS

# (step, latents, timestep as a float32 scalar) -> velocity per branch; raises to cancel
Predict = Callable[[int, Tensor, Tensor], Mapping[str, Tensor]]
Guide = Callable[[Mapping[str, Tensor]], Tensor]


@dataclass(frozen=True, kw_only=True)
class DenoisedStep:
    """One step's result, [C, T, h, w] float32, motion frames in place."""

    index: int
    latents: Tensor
    clean: Tensor  # what the model takes the finished latents for: latents - s * velocity


@torch.no_grad()
def denoise(
    predict: Predict, guide: Guide, noise: Tensor, timesteps: Tensor, motion: Tensor
) -> Iterator[DenoisedStep]:
    """Yields after every step; the last `latents` go to the decoder.

    noise [C, T, h, w]; timesteps [steps + 1], falling to 0; motion [C, K, h, w], clean latents of
    the K frames that the chunk begins with. They replace the first K frames before every step and
    after the last. Stopping the iteration between steps, or an error raised by `predict` within
    one, leaves nothing behind.
    """
    moment = timesteps.to(device=noise.device, dtype=torch.float32)
    latents = with_motion(noise.float(), motion)
    for index in range(len(moment) - 1):
        t, t_next = moment[index], moment[index + 1]
        velocity = guide(predict(index, latents, t))
        clean = latents - velocity * (t / TRAIN_STEPS)
        latents = latents - velocity * ((t - t_next) / TRAIN_STEPS)
        latents = with_motion(latents, motion)
        yield DenoisedStep(index=index, latents=latents, clean=with_motion(clean, motion))


def with_motion(latents: Tensor, motion: Tensor) -> Tensor:
    """`latents` [C, T, h, w] with its first K frames replaced by `motion` [C, K, h, w]."""
    if motion.shape[1] > latents.shape[1]:
        raise ValueError(f"{motion.shape[1]} motion latents do not fit in {latents.shape[1]}")
    return torch.cat((motion.to(latents), latents[:, motion.shape[1] :]), dim=1)
