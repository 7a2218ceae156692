"""Where a chunk takes over from the one before: what differs at the seam fades instead of jumping.

A chunk begins with motion frames that it has decoded anew, from latents of the frames that are shown.
Two things differ at its first new frame, in every pixel at once. The last motion frame is not quite
the frame on the screen (one more trip through the VAE, and this chunk's own idea of the background);
and the chunk itself changes its mind there, where given latents end and its own begin.
"""

import torch
from torch import Tensor

EASED_FRAMES = 15  # over which the difference fades; 72 new frames follow in the published model
STEP_LIMIT = 2 / 255  # one gray level: a change of tone, never the movement of an edge


def ease_seam(frames: Tensor, motion: Tensor) -> Tensor:
    """Frames [3, F, H, W] that begin with motion frames, given those as shown: motion [3, M, H, W].

    The first new frame keeps nearly all of the difference between the last motion frame as shown and
    as decoded anew, and lacks what its own step is larger than the steps around it, to `STEP_LIMIT`;
    the next ones less and less, along half a cosine. Frames that the next chunk starts from stay as
    they are where the chunk is long enough. The result is clamped to -1..1.
    """
    begin = motion.shape[1]
    count = min(EASED_FRAMES, max(frames.shape[1] - 2 * begin, 0))
    if count == 0:
        return frames
    difference = motion[:, -1:].to(frames) - frames[:, begin - 1 : begin]
    difference = difference - _sudden(frames, begin)
    way = torch.arange(1, count + 1, device=frames.device) / (count + 1)
    share = 0.5 * (1 + torch.cos(torch.pi * way))
    eased = frames.clone()
    part = eased[:, begin : begin + count] + share[:, None, None] * difference
    eased[:, begin : begin + count] = part.clamp(-1, 1)
    return eased


def _sudden(frames: Tensor, begin: int) -> Tensor:
    """What the step to frame `begin` has more than the steps before and after it; [3, 1, H, W]."""
    around = frames[:, max(begin - 2, 0) : begin + 2].diff(dim=1)
    at = min(begin - 1, 1)  # where that step stands among them
    others = (around.sum(1, keepdim=True) - around[:, at : at + 1]) / max(around.shape[1] - 1, 1)
    return (around[:, at : at + 1] - others).clamp(-STEP_LIMIT, STEP_LIMIT)
