"""The first clip of a new user: sample face and voice, the bundled miniature."""

from PySide6.QtCore import QCoreApplication, QObject

from desktop.state.document import MINIATURE, ProjectData, preset_changes
from desktop.state.examples import one_speaker
from desktop.state.opening import Opener
from desktop.state.session import Session


class FirstVideo(QObject):
    """Opens the sample project and renders it as soon as its files are read; no pre-flight."""

    def __init__(self, session: Session, opener: Opener) -> None:
        super().__init__(session)
        self._session, self._opener = session, opener
        self._waiting = False
        self._played = True  # other projects don't play by themselves
        session.request_changed.connect(self._ready)
        session.take_changed.connect(self._chunk_ready)

    def start(self) -> None:
        name = QCoreApplication.translate("first", "hello-first-video")
        base = ProjectData(
            preset="",
            preset_changes=preset_changes("", self._session.planner.own_presets(MINIATURE)),
            model=MINIATURE,
        )
        self._waiting, self._played = True, False
        self._opener.new(one_speaker(base), name)
        self._ready()

    def _ready(self) -> None:
        chunks = self._session.timeline.chunks
        if self._waiting and chunks and self._session.planner.request is not None:
            self._waiting = False
            self._session.render(model=MINIATURE)

    def _chunk_ready(self, first: int, last: int) -> None:
        """Chunk 1 plays when it is ready, while the next one is rendered."""
        del last
        if first == 0 and not self._played and self._session.data.model == MINIATURE:
            self._played = True
            self._session.playback.set_mode("result")
            self._session.playback.seek(0)
            self._session.playback.play()
