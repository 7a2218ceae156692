"""What the Timeline menu does: playing, seeking, range, markers, takes."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QInputDialog, QWidget

from desktop import commands as edits
from desktop.state.document import ProjectData
from desktop.state.session import Session
from desktop.state.timeline import Marker
from infinitetalk.request import FPS


class TimelineCommands(QObject):
    """Moves the playhead and edits what lies on the timeline."""

    def __init__(self, window: QWidget, session: Session) -> None:
        super().__init__()
        self._window, self._session = window, session

    @property
    def _data(self) -> ProjectData:
        return self._session.data

    def _edit(self, change: tuple[str, ProjectData]) -> None:
        self._session.project.edit(change)

    def handlers(self) -> dict[str, Callable[..., object]]:
        playback, timeline = self._session.playback, self._session.timeline
        return {
            "play.toggle": playback.toggle,
            "play.back": lambda: playback.shuttle(-1),
            "play.forward": lambda: playback.shuttle(1),
            "play.loop": playback.set_loop,
            "seek.back": lambda: playback.step(-1),
            "seek.forward": lambda: playback.step(1),
            "seek.second_back": lambda: playback.step(-FPS),
            "seek.second_forward": lambda: playback.step(FPS),
            "seek.chunk_back": lambda: playback.seek(timeline.next_edge(-1)),
            "seek.chunk_forward": lambda: playback.seek(timeline.next_edge(1)),
            "seek.start": lambda: playback.seek(0),
            "seek.end": lambda: playback.seek(timeline.total_frames),
            "seek.go_to": self.go_to,
            "range.in": lambda: timeline.set_range(timeline.playhead, timeline.out_frame),
            "range.out": lambda: timeline.set_range(timeline.in_frame, timeline.playhead + 1),
            "range.clear_in": lambda: timeline.set_range(None, timeline.out_frame),
            "range.clear_out": lambda: timeline.set_range(timeline.in_frame, None),
            "range.clear": lambda: timeline.set_range(None, None),
            "marker.add": self.add_marker,
            "marker.remove": self.remove_marker,
            "marker.previous": partial(self._to_marker, -1),
            "marker.next": partial(self._to_marker, 1),
            "timeline.snap": timeline.set_snap,
            "takes.show": timeline.show_takes,
            "takes.previous": partial(self._other_take, -1),
            "takes.next": partial(self._other_take, 1),
        }

    def go_to(self) -> None:
        text, done = QInputDialog.getText(
            self._window,
            self.tr("Go to"),
            self.tr("Time (1:02.5), frame (1179) or chunk (c21)"),
        )
        if done:
            frame = parse_place(text, [c.first_frame for c in self._session.timeline.chunks])
            if frame is None:
                self._session.messages.notice(self.tr("This is no time"), text, code="goto.unclear")
            else:
                self._session.playback.seek(frame)

    def add_marker(self) -> None:
        frame = self._session.timeline.playhead
        if not self._session.timeline.chunks or any(m.frame == frame for m in self._data.markers):
            return
        self._edit(edits.set_markers(self._data, (*self._data.markers, Marker(frame=frame))))

    def remove_marker(self) -> None:
        timeline = self._session.timeline
        reach = 8 / self._session.viewport.scale
        near = min(timeline.markers, key=lambda m: abs(m.frame - timeline.playhead), default=None)
        if near is not None and abs(near.frame - timeline.playhead) <= max(reach, 1):
            left = tuple(m for m in self._data.markers if m != near)
            self._edit(edits.set_markers(self._data, left))

    def _to_marker(self, direction: int) -> None:
        frame = self._session.timeline.next_marker(direction)
        if frame is not None:
            self._session.playback.seek(frame)

    def _other_take(self, by: int) -> None:
        timeline = self._session.timeline
        index = timeline.current if timeline.current is not None else None
        if index is None:
            index = timeline.chunk_at(timeline.playhead)
        if index is None:
            return
        chunk = timeline.chunks[index]
        if len(chunk.takes) > 1:
            place = (chunk.take_number - 1 + by) % len(chunk.takes)
            self._session.takes.choose(index, chunk.takes[place])

    def shift_speech(self, number: int, start: float) -> None:
        self._edit(edits.change_speaker(self._data, number, start=start))

    def move_source_frame(self, index: int, seconds: float) -> None:
        chunk = self._session.timeline.chunks[index]
        time = max(round(chunk.source_time + seconds, 2), 0.0)
        facts = self._session.library.source(self._data.source)
        if facts is not None and facts.kind == "video":
            time = min(time, facts.duration)
            self._session.project.set_chunk_values((index,), source_time=time)

    def playing(self, playing: bool) -> None:
        playable = any(c.playable for c in self._session.timeline.chunks)
        if playing and playable and self._session.playback.mode == "source":
            self._session.playback.set_mode("result")


def parse_place(text: str, starts: list[int]) -> int | None:
    """A frame from a time "1:02.5", a frame "1179" or a chunk "c21" (counted from 1)."""
    text = text.strip().lower()
    try:
        if text.startswith("c"):
            index = int(text[1:]) - 1
            return starts[index] if 0 <= index < len(starts) else None
        if ":" in text or "." in text or "," in text:
            seconds = 0.0
            for part in text.replace(",", ".").split(":"):
                seconds = seconds * 60 + float(part)
            return round(seconds * FPS)
        return int(text)
    except ValueError:
        return None
