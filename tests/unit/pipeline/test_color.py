"""Color match: frames get the reference's colors, flat ones are left in peace."""

import colorsys

import pytest
import torch
from torch import Tensor

from infinitetalk.pipeline import color
from infinitetalk.pipeline.color import lab_to_rgb, match_colors, rgb_to_lab


def lab_statistics(pictures: Tensor) -> tuple[Tensor, Tensor]:
    lab = rgb_to_lab((pictures.double() + 1) / 2)
    return lab.mean(dim=(2, 3)), lab.std(dim=(2, 3), correction=0)


@pytest.fixture
def reference() -> Tensor:
    torch.manual_seed(9)
    return torch.rand(3, 20, 28) * 0.8 - 0.4


@pytest.fixture
def frames() -> Tensor:
    torch.manual_seed(10)
    return torch.rand(3, 5, 20, 28) * 0.5 - 0.4 + torch.tensor([0.2, 0.0, 0.1])[:, None, None, None]


@pytest.mark.parametrize(
    ("rgb", "lab"),
    [
        ((1, 1, 1), (100, 0, 0)),
        ((0, 0, 0), (0, 0, 0)),
        ((1, 0, 0), (53.24, 80.09, 67.20)),
        ((0, 1, 0), (87.73, -86.18, 83.18)),
        ((0, 0, 1), (32.30, 79.19, -107.86)),
        ((0.5, 0.5, 0.5), (53.39, 0, 0)),
    ],
)
def test_known_colors(rgb: tuple[float, ...], lab: tuple[float, ...]) -> None:
    found = rgb_to_lab(torch.tensor(rgb, dtype=torch.float64).reshape(3, 1, 1))
    torch.testing.assert_close(
        found.flatten(), torch.tensor(lab, dtype=torch.float64), atol=0.02, rtol=0
    )


def test_there_and_back() -> None:
    hues = torch.tensor(
        [
            colorsys.hsv_to_rgb(h / 50, s, v)
            for h in range(50)
            for s, v in ((1, 1), (0.3, 0.02), (0.5, 0.6))
        ]
    ).T
    torch.testing.assert_close(lab_to_rgb(rgb_to_lab(hues)), hues, atol=2e-4, rtol=0)


def test_every_frame_gets_the_statistics_of_the_reference(
    frames: Tensor, reference: Tensor
) -> None:
    matched = match_colors(frames, reference, 1.0)
    mean, std = lab_statistics(matched)
    target_mean, target_std = lab_statistics(reference[:, None])
    torch.testing.assert_close(mean, target_mean.expand_as(mean), atol=0.6, rtol=0.02)
    torch.testing.assert_close(std, target_std.expand_as(std), atol=0.6, rtol=0.05)


def test_strength_mixes(frames: Tensor, reference: Tensor) -> None:
    assert torch.equal(match_colors(frames, reference, 0.0), frames)
    half = match_colors(frames, reference, 0.5)
    whole = match_colors(frames, reference, 1.0)
    torch.testing.assert_close(half, (frames + whole) / 2, atol=1e-5, rtol=0)


def test_groups_of_frames_make_no_difference(
    frames: Tensor, reference: Tensor, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = match_colors(frames, reference)
    monkeypatch.setattr(color, "GROUP_PIXELS_CPU", 2 * 20 * 28)
    torch.testing.assert_close(match_colors(frames, reference), expected, atol=1e-6, rtol=0)


@pytest.mark.parametrize("level", [-1.0, -0.31, 0.0, 0.77])
def test_a_flat_frame_takes_the_mean_and_stays_flat(reference: Tensor, level: float) -> None:
    flat = torch.full((3, 1, 20, 28), level)
    flat += torch.linspace(0, 3e-7, 20 * 28).reshape(1, 1, 20, 28)  # rounding noise of a decoder
    matched = match_colors(flat, reference)
    assert matched.std(dim=(2, 3)).max() < 1e-3
    mean, _ = lab_statistics(matched)
    target, _ = lab_statistics(reference[:, None])
    torch.testing.assert_close(mean, target, atol=0.1, rtol=0)


def test_a_nearly_flat_frame_is_not_stretched_without_end(reference: Tensor) -> None:
    torch.manual_seed(11)
    dim = torch.full((3, 1, 20, 28), 0.1) + 2e-3 * torch.randn(1, 1, 20, 28)
    guarded = match_colors(dim, reference)
    unguarded = match_colors(dim, reference, guard_flat=False)
    assert guarded.std() < 0.6 * unguarded.std()


def test_exactly_black_stays_finite(reference: Tensor) -> None:
    black = torch.full((3, 2, 20, 28), -1.0)
    for guard in (True, False):
        assert torch.isfinite(match_colors(black, reference, guard_flat=guard)).all()
        assert torch.isfinite(match_colors(black, black[:, 0], guard_flat=guard)).all()


def test_half_precision_frames_keep_their_type(frames: Tensor, reference: Tensor) -> None:
    matched = match_colors(frames.bfloat16(), reference.bfloat16())
    assert matched.dtype == torch.bfloat16
    torch.testing.assert_close(matched.float(), match_colors(frames, reference), atol=0.03, rtol=0)
