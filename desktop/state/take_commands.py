"""What is done with takes: rendered anew, kept, chosen, removed; each can be undone.

The job's own timeline (takes, kept chunks) is shown as it will be at once, and stored by the
engine while it renders, by this program otherwise.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop import commands
from desktop.state.document import ProjectData
from infinitetalk import wire
from infinitetalk.errors import ErrorReport
from infinitetalk.project.timeline import Timeline
from infinitetalk.request import ChunkSettings

if TYPE_CHECKING:
    from desktop.state.session import Session


def _tr(text: str, *values: object) -> str:
    return QCoreApplication.translate("session", text).format(*values)


class TakeCommands:
    """Commands for the takes of the open project."""

    def __init__(self, session: "Session") -> None:
        self._session = session

    def redo(
        self,
        index: int,
        settings: tuple[ChunkSettings, ...],
        *,
        keep_following: bool,
        at_end: bool = False,
    ) -> None:
        """New takes of a chunk, rendered next (or after all others)."""
        if self._session.rendering_here:
            message = wire.Redo(
                job_folder=self._session.job_folder,
                chunk=index,
                settings=settings,
                keep_following=keep_following,
            )
            self._session.engine.ask(message, lambda _: self._session.store.reload(), self._refused)
            if settings:
                self._session.project.apply(self._session.data.with_chunk(index, settings[0]))
            return
        request = self._session.planner.request
        if request is None:
            return
        changed = self._session.store.redo(request, index, settings, keep_following=keep_following)
        self._session.project.apply(
            self._session.data.with_chunk(index, changed.chunk_settings(index))
        )
        old = self._session.job
        self._session.render(frames=old.frames if old is not None else None, next_one=not at_end)

    def keep(self, indices: Sequence[int]) -> None:
        """Stale chunks stay as they are; their seams are blended."""
        if not indices or not self._session.store.exists:
            return
        before = (self._session.data, self._session.store.timeline)
        after = (self._session.data, self._session.store.kept(indices))
        text = _tr("Keep {0} chunks", len(indices)) if len(indices) > 1 else _tr("Keep chunk")
        self._push_timeline(text, before, after, tuple(indices))

    def choose(self, index: int, take: str) -> None:
        """Another take of a chunk is shown, at once; undo shows the one before."""
        if self._session.timeline.chunks[index].active_take == take:
            return
        request = self._session.planner.request
        if request is None:
            return
        before = (self._session.data, self._session.store.timeline)
        changed, timeline = self._session.store.chosen(request, index, take)
        data = self._session.data.with_chunk(index, changed.chunk_settings(index))
        text = _tr("Choose another take of chunk {0}", index + 1)
        self._push_timeline(text, before, (data, timeline), (index,))

    def remove(self, index: int, take: str) -> None:
        """Refused with the reason where a kept chunk needs the take."""
        request = self._session.planner.request
        if request is None:
            return
        before = (self._session.data, self._session.store.timeline)
        found = self._session.store.removed(request, index, take)
        if isinstance(found, ErrorReport):
            self._session.messages.show("warning", found)
            return
        changed, timeline = found
        data = self._session.data.with_chunk(index, changed.chunk_settings(index))
        text = _tr("Remove a take of chunk {0}", index + 1)
        self._push_timeline(text, before, (data, timeline), (index,))

    def _push_timeline(
        self,
        text: str,
        before: commands.Both,
        after: commands.Both,
        indices: tuple[int, ...],
    ) -> None:
        first = self._session.timeline.chunks[indices[0]].first_frame
        last = self._session.timeline.chunks[indices[-1]].end_frame

        def apply(data: ProjectData, timeline: Timeline) -> None:
            old = self._session.store.timeline
            self._session.store.set_timeline(timeline)
            self._session.project.apply(data)
            self._store_timeline(old)
            self._session.rebuild()
            self._session.take_changed.emit(first, last)

        self._session.project.push(commands.TimelineEdit(text, before, after, apply))

    def _store_timeline(self, old: Timeline) -> None:
        """Brings the timeline onto the disk: by the engine while it renders this job."""
        if not self._session.rendering_here:
            self._session.store.save_timeline()
            return
        for message in self._session.store.messages_since(old):
            self._session.engine.ask(message, None, self._refused)

    def _refused(self, report: ErrorReport) -> None:
        self._session.messages.show("warning", report)
        self._session.store.reload()
