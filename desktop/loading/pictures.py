"""Pictures of the open project: thumbnails for the timeline, frames for the preview."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPixmap

from desktop.loading.frames import FrameLoader
from desktop.loading.images import cropped, image_of, moments
from desktop.loading.takes import TakeFrames
from desktop.loading.thumbnails import HEIGHT, Thumbnails

if TYPE_CHECKING:
    from desktop.state.session import Session
    from infinitetalk.media.facts import SourceFacts
    from infinitetalk.media.video import PictureReader, VideoReader


_RESTS_MS = 150  # the playhead rests: the takes beside the shown one are read


class ProjectPictures(QObject):
    """What the views show of source and takes. Everything is read on other threads."""

    thumbnails_arrived = Signal()
    takes_followed = Signal()  # frames of other takes can be asked for now

    def __init__(self, session: "Session") -> None:
        super().__init__()
        self._session = session
        self._thumbnails = Thumbnails(session.background)
        self._thumbnails.arrived.connect(self.thumbnails_arrived)
        limit = session.settings.value.preview_cache_mib * 1024**2 // 2
        self._source_reader = _SourceReader()
        self.source_frames = FrameLoader(self._source_reader.read, limit=limit)
        self.take_frames = TakeFrames()
        self.result_frames = FrameLoader(self.take_frames.read, limit=limit)
        self._live: tuple[int, Path | None] = (-1, None)
        self._live_pixmap: QPixmap | None = None
        session.project.replaced.connect(self._forget)
        session.request_changed.connect(self.follow)
        session.job_changed.connect(self._follow_takes)
        session.timeline.chunks_changed.connect(self._takes_may_differ)
        session.take_changed.connect(self._read_anew)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_RESTS_MS)
        self._rest.timeout.connect(self._prefetch)
        session.timeline.playhead_changed.connect(lambda _: self._rest.start())
        session.playback.mode_changed.connect(self._rest.start)
        session.playback.playing_changed.connect(lambda _: self._rest.start())
        self._source_key: object = None
        self._active: dict[int, tuple[str | None, int, int]] = {}

    def stop(self) -> None:
        self.source_frames.stop()
        self.result_frames.stop()
        self._source_reader.close()
        self.take_frames.close()

    def follow(self) -> None:
        """Source or size may be others now: what was read of the old ones is dropped."""
        session = self._session
        facts = session.library.source(session.data.source)
        size = session.rendered_size()
        end = session.data.option("mends").source_end
        key = (facts, size, end)
        if key != self._source_key:
            self._source_key = key
            self._source_reader.use(facts, size, end)
            self.source_frames.forget()
            self._thumbnails.forget()
        self._follow_takes()

    def _follow_takes(self) -> None:
        """Frames of chunks that show another take now are read anew."""
        session = self._session
        active = {
            c.index: (c.active_take, c.first_frame, c.end_frame) for c in session.timeline.chunks
        }
        changed = [p for i, p in active.items() if self._active.get(i) != p]
        self._active = active
        self.take_frames.use(
            session.store.folder,
            session.store.timeline,
            session.timeline.chunks,
            session.planner.schedule,
        )
        for _, first, end in changed:
            self._read_anew(first, end)
        if changed:
            self._rest.start()
            self.takes_followed.emit()

    def _read_anew(self, first: int, end: int) -> None:
        """Frames of the result from `first` to before `end` are others now."""
        self.result_frames.forget(first, end)
        frame = self._session.timeline.playhead
        image = self.take_frames.prefetched(frame) if first <= frame < end else None
        if image is not None:
            self.result_frames.put(frame, image)

    def _prefetch(self) -> None:
        """Takes before and after the shown one are switched to at once: their frame is read."""
        timeline, playback = self._session.timeline, self._session.playback
        index = timeline.chunk_at(timeline.playhead)
        if index is None or playback.playing or playback.mode == "source":
            return
        chunk = timeline.chunks[index]
        if chunk.active_take not in chunk.takes or len(chunk.takes) < 2:
            return
        at = chunk.takes.index(chunk.active_take)
        names = chunk.takes[max(at - 1, 0) : at + 2]
        found = (self._session.store.take_folder(index, name) for name in names)
        folders = [folder for folder in found if folder is not None]
        frame = timeline.playhead - chunk.first_frame
        self._session.background.submit(
            lambda: self.take_frames.prefetch(folders, frame), lambda _: None, priority=-1
        )

    def _takes_may_differ(self, first: int, last: int) -> None:
        chunks = self._session.timeline.chunks[first : last + 1]
        if any(self._active.get(c.index, (None,))[0] != c.active_take for c in chunks):
            self._follow_takes()

    def _forget(self) -> None:
        self._thumbnails.forget()
        self.source_frames.forget()
        self.result_frames.forget()
        self._live = (-1, None)

    # Thumbnails of the timeline

    def source(self, chunk: int) -> QPixmap | None:
        """The source frame that conditions a chunk."""
        facts = self._session.library.source(self._session.data.source)
        if facts is None or chunk >= len(self._session.timeline.chunks):
            return None
        seconds = self._session.timeline.chunks[chunk].source_time
        if facts.kind == "picture":
            seconds = 0.0
        size = self._session.rendered_size()
        return self._thumbnails.get(
            ("source", facts.path, round(seconds, 3), size),
            lambda: _thumbnail(facts, seconds, size),
        )

    def take(self, chunk: int, take: str) -> QPixmap | None:
        folder = self._session.store.take_folder(chunk, take)
        if folder is None:
            return None
        return self._thumbnails.get(("take", folder), lambda: self._take_thumbnail(folder))

    def _take_thumbnail(self, folder: Path) -> QImage | None:
        image = self.take_frames.middle(folder)
        if image is None:
            return None
        return image.scaledToHeight(HEIGHT, Qt.TransformationMode.SmoothTransformation)

    def live(self, chunk: int) -> QPixmap | None:
        """The newest picture of the chunk being denoised."""
        return self._live_pixmap if self._live[0] == chunk else None

    def whole_source(self) -> QPixmap | None:
        """The source without crop, for its card."""
        facts = self._session.library.source(self._session.data.source)
        if facts is None:
            return None
        return self._thumbnails.get(("card", facts.path), lambda: _whole(facts))

    # Live picture

    def show_live(self, chunk: int, path: Path, done: Callable[[list[QImage]], None]) -> None:
        """Reads the newest step's moments; an older picture that is still read is dropped."""
        self._live = (chunk, path)
        size = self._session.rendered_size()

        def arrived(images: list[QImage]) -> None:
            if self._live == (chunk, path) and not images[0].isNull():
                self._live_pixmap = QPixmap.fromImage(images[-1])
                done(images)

        self._session.background.submit(
            lambda: moments(QImage(str(path)), size), arrived, priority=4
        )

    def end_live(self) -> None:
        self._live, self._live_pixmap = (-1, None), None


@dataclass(frozen=True)
class _Opened:
    """What is read: a source, the size that is rendered (H, W), what follows its end."""

    facts: "SourceFacts | None" = None
    size: tuple[int, int] | None = None
    end: str = "pingpong"


class _SourceReader:
    """Reads frames of the source at the rendered size, on the loader's thread.

    The lock is held while decoding, so that the window's thread must never take it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wanted = _Opened()  # replaced whole, by the window's thread
        self._opened = self._wanted
        self._reader: PictureReader | VideoReader | None = None
        self._still: QImage | None = None

    def use(self, facts: "SourceFacts | None", size: tuple[int, int] | None, end: str) -> None:
        """What is read from now on. Waits for no decoder."""
        self._wanted = _Opened(facts, size, end)

    def read(self, frame: int) -> QImage | None:
        from infinitetalk.media.video import open_source

        with self._lock:
            if self._opened is not self._wanted:
                self._close()
                self._opened = self._wanted
            opened = self._opened
            if opened.facts is None:
                return None
            if self._still is not None:
                return self._still
            if self._reader is None:
                self._reader = open_source(opened.facts, end=opened.end)  # type: ignore[arg-type] - a SourceEnd of the request
            try:
                image = cropped(image_of(self._reader.frame(frame)), opened.size)
            except IndexError:
                return None
            if opened.facts.kind == "picture":
                self._still = image
            return image

    def close(self) -> None:
        with self._lock:
            self._close()

    def _close(self) -> None:
        if self._reader is not None:
            self._reader.close()
        self._reader, self._still = None, None


def _thumbnail(facts: "SourceFacts", seconds: float, size: tuple[int, int] | None) -> QImage | None:
    from infinitetalk.media.video import read_thumbnail

    image = image_of(read_thumbnail(facts, seconds, longest=2 * HEIGHT + 64))
    if size is None:
        return image
    height, width = size
    scale = HEIGHT / height
    return cropped(image, (HEIGHT, max(round(width * scale), 1)))


def _whole(facts: "SourceFacts") -> QImage:
    from infinitetalk.media.video import read_thumbnail

    return image_of(read_thumbnail(facts, min(1.0, facts.duration / 2), longest=480))
