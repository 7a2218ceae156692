"""One chunk: what conditions it, its denoising, its frames (spec pipeline.md 5, 7).

Three functions, one per set of networks, so that a network is only there while it works. The engine
and the parity tests drive these very functions.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from infinitetalk.models.wan.conditions import branch_conditions
from infinitetalk.models.wan.transformer import IndexedBlocks, WanTransformer
from infinitetalk.request import Apg
from infinitetalk.sampling import DenoisedStep, Guidance, denoise
from infinitetalk.streaming.transformer import one_by_one

MASK_CHANNELS = 4  # video frames per latent frame: one channel each

Observer = Callable[[int, Mapping[str, Tensor]], None]  # step, velocities by branch


class LatentCodec(Protocol):
    """What the pipeline needs of a VAE."""

    def encode(self, pixels: Tensor) -> Tensor:
        """[3, F, H, W] in -1..1 -> normalized latents [16, T, h, w]."""
        ...

    def decode(self, latents: Tensor) -> Tensor:
        """[16, T, h, w] -> [3, F, H, W] in -1..1."""
        ...


@dataclass(frozen=True, kw_only=True)
class ChunkConditions:
    """What a chunk is made from besides text and noise."""

    y: Tensor  # [20, T, h, w]: 4 mask channels, then the source latents
    image: Tensor  # [I, C] features of the source frame
    motion: Tensor  # [16, K, h, w] clean latents of the frames it begins with


@dataclass(frozen=True, kw_only=True)
class Sampling:
    """How a chunk is denoised."""

    timesteps: Tensor  # [steps + 1], falling to 0
    text_guidance_scale: float
    audio_guidance_scale: float
    apg: Apg | None = None
    skipped_steps: frozenset[int] = frozenset()  # TeaCache's, decided beforehand
    guard_masks: bool = True
    keep_key_values: bool = True  # cross-attention keys and values computed once per chunk
    branches_together: bool = True  # all branches through a block while it is there


@torch.no_grad()
def conditioning_latents(vae: LatentCodec, picture: Tensor, frames: int) -> Tensor:
    """Y [4 + 16, T, h, w] of a source frame [3, H, W]: it, then mid gray (value 0).

    The mask says that the first latent frame is given; it is the same in every chunk, for motion
    frames do not appear in y.
    """
    clip = torch.zeros(3, frames, *picture.shape[1:], device=picture.device, dtype=picture.dtype)
    clip[:, 0] = picture
    latents = vae.encode(clip)
    mask = torch.zeros(MASK_CHANNELS, *latents.shape[1:], device=latents.device)
    mask[:, 0] = 1
    return torch.cat((mask.to(latents), latents))


@torch.no_grad()
def motion_latents(vae: LatentCodec, picture: Tensor, motion: Tensor | None) -> Tensor:
    """Latents that a chunk begins with: of the source frame [3, H, W], or of the last frames of the
    chunk before [3, M, H, W], float, as they were before they became bytes.
    """
    return vae.encode(picture[:, None] if motion is None else motion.to(picture.device))


def denoise_chunk(
    transformer: WanTransformer,
    conditions: ChunkConditions,
    sampling: Sampling,
    *,
    text: Tensor,
    negative: Tensor,
    audio: Tensor,
    masks: Tensor,
    noise: Tensor,
    blocks: Callable[[], IndexedBlocks] | None = None,
    check_cancel: Callable[[], None] | None = None,
    observe: Observer | None = None,
) -> Iterator[DenoisedStep]:
    """Steps from noise to latents; the last step's `latents` go to the decoder.

    text, negative [L, text_dim]; audio [P, F, window, blocks, channels]; masks [3, h, w]; noise
    [16, T, h, w]. `blocks` is called once per pass over the blocks (streaming gives its own).
    A branch without speech gets zeros for one speaker, also in a two-speaker video.
    """
    guidance = Guidance(sampling.text_guidance_scale, sampling.audio_guidance_scale, sampling.apg)
    branches = list(
        branch_conditions(
            transformer,
            guidance.branches,
            text=text,
            negative_text=negative,
            image=conditions.image,
            audio=audio,
            masks=masks,
            guard_masks=sampling.guard_masks,
            keep=sampling.keep_key_values,
        ).values()
    )
    residuals: list[Tensor] | None = [] if sampling.skipped_steps else None
    forward = transformer.forward_branches
    if not sampling.branches_together:
        forward = one_by_one(forward)

    def predict(step: int, latents: Tensor, t: Tensor) -> Mapping[str, Tensor]:
        if check_cancel is not None:
            check_cancel()
        reuse = step in sampling.skipped_steps
        velocities = forward(
            latents,
            conditions.y,
            t,
            branches,
            blocks=blocks() if blocks is not None and not reuse else None,
            residuals=residuals,
            reuse=reuse,
            check_cancel=check_cancel,
        )
        found = dict(zip(guidance.branches, velocities, strict=True))
        if observe is not None:
            observe(step, found)
        return found

    start = noise.to(transformer.device)
    return denoise(predict, guidance, start, sampling.timesteps, conditions.motion)
