"""Opening and leaving projects: new, from a file, from a job folder, from a request, recovery."""

import json
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Signal

from desktop.state.document import MINIATURE, ProjectData, Speaker
from desktop.state.saving import ProjectSaver, data_of, project_name
from desktop.state.session import Session
from infinitetalk.errors import EngineError, ErrorReport
from infinitetalk.project.document import SUFFIX, ProjectFile
from infinitetalk.project.job import JobFolder
from infinitetalk.request import GenerationRequest

_OPTIONS = (
    "prompt",
    "negative_prompt",
    "resolution",
    "size",
    "size_scale",
    "mode",
    "max_frames",
    "steps",
    "shift",
    "text_guidance_scale",
    "audio_guidance_scale",
    "apg",
    "teacache_threshold",
    "color_correction",
    "scene_cuts",
    "seed",
    "loras",
    "precision",
    "mends",
)


def _tr(text: str, *values: object) -> str:
    return QCoreApplication.translate("opening", text).format(*values)


def data_of_request(request: GenerationRequest, model: str = MINIATURE) -> ProjectData:
    """A project that asks for the same video as `request`."""
    boxes = request.boxes or (None,) * len(request.speech)
    painted = request.painted or (None,) * len(request.speech)
    speakers = tuple(
        Speaker(
            name=track.path.stem if track.path else _tr("Silent"),
            path=track.path,
            start=track.start,
            gain_db=track.gain_db,
            box=box,
            painted=area,
        )
        for track, box, area in zip(request.speech, boxes, painted, strict=True)
    )
    data = ProjectData(
        source=request.source,
        speakers=speakers,
        arrangement=request.arrangement,
        preset="",
        preset_changes={},
        chunks=request.chunks,
        model=model,
    )
    for name in _OPTIONS:
        data = data.with_option(name, getattr(request, name))
    return data


class Opener(QObject):
    """Puts another project into the session. Files are read on the saver's thread."""

    opened = Signal()
    recovery_found = Signal(object)  # ProjectFile with edits or a job that was cut off

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.saver = ProjectSaver(session.project)
        self.saver.failed.connect(lambda report: session.messages.show("error", report))
        session.queue.job_finished.connect(lambda _: self.saver.save_soon())
        session.take_changed.connect(lambda *_: self.saver.save_soon())
        session.place_wanted.connect(self._take_place)

    def new(self, data: ProjectData | None = None, name: str = "") -> None:
        self.saver.save_soon()
        self.saver.adopt(None)
        data = data or self._session.new_project()
        self._session.project.replace(data, path=None, name=name)
        self.opened.emit()

    def open(self, path: Path) -> None:
        self.saver.save_soon()
        unclean = left_behind(path)
        self.saver.open(path, lambda file: self._opened(file, unclean=unclean), self._failed)

    def _opened(self, file: ProjectFile, *, unclean: bool) -> None:
        try:
            data = data_of(file.content)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            file.close()
            self._failed(
                ErrorReport(
                    code="job.damaged",
                    title=_tr("This project can't be read"),
                    detail=f"{file.path.name}: {error}",
                    remedy=_tr("Open another copy of it; nothing was changed."),
                )
            )
            return
        self.saver.adopt(file)
        session = self._session
        session.project.replace(data, path=file.path, name=project_name(file.path))
        session.settings.add_recent(file.path)
        if file.read_only:
            session.project.read_only = True
            session.project.title_changed.emit()
            if file.locked_by is not None:
                session.messages.show("warning", file.locked_by.report)
        self.opened.emit()
        session.background.submit(
            lambda: was_cut_off(file.job_folder) or (unclean and unfinished(file.job_folder)),
            lambda cut: self._look_for_recovery(file, cut),
        )

    def _look_for_recovery(self, file: ProjectFile, cut_off: bool) -> None:
        if (file.recovered or cut_off) and not file.read_only and file is self.saver.file:
            self.recovery_found.emit(file)

    def offer_recovery(self) -> None:
        """After an unclean end: the newest project whose last program did not close it."""
        recent = [Path(p) for p in self._session.settings.value.recent[:3]]

        def find() -> Path | None:
            for path in recent:
                if path.exists() and (left_behind(path) or was_cut_off(path.with_suffix(".job"))):
                    return path
            return None

        self._session.background.submit(find, lambda path: path and self.open(path))

    def _failed(self, report: ErrorReport) -> None:
        self._session.messages.show("error", report)

    def open_job(self, folder: Path) -> None:
        """A job made by the command line: a project beside it shows it."""
        beside = folder.with_suffix(SUFFIX)
        if beside.exists():
            self.open(beside)
            return

        def read() -> GenerationRequest:
            job = JobFolder.open(folder, write=False)
            return job.request

        self._session.background.submit(
            read, lambda request: self._job_read(folder, request), self._failed
        )

    def _job_read(self, folder: Path, request: GenerationRequest) -> None:
        self.saver.adopt(None)
        path = folder.with_suffix(SUFFIX)
        self._session.project.replace(
            data_of_request(request, self._any_model()), path=path, name=folder.stem
        )
        self.saver.create(path, self._created)
        self.opened.emit()

    def _any_model(self) -> str:
        others = [place for place in self._session.engine.weights if place != MINIATURE]
        return others[0] if others else MINIATURE

    def read_request(self, path: Path) -> None:
        """A request of this program as JSON."""

        def read() -> GenerationRequest:
            data = json.loads(path.read_text(encoding="utf-8"))
            try:
                return GenerationRequest.from_json(data.get("request", data))
            except (ValueError, AttributeError) as error:
                raise EngineError(
                    ErrorReport(
                        code="request.invalid",
                        title=_tr("This is not a request"),
                        detail=f"{path.name}: {error}",
                        remedy=_tr("Requests of the original script go to: infinitetalk render."),
                    )
                ) from error

        self._session.background.submit(
            read,
            lambda request: self.new(data_of_request(request, self._any_model()), path.stem),
            self._failed,
        )

    def save_as(self, path: Path, then: Callable[[], object] = lambda: None) -> None:
        """Writes the project to another place; `then` is called when it is there."""

        def created(file: ProjectFile) -> None:
            self._created(file)
            self._session.project.set_place(path, project_name(path))
            self._session.store.open(self._session.job_folder)
            self._session.settings.add_recent(path)
            then()

        self.saver.create(path, created)

    def _created(self, file: ProjectFile) -> None:
        self.saver.adopt(file)
        self._session.project.set_saved(True)

    def _take_place(self, path: Path) -> None:
        """A project that is rendered before it was saved gets a file among the jobs."""

        def created(file: ProjectFile) -> None:
            self._created(file)
            self._session.settings.add_recent(path)  # recovery looks there

        self.saver.create(path, created)

    def finish(self) -> None:
        self.saver.finish()


def was_cut_off(folder: Path) -> bool:
    """Whether the job's last program ended while it was rendering."""
    try:
        job = JobFolder.open(folder, write=False)
    except EngineError:
        return False
    return job.state().status in ("preparing", "rendering", "pausing")


def left_behind(path: Path) -> bool:
    """Whether the last program that had the project open did not close it."""
    return path.with_name(path.name + "-lock").exists()


def unfinished(folder: Path) -> bool:
    """Whether a job was begun and not all of it is there."""
    try:
        job = JobFolder.open(folder, write=False)
    except EngineError:
        return False
    state = job.state()
    return bool(state.chunks) and state.status not in ("finished", "waiting")
