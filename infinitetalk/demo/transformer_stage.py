"""Trains the transformer with its text and image encoders: a picture, speech and words to video.

Flow matching on latents of drawn clips. Every clip begins with clean motion latents, as the
pipeline gives them: one (the source picture) or three (the frames before, once through the VAE),
with some noise so that small errors don't grow from chunk to chunk. Text and audio are dropped at
times, for guidance. Some clips show two people, so that the base knows such pictures.
"""

import time
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor

from infinitetalk.demo.corpus import Corpus
from infinitetalk.demo.judge import FILE as JUDGE_FILE
from infinitetalk.demo.judge import load_judge
from infinitetalk.demo.latent_clips import Batch, LatentClips
from infinitetalk.demo.networks import (
    FILE,
    Conditions,
    Networks,
    load_networks,
    new_networks,
    predict,
)
from infinitetalk.demo.rollout import How, exam_figures, make_exam
from infinitetalk.demo.scenes import SceneMaker
from infinitetalk.demo.sizes import Sizes
from infinitetalk.demo.speech_rows import SpeechRows
from infinitetalk.demo.text_training import CaptionBank
from infinitetalk.demo.tokenizer import train_tokenizer
from infinitetalk.demo.training import Budget, Pace, Trainer, autocast, save_modules
from infinitetalk.models.wan.block import WanBlock
from infinitetalk.sampling.schedule import noised

DROPPED_TEXT, DROPPED_AUDIO = 0.15, 0.12
MOUTH_WEIGHT = 5.0
MOTION_NOISE = 0.15
SHIFT = 2.0
EVERY_COUPLE = 8  # iterations from one batch of two-people clips to the next
EVERY_RENEWAL = 40
TOKENIZER = "google/umt5-xxl"

BlockForward = Callable[..., Tensor]


def chance_timesteps(count: int, generator: torch.Generator) -> Tensor:
    """[count] in 0..1000: mostly the middle, some anywhere; shifted as sampling is."""
    device = generator.device
    middle = torch.sigmoid(torch.randn(count, generator=generator, device=device))
    anywhere = torch.rand(count, generator=generator, device=device)
    u = torch.where(torch.rand(count, generator=generator, device=device) < 0.2, anywhere, middle)
    return 1000 * SHIFT * u / (1 + (SHIFT - 1) * u)


def begin_clean(batch: Batch, latents: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Noised latents with clean motion latents at the start, and which latents those are.

    The second is bool, [B, 1, T, 1, 1]. Motion latents carry some noise of their own, but for the
    source picture, which is exact in the pipeline too.
    """
    device, frames = latents.device, latents.shape[2]
    motion = batch.motion.shape[2]
    count = torch.where(batch.first_chunk, 1, motion)
    clean = torch.arange(frames, device=device) < count[:, None]
    clean = clean[:, None, :, None, None]
    shape = (len(count), 1, 1, 1, 1)
    through = torch.rand(shape, generator=generator, device=device) < 0.7
    true = batch.latents[:, :, :motion]
    start = torch.where(through & ~batch.first_chunk.view(shape), batch.motion, true)
    level = torch.rand(shape, generator=generator, device=device) * MOTION_NOISE
    noise = torch.randn(start.shape, generator=generator, device=device)
    start = start + level * noise * (~batch.first_chunk).view(shape)
    padded = torch.cat([start, latents[:, :, motion:]], 2)
    return torch.where(clean, padded, latents), clean


class Lessons:
    """Batches with their conditions, from stores of clips with one and with two people."""

    def __init__(
        self,
        networks: Networks,
        corpus: Corpus,
        work: Path,
        sizes: Sizes,
        *,
        seed: int,
        lone: int,
        couples: int,
        versions: int = 2,
    ) -> None:
        device = corpus.device
        self.sizes = sizes
        tokenizer = work / TOKENIZER
        if not (tokenizer / "tokenizer.json").exists():
            train_tokenizer(tokenizer, sizes.text.vocabulary)
        self.captions = CaptionBank(tokenizer, sizes.transformer.text_len, device, seed)
        self.rows = SpeechRows(corpus, networks.audio, versions=versions)
        self.generator = torch.Generator(device).manual_seed(seed)
        maker = SceneMaker(corpus, sizes.side, seed=seed)
        self.lone = LatentClips(networks.vae, maker, self.captions, sizes, lone)
        self.couples = LatentClips(networks.vae, maker, self.captions, sizes, couples, people=2)
        self.exam_maker = SceneMaker(corpus, sizes.side, seed=12345, lines=corpus.held_out)

    def conditions(self, batch: Batch, *, with_audio: bool) -> Conditions:
        """Of a batch; text and audio dropped in their shares."""
        count, frames = len(batch.facts), self.sizes.chunk_frames
        g, device = self.generator, batch.facts.device
        versions = torch.randint(len(self.rows.rows), (count,), generator=g, device=device)
        audio = self.rows.windows(batch.lines[0], batch.first_frames[0], frames, versions)
        heard = torch.rand(count, 1, 1, 1, 1, generator=g, device=device) >= DROPPED_AUDIO
        audio = audio * (heard & torch.tensor(with_audio, device=device))
        dropped = torch.rand(count, generator=g, device=device) < DROPPED_TEXT
        index = self.captions.pick(batch.facts, dropped, g)
        return Conditions(
            text_ids=self.captions.ids[index],
            text_lengths=self.captions.lengths[index],
            pictures=batch.pictures,
            audio=audio[:, None],
            source=batch.source,
        )


def velocity_loss(
    predicted: Tensor, noise: Tensor, batch: Batch, clean: Tensor, weight: float = MOUTH_WEIGHT
) -> Tensor:
    """Mean square error of the velocity where latents are not given, more at mouths."""
    error = (predicted - (noise - batch.latents)).square()
    emphasis = 1 + weight * batch.mouths.amax(0)[:, None]
    return torch.where(clean, 0.0, error * emphasis).mean()


def train_transformer(
    corpus: Corpus,
    work: Path,
    sizes: Sizes,
    budget: Budget,
    *,
    seed: int = 3,
    start: Path | None = None,
) -> None:
    """Writes transformer, text and image encoder; `start` goes on from a file of this stage."""
    device = corpus.device
    torch.manual_seed(seed)
    began = time.monotonic()
    make = new_networks if start is None else load_networks
    networks = make(work, sizes, device)
    lessons = Lessons(
        networks,
        corpus,
        work,
        sizes,
        seed=seed if start is None else seed + 100,
        lone=sizes.clips,
        couples=max(sizes.clips // 8, sizes.clips_at_once),
    )
    trainer = Trainer(
        networks.trained,
        budget,
        Pace(peak=1e-3 if start is None else 6e-4, warmup=300, decay=0.9992, report_every=500),
        stage="transformer",
    )
    trainer.report(f"speech encoded after {time.monotonic() - began:.1f} s")
    block_forward = compiled_block(networks, lessons, trainer.report)
    fill(lessons.lone, sizes.clips)
    fill(lessons.couples, lessons.couples.count)
    trainer.report(f"ready after {time.monotonic() - began:.1f} s, {lessons.lone.filled} clips")
    g = lessons.generator
    for used in trainer:
        if trainer.iteration % EVERY_RENEWAL == EVERY_RENEWAL - 1:
            lessons.lone.renew()
        couple = trainer.iteration % EVERY_COUPLE == EVERY_COUPLE - 1
        store = lessons.couples if couple else lessons.lone
        _, batch = store.take(sizes.batch // 2 if couple else sizes.batch, g)
        conditions = lessons.conditions(batch, with_audio=not couple)
        t = chance_timesteps(len(batch.facts), g)
        noise = torch.randn(batch.latents.shape, generator=g, device=device)
        latents, clean = begin_clean(batch, noised(batch.latents, noise, t), g)
        with autocast(device):
            seen = predict(networks, latents, t, conditions, None if couple else block_forward)
        trainer.learn(velocity_loss(seen, noise, batch, clean), used)
    trainer.finish()
    facts: dict[str, object] = {"iterations": trainer.iteration, "loss": trainer.loss}
    save_modules(work / FILE, networks.trained, facts)
    figures = quick_figures(networks, lessons, work, sizes, trainer.report)
    facts |= {"seconds": trainer.seconds, "figures": figures}
    save_modules(work / FILE, networks.trained, facts)


def fill(store: LatentClips, count: int) -> None:
    for _ in range(max(count // store.sizes.clips_at_once, 1)):
        store.renew()


def compiled_block(
    networks: Networks, lessons: Lessons, report: Callable[[str], None]
) -> BlockForward | None:
    """`WanBlock.forward` compiled, if its gradients agree with the plain one's; None on a CPU."""
    device = lessons.captions.ids.device
    if device.type != "cuda":
        return None
    began = time.monotonic()
    lessons.lone.renew()
    _, batch = lessons.lone.take(lessons.sizes.batch, lessons.generator)
    conditions = lessons.conditions(batch, with_audio=True)
    t = chance_timesteps(len(batch.facts), lessons.generator)
    head = networks.transformer.head.head.weight
    kept = head.detach().clone()
    with torch.no_grad():
        head.normal_(std=0.05)
    parameters = [p for m in networks.trained.values() for p in m.parameters()]

    def gradients(block_forward: BlockForward | None) -> Tensor:
        for parameter in parameters:
            parameter.grad = None
        with autocast(device):
            seen = predict(networks, batch.latents, t, conditions, block_forward)
        seen.square().mean().backward()
        found = [p.grad.flatten() for p in parameters if p.grad is not None]
        for parameter in parameters:
            parameter.grad = None
        return torch.cat(found)

    chosen: BlockForward | None = None
    try:
        plain = gradients(None)
        compiled = torch.compile(WanBlock.forward, dynamic=False)
        again = gradients(compiled)
        again = gradients(compiled)
        difference = float((again - plain).norm() / plain.norm())
        report(f"compiled in {time.monotonic() - began:.1f} s, difference {difference:.4f}")
        chosen = compiled if difference < 0.05 else None
    except Exception as error:  # noqa: BLE001 - a compiler's failure only costs speed
        report(f"not compiled: {error!r:.300}")
    with torch.no_grad():
        head.copy_(kept)
    return chosen


def quick_figures(
    networks: Networks, lessons: Lessons, work: Path, sizes: Sizes, report: Callable[[str], None]
) -> dict[str, object]:
    """Lip-sync on held-out people and voices at a few settings."""
    device = lessons.captions.ids.device
    judge = load_judge(work / JUDGE_FILE).to(device)
    count = 48 if sizes.batch > 8 else 2
    exam = make_exam(networks, lessons.exam_maker, lessons.rows, lessons.captions, sizes, count)
    settings = [How(), How(audio_guidance_scale=1.0), How(steps=4), How(steps=16)]
    settings += [How(audio_guidance_scale=3.0), How(text_guidance_scale=3.0)]
    figures: dict[str, object] = {}
    for how in settings if count > 2 else settings[:1]:
        figures[how.name] = exam_figures(networks, judge, exam, how)
        report(f"{how.name}: {figures[how.name]}")
    return figures
