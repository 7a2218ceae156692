"""When each frame of a video begins: its packets listed, not decoded."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from infinitetalk.errors import EngineError
from infinitetalk.media.facts import TIMELINE_FPS
from infinitetalk.media.ffmpeg import Cancel, FfmpegProcess, input_arguments

SCAN_LIMIT = 60.0  # seconds; a slower disk falls back to what the header says


@dataclass(frozen=True, kw_only=True)
class FrameTimes:
    """When each frame of a video begins, and where the last one ends; seconds."""

    starts: np.ndarray  # float64 [frames], ascending
    end: float

    def rate_range(self, fallback: float) -> tuple[float, float]:
        """Slowest and fastest frame rate, without the odd single frame out (2nd to 98th percentile)."""
        gaps = np.diff(self.starts)
        gaps = gaps[gaps > 1e-6]
        if len(gaps) < 2:
            return fallback, fallback
        short, long = np.percentile(gaps, [2.0, 98.0])
        return 1.0 / float(long), 1.0 / float(short)


def list_frame_times(path: Path, stream: int, *, cancel: Cancel | None = None) -> FrameTimes | None:
    """Times of all frames, by listing packets (the file is read once, nothing is decoded).

    None if it took longer than `SCAN_LIMIT`, or the packets carry no times.
    """
    arguments = [
        "-v", "error", *input_arguments(path), "-map", f"0:{stream}",
        "-c", "copy", "-f", "framecrc", "-",
    ]  # fmt: skip
    scale, starts, ends = 0.0, [], []
    try:
        with FfmpegProcess(arguments, time_limit=SCAN_LIMIT, cancel=cancel) as process:
            rest = b""
            while part := process.read_some():
                *lines, rest = (rest + part).split(b"\n")
                for line in lines:
                    if line.startswith(b"#tb"):
                        top, bottom = line.split(b":")[1].split(b"/")
                        scale = int(top) / int(bottom)
                    elif line and not line.startswith(b"#"):
                        fields = line.split(b",")
                        start = int(fields[2])
                        starts.append(start)
                        ends.append(start + max(0, int(fields[3])))
            process.finish()
    except (EngineError, ValueError, IndexError):
        return None
    if not scale:
        return FrameTimes(starts=np.zeros(0), end=0.0) if not starts else None
    order = np.sort(np.asarray(starts, np.float64)) * scale
    if not len(order):
        return FrameTimes(starts=order, end=0.0)
    end = float(max(ends)) * scale
    if end <= order[-1]:  # no durations: the last frame stands as long as the one before
        end = float(order[-1] + (order[-1] - order[-2] if len(order) > 1 else 1 / TIMELINE_FPS))
    # Frames before zero are cut by an edit list; the last of them is what is shown at zero.
    visible = max(0, int(np.searchsorted(order, 1e-9, side="right")) - 1)
    return FrameTimes(starts=np.maximum(order[visible:], 0.0), end=end)
