"""Source frames as a chunk needs them: read by time, resized and cropped, in -1..1."""

import numpy as np
import torch
from torch import Tensor

from infinitetalk.media.facts import SourceFacts
from infinitetalk.media.resize import resize_center_crop
from infinitetalk.media.video import VideoReader, open_source
from infinitetalk.plan import Plan
from infinitetalk.request import FPS, GenerationRequest


class SourceFrames:
    """The frames of a job's source that condition its chunks. Closing frees the decoder."""

    def __init__(self, facts: SourceFacts, request: GenerationRequest, plan: Plan) -> None:
        self._size = plan.size
        self._by_time = request.mends.source_by_time
        self._end = request.mends.source_end
        self._reader = open_source(facts, by_time=self._by_time, end=self._end)

    def picture(self, request: GenerationRequest, plan: Plan, chunk: int) -> Tensor:
        """The frame that conditions `chunk`: [3, H, W] float32 in -1..1, on the CPU."""
        own = request.chunk_settings(chunk).source_time
        item = plan.chunks[chunk]
        if isinstance(self._reader, VideoReader):
            if own is not None:
                pixels = self._reader.frame_at(own)
            elif self._by_time:
                # The plan's time is folded already where the source ends before the speech.
                pixels = self._reader.frame_at(item.source_time)
            else:
                pixels = self._reader.frame_index(item.source_index)
        else:
            pixels = self._reader.frame(round(item.start / FPS))
        return to_picture(resize_center_crop(pixels, self._size))

    def close(self) -> None:
        self._reader.close()


def to_picture(pixels: np.ndarray) -> Tensor:
    """[H, W, 3] uint8 -> [3, H, W] float32 in -1..1 (spec pipeline.md 3)."""
    found = torch.from_numpy(np.ascontiguousarray(pixels)).permute(2, 0, 1)
    return (found.float() / 255 - 0.5) * 2
