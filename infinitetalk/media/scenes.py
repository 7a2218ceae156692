"""Where a video cuts to another scene: three detectors combined (spec: pipeline.md 9)."""

from collections.abc import Callable

import numpy as np

from infinitetalk.media.facts import TIMELINE_FPS, SourceFacts
from infinitetalk.media.ffmpeg import Cancel, FfmpegProcess
from infinitetalk.media.video import raw_frame_arguments, small_size

SHORTEST_SCENE = 0.5  # seconds; a cut sooner after another is no new scene
_LONGEST_SIDE = 256  # pixels; the detectors compare histograms and edges, not detail


def find_scene_cuts(
    facts: SourceFacts,
    *,
    cancel: Cancel | None = None,
    progress: Callable[[float], None] | None = None,
) -> list[float]:
    """Seconds at which a new scene begins, ascending, without the beginning of the video.

    Frames are taken on the timeline of 25 per second, so a cut is a multiple of 0.04 s and sound
    and picture stay together. `progress` gets 0..1. Memory is that of a few small frames.
    """
    if facts.kind == "picture":
        return []
    from scenedetect import AdaptiveDetector, ContentDetector, FrameTimecode, ThresholdDetector

    detectors = (ContentDetector(), AdaptiveDetector(), ThresholdDetector())
    cuts: set[int] = set()
    height, width = small_size(facts, _LONGEST_SIDE)
    arguments = raw_frame_arguments(
        facts, filters=[f"fps={TIMELINE_FPS:g}:round=up:start_time=0"], size=(height, width)
    )
    size = height * width * 3
    time = FrameTimecode(0, TIMELINE_FPS)
    index = 0
    with FfmpegProcess(arguments, cancel=cancel) as process:
        while len(data := process.read(size)) == size:
            frame = np.frombuffer(data, np.uint8).reshape(height, width, 3)[..., ::-1]
            frame = np.ascontiguousarray(frame)  # BGR, as OpenCV has it
            time = FrameTimecode(index, TIMELINE_FPS)
            for detector in detectors:
                cuts.update(cut.frame_num for cut in detector.process_frame(time, frame))
            index += 1
            if progress is not None and index % 50 == 0:
                progress(min(1.0, index / facts.timeline_frames))
    for detector in detectors:
        cuts.update(cut.frame_num for cut in detector.post_process(time))
    return _without_short(sorted(cut for cut in cuts if 0 < cut < index))


def _without_short(cuts: list[int]) -> list[float]:
    kept: list[float] = []
    for cut in cuts:
        seconds = cut / TIMELINE_FPS
        if seconds - (kept[-1] if kept else 0.0) >= SHORTEST_SCENE:
            kept.append(seconds)
    return kept
