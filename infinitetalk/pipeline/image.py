"""The image stage: the features of a source frame, computed once per distinct picture."""

import hashlib
from collections.abc import Callable

import torch
from torch import Tensor


class ImageFeatures:
    """Features of source frames, remembered by content: a still picture is encoded once.

    `encode` takes pictures [1, 3, H, W] in -1..1 to [1, I, C] (an `ImageEncoder`). Only the last
    `keep` results stay (1.3 MB each at the published sizes, in float32).
    """

    def __init__(self, encode: Callable[[Tensor], Tensor], *, keep: int = 8) -> None:
        self._encode = encode
        self._keep = keep
        self._known: dict[str, Tensor] = {}

    def __call__(self, picture: Tensor) -> Tensor:
        """A source frame at target size, [3, H, W] in -1..1 -> [I, C], class token first."""
        key = picture_digest(picture)
        if key not in self._known:
            features = self._encode(picture[None])[0]
            while len(self._known) >= self._keep:
                self._known.pop(next(iter(self._known)))
            self._known[key] = features
        return self._known[key]


def picture_digest(picture: Tensor) -> str:
    """Digest of a picture's values, shape and dtype."""
    data = picture.detach().cpu().contiguous()
    digest = hashlib.sha256(f"{tuple(data.shape)} {data.dtype}".encode())
    digest.update(data.view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()
