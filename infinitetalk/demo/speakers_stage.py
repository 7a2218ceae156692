"""Trains the overlay for two speakers: only its tensors; the base stays as it is.

Clips show two people side by side. One talks and the other is silent, or both talk; each hears
the own track, and which face a track belongs to is told by the speaker masks alone.
"""

from pathlib import Path

import torch
from torch import Tensor

from infinitetalk.demo.corpus import Corpus
from infinitetalk.demo.judge import FILE as JUDGE_FILE
from infinitetalk.demo.judge import load_judge
from infinitetalk.demo.latent_clips import Batch
from infinitetalk.demo.metrics import pooled_correlation
from infinitetalk.demo.networks import Conditions, Networks, is_overlay, load_networks, predict
from infinitetalk.demo.rollout import (
    Exam,
    How,
    decode,
    make_exam,
    sample_chunk,
    speaker_masks,
    watch_opening,
)
from infinitetalk.demo.sizes import Sizes
from infinitetalk.demo.training import Budget, Pace, Trainer, autocast, write_tensors
from infinitetalk.demo.transformer_stage import (
    DROPPED_AUDIO,
    DROPPED_TEXT,
    Lessons,
    begin_clean,
    chance_timesteps,
    velocity_loss,
)
from infinitetalk.models.wan import WanTransformer
from infinitetalk.sampling.schedule import noised

FILE = "speakers.safetensors"
MOUTH_WEIGHT = 12.0  # mouths are small in a picture of two
BOTH_TALK = 0.25


def overlay_tensors(transformer: WanTransformer) -> dict[str, Tensor]:
    return {n: p for n, p in transformer.state_dict().items() if is_overlay(n)}


class _Duets:
    """Which of the two talk in each stored clip, and what they hear."""

    def __init__(self, lessons: Lessons, sizes: Sizes) -> None:
        self.lessons, self.sizes = lessons, sizes
        store = lessons.couples
        self.silent = torch.zeros(2, store.count, dtype=torch.bool, device=store.latents.device)

    def renew(self) -> None:
        store, maker = self.lessons.couples, self.lessons.couples.maker
        count = min(self.sizes.clips_at_once, store.count)
        alone = ~maker.flip(count, BOTH_TALK)
        left = maker.flip(count, 0.5)
        silent = torch.stack([alone & left, alone & ~left])
        first = 0 if store._next + count > store.count else store._next
        self.silent[:, first : first + count] = silent
        store.renew(silent)

    def conditions(self, index: Tensor, batch: Batch) -> Conditions:
        lessons, frames = self.lessons, self.sizes.chunk_frames
        g, device, count = lessons.generator, index.device, len(index)
        heard = []
        for person in range(2):
            versions = torch.randint(len(lessons.rows.rows), (count,), generator=g, device=device)
            spoken = lessons.rows.windows(
                batch.lines[person], batch.first_frames[person], frames, versions
            )
            kinds = torch.randint(2, (count,), generator=g, device=device)
            offsets = torch.randint(2, 40, (count,), generator=g, device=device)
            quiet = lessons.rows.silence(count, frames, kinds, offsets)
            silent = self.silent[person, index].view(-1, 1, 1, 1, 1)
            heard.append(torch.where(silent, quiet, spoken))
        dropped = torch.rand(count, generator=g, device=device) < DROPPED_TEXT
        text = lessons.captions.pick(batch.facts, dropped, g)
        size = (self.sizes.side, 2 * self.sizes.side)
        return Conditions(
            text_ids=lessons.captions.ids[text],
            text_lengths=lessons.captions.lengths[text],
            pictures=batch.pictures,
            audio=torch.stack(heard, 1),
            source=batch.source,
            masks=speaker_masks(count, size, device),
        )


def train_speakers(
    corpus: Corpus,
    work: Path,
    sizes: Sizes,
    budget: Budget,
    *,
    seed: int = 9,
    start: Path | None = None,
) -> dict[str, float]:
    """Writes the overlay; `start` goes on from a file of this stage."""
    from infinitetalk.demo.training import read_tensors

    device = corpus.device
    torch.manual_seed(seed)
    overlay = None if start is None else read_tensors(start)[0]
    networks = load_networks(work, sizes, device, overlay=overlay)
    networks.text.requires_grad_(False)
    networks.image.requires_grad_(False)
    for name, parameter in networks.transformer.named_parameters():
        parameter.requires_grad_(is_overlay(name))
    clips = max(sizes.clips // 6, sizes.clips_at_once)
    lessons = Lessons(networks, corpus, work, sizes, seed=seed, lone=1, couples=clips, versions=1)
    duets = _Duets(lessons, sizes)
    trainer = Trainer(
        {"overlay": networks.transformer},
        budget,
        Pace(peak=1.5e-3 if start is None else 8e-4, warmup=100, decay=0.998),
        stage="speakers",
    )
    for _ in range(clips // sizes.clips_at_once):
        duets.renew()
    trainer.report(f"ready, {lessons.couples.filled} clips")
    g = lessons.generator
    for used in trainer:
        if trainer.iteration % 40 == 39:
            duets.renew()
        index, batch = lessons.couples.take(max(sizes.batch // 2, 1), g)
        conditions = duets.conditions(index, batch)
        if float(torch.rand((), generator=lessons.couples.maker.chance)) < DROPPED_AUDIO:
            conditions = conditions.without_audio()
        t = chance_timesteps(len(index), g)
        noise = torch.randn(batch.latents.shape, generator=g, device=device)
        latents, clean = begin_clean(batch, noised(batch.latents, noise, t), g)
        with autocast(device):
            seen = predict(networks, latents, t, conditions)
        trainer.learn(velocity_loss(seen, noise, batch, clean, MOUTH_WEIGHT), used)
    trainer.finish()
    facts: dict[str, object] = {"iterations": trainer.iteration, "seconds": trainer.seconds}
    tensors = {n: v.half() for n, v in overlay_tensors(networks.transformer).items()}
    write_tensors(work / FILE, tensors, facts)
    figures = speaker_figures(networks, lessons, work, sizes)
    trainer.report(f"{trainer.iteration} iterations: {figures}")
    write_tensors(work / FILE, tensors, facts | {"figures": figures})
    return figures


def speaker_figures(
    networks: Networks, lessons: Lessons, work: Path, sizes: Sizes
) -> dict[str, float]:
    """How the talking mouth follows its track, how much the silent one moves, and both swapped."""
    device = lessons.captions.ids.device
    judge = load_judge(work / JUDGE_FILE).to(device)
    count = 24 if sizes.batch > 8 else 2
    figures = {}
    for talking in range(2):
        exam = make_exam(
            networks,
            lessons.exam_maker,
            lessons.rows,
            lessons.captions,
            sizes,
            count,
            people=2,
            talking=talking,
        )
        for swapped in (False, True):
            shown = swapped_areas(exam) if swapped else exam
            follows, moves = _openings(networks, judge, shown)
            place = 1 - talking if swapped else talking
            true = exam.scene.mouths[talking][..., 0].cpu().numpy()[:, 2:]
            name = f"{'swapped' if swapped else 'straight'} {talking}"
            figures[f"{name} r"] = round(pooled_correlation(follows[place], true), 3)
            quiet = moves[1 - place] / max(moves[place], 1e-6)
            figures[f"{name} silent share"] = round(quiet, 3)
    return figures


def swapped_areas(exam: Exam) -> Exam:
    """The same tracks, each in the other's area."""
    masks = exam.conditions.masks
    assert masks is not None
    values = {**exam.conditions.__dict__, "masks": masks[:, [1, 0, 2]]}
    return Exam(
        scene=exam.scene,
        source=exam.source,
        conditions=Conditions(**values),
        dropped=exam.dropped,
    )


def _openings(networks: Networks, judge, exam: Exam):
    """Per person: openings [B, F - 2], and their deviation over time."""
    motion = exam.conditions.source[:, :, :1]
    video = decode(networks, sample_chunk(networks, exam.conditions, motion, How(), exam.dropped))
    read = [watch_opening(judge, video, person)[:, 2:, 0].numpy() for person in range(2)]
    return read, [float(r.std(1).mean()) for r in read]
