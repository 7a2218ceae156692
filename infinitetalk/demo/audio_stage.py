"""Trains the audio encoder: from speech to the shape of the mouth, then the head is thrown away.

Its voices are few, so speech is played faster and slower, filtered, echoed and drowned in noise.
"""

from pathlib import Path
from typing import cast

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from infinitetalk.demo.corpus import Corpus
from infinitetalk.demo.metrics import pooled_correlation
from infinitetalk.demo.sizes import Sizes
from infinitetalk.demo.training import Budget, Pace, Trainer, autocast, load_modules, save_modules
from infinitetalk.demo.visemes import MOUTH, VISEMES
from infinitetalk.models.audio_encoder.wav2vec2 import VARIANCE_FLOOR, AudioEncoder

FILE = "audio.safetensors"
WEIGHT_OF_MOUTH = (3.0, 1.0, 2.0, 1.0, 1.0)


def new_encoder(sizes: Sizes) -> AudioEncoder:
    """Fresh weights. Always in evaluation mode: its dropouts would only blur so small a network."""
    encoder = AudioEncoder(sizes.audio)
    for module in encoder.modules():
        if isinstance(module, nn.Linear):
            nn.init.xavier_uniform_(module.weight)
    return encoder.eval()


def load_encoder(work: Path, sizes: Sizes, device: torch.device) -> AudioEncoder:
    encoder = new_encoder(sizes)
    load_modules(work / FILE, {"encoder": encoder.model})
    return encoder.to(device).requires_grad_(False)


def embed_batch(encoder: AudioEncoder, samples: Tensor, frames: int) -> Tensor:
    """`AudioEncoder.embed` for a batch and with gradients: [B, n] -> [B, frames, layers, D]."""
    model = encoder.model
    mean = samples.mean(-1, keepdim=True)
    spread = torch.sqrt(samples.var(-1, correction=0, keepdim=True) + VARIANCE_FLOOR)
    features = model.feature_extractor((samples - mean) / spread)
    rows = F.interpolate(features.float(), size=frames, mode="linear", align_corners=True)
    state, _ = model.feature_projection(rows.transpose(1, 2))
    state = model.encoder.layer_norm(state + model.encoder.pos_conv_embed(state))
    outputs = []
    for layer in cast(nn.ModuleList, model.encoder.layers):
        output = layer(state)
        state = output if isinstance(output, Tensor) else output[0]
        outputs.append(state)
    return torch.stack(outputs, 2)


def disturb(samples: Tensor, generator: torch.Generator) -> Tensor:
    """Speech as other rooms and microphones would give it; [B, n], generator on its device."""
    count, device = len(samples), samples.device

    def chance(low: float, high: float, share: float = 1.0) -> Tensor:
        value = low + (high - low) * torch.rand(count, 1, generator=generator, device=device)
        return value * (torch.rand(count, 1, generator=generator, device=device) < share)

    tilted = samples + chance(-0.85, 0.85, 0.6) * F.pad(samples, (1, 0))[:, :-1]
    delay = int(torch.randint(160, 1600, (1,), generator=generator, device=device))
    echoed = tilted + chance(0.0, 0.4, 0.4) * F.pad(tilted, (delay, 0))[:, :-delay]
    level = echoed.std(1, keepdim=True) * 10 ** chance(-3.0, -0.8)
    noise = torch.randn(samples.shape, generator=generator, device=device)
    color = chance(0.0, 0.95, 0.5)
    return echoed + level * (noise + color * F.pad(noise, (1, 0))[:, :-1])


class MouthReader(nn.Module):
    """The head that is thrown away: last layer to mouth shapes and viseme scores."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.mouth = nn.Linear(width, len(MOUTH))
        self.visemes = nn.Linear(width, len(VISEMES))


def train_audio(
    corpus: Corpus, work: Path, sizes: Sizes, budget: Budget, *, seed: int = 1
) -> dict[str, float]:
    """Writes the encoder; returns r of the mouth opening per held-out voice."""
    device = corpus.device
    torch.manual_seed(seed)
    generator = torch.Generator(device).manual_seed(seed)
    chance = torch.Generator().manual_seed(seed)
    encoder = new_encoder(sizes).to(device)
    reader = MouthReader(sizes.audio.hidden_size).to(device)
    trainer = Trainer(
        {"encoder": encoder.model, "reader": reader},
        budget,
        Pace(peak=1.5e-3, betas=(0.9, 0.98), decay=0.998),
        stage="audio",
    )
    weight = torch.tensor(WEIGHT_OF_MOUTH, device=device)
    count = sizes.audio_batch
    for used in trainer:
        frames = sizes.audio_frames[
            int(torch.randint(len(sizes.audio_frames), (), generator=chance))
        ]
        lines = corpus.trained[torch.randint(len(corpus.trained), (count,), generator=chance)]
        room = (corpus.frames[lines] - frames).clamp(min=1)
        first = (torch.rand(count, generator=chance) * room).long()
        pace = 0.85 + 0.35 * torch.rand(count, generator=chance)
        samples = disturb(corpus.cut_samples(lines, first, frames, pace), generator)
        mouth, visemes = corpus.cut_track(lines, first, frames, pace)
        with autocast(device):
            last = embed_batch(encoder, samples, frames)[:, :, -1]
            seen, scores = reader.mouth(last).float(), reader.visemes(last).float()
        error = ((seen - mouth).square() * weight).mean() * 4
        moves = (seen.diff(dim=1) - mouth.diff(dim=1))[..., 0].square().mean() * 4
        naming = F.cross_entropy(scores.flatten(0, 1), visemes.flatten()) * 0.15
        trainer.learn(error + moves + naming, used)
    trainer.finish()
    figures = held_out_figures(encoder, reader, corpus)
    trainer.report(f"{trainer.iteration} iterations; r on held-out voices: {figures}")
    facts = {"iterations": trainer.iteration, "seconds": trainer.seconds, "r_open": figures}
    save_modules(work / FILE, {"encoder": encoder.model, "reader": reader}, facts)
    return figures


@torch.no_grad()
def held_out_figures(
    encoder: AudioEncoder, reader: MouthReader, corpus: Corpus
) -> dict[str, float]:
    """R of the opening, over all lines of each held-out voice."""
    tracks: dict[str, list[tuple[np.ndarray, np.ndarray]]] = {}
    for line in corpus.held_out.tolist():
        frames = int(corpus.frames[line])
        rows = embed_batch(encoder, corpus.samples(line)[None, : frames * 640], frames)
        seen = reader.mouth(rows[:, :, -1])[0, :, 0]
        true, _ = corpus.cut_track(torch.tensor([line]), torch.tensor([0]), frames)
        pair = seen.float().cpu().numpy(), true[0, :, 0].cpu().numpy()
        tracks.setdefault(corpus.voices[line], []).append(pair)
    return {
        voice: round(
            pooled_correlation(
                np.concatenate([s for s, _ in pairs])[None],
                np.concatenate([t for _, t in pairs])[None],
            ),
            3,
        )
        for voice, pairs in tracks.items()
    }
