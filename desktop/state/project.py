"""The open project: its value, undo and redo, and what observers need to follow it."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from desktop import commands
from desktop.state.document import ProjectData
from infinitetalk.request import ChunkSettings


class ProjectState(QObject):
    """Holds the one value that edits replace. `changed` names the fields that differ."""

    changed = Signal(object)  # frozenset of field names of ProjectData
    replaced = Signal()  # another project
    title_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.data = ProjectData()
        self.path: Path | None = None
        self.name = ""
        self.saved = True
        self.read_only = False
        self.undo = QUndoStack(self)
        self.undo.setUndoLimit(500)

    def replace(self, data: ProjectData, *, path: Path | None, name: str) -> None:
        """Another project takes the place of this one."""
        self.undo.clear()
        self.data, self.path, self.name = data, path, name
        self.saved, self.read_only = True, False
        self.replaced.emit()
        self.title_changed.emit()

    def edit(self, change: tuple[str, ProjectData], kind: str = "") -> None:
        """An edit with its name. Edits of one `kind` in quick succession are one step of undo."""
        text, data = change
        if data != self.data and not self.read_only:
            self.undo.push(commands.ProjectEdit(text, self.data, data, self.apply, kind))

    def push(self, command: QUndoCommand) -> None:
        if not self.read_only:
            self.undo.push(command)

    def apply(self, data: ProjectData) -> None:
        """Makes `data` the project's value; called by undo commands."""
        names = commands.changed_fields(self.data, data)
        if names:
            self.data = data
            self.set_saved(False)
            self.changed.emit(names)

    def set_saved(self, saved: bool) -> None:
        if saved != self.saved:
            self.saved = saved
            self.title_changed.emit()

    def set_place(self, path: Path, name: str) -> None:
        self.path, self.name = path, name
        self.title_changed.emit()

    # What inspectors ask

    def chunk_value(self, index: int, name: str) -> tuple[Any, bool]:
        """A setting of a chunk, and whether it is the chunk's own."""
        own = getattr(self.data.chunk_settings(index), name)
        if own is not None:
            return own, True
        return self.project_value(name), False

    def project_value(self, name: str) -> Any:
        """What chunks without their own value use."""
        if name == "speech_shift":
            return 0.0
        if name == "source_time":
            return None
        return self.data.option(name)

    def set_chunk_values(self, indices: tuple[int, ...], **changes: Any) -> None:
        """Own values of chunks; what equals the project's value is still the chunk's own."""
        if indices:
            kind = f"chunks {indices} {sorted(changes)}"
            self.edit(commands.set_chunks(self.data, indices, changes), kind)

    def copied_settings(self, index: int) -> ChunkSettings:
        return self.data.chunk_settings(index)
