"""The VAE on tiny sizes: streamed equals whole, and any layout of widths works."""

from dataclasses import replace
from itertools import pairwise

import pytest
import torch

from infinitetalk.models.vae import FeatureMemory, VaeConfig, WanVae

SMALL = VaeConfig.from_json({"dim": 4, "z_dim": 6, "dim_mult": [1, 2, 2, 2], "num_res_blocks": 1})
UNEVEN = VaeConfig(
    encoder_stem=4,
    encoder_widths=(4, 6),
    encoder_blocks=1,
    decoder_stem=12,
    decoder_widths=(10, 8),
    decoder_blocks=2,
    latent_channels=5,
    time_stages=(True,),
    mean=(0.1, -0.2, 0.3, 0.0, 1.0),
    std=(1.0, 2.0, 0.5, 3.0, 1.5),
)


@pytest.fixture(autouse=True)
def _seeded() -> None:
    torch.manual_seed(1)


@pytest.fixture(params=[SMALL, UNEVEN], ids=["published layout", "uneven"])
def vae(request: pytest.FixtureRequest) -> WanVae:
    return WanVae(request.param).eval()


@pytest.mark.parametrize("latent_frames", [1, 2, 3, 5])
def test_pieces_equal_the_whole_clip(vae: WanVae, latent_frames: int) -> None:
    config = vae.config
    frames = 1 + config.time_stride * (latent_frames - 1)
    pixels = torch.rand(3, frames, 16, 24) * 2 - 1
    latents = vae.encode(pixels)
    side = config.space_stride
    assert latents.shape == (config.latent_channels, latent_frames, 16 // side, 24 // side)
    mean, log_variance = vae.moments(pixels[None])
    assert mean.shape == log_variance.shape
    torch.testing.assert_close(vae.normalize(mean)[0], latents, rtol=1e-4, atol=1e-5)
    decoded = vae.decode(latents)
    assert decoded.shape == pixels.shape
    whole = vae.reconstruct(vae.denormalize(latents[None]))[0].clamp(-1, 1)
    torch.testing.assert_close(whole, decoded, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("cuts", [(0, 1, 5), (0, 2, 3, 5), (0, 3, 5), (0, 4, 5)])
def test_pieces_of_any_length_equal_the_whole(vae: WanVae, cuts: tuple[int, ...]) -> None:
    raw = torch.randn(2, vae.config.latent_channels, 5, 3, 2)
    whole = vae.reconstruct(raw)
    memory = FeatureMemory()
    pieces = [vae.reconstruct(raw[:, :, a:b], memory) for a, b in pairwise(cuts)]
    torch.testing.assert_close(torch.cat(pieces, dim=2), whole, rtol=1e-4, atol=1e-5)
    assert memory.nbytes > 0


def test_pieces_come_one_then_four_at_a_time() -> None:
    vae = WanVae(SMALL)
    pieces = list(vae.decode_pieces(torch.randn(6, 3, 1, 1)))
    assert [piece.shape for piece in pieces] == [(3, 1, 8, 8), (3, 4, 8, 8), (3, 4, 8, 8)]
    assert all(piece.dtype == torch.float32 for piece in pieces)


def test_a_pass_that_is_broken_off_leaves_nothing_behind(vae: WanVae) -> None:
    latents = torch.randn(vae.config.latent_channels, 3, 2, 2)
    plain = vae.decode(latents)
    broken = vae.decode_pieces(torch.randn_like(latents))
    next(broken)
    next(broken)
    grad_mode = torch.is_grad_enabled()
    assert grad_mode  # a suspended generator must not switch autograd off for others
    assert torch.equal(vae.decode(latents), plain)


def test_the_past_matters_and_the_future_does_not(vae: WanVae) -> None:
    latents = torch.randn(vae.config.latent_channels, 4, 2, 2)
    other = latents.clone()
    other[:, 2] += 1
    stride = vae.config.time_stride
    a, b = vae.decode(latents), vae.decode(other)
    unchanged = 1 + stride  # frames of the first two latent frames
    assert torch.equal(a[:, :unchanged], b[:, :unchanged])
    assert not torch.equal(a[:, unchanged:], b[:, unchanged:])


def test_surplus_frames_are_ignored() -> None:
    vae = WanVae(SMALL)
    pixels = torch.rand(3, 8, 16, 16)
    assert torch.equal(vae.encode(pixels), vae.encode(pixels[:, :5]))


def test_output_is_clamped() -> None:
    vae = WanVae(SMALL)
    torch.nn.init.constant_(vae.decoder.head["2"].bias, 3.0)  # type: ignore[arg-type]
    assert vae.decode(torch.randn(6, 1, 1, 1)).max().item() == 1.0


def test_normalization_goes_both_ways(vae: WanVae) -> None:
    raw = torch.randn(2, vae.config.latent_channels, 2, 3, 3)
    torch.testing.assert_close(vae.denormalize(vae.normalize(raw)), raw)


def test_every_weight_gets_a_gradient(vae: WanVae) -> None:
    pixels = torch.rand(2, 3, 1 + 2 * vae.config.time_stride, 8, 16)
    mean, log_variance = vae.moments(pixels)
    loss = (vae.reconstruct(mean) - pixels).square().mean() + log_variance.square().mean()
    loss.backward()
    for name, parameter in vae.named_parameters():
        assert parameter.grad is not None, name
        assert parameter.grad.isfinite().all(), name
    dead = {n for n, p in vae.named_parameters() if p.grad is not None and not p.grad.any()}
    assert not {name for name in dead if "to_qkv" not in name}  # 1 x 2 cells hardly attend


def test_bfloat16_runs_and_stays_near(vae: WanVae) -> None:
    latents = torch.randn(vae.config.latent_channels, 3, 2, 3)
    plain = vae.decode(latents)
    found = vae.to(torch.bfloat16).decode(latents)
    assert found.dtype == torch.float32
    assert (found - plain).abs().mean() < 0.02 * plain.abs().mean() + 0.01


@pytest.mark.parametrize("config", [VaeConfig(), SMALL, UNEVEN])
def test_config_from_shapes(config: VaeConfig) -> None:
    with torch.device("meta"):
        state = WanVae(config).state_dict()
    read = VaeConfig.from_shapes({name: tuple(t.shape) for name, t in state.items()})
    assert replace(read, mean=config.mean, std=config.std) == config
    with pytest.raises(ValueError, match=r"conv2\.weight"):
        VaeConfig.from_shapes({n: t.shape for n, t in state.items() if n != "conv2.weight"})


def test_published_size() -> None:
    with torch.device("meta"):
        vae = WanVae(VaeConfig())
    assert sum(p.numel() for p in vae.parameters()) == 126_892_531
    assert len(vae.state_dict()) == 194


def test_gray_that_goes_on_is_encoded_once(vae: WanVae, monkeypatch: pytest.MonkeyPatch) -> None:
    pixels = torch.zeros(3, 1 + 4 * 24, 16, 24)
    pixels[:, 0] = torch.rand(3, 16, 24) * 2 - 1
    pixels[:, -6:] = 0.5  # and then something else comes
    calls = 0
    first = vae.encoder.conv1
    usual = type(first).forward

    def counted(self: object, *args: object) -> torch.Tensor:
        nonlocal calls
        calls += self is first
        return usual(self, *args)  # type: ignore[arg-type]  # the method's own arguments

    monkeypatch.setattr(type(first), "forward", counted)
    found = vae.encode(pixels)
    assert 5 < calls < 14, "most of 25 pieces are known"
    monkeypatch.undo()
    moments = vae.moments(pixels[None])[0]
    torch.testing.assert_close(found, vae.normalize(moments)[0], rtol=1e-4, atol=1e-5)
    monkeypatch.setattr(FeatureMemory, "unless_settled", lambda _self, _s, _p, _n, run: run())
    assert torch.equal(found, vae.encode(pixels)), "bit for bit what running every stage gives"


@torch.no_grad()
def test_the_order_in_memory_changes_nothing(vae: WanVae) -> None:
    pixels = torch.rand(3, 9, 16, 24) * 2 - 1
    latents = vae.encode(pixels)
    decoded = vae.decode(latents)
    vae.put_channels_last()
    torch.testing.assert_close(vae.encode(pixels), latents, rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(vae.decode(latents), decoded, rtol=1e-4, atol=1e-5)


@pytest.mark.gpu
@torch.no_grad()
def test_a_card_encodes_and_decodes_the_same(vae: WanVae) -> None:
    pixels = torch.rand(3, 13, 32, 48) * 2 - 1
    latents = vae.encode(pixels)
    decoded = vae.decode(latents)
    vae.cuda().put_channels_last()
    order = torch.channels_last_3d
    hidden = vae.encoder.conv1(torch.zeros(1, 3, 4, 32, 48, device="cuda"), None)
    assert hidden.is_contiguous(memory_format=order)
    torch.testing.assert_close(vae.encode(pixels).cpu(), latents, rtol=1e-2, atol=1e-2)
    torch.testing.assert_close(vae.decode(latents.cuda()).cpu(), decoded, rtol=1e-2, atol=1e-2)
