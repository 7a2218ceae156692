"""Trains the step-distillation LoRA: one long step that lands where several short ones would.

The teacher is the finished transformer. From a noised clip it walks from one moment of the 4-step
schedule to the next in `SUBSTEPS` Euler steps; the student, which is the same network with low-rank
branches, learns the straight line between both ends. Both with and without speech, so that audio
guidance still has two ends to go between.
"""

from pathlib import Path

import torch

from infinitetalk.demo.corpus import Corpus
from infinitetalk.demo.judge import FILE as JUDGE_FILE
from infinitetalk.demo.judge import load_judge
from infinitetalk.demo.lora_training import Branches
from infinitetalk.demo.networks import load_networks, predict
from infinitetalk.demo.rollout import How, exam_figures, make_exam
from infinitetalk.demo.sizes import Sizes
from infinitetalk.demo.training import Budget, Pace, Trainer, autocast, write_tensors
from infinitetalk.demo.transformer_stage import SHIFT, Lessons, begin_clean, fill
from infinitetalk.sampling import timesteps
from infinitetalk.sampling.schedule import noised

FILE = "fast_lora.safetensors"
STEPS, SUBSTEPS = 4, 4
MOUTH_WEIGHT = 5.0


def train_fast_lora(
    corpus: Corpus, work: Path, sizes: Sizes, budget: Budget, *, seed: int = 7
) -> None:
    """Writes the LoRA; its figures go into the header."""
    device = corpus.device
    torch.manual_seed(seed)
    networks = load_networks(work, sizes, device)
    networks.text.requires_grad_(False)
    networks.image.requires_grad_(False)
    branches = Branches(networks.transformer, sizes.lora_rank)
    clips = max(sizes.clips // 4, sizes.clips_at_once)
    lessons = Lessons(networks, corpus, work, sizes, seed=seed, lone=clips, couples=1, versions=1)
    trainer = Trainer(
        {"lora": branches.parts},
        budget,
        Pace(peak=1.5e-3, warmup=50, decay=0.99, weight_decay=0.0, report_every=100),
        stage="fast_lora",
    )
    fill(lessons.lone, clips)
    trainer.report(f"ready, {lessons.lone.filled} clips")
    schedule = timesteps(STEPS, SHIFT).to(device)
    g = lessons.generator
    for used in trainer:
        _, batch = lessons.lone.take(sizes.batch, g)
        conditions = lessons.conditions(batch, with_audio=True)
        step = torch.randint(STEPS, (sizes.batch,), generator=g, device=device)
        t, t_next = schedule[step], schedule[step + 1]
        noise = torch.randn(batch.latents.shape, generator=g, device=device)
        start, clean = begin_clean(batch, noised(batch.latents, noise, t), g)
        branches.switch(False)
        with torch.no_grad(), autocast(device):
            walked = start
            for k in range(SUBSTEPS):
                now = t + (t_next - t) * (k / SUBSTEPS)
                velocity = predict(networks, walked, now, conditions)
                part = ((t - t_next) / SUBSTEPS / 1000).view(-1, 1, 1, 1, 1)
                walked = torch.where(clean, start, walked - part * velocity)
        wanted = (start - walked) / ((t - t_next) / 1000).view(-1, 1, 1, 1, 1)
        branches.switch(True)
        with autocast(device):
            seen = predict(networks, start, t, conditions)
        emphasis = 1 + MOUTH_WEIGHT * batch.mouths.amax(0)[:, None]
        error = (seen - wanted).square() * emphasis
        trainer.learn(torch.where(clean, 0.0, error).mean(), used)
    trainer.finish()
    facts: dict[str, object] = {"iterations": trainer.iteration, "seconds": trainer.seconds}
    tensors = {name: value.to(torch.bfloat16) for name, value in branches.published()}
    write_tensors(work / FILE, tensors, facts)
    judge = load_judge(work / JUDGE_FILE).to(device)
    count = 48 if sizes.batch > 8 else 2
    exam = make_exam(networks, lessons.exam_maker, lessons.rows, lessons.captions, sizes, count)
    for how in (How(steps=STEPS), How(steps=STEPS, audio_guidance_scale=1.0)):
        for active in (False, True):
            branches.switch(active)
            found = exam_figures(networks, judge, exam, how)
            facts[f"{how.name} {'with' if active else 'without'}"] = found
            trainer.report(f"{how.name}, LoRA {'on' if active else 'off'}: {found}")
    write_tensors(work / FILE, tensors, facts)
