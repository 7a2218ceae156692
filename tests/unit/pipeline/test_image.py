"""The image stage encodes each distinct picture once."""

import torch
from torch import Tensor

from infinitetalk.pipeline.image import ImageFeatures, picture_digest


class Encoder:
    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, pictures: Tensor) -> Tensor:
        self.calls += 1
        return pictures.mean(dim=(2, 3))[:, None].expand(-1, 5, 3)


def test_a_still_picture_is_encoded_once() -> None:
    encoder = Encoder()
    features = ImageFeatures(encoder)
    picture = torch.rand(3, 8, 8)
    first = features(picture)
    assert first.shape == (5, 3)
    assert torch.equal(features(picture.clone()), first)
    assert encoder.calls == 1
    assert not torch.equal(features(picture + 0.1), first)
    assert encoder.calls == 2


def test_only_the_last_pictures_are_remembered() -> None:
    encoder = Encoder()
    features = ImageFeatures(encoder, keep=2)
    pictures = [torch.full((3, 4, 4), float(i)) for i in range(3)]
    for picture in pictures:
        features(picture)
    features(pictures[2])
    features(pictures[1])
    assert encoder.calls == 3
    features(pictures[0])
    assert encoder.calls == 4


def test_the_digest_tells_values_shape_and_type() -> None:
    picture = torch.rand(3, 4, 8)
    digests = {
        picture_digest(p)
        for p in (picture, picture.reshape(3, 8, 4), picture.double(), picture + 1e-3)
    }
    assert len(digests) == 4
    assert picture_digest(picture) == picture_digest(picture.clone())
