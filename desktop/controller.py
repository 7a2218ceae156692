"""What commands do: the table of handlers behind every menu entry and key.

Dialogs are built when they are first opened, so that the window starts without them.
"""

import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QMessageBox

from desktop import commands as edits
from desktop.actions import Actions
from desktop.file_commands import FileCommands
from desktop.instances import Instance
from desktop.job_company import JobCompany
from desktop.loading.pictures import ProjectPictures
from desktop.remedies import Remedies
from desktop.state.card_wait import CardWait
from desktop.state.clock_text import duration_text
from desktop.state.document import ProjectData
from desktop.state.jobs import Job
from desktop.state.opening import Opener
from desktop.state.playback import Way
from desktop.state.session import Session
from desktop.theme import Theme, ThemeMode
from desktop.timeline_commands import TimelineCommands
from desktop.views.export_parts import announce_end, announce_start
from desktop.views.main_window import MainWindow
from desktop.views.opened import Dialogs
from desktop.views.tray import Tray
from desktop.widgets.folders import open_folder
from infinitetalk.paths import log_folder
from infinitetalk.request import ChunkSettings

_log = logging.getLogger(__name__)
_LOSS_ASKED = 60.0  # seconds of work; *Stop now* asks if more would be lost
_ALWAYS = ("system", "dark", "light")


class Controller(QObject):
    """Connects the command table with session and window."""

    def __init__(
        self,
        window: MainWindow,
        session: Session,
        opener: Opener,
        pictures: ProjectPictures,
        actions: Actions,
        theme: Theme,
    ) -> None:
        super().__init__()
        self._window, self._session, self._opener = window, session, opener
        self._pictures, self._actions, self._theme = pictures, actions, theme
        self.dialogs = Dialogs(window, session, opener, pictures, actions, theme)
        self.files = FileCommands(window, session, opener, self.dialogs)
        self.timeline_commands = TimelineCommands(window, session)
        self.tray = Tray(window, session, actions, theme, self._ask_to_quit)
        self.company = JobCompany(session, self.tray, self.dialogs.export, self._quit)
        self.card_wait = CardWait(session.queue, session.background, session.messages)
        self.remedies = Remedies(window, session, opener, self.files, self.dialogs, self.card_wait)
        session.card_wait_wanted.connect(self.card_wait.begin)
        session.messages.remedies_of = self.remedies.buttons
        self._instance = Instance(self._come_to_front)
        self._copied: ChunkSettings | None = None
        self._quitting = False
        self._just_opened = False
        actions.connect_to(self._handlers())
        self._follow()
        self._show_recent()

    def _handlers(self) -> dict[str, Callable[..., object]]:
        return {
            **self.files.handlers(),
            **self._edit_handlers(),
            **self._view_handlers(),
            **self.timeline_commands.handlers(),
            **self._render_handlers(),
            **self._help_handlers(),
        }

    def _follow(self) -> None:
        session, window, actions = self._session, self._window, self._actions
        window.files_dropped.connect(self.files.drop)
        window.left.files_dropped.connect(window.drop_paths)
        window.left.replace_source.connect(self.files.import_source)
        window.left.add_speech.connect(self.files.add_speech)
        window.left.make_speech.connect(self.dialogs.make_speech)
        window.left.assign.connect(self.dialogs.speakers)
        window.closing.connect(self._closing)
        window.chunk_inspector.redo_wanted.connect(actions["render.redo"].trigger)
        window.chunk_inspector.compare_takes.connect(self.dialogs.compare_takes)
        window.queue_view.stop_wanted.connect(self.stop_now)
        window.queue_view.export_wanted.connect(self._export_job)
        window.queue_view.folder_wanted.connect(open_folder)
        window.preview.large_wanted.connect(actions["view.large"].toggle)
        timeline = window.timeline
        timeline.keep_requested.connect(self.keep_stale)
        timeline.render_stale_requested.connect(actions["render.stale"].trigger)
        canvas = timeline.canvas
        canvas.chunk_activated.connect(self._show_chunk)
        canvas.menu_requested.connect(self.dialogs.chunk_menu)
        canvas.speech_shifted.connect(self.timeline_commands.shift_speech)
        canvas.source_frame_moved.connect(self.timeline_commands.move_source_frame)
        canvas.take_chosen.connect(session.takes.choose)
        canvas.scrubbed.connect(session.playback.seek)
        timeline.headers.muted_changed.connect(
            lambda n, on: self._edit(edits.change_speaker(self._data, n, muted=on))
        )
        timeline.headers.solo_changed.connect(
            lambda n, on: self._edit(edits.change_speaker(self._data, n, solo=on))
        )
        session.speaker_dialog_wanted.connect(self.dialogs.speakers)
        session.settings.changed.connect(self._settings_changed)
        session.playback.playing_changed.connect(self.timeline_commands.playing)
        session.timeline.playhead_changed.connect(session.viewport.show)
        session.playback.mode_changed.connect(self._show_mode)
        session.exports.started.connect(partial(announce_start, session))
        session.exports.ended.connect(partial(announce_end, session))
        session.timeline.selection_changed.connect(self._enable)
        session.job_changed.connect(self._enable)
        session.job_changed.connect(self._show_what_is_there)
        session.project.undo.undoTextChanged.connect(lambda _: self._undo_texts())
        session.project.undo.redoTextChanged.connect(lambda _: self._undo_texts())
        self._opener.opened.connect(self._opened)
        self._show_states()
        self._enable()
        self._undo_texts()

    @property
    def _data(self) -> ProjectData:
        return self._session.data

    def _edit(self, change: tuple[str, ProjectData], kind: str = "") -> None:
        self._session.project.edit(change, kind)

    # Edit

    def _edit_handlers(self) -> dict[str, Callable[..., object]]:
        undo = self._session.project.undo
        return {
            "edit.undo": undo.undo,
            "edit.redo": undo.redo,
            "edit.copy": self.copy_settings,
            "edit.paste": self.paste_settings,
            "edit.clear_own": self.clear_own,
            "edit.remove": self.remove,
            "edit.select_all": lambda: self._session.timeline.select_many(
                range(len(self._session.timeline.chunks))
            ),
            "edit.select_stale": partial(self._select, "stale"),
            "edit.select_failed": partial(self._select, "failed"),
            "edit.settings": self.dialogs.settings,
        }

    def _selected(self) -> tuple[int, ...]:
        return tuple(sorted(self._session.timeline.selected))

    def copy_settings(self) -> None:
        selected = self._selected()
        if selected:
            self._copied = self._data.chunk_settings(selected[0])
            self._enable()

    def paste_settings(self) -> None:
        if self._copied is not None and self._selected():
            self._edit(edits.paste_chunks(self._data, self._selected(), self._copied))

    def clear_own(self) -> None:
        self._edit(edits.clear_chunks(self._data, self._selected()))

    def remove(self) -> None:
        """Del: the shown take of the selected chunk, else the marker at the playhead."""
        timeline = self._session.timeline
        selected = self._selected()
        if timeline.takes_shown and len(selected) == 1:
            chunk = timeline.chunks[selected[0]]
            if chunk.active_take is not None:
                self._session.takes.remove(chunk.index, chunk.active_take)
                return
        self.timeline_commands.remove_marker()

    def _select(self, status: str) -> None:
        timeline = self._session.timeline
        timeline.select_many(c.index for c in timeline.chunks if c.status == status)

    def _undo_texts(self) -> None:
        undo = self._session.project.undo
        for name, text, can in (
            ("edit.undo", self.tr("&Undo {0}").format(undo.undoText()), undo.canUndo()),
            ("edit.redo", self.tr("&Redo {0}").format(undo.redoText()), undo.canRedo()),
        ):
            self._actions[name].setText(text.rstrip())
            self._actions[name].setEnabled(can)

    # View

    def _view_handlers(self) -> dict[str, Callable[..., object]]:
        playback, viewport, window = self._session.playback, self._session.viewport, self._window
        handlers: dict[str, Callable[..., object]] = {
            "view.compare_next": playback.next_way,
            "view.live": self._set_live,
            "view.fit": lambda: playback.set_fit(True),
            "view.actual": lambda: playback.set_fit(False),
            "view.zoom_in": lambda: viewport.zoom(1.5),
            "view.zoom_out": lambda: viewport.zoom(1 / 1.5),
            "view.zoom_fit": viewport.fit,
            "view.large": window.show_large,
            "view.full_screen": window.show_full_screen,
            "view.left": window.dock("left").setVisible,
            "view.inspector": window.dock("inspector").setVisible,
            "view.queue": self.show_queue,
            "view.log": self.dialogs.log,
            "view.chunk_list": self.dialogs.chunk_list,
            "view.reset_layout": window.reset_layout,
        }
        for mode in ("source", "result", "compare"):
            handlers[f"view.{mode}"] = partial(playback.set_mode, mode)
        ways: tuple[Way, ...] = ("wipe", "side", "difference")
        for way in ways:
            handlers[f"view.{way}"] = partial(playback.set_way, way)
        modes: tuple[ThemeMode, ...] = ("system", "dark", "light")
        for mode in modes:
            handlers[f"view.theme_{mode}"] = partial(self._session.settings.update, theme=mode)
        for row in ("source", "speech", "drift"):
            handlers[f"view.row_{row}"] = partial(self._toggle_row, row)
        return handlers

    def _toggle_row(self, row: str, on: bool) -> None:
        hidden = row in self._window.timeline.canvas.rows_layout.hidden
        if hidden == on:
            self._window.timeline.toggle_row(row)  # type: ignore[arg-type] - a RowKind by construction

    def _set_live(self, on: bool) -> None:
        self._session.playback.set_live(on)
        self._session.settings.update(live_picture=on)

    def show_queue(self) -> None:
        self._window.dock("inspector").show()
        self._window.inspector.setCurrentIndex(2)

    def _show_chunk(self, index: int) -> None:
        del index
        self._window.dock("inspector").show()
        self._window.inspector.setCurrentIndex(0)

    def _show_states(self) -> None:
        """Checkable commands show how things stand, without acting."""
        playback, settings = self._session.playback, self._session.settings.value
        for name, on in (
            ("view.live", playback.live),
            ("view.left", True),
            ("view.inspector", True),
            ("timeline.snap", self._session.timeline.snap),
            ("view.row_source", True),
            ("view.row_speech", True),
            ("view.row_drift", True),
            (f"view.theme_{settings.theme}", True),
        ):
            self._actions[name].blockSignals(True)
            self._actions[name].setChecked(on)
            self._actions[name].blockSignals(False)
        self._window.dock("left").visibilityChanged.connect(partial(self._shown, "view.left"))
        self._window.dock("inspector").visibilityChanged.connect(
            partial(self._shown, "view.inspector")
        )
        self._show_mode()

    def _shown(self, name: str, visible: bool) -> None:
        if self._window.isVisible() and not self._actions["view.large"].isChecked():
            self._actions[name].blockSignals(True)
            self._actions[name].setChecked(visible)
            self._actions[name].blockSignals(False)

    def _show_mode(self) -> None:
        playback = self._session.playback
        self._actions[f"view.{playback.mode}"].setChecked(True)
        self._actions[f"view.{playback.way}"].setChecked(True)

    def _settings_changed(self, names: frozenset[str]) -> None:
        value = self._session.settings.value
        if names & {"theme", "text_size"}:
            self._theme.apply(value.theme, value.text_size / 100)
            self._actions[f"view.theme_{value.theme}"].setChecked(True)
        if "keys" in names:
            self._actions.set_keys(value.keys)
        if "recent" in names:
            self._show_recent()

    def _show_recent(self) -> None:
        menu = self._window.recent_menu
        menu.clear()
        recent = self._session.settings.value.recent
        for text in recent:
            menu.addAction(Path(text).name, partial(self.files.open_path, Path(text)))
        menu.setEnabled(bool(recent))

    # Render

    def _render_handlers(self) -> dict[str, Callable[..., object]]:
        return {
            "render.start": partial(self.dialogs.preflight, "all"),
            "render.range": partial(self.dialogs.preflight, "range"),
            "render.stale": self.render_stale,
            "render.pause": self._session.pause_or_go_on,
            "render.stop": self.stop_now,
            "render.redo": self.dialogs.redo,
            "render.keep": self.keep_stale,
            "render.queue": self.show_queue,
            "render.bench": self.dialogs.bench,
        }

    def render_stale(self) -> None:
        if self._session.timeline.indices("stale"):
            self._session.render()

    def keep_stale(self) -> None:
        timeline = self._session.timeline
        stale = timeline.indices("stale")
        chosen = [i for i in stale if i in timeline.selected] or stale
        self._session.takes.keep(chosen)

    def stop_now(self) -> None:
        """Asks if more than a minute of work would be lost."""
        job = self._session.queue.running
        if job is None:
            return
        lost = lost_seconds(job)
        if lost > _LOSS_ASKED:
            answer = QMessageBox.question(
                self._window,
                self.tr("Stop now?"),
                self.tr("Chunk {0} is lost: {1} of work. Finished chunks stay.").format(
                    (job.state.chunk or 0) + 1, duration_text(lost)
                ),
            )
            if answer != QMessageBox.StandardButton.Yes:
                return
        self._session.queue.stop()

    def _export_job(self, job: Job) -> None:
        self.dialogs.export(job)

    # Help

    def _help_handlers(self) -> dict[str, Callable[..., object]]:
        return {
            "help.first_steps": self.dialogs.first_steps,
            "help.shortcuts": self.dialogs.shortcuts,
            "help.models": self.dialogs.models,
            "help.machine": self.dialogs.machine,
            "help.log_folder": lambda: open_folder(log_folder()),
            "help.diagnostics": self.dialogs.diagnostics,
            "help.newer": self.dialogs.newer_version,
            "help.about": self.dialogs.about,
        }

    # Which commands can be given now

    def _come_to_front(self) -> None:
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()
        QApplication.alert(self._window)

    def _enable(self) -> None:
        timeline = self._session.timeline
        chosen = bool(timeline.selected)
        running = self._session.queue.running is not None
        stale = bool(timeline.indices("stale"))
        mine = self._session.job
        can_go_on = mine is not None and mine.phase in ("stopped", "needs_you")
        for name, on in (
            ("edit.copy", len(timeline.selected) == 1),
            ("edit.paste", chosen and self._copied is not None),
            ("edit.clear_own", chosen),
            ("edit.select_stale", stale),
            ("edit.select_failed", bool(timeline.indices("failed"))),
            ("render.start", bool(timeline.chunks)),
            ("render.range", self._session.frames is not None),
            ("render.stale", stale),
            ("render.keep", stale),
            ("render.redo", chosen),
            ("render.pause", running or can_go_on),
            ("render.stop", running),
        ):
            self._actions[name].setEnabled(on)

    def _opened(self) -> None:
        self._session.playback.set_mode("source")
        self._just_opened = self._session.project.path is not None
        self._show_what_is_there()
        self._enable()

    def _show_what_is_there(self) -> None:
        """A project that was opened shows its result as soon as its takes were read."""
        playback = self._session.playback
        if not self._just_opened or playback.mode != "source":
            self._just_opened = False
        elif any(c.playable for c in self._session.timeline.chunks):
            self._just_opened = False
            playback.set_mode("result")

    # Leaving

    def _closing(self, event: QCloseEvent) -> None:
        if self._quitting or self._session.queue.running is None:
            geometry, state = self._window.remembered()
            self._session.settings.update(window_geometry=geometry, window_state=state)
            event.accept()
            return
        event.ignore()
        self.dialogs.closing(self._quit, self.tray.go_background)

    def _ask_to_quit(self) -> None:
        self._window.close()

    def _quit(self) -> None:
        self._quitting = True
        self._window.close()


def lost_seconds(job: Job) -> float:
    """How much work *Stop now* would lose."""
    chunk = job.state.chunk
    if chunk is None or chunk >= len(job.state.chunks):
        return 0.0
    return job.state.chunks[chunk].step * job.state.step_seconds
