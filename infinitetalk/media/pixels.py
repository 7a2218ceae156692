"""From the values a network makes to the bytes a video has."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def to_bytes(frames: NDArray[np.floating[Any]], *, rounding: bool) -> NDArray[np.uint8]:
    """Frames [C, F, H, W] in -1..1 -> bytes [F, H, W, C]; values outside are clipped.

    (x + 1) / 2 * 255 (spec: pipeline.md 8), to the nearest byte with `rounding`; without it
    truncated, which darkens by half a level, as the reference does. One frame is converted at a
    time, so memory is that of the result and a frame.
    """
    channels, count, height, width = frames.shape
    out = np.empty((count, height, width, channels), np.uint8)
    for index in range(count):
        values = (frames[:, index].astype(np.float32) + 1) / 2 * 255
        values = np.clip(np.rint(values) if rounding else values, 0, 255)
        out[index] = values.astype(np.uint8).transpose(1, 2, 0)
    return out
