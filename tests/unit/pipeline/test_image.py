"""Pictures are known by what they show."""

import torch

from infinitetalk.pipeline.image import picture_digest


def test_the_digest_tells_values_shape_and_type() -> None:
    picture = torch.rand(3, 4, 8)
    others = [picture.reshape(3, 8, 4), picture.double(), picture + 1e-3, -picture]
    assert len({picture_digest(p) for p in (picture, *others)}) == 5


def test_equal_pictures_have_the_same_digest_however_they_lie_in_memory() -> None:
    picture = torch.rand(3, 4, 8)
    turned = picture.permute(1, 2, 0).contiguous().permute(2, 0, 1)
    assert turned.stride() != picture.stride()
    assert picture_digest(turned) == picture_digest(picture)
