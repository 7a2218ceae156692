"""The diffusion transformer: Wan2.1-I2V with audio cross-attention (spec transformer.md 4).

A step is `start`, then the blocks one by one, each for all branches, then `finish`: so that blocks
can be streamed and each is loaded once per step. State-dict names are the published ones.
"""

from collections.abc import Callable, Iterable, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from infinitetalk.models.audio_adapter import AudioAdapter
from infinitetalk.models.wan.block import WanBlock
from infinitetalk.models.wan.config import WanConfig
from infinitetalk.models.wan.context import Condition, Context, StepState
from infinitetalk.models.wan.embeddings import (
    Head,
    ImageEmbedding,
    TimeEmbedding,
    TimeProjection,
    unpatchify,
)
from infinitetalk.ops.rope import RopeTable, grid_table
from infinitetalk.ops.speakers import token_masks

IndexedBlocks = Iterable[tuple[int, nn.Module]]
PATCH = (1, 2, 2)


class WanTransformer(nn.Module):
    """Predicts velocity (noise - clean) of one chunk's latents."""

    def __init__(self, config: WanConfig) -> None:
        super().__init__()
        self.config = config
        self.token_chunk: int | None = None  # tokens at a time in per-token work of inference
        dim = config.dim
        self.patch_embedding = nn.Conv3d(config.in_dim, dim, kernel_size=PATCH, stride=PATCH)
        self.text_embedding = nn.Sequential(
            nn.Linear(config.text_dim, dim), nn.GELU(approximate="tanh"), nn.Linear(dim, dim)
        )
        self.time_embedding = TimeEmbedding(config.freq_dim, dim)
        self.time_projection = TimeProjection(dim)
        self.img_emb = ImageEmbedding(config.clip_dim, dim)
        self.audio_proj = AudioAdapter(
            window=config.audio_window,
            frames_per_latent=config.vae_scale,
            embedding_size=config.audio_blocks * config.audio_channels,
            hidden_size=config.intermediate_dim,
            context_tokens=config.context_tokens,
            token_size=config.output_dim,
        )
        self.blocks = nn.ModuleList(WanBlock(config) for _ in range(config.num_layers))
        self.head = Head(dim, config.out_dim, config.eps)
        self._rope: dict[tuple[tuple[int, int, int], torch.device], RopeTable] = {}

    @property
    def dtype(self) -> torch.dtype:
        """The working dtype: that of tokens between blocks."""
        return self.patch_embedding.weight.dtype

    @property
    def device(self) -> torch.device:
        return self.patch_embedding.weight.device

    # -- what depends on prompt, picture and speech alone ---------------------------------------

    def text_context(self, text: Tensor, *, keep: bool = False) -> Context:
        """Encoded text [L, text_dim] or [B, L, text_dim], L <= text_len.

        Zero rows fill it up to `text_len` before the embedding; they stay visible to attention.
        """
        text = text if text.dim() == 3 else text[None]
        missing = self.config.text_len - text.shape[1]
        if missing < 0:
            raise ValueError(f"text has {text.shape[1]} tokens, at most {self.config.text_len} fit")
        padded = F.pad(self._as_input(text), (0, 0, 0, missing))
        return Context(tokens=self.text_embedding(padded), keep=keep)

    def image_context(self, features: Tensor, *, keep: bool = False) -> Context:
        """Image features [I, clip_dim] or [B, I, clip_dim]."""
        features = features if features.dim() == 3 else features[None]
        return Context(tokens=self.img_emb(self._as_input(features)), keep=keep)

    def audio_context(self, audio: Tensor, *, keep: bool = False) -> Context:
        """Audio embeddings [P, F, window, blocks, channels], or with a batch axis in front."""
        audio = audio if audio.dim() == 6 else audio[None]
        return Context(tokens=self.audio_proj(self._as_input(audio)), keep=keep)

    def condition(
        self,
        *,
        text: Context,
        image: Context,
        audio: Context,
        masks: Tensor | None = None,
        guard_masks: bool = True,
    ) -> Condition:
        """One branch's condition. `masks` [3, h, w] or [B, 3, h, w]: speaker 1, speaker 2,
        background at latent resolution; read only where the audio has two speakers.
        """
        speakers = audio.tokens.shape[2] // self.config.context_tokens
        tokens = None
        if speakers == 2:
            if masks is None:
                raise ValueError("two speakers need masks")
            rows, columns = masks.shape[-2] // 2, masks.shape[-1] // 2
            tokens = token_masks(masks, rows, columns, guard=guard_masks).to(self.device)
            tokens = tokens if tokens.dim() == 3 else tokens[None]
        return Condition(
            text=text,
            image=image,
            audio=audio,
            speakers=speakers,
            speaker_tokens=tokens,
            guard_masks=guard_masks,
        )

    @torch.no_grad()
    def precompute(
        self, conditions: Sequence[Condition], *, blocks: IndexedBlocks | None = None
    ) -> None:
        """Fills the kept keys and values of all blocks now rather than in the first step."""
        for index, block in self._indexed(blocks):
            for condition in conditions:
                block.precompute(condition, index)  # type: ignore[operator]  # a WanBlock

    # -- one step ---------------------------------------------------------------------------------

    def start(self, latents: Tensor, y: Tensor, t: Tensor) -> tuple[Tensor, StepState]:
        """Tokens before the first block [B, S, D], and what the blocks share in this step.

        latents [B, 16, T, h, w] float32, y [B, 20, T, h, w], t [B] in 0..1000.
        """
        joined = torch.cat((self._as_input(latents), self._as_input(y)), dim=1)
        patches = self.patch_embedding(joined)
        grid = (patches.shape[2], patches.shape[3], patches.shape[4])
        time = self.time_embedding(t.to(self.device))
        step = StepState(
            time=time,
            modulation=self.time_projection(time),
            rope=self._rope_table(grid),
            grid=grid,
            token_chunk=self.token_chunk,
        )
        return patches.flatten(2).transpose(1, 2).contiguous(), step

    def finish(self, x: Tensor, step: StepState) -> Tensor:
        """Tokens after the last block -> velocity [B, 16, T, h, w] float32."""
        return unpatchify(self.head(x, step.time, step.piece_tokens), step.grid)

    @torch.no_grad()
    def forward_branches(
        self,
        latents: Tensor,
        y: Tensor,
        t: Tensor | float,
        conditions: Sequence[Condition],
        *,
        blocks: IndexedBlocks | None = None,
        residuals: list[Tensor] | None = None,
        reuse: bool = False,
        check_cancel: Callable[[], None] | None = None,
    ) -> list[Tensor]:
        """Velocity of every branch, block by block together.

        latents [16, T, h, w], y [20, T, h, w] -> per condition [16, T, h, w] float32. `blocks`
        yields each block with its number, in order (default: the model's own). `residuals`, if
        given, is refilled with what the blocks added to each branch's tokens, or with `reuse`
        read instead of running the blocks. `check_cancel` is called between blocks and may raise.
        """
        time = torch.as_tensor(t, dtype=torch.float32).reshape(1)
        tokens, step = self.start(latents[None], y[None], time)
        if reuse:
            if residuals is None or len(residuals) != len(conditions):
                raise ValueError("reuse needs one residual per branch")
            return [self.finish(tokens + kept, step)[0] for kept in residuals]
        branches = [tokens] * len(conditions)
        before = None if residuals is None else tokens
        del tokens  # else it would outlive the first block
        for index, block in self._indexed(blocks):
            for number, condition in enumerate(conditions):
                if check_cancel is not None:
                    check_cancel()
                branches[number] = block(branches[number], step, condition, index)
        if residuals is not None and before is not None:
            residuals[:] = [x - before for x in branches]
        return [self.finish(x, step)[0] for x in branches]

    def forward(self, latents: Tensor, y: Tensor, t: Tensor, condition: Condition) -> Tensor:
        """A batch of clips with autograd, for training.

        latents [B, 16, T, h, w], y [B, 20, T, h, w], t [B] -> velocity [B, 16, T, h, w] float32.
        """
        x, step = self.start(latents, y, t)
        for index, block in enumerate(self.blocks):
            x = block(x, step, condition, index)
        return self.finish(x, step)

    def forward_batch(
        self,
        latents: Tensor,
        y: Tensor,
        t: Tensor,
        *,
        text: Tensor,
        image: Tensor,
        audio: Tensor,
        masks: Tensor | None = None,
    ) -> Tensor:
        """`forward` from raw conditions: text [B, L, text_dim], image [B, I, clip_dim],
        audio [B, P, F, window, blocks, channels], masks [B, 3, h, w] where P is 2.
        """
        condition = self.condition(
            text=self.text_context(text),
            image=self.image_context(image),
            audio=self.audio_context(audio),
            masks=masks,
        )
        return self(latents, y, t, condition)

    @torch.no_grad()
    def time_signals(self, timesteps: Sequence[float] | Tensor, *, projected: bool) -> Tensor:
        """What TeaCache compares from step to step: [steps, 6 D] modulations or [steps, D], float32."""
        t = torch.as_tensor(timesteps, dtype=torch.float32, device=self.device)
        # One at a time: the reference's products have one row, and decisions hang on few digits.
        times = [self.time_embedding(one[None]) for one in t]
        return torch.cat([self.time_projection(e).flatten(1) if projected else e for e in times])

    # -- beginnings -------------------------------------------------------------------------------

    @torch.no_grad()
    def initialize(self) -> None:
        """Weights to start training from: Xavier, small embeddings, a silent head."""
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.xavier_uniform_(module.weight)
                nn.init.zeros_(module.bias)
        nn.init.xavier_uniform_(self.patch_embedding.weight.flatten(1))
        for layer in (*self.text_embedding, *self.time_embedding):
            if isinstance(layer, nn.Linear):
                nn.init.normal_(layer.weight, std=0.02)
        nn.init.zeros_(self.head.head.weight)

    def _as_input(self, x: Tensor) -> Tensor:
        return x.to(device=self.device, dtype=self.dtype)

    def _indexed(self, blocks: IndexedBlocks | None) -> IndexedBlocks:
        return enumerate(self.blocks) if blocks is None else blocks

    def _rope_table(self, grid: tuple[int, int, int]) -> RopeTable:
        """One table per grid, made once; only the latest is kept."""
        key = (grid, self.device)
        if key not in self._rope:
            self._rope = {key: grid_table(grid, self.config.head_size, self.device)}
        return self._rope[key]
