"""The transformer with random weights, and what a step of it needs."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from infinitetalk.bench.randomness import RandomBlocks, materialize
from infinitetalk.bench.settings import Settings
from infinitetalk.models.wan import Condition, WanTransformer
from infinitetalk.models.wan.conditions import branch_conditions
from infinitetalk.ops import backends
from infinitetalk.plan.cost import latent_frames
from infinitetalk.quant.linear import replace_linears
from infinitetalk.quant.schemes import SCHEMES
from infinitetalk.streaming import BlockStream
from infinitetalk.streaming.source import layout_of, tensors_of
from infinitetalk.streaming.transformer import stream_transformer
from infinitetalk.weights.store_layout import BlockLayout, is_context

BRANCHES = ("cond", "drop_text", "uncond")
PROMPT_TOKENS = 120
IMAGE_TOKENS = 257


def attention_name(settings: Settings) -> str:
    return settings.attention or backends.fastest_here(settings.device)


def empty_transformer(settings: Settings, precision: str) -> WanTransformer:
    """The network on the meta device, its block linears in the precision."""
    with torch.device("meta"):
        network = WanTransformer(settings.wan).eval().requires_grad_(False)
        if precision in SCHEMES:
            for block in network.blocks:
                names = [n for n, m in block.named_modules() if isinstance(m, nn.Linear)]
                replace_linears(block, precision, names)
    network.token_chunk = settings.token_chunk or None
    return network


def block_layouts(network: WanTransformer, settings: Settings) -> list[BlockLayout]:
    return [
        layout_of(tensors_of(block), context=is_context, dtype=settings.dtype)
        for block in network.blocks
    ]


@dataclass(frozen=True, kw_only=True)
class RandomModel:
    """A streamed transformer whose blocks come from host memory."""

    network: WanTransformer
    stream: BlockStream
    block_bytes: int


def random_model(
    settings: Settings, precision: str, *, resident: int = 0, pinned: int | None = None
) -> RandomModel:
    """`pinned` None: every block."""
    network = empty_transformer(settings, precision)
    materialize(network, device=settings.device, dtype=settings.dtype, without=network.blocks)
    layouts = block_layouts(network, settings)
    source = RandomBlocks(layouts)
    stream = stream_transformer(
        network,
        source,
        device=settings.device,
        dtype=settings.dtype,
        resident=resident,
        pinned=len(layouts) if pinned is None else pinned,
        slots=settings.slots,
        attention=backends.attention_named(attention_name(settings)),
        pin=source.pin_distinct,
    )
    return RandomModel(network=network, stream=stream, block_bytes=layouts[0].nbytes)


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """What a pass reads."""

    latents: Tensor
    y: Tensor
    conditions: list[Condition]

    def run(self, network: WanTransformer, stream: BlockStream, t: float = 700.0) -> list[Tensor]:
        return network.forward_branches(self.latents, self.y, t, self.conditions, blocks=stream)


def inputs_for(
    settings: Settings,
    network: WanTransformer,
    size: tuple[int, int],
    branches: Sequence[str] = BRANCHES[:1],
    *,
    keep: bool = False,
) -> Inputs:
    """Random latents of a chunk at `size` (H, W), and conditions of the branches."""
    wan, device = settings.wan, settings.device
    generator = torch.Generator().manual_seed(0)
    frames, rows, columns = latent_frames(settings.frames), size[0] // 8, size[1] // 8

    def drawn(*shape: int) -> Tensor:
        return torch.randn(shape, generator=generator).to(device)

    found = branch_conditions(
        network,
        branches,
        text=drawn(min(PROMPT_TOKENS, wan.text_len), wan.text_dim),
        negative_text=drawn(min(PROMPT_TOKENS, wan.text_len), wan.text_dim),
        image=drawn(IMAGE_TOKENS, wan.clip_dim),
        audio=drawn(1, settings.frames, wan.audio_window, wan.audio_blocks, wan.audio_channels),
        keep=keep,
    )
    return Inputs(
        latents=drawn(wan.out_dim, frames, rows, columns),
        y=drawn(wan.condition_channels, frames, rows, columns),
        conditions=list(found.values()),
    )
