"""Predicted bytes against those that are alive in the networks themselves, counted without a GPU.

The published sizes run on tensors without content; a mode counts the bytes of living storages.
"""

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import Tensor
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.multiprocessing.reductions import StorageWeakRef
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from infinitetalk.models.vae.config import VaeConfig
from infinitetalk.models.vae.tiles import TiledVae
from infinitetalk.models.vae.vae import WanVae
from infinitetalk.models.wan.config import WanConfig
from infinitetalk.models.wan.transformer import WanTransformer
from infinitetalk.ops import channels
from infinitetalk.plan.cost import latent_frames
from infinitetalk.plan.memory import (
    VAE_WORKSPACE,
    choose_vae_tile,
    transformer_bytes,
    vae_bytes,
)

BRANCHES = ("cond", "drop_text", "uncond")


class LivingBytes(TorchDispatchMode):
    """The most bytes alive at once in tensors made inside, weights left out."""

    def __init__(self, weights: Iterable[Tensor]) -> None:
        super().__init__()
        self._weights = {tensor.untyped_storage()._cdata for tensor in weights}
        self._alive: dict[int, tuple[StorageWeakRef, int]] = {}
        self.peak = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None) -> Any:
        result = func(*args, **(kwargs or {}))
        for leaf in tree_leaves(result):
            if isinstance(leaf, Tensor):
                storage = leaf.untyped_storage()
                if storage._cdata not in self._weights:
                    self._alive[storage._cdata] = StorageWeakRef(storage), storage.nbytes()
        self._alive = {k: v for k, v in self._alive.items() if not v[0].expired()}
        self.peak = max(self.peak, sum(size for _, size in self._alive.values()))
        return result


def bf16(make) -> Any:
    torch.set_default_dtype(torch.bfloat16)
    try:
        return make()
    finally:
        torch.set_default_dtype(torch.float32)


def counted_transformer(size, frames: int, branches: int, token_chunk: int) -> int:
    """Bytes alive at the peak of one step, keys and values not kept."""
    with FakeTensorMode(allow_non_fake_inputs=True), torch.no_grad():
        network = bf16(lambda: WanTransformer(WanConfig(num_layers=2)))
        network.token_chunk = token_chunk or None
        for block in network.blocks:
            for part in (block.self_attn, block.cross_attn, block.audio_cross_attn):
                part.attention = lambda q, k, v: torch.empty_like(q)
        count, rows, columns = latent_frames(frames), size[0] // 8, size[1] // 8
        texts = [network.text_context(torch.empty(512, 4096)) for _ in range(2)]
        image = network.image_context(torch.empty(257, 1280))
        audios = [network.audio_context(torch.empty(1, frames, 5, 12, 768)) for _ in range(2)]
        pairs = [(0, 0), (1, 0), (1, 1)][:branches]
        conditions = [
            network.condition(text=texts[t], image=image, audio=audios[a]) for t, a in pairs
        ]
        latents = torch.empty(16, count, rows, columns)
        y = torch.empty(20, count, rows, columns)
        with LivingBytes(network.parameters()) as counter:
            network.forward_branches(latents, y, 500.0, conditions)
    return counter.peak


@pytest.mark.parametrize(("branches", "token_chunk"), [(1, 0), (3, 0), (2, 4096)])
def test_transformer(branches: int, token_chunk: int, weights) -> None:
    size, frames = (640, 640), 81
    need = transformer_bytes(
        weights,
        size,
        frames,
        branches=BRANCHES[:branches],
        speakers=1,
        precision="bf16",
        dtype="bfloat16",
        token_chunk=token_chunk,
        teacache=False,
    )
    found = counted_transformer(size, frames, branches, token_chunk)
    assert need.activations + need.latents == pytest.approx(found, rel=0.05)


@pytest.mark.parametrize("tile", [0, 256])
def test_vae(tile: int, weights, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a card: channels last, norms in one kernel, no piece like the one before."""
    kernels = SimpleNamespace(norm_channels=lambda *_arguments, **_words: None)
    monkeypatch.setattr(channels, "kernels_for", lambda _x: kernels)
    monkeypatch.setattr(torch, "equal", lambda _a, _b: False)
    size, frames = (320, 320), 13
    with FakeTensorMode(allow_non_fake_inputs=True), torch.no_grad():
        network = bf16(lambda: WanVae(VaeConfig()))
        network.put_channels_last()
        tiled = TiledVae(network, tile=tile)
        with LivingBytes(network.parameters()) as encoding:
            tiled.encode(torch.empty(3, frames, *size))
        with LivingBytes(network.parameters()) as decoding:
            tiled.decode(torch.empty(16, latent_frames(frames), size[0] // 8, size[1] // 8))
    pixels = 3 * frames * size[0] * size[1] * 4  # lie in RAM: given to one, result of the other
    # What convolutions work in and the allocator rounds up is not counted here.
    own = weights.vae_parameters * 2 + VAE_WORKSPACE
    encode, decode = vae_bytes(weights, size, frames, dtype="bfloat16", tile=tile)
    assert encode - own == pytest.approx(encoding.peak - pixels, rel=0.1)
    assert decode - own == pytest.approx(decoding.peak - pixels, rel=0.1)


def test_tiles_shrink_with_the_budget(weights) -> None:
    found = [
        choose_vae_tile(weights, (640, 640), 81, dtype="bfloat16", budget=mib * 2**20)
        for mib in (8000, 1700, 900, 650)
    ]
    assert found[0] == 0
    assert found[1:] == sorted(found[1:], reverse=True)
    assert len(set(found)) == 4
