"""What the File menu does: projects in and out, sources, speech, frames, and what is dropped."""

import logging
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from desktop.state import examples
from desktop.state.document import ProjectData
from desktop.state.dropping import DropPlan
from desktop.state.opening import Opener
from desktop.state.session import Session
from desktop.views.main_window import MainWindow
from desktop.views.opened import Dialogs
from infinitetalk.errors import ErrorReport

_log = logging.getLogger(__name__)


class FileCommands(QObject):
    """Asks for files and hands them to session and opener."""

    def __init__(
        self, window: MainWindow, session: Session, opener: Opener, dialogs: Dialogs
    ) -> None:
        super().__init__()
        self._window, self._session, self._opener = window, session, opener
        self._dialogs = dialogs

    @property
    def _data(self) -> ProjectData:
        return self._session.data

    def handlers(self) -> dict[str, Callable[..., object]]:
        return {
            "file.new": self.new,
            "file.open": self.open,
            "file.example_one": lambda: self._example(examples.one_speaker, self.tr("one-speaker")),
            "file.example_two": lambda: self._example(
                examples.two_speakers, self.tr("two-speakers")
            ),
            "file.save": self.save,
            "file.save_as": self.save_as,
            "file.import_source": self.import_source,
            "file.add_speech": self.add_speech,
            "file.make_speech": self._dialogs.make_speech,
            "file.import_job": self.import_job,
            "file.export": self._dialogs.export,
            "file.save_frame": self.save_frame,
            "file.quit": self._window.close,
        }

    def new(self) -> None:
        self._opener.new()

    def _example(self, make: Callable[[ProjectData], ProjectData], name: str) -> None:
        self._opener.new(make(self._session.new_project()), name)

    def open(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self._window,
            self.tr("Open project"),
            "",
            self.tr("Projects (*.italk);;Requests of the command line (*.json);;All files (*)"),
        )
        if path:
            self.open_path(Path(path))

    def open_path(self, path: Path) -> None:
        if path.suffix == ".json":
            self._opener.read_request(path)
        elif path.is_dir():
            self._opener.open_job(path)
        else:
            self._opener.open(path)

    def save(self) -> None:
        if self._session.project.path is None:
            self.save_as()
        else:
            self._opener.saver.save()

    def save_as(self) -> None:
        start = self._session.project.path or Path.home() / f"{self._session.project.name}.italk"
        path, _ = QFileDialog.getSaveFileName(
            self._window, self.tr("Save project"), str(start), self.tr("Projects (*.italk)")
        )
        if path:
            target = Path(path)
            if target.suffix != ".italk":
                target = target.with_name(target.name + ".italk")
            self._opener.save_as(target)

    def import_source(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self._window,
            self.tr("Choose picture or video"),
            "",
            self.tr("Pictures and videos ({0});;All files (*)").format(
                "*.png *.jpg *.jpeg *.webp *.bmp *.tif *.tiff *.gif *.avif "
                "*.mp4 *.mov *.mkv *.webm *.avi *.m4v"
            ),
        )
        if path:
            self._window.drop_paths([Path(path)])

    def add_speech(self) -> None:
        paths, _ = QFileDialog.getOpenFileNames(
            self._window,
            self.tr("Choose speech"),
            "",
            self.tr("Sound ({0});;All files (*)").format(
                "*.wav *.mp3 *.flac *.ogg *.opus *.m4a *.aac *.mp4 *.mov *.mkv"
            ),
        )
        if paths:
            self._session.add_speech([Path(p) for p in paths])

    def import_job(self) -> None:
        path = QFileDialog.getExistingDirectory(self._window, self.tr("Choose a job folder"))
        if path:
            self._opener.open_job(Path(path))

    def save_frame(self) -> None:
        canvas = self._window.preview.canvas
        image = canvas.source if self._session.playback.mode == "source" else canvas.result
        image = image or canvas.source
        if image is None:
            return
        frame = self._session.timeline.playhead
        name = f"{self._session.project.name or 'frame'} {frame:06d}.png"
        path, _ = QFileDialog.getSaveFileName(
            self._window, self.tr("Save frame"), name, self.tr("Pictures (*.png *.jpg)")
        )
        if path:
            copy = image.copy()
            self._session.background.submit(
                lambda: copy.save(path),
                lambda done: self._frame_saved(Path(path), done),
            )

    def _frame_saved(self, path: Path, done: bool) -> None:
        if done:
            self._session.messages.notice(self.tr("Frame saved"), path.name, code="frame.saved")
        else:
            report = ErrorReport(
                code="disk.read_only",
                title=self.tr("The frame could not be written"),
                detail=str(path),
                remedy=self.tr("Choose another folder."),
            )
            self._session.messages.show("error", report)

    def drop(self, plan: DropPlan) -> None:
        if plan.act == "open" and plan.source is not None:
            self._opener.open(plan.source)
        elif plan.act == "job" and plan.source is not None:
            self._opener.open_job(plan.source)
        elif plan.act == "request" and plan.source is not None:
            self._opener.read_request(plan.source)
        elif plan.act == "ask" and plan.source is not None:
            self._ask_about_sound(plan.source)
        else:
            if plan.source is not None:
                self._session.set_source(plan.source)
            if plan.speech:
                self._session.add_speech(plan.speech)

    def _ask_about_sound(self, path: Path) -> None:
        """A video with sound: picture, speech, or both; asked once the file was looked at."""
        library = self._session.library

        def look() -> None:
            facts = library.source(path)
            if facts is None:
                if library.problem(path) is not None:
                    library.changed.disconnect(look)
                    report = library.problem(path)
                    if report is not None:
                        self._session.messages.show("error", report)
                return
            try:
                library.changed.disconnect(look)
            except RuntimeError:
                _log.debug("was known already")
            room = len(self._data.speakers) < 2
            if facts.has_sound and room:
                self._dialogs.sound_of_video(path)
            else:
                self._session.set_source(path)

        library.changed.connect(look)
        look()
