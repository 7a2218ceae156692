"""What is known of a source or a speech file: plain data for the plan, the window and the readers."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

TIMELINE_FPS = 25.0

PICTURE_SUFFIXES = frozenset(
    [
        ".png",
        ".jpg",
        ".jpeg",
        ".jpe",
        ".webp",
        ".bmp",
        ".tif",
        ".tiff",
        ".gif",
        ".ppm",
        ".pgm",
        ".tga",
        ".ico",
        ".jp2",
        ".avif",
        ".heic",
        ".heif",
    ]
)


@dataclass(frozen=True, kw_only=True)
class SourceFacts:
    """What a source is. Sizes are in square pixels, upright where `oriented`; times in seconds.

    A picture has fps, duration 0 and one frame. `gap_limit` is the longest time one frame stands.
    """

    path: Path
    kind: Literal["picture", "video"]
    height: int
    width: int
    fps: float = 0.0  # frames per second on average
    duration: float = 0.0  # end of the last frame; 0 for a picture
    frame_count: int = 1
    exact_count: bool = True  # False: estimated from the header
    variable_rate: bool = False
    rate_range: tuple[float, float] = (0.0, 0.0)  # slowest and fastest, frames per second
    has_sound: bool = False
    codec: str = ""
    rotation: int = 0  # degrees clockwise that the file asks for
    has_alpha: bool = False
    bits: int = 8  # per channel
    animated: bool = False  # a picture with several frames: the first is used
    oriented: bool = True
    stream: int = 0  # index of the video stream in the file
    stored_size: tuple[int, int] = (0, 0)  # (H, W) before rotation and pixel aspect
    color_matrix: str = ""  # as tagged: "bt709", "bt2020nc", ...; empty: not tagged
    transfer: str = ""  # brightness curve as tagged
    format_name: str = ""  # "PNG", "mov,mp4,m4a,3gp,3g2,mj2", ...

    @property
    def is_hdr(self) -> bool:
        """High dynamic range (HLG or PQ), as phones record it."""
        return self.transfer in ("arib-std-b67", "smpte2084")

    @property
    def timeline_frames(self) -> int:
        """Frames at 25 per second that the source covers, at least one."""
        if self.kind == "picture":
            return 1
        # Half a millisecond of play: a file may round its times to milliseconds.
        return max(1, math.ceil((self.duration - 0.0005) * TIMELINE_FPS))


@dataclass(frozen=True, kw_only=True)
class SpeechFacts:
    """What a file with speech is. `duration` in seconds, without decoding; 0: unknown."""

    path: Path
    duration: float
    rate: int  # samples per second
    channels: int
    codec: str
    bits: int = 0  # of PCM samples; 0: compressed
    stream: int = 0  # index of the audio stream in the file
    from_video: bool = False
    format_name: str = ""
