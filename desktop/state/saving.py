"""Project files: edits go to the journal within a second, the file is rewritten each minute.

All writing happens on one background thread, in order.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, get_args

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.loading.background import Background
from desktop.state.document import MINIATURE, ProjectData, Speaker
from desktop.state.project import ProjectState
from desktop.state.timeline import Marker
from infinitetalk.errors import ErrorReport
from infinitetalk.project.document import SUFFIX, ProjectFile
from infinitetalk.request import (
    Apg,
    Arrangement,
    Box,
    ChunkSettings,
    Lora,
    Mends,
    Painted,
)

JOURNAL_MS = 400
REWRITE_MS = 60_000


def content_of(data: ProjectData) -> dict[str, Any]:
    """A project as plain values and paths, for the project file."""
    return {
        "source": data.source,
        "speakers": [
            {**asdict(s), "path": s.path, "painted": _painted_content(s.painted)}
            for s in data.speakers
        ],
        "arrangement": data.arrangement,
        "preset": data.preset,
        "preset_changes": {k: _plain(v) for k, v in data.preset_changes.items()},
        "options": {name: _plain(value) for name, value in data.options.items()},
        "chunks": [[i, asdict(s)] for i, s in data.chunks],
        "in_frame": data.in_frame,
        "out_frame": data.out_frame,
        "markers": [[m.frame, m.text] for m in data.markers],
        "model": data.model,
    }


def _painted_content(area: Painted | None) -> dict[str, Any] | None:
    return None if area is None else {**asdict(area), "runs": list(area.runs)}


def _plain(value: Any) -> Any:
    if isinstance(value, (Apg, Mends)):
        return asdict(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Lora):
        return {"path": value.path, "scale": value.scale}
    return value


def data_of(content: Mapping[str, Any]) -> ProjectData:
    """A project from the content of its file. Raises ValueError, TypeError or KeyError."""
    arrangement = content.get("arrangement", "together")
    if arrangement not in get_args(Arrangement):
        raise ValueError(f"arrangement must be one of {get_args(Arrangement)}: {arrangement!r}")
    return ProjectData(
        source=_path(content.get("source")),
        speakers=tuple(_speaker(s) for s in content.get("speakers", ())),
        arrangement=arrangement,
        preset=str(content.get("preset", "fast")),
        preset_changes=_options(content.get("preset_changes", {})),
        options=_options(content.get("options", {})),
        chunks=tuple((int(i), ChunkSettings(**s)) for i, s in content.get("chunks", ())),
        in_frame=content.get("in_frame"),
        out_frame=content.get("out_frame"),
        markers=tuple(Marker(frame=int(f), text=str(t)) for f, t in content.get("markers", ())),
        model=str(content.get("model", MINIATURE)),
    )


def _speaker(values: Mapping[str, Any]) -> Speaker:
    box = values.get("box")
    known = {k: v for k, v in values.items() if k in Speaker.__dataclass_fields__}
    painted = values.get("painted")
    area = None if painted is None else Painted(**{**painted, "runs": tuple(painted["runs"])})
    return Speaker(
        **{
            **known,
            "path": _path(values.get("path")),
            "box": Box(**box) if box else None,
            "painted": area,
        }
    )


def _path(value: Any) -> Path | None:
    return None if value is None else Path(value)


def _options(values: Any) -> dict[str, Any]:
    return {str(k): _option(k, v) for k, v in dict(values).items()}


def _option(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name == "size":
        return (int(value[0]), int(value[1]))
    if name == "loras":
        return tuple(Lora(path=Path(v["path"]), scale=float(v["scale"])) for v in value)
    if name == "apg":
        return Apg(**value)
    if name == "mends":
        return Mends(**value)
    return value


class ProjectSaver(QObject):
    """Keeps the file of the open project up to date."""

    failed = Signal(object)  # ErrorReport
    saved = Signal()

    def __init__(self, project: ProjectState) -> None:
        super().__init__()
        self._project = project
        self._writing = Background(threads=1)
        self._file: ProjectFile | None = None
        self._journal = QTimer(self)
        self._journal.setSingleShot(True)
        self._journal.setInterval(JOURNAL_MS)
        self._journal.timeout.connect(self._record)
        self._rewrite = QTimer(self)
        self._rewrite.setInterval(REWRITE_MS)
        self._rewrite.timeout.connect(self.save_soon)
        self._rewrite.start()
        project.changed.connect(lambda _: self._journal.start())

    @property
    def file(self) -> ProjectFile | None:
        return self._file

    def adopt(self, file: ProjectFile | None) -> None:
        """Another project's file; the one before is saved and given back."""
        old, self._file = self._file, file
        self._journal.stop()
        if old is not None:
            self._writing.submit(old.close, lambda _: None)

    def _record(self) -> None:
        file, data = self._file, self._project.data
        if file is None or file.read_only:
            return
        content = content_of(data)
        self._writing.submit(
            lambda: file.record(content), lambda _: self._written(data), self.failed.emit
        )

    def save_soon(self) -> None:
        """Rewrites the file if anything has changed since."""
        self.save()

    def save(self, then: Callable[[], object] | None = None) -> None:
        file, data = self._file, self._project.data
        if file is None or file.read_only:
            return
        self._journal.stop()
        content = content_of(data)

        def done(_: object) -> None:
            self._written(data)
            self.saved.emit()
            if then is not None:
                then()

        self._writing.submit(lambda: file.save(content), done, self.failed.emit)

    def create(
        self,
        path: Path,
        then: Callable[[ProjectFile], object],
        failed: Callable[[ErrorReport], object] | None = None,
    ) -> None:
        """Writes the open project to a new file."""
        content = content_of(self._project.data)

        def write() -> ProjectFile:
            path.parent.mkdir(parents=True, exist_ok=True)
            return ProjectFile.create(path, content)

        self._writing.submit(write, then, failed or self.failed.emit)

    def open(
        self,
        path: Path,
        then: Callable[[ProjectFile], object],
        failed: Callable[[ErrorReport], object],
    ) -> None:
        self._writing.submit(lambda: ProjectFile.open(path), then, failed)

    def finish(self) -> None:
        """Before the program ends: the last edits are written, the lock is given back."""
        file, data = self._file, self._project.data
        self._journal.stop()
        self._rewrite.stop()
        if file is not None:
            if not file.read_only and not self._project.saved:
                content = content_of(data)
                self._writing.submit(lambda: file.save(content), lambda _: None)
            self._writing.submit(file.close, lambda _: None)
        self._writing.finish()

    def _written(self, data: ProjectData) -> None:
        if data == self._project.data:
            self._project.set_saved(True)


def project_name(path: Path) -> str:
    return path.name.removesuffix(SUFFIX)


def moved_to(data: ProjectData, old: Path, new: Path) -> ProjectData:
    """The project with one file in another place."""
    speakers = tuple(replace(s, path=new) if s.path == old else s for s in data.speakers)
    return replace(data, source=new if data.source == old else data.source, speakers=speakers)
