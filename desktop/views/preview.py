"""The preview with its bar of modes, the live picture, and the transport below."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from desktop.actions import Actions
from desktop.loading.pictures import ProjectPictures
from desktop.state.jobs import Job
from desktop.state.playback import Mode, Way
from desktop.state.session import Session
from desktop.theme import Theme
from desktop.views.live_picture import LivePicture
from desktop.views.preview_canvas import PreviewCanvas
from desktop.views.transport import TransportBar
from desktop.widgets.buttons import link
from desktop.widgets.labels import Caption, ElidedLabel, line
from desktop.widgets.segments import Segments
from infinitetalk.event import Event, StepDone

_MODES: tuple[Mode, ...] = ("source", "result", "compare")
_WAYS: tuple[Way, ...] = ("wipe", "side", "difference")


class PreviewPane(QWidget):
    """Asks the loaders for the frames at the playhead, and shows them when they are there."""

    frame_shown = Signal(int)
    large_wanted = Signal()

    def __init__(
        self, session: Session, pictures: ProjectPictures, actions: Actions, theme: Theme
    ) -> None:
        super().__init__()
        self._session, self._pictures, self._theme = session, pictures, theme
        self.canvas = PreviewCanvas(session.playback, theme)
        self.live = LivePicture(theme, self.canvas)
        self.live.hide()
        self.live.still = session.settings.value.reduce_motion
        session.settings.changed.connect(self._settings_changed)
        self.live.clicked.connect(self._swap)
        self.live.moved.connect(self._live_moved)
        self._swapped = False
        self._direction = 1
        self._last = -1
        self._miniature = Caption(self.tr("Miniature model"), theme, self.canvas)
        self._miniature.hide()
        self.transport = TransportBar(session, actions, theme)
        self._top = self._top_bar(actions)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self._top)
        box.addWidget(line())
        self._stack = QStackedLayout()
        self._stack.addWidget(self.canvas)
        box.addLayout(self._stack, 1)
        box.addWidget(line())
        box.addWidget(self.transport)
        self.canvas.installEventFilter(self)
        self.canvas.double_clicked.connect(self.large_wanted)
        self._follow()

    def _follow(self) -> None:
        session, playback = self._session, self._session.playback
        session.timeline.playhead_changed.connect(self._playhead)
        playback.mode_changed.connect(self._mode_changed)
        playback.live_changed.connect(self._live_switched)
        self._pictures.source_frames.ready.connect(self._frame_ready)
        self._pictures.result_frames.ready.connect(self._frame_ready)
        self._pictures.takes_followed.connect(self.show_now)
        session.request_changed.connect(self.show_now)
        session.job_changed.connect(self._caption)
        session.take_changed.connect(self._take_changed)
        session.timeline.chunks_changed.connect(lambda *_: self._caption())
        session.queue.advanced.connect(self._advanced)
        session.project.replaced.connect(self._project_replaced)
        self._mode_changed()
        self.show_now()

    def _top_bar(self, actions: Actions) -> QFrame:
        bar = QFrame()
        bar.setProperty("kind", "panel")
        row = QHBoxLayout(bar)
        row.setContentsMargins(12, 6, 12, 6)
        row.setSpacing(12)
        self._modes = Segments(
            (self.tr("Source"), self.tr("Result"), self.tr("Compare")), self.tr("Preview shows")
        )
        self._modes.chosen.connect(lambda i: actions[f"view.{_MODES[i]}"].trigger())
        self._ways = Segments(
            (self.tr("Wipe"), self.tr("Side by side"), self.tr("Difference")),
            self.tr("Compare as"),
        )
        self._ways.chosen.connect(lambda i: actions[f"view.{_WAYS[i]}"].trigger())
        self._text = ElidedLabel("", "small", elide=Qt.TextElideMode.ElideRight)
        self._live_button = link(self.tr("Live"))
        self._live_button.setIcon(self._theme.icons.icon("eye", "accent"))
        self._live_button.setCheckable(True)
        self._live_button.setChecked(self._session.playback.live)
        self._live_button.setToolTip(self.tr("Show the chunk being denoised"))
        self._live_button.clicked.connect(lambda on: self._session.playback.set_live(on))
        self._fit = link(self.tr("Fit"), self._toggle_fit)
        for widget in (self._modes, self._ways):
            row.addWidget(widget)
        row.addWidget(self._text, 1)
        row.addWidget(self._live_button)
        row.addWidget(self._fit)
        self._session.playback.zoom_changed.connect(self._fit_text)
        self._fit_text()
        return bar

    def _toggle_fit(self) -> None:
        self._session.playback.set_fit(not self._session.playback.fit)

    def _fit_text(self) -> None:
        fit = self._session.playback.fit
        self._fit.setText(self.tr("Fit") if fit else self.tr("100 %"))
        self._fit.setToolTip(
            self.tr("Preview fits; click for 100 %") if fit else self.tr("Click to fit")
        )

    def set_bare(self, bare: bool) -> None:
        """Full screen shows the picture and the transport alone."""
        self._top.setVisible(not bare)

    # Frames

    def _mode_changed(self) -> None:
        playback = self._session.playback
        self._modes.choose(_MODES.index(playback.mode))
        self._ways.choose(_WAYS.index(playback.way))
        self._ways.setVisible(playback.mode == "compare")
        self.show_now()

    def _playhead(self, frame: int) -> None:
        self._direction = 1 if frame >= self._last else -1
        self.show_now()

    def _project_replaced(self) -> None:
        self._swapped = False
        self.live.hide()
        self.show_now()

    def show_now(self) -> None:
        """Asks for the frames at the playhead and shows what is there of them."""
        session = self._session
        frame, total = session.timeline.playhead, session.timeline.total_frames
        self._last = frame
        if session.data.source is None:
            self.canvas.empty_text = self.tr("Drop a picture or a video, and speech")
            self.canvas.show_pictures(None, None, dimmed=False)
            self._caption()
            return
        self.canvas.empty_text = ""
        mode = session.playback.mode
        span = max(total, 1)
        result_there = self._result_there(frame)
        if mode != "result" or not result_there:
            self._pictures.source_frames.want(frame, span, direction=self._direction)
        if mode != "source" and result_there:
            self._pictures.result_frames.want(frame, span, direction=self._direction)
        self._show(frame)
        self._caption()

    def _result_there(self, frame: int) -> bool:
        chunk = self._session.timeline.chunk_at(frame)
        return chunk is not None and self._session.timeline.chunks[chunk].playable

    def _show(self, frame: int) -> None:
        if self._swapped and self.live.image is not None:
            self.canvas.show_pictures(self.live.image, self.live.image, dimmed=False)
            return
        source = self._pictures.source_frames.get(frame)
        there = self._result_there(frame)
        result = self._pictures.result_frames.get(frame) if there else None
        mode = self._session.playback.mode
        if mode == "result" and there and result is None:
            return  # it comes at once; the frame before stays instead of a flash of the source
        if mode == "source" and source is None and self.canvas.source is not None:
            return
        if source is None and result is None:
            if not self._pictures.source_frames.known(frame):
                return
            self.canvas.empty_text = self.tr("There is no picture at this time")
        self.canvas.show_pictures(source, result, dimmed=mode == "result" and not there)
        self.frame_shown.emit(frame)

    def _frame_ready(self, frame: int) -> None:
        if frame == self._session.timeline.playhead:
            self._show(frame)

    def _take_changed(self, first: int, last: int) -> None:
        if first <= self._session.timeline.playhead < last:
            QTimer.singleShot(0, self.show_now)

    def _caption(self) -> None:
        timeline = self._session.timeline
        index = timeline.chunk_at(timeline.playhead)
        weights = self._session.planner.weights_for(self._session.data.model)
        self._miniature.setVisible(weights is not None and weights.miniature)
        self._place_overlays()
        if index is None:
            self._text.setText("")
            return
        chunk = timeline.chunks[index]
        if chunk.take_number:
            text = self.tr("chunk {0}, take {1}").format(index + 1, chunk.take_number)
        else:
            text = self.tr("chunk {0}, not rendered yet").format(index + 1)
        self._text.setText(text)

    # Live picture

    def _advanced(self, job: Job, event: Event) -> None:
        if not self._session.playback.live or not self.isVisible():
            return
        if isinstance(event, StepDone):
            title = self.tr("Live: chunk {0}").format(event.chunk + 1)
            step = self.tr("step {0} of {1}").format(event.step + 1, event.steps)
            self.live.show_step(title, step)
            self._place_overlays()
            self.live.show()
            if event.preview is not None:
                self._pictures.show_live(
                    event.chunk,
                    event.preview,
                    lambda images: self._live_arrived(title, step, images),
                )
        elif job.state.status not in ("rendering", "pausing"):
            self._end_live()

    def _live_arrived(self, title: str, step: str, images: list[QImage]) -> None:
        self.live.show_step(title, step, images)
        self._live_moved()

    def _settings_changed(self, names: frozenset[str]) -> None:
        if "reduce_motion" in names:
            self.live.still = self._session.settings.value.reduce_motion

    def _live_moved(self) -> None:
        if self._swapped:
            self._show(self._session.timeline.playhead)

    def _end_live(self) -> None:
        self._pictures.end_live()
        self.live.forget_image()
        self.live.hide()
        if self._swapped:
            self._swapped = False
            self.show_now()

    def _live_switched(self, on: bool) -> None:
        self._live_button.setChecked(on)
        if not on:
            self._end_live()

    def _swap(self) -> None:
        self._swapped = not self._swapped
        self.show_now()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.canvas and event.type() == QEvent.Type.Resize:
            self._place_overlays()
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_overlays()

    def _place_overlays(self) -> None:
        area = self.canvas.rect()
        self.live.place(area.width(), area.height())
        self._miniature.adjustSize()
        self._miniature.move(22, area.bottom() - self._miniature.height() - 18)
