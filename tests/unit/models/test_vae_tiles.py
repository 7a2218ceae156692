"""Tiles equal the whole where they must, and differ by less than a gray level elsewhere."""

import itertools

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from infinitetalk import paths
from infinitetalk.models.vae import VaeConfig, WanVae
from infinitetalk.models.vae.tiles import (
    TiledVae,
    blend_weights,
    spans,
)
from infinitetalk.weights.tensors import open_state

GRAY_LEVEL = 2 / 255  # of pixels in -1..1

TINY = VaeConfig(
    encoder_stem=4,
    encoder_widths=(4, 6, 8, 8),
    encoder_blocks=1,
    decoder_stem=8,
    decoder_widths=(8, 8, 6, 4),
    decoder_blocks=1,
)


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 200), st.integers(2, 64), st.integers(0, 63), st.sampled_from([1, 8]))
def test_shares_of_tiles_add_up_to_one(length: int, tile: int, overlap: int, scale: int) -> None:
    overlap = min(overlap, tile - 1)
    places = spans(length, tile, overlap)
    assert places[0].start == 0
    assert places[-1].end == length
    assert all(a.end - b.start >= overlap for a, b in itertools.pairwise(places))
    assert all(p.end - p.start == min(tile, length) for p in places)
    total = torch.zeros(length * scale)
    for place, share in zip(places, blend_weights(places, length, scale), strict=True):
        total[place.start * scale : place.end * scale] += share
    if overlap:
        torch.testing.assert_close(total, torch.ones(length * scale))


def test_the_edge_of_a_tile_inside_the_picture_counts_nothing() -> None:
    places = spans(16, 12, 8)
    first, last = blend_weights(places, 16, 8)
    assert first[-16:].abs().max() == last[:16].abs().max() == 0
    assert first[0] == last[-1] == 1


def smooth(*shape: int) -> Tensor:
    torch.manual_seed(0)
    small = torch.randn(*shape[:-2], shape[-2] // 16 + 1, shape[-1] // 16 + 1)
    return F.interpolate(small, size=shape[-2:], mode="bilinear").clamp(-1, 1)


@pytest.fixture
def vae() -> WanVae:
    torch.manual_seed(0)
    return WanVae(TINY).eval()


def test_whole_frames_are_the_plain_path(vae: WanVae) -> None:
    pixels = smooth(3, 5, 48, 64)
    latents = vae.encode(pixels)
    assert torch.equal(TiledVae(vae).encode(pixels), latents)
    assert torch.equal(TiledVae(vae).decode(latents), vae.decode(latents))
    assert torch.equal(TiledVae(vae, tile=256).decode(latents), vae.decode(latents))


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_tiles_are_seamless(vae: WanVae, dtype: torch.dtype) -> None:
    pixels = smooth(3, 5, 160, 224)
    latents = vae.encode(pixels)
    expected = vae.decode(latents)
    tiled = TiledVae(vae.to(dtype), tile=128)
    difference = (tiled.decode(latents) - expected).abs()
    assert 0 < difference.mean() < GRAY_LEVEL
    spread = latents.std()
    assert (tiled.encode(pixels) - latents).abs().mean() < 0.02 * spread


def miniature_vae() -> WanVae:
    file = next(paths.miniature_folder().rglob("Wan2.1_VAE.*"), None)
    if file is None:
        pytest.skip("the trained miniature is not there")
    state = open_state([file])
    vae = WanVae(VaeConfig.from_shapes({name: state.shape(name) for name in state})).eval()
    vae.load_state_dict({name: state.read(name, torch.float32).clone() for name in state})
    return vae


def portrait(frames: int, height: int, width: int) -> Tensor:
    """A sample face that slides to the right, [3, F, H, W] in -1..1."""
    from PIL import Image

    picture = Image.open(paths.resources_folder() / "samples" / "mira.png").convert("RGB")
    wide = picture.resize((width + 4 * frames, height))
    pixels = torch.from_numpy(np.array(wide)).permute(2, 0, 1).float() / 127.5 - 1
    return torch.stack([pixels[:, :, 4 * f : 4 * f + width] for f in range(frames)], dim=1)


@pytest.mark.parametrize("tile", [96, 128])
def test_tiles_of_the_trained_miniature_are_seamless(tile: int) -> None:
    vae = miniature_vae()
    pixels = portrait(5, 192, 224)
    latents = vae.encode(pixels)
    tiled = TiledVae(vae, tile=tile)
    assert (tiled.decode(latents) - vae.decode(latents)).abs().mean() < GRAY_LEVEL
    # What encoding in tiles changes is invisible too.
    again = vae.decode(tiled.encode(pixels))
    assert (again - vae.decode(latents)).abs().mean() < GRAY_LEVEL


def test_sizes_off_the_stride_are_refused(vae: WanVae) -> None:
    with pytest.raises(ValueError, match="multiples of 8"):
        TiledVae(vae, tile=100)
