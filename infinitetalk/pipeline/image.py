"""The image stage: the identity of a source frame.

What is made of a picture (features, latents) is computed once per distinct picture and found again
by its digest, so a still source is encoded once for all chunks (spec: pipeline.md 11, 23).
"""

import hashlib

import torch
from torch import Tensor


def picture_digest(picture: Tensor) -> str:
    """Digest of a picture's values, shape and dtype, on whatever device it is."""
    data = picture.detach().cpu().contiguous()
    digest = hashlib.sha256(f"{tuple(data.shape)} {data.dtype}".encode())
    digest.update(data.view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()
