import pytest
import torch

from infinitetalk.ops.speakers import speaker_map, speaker_positions, token_masks

RANGES = {"class_range": 24, "class_interval": 4}


def test_map_equals_the_written_out_matrix() -> None:
    q, k = torch.randn(1, 12, 3, 8), torch.randn(1, 12, 3, 8)
    masks = torch.tensor([[[1, 0, 0, 1], [0, 1, 0, 0], [0, 0, 1, 0]]]) > 0
    scores = torch.einsum("bsnd,bknd->bnsk", q, k[:, :4]) / 8**0.5
    weights = scores.softmax(-1)
    expected = torch.stack(
        [
            (weights * masks[:, c, None, None, :]).sum(-1).mean(1) / masks[0, c].sum()
            for c in range(3)
        ],
        1,
    )
    torch.testing.assert_close(speaker_map(q, k, masks), expected)
    torch.testing.assert_close(speaker_map(q, k, masks, chunk=5), expected)


def test_positions_lie_in_their_ranges() -> None:
    maps = torch.tensor([[[0.9, 0.1, 0.2, 0.5], [0.1, 0.8, 0.2, 0.4], [0.2, 0.1, 0.6, 0.1]]])
    found = speaker_positions(maps, guard=True, **RANGES)[0]
    assert found.tolist() == pytest.approx([4.0, 24.0, 12.0, 2.0], abs=1e-5)


def test_class_without_tokens_is_never_chosen_when_guarded() -> None:
    maps = torch.rand(1, 3, 6)
    maps[:, 2] = torch.nan
    guarded = speaker_positions(maps, guard=True, **RANGES)
    assert guarded.isfinite().all()
    assert not (guarded == 12).any()
    # As the reference: every token is background, and neither voice binds to a face.
    assert (speaker_positions(maps, guard=False, **RANGES) == 12).all()
    maps[:] = torch.nan
    assert (speaker_positions(maps, guard=True, **RANGES) == 12).all()


def test_guarded_mask_keeps_the_tokens_it_touches() -> None:
    masks = torch.zeros(3, 4, 6)
    masks[0, 1, 3] = 1
    masks[1, 2, 4] = 1
    near = token_masks(masks, 2, 3, guard=False)
    kept = token_masks(masks, 2, 3, guard=True)
    assert near.sum(-1).tolist() == [0, 1, 0]
    assert kept.sum(-1).tolist() == [1, 1, 0]
    assert kept[0].nonzero().flatten().tolist() == [1]
