"""Samples batches of chunks with networks as they are in training: quick figures on a card.

What is reported to people comes from `evaluate.py`, which renders through the engine.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

import torch
from torch import Tensor

from infinitetalk.demo.image_training import encode_pictures
from infinitetalk.demo.judge import PIXELS_PER_PLACE, Judge
from infinitetalk.demo.metrics import lip_sync
from infinitetalk.demo.networks import Conditions, Networks, masked_source
from infinitetalk.demo.scenes import Scene, SceneMaker
from infinitetalk.demo.sizes import Sizes
from infinitetalk.demo.speech_rows import SpeechRows
from infinitetalk.demo.text_training import CaptionBank, encode_batch
from infinitetalk.demo.training import autocast
from infinitetalk.models.image_encoder.clip import preprocess
from infinitetalk.models.wan.context import Condition
from infinitetalk.sampling import Guidance, timesteps


@dataclass(frozen=True, kw_only=True)
class How:
    """Sampling settings."""

    steps: int = 8
    text_guidance_scale: float = 1.0
    audio_guidance_scale: float = 2.0
    shift: float = 2.0
    seed: int = 5

    @property
    def name(self) -> str:
        return f"s{self.steps} t{self.text_guidance_scale:g} a{self.audio_guidance_scale:g}"


@dataclass(frozen=True, kw_only=True)
class Exam:
    """Clips of held-out people and voices, ready to be sampled."""

    scene: Scene
    source: Tensor  # [B, 3, H, W] mouths shut
    conditions: Conditions
    dropped: tuple[Tensor, Tensor]  # ids and lengths of the text that stands for none


@torch.no_grad()
def make_exam(
    networks: Networks,
    maker: SceneMaker,
    rows: SpeechRows,
    captions: CaptionBank,
    sizes: Sizes,
    count: int,
    *,
    people: int = 1,
    talking: int | None = None,
) -> Exam:
    """With two people, `talking` says who does; the other hears silence."""
    device = maker.device
    scene = maker.scene(count, sizes.chunk_frames, people)
    shut = tuple(torch.zeros_like(m[:, :1]) for m in scene.mouths)
    source = replace(scene, mouths=shut, seconds=scene.seconds[:, :1]).draw(maker.grid(people))[
        :, 0
    ]
    zeros = torch.zeros(count, dtype=torch.long, device=device)
    heard = []
    for person in range(people):
        line, first = scene.lines[person].to(device), scene.first_frames[person].to(device)
        spoken = rows.windows(line, first, sizes.chunk_frames, zeros)
        quiet = rows.silence(count, sizes.chunk_frames, zeros + 1, zeros + 4)
        heard.append(spoken if talking is None or talking == person else quiet)
    index = captions.pick(
        captions.facts_of(scene.faces[0]), zeros.bool(), torch.Generator(device).manual_seed(1)
    )
    nothing = torch.full_like(index, captions.nothing)
    return Exam(
        scene=scene,
        source=source,
        conditions=Conditions(
            text_ids=captions.ids[index],
            text_lengths=captions.lengths[index],
            pictures=preprocess(source, sizes.image.image_size),
            audio=torch.stack(heard, 1),
            source=encode_gray(networks, source, sizes.chunk_frames),
            masks=speaker_masks(count, source.shape[-2:], device) if people == 2 else None,
        ),
        dropped=(captions.ids[nothing], captions.lengths[nothing]),
    )


def speaker_masks(count: int, size: tuple[int, int] | torch.Size, device: torch.device) -> Tensor:
    """[count, 3, h, w]: the halves of the picture, a margin around each left to the background.

    As the pipeline places two people without boxes (spec pipeline.md 6).
    """
    rows, columns = size[0] // 8, size[1] // 8
    masks = torch.zeros(count, 3, rows, columns, device=device)
    half = columns // 2
    top, bottom = int(0.05 * rows), int(0.95 * rows)
    left, right = int(half * 0.05), int(half * 0.95)
    masks[:, 0, top:bottom, left:right] = 1
    masks[:, 1, top:bottom, half + left : half + right] = 1
    masks[:, 2] = 1 - masks[:, 0] - masks[:, 1]
    return masks


@torch.no_grad()
def encode_gray(networks: Networks, source: Tensor, frames: int) -> Tensor:
    """Latents of each picture [B, 3, H, W] followed by mid gray."""
    clip = torch.zeros(len(source), 3, frames, *source.shape[2:], device=source.device)
    clip[:, :, 0] = source
    return encode(networks, clip)


@torch.no_grad()
def encode(networks: Networks, clip: Tensor) -> Tensor:
    with autocast(clip.device):
        return networks.vae.normalize(networks.vae.moments(clip.contiguous())[0])


@torch.no_grad()
def decode(networks: Networks, latents: Tensor) -> Tensor:
    with autocast(latents.device):
        pixels = networks.vae.reconstruct(networks.vae.denormalize(latents))
    return pixels.float().clamp(-1, 1)


@torch.no_grad()
def sample_chunk(
    networks: Networks,
    conditions: Conditions,
    motion: Tensor,
    how: How,
    dropped: tuple[Tensor, Tensor] | None = None,
) -> Tensor:
    """Latents [B, 16, T, h, w] that begin with `motion` [B, 16, K, h, w]."""
    model, device = networks.transformer, motion.device
    kept = motion.shape[2]
    generator = torch.Generator(device).manual_seed(how.seed)
    latents = torch.randn(conditions.source.shape, generator=generator, device=device)
    guidance = Guidance(how.text_guidance_scale, how.audio_guidance_scale)
    wordless = conditions if dropped is None else conditions.with_text(*dropped)
    variants = {
        "cond": conditions,
        "drop_text": wordless,
        "drop_audio": conditions.without_audio(),
        "uncond": wordless.without_audio(),
    }
    y = masked_source(conditions.source)
    with autocast(device):
        ready = {name: _condition(networks, variants[name]) for name in guidance.branches}
    moments = timesteps(how.steps, how.shift).to(device)
    for t, t_next in pairwise(moments):
        latents[:, :, :kept] = motion
        time = t.expand(len(latents))
        with autocast(device):
            velocity = guidance({n: model(latents, y, time, c) for n, c in ready.items()})
        latents = latents - velocity * ((t - t_next) / 1000)
    latents[:, :, :kept] = motion
    return latents


def _condition(networks: Networks, conditions: Conditions) -> Condition:
    model = networks.transformer
    text = encode_batch(networks.text, conditions.text_ids, conditions.text_lengths)
    return model.condition(
        text=model.text_context(text),
        image=model.image_context(encode_pictures(networks.image, conditions.pictures)),
        audio=model.audio_context(conditions.audio),
        masks=conditions.masks,
    )


def watch_opening(judge: Judge, video: Tensor, person: int = 0) -> Tensor:
    """What the judge reads of one person, [B, F, readings]; video [B, 3, F, S, S * P]."""
    side = video.shape[-2]
    part = video[..., side * person : side * (person + 1)].transpose(1, 2)
    read = judge.watch(part.flatten(0, 1).contiguous())
    return torch.from_numpy(read).unflatten(0, part.shape[:2])


def exam_figures(networks: Networks, judge: Judge, exam: Exam, how: How) -> Mapping[str, object]:
    """Lip-sync of one sampling, and how far the mouths travel by style of motion (pixels)."""
    motion = exam.conditions.source[:, :, :1]
    video = decode(networks, sample_chunk(networks, exam.conditions, motion, how, exam.dropped))
    read = watch_opening(judge, video)
    figures: dict[str, object] = dict(
        lip_sync(read[..., 0].numpy(), exam.scene.mouths[0][..., 0].cpu().numpy())
    )
    travel = read[..., 5:7].std(1).sum(1) * PIXELS_PER_PLACE
    style = exam.scene.faces[0].style.cpu()
    figures["travel"] = [round(float(travel[style == s].mean()), 2) for s in range(3)]
    return {k: round(v, 3) if isinstance(v, float) else v for k, v in figures.items()}
