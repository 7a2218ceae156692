"""One open project with everything around it: what views read, and the commands they give."""

import os
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from desktop import commands
from desktop.loading.background import Background
from desktop.loading.card_use import CardUser
from desktop.loading.sound import HeardTrack
from desktop.loading.waveforms import WaveformLibrary
from desktop.messages import Messages
from desktop.reports.words import stage_text, step_down_text
from desktop.state.chunk_views import chunk_views
from desktop.state.document import (
    LETTERS,
    MINIATURE,
    MOST_SPEAKERS,
    SPEAKER_TOKENS,
    ProjectData,
    Speaker,
    preset_changes,
)
from desktop.state.engine_link import EngineLink
from desktop.state.exports import ExportState
from desktop.state.facts import crop_share, free_place, heard_tracks
from desktop.state.job_store import JobStore
from desktop.state.jobs import Job, JobQueue
from desktop.state.library import MediaLibrary
from desktop.state.models import ModelsState
from desktop.state.planner import Planner
from desktop.state.playback import PlaybackState
from desktop.state.project import ProjectState
from desktop.state.settings import SettingsState
from desktop.state.take_commands import TakeCommands
from desktop.state.timeline import ChunkListModel, SpeakerRow, TimelineState
from desktop.state.viewport import Viewport
from infinitetalk import wire
from infinitetalk.errors import ErrorReport
from infinitetalk.event import (
    ChunkReady,
    ChunkStarted,
    Event,
    MemoryStepDown,
    Notice,
    PlanReady,
    StageAdvanced,
    StageStarted,
    StepDone,
)
from infinitetalk.paths import jobs_folder
from infinitetalk.request import FPS

_REBUILD_MS = 25
_CARD_CODES = ("gpu.busy", "vram.not_enough")
_JOB_CHANGED_MS = 60  # events of a quick job are shown together


def _tr(text: str, *values: object) -> str:
    return QCoreApplication.translate("session", text).format(*values)


class Session(QObject):
    """Connects project, job, engine and media; knows no widget."""

    request_changed = Signal()  # request, facts or schedule of the open project
    job_changed = Signal()  # the open project's job: state, takes
    take_changed = Signal(int, int)  # frames from .. to before show another picture now
    speaker_dialog_wanted = Signal()
    place_wanted = Signal(object)  # Path: the project is to be written there
    card_wait_wanted = Signal(object)  # int: bytes that must be free on the card
    settings_wanted = Signal(str)  # a group of the settings window

    def __init__(
        self,
        settings: SettingsState,
        engine: EngineLink,
        background: Background,
        messages: Messages,
    ) -> None:
        super().__init__()
        self.settings, self.engine, self.background, self.messages = (
            settings,
            engine,
            background,
            messages,
        )
        self.project = ProjectState()
        self.timeline = TimelineState()
        self.viewport = Viewport()
        self.chunk_model = ChunkListModel(self.timeline)
        self.playback = PlaybackState(self.timeline)
        self.library = MediaLibrary(background)
        self.waveforms = WaveformLibrary(background)
        self.planner = Planner(self.library, engine, settings)
        self.queue = JobQueue(engine)
        self.exports = ExportState(engine, self.queue)
        self.models = ModelsState(settings, engine, messages)
        engine.model_in_use = lambda: self.data.model
        self.store = JobStore(background)
        self.takes = TakeCommands(self)
        self.card_users: tuple[CardUser, ...] = ()  # as last measured
        self.no_sound = False  # there is no device: the system's clock leads
        self._said_no_sound = False
        self._rebuild = QTimer(self)
        self._rebuild.setSingleShot(True)
        self._rebuild.setInterval(_REBUILD_MS)
        self._rebuild.timeout.connect(self.rebuild)
        self._refresh = QTimer(self)
        self._refresh.setSingleShot(True)
        self._refresh.setInterval(_REBUILD_MS)
        self._refresh.timeout.connect(self.refresh_chunks)
        self._job_soon = QTimer(self)
        self._job_soon.setSingleShot(True)
        self._job_soon.setInterval(_JOB_CHANGED_MS)
        self._job_soon.timeout.connect(self.job_changed)
        self._connect()

    def _connect(self) -> None:
        self.project.changed.connect(self._project_changed)
        self.project.replaced.connect(self._project_replaced)
        self.library.changed.connect(self._rebuild.start)
        self.library.refused.connect(self._file_refused)
        self.engine.weights_changed.connect(self._weights_arrived)
        self.engine.machine_changed.connect(self._rebuild.start)
        self.waveforms.changed.connect(self._waveform_arrived)
        self.queue.advanced.connect(self._job_advanced)
        self.queue.changed.connect(self._announce_job)
        self.queue.job_failed.connect(self._job_failed)
        self.queue.job_finished.connect(lambda _: self._measure_again())
        self.store.changed.connect(self._refresh.start)
        self.store.failed.connect(lambda report: self.messages.show("error", report))
        self.timeline.range_changed.connect(self._range_moved)
        self.playback.playing_changed.connect(self._playing)

    @property
    def data(self) -> ProjectData:
        return self.project.data

    @property
    def job(self) -> Job | None:
        """The queue's entry for the open project."""
        return self.queue.job_of(self.job_folder)

    @property
    def job_folder(self) -> Path:
        return self.store.folder_for(self.project.path, self.project.name)

    @property
    def frames(self) -> tuple[int, int] | None:
        """In and out, or None for all."""
        if self.data.in_frame is None and self.data.out_frame is None:
            return None
        schedule = self.planner.schedule
        end = self.data.out_frame
        if end is None:
            end = schedule.total_frames if schedule else 1
        first = self.data.in_frame or 0
        return (first, max(end, first + 1))

    @property
    def rendering_here(self) -> bool:
        job = self.queue.running
        return job is not None and job.folder == self.job_folder

    def new_project(self) -> ProjectData:
        """An empty project: the user's preset, the best model that is there."""
        others = [place for place in self.engine.weights if place != MINIATURE]
        model = others[0] if others else MINIATURE
        preset = self.settings.value.default_preset
        changes = preset_changes(preset, self.planner.own_presets(model))
        return ProjectData(model=model, preset=preset, preset_changes=changes)

    def rendered_size(self) -> tuple[int, int] | None:
        """(H, W) of the video, as soon as the source is known."""
        return self.planner.size_of(self.data)

    def largest_card_user(self) -> CardUser | None:
        """The program, other than ours, that has most of the graphics card; None: nobody tells."""
        host = self.engine.thread_of_engine.host
        own = (os.getpid(), getattr(host, "pid", None))
        others = [user for user in self.card_users if user.pid not in own]
        return max(others, key=lambda user: user.used, default=None)

    def crop_share(self) -> tuple[float, float, float, float] | None:
        """Top, left, bottom, right of the part that is rendered, 0..1; None: all of it."""
        return crop_share(self.library.source(self.data.source), self.rendered_size())

    # Following changes

    def _project_replaced(self) -> None:
        self.playback.pause()
        self.timeline.set_markers(self.data.markers)
        self.timeline.set_range(self.data.in_frame, self.data.out_frame)
        self.store.open(self.job_folder)
        self.rebuild()
        self.timeline.set_playhead(0)
        self.viewport.fit()
        self.request_changed.emit()

    def _project_changed(self, names: frozenset[str]) -> None:
        if "markers" in names:
            self.timeline.set_markers(self.data.markers)
        if names & {"in_frame", "out_frame"}:
            self.timeline.set_range(self.data.in_frame, self.data.out_frame)
        self.rebuild()
        if names - {"markers", "in_frame", "out_frame"}:
            self._send_request()

    def _send_request(self) -> None:
        """The running job takes up edits: chunks not yet begun are built from them."""
        request = self.planner.request
        if request is None:
            return
        if self.rendering_here:
            message = wire.ChangeRequest(job_folder=self.job_folder, request=request)
            self.engine.ask(message, None, lambda r: self.messages.show("warning", r))
        elif self.store.exists:
            self.store.save_request(request)

    def _weights_arrived(self) -> None:
        """A project that nobody has touched takes the best model that is there."""
        if self.project.path is None and not self.project.undo.count() and not self.data.complete:
            self.project.data = self.new_project()
            self.project.replaced.emit()
        self._rebuild.start()

    def _waveform_arrived(self) -> None:
        frames: list[int] = []
        for speaker in self.data.speakers:
            starts = self.waveforms.speech_starts(speaker.path)
            frames += [round((s + speaker.start) * FPS) for s in starts]
        self.timeline.speech_starts = tuple(sorted(frames))

    def rebuild(self) -> None:
        """Request, schedule and chunks from the project as it is now."""
        self._rebuild.stop()
        before = len(self.timeline.chunks)
        self.planner.update(self.data)
        self.refresh_chunks()
        self._refresh_speakers()
        if not before and self.timeline.chunks:
            self.viewport.set_total(self.timeline.total_frames)
            self.viewport.fit()
            if self.viewport.scale < 0.9:
                self.viewport.set_scale(1.18, 0)
        self.request_changed.emit()

    def refresh_chunks(self) -> None:
        """Chunks as they are now, from schedule, stored takes and the running job."""
        job = self.job
        views = chunk_views(
            self.planner.schedule,
            self.planner.request,
            self.store,
            job.state if job is not None and job.phase in ("now", "paused") else None,
            plan=self.planner.plan,
            frames=self.frames,
            failed=job.state if job is not None else None,
        )
        self.timeline.set_chunks(views)
        self._announce_job()

    def _announce_job(self) -> None:
        if not self._job_soon.isActive():
            self._job_soon.start()

    def _refresh_speakers(self) -> None:
        rows = []
        for number, speaker in enumerate(self.data.speakers):
            facts = self.library.speech(speaker.path)
            self.waveforms.get(speaker.path)
            rows.append(
                SpeakerRow(
                    name=speaker.name,
                    file_name=speaker.path.name if speaker.path else _tr("silent"),
                    token=SPEAKER_TOKENS[number],
                    letter=LETTERS[number],
                    start=speaker.start,
                    duration=facts.duration if facts else 0.0,
                    muted=speaker.muted,
                    solo=speaker.solo,
                )
            )
        self.timeline.set_speakers(rows)

    def _range_moved(self) -> None:
        timeline = self.timeline
        if (timeline.in_frame, timeline.out_frame) != (self.data.in_frame, self.data.out_frame):
            change = commands.set_range(self.data, timeline.in_frame, timeline.out_frame)
            self.project.edit(change, kind="range")

    def _file_refused(self, path: Path, report: ErrorReport) -> None:
        used = [self.data.source, *(s.path for s in self.data.speakers)]
        if path in used:
            self.messages.show("error", report)

    def _measure_again(self) -> None:
        """What a job took is known to the engine now: the next plan's times are from it."""
        folder = self.settings.value.jobs_folder
        self.engine.probe(Path(folder) if folder else jobs_folder())

    # Events of jobs

    def _job_advanced(self, job: Job, event: Event) -> None:
        if isinstance(event, Notice):
            self.messages.show(event.level, self.named(event.report), subject=job)
        elif isinstance(event, MemoryStepDown):
            self._stepped_down(job, event)
        if job.folder != self.job_folder:
            return
        if isinstance(event, PlanReady):
            self.store.open(self.job_folder)
        elif isinstance(event, ChunkReady):
            self.store.take_arrived(event)
            end = event.first_frame + event.frame_count
            self.take_changed.emit(event.first_frame, end)
        self._show_running(job, event)
        self._announce_job()

    def _show_running(self, job: Job, event: Event) -> None:
        """With most events a single chunk changes; the rest follows a moment later."""
        index = job.state.chunk if not isinstance(event, ChunkReady) else event.chunk
        known = index is not None and index < min(len(self.timeline.chunks), len(job.state.chunks))
        if known and index is not None and isinstance(event, ChunkReady) and not event.reused:
            takes = self.timeline.chunks[index].takes
            self.timeline.change_chunk(
                index,
                status="ready",
                takes=takes if event.take in takes else (*takes, event.take),
                active_take=event.take,
                color_drift=event.color_drift,
                identity_drift=event.identity_drift,
                reason="",
            )
            return
        if known and index is not None and job.state.chunks[index].status == "rendering":
            chunk = job.state.chunks[index]
            self.timeline.change_chunk(
                index, status="rendering", step=chunk.step, steps=chunk.steps, reason=""
            )
        if not isinstance(event, (StepDone, StageStarted, StageAdvanced, ChunkStarted)):
            self._refresh.start()

    def named(self, report: ErrorReport) -> ErrorReport:
        """Which program has the card, where the driver tells."""
        user = self.largest_card_user() if report.code in _CARD_CODES else None
        if user is None or not user.used:
            return report
        return replace(report, facts={**report.facts, "user": user.name, "user_bytes": user.used})

    def _stepped_down(self, job: Job, event: MemoryStepDown) -> None:
        report = ErrorReport(
            code="vram.retried",
            title="Rendered again with less memory",
            detail=event.change,
            facts={
                "chunk": event.chunk,
                "stage": stage_text(event.stage),
                "change": step_down_text(event.changed),
            },
        )
        self.messages.show("notice", report, subject=job)

    def _job_failed(self, job: Job, report: ErrorReport) -> None:
        self.messages.show("error", self.named(report), subject=job)
        if job.folder == self.job_folder:
            self._refresh.start()

    # Media

    def set_source(self, path: Path) -> None:
        self.library.forget(path)
        self.project.edit(commands.set_source(self.data, path))

    def add_speech(self, paths: Sequence[Path]) -> None:
        """One speaker for each file; two at once ask who is who."""
        self.project.undo.beginMacro(_tr("Add speech"))
        for path in paths:
            if len(self.data.speakers) >= MOST_SPEAKERS:
                self.messages.notice(
                    _tr("Two speakers at most"),
                    _tr("{0} was not added: the model knows two speakers.", path.name),
                    code="speech.too_many",
                )
                break
            name = path.stem.replace("_", " ").replace("-", " ").split(" ")[0].capitalize()
            self.project.edit(
                commands.add_speaker(self.data, Speaker(name=name or path.stem, path=path))
            )
        self.project.undo.endMacro()
        if len(self.data.speakers) > 1 and self.data.source is not None:
            self.speaker_dialog_wanted.emit()

    def heard_tracks(self) -> list[HeardTrack]:
        """The tracks that are heard while playing, where they lie on the timeline."""
        return heard_tracks(self.data, self.library)

    def _playing(self, playing: bool) -> None:
        if playing and self.no_sound and not self._said_no_sound:
            self._said_no_sound = True
            self.messages.notice(
                _tr("There is no sound device"),
                _tr("The picture plays by the system's clock, without sound."),
                code="sound.none",
            )

    # Rendering

    def render(
        self,
        *,
        frames: tuple[int, int] | None = None,
        out: Path | None = None,
        next_one: bool = True,
        model: str | None = None,
    ) -> bool:
        """Puts the open project into the queue; False where it is not complete."""
        request = self.planner.request
        if request is None or self.planner.schedule is None:
            return False
        self.ensure_place()
        job = Job(
            folder=self.job_folder,
            name=self.project.name,
            model=model or self.data.model,
            project=self.project.path,
            request=request,
            frames=frames,
            out=out,
            preset=self.data.preset,
            vram_limit=self.settings.vram_limit,
        )
        old = self.job
        if old is not None:
            job.chunk_seconds = old.chunk_seconds
        self.store.when_written(lambda: self.queue.add(job, next_one=next_one))
        return True

    def ensure_place(self) -> None:
        """A project that was never saved gets a place among the jobs."""
        if self.project.path is None:
            name = self.project.name or time.strftime("untitled %Y-%m-%d %H.%M.%S")
            folder = Path(self.settings.value.jobs_folder or jobs_folder())
            path = free_place(folder, name)
            self.project.set_place(path, path.stem)
            self.store.open(self.job_folder)
            self.place_wanted.emit(path)

    def pause_or_go_on(self) -> None:
        job = self.queue.running
        if job is None:
            mine = self.job
            if mine is not None and mine.phase in ("stopped", "needs_you"):
                self.queue.go_on(mine)
            return
        if job.phase == "paused" or job.pausing:
            self.queue.unpause()
        else:
            self.queue.pause()
