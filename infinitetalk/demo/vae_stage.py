"""Trains the VAE: crops around and beside the mouth first, then whole pictures and whole chunks.

A causal network trained on short clips alone drifts on longer ones (17 frames: 30 dB, frame 33 of
33: 16 dB), so the second part uses the very lengths that the pipeline encodes and decodes.

At the end its latents are given the statistics that the published VAE's latents have: an affine
map folded into the two 1 x 1 x 1 convolutions, so that every reader of the published layout works.
"""

from pathlib import Path

import torch
from torch import Tensor, nn

from infinitetalk.demo.corpus import Corpus
from infinitetalk.demo.scenes import Scene, SceneMaker, closeness
from infinitetalk.demo.sizes import MOTION_FRAMES, Sizes
from infinitetalk.demo.training import Budget, Pace, Trainer, autocast, load_modules, save_modules
from infinitetalk.demo.vae_speed import faster
from infinitetalk.models.vae import WanVae
from infinitetalk.models.vae.layers import FrameAttention

FILE = "vae.safetensors"
CROPS_UNTIL = 0.6  # share of the time that is spent on crops
CROP_FRAMES = 9
MOTION_SHARE = 0.2  # of whole-picture batches: as short as motion frames, and more clips
DRAW_EVERY = 4  # whole pictures: iterations between two batches of new clips
MOUTH_WEIGHT, MOUTH_SPREAD = 6.0, 9.0  # extra weight at the mouth; face units
KL_WEIGHT = 3e-4
GRAY_SHARE = 0.12  # clips that are one picture and then gray: what the pipeline encodes too
MOUTH_BOX = (16.0, 12.0)  # half width and height, face units


def new_vae(sizes: Sizes) -> WanVae:
    vae = WanVae(sizes.vae)
    for module in vae.modules():
        if isinstance(module, nn.Conv2d | nn.Conv3d):
            nn.init.kaiming_normal_(module.weight, nonlinearity="linear")
            if module.bias is not None:
                nn.init.zeros_(module.bias)
        if isinstance(module, FrameAttention):
            nn.init.zeros_(module.proj.weight)
    return vae


def load_vae(work: Path, sizes: Sizes, device: torch.device) -> WanVae:
    vae = WanVae(sizes.vae)
    load_modules(work / FILE, {"vae": vae})
    return vae.to(device).eval().requires_grad_(False)


class _Clips:
    """Batches of clips [B, 3, F, S, S] and the weight of every pixel [B, 1, F, S, S].

    Crops are drawn when asked for. Whole chunks are drawn into a store that is renewed bit by bit:
    drawing 33 frames would take as long as learning from them.
    """

    def __init__(self, maker: SceneMaker, sizes: Sizes, room: int) -> None:
        self.maker, self.sizes = maker, sizes
        self.batch = max(sizes.vae_batch // 5, 1)
        self.room = max(room // self.batch, 1) * self.batch
        self._drawn, self._turn = 0, 0
        shape = (self.room, sizes.chunk_frames, 3, sizes.side, sizes.side)
        self._pictures = torch.zeros(shape, dtype=torch.uint8, device=maker.device)
        self._places = torch.zeros(self.room, sizes.chunk_frames, 2, device=maker.device)

    def crops(self) -> tuple[Tensor, Tensor]:
        sizes, side = self.sizes, self.sizes.vae_crop
        scene = self.maker.scene(sizes.vae_batch, CROP_FRAMES)
        left, top = _corners(self.maker, scene, sizes)
        pictures = scene.draw(self.maker.grid().cut(left, top, side))
        pixel = 128 / sizes.side
        corner = torch.stack([left, top], -1)[:, None] * pixel
        return self._ready(pictures, scene.mouth_places()[0] - corner, side * pixel)

    def whole(self) -> tuple[Tensor, Tensor]:
        self._turn += 1
        while self._drawn < self.room or self._turn % DRAW_EVERY == 0:
            self._draw_more()
            if self._drawn >= self.room:
                break
        short = bool(self.maker.flip(1, MOTION_SHARE))
        frames = MOTION_FRAMES if short else self.sizes.chunk_frames
        count = self.batch * (3 if short else 1)
        index = (self.maker.uniform(count, 0, 1) * self.room).long().clamp(max=self.room - 1)
        pictures = self._pictures[index, :frames].float() / 127.5 - 1
        return self._ready(pictures, self._places[index, :frames], 128.0)

    def _draw_more(self) -> None:
        first = self._drawn % self.room
        scene = self.maker.scene(self.batch, self.sizes.chunk_frames)
        drawn = scene.draw(self.maker.grid())
        self._pictures[first : first + self.batch] = ((drawn + 1) * 127.5).round().to(torch.uint8)
        self._places[first : first + self.batch] = scene.mouth_places()[0]
        self._drawn += self.batch

    def _ready(self, pictures: Tensor, places: Tensor, units: float) -> tuple[Tensor, Tensor]:
        side = pictures.shape[-1]
        clip = pictures.transpose(1, 2).contiguous()
        gray = self.maker.flip(len(clip), GRAY_SHARE)
        clip[:, :, 1:] *= ~gray[:, None, None, None, None]
        near = closeness(places, side, side, units, MOUTH_SPREAD)
        return clip, (1 + MOUTH_WEIGHT * near)[:, None]


def _corners(maker: SceneMaker, scene: Scene, sizes: Sizes) -> tuple[Tensor, Tensor]:
    """Left and top of a crop per clip, in pixels: around the mouth in half of them, else anywhere."""
    count, room = len(scene.seconds), sizes.side - sizes.vae_crop
    pixel = 128 / sizes.side
    center = scene.mouth_places()[0][:, 0] / pixel - sizes.vae_crop / 2
    near = maker.flip(count, 0.5)
    corners = []
    for axis in range(2):
        around = center[:, axis] + maker.uniform(count, -14, 14) / pixel
        anywhere = maker.uniform(count, 0, room + 0.999)
        corners.append(torch.where(near, around, anywhere).clamp(0, room).long())
    return corners[0], corners[1]


def train_vae(
    corpus: Corpus,
    work: Path,
    sizes: Sizes,
    budget: Budget,
    *,
    seed: int = 2,
    start: Path | None = None,
) -> dict[str, float]:
    """Writes the VAE; returns its figures.

    With `start`, goes on from that file with whole chunks alone; its latents keep their statistics.
    """
    device = corpus.device
    torch.manual_seed(seed)
    vae = new_vae(sizes).to(device)
    if start is not None:
        load_modules(start, {"vae": vae})
    maker = SceneMaker(corpus, sizes.side, seed=seed if start is None else seed + 100)
    trainer = Trainer(
        {"vae": vae},
        budget,
        Pace(
            peak=2e-3 if start is None else 8e-4, betas=(0.9, 0.98), weight_decay=0.0, decay=0.998
        ),
        stage="vae",
    )
    until = CROPS_UNTIL if start is None else 0.0
    clips = _Clips(maker, sizes, room=40 * sizes.vae_batch)
    whole = 0
    # A settled VAE's raw latents have the statistics of the config rather than 0 and 1.
    center = torch.zeros(16) if start is None else torch.tensor(vae.config.mean)
    spread = torch.ones(16) if start is None else torch.tensor(vae.config.std)
    center, spread = (v.to(device).view(1, -1, 1, 1, 1) for v in (center, spread))
    with torch.no_grad():
        example, _ = clips.crops() if start is None else clips.whole()
    with faster(vae, _as_input(example), trainer.report):
        for used in trainer:
            with torch.no_grad():
                pictures, weight = clips.crops() if used < until else clips.whole()
            with autocast(device):
                mean, log_variance = vae.moments(_as_input(pictures))
                mean, log_variance = mean.float(), log_variance.float().clamp(-12, 4)
                noise = torch.randn_like(mean) * torch.exp(0.5 * log_variance) * spread
                seen = vae.reconstruct(mean + noise)
            prior = _prior((mean - center) / spread, log_variance)
            trainer.learn(_loss(seen.float() - pictures, weight) + KL_WEIGHT * prior, used)
            whole += used >= until
    trainer.finish()
    vae.eval().requires_grad_(False)
    settle_statistics(vae, SceneMaker(corpus, sizes.side, seed=seed + 1), sizes)
    figures = vae_figures(vae, corpus, sizes)
    trainer.report(f"{trainer.iteration} iterations ({whole} whole pictures): {figures}")
    facts = {"iterations": trainer.iteration, "seconds": trainer.seconds, **figures}
    save_modules(work / FILE, {"vae": vae}, facts)
    return figures


def _as_input(pictures: Tensor) -> Tensor:
    if not pictures.is_cuda:
        return pictures
    return pictures.contiguous(memory_format=torch.channels_last_3d)


def _loss(error: Tensor, weight: Tensor) -> Tensor:
    """Weighted first and second powers, and edges in space and time."""
    first = (error.abs() * weight).mean()
    second = (error.square() * weight).mean()
    edges = error.diff(dim=-1).abs().mean() + error.diff(dim=-2).abs().mean()
    steps = (error.diff(dim=2).abs() * weight[:, :, 1:]).mean()
    return first + 2 * second + 0.5 * edges + 0.2 * steps


def _prior(mean: Tensor, log_variance: Tensor) -> Tensor:
    """Divergence from a standard normal, per value; mean and variance in units of the statistics."""
    return 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).mean()


@torch.no_grad()
def settle_statistics(vae: WanVae, maker: SceneMaker, sizes: Sizes, batches: int = 8) -> None:
    """Makes each latent channel have the mean and deviation that the config says it has."""
    means = []
    for _ in range(batches):
        scene = maker.scene(sizes.clips_at_once, sizes.chunk_frames)
        pictures = scene.draw(maker.grid()).transpose(1, 2)
        with autocast(maker.device):
            means.append(vae.moments(_as_input(pictures.contiguous()))[0].float())
    raw = torch.cat(means).transpose(0, 1).flatten(1)
    mean, deviation = raw.mean(1), raw.std(1).clamp(min=1e-3)
    wanted_mean = torch.tensor(vae.config.mean, device=mean.device)
    wanted = torch.tensor(vae.config.std, device=mean.device)
    count, factor = len(mean), wanted / deviation
    to_latents, from_latents = vae.conv1, vae.conv2
    assert to_latents.bias is not None
    assert from_latents.bias is not None
    to_latents.weight[:count] *= factor[:, None, None, None, None]
    to_latents.bias[:count] = (to_latents.bias[:count] - mean) * factor + wanted_mean
    back = mean - wanted_mean / factor
    from_latents.bias += from_latents.weight[:, :, 0, 0, 0] @ back
    from_latents.weight /= factor[None, :, None, None, None]


@torch.no_grad()
def vae_figures(vae: WanVae, corpus: Corpus, sizes: Sizes, seed: int = 4242) -> dict[str, float]:
    """PSNR of the whole picture and of a box around the mouth, on people and voices held out."""
    maker = SceneMaker(corpus, sizes.side, seed=seed, lines=corpus.held_out)
    whole, mouth = [], []
    for _ in range(4):
        scene = maker.scene(sizes.clips_at_once, sizes.chunk_frames)
        pictures = scene.draw(maker.grid()).transpose(1, 2).contiguous()
        with autocast(corpus.device):
            latents = vae.normalize(vae.moments(_as_input(pictures))[0])
            seen = vae.reconstruct(vae.denormalize(latents)).float().clamp(-1, 1)
        error = (seen - pictures).square()
        whole.append(error.mean((1, 2, 3, 4)))
        inside = mouth_box(scene.mouth_places()[0], sizes.side)[:, None]
        share = (error * inside).sum((1, 2, 3, 4)) / (3 * inside.sum((1, 2, 3, 4)))
        mouth.append(share)
    decibels = [10 * torch.log10(4 / torch.cat(e).clamp(min=1e-9)) for e in (whole, mouth)]
    return {
        "psnr": round(float(decibels[0].mean()), 2),
        "psnr_mouth": round(float(decibels[1].mean()), 2),
    }


def mouth_box(places: Tensor, side: int) -> Tensor:
    """[..., side, side]: 1 inside a box around each place [..., 2] (face units), else 0."""
    centers = (torch.arange(side, device=places.device) + 0.5) * (128 / side)
    inside_x = (centers - places[..., 0, None]).abs() < MOUTH_BOX[0]
    inside_y = (centers - places[..., 1, None]).abs() < MOUTH_BOX[1]
    return (inside_y[..., :, None] & inside_x[..., None, :]).float()
