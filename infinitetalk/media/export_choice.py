"""What the user wants written of a job, and how: plain values for messages and commands."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Kind = Literal["video", "pictures", "sound"]
Codec = Literal["h264", "h265"]
Missing = Literal["refuse", "stop", "source"]

VIDEO_SUFFIXES = (".mp4", ".m4v", ".mov", ".mkv")
DEFAULT_CRF = 18
BACKGROUND_GAIN_DB = -12.0


@dataclass(frozen=True, kw_only=True)
class Background:
    """A track under the speech, from the beginning of the video on; it ends with the picture."""

    path: Path
    gain_db: float = BACKGROUND_GAIN_DB
    start: float = 0.0  # seconds of the video; negative cuts

    def __post_init__(self) -> None:
        if not -90.0 <= self.gain_db <= 30.0:
            raise ValueError(f"gain_db must be from -90 to 30, found {self.gain_db}")


@dataclass(frozen=True, kw_only=True)
class ExportChoice:
    """One export. `crf` and `codec` are for videos, `background` for videos and sound."""

    kind: Kind = "video"
    frames: tuple[int, int] | None = None  # [in, out) of the video; None: all of it
    # Chunks that are not rendered: no export; end before the first of them; show the source there.
    missing: Missing = "refuse"
    codec: Codec = "h264"
    crf: int = DEFAULT_CRF  # 0 best to 51
    background: Background | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.crf <= 51:
            raise ValueError(f"crf must be from 0 to 51, found {self.crf}")
        if self.frames is not None and not 0 <= self.frames[0] < self.frames[1]:
            raise ValueError(f"frames must be [in, out) with 0 <= in < out, found {self.frames}")


def kind_of_name(out: Path) -> Kind:
    """What a name asks for: .wav is sound, a name without an ending a folder of pictures."""
    suffix = out.suffix.lower()
    if suffix == ".wav":
        return "sound"
    return "pictures" if not suffix else "video"
