"""The timeline as the views see it: chunks, selection, playhead, range, markers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from desktop.state.clock_text import time_text
from infinitetalk.event import ChunkStatus

# Where chunks are too narrow to tell apart, the state that needs the user most is shown.
WORST_FIRST: tuple[ChunkStatus, ...] = (
    "failed",
    "stale",
    "rendering",
    "waiting",
    "kept",
    "ready",
    "left_out",
)


@dataclass(frozen=True, kw_only=True)
class ChunkView:
    """One chunk of the timeline. Frames count from the start of the timeline."""

    index: int  # from 0; shown from 1
    first_frame: int
    frame_count: int
    status: ChunkStatus = "waiting"
    step: int = 0
    steps: int = 0
    takes: tuple[str, ...] = ()
    active_take: str | None = None
    locked_takes: tuple[str, ...] = ()  # a kept follower was built on them
    color_drift: float = 0.0
    identity_drift: float = 0.0
    source_time: float = 0.0  # seconds into the source
    own_settings: bool = False
    seam_visible: bool = False  # of a kept chunk: the blend is likely to be seen
    reason: str = ""

    @property
    def end_frame(self) -> int:
        return self.first_frame + self.frame_count

    @property
    def take_number(self) -> int:
        """Which take is active, from 1; 0 where there is none."""
        if self.active_take in self.takes:
            return self.takes.index(self.active_take) + 1
        return 0

    @property
    def playable(self) -> bool:
        return self.active_take is not None


@dataclass(frozen=True, kw_only=True)
class Marker:
    frame: int
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class SpeakerRow:
    """One speaker's speech as a row of the timeline."""

    name: str
    file_name: str = ""
    token: str = "speaker_a"  # its color
    letter: str = "A"
    start: float = 0.0  # seconds by which the speech is moved
    duration: float = 0.0  # seconds of the file
    muted: bool = False
    solo: bool = False


class TimelineState(QObject):
    """What is shown and selected on the timeline. All frames are video frames."""

    chunks_reset = Signal()  # their number or places changed
    chunks_changed = Signal(int, int)  # first and last index whose state changed
    selection_changed = Signal()
    playhead_changed = Signal(int)
    range_changed = Signal()
    markers_changed = Signal()
    snap_changed = Signal(bool)
    takes_shown_changed = Signal(bool)
    speakers_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.chunks: list[ChunkView] = []
        self.selected: frozenset[int] = frozenset()
        self.current: int | None = None
        self.playhead = 0
        self.in_frame: int | None = None
        self.out_frame: int | None = None  # exclusive
        self.markers: tuple[Marker, ...] = ()
        self.speakers: tuple[SpeakerRow, ...] = ()
        self.drift_threshold = 6.0  # mean Lab distance above which a chunk is marked
        self.speech_starts: tuple[int, ...] = ()  # frames where speech begins after silence
        self.snap = True
        self.takes_shown = False
        self._anchor: int | None = None

    @property
    def total_frames(self) -> int:
        return self.chunks[-1].end_frame if self.chunks else 0

    def set_chunks(self, chunks: Sequence[ChunkView]) -> None:
        same_places = len(chunks) == len(self.chunks) and all(
            new.first_frame == old.first_frame and new.frame_count == old.frame_count
            for new, old in zip(chunks, self.chunks, strict=True)
        )
        if not same_places:
            self.chunks = list(chunks)
            kept = frozenset(i for i in self.selected if i < len(chunks))
            self.chunks_reset.emit()
            self._select(kept, self.current if self.current in kept else None)
            self.set_playhead(self.playhead)
            return
        changed = [
            i for i, (new, old) in enumerate(zip(chunks, self.chunks, strict=True)) if new != old
        ]
        if changed:
            self.chunks = list(chunks)
            self.chunks_changed.emit(changed[0], changed[-1])

    def set_chunk(self, chunk: ChunkView) -> None:
        if self.chunks[chunk.index] != chunk:
            self.chunks[chunk.index] = chunk
            self.chunks_changed.emit(chunk.index, chunk.index)

    def change_chunk(self, index: int, **changes: Any) -> None:
        self.set_chunk(replace(self.chunks[index], **changes))

    def chunk_at(self, frame: int) -> int | None:
        """Index of the chunk that shows `frame`; None outside the timeline."""
        low, high = 0, len(self.chunks)
        while low < high:
            middle = (low + high) // 2
            if self.chunks[middle].end_frame <= frame:
                low = middle + 1
            else:
                high = middle
        if low < len(self.chunks) and self.chunks[low].first_frame <= frame:
            return low
        return None

    def select(self, index: int | None, how: Literal["set", "extend", "toggle"] = "set") -> None:
        if index is None or not 0 <= index < len(self.chunks):
            self._select(frozenset(), None)
            return
        if how == "extend" and self._anchor is not None:
            first, last = sorted((self._anchor, index))
            self._select(frozenset(range(first, last + 1)), index)
            return
        if how == "toggle":
            chosen = self.selected ^ {index}
            self._anchor = index
            self._select(chosen, index if index in chosen else None)
            return
        self._anchor = index
        self._select(frozenset({index}), index)

    def select_many(self, indices: Iterable[int]) -> None:
        chosen = frozenset(i for i in indices if 0 <= i < len(self.chunks))
        self._select(chosen, min(chosen) if chosen else None)

    def _select(self, chosen: frozenset[int], current: int | None) -> None:
        if current is None and chosen:
            current = min(chosen)
        if (chosen, current) != (self.selected, self.current):
            self.selected, self.current = chosen, current
            self.selection_changed.emit()

    def set_playhead(self, frame: int) -> None:
        frame = min(max(frame, 0), max(self.total_frames - 1, 0))
        if frame != self.playhead:
            self.playhead = frame
            self.playhead_changed.emit(frame)

    def set_range(self, in_frame: int | None, out_frame: int | None) -> None:
        if in_frame is not None and out_frame is not None and out_frame <= in_frame:
            in_frame, out_frame = out_frame, in_frame + 1
        if (in_frame, out_frame) != (self.in_frame, self.out_frame):
            self.in_frame, self.out_frame = in_frame, out_frame
            self.range_changed.emit()

    def set_markers(self, markers: Iterable[Marker]) -> None:
        markers = tuple(sorted(markers, key=lambda m: m.frame))
        if markers != self.markers:
            self.markers = markers
            self.markers_changed.emit()

    def set_speakers(self, speakers: Iterable[SpeakerRow]) -> None:
        speakers = tuple(speakers)
        if speakers != self.speakers:
            self.speakers = speakers
            self.speakers_changed.emit()

    def set_snap(self, on: bool) -> None:
        if on != self.snap:
            self.snap = on
            self.snap_changed.emit(on)

    def show_takes(self, on: bool) -> None:
        if on != self.takes_shown:
            self.takes_shown = on
            self.takes_shown_changed.emit(on)

    def edges(self) -> list[int]:
        """First frames of all chunks, and the end."""
        return [c.first_frame for c in self.chunks] + [self.total_frames]

    def next_edge(self, direction: int) -> int:
        """The chunk edge after (1) or before (-1) the playhead."""
        edges = self.edges()
        if direction > 0:
            return next((e for e in edges if e > self.playhead), self.total_frames)
        return next((e for e in reversed(edges) if e < self.playhead), 0)

    def next_marker(self, direction: int) -> int | None:
        frames = [m.frame for m in self.markers]
        if direction > 0:
            return next((f for f in frames if f > self.playhead), None)
        return next((f for f in reversed(frames) if f < self.playhead), None)

    def snapped(self, frame: float, reach: float) -> int:
        """`frame`, or the snap target nearest to it within `reach` frames."""
        if not self.snap:
            return round(frame)
        targets = [*self.edges(), *(m.frame for m in self.markers), *self.speech_starts]
        targets += [f for f in (self.in_frame, self.out_frame) if f is not None]
        nearest = min(targets, key=lambda t: abs(t - frame), default=round(frame))
        return nearest if abs(nearest - frame) <= reach else round(frame)

    def indices(self, *statuses: ChunkStatus) -> list[int]:
        return [c.index for c in self.chunks if c.status in statuses]

    def in_range(self, chunk: ChunkView) -> bool:
        start = self.in_frame if self.in_frame is not None else 0
        end = self.out_frame if self.out_frame is not None else self.total_frames
        return chunk.end_frame > start and chunk.first_frame < end


class ChunkListModel(QAbstractListModel):
    """The chunks as items, for list views, screen readers and tests."""

    def __init__(self, timeline: TimelineState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timeline = timeline
        timeline.chunks_reset.connect(self._reset)
        timeline.chunks_changed.connect(self._changed)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._timeline.chunks)

    def data(
        self,
        index: QModelIndex | QPersistentModelIndex,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        if not index.isValid() or index.row() >= len(self._timeline.chunks):
            return None
        chunk = self._timeline.chunks[index.row()]
        if role in (
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.AccessibleTextRole,
            Qt.ItemDataRole.ToolTipRole,
        ):
            return self.describe(chunk)
        if role == Qt.ItemDataRole.UserRole:
            return chunk
        return None

    def status_text(self, status: ChunkStatus) -> str:
        return {
            "waiting": self.tr("waiting"),
            "rendering": self.tr("rendering"),
            "ready": self.tr("ready"),
            "stale": self.tr("stale"),
            "kept": self.tr("kept"),
            "failed": self.tr("failed"),
            "left_out": self.tr("left out"),
        }[status]

    def describe(self, chunk: ChunkView) -> str:
        """As in: Chunk 21, stale: follows chunk 20, take 1 of 1, 0:57.96 to 1:00.84."""
        state = self.status_text(chunk.status)
        if chunk.status == "rendering" and chunk.steps:
            state += " " + self.tr("step {0} of {1}").format(chunk.step, chunk.steps)
        if chunk.reason:
            state += f": {chunk.reason}"
        parts = [self.tr("Chunk {0}").format(chunk.index + 1), state]
        if chunk.takes:
            parts.append(self.tr("take {0} of {1}").format(chunk.take_number, len(chunk.takes)))
        parts.append(
            self.tr("{0} to {1}").format(time_text(chunk.first_frame), time_text(chunk.end_frame))
        )
        return ", ".join(parts)

    def _reset(self) -> None:
        self.beginResetModel()
        self.endResetModel()

    def _changed(self, first: int, last: int) -> None:
        self.dataChanged.emit(self.index(first), self.index(last))
