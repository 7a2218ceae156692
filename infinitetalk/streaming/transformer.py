"""The diffusion transformer under a memory budget: streamed blocks, resting parts, branches in turn."""

from collections.abc import Callable, Iterable, Sequence

import torch
from torch import Tensor, nn

from infinitetalk.models.wan.context import Condition
from infinitetalk.models.wan.transformer import IndexedBlocks, WanTransformer
from infinitetalk.ops.attention import Attend
from infinitetalk.ops.backends import use_attention
from infinitetalk.streaming.layers import place_rest
from infinitetalk.streaming.source import BlockSource, ModuleSource
from infinitetalk.streaming.stream import BlockStream, StreamProbe
from infinitetalk.weights.store_layout import is_context

# Parts that work once per chunk, before the first step.
RESTING = ("text_embedding", "img_emb", "audio_proj")

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
) -> BlockStream:
    """Streams the network's blocks and moves the rest of it to the device.

    Without a `source` the blocks' own tensors are it, in memory or mapped. The stream is what
    `forward_branches` takes as `blocks`, again and again.
    """
    blocks = list(network.blocks)
    if attention is not None:
        for block in blocks:
            use_attention(block, attention)
    place_rest(network, network.blocks, device=device, dtype=dtype)
    return BlockStream(
        blocks,
        source or ModuleSource(blocks, context=is_context, dtype=dtype),
        device=device,
        resident=resident,
        pinned=pinned,
        slots=slots,
        probe=probe,
    )


class Resting:
    """Parts of a network that leave the device when they have done their work, and come back."""

    def __init__(self, network: nn.Module, names: Iterable[str] = RESTING) -> None:
        """The parts must be on the device now; their copies in host memory are made at once."""
        self._places: list[tuple[nn.Module, str, Tensor, torch.device]] = []
        for name in names:
            for module in network.get_submodule(name).modules():
                for local, parameter in module._parameters.items():
                    if parameter is not None:
                        value = parameter.detach()
                        self._places.append((module, local, value.cpu(), value.device))

    def rest(self) -> None:
        for module, local, host, _ in self._places:
            module._parameters[local] = nn.Parameter(host, requires_grad=False)

    def wake(self) -> None:
        for module, local, host, device in self._places:
            module._parameters[local] = nn.Parameter(host.to(device), requires_grad=False)


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
