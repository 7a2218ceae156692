"""The transformer of a model folder: base, audio adapter, precision and LoRAs put together."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from infinitetalk.errors import EngineError
from infinitetalk.models.wan.config import WanConfig
from infinitetalk.models.wan.transformer import WanTransformer
from infinitetalk.ops.backends import DEFAULT as DEFAULT_ATTENTION
from infinitetalk.ops.backends import attention_named, use_attention
from infinitetalk.plan import Plan
from infinitetalk.quant.linear import replace_linears
from infinitetalk.request import Lora
from infinitetalk.streaming.stored import open_stored
from infinitetalk.streaming.stream import BlockStream
from infinitetalk.streaming.transformer import stream_transformer
from infinitetalk.weights.choice import TransformerChoice, choose_transformer, network_config
from infinitetalk.weights.folder import ModelFiles
from infinitetalk.weights.identity import identity_of
from infinitetalk.weights.load import load_into
from infinitetalk.weights.lora import read_lora
from infinitetalk.weights.merge import ScaledLora, merge
from infinitetalk.weights.quanto import quantized_layers
from infinitetalk.weights.side_branch import attach
from infinitetalk.weights.store import BlockStore
from infinitetalk.weights.tensors import State

DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}
EIGHT_BIT = ("fp8", "int8")
CACHED_SHARE = 0.8  # of the memory that is available, for pages of the weights file


@dataclass(frozen=True, kw_only=True)
class LoadedTransformer:
    """A transformer ready to run, and what its LoRAs were."""

    network: WanTransformer
    blocks: BlockStream | None  # None: they stay where they compute
    lora_identities: tuple[str, ...]
    lora_notices: tuple[str, ...]


def load_transformer(
    files: ModelFiles, plan: Plan, *, speakers: int, loras: Sequence[Lora] = ()
) -> LoadedTransformer:
    """The transformer in the plan's precision, on the plan's device.

    LoRAs are merged in float32 before anything is rounded, or run beside the layers. Linears of the blocks are quantized one at a time.
    """
    choice = choose_transformer(files, speakers=speakers, precision=plan.precision)
    # On the CPU the original files are rounded less than a store, and nothing is streamed.
    if plan.device != "cpu" and not loras:
        store = matching_store(files, plan, choice)
        if store is not None:
            return transformer_from_store(store, files, plan, choice)
    opened = choice.state()
    stored = quantized_layers(opened)
    state: State = opened
    shapes = {name: state.shape(name) for name in state}
    read = [ScaledLora(lora=read_lora(item.path, shapes), scale=item.scale) for item in loras]
    on_card = plan.device != "cpu"
    quantizing = plan.precision in EIGHT_BIT and not stored
    # Merged weights take memory of their own: 37 GB for a streamed bf16 model, whose blocks would
    # else stay mapped. There, and on weights that are 8 bits already, LoRAs run beside the layers.
    beside = bool(stored) or (on_card and not quantizing)
    if read and not beside:
        state = merge(state, read)
    with torch.device("meta"):
        network = WanTransformer(WanConfig.from_json(network_config(files, choice)))
    for name, scheme in stored.items():
        replace_linears(network, scheme, [name])
    if quantizing:
        replace_linears(network, plan.precision, lambda name: name.startswith("blocks."))
    dtype = DTYPES[plan.dtype]
    held = torch.bfloat16 if plan.precision == "bf16" else dtype
    # For a card the weights stay mapped: the stream brings in what is used.
    load_into(network, state, dtype=None if on_card else held, what="transformer")
    if not on_card and held != dtype:
        network.to(dtype)  # held as bf16 numbers, computed in what the CPU does well
    if read and beside:
        attach(network, read)
    blocks = None
    if on_card:
        blocks = stream_transformer(
            network,
            device=plan.device,
            dtype=dtype,
            resident=plan.resident_blocks,
            pinned=_pinned_blocks(plan, network),
            attention=attention_named(plan.attention),
        )
    elif plan.attention != DEFAULT_ATTENTION:
        use_attention(network, attention_named(plan.attention))
    network.token_chunk = plan.token_chunk or None
    return LoadedTransformer(
        network=network.eval(),
        blocks=blocks,
        lora_identities=tuple(item.lora.identity for item in read),
        lora_notices=tuple(line for item in read for line in item.lora.notices()),
    )


def matching_store(files: ModelFiles, plan: Plan, choice: TransformerChoice) -> BlockStore | None:
    """The imported file of exactly these weights in the plan's precision, if there is one."""
    headers = [h for part in choice.parts if part.layout is not None for h in part.layout.headers]
    identity = identity_of(headers, {})
    for part in files.all("store"):
        try:
            store = BlockStore(part.report.path)
        except EngineError:
            continue  # the original files are there all the same
        if (store.facts.precision, store.facts.identity) == (plan.precision, identity):
            return store
    return None


def transformer_from_store(
    store: BlockStore, files: ModelFiles, plan: Plan, choice: TransformerChoice
) -> LoadedTransformer:
    """The same transformer out of its store: nothing is converted, blocks are read as they lie."""
    opened = open_stored(store, WanConfig.from_json(network_config(files, choice)))
    network, dtype = opened.network, DTYPES[plan.dtype]
    blocks = None
    if plan.device != "cpu":
        pinned = _pinned_blocks(plan, network)
        rest = len(network.blocks) - plan.resident_blocks - pinned
        size = store.layouts[0].nbytes
        blocks = stream_transformer(
            network,
            opened.source(unbuffered=exceeds_memory(rest * size, besides=pinned * size)),
            device=plan.device,
            dtype=dtype,
            resident=plan.resident_blocks,
            pinned=pinned,
            attention=attention_named(plan.attention),
        )
    else:
        network.to(dtype)
        if plan.attention != DEFAULT_ATTENTION:
            use_attention(network, attention_named(plan.attention))
    network.token_chunk = plan.token_chunk or None
    return LoadedTransformer(network=network, blocks=blocks, lora_identities=(), lora_notices=())


def exceeds_memory(nbytes: int, *, besides: int) -> bool:
    """Whether so much, read again and again in the same order, would always miss the page cache.

    Then it is read past it, which leaves host memory to others. `besides` is about to be taken too.
    """
    import psutil

    return nbytes > CACHED_SHARE * (psutil.virtual_memory().available - besides)


def _pinned_blocks(plan: Plan, network: WanTransformer) -> int:
    """How many of the streamed blocks the plan holds in page-locked memory."""
    parameters = sum(p.numel() for p in network.blocks[0].parameters())
    size = parameters * (1 if plan.precision in EIGHT_BIT else DTYPES[plan.dtype].itemsize)
    streamed = len(network.blocks) - plan.resident_blocks
    return min(streamed, plan.pinned_bytes // max(1, size))
