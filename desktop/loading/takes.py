"""Frames of stored takes: which take shows a frame of the timeline, read forward, seams blended."""

import threading
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter

from desktop.loading.images import image_of
from infinitetalk.project.order import Seam, seams
from infinitetalk.project.timeline import Timeline

if TYPE_CHECKING:
    from desktop.state.timeline import ChunkView
    from infinitetalk.media.frames import FrameReader, Frames
    from infinitetalk.plan import Schedule

_READERS_KEPT = 3
_KNOWN_KEPT = 2048  # takes whose file was looked at: looking costs more than a frame
_SKIPPED = 24  # frames that are rather read over than jumped over
_AT_ONCE = 4  # frames decoded at a time: a newer request waits for no more than these


@dataclass(frozen=True, kw_only=True)
class _Span:
    """A chunk on the timeline and the folder of its active take."""

    index: int
    first: int
    count: int
    folder: Path | None


@dataclass(frozen=True, kw_only=True)
class _Used:
    """The takes that count; replaced whole, so that who reads it needs no lock."""

    spans: tuple[_Span, ...] = ()
    seams: tuple[Seam, ...] = ()
    folder: Path | None = None

    def at(self, frame: int) -> tuple[_Span | None, Seam | None]:
        """The chunk that shows a frame, and the seam that is blended there."""
        span = next((s for s in self.spans if s.first <= frame < s.first + s.count), None)
        if span is None:
            return None, None
        there = (s for s in self.seams if s.before == span.index and s.old_take is not None)
        seam = next(
            (s for s in there if s.first_frame <= frame < s.first_frame + s.frame_count), None
        )
        return span, seam


class TakeFrames:
    """Reads frames of the active takes. Thread-safe; decoders are reused while reading forward.

    The lock is held while decoding, so that the window's thread must never take it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()  # of the decoders
        self._used = _Used()
        self._beside: dict[tuple[Path, int], QImage] = {}  # replaced whole
        self._readers: dict[Path, _TakeReader] = {}
        self._known: dict[Path, FrameReader] = {}

    def use(
        self,
        folder: Path | None,
        timeline: Timeline,
        chunks: "Sequence[ChunkView]",
        schedule: "Schedule | None",
    ) -> None:
        """The takes that count from now on. Waits for no decoder."""
        spans = []
        for chunk in chunks:
            place = None
            if folder is not None and chunk.active_take is not None:
                place = folder / "chunks" / f"{chunk.index:04d}-{chunk.active_take}"
            spans.append(
                _Span(
                    index=chunk.index,
                    first=chunk.first_frame,
                    count=chunk.frame_count,
                    folder=place,
                )
            )
        found = seams(timeline, schedule) if schedule is not None and timeline.chunks else ()
        self._used = _Used(spans=tuple(spans), seams=found, folder=folder)

    def read(self, frame: int) -> QImage | None:
        """The frame of the timeline as it plays; None where nothing is rendered."""
        used = self._used
        span, seam = used.at(frame)
        if span is None or span.folder is None:
            return None
        with self._lock:
            image = self._frame(span.folder, frame - span.first)
            if image is None or seam is None or used.folder is None:
                return image
            old = used.folder / "chunks" / f"{span.index:04d}-{seam.old_take}"
            other = self._frame(old, frame - span.first)
        return _blended(image, other, seam.weight(frame)) if other is not None else image

    def prefetch(self, folders: Sequence[Path], frame: int) -> None:
        """Reads frame `frame` (from 0) of takes that may be shown next, in place of those before."""
        wanted = [(folder, frame) for folder in folders]
        found = {key: self._beside[key] for key in wanted if key in self._beside}
        for folder, _ in wanted:
            if (folder, frame) not in found:
                image = _alone(folder, lambda reader: frame if frame < reader.frame_count else None)
                if image is not None:
                    found[folder, frame] = image
        self._beside = found

    def holds(self, folder: Path, frame: int) -> bool:
        """Whether frame `frame` (from 0) of a take was read for being shown next."""
        return (folder, frame) in self._beside

    def prefetched(self, frame: int) -> QImage | None:
        """The frame of the timeline, if it was read before its take became the active one."""
        span, seam = self._used.at(frame)
        if span is None or span.folder is None or seam is not None:
            return None
        return self._beside.get((span.folder, frame - span.first))

    def of_take(self, folder: Path, frame: int) -> QImage | None:
        """Frame `frame` (from 0) of a take."""
        with self._lock:
            return self._frame(folder, frame)

    def middle(self, folder: Path) -> QImage | None:
        """A frame from the middle of a take, for its thumbnail; leaves open decoders alone."""
        return _alone(folder, lambda reader: reader.frame_count // 2)

    def close(self) -> None:
        with self._lock:
            for reader in self._readers.values():
                reader.close()
            self._readers.clear()

    def _frame(self, folder: Path, frame: int) -> QImage | None:
        reader = self._readers.pop(folder, None)
        if reader is None:
            known = self._file_of(folder)
            if known is None:
                return None
            reader = _TakeReader(known)
            while len(self._readers) >= _READERS_KEPT:
                self._readers.pop(next(iter(self._readers))).close()
        self._readers[folder] = reader  # newest last
        return reader.frame(frame)

    def _file_of(self, folder: Path) -> "FrameReader | None":
        from infinitetalk.media.frames import FrameReader

        known = self._known.pop(folder, None)
        if known is None:
            path = frames_file(folder)
            if path is None:
                return None
            known = FrameReader(path)
            while len(self._known) >= _KNOWN_KEPT:
                self._known.pop(next(iter(self._known)))
        self._known[folder] = known
        return known


class _TakeReader:
    """One take's frames; reading forward goes on where it was, only jumps start anew."""

    def __init__(self, reader: "FrameReader") -> None:
        self._reader = reader
        self._blocks: Generator[Frames, None, None] | None = None
        self._block: Frames | None = None
        self._start = 0  # of the block

    def frame(self, index: int) -> QImage | None:
        if not 0 <= index < self._reader.frame_count:
            return None
        held = len(self._block) if self._block is not None else 0
        end = self._start + held
        if self._blocks is None or index < self._start or index > end + _SKIPPED:
            self.close()
            if index + 1 < self._reader.frame_count:
                rest = self._reader.blocks(index + 1, size=_AT_ONCE)
                self._blocks = cast("Generator[Frames, None, None]", rest)
            self._block, self._start = self._reader.frames(index, index + 1), index
            held = 1
        while index >= self._start + held:
            block = next(self._blocks, None) if self._blocks is not None else None
            if block is None:
                self._blocks = None
                return None
            self._start += held
            self._block, held = block, len(block)
        return image_of(self._block[index - self._start]) if self._block is not None else None

    def close(self) -> None:
        if self._blocks is not None:
            self._blocks.close()
        self._blocks, self._block, self._start = None, None, 0


def _alone(folder: Path, choose: "Callable[[FrameReader], int | None]") -> QImage | None:
    """One frame by a decoder of its own; None where the take or the frame is missing."""
    from infinitetalk.media.frames import FrameReader

    path = frames_file(folder)
    if path is None:
        return None
    reader = FrameReader(path)
    frame = choose(reader)
    return image_of(reader.frames(frame, frame + 1)[0]) if frame is not None else None


def frames_file(folder: Path) -> Path | None:
    """The file of frames in a take's folder."""
    return next(iter(sorted(folder.glob("frames.*"))), None)


def _blended(image: QImage, other: QImage, weight: float) -> QImage:
    """`other` over `image`, `weight` (0..1) opaque."""
    result = image.convertToFormat(QImage.Format.Format_RGB32)
    if other.size() != result.size():
        other = other.scaled(result.size(), Qt.AspectRatioMode.IgnoreAspectRatio)
    painter = QPainter(result)
    painter.setOpacity(weight)
    painter.drawImage(0, 0, other)
    painter.end()
    return result
