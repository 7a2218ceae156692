"""A transformer out of a block store: everything mapped, nothing read yet."""

from dataclasses import dataclass

import torch
from torch import nn

from infinitetalk.models.wan import WanConfig, WanTransformer
from infinitetalk.quant.linear import replace_linears
from infinitetalk.quant.schemes import SCHEMES
from infinitetalk.streaming.source import BlockSource, DiskSource, ModuleSource, StoreSource
from infinitetalk.weights.store import BlockStore
from infinitetalk.weights.store_layout import is_context


@dataclass(frozen=True, kw_only=True)
class StoredTransformer:
    """The network, its tensors views of the mapped file, and the file."""

    network: WanTransformer
    store: BlockStore

    def source(self, *, unbuffered: bool = False, changed: bool = False) -> BlockSource:
        """Where its blocks come from.

        `unbuffered` reads past the page cache, for little host memory. `changed` says that blocks
        are no longer what the file holds (LoRAs were attached): then the modules themselves count.
        """
        if changed:
            return ModuleSource(list(self.network.blocks), context=is_context)
        return DiskSource(self.store) if unbuffered else StoreSource(self.store)


def open_stored(store: BlockStore, base: WanConfig | None = None) -> StoredTransformer:
    """The network of a store, on the CPU; `base` gives what shapes don't tell (see `from_shapes`)."""
    tensors = store.tensors()
    shapes = {
        f"{name.removesuffix('.data')}.weight" if name.endswith(".data") else name: tuple(t.shape)
        for name, t in tensors.items()
    }
    with torch.device("meta"):
        network = WanTransformer(WanConfig.from_shapes(shapes, base))
        if store.facts.precision in SCHEMES:
            for block in network.blocks:
                names = [n for n, m in block.named_modules() if isinstance(m, nn.Linear)]
                replace_linears(block, store.facts.precision, names)
    network.load_state_dict(tensors, strict=True, assign=True)
    return StoredTransformer(network=network.eval().requires_grad_(False), store=store)
