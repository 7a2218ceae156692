"""Frames of a source by time on a timeline of 25 per second, or by index as the reference does.

Whatever the source's own rate, the frame of time t is the last one that begins at or before t: what
a player shows at t. One decoder stays open and is read forward; only jumps start another, so memory
is that of a frame or two.
"""

from collections.abc import Sequence
from dataclasses import replace
from types import TracebackType
from typing import Literal, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from infinitetalk.media import problems
from infinitetalk.media.facts import TIMELINE_FPS, SourceFacts
from infinitetalk.media.ffmpeg import Cancel, FfmpegProcess, has_filter, input_arguments
from infinitetalk.media.picture import flatten_alpha, read_picture

SourceEnd = Literal["hold", "loop", "pingpong", "stop"]
Frame = NDArray[np.uint8]  # [H, W, 3], RGB

_SKIP_LIMIT = 250  # frames that are rather read over than jumped over
_RUN_UP = 25  # frames decoded before the wanted one after a jump
# High dynamic range to ordinary: reference white (203 nits, ITU-R BT.2408) becomes nearly white, what
# is brighter is compressed. Left alone such a picture looks gray, and so would the rendered video.
_TONE_MAP = (
    "zscale=transfer=linear:npl=203,format=gbrpf32le,zscale=primaries=bt709,"
    "tonemap=mobius:desat=0,zscale=transfer=bt709:matrix=bt709:range=tv,format=yuv420p"
)
_HD_LINES = 720  # untagged video of this height and more is BT.709, as players assume


def source_position(index: int, count: int, end: SourceEnd) -> int | None:
    """Which of `count` frames stands at `index` of the timeline; None after a source that stops.

    "pingpong" plays forth and back without showing the turning points twice.
    """
    if index < 0 or count < 1:
        raise ValueError(f"index must be >= 0 and count >= 1, found {index} and {count}")
    if index < count:
        return index
    if end == "stop":
        return None
    if end == "hold" or count == 1:
        return count - 1
    if end == "loop":
        return index % count
    turn = index % (2 * count - 2)
    return turn if turn < count else 2 * count - 2 - turn


class SourceReader(Protocol):
    """What a picture and a video have in common for whoever needs conditioning frames."""

    @property
    def facts(self) -> SourceFacts: ...

    def frame(self, index: int) -> Frame:
        """The frame at `index` of the timeline, [H, W, 3] RGB. Not to be written to."""
        ...

    def close(self) -> None: ...


def open_source(
    facts: SourceFacts,
    *,
    by_time: bool = True,
    end: SourceEnd = "hold",
    cancel: Cancel | None = None,
) -> "PictureReader | VideoReader":
    """A reader for the source. `by_time` False addresses frames by index (the reference's way)."""
    if facts.kind == "picture":
        return PictureReader(facts)
    return VideoReader(facts, by_time=by_time, end=end, cancel=cancel)


class PictureReader:
    """A still picture: the same frame at every index."""

    def __init__(self, facts: SourceFacts) -> None:
        self.facts = facts
        self._frame: Frame | None = None

    def frame(self, index: int) -> Frame:  # noqa: ARG002  (a picture is the same at every index)
        if self._frame is None:
            self._frame = read_picture(self.facts.path, orient=self.facts.oriented)
        return self._frame

    def close(self) -> None:
        self._frame = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class VideoReader:
    """Frames of a video. Use as a context manager, or call `close`. Not for several threads."""

    def __init__(
        self,
        facts: SourceFacts,
        *,
        by_time: bool = True,
        end: SourceEnd = "hold",
        cancel: Cancel | None = None,
    ) -> None:
        self.facts = facts
        self._end: SourceEnd = end
        self._cancel = cancel
        self._by_time = by_time
        self._times = _Cursor(facts, by_time=True, cancel=cancel)
        self._indices = _Cursor(facts, by_time=False, cancel=cancel)

    def frame(self, index: int) -> Frame:
        """By time or by index, as the reader was opened."""
        return self.timeline_frame(index) if self._by_time else self.frame_index(index)

    def timeline_frame(self, index: int) -> Frame:
        """What the source shows at index / 25 s; after its end as the end policy says.

        Raises IndexError after a source that stops; EngineError media.unreadable.
        """
        position = source_position(index, self.facts.timeline_frames, self._end)
        if position is None:
            raise IndexError(f"the source stops at frame {self.facts.timeline_frames}: {index}")
        return self._times.frame(position)

    def frame_at(self, seconds: float) -> Frame:
        """What the source shows at that time (rounded down to a frame of the timeline)."""
        return self.timeline_frame(max(0, int(seconds * TIMELINE_FPS + 1e-6)))

    def frame_index(self, index: int) -> Frame:
        """The index-th decoded frame, or the last one if there are fewer (the reference's way)."""
        return self._indices.frame(index)

    def close(self) -> None:
        self._times.close()
        self._indices.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class _Cursor:
    """A decoder that is at some frame, and is moved to others; past the end it stays on the last."""

    def __init__(self, facts: SourceFacts, *, by_time: bool, cancel: Cancel | None) -> None:
        self._facts = facts
        self._by_time = by_time
        self._cancel = cancel
        self._process: FfmpegProcess | None = None
        self._next = 0  # index of the frame that the process gives next
        self._ended = False
        self._held: Frame | None = None  # frame `_next - 1`

    def frame(self, index: int) -> Frame:
        if self._held is not None and (
            index == self._next - 1 or (self._ended and index >= self._next)
        ):
            return self._held
        behind = index < self._next
        if self._process is None or behind or (self._by_time and index > self._next + _SKIP_LIMIT):
            self._start(index)
        self._read_to(index)
        if self._held is None and self._by_time and index > 0:
            # The jump landed where nothing can be decoded: read from the beginning instead.
            self._start(0)
            self._read_to(index)
        if self._held is None:
            log = self._process.log if self._process else ()
            raise problems.unreadable(
                self._facts.path, f"no frame could be decoded: {problems.meaning_of(log)}"
            )
        return self._held

    def close(self) -> None:
        if self._process is not None:
            self._process.close()
        self._process = None
        self._held = None
        self._next, self._ended = 0, False

    def _start(self, index: int) -> None:
        self.close()
        first = max(0, index - _RUN_UP) if self._by_time else 0
        before: Sequence[str] = ()
        if first:
            # Without accurate seeking the frames before the position come too, with negative
            # times, and the rate filter picks the last of them: the one shown at that moment.
            before = ("-noaccurate_seek", "-ss", f"{first / TIMELINE_FPS:.3f}")
        filters = [f"fps={TIMELINE_FPS:g}:round=up:start_time=0"] if self._by_time else []
        arguments = raw_frame_arguments(self._facts, before=before, filters=filters)
        self._process = FfmpegProcess(arguments, cancel=self._cancel)
        self._next = first

    def _read_to(self, index: int) -> None:
        """Reads until the frame `index` is held, or the video has ended."""
        assert self._process is not None
        channels = 4 if self._facts.has_alpha and self._facts.oriented else 3
        height, width = decoded_size(self._facts)
        while self._next <= index and not self._ended:
            pixels = np.empty((height, width, channels), np.uint8)
            view = pixels.data.cast("B")
            if self._process.read_into(view) < len(view):
                self._ended = True
                break
            self._held = pixels
            self._next += 1
        if self._held is not None and self._held.shape[2] == 4:
            self._held = flatten_alpha(self._held)


def decoded_size(facts: SourceFacts) -> tuple[int, int]:
    """(H, W) of the frames that `raw_frame_arguments` asks for."""
    return (facts.height, facts.width) if facts.oriented else facts.stored_size


def raw_frame_arguments(
    facts: SourceFacts,
    *,
    before: Sequence[str] = (),
    filters: Sequence[str] = (),
    size: tuple[int, int] | None = None,
) -> list[str]:
    """Ffmpeg's arguments for raw RGB frames (RGBA where alpha is honored) on stdout.

    Frames come upright, in square pixels and in ordinary dynamic range where `facts.oriented`, at `size` (H, W) if given.
    """
    height, width = size or decoded_size(facts)
    turned = [] if facts.oriented else ["-noautorotate"]
    matrix = ""
    if facts.oriented and not facts.color_matrix and min(facts.stored_size) >= _HD_LINES:
        matrix = ":in_color_matrix=bt709"
    scale = f"scale={width}:{height}:flags=bicubic+accurate_rnd+full_chroma_int{matrix}"
    pixels = "rgba" if facts.has_alpha and facts.oriented and size is None else "rgb24"
    tones = []
    if facts.oriented and facts.is_hdr and not facts.has_alpha and has_filter("zscale"):
        tones = [_TONE_MAP]
    chain = ",".join([*filters, *tones, scale, "setsar=1", f"format={pixels}"])
    return [
        "-v", "error", *input_arguments(facts.path, *before, *turned),
        "-map", f"0:{facts.stream}", "-an", "-sn", "-dn", "-vf", chain,
        "-fps_mode", "passthrough", "-c:v", "rawvideo", "-f", "rawvideo", "-",
    ]  # fmt: skip


def small_size(facts: SourceFacts, longest: int) -> tuple[int, int]:
    """(H, W) of at most `longest` a side, in the source's shape: thumbnails, scene detection."""
    height, width = decoded_size(facts)
    scale = min(1.0, longest / max(height, width))
    return max(1, round(height * scale)), max(1, round(width * scale))


def read_thumbnail(facts: SourceFacts, seconds: float, longest: int = 192) -> Frame:
    """A small picture of the source at that time, for the window."""
    height, width = small_size(facts, longest)
    if facts.kind == "picture":
        from PIL import Image

        picture = Image.fromarray(read_picture(facts.path, orient=facts.oriented))
        return np.array(
            picture.resize((width, height), Image.Resampling.BILINEAR, reducing_gap=2.0)
        )
    last = max(0.0, (facts.timeline_frames - 1) / TIMELINE_FPS)
    before = ("-ss", f"{min(seconds, last):.3f}")
    plain = replace(facts, has_alpha=False)
    arguments = raw_frame_arguments(plain, before=before, size=(height, width))
    with FfmpegProcess([*arguments[:-1], "-frames:v", "1", "-"], time_limit=30.0) as process:
        data = process.read(height * width * 3)
        if len(data) < height * width * 3:
            raise problems.unreadable(
                facts.path, f"no frame at {seconds:.2f} s: {problems.meaning_of(process.log)}"
            )
    return np.frombuffer(data, np.uint8).reshape(height, width, 3)
