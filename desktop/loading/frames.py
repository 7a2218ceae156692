"""Frames for the preview: decoded on a thread of their own, newest request wins.

The reader is asked for the wanted frame first, then for those around it, so that playing and
stepping find them decoded. What is no longer wanted is never decoded. Decoders read forward, and a
jump costs one of its own: so backwards whole stretches are read forward, the nearest first, and
while the playhead is dragged about nothing but the frames it stops at.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from infinitetalk.errors import EngineError, ErrorReport
from infinitetalk.request import FPS

AHEAD = int(1.5 * FPS)
BEHIND = 8
STRETCH = 16  # frames that are read in one go while playing backwards
NEAR = 6  # frames: a step, or playing at twice the speed on a busy machine; what is more is a jump
SETTLE = 0.06  # seconds after a jump was shown before its surroundings are read: more may follow
_DEFAULT_BYTES = 192 * 1024**2

Read = Callable[[int], QImage | None]  # called on the thread; None: nothing to show there


class FrameLoader(QObject):
    """Keeps decoded frames up to a limit of bytes. `ready` comes on the GUI thread."""

    ready = Signal(int)
    failed = Signal(object)  # ErrorReport

    def __init__(self, read: Read, *, limit: int = _DEFAULT_BYTES) -> None:
        super().__init__()
        self._read = read
        self._limit = limit
        self._frames: OrderedDict[int, QImage | None] = OrderedDict()
        self._bytes = 0
        self._wanted: list[int] = []
        self._last = (0, 1)  # the frame that was asked for with its surroundings, the direction
        self._generation = 0
        self._settled = 0.0  # from when on (monotonic) surroundings are read
        self._jumped = False  # the frame of the last jump is not read yet
        self._condition = threading.Condition()
        self._thread: threading.Thread | None = None
        self._stopping = False

    def get(self, frame: int) -> QImage | None:
        """The frame if it is decoded."""
        with self._condition:
            if frame in self._frames:
                self._frames.move_to_end(frame)
                return self._frames[frame]
        return None

    def known(self, frame: int) -> bool:
        """Whether the frame was read, even if there is nothing to show."""
        with self._condition:
            return frame in self._frames

    def want(self, frame: int, total: int, *, direction: int = 1) -> None:
        """Asks for `frame` and its surroundings, instead of whatever was asked before."""
        before, way = self._last
        self._last = (frame, direction)
        if abs(frame - before) > NEAR:
            self._jumped, self._settled = True, time.monotonic() + SETTLE
        far = min(AHEAD, max(self._room() - BEHIND, BEHIND))
        if direction >= 0:
            around = [*range(frame, frame + far), *range(frame - 1, frame - BEHIND, -1)]
        else:
            goes_on = way < 0 and 0 <= before - frame <= NEAR
            around = [] if goes_on else [frame]
            for end in _stretch_ends(frame, frame - far):
                around += range(end - end % STRETCH, end + 1)
            around += range(frame + 1, frame + BEHIND)
        self.want_frames([f for f in around if 0 <= f < total])

    def _room(self) -> int:
        """How many frames of the size of those that are held can be held."""
        with self._condition:
            count = len(self._frames)
            return count * self._limit // self._bytes if self._bytes else AHEAD + BEHIND

    def want_frames(self, frames: Sequence[int]) -> None:
        with self._condition:
            self._wanted = [f for f in frames if f not in self._frames]
            self._condition.notify()
        if self._thread is None and self._wanted:
            self._thread = threading.Thread(target=self._run, name="frames", daemon=True)
            self._thread.start()

    def forget(self, first: int = 0, last: int | None = None) -> None:
        """Drops frames from `first` to before `last`: another take, another source."""
        with self._condition:
            self._generation += 1
            for frame in [f for f in self._frames if f >= first and (last is None or f < last)]:
                image = self._frames.pop(frame)
                self._bytes -= image.sizeInBytes() if image is not None else 0

    def put(self, frame: int, image: QImage) -> None:
        """A frame that was read elsewhere."""
        with self._condition:
            if frame not in self._frames:
                self._keep(frame, image)

    def stop(self) -> None:
        with self._condition:
            self._stopping = True
            self._wanted = []
            self._condition.notify()
        if self._thread is not None:
            self._thread.join(timeout=5)
            self._thread = None

    @property
    def held_bytes(self) -> int:
        return self._bytes

    def _run(self) -> None:
        while True:
            with self._condition:
                while not self._wanted and not self._stopping:
                    self._condition.wait()
                if self._stopping:
                    return
                wait = self._settled - time.monotonic()
                if wait > 0 and self._wanted[0] != self._last[0]:
                    self._condition.wait(wait)
                    continue
                frame = self._wanted.pop(0)
                generation = self._generation
                if frame in self._frames:
                    continue
            image: QImage | None = None
            report: ErrorReport | None = None
            try:
                image = self._read(frame)
            except EngineError as error:
                report = error.report
            except (OSError, ValueError, IndexError) as error:
                report = ErrorReport(
                    code="media.unreadable", title="A frame can't be read", detail=str(error)
                )
            with self._condition:
                if self._jumped and frame == self._last[0]:
                    self._jumped, self._settled = False, time.monotonic() + SETTLE
                if generation != self._generation or self._stopping:
                    continue
                self._keep(frame, image)
            with suppress(RuntimeError):  # the window is gone
                if report is not None:
                    self.failed.emit(report)
                self.ready.emit(frame)

    def _keep(self, frame: int, image: QImage | None) -> None:
        self._frames[frame] = image
        self._bytes += image.sizeInBytes() if image is not None else 0
        while self._bytes > self._limit and len(self._frames) > 1:
            _, old = self._frames.popitem(last=False)
            self._bytes -= old.sizeInBytes() if old is not None else 0


def _stretch_ends(last: int, first: int) -> Iterator[int]:
    """From frame `last` back to about `first`: the last frame of each stretch, nearest first.

    Stretches lie still, so that one which is being read goes on while the playhead moves.
    """
    while last >= max(first, 0):
        yield last
        last -= last % STRETCH + 1
