"""Dialogs and pages, built when they are first wanted: the window starts without them."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QDialog, QMenu, QWidget

from desktop.actions import Actions
from desktop.loading.pictures import ProjectPictures
from desktop.state.exports import RunningExport
from desktop.state.jobs import Job
from desktop.state.opening import Opener
from desktop.state.session import Session
from desktop.theme import Theme
from infinitetalk.project.document import ProjectFile


class Dialogs(QObject):
    """Opens dialogs over the window. Those without a question stay open beside it."""

    def __init__(
        self,
        window: QWidget,
        session: Session,
        opener: Opener,
        pictures: ProjectPictures,
        actions: Actions,
        theme: Theme,
    ) -> None:
        super().__init__()
        self._window, self._session, self._opener = window, session, opener
        self._pictures, self._actions, self._theme = pictures, actions, theme
        self._open: dict[str, QDialog] = {}
        session.settings_wanted.connect(self.settings)
        session.models.page_wanted.connect(self.models)

    def shown(self, name: str) -> QDialog | None:
        """The dialog of that name, if it is open."""
        dialog = self._open.get(name)
        return dialog if dialog is not None and dialog.isVisible() else None

    def _show(self, name: str, make: Callable[[], QDialog]) -> QDialog:
        """Shows a dialog anew; an open one comes to the front."""
        found = self.shown(name)
        if found is None:
            old = self._open.pop(name, None)
            if old is not None:
                old.deleteLater()
            found = self._open[name] = make()
        found.show()
        found.raise_()
        found.activateWindow()
        return found

    def preflight(self, what: str) -> None:
        from desktop.views.preflight import PreflightDialog

        if not self._session.timeline.chunks:
            return
        if what == "all" and not self._session.settings.value.show_preflight:
            self._session.render()
            return
        self._show(
            "preflight", lambda: PreflightDialog(self._session, self._theme, self._window, what)
        )

    def redo(self) -> None:
        from desktop.views.redo_dialog import RedoDialog

        selected = sorted(self._session.timeline.selected)
        if not selected:
            return
        if self._open.get("redo") is not None:
            self._open["redo"].close()
        self._show(
            "redo",
            lambda: RedoDialog(self._session, self._pictures, self._theme, self._window, selected),
        )

    def speakers(self) -> None:
        from desktop.views.speaker_dialog import SpeakerDialog

        if self._session.data.source is not None and self._session.data.speakers:
            self._show(
                "speakers",
                lambda: SpeakerDialog(self._session, self._pictures, self._theme, self._window),
            )

    def export(self, job: Job | None = None) -> None:
        from desktop.views.export_dialog import ExportDialog

        self._show("export", lambda: ExportDialog(self._session, self._theme, self._window, job))

    def export_again(self, failed: RunningExport, *, other_format: bool = False) -> None:
        """The sheet with the choices of an export that failed; or with the other kind of video."""
        from desktop.views.export_dialog import ExportDialog

        job = self._session.queue.job_of(failed.job_folder)
        if other_format:
            codec = "h265" if failed.choice.codec == "h264" else "h264"
            failed = replace(failed, choice=replace(failed.choice, codec=codec))
        old = self._open.pop("export", None)
        if old is not None:
            old.close()
            old.deleteLater()
        self._show(
            "export", lambda: ExportDialog(self._session, self._theme, self._window, job, failed)
        )

    def models(self) -> None:
        self._models_page("models")

    def first_steps(self) -> None:
        self._models_page("machine")

    def _models_page(self, page: str) -> None:
        from desktop.views.model_page import ModelPage

        dialog = self._show(
            "models", lambda: ModelPage(self._session, self._opener, self._theme, self._window)
        )
        if isinstance(dialog, ModelPage):
            dialog.show_page(page)

    def recovery(self, file: ProjectFile) -> None:
        from desktop.views.recovery_dialog import RecoveryDialog

        self._show(
            "recovery", lambda: RecoveryDialog(self._session, self._theme, self._window, file)
        )

    def settings(self, group: str = "") -> None:
        from desktop.views.settings_window import SettingsWindow

        over = self.shown("models") or self._window  # a modal page must not keep it behind
        dialog = self._show(
            "settings", lambda: SettingsWindow(self._session, self._actions, self._theme, over)
        )
        if group and isinstance(dialog, SettingsWindow):
            dialog.show_group(group)

    def shortcuts(self) -> None:
        from desktop.views.shortcuts import ShortcutsDialog

        self._show(
            "shortcuts",
            lambda: ShortcutsDialog(
                self._actions, self._session.settings, self._theme, self._window
            ),
        )

    def log(self) -> None:
        from desktop.views.log_window import LogWindow

        self._show("log", lambda: LogWindow(self._session, self._theme, self._window))

    def chunk_list(self) -> None:
        from desktop.views.chunk_list import ChunkListDialog

        self._show("chunks", lambda: ChunkListDialog(self._session, self._window))

    def machine(self) -> None:
        from desktop.views.machine_report import MachineDialog

        self._show("machine", lambda: MachineDialog(self._session, self._window))

    def bench(self) -> None:
        from desktop.views.machine_report import MachineDialog

        dialog = self._show("machine", lambda: MachineDialog(self._session, self._window))
        if isinstance(dialog, MachineDialog):
            dialog.measure()

    def about(self) -> None:
        from desktop.views.about import AboutDialog

        self._show("about", lambda: AboutDialog(self._theme, self._window))

    def newer_version(self) -> None:
        from desktop.views.version_sheet import VersionSheet

        self._show("version", lambda: VersionSheet(self._session, self._theme, self._window))

    def diagnostics(self) -> None:
        from desktop.views.diagnostics import DiagnosticsSheet

        self._show(
            "diagnostics", lambda: DiagnosticsSheet(self._session, self._theme, self._window)
        )

    def make_speech(self) -> None:
        from desktop.views.voice_dialog import VoiceDialog

        self._show("voice", lambda: VoiceDialog(self._session, self._theme, self._window))

    def sound_of_video(self, path: Path) -> None:
        from desktop.views.questions import ask_about_sound

        ask_about_sound(self._session, self._window, path)

    def compare_takes(self) -> None:
        from desktop.views.take_compare import TakeCompareDialog

        current = self._session.timeline.current
        if current is not None and len(self._session.timeline.chunks[current].takes) > 1:
            self._show(
                "takes",
                lambda: TakeCompareDialog(
                    self._session, self._pictures, self._theme, self._window, current
                ),
            )

    def closing(
        self, quit_program: Callable[[], object], go_background: Callable[[], object]
    ) -> None:
        from desktop.views.questions import ask_while_rendering

        ask_while_rendering(self._session, self._window, quit_program, go_background)

    def chunk_menu(self, index: int, at: QPoint) -> None:
        """The context menu of a chunk on the timeline."""
        menu = QMenu(self._window)
        names = ["render.redo", "render.keep", "render.stale"] if index >= 0 else []
        for name in names:
            menu.addAction(self._actions[name])
        if index >= 0:
            chunk = self._session.timeline.chunks[index]
            if len(chunk.takes) > 1:
                takes = menu.addMenu(self.tr("Takes"))
                for number, key in enumerate(chunk.takes):
                    action = takes.addAction(
                        self.tr("Take {0}").format(number + 1),
                        partial(self._session.takes.choose, index, key),
                    )
                    action.setCheckable(True)
                    action.setChecked(key == chunk.active_take)
            menu.addSeparator()
            for name in ("edit.copy", "edit.paste", "edit.clear_own"):
                menu.addAction(self._actions[name])
            menu.addSeparator()
        for name in ("range.in", "range.out", "range.clear", "marker.add"):
            menu.addAction(self._actions[name])
        menu.exec(at)
