"""Audio embeddings of the whole corpus, and the windows of clips cut from them."""

import torch
from torch import Tensor

from infinitetalk.demo.audio_stage import disturb, embed_batch
from infinitetalk.demo.corpus import Corpus
from infinitetalk.models.audio_encoder.wav2vec2 import AudioEncoder

WINDOW = 2  # frames before and after
SILENT_FRAMES = 75


class SpeechRows:
    """Rows of every line, clean and disturbed, and rows of silence."""

    def __init__(
        self, corpus: Corpus, encoder: AudioEncoder, *, versions: int = 3, seed: int = 5
    ) -> None:
        self.device = corpus.device
        generator = torch.Generator(corpus.device).manual_seed(seed)
        self.frames = corpus.frames.to(self.device)
        self.starts = torch.cat([corpus.frames.new_zeros(1), corpus.frames.cumsum(0)]).to(
            self.device
        )
        found: list[list[Tensor]] = [[] for _ in range(versions)]
        with torch.no_grad():
            for line, frames in enumerate(corpus.frames.tolist()):
                samples = corpus.samples(line)[None, : frames * 640]
                for version in range(versions):
                    heard = samples if version == 0 else disturb(samples, generator)
                    found[version].append(embed_batch(encoder, heard, frames)[0])
            silence = torch.zeros(1, SILENT_FRAMES * 640, device=self.device)
            whole = embed_batch(encoder, silence, SILENT_FRAMES)[0]
            spoken = torch.cat([corpus.samples(int(corpus.trained[0]))[None], silence], 1)
            total = spoken.shape[1] // 640
            after = embed_batch(encoder, spoken[:, : total * 640], total)[0, -SILENT_FRAMES:]
        kind = torch.bfloat16 if self.device.type == "cuda" else torch.float32
        self.rows = torch.stack([torch.cat(f) for f in found]).to(kind)  # [V, all, layers, D]
        self.silent = torch.stack([whole, after]).to(kind)  # [2, frames, layers, D]
        self._around = torch.arange(-WINDOW, WINDOW + 1, device=self.device)

    def windows(self, lines: Tensor, first: Tensor, frames: int, versions: Tensor) -> Tensor:
        """[B, frames, window, layers, D]; edges of a line repeat its first or last row."""
        at = first[:, None, None] + torch.arange(frames, device=self.device)[:, None] + self._around
        at = torch.minimum(at.clamp(min=0), self.frames[lines][:, None, None] - 1)
        return self.rows[versions[:, None, None], self.starts[lines][:, None, None] + at].float()

    def silence(self, count: int, frames: int, kinds: Tensor, offsets: Tensor) -> Tensor:
        """[count, frames, window, layers, D] of a speaker who says nothing.

        kinds [count]: 0 a track that is silent throughout, 1 a pause after speech.
        """
        room = self.silent.shape[1] - 1
        at = (
            offsets[:, None, None]
            + torch.arange(frames, device=self.device)[:, None]
            + self._around
        )
        assert len(kinds) == count
        return self.silent[kinds[:, None, None], at.clamp(0, room)].float()
