"""A whole chunk, from what conditions it to its frames: the function that the engine and the parity
tests drive alike.

Networks come and go: each is borrowed for the time it works (`Networks`), so that on a small card
the encoders have left before the transformer comes.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

import torch
from torch import Tensor

from infinitetalk.event import Stage
from infinitetalk.models.wan.transformer import IndexedBlocks, WanTransformer
from infinitetalk.pipeline.chunk import (
    ChunkConditions,
    LatentCodec,
    Observer,
    Sampling,
    conditioning_latents,
    denoise_chunk,
    motion_latents,
)
from infinitetalk.pipeline.color import match_colors
from infinitetalk.pipeline.image import picture_digest
from infinitetalk.pipeline.seam import ease_seam
from infinitetalk.sampling import DenoisedStep

REMEMBERED_PICTURES = 2  # source frames whose conditions stay: a still picture, or two of a scene


@dataclass(frozen=True, kw_only=True)
class TransformerUse:
    """The transformer while it is borrowed, and its blocks if they are streamed."""

    transformer: WanTransformer
    blocks: Callable[[], IndexedBlocks] | None = None


class Networks(Protocol):
    """Lends the networks of a chunk, one at a time."""

    def vae(self) -> AbstractContextManager[LatentCodec]: ...

    def image_encoder(self) -> AbstractContextManager[Callable[[Tensor], Tensor]]:
        """Pictures [1, 3, H, W] in -1..1 -> features [1, I, C]."""
        ...

    def transformer(self) -> AbstractContextManager[TransformerUse]: ...


@dataclass(frozen=True, kw_only=True)
class ChunkInputs:
    """What one chunk is made from. Pictures are at the rendered size, RGB in -1..1, float32."""

    frames: int  # video frames, 4n + 1
    picture: Tensor  # [3, H, W] source frame that conditions it
    color_reference: Tensor  # [3, H, W] whose colors it takes
    motion: Tensor | None  # [3, M, H, W] last frames of the chunk before; None: it begins anew
    text: Tensor  # [L, text_dim]
    negative: Tensor  # [L, text_dim]
    audio: Tensor  # [P, F, window, blocks, channels]
    masks: Tensor  # [3, h, w]
    noise: Tensor  # [16, T, h, w]


@dataclass(frozen=True, kw_only=True)
class StageBegan:
    stage: Stage


@dataclass(frozen=True, kw_only=True)
class ChunkResult:
    """The finished chunk."""

    frames: Tensor  # [3, F, H, W] in -1..1, float32, on the CPU, colors matched
    latents: Tensor  # [16, T, h, w] as they went to the decoder, on the CPU
    decoded: Tensor | None  # frames before color correction, if asked for
    source_drift: float  # 1 - correlation of the last latent frame with the source's


@dataclass
class SourceMemory:
    """Conditions of source frames by content: for a still picture they are computed once."""

    _known: dict[tuple[str, int], tuple[Tensor, Tensor, Tensor]] = field(default_factory=dict)

    def get(self, key: tuple[str, int]) -> tuple[Tensor, Tensor, Tensor] | None:
        return self._known.get(key)

    def put(self, key: tuple[str, int], found: tuple[Tensor, Tensor, Tensor]) -> None:
        while len(self._known) >= REMEMBERED_PICTURES:
            self._known.pop(next(iter(self._known)))
        self._known[key] = found


def render_chunk(
    networks: Networks,
    inputs: ChunkInputs,
    sampling: Sampling,
    *,
    color_correction: float,
    guard_flat: bool = True,
    ease_seams: bool = False,
    memory: SourceMemory | None = None,
    check_cancel: Callable[[], None] | None = None,
    observe: Observer | None = None,
    keep_decoded: bool = False,
) -> Iterator[StageBegan | DenoisedStep | ChunkResult]:
    """Yields each stage as it begins, each denoising step, and last the result.

    `check_cancel` is called often and may raise. `observe` sees every step's velocities by branch.
    """
    check = check_cancel or _nothing
    yield StageBegan(stage="source")
    conditions = _conditions(networks, inputs, memory or SourceMemory())
    check()
    yield StageBegan(stage="denoise")
    latents = None
    with networks.transformer() as use:
        steps = denoise_chunk(
            use.transformer,
            conditions,
            sampling,
            text=inputs.text,
            negative=inputs.negative,
            audio=inputs.audio,
            masks=inputs.masks,
            noise=inputs.noise,
            blocks=use.blocks,
            check_cancel=check,
            observe=observe,
        )
        for step in steps:
            latents = step.latents
            yield step
    if latents is None:
        raise ValueError("a schedule must have a step")
    check()
    yield StageBegan(stage="decode")
    with networks.vae() as vae:
        decoded = vae.decode(latents)
    check()
    frames = match_colors(
        decoded,
        inputs.color_reference,
        color_correction,
        guard_flat=guard_flat,
        device=latents.device,
    )
    if ease_seams and inputs.motion is not None:
        frames = ease_seam(frames, inputs.motion)
    yield ChunkResult(
        frames=frames.cpu(),
        latents=latents.cpu(),
        decoded=decoded.cpu() if keep_decoded else None,
        source_drift=_drift(conditions.y, latents),
    )


@torch.no_grad()
def _conditions(networks: Networks, inputs: ChunkInputs, memory: SourceMemory) -> ChunkConditions:
    key = (picture_digest(inputs.picture), inputs.frames)
    known = memory.get(key)
    if known is None:
        with networks.image_encoder() as encode:
            image = encode(inputs.picture[None])[0]
        with networks.vae() as vae:
            y = conditioning_latents(vae, inputs.picture, inputs.frames)
            first = motion_latents(vae, inputs.picture, None)
        known = (y, image, first)
        memory.put(key, known)
    y, image, motion = known
    if inputs.motion is not None:
        with networks.vae() as vae:
            motion = motion_latents(vae, inputs.picture, inputs.motion)
    return ChunkConditions(y=y, image=image, motion=motion)


def _drift(y: Tensor, latents: Tensor) -> float:
    """How far the end of the chunk has left the source: 0 the same, 1 unrelated.

    Both are latents of one frame; y holds 4 mask channels before them.
    """
    source = y[-latents.shape[0] :, 0].float().flatten()
    last = latents[:, -1].to(source).flatten()
    pair = torch.stack((source - source.mean(), last - last.mean()))
    norms = torch.linalg.vector_norm(pair, dim=1).clamp_min(1e-12)
    return float(1 - (pair[0] @ pair[1]) / (norms[0] * norms[1]))


def _nothing() -> None:
    """No cancel."""
