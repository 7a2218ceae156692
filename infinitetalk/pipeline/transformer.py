"""The transformer of a model folder: base, audio adapter, precision and LoRAs put together."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import torch

from infinitetalk.models.wan.config import WanConfig
from infinitetalk.models.wan.transformer import IndexedBlocks, WanTransformer
from infinitetalk.plan import Plan
from infinitetalk.quant.linear import replace_linears
from infinitetalk.request import Lora
from infinitetalk.weights.choice import choose_transformer, network_config
from infinitetalk.weights.folder import ModelFiles
from infinitetalk.weights.load import load_into
from infinitetalk.weights.lora import read_lora
from infinitetalk.weights.merge import ScaledLora, merge
from infinitetalk.weights.quanto import quantized_layers
from infinitetalk.weights.side_branch import attach
from infinitetalk.weights.tensors import State

DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}
EIGHT_BIT = ("fp8", "int8")


class BlockSource(Protocol):
    """Streamed blocks of a transformer: asked once per pass (see `streaming`)."""

    def __call__(self) -> IndexedBlocks: ...

    def close(self) -> None: ...


@dataclass(frozen=True, kw_only=True)
class LoadedTransformer:
    """A transformer ready to run, and what its LoRAs were."""

    network: WanTransformer
    blocks: BlockSource | None
    lora_identities: tuple[str, ...]
    lora_notices: tuple[str, ...]


def load_transformer(
    files: ModelFiles, plan: Plan, *, speakers: int, loras: Sequence[Lora] = ()
) -> LoadedTransformer:
    """The transformer in the plan's precision, on the plan's device.

    On plain weights LoRAs are merged in float32 before anything is rounded; on weights stored in
    8 bits they run beside the layers. Linears of the blocks are quantized one at a time.
    """
    choice = choose_transformer(files, speakers=speakers, precision=plan.precision)
    opened = choice.state()
    stored = quantized_layers(opened)
    state: State = opened
    shapes = {name: state.shape(name) for name in state}
    read = [ScaledLora(lora=read_lora(item.path, shapes), scale=item.scale) for item in loras]
    if read and not stored:
        state = merge(state, read)
    with torch.device("meta"):
        network = WanTransformer(WanConfig.from_json(network_config(files, choice)))
    for name, scheme in stored.items():
        replace_linears(network, scheme, [name])
    if plan.precision in EIGHT_BIT and not stored:
        replace_linears(network, plan.precision, lambda name: name.startswith("blocks."))
    held = torch.bfloat16 if plan.precision == "bf16" else DTYPES[plan.dtype]
    device = plan.device if plan.device != "cpu" else None
    load_into(network, state, dtype=held, device=device, what="transformer")
    if held != DTYPES[plan.dtype]:
        network.to(DTYPES[plan.dtype])  # held as bf16 numbers, computed in what the CPU does well
    if read and stored:
        attach(network, read)
    network.token_chunk = plan.token_chunk or None
    return LoadedTransformer(
        network=network.eval(),
        blocks=None,
        lora_identities=tuple(item.lora.identity for item in read),
        lora_notices=tuple(line for item in read for line in item.lora.notices()),
    )
