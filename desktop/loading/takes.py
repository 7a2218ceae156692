"""Frames of stored takes: which take shows a frame of the timeline, seams blended."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter

from desktop.loading.images import image_of
from infinitetalk.project.order import Seam, seams
from infinitetalk.project.timeline import Timeline

if TYPE_CHECKING:
    from desktop.state.timeline import ChunkView
    from infinitetalk.media.frame_access import FrameAccess
    from infinitetalk.plan import Schedule

_FILES_KEPT = 2048  # whose frames were found: 72 places of a few bytes each


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
    """Reads frames of the active takes. Thread-safe.

    The lock is held while decoding, so that the window's thread must never take it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()  # of what is known of the files
        self._used = _Used()
        self._beside: dict[tuple[Path, int], QImage] = {}  # replaced whole
        self._files: dict[Path, FrameAccess] = {}

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
                image = _alone(folder, lambda _: frame)
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
        """A frame from the middle of a take, for its thumbnail."""
        return _alone(folder, lambda count: count // 2)

    def close(self) -> None:
        with self._lock:
            self._files.clear()

    def _frame(self, folder: Path, frame: int) -> QImage | None:
        files = self._files
        file = files.get(folder) or _file_of(folder)
        if file is None:
            return None
        while len(files) >= _FILES_KEPT and folder not in files:
            files.pop(next(iter(files)))
        files[folder] = file
        return image_of(file.frame(frame)) if 0 <= frame < file.frame_count else None


def _file_of(folder: Path) -> "FrameAccess | None":
    from infinitetalk.media.frame_access import FrameAccess

    path = frames_file(folder)
    return FrameAccess(path) if path is not None else None


def _alone(folder: Path, choose: "Callable[[int], int]") -> QImage | None:
    """One frame, chosen by their count; None where the take or the frame is missing."""
    file = _file_of(folder)
    frame = choose(file.frame_count) if file is not None else 0
    return image_of(file.frame(frame)) if file is not None and frame < file.frame_count else None


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
