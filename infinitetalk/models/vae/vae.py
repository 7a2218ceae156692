"""Encoder, decoder, and the VAE around them (spec encoders_and_vae.md 1.1, 1.3, 1.4)."""

import math
from collections.abc import Iterator

import torch
from torch import Tensor, nn

from infinitetalk.models.vae.config import VaeConfig
from infinitetalk.models.vae.layers import (
    CausalConv3d,
    ChannelNorm,
    Down,
    FrameAttention,
    ResidualBlock,
    Up,
    normed_conv,
)
from infinitetalk.models.vae.memory import FeatureMemory


def _middle(width: int) -> nn.ModuleList:
    return nn.ModuleList(
        [ResidualBlock(width, width), FrameAttention(width), ResidualBlock(width, width)]
    )


def _head(width: int, channels: int) -> nn.ModuleDict:
    return nn.ModuleDict({"0": ChannelNorm(width), "2": CausalConv3d(width, channels, (3, 3, 3))})


def _apply_head(head: nn.ModuleDict, x: Tensor, memory: FeatureMemory | None) -> Tensor:
    return normed_conv(head["0"], head["2"], x, memory)


class VaeEncoder(nn.Module):
    """Pixels to the moments of latents."""

    def __init__(self, config: VaeConfig) -> None:
        super().__init__()
        self.conv1 = CausalConv3d(3, config.encoder_stem, (3, 3, 3))
        self.downsamples = nn.ModuleList()
        width = config.encoder_stem
        for stage, out_width in enumerate(config.encoder_widths):
            for _ in range(config.encoder_blocks):
                self.downsamples.append(ResidualBlock(width, out_width))
                width = out_width
            if stage < len(config.time_stages):
                self.downsamples.append(Down(width, time=config.time_stages[stage]))
        self.middle = _middle(width)
        self.head = _head(width, 2 * config.latent_channels)

    def forward(self, x: Tensor, memory: FeatureMemory | None = None) -> Tensor:
        """Pixels [B, 3, T, H, W] -> moments; a piece of the clip where there is a `memory`.

        A source frame is followed by nothing but gray (spec pipeline.md 5): most of its pieces are
        the same tensor again and again, and the large stages soon make the same of it.
        """
        stage: list[nn.Module] = [self.conv1]
        for layer in self.downsamples:
            stage.append(layer)
            if isinstance(layer, Down):
                x = _run_stage(stage, x, memory)
                stage = []
        for layer in (*stage, *self.middle):
            x = layer(x, memory)
        return _apply_head(self.head, x, memory)


def _run_stage(stage: list[nn.Module], x: Tensor, memory: FeatureMemory | None) -> Tensor:
    def run() -> Tensor:
        y = x
        for layer in stage:
            y = layer(y, memory)
        return y

    if memory is None:
        return run()
    past = sum(
        part.past_frames
        for layer in stage
        for part in layer.modules()
        if isinstance(part, CausalConv3d | Down)
    )
    return memory.unless_settled(stage[-1], x, math.ceil(past / x.shape[2]), run)


class VaeDecoder(nn.Module):
    """Latents to pixels."""

    def __init__(self, config: VaeConfig) -> None:
        super().__init__()
        width = config.decoder_stem
        self.conv1 = CausalConv3d(config.latent_channels, width, (3, 3, 3))
        self.middle = _middle(width)
        self.upsamples = nn.ModuleList()
        times = config.time_stages[::-1]
        for stage, out_width in enumerate(config.decoder_widths):
            for _ in range(config.decoder_blocks):
                self.upsamples.append(ResidualBlock(width, out_width))
                width = out_width
            if stage < len(times):
                self.upsamples.append(Up(width, time=times[stage]))
                width //= 2
        self.head = _head(width, 3)

    def forward(self, x: Tensor, memory: FeatureMemory | None = None) -> Tensor:
        x = self.conv1(x, memory)
        for layer in (*self.middle, *self.upsamples):
            x = layer(x, memory)
        return _apply_head(self.head, x, memory)


class WanVae(nn.Module):
    """Pixels in -1..1 to normalised latents and back. State-dict names are the published ones."""

    def __init__(self, config: VaeConfig) -> None:
        super().__init__()
        self.config = config
        channels = config.latent_channels
        self.encoder = VaeEncoder(config)
        self.conv1 = CausalConv3d(2 * channels, 2 * channels, (1, 1, 1))
        self.conv2 = CausalConv3d(channels, channels, (1, 1, 1))
        self.decoder = VaeDecoder(config)

    @property
    def dtype(self) -> torch.dtype:
        return self.conv2.weight.dtype

    @property
    def device(self) -> torch.device:
        return self.conv2.weight.device

    def put_channels_last(self) -> None:
        """Weights as a card's convolutions read them; whatever goes through then lies so as well.

        Values stay what they are. On a CPU the order that files have is faster.
        """
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d | nn.Conv3d):
                axes = layer.weight.dim()
                order = torch.channels_last_3d if axes == 5 else torch.channels_last
                layer.weight.data = layer.weight.data.contiguous(memory_format=order)

    # -- one clip, piece by piece -------------------------------------------------------------

    @torch.no_grad()
    def encode(self, pixels: Tensor) -> Tensor:
        """[3, F, H, W] in -1..1 -> normalised latents [C, T, h, w] float32.

        T = 1 + (F - 1) // 4; frames beyond the last 4 n + 1 are ignored. H and W must be
        multiples of 8. The network sees 1 frame, then 4 at a time.
        """
        return torch.cat(list(self.encode_pieces(pixels)), dim=1)

    @torch.no_grad()
    def encode_pieces(self, pixels: Tensor) -> Iterator[Tensor]:
        """`encode`, one latent frame [C, 1, h, w] at a time."""
        stride = self.config.time_stride
        whole = pixels.shape[1] - (pixels.shape[1] - 1) % stride
        memory = FeatureMemory()
        before = on_device = pixels[:, :0]
        for start in range(1 - stride, whole, stride):
            piece = pixels[:, max(start, 0) : start + stride]
            if not torch.equal(piece, before):  # else it is the same tensor again, for the memory
                before, on_device = piece, piece.to(device=self.device, dtype=self.dtype)[None]
            yield self.normalize(self.moments(on_device, memory)[0])[0]

    @torch.no_grad()
    def decode(self, latents: Tensor) -> Tensor:
        """Normalised latents [C, T, h, w] -> pixels [3, F, H, W] float32 in -1..1."""
        return torch.cat(list(self.decode_pieces(latents)), dim=1)

    @torch.no_grad()
    def decode_pieces(self, latents: Tensor) -> Iterator[Tensor]:
        """`decode`, latent frame by latent frame: [3, 1, H, W], then [3, 4, H, W] each."""
        memory = FeatureMemory()
        for frame in latents.split(1, dim=1):
            raw = self.denormalize(frame[None])
            yield self.reconstruct(raw, memory)[0].float().clamp(-1, 1)

    # -- batches of whole clips, with autograd --------------------------------------------------

    def moments(self, pixels: Tensor, memory: FeatureMemory | None = None) -> tuple[Tensor, Tensor]:
        """[B, 3, F, H, W] -> mean and log-variance of raw latents, each [B, C, T, h, w].

        Without `memory` this is the whole clip at once, equal to its pieces in a row.
        """
        hidden = self.encoder(pixels.to(device=self.device, dtype=self.dtype), memory)
        mean, log_variance = self.conv1(hidden).chunk(2, dim=1)
        return mean, log_variance

    def reconstruct(self, raw: Tensor, memory: FeatureMemory | None = None) -> Tensor:
        """Raw latents [B, C, T, h, w] -> pixels [B, 3, F, H, W], not clamped."""
        return self.decoder(self.conv2(raw.to(device=self.device, dtype=self.dtype)), memory)

    def normalize(self, raw: Tensor) -> Tensor:
        """Raw latents [B, C, T, h, w] -> what the transformer works on, float32."""
        return (raw.float() - self._channel(self.config.mean, raw)) / self._channel(
            self.config.std, raw
        )

    def denormalize(self, latents: Tensor) -> Tensor:
        """The inverse of `normalize`, float32."""
        std, mean = (
            self._channel(self.config.std, latents),
            self._channel(self.config.mean, latents),
        )
        return latents.float() * std + mean

    @staticmethod
    def _channel(values: tuple[float, ...], like: Tensor) -> Tensor:
        # Made when needed: the statistics are no weights, and the module may be on `meta` first.
        return torch.tensor(values, dtype=torch.float32, device=like.device).view(1, -1, 1, 1, 1)
