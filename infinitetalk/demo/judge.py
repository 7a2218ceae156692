"""The judge: reads mouth, place and blink off a drawn face. It measures, and is never part of a loss."""

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from infinitetalk.demo.corpus import Corpus
from infinitetalk.demo.drawing import draw, mouth_center
from infinitetalk.demo.faces import sample_faces
from infinitetalk.demo.metrics import pooled_correlation
from infinitetalk.demo.motion import pose_at
from infinitetalk.demo.shapes import make_grid
from infinitetalk.demo.sizes import Sizes
from infinitetalk.demo.training import Budget, Pace, Trainer, autocast, read_tensors, save_modules

FILE = "judge.safetensors"
READS = ("open", "wide", "round", "teeth", "tongue", "x", "y", "blink", "brow")
WEIGHTS = (6.0, 2.0, 3.0, 1.0, 1.0, 3.0, 3.0, 1.0, 0.5)
PIXELS_PER_PLACE = 64.0  # x and y are read as -1..1 over the 128 units of the face square
MOMENTS = 4  # frames of one face in a batch


class Judge(nn.Module):
    """A small convolutional network over 128 x 128 pixels."""

    def __init__(self, channels: tuple[int, ...], side: int = 128) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        before = 3
        for width in channels:
            layers += [nn.Conv2d(before, width, 3, 2, 1), nn.BatchNorm2d(width), nn.SiLU()]
            layers += [nn.Conv2d(width, width, 3, 1, 1), nn.BatchNorm2d(width), nn.SiLU()]
            before = width
        self.features = nn.Sequential(*layers)
        cells = (side // 2 ** len(channels)) ** 2
        self.read = nn.Sequential(
            nn.Flatten(), nn.Linear(cells * before, 128), nn.SiLU(), nn.Linear(128, len(READS))
        )

    def forward(self, pictures: Tensor) -> Tensor:
        """[N, 3, side, side] in -1..1 -> [N, len(READS)]."""
        return self.read(self.features(pictures))

    @torch.inference_mode()
    def watch(self, video: Tensor, at_once: int = 64) -> NDArray[np.float32]:
        """[F, 3, side, side] in -1..1 -> [F, len(READS)]."""
        return np.concatenate([self(part).float().cpu().numpy() for part in video.split(at_once)])


def load_judge(file: Path) -> Judge:
    tensors, facts = read_tensors(file)
    judge = Judge(tuple(facts["channels"]), facts["side"])
    judge.load_state_dict(
        {
            name.removeprefix("judge."): t.float() if t.is_floating_point() else t
            for name, t in tensors.items()
        }
    )
    return judge.eval()


class _Examples:
    """Faces with known mouths, as sharp as drawn or as blurred as a decoder makes them."""

    def __init__(self, corpus: Corpus, sizes: Sizes, seed: int) -> None:
        self.device, self.side = corpus.device, sizes.side
        first = int(corpus.starts[corpus.trained[0]])
        self.mouths = corpus.mouth[first:]
        self.grid = make_grid(self.side, self.side, self.device)
        self.chance = torch.Generator().manual_seed(seed)
        self.noise = torch.Generator(self.device).manual_seed(seed)

    @torch.no_grad()
    def take(self, count: int) -> tuple[Tensor, Tensor]:
        faces = sample_faces(count, self.chance).to(self.device)
        shape = (count, MOMENTS)
        seconds = (torch.rand(shape, generator=self.chance) * 60).to(self.device)
        picked = torch.randint(len(self.mouths), shape, generator=self.chance)
        mouth = self.mouths[picked.to(self.device)]
        odd = torch.rand(*shape, 1, generator=self.chance) < 0.25
        factor = torch.where(odd, 1.2 * torch.rand(*shape, 1, generator=self.chance), 1.0)
        mouth = mouth * factor.to(self.device)
        pose = pose_at(faces, seconds)
        pictures = draw(faces, pose, mouth, self.grid).flatten(0, 1)
        place = mouth_center(faces, pose) / PIXELS_PER_PLACE - 1
        others = torch.stack([pose.blink, pose.brow / 2], -1)
        truth = torch.cat([mouth, place, others], -1).flatten(0, 1)
        if torch.rand((), generator=self.chance) < 0.6:
            reach = int(torch.randint(1, 3, (), generator=self.chance))
            soft = F.avg_pool2d(F.pad(pictures, (reach,) * 4, "replicate"), 2 * reach + 1, 1)
            pictures = 0.7 * soft + 0.3 * pictures
        level = torch.rand(len(pictures), 1, 1, 1, generator=self.noise, device=self.device) * 0.08
        noise = torch.randn(pictures.shape, generator=self.noise, device=self.device)
        return pictures + level * noise, truth


def train_judge(
    corpus: Corpus, work: Path, sizes: Sizes, budget: Budget, *, seed: int = 11
) -> dict[str, float]:
    """Writes the judge; returns r of each reading on faces it never saw."""
    device = corpus.device
    torch.manual_seed(seed)
    judge = Judge(sizes.judge_channels, sizes.side).to(device).train()
    trainer = Trainer({"judge": judge}, budget, Pace(peak=2e-3, decay=0.0), stage="judge")
    examples = _Examples(corpus, sizes, seed)
    weight = torch.tensor(WEIGHTS, device=device)
    for used in trainer:
        pictures, truth = examples.take(sizes.judge_batch)
        with autocast(device):
            read = judge(pictures)
        trainer.learn(((read.float() - truth).square() * weight).mean(), used)
    judge.eval()
    pictures, truth = _Examples(corpus, sizes, seed + 1).take(4 * sizes.judge_batch)
    read = judge.watch(pictures)
    true = truth.cpu().numpy()
    figures = {
        name: round(pooled_correlation(read[None, :, k], true[None, :, k]), 3)
        for k, name in enumerate(READS)
    }
    trainer.report(f"{trainer.iteration} iterations; r on new faces: {figures}")
    facts = {"channels": sizes.judge_channels, "side": sizes.side, "r": figures}
    facts |= {"iterations": trainer.iteration, "seconds": trainer.seconds}
    save_modules(work / FILE, {"judge": judge}, facts)
    return figures
