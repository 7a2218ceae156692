"""Where in the source video a moment of the output lies, also past the source's end."""

import math
from collections.abc import Sequence

from infinitetalk.request import FPS, SourceEnd

_SHORTEST_SCENE = 5  # frames; a shorter scene is not worth a chunk of its own


def fold_source_time(time: float, duration: float, fps: float, policy: SourceEnd) -> float:
    """Seconds into a source video of `duration` seconds for output time `time` (seconds, >= 0).

    "hold" and "stop" stay on the last frame, "loop" starts again, "pingpong" runs back and forth
    between the first and the last frame. The result is below `duration`.
    """
    last = max(0.0, duration - 1.0 / max(fps, 1.0))  # when the last frame begins
    if time <= last:
        return time
    if policy == "loop":
        return min(math.fmod(time, duration), last)
    if policy == "pingpong" and last > 0:
        phase = math.fmod(time, 2 * last)
        return phase if phase <= last else 2 * last - phase
    return last


def scene_starts(
    cuts: Sequence[float], duration: float, fps: float, policy: SourceEnd, total: int
) -> list[int]:
    """First output frame of each scene, beginning with 0 and below `total`.

    `cuts` are seconds into the source. Where the source is repeated its cuts are too: forwards in
    a loop (whose own seam is a cut), mirrored on the way back in "pingpong". A scene begins with
    the first output frame whose source time is not before the cut; scenes under 5 frames are
    joined to the one before. Source: pipeline.md 11, fault 9.
    """
    inside = sorted(cut for cut in cuts if 0 < cut < duration)
    seconds = total / FPS
    moments: list[float] = []
    if policy == "loop":
        for turn in range(math.ceil(seconds / duration) if duration > 0 else 0):
            moments += [turn * duration + cut for cut in (0.0, *inside)]
    elif policy == "pingpong":
        last = max(duration - 1.0 / max(fps, 1.0), 1.0 / FPS)
        for turn in range(math.ceil(seconds / (2 * last))):
            moments += [turn * 2 * last + cut for cut in inside]
            moments += [(turn + 1) * 2 * last - cut for cut in reversed(inside)]
    else:
        moments = inside
    starts = [0]
    for moment in moments:
        frame = math.ceil(moment * FPS - 1e-6)
        if frame - starts[-1] >= _SHORTEST_SCENE and total - frame >= _SHORTEST_SCENE:
            starts.append(frame)
    return starts
