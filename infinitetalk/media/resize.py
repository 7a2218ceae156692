"""From a source frame to the rendered size: bucket, resize, center crop (spec: pipeline.md 3)."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from infinitetalk.media.buckets import BUCKETS, Buckets, Resolution

# A strip of 1 x 4000 pixels would pass through an intermediate picture of over a gigabyte; above
# this many pixels only the part that the crop keeps is resized.
_PLAIN_PIXELS = 64_000_000


@dataclass(frozen=True, kw_only=True)
class CropRectangle:
    """The part of the source that is seen, in source pixels; bottom and right are exclusive."""

    top: float
    left: float
    bottom: float
    right: float

    def share_lost(self, height: int, width: int) -> tuple[float, float]:
        """The parts of the source's height and width that the crop leaves out, 0..1."""
        return (
            1.0 - (self.bottom - self.top) / height,
            1.0 - (self.right - self.left) / width,
        )


def choose_bucket(
    height: int, width: int, resolution: Resolution, buckets: Buckets | None = None
) -> tuple[int, int]:
    """(H, W) of the bucket whose label is nearest to height / width; ties go to the earlier one.

    `buckets` replaces the published table (models trained on other sizes).
    """
    ratio = height / width
    table = BUCKETS[resolution] if buckets is None else buckets
    return min(table, key=lambda entry: abs(entry[0] - ratio))[1]


def scaled_size(size: tuple[int, int], scale: float, multiple: int = 16) -> tuple[int, int]:
    """`size` times `scale`, each side rounded to a multiple (at least one of it)."""
    height, width = (max(1, round(side * scale / multiple)) * multiple for side in size)
    return height, width


def intermediate_size(source: tuple[int, int], target: tuple[int, int]) -> tuple[int, int]:
    """(H, W) after resizing and before cropping: the smallest that covers `target`.

    The double-precision formula of the reference; rounding may make it one pixel larger.
    """
    (height, width), (target_height, target_width) = source, target
    scale = max(target_height / height, target_width / width)
    return math.ceil(scale * height), math.ceil(scale * width)


def crop_offset(size: tuple[int, int], target: tuple[int, int]) -> tuple[int, int]:
    """(top, left) of the center crop; halves go to the even number."""
    return round((size[0] - target[0]) / 2), round((size[1] - target[1]) / 2)


def crop_rectangle(source: tuple[int, int], target: tuple[int, int]) -> CropRectangle:
    """What `resize_center_crop` keeps of a source of that (H, W), in source pixels."""
    size = intermediate_size(source, target)
    top, left = crop_offset(size, target)
    down, across = source[0] / size[0], source[1] / size[1]
    return CropRectangle(
        top=top * down,
        left=left * across,
        bottom=(top + target[0]) * down,
        right=(left + target[1]) * across,
    )


def resize_center_crop(picture: NDArray[np.uint8], target: tuple[int, int]) -> NDArray[np.uint8]:
    """[h, w, 3] -> [H, W, 3], uint8: Pillow's bilinear (antialiased when shrinking), center crop."""
    from PIL import Image

    target_height, target_width = target
    size = intermediate_size((picture.shape[0], picture.shape[1]), target)
    image = Image.fromarray(np.ascontiguousarray(picture))
    if size[0] * size[1] > _PLAIN_PIXELS:
        kept = crop_rectangle((picture.shape[0], picture.shape[1]), target)
        box = (kept.left, kept.top, kept.right, kept.bottom)
        cut = image.resize((target_width, target_height), Image.Resampling.BILINEAR, box=box)
        return np.array(cut)
    resized = np.asarray(image.resize((size[1], size[0]), Image.Resampling.BILINEAR))
    top, left = crop_offset(size, target)
    return resized[top : top + target_height, left : left + target_width].copy()


def crop_samples(
    source: tuple[int, int], target: tuple[int, int]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Nearest resize and center crop of masks: which source row and column each (H, W) cell shows."""
    size = intermediate_size(source, target)
    top, left = crop_offset(size, target)
    rows = nearest_indices(source[0], size[0])[top : top + target[0]]
    columns = nearest_indices(source[1], size[1])[left : left + target[1]]
    return rows, columns


def grid_samples(
    source: tuple[int, int], target: tuple[int, int], cell: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which source row each row of a grid of `cell` x `cell` rendered pixels shows, and which column
    each column.
    """
    rows, columns = crop_samples(source, target)
    return (
        rows[nearest_indices(target[0], target[0] // cell)],
        columns[nearest_indices(target[1], target[1] // cell)],
    )


def nearest_indices(source: int, target: int) -> NDArray[np.int64]:
    """Which of `source` samples each of `target` takes: floor(i * source / target) in float32."""
    scale = np.float32(source) / np.float32(target)
    picked = np.floor(np.arange(target, dtype=np.float32) * scale).astype(np.int64)
    return np.minimum(picked, source - 1)
