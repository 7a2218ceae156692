"""The image stage: the identity of a source frame, and frames of another size.

What is made of a picture (features, latents) is computed once per distinct picture and found again
by its digest, so a still source is encoded once for all chunks (spec: pipeline.md 11, 23).
"""

import hashlib

import torch
import torch.nn.functional as F
from torch import Tensor

from infinitetalk.media.resize import crop_offset, intermediate_size


def picture_digest(picture: Tensor) -> str:
    """Digest of a picture's values, shape and dtype, on whatever device it is."""
    data = picture.detach().cpu().contiguous()
    digest = hashlib.sha256(f"{tuple(data.shape)} {data.dtype}".encode())
    digest.update(data.view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()


def fitted(frames: Tensor, size: tuple[int, int]) -> Tensor:
    """[3, M, h, w] in -1..1 -> [3, M, H, W]: resized to cover `size`, cropped to its middle.

    Motion frames are of another size only where a chunk follows one that was rendered before the
    size of the job was changed and has not been rendered anew: a kept one, or one before the range.
    """
    height, width = frames.shape[-2:]
    if (height, width) == size:
        return frames
    larger = intermediate_size((height, width), size)
    top, left = crop_offset(larger, size)
    moved = F.interpolate(frames.transpose(0, 1), size=larger, mode="bilinear", antialias=True)
    cut = moved[..., top : top + size[0], left : left + size[1]]
    return cut.transpose(0, 1).contiguous()
