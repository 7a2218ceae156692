"""Trains the step-distillation LoRA: one long step that lands where several short ones would.

The teacher is the finished transformer. From a noised clip it walks from one moment of the 4-step
schedule to the next in `SUBSTEPS` Euler steps; the student, which is the same network with low-rank
branches, learns the straight line between both ends. Both with and without speech, so that audio
guidance still has two ends to go between. The walks are made first and learned from many times.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from infinitetalk.demo.corpus import Corpus
from infinitetalk.demo.judge import FILE as JUDGE_FILE
from infinitetalk.demo.judge import load_judge
from infinitetalk.demo.lora_training import Branches
from infinitetalk.demo.networks import Conditions, Networks, load_networks, predict
from infinitetalk.demo.rollout import How, exam_figures, make_exam
from infinitetalk.demo.sizes import Sizes
from infinitetalk.demo.training import Budget, Pace, Trainer, autocast, write_tensors
from infinitetalk.demo.transformer_stage import SHIFT, Lessons, begin_clean, fill
from infinitetalk.sampling import timesteps
from infinitetalk.sampling.schedule import noised

FILE = "fast_lora.safetensors"
STEPS, SUBSTEPS = 4, 4
MOUTH_WEIGHT = 5.0
TESTED = 0.1  # share of the walks that is kept for the test


@dataclass(frozen=True, kw_only=True)
class Walks:
    """B walks of the teacher, and what it was told."""

    start: Tensor  # [B, 16, T, h, w], clean latents in place
    wanted: Tensor  # velocity of the straight line to the walk's end
    weight: Tensor  # [B, 1, T, h, w]: more at the mouth, 0 where latents are given
    t: Tensor  # [B]
    conditions: Conditions

    def __len__(self) -> int:
        return len(self.t)

    def at(self, index: Tensor) -> "Walks":
        return Walks(
            start=self.start[index],
            wanted=self.wanted[index],
            weight=self.weight[index],
            t=self.t[index],
            conditions=self.conditions.at(index),
        )


@torch.no_grad()
def walk(networks: Networks, lessons: Lessons, count: int) -> Walks:
    """`count` walks over one step each, of clips and noise drawn by lot."""
    g = lessons.generator
    device = g.device
    schedule = timesteps(STEPS, SHIFT).to(device)
    _, batch = lessons.lone.take(count, g)
    conditions = lessons.conditions(batch, with_audio=True)
    step = torch.randint(STEPS, (count,), generator=g, device=device)
    t, t_next = schedule[step], schedule[step + 1]
    noise = torch.randn(batch.latents.shape, generator=g, device=device)
    start, clean = begin_clean(batch, noised(batch.latents, noise, t), g)
    length = ((t - t_next) / 1000).view(-1, 1, 1, 1, 1)
    walked = start
    for k in range(SUBSTEPS):
        with autocast(device):
            velocity = predict(networks, walked, t + (t_next - t) * (k / SUBSTEPS), conditions)
        walked = torch.where(clean, start, walked - length / SUBSTEPS * velocity)
    emphasis = 1 + MOUTH_WEIGHT * batch.mouths.amax(0)[:, None]
    return Walks(
        start=start,
        wanted=(start - walked) / length,
        weight=torch.where(clean, 0.0, emphasis),
        t=t,
        conditions=conditions,
    )


def _joined(parts: list[Walks]) -> Walks:
    return Walks(
        start=torch.cat([p.start for p in parts]),
        wanted=torch.cat([p.wanted for p in parts]),
        weight=torch.cat([p.weight for p in parts]),
        t=torch.cat([p.t for p in parts]),
        conditions=Conditions.joined([p.conditions for p in parts]),
    )


def _error(networks: Networks, walks: Walks) -> Tensor:
    with autocast(walks.t.device):
        seen = predict(networks, walks.start, walks.t, walks.conditions)
    return ((seen - walks.wanted).square() * walks.weight).mean()


def train_fast_lora(
    corpus: Corpus, work: Path, sizes: Sizes, budget: Budget, *, seed: int = 7
) -> None:
    """Writes the LoRA; its figures go into the header."""
    device = corpus.device
    torch.manual_seed(seed)
    networks = load_networks(work, sizes, device)
    networks.text.requires_grad_(False)
    networks.image.requires_grad_(False)
    clips = max(sizes.clips // 4, sizes.clips_at_once)
    lessons = Lessons(networks, corpus, work, sizes, seed=seed, lone=clips, couples=1, versions=1)
    fill(lessons.lone, clips)
    rounds = max(2 * clips // sizes.batch, 2)
    walks = _joined([walk(networks, lessons, sizes.batch) for _ in range(rounds)])
    branches = Branches(networks.transformer, sizes.lora_rank)
    trainer = Trainer(
        {"lora": branches.parts},
        budget,
        Pace(peak=2e-3, warmup=20, decay=0.98, weight_decay=0.0, report_every=50),
        stage="fast_lora",
    )
    tested = max(int(TESTED * len(walks)), 1)
    trainer.report(f"ready, {len(walks)} walks")
    for used in trainer:
        index = torch.randint(
            len(walks) - tested, (sizes.batch,), generator=lessons.generator, device=device
        )
        trainer.learn(_error(networks, walks.at(index)), used)
    trainer.finish()
    facts: dict[str, object] = {"iterations": trainer.iteration, "seconds": trainer.seconds}
    facts |= _distance(networks, branches, walks.at(torch.arange(len(walks) - tested, len(walks))))
    trainer.report(f"{facts}")
    tensors = {name: value.to(torch.bfloat16) for name, value in branches.published()}
    write_tensors(work / FILE, tensors, facts)
    facts |= _lip_sync(networks, branches, lessons, work, sizes, trainer.report)
    write_tensors(work / FILE, tensors, facts)


@torch.no_grad()
def _distance(networks: Networks, branches: Branches, tested: Walks) -> dict[str, float]:
    """Mean square error of one long step on walks that were not learned from, without and with."""
    found = {}
    for name, active in (("error_without", False), ("error_with", True)):
        branches.switch(active)
        parts = torch.arange(len(tested)).split(8)
        sums = [float(_error(networks, tested.at(i))) * len(i) for i in parts]
        found[name] = sum(sums) / len(tested)
    return found


def _lip_sync(
    networks: Networks,
    branches: Branches,
    lessons: Lessons,
    work: Path,
    sizes: Sizes,
    report: Callable[[str], None],
) -> dict[str, object]:
    judge = load_judge(work / JUDGE_FILE).to(lessons.generator.device)
    count = 48 if sizes.batch > 8 else 2
    exam = make_exam(networks, lessons.exam_maker, lessons.rows, lessons.captions, sizes, count)
    found: dict[str, object] = {}
    for how in (How(steps=STEPS), How(steps=STEPS, audio_guidance_scale=1.0)):
        for active in (False, True):
            branches.switch(active)
            name = f"{how.name} {'with' if active else 'without'}"
            found[name] = exam_figures(networks, judge, exam, how)
            report(f"{name}: {found[name]}")
    return found
