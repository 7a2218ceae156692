"""Where a chunk takes over from the one before: what differs at the seam fades instead of jumping.

A chunk begins with motion frames that it has decoded anew, from latents of the frames that are shown.
The last of them differs a little from the frame on the screen (one more trip through the VAE, and
this chunk's own idea of the background). Cut hard, that difference appears at once in every pixel.
"""

import torch
from torch import Tensor

EASED_FRAMES = 15  # over which the difference fades; 72 new frames follow in the published model


def ease_seam(frames: Tensor, motion: Tensor) -> Tensor:
    """Frames [3, F, H, W] that begin with motion frames, given those as shown: motion [3, M, H, W].

    The first new frame keeps nearly all of the difference between the last motion frame as shown and
    as decoded anew, the next ones less and less, along half a cosine. Frames that the next chunk starts from stay as they
    are where the chunk is long enough. The result is clamped to -1..1.
    """
    begin = motion.shape[1]
    count = min(EASED_FRAMES, max(frames.shape[1] - 2 * begin, 0))
    if count == 0:
        return frames
    difference = motion[:, -1:].to(frames) - frames[:, begin - 1 : begin]
    way = torch.arange(1, count + 1, device=frames.device) / (count + 1)
    share = 0.5 * (1 + torch.cos(torch.pi * way))
    eased = frames.clone()
    part = eased[:, begin : begin + count] + share[:, None, None] * difference
    eased[:, begin : begin + count] = part.clamp(-1, 1)
    return eased
