"""Clips as latents, kept on the device and renewed while a transformer learns from them."""

from dataclasses import dataclass

import torch
from torch import Tensor

from infinitetalk.demo.scenes import Scene, SceneMaker, closeness
from infinitetalk.demo.sizes import MOTION_FRAMES, Sizes
from infinitetalk.demo.text_training import CaptionBank
from infinitetalk.demo.training import autocast
from infinitetalk.models.image_encoder.clip import preprocess
from infinitetalk.models.vae import WanVae

FIRST_CHUNKS = 0.45  # share of clips that begin with the source picture itself
SHUT_AT_FIRST = 0.6  # of these: the portrait's mouth is shut though speech is under way
SHUT_IN_SOURCE = 0.5  # of the others' source pictures
MOUTH_SPREAD = 11.0  # face units
SOURCE_SECONDS = 12.0  # how far from the clip the source picture was taken


@dataclass(frozen=True, kw_only=True)
class Batch:
    """B clips out of the store."""

    latents: Tensor  # [B, 16, T, h, w] float32
    motion: Tensor  # [B, 16, K, h, w]: the first frames as they come back through the VAE
    source: Tensor  # [B, 16, T, h, w]
    pictures: Tensor  # [B, 3, size, size]
    mouths: Tensor  # [P, B, T, h, w], 1 at a mouth
    lines: Tensor  # [P, B]
    first_frames: Tensor  # [P, B]
    facts: Tensor  # [B]
    first_chunk: Tensor  # [B] bool


class LatentClips:
    """Room for `count` clips with `people` in each; `renew` replaces the oldest ones."""

    def __init__(
        self,
        vae: WanVae,
        maker: SceneMaker,
        captions: CaptionBank,
        sizes: Sizes,
        count: int,
        people: int = 1,
    ) -> None:
        self.vae, self.maker, self.captions, self.sizes = vae, maker, captions, sizes
        self.people = people
        self.filled, self._next = 0, 0
        device = maker.device
        kind = torch.bfloat16 if device.type == "cuda" else torch.float32
        frames = 1 + (sizes.chunk_frames - 1) // 4
        cells = (sizes.side // 8, sizes.side // 8 * people)
        self.count = count
        self.frames, self.cells = frames, cells
        motion = 1 + (MOTION_FRAMES - 1) // 4
        size = sizes.image.image_size

        def room(*shape: int, dtype: torch.dtype = kind) -> Tensor:
            return torch.zeros(*shape, device=device, dtype=dtype)

        self.latents = room(count, 16, frames, *cells)
        self.motion = room(count, 16, motion, *cells)
        self.source = room(count, 16, frames, *cells)
        self.pictures = room(count, 3, size, size)
        self.mouths = room(people, count, frames, *cells)
        self.lines = room(people, count, dtype=torch.long)
        self.first_frames = room(people, count, dtype=torch.long)
        self.facts = room(count, dtype=torch.long)
        self.first_chunk = room(count, dtype=torch.bool)

    @torch.no_grad()
    def renew(self, silent: Tensor | None = None) -> None:
        """Draws and encodes `clips_at_once` new clips.

        `silent` [P, B] bool: whose mouths stay shut (the caller gives them silence to hear).
        """
        count = min(self.sizes.clips_at_once, self.count)
        if self._next + count > self.count:
            self._next = 0
        place = slice(self._next, self._next + count)
        scene = self.maker.scene(count, self.sizes.chunk_frames, self.people)
        begins = self.maker.flip(count, FIRST_CHUNKS)
        scene = _with_mouths(scene, begins & self.maker.flip(count, SHUT_AT_FIRST), silent)
        grid = self.maker.grid(self.people)
        pictures = scene.draw(grid)
        away = self._source_scene(scene, count, silent).draw(grid)[:, 0]
        source = torch.where(begins[:, None, None, None], pictures[:, 0], away)
        clip = pictures.transpose(1, 2).contiguous()
        gray = torch.zeros_like(clip)
        gray[:, :, 0] = source
        latents = self._encode(clip)
        motion = self.motion.shape[2]
        with autocast(self.maker.device):
            back = self.vae.reconstruct(self.vae.denormalize(latents[:, :, :motion]))
        self.latents[place] = latents.to(self.latents.dtype)
        self.motion[place] = self._encode(back.float().clamp(-1, 1)).to(self.latents.dtype)
        self.source[place] = self._encode(gray).to(self.latents.dtype)
        self.pictures[place] = preprocess(source, self.sizes.image.image_size).to(
            self.latents.dtype
        )
        height, width = self.cells
        near = closeness(scene.mouth_places(), height, width, 128.0, MOUTH_SPREAD)
        self.mouths[:, place] = near[:, :, ::4].to(self.latents.dtype)
        self.lines[:, place] = scene.lines.to(self.lines.device)
        self.first_frames[:, place] = scene.first_frames.to(self.lines.device)
        self.facts[place] = self.captions.facts_of(scene.faces[0])
        self.first_chunk[place] = begins
        self._next += count
        self.filled = max(self.filled, self._next)

    def _encode(self, clip: Tensor) -> Tensor:
        if clip.is_cuda:
            clip = clip.contiguous(memory_format=torch.channels_last_3d)
        with autocast(self.maker.device):
            return self.vae.normalize(self.vae.moments(clip)[0])

    def _source_scene(self, scene: Scene, count: int, silent: Tensor | None) -> Scene:
        """The same people at another moment, often with shut mouths."""
        away = self.maker.uniform(count, -SOURCE_SECONDS, SOURCE_SECONDS)
        mouths = []
        for person in range(self.people):
            mouth = self.maker.chance_mouths(count, SHUT_IN_SOURCE)
            if silent is not None:
                mouth = mouth * ~silent[person][:, None, None]
            mouths.append(mouth)
        return Scene(
            faces=scene.faces,
            lines=scene.lines,
            first_frames=scene.first_frames,
            mouths=tuple(mouths),
            seconds=scene.seconds[:, :1] + away[:, None],
        )

    def take(self, count: int, generator: torch.Generator) -> tuple[Tensor, Batch]:
        """Numbers of clips [B], and the clips."""
        i = torch.randint(self.filled, (count,), generator=generator, device=self.latents.device)
        return i, Batch(
            latents=self.latents[i].float(),
            motion=self.motion[i].float(),
            source=self.source[i].float(),
            pictures=self.pictures[i].float(),
            mouths=self.mouths[:, i].float(),
            lines=self.lines[:, i],
            first_frames=self.first_frames[:, i],
            facts=self.facts[i],
            first_chunk=self.first_chunk[i],
        )


def _with_mouths(scene: Scene, shut_at_first: Tensor, silent: Tensor | None) -> Scene:
    """Mouths shut in frame 0 where asked (halfway in frame 1), and throughout where silent."""
    keep = torch.ones(len(shut_at_first), scene.seconds.shape[1], 1, device=shut_at_first.device)
    keep[:, 0, 0] = (~shut_at_first).float()
    keep[:, 1, 0] = 1 - 0.5 * shut_at_first.float()
    mouths = []
    for person, mouth in enumerate(scene.mouths):
        changed = mouth * keep
        if silent is not None:
            changed = changed * ~silent[person][:, None, None]
        mouths.append(changed)
    return Scene(
        faces=scene.faces,
        lines=scene.lines,
        first_frames=scene.first_frames,
        mouths=tuple(mouths),
        seconds=scene.seconds,
    )
