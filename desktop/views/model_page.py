"""Set up: the machine, the models, the first video. Each step can be skipped.

The model step is also the model manager. Closing the page is fine: what is being loaded or converted
goes on, and the status bar keeps a line.
"""

from functools import partial
from pathlib import Path

from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from desktop.state.clock_text import gigabyte_text
from desktop.state.first_video import FirstVideo
from desktop.state.models_removal import Target
from desktop.state.models_text import models_line
from desktop.state.opening import Opener
from desktop.state.session import Session
from desktop.theme import Theme
from desktop.views.models.download_sheet import DownloadSheet
from desktop.views.models.first_step import FirstStep, miniature_problem
from desktop.views.models.import_sheet import ImportSheet
from desktop.views.models.machine_step import MachineStep
from desktop.views.models.models_step import ModelsStep
from desktop.views.models.remove_sheet import RemoveSheet
from desktop.widgets.buttons import button, primary
from desktop.widgets.dialog import SheetDialog
from desktop.widgets.labels import ElidedLabel, card, label
from desktop.widgets.step_mark import StepMark

PAGES = ("machine", "models", "first")


class ModelPage(SheetDialog):
    """The set-up page."""

    def __init__(
        self, session: Session, opener: Opener | None, theme: Theme, parent: QWidget | None
    ) -> None:
        super().__init__(parent, "modelPage", "")
        self.setWindowTitle(self.tr("Set up"))
        room = self.screen().availableSize()
        self.resize(min(theme.px(1240), room.width()), min(theme.px(720), room.height()))
        self._session, self._theme = session, theme
        self._models = session.models
        self._first = FirstVideo(session, opener) if opener is not None else None
        self._marks: list[StepMark] = []
        self._notes: list[QLabel] = []
        self.body.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self._side())
        self.machine_step = MachineStep(session, theme)
        self.models_step = ModelsStep(session, theme)
        self.first_step = FirstStep(session, theme, self.try_miniature)
        self.models_step.import_wanted.connect(self.import_files)
        self.models_step.settings_wanted.connect(self._open_settings)
        self.models_step.removal_wanted.connect(self.remove)
        self._pages = QStackedWidget()
        self._pages.addWidget(
            self._page(
                self.tr("Your machine"),
                self.tr("Dub only people who agree to it. Everything stays on this computer."),
                self.machine_step,
            )
        )
        self._pages.addWidget(
            self._page(
                self.tr("Models"),
                self.tr(
                    "Files are checked against their published SHA-256 before use. Pausing or "
                    "closing the window keeps what is loaded."
                ),
                self.models_step,
            )
        )
        self._pages.addWidget(
            self._page(
                self.tr("First video"),
                self.tr(
                    "The miniature model draws a small face that speaks a bundled sentence. It "
                    "takes the same way through the program as the big model, with small weights."
                ),
                self.first_step,
            )
        )
        row.addWidget(self._pages, 1)
        self.body.addLayout(row)
        self._footer()
        self.follow(session.engine.machine_changed, self.refresh)
        self.follow(session.engine.weights_changed, self.refresh)
        self.follow(session.models.changed, self.refresh)
        self.show_page("machine")
        self._models.refresh()

    # Parts

    def _side(self) -> QWidget:
        side = QFrame()
        side.setProperty("kind", "side")
        side.setFixedWidth(self._theme.px(282))
        box = QVBoxLayout(side)
        box.setContentsMargins(22, 22, 16, 18)
        box.setSpacing(4)
        box.addWidget(label(self.tr("Set up"), "title"))
        box.addWidget(label("InfiniteTalk Desktop", "second"))
        box.addSpacing(12)
        titles = (self.tr("Your machine"), self.tr("Models"), self.tr("First video"))
        for number, title in enumerate(titles):
            box.addWidget(self._step(number, title))
            box.addSpacing(10)
        box.addStretch(1)
        box.addWidget(self._hint())
        return side

    def _step(self, number: int, title: str) -> QWidget:
        part = QWidget()
        row = QHBoxLayout(part)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        mark = StepMark(number + 1, self._theme)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        name = button(title, partial(self._go, number))
        name.setProperty("kind", "step")
        note = ElidedLabel("", "small")
        texts.addWidget(name)
        texts.addWidget(note)
        row.addWidget(mark)
        row.addLayout(texts, 1)
        self._marks.append(mark)
        self._notes.append(note)
        return part

    def _hint(self) -> QWidget:
        hint = card()
        inner = QVBoxLayout(hint)
        inner.setContentsMargins(10, 10, 10, 10)
        inner.addWidget(label(self.tr("No waiting needed"), "strong"))
        inner.addWidget(
            label(
                self.tr(
                    "The miniature model is already here. Make a small first video while the "
                    "models download."
                ),
                "small",
                wrap=True,
            )
        )
        self.try_button = button(
            self.tr("Try the miniature model"),
            self.try_miniature,
            icon=self._theme.icons.icon("play"),
        )
        self.try_button.setObjectName("tryMiniature")
        inner.addWidget(self.try_button)
        return hint

    def _page(self, title: str, text: str, step: QWidget) -> QWidget:
        page = QWidget()
        page.setObjectName("page")
        box = QVBoxLayout(page)
        box.setContentsMargins(26, 22, 26, 12)
        box.setSpacing(10)
        box.addWidget(label(title, "title"))
        box.addWidget(label(text, "second", wrap=True))
        box.addWidget(step, 1)
        return page

    def _footer(self) -> None:
        icons = self._theme.icons
        self.state = ElidedLabel("", "second")
        self.footer.addWidget(self.state, 1)
        self._back = button(self.tr("Back"), lambda: self._go(self._pages.currentIndex() - 1))
        self.stop_button = button(self.tr("Stop"), self._models.cancel, icon=icons.icon("stop"))
        self.stop_button.setToolTip(self.tr("What has arrived is kept."))
        self.pause_button = button("", self._pause)
        self.close_button = button(self.tr("Close"), self.accept)
        self.next_button = button(self.tr("Next"), self._forward)
        self.main_button = primary("", self._main)
        self.main_button.setObjectName("modelsMain")
        self.main_button.setDefault(True)
        for part in (
            self._back,
            self.stop_button,
            self.pause_button,
            self.close_button,
            self.next_button,
            self.main_button,
        ):
            self.footer.addWidget(part)

    # Moving

    @property
    def page(self) -> str:
        return PAGES[self._pages.currentIndex()]

    def show_page(self, page: str) -> None:
        self._go(PAGES.index(page))

    def _go(self, index: int) -> None:
        self._pages.setCurrentIndex(min(max(index, 0), len(PAGES) - 1))
        self.refresh()

    def _forward(self) -> None:
        self._go(self._pages.currentIndex() + 1)

    def _main(self) -> None:
        """The one blue button: what it does follows from the page and the state."""
        if self.page == "first":
            self.try_miniature()
        elif self.page == "machine":
            self._forward()
        elif self._models.busy:
            self.accept()
        elif self._wants_download():
            self.download()
        else:
            self._forward()

    def _wants_download(self) -> bool:
        rows = [row for row in self._models.rows if row.chosen]
        return any(row.status not in ("ready", "elsewhere") for row in rows)

    def done(self, result: int) -> None:
        self._session.settings.update(first_run_done=True)
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._session.settings.update(first_run_done=True)
        super().closeEvent(event)

    # Showing

    def refresh(self) -> None:
        engine = self._session.engine
        index = self._pages.currentIndex()
        wants = self._wants_download()
        ready = (engine.machine is not None, bool(self._models.rows) and not wants, False)
        for number, mark in enumerate(self._marks):
            mark.show_state("now" if number == index else ("done" if ready[number] else "open"))
        self._notes[0].setText(
            self.tr("checked") if engine.machine is not None else self.tr("looking…")
        )
        self._notes[1].setText(self._models_note(done=ready[1]))
        self._notes[2].setText(self.tr("on the miniature model"))
        there = not miniature_problem(self._session)
        self.try_button.setEnabled(there)
        self._show_buttons(index, there=there)
        self.state.setText(models_line(self._models) if self.page == "models" else "")
        step = (self.machine_step, self.models_step, self.first_step)[index]
        step.refresh()

    def _models_note(self, *, done: bool) -> str:
        if self._models.paused:
            return self.tr("paused")
        if self._models.loading:
            return self.tr("loading")
        if self._models.busy:
            return self.tr("converting")
        return self.tr("ready") if done else self.tr("choose and download")

    def _show_buttons(self, index: int, *, there: bool) -> None:
        models, icons = self._models, self._theme.icons
        busy = models.busy and self.page == "models"
        self._back.setVisible(index > 0)
        for part in (self.stop_button, self.pause_button):
            part.setVisible(busy)
        self.pause_button.setText(self.tr("Go on") if models.paused else self.tr("Pause"))
        self.pause_button.setIcon(icons.icon("play" if models.paused else "pause"))
        self.close_button.setVisible(not busy)
        self.next_button.setVisible(self.page == "models" and not busy and self._wants_download())
        enabled = True
        if self.page == "machine":
            text = self.tr("Next")
        elif self.page == "first":
            text, enabled = self.tr("Try the miniature model"), there
        elif busy:
            text = self.tr("Go on in the background")
        elif self._wants_download():
            sums = models.sums
            size = gigabyte_text(sums.to_load)
            text = self.tr("Load {0}…").format(size) if sums.to_load else self.tr("Check files…")
            enabled = sums.fits
        else:
            text = self.tr("Next")
        self.main_button.setText(text)
        self.main_button.setEnabled(enabled)

    # Acting

    def download(self) -> None:
        """Asks the server, shows sums and licenses, then loads."""
        sheet = DownloadSheet(
            self._session,
            self._theme,
            self,
            open_settings=self._open_settings,
            import_files=self.import_files,
        )
        self._show_sheet(sheet)

    def import_files(self, folder: Path | None = None) -> ImportSheet:
        sheet = ImportSheet(self._session, self._theme, self, folder)
        self._show_sheet(sheet)
        return sheet

    def remove(self, target: Target, title: str) -> None:
        """Says who needs it, then removes it."""
        self._show_sheet(RemoveSheet(self._session, self._theme, self, target, title))

    def sheet(self) -> SheetDialog | None:
        """The open sheet over this page, if there is one."""
        return next((s for s in self.findChildren(SheetDialog) if s.isVisible()), None)

    def _show_sheet(self, sheet: SheetDialog) -> None:
        sheet.finished.connect(sheet.deleteLater)
        sheet.show()

    def _open_settings(self) -> None:
        self._session.settings_wanted.emit("downloads")

    def _pause(self) -> None:
        self._models.pause(on=not self._models.paused)

    def try_miniature(self) -> None:
        if self._first is not None:
            self._first.start()
            self.accept()
