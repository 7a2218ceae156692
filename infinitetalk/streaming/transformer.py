"""The diffusion transformer under a memory budget: streamed blocks, visiting parts, branches in turn."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from infinitetalk.models.wan.context import Condition
from infinitetalk.models.wan.transformer import IndexedBlocks, WanTransformer
from infinitetalk.ops.attention import Attend
from infinitetalk.ops.backends import use_attention
from infinitetalk.quant.activations import join_activations
from infinitetalk.streaming.host import PinBlocks, pin_each
from infinitetalk.streaming.rest import place_rest
from infinitetalk.streaming.source import BlockSource, ModuleSource
from infinitetalk.streaming.stream import BlockStream, StreamProbe
from infinitetalk.streaming.visiting import Visitor
from infinitetalk.weights.store_layout import is_context

# Parts that work once per chunk or before the blocks of a step: nearly all of what is no block.
VISITING = ("text_embedding", "img_emb", "audio_proj", "time_embedding", "time_projection")

ForwardBranches = Callable[..., list[Tensor]]


def stream_transformer(
    network: WanTransformer,
    source: BlockSource | None = None,
    *,
    device: torch.device | str,
    dtype: torch.dtype,
    resident: int = 0,
    pinned: int = 0,
    slots: int = 2,
    attention: Attend | None = None,
    probe: StreamProbe | None = None,
    visiting: bool | None = None,
    pin: PinBlocks = pin_each,
) -> BlockStream:
    """Streams the network's blocks and moves the rest of it to the device.

    Without a `source` the blocks' own tensors are it, in memory or mapped. The stream is what
    `forward_branches` takes as `blocks`, again and again. `visiting` (by default where the device
    is a GPU): parts outside the blocks stay in host memory and come for each call, which costs a
    pass about 6 ms and spares 0.6 GB; closing the stream ends that.
    """
    join_activations(network.blocks)
    blocks = list(network.blocks)
    if attention is not None:
        for block in blocks:
            use_attention(block, attention)
    if visiting is None:
        visiting = torch.device(device).type == "cuda"
    visitors = [
        Visitor(network.get_submodule(name), device=device, dtype=dtype)
        for name in VISITING
        if visiting
    ]
    place_rest(network, network.blocks, *visitors, device=device, dtype=dtype)
    return BlockStream(
        blocks,
        source or ModuleSource(blocks, context=is_context, dtype=dtype),
        device=device,
        resident=resident,
        pinned=pinned,
        slots=slots,
        probe=probe,
        companions=visitors,
        pin=pin,
    )


def one_by_one(forward_branches: ForwardBranches) -> ForwardBranches:
    """`forward_branches` that takes each branch through all blocks before the next.

    Blocks are brought in once per branch instead of once per step, and only one branch's tokens are
    alive: where a pass computes much longer than its blocks travel, that costs nothing. `blocks`
    must be iterable several times, as a `BlockStream` is.
    """

    def run(
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
        found: list[Tensor] = []
        kept: list[Tensor] = []
        for number, condition in enumerate(conditions):
            own = None if residuals is None else (residuals[number : number + 1] if reuse else [])
            found += forward_branches(
                latents,
                y,
                t,
                [condition],
                blocks=blocks,
                residuals=own,
                reuse=reuse,
                check_cancel=check_cancel,
            )
            kept += own or []
        if residuals is not None and not reuse:
            residuals[:] = kept
        return found

    return run
