"""Before a download: what is loaded from whom, under which license, and what room it takes."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from desktop.reports.texts import told
from desktop.state.clock_text import duration_text, gib_text, gigabyte_text
from desktop.state.session import Session
from desktop.theme import Theme
from desktop.views.models.layout import clear
from desktop.widgets.buttons import button, link, primary
from desktop.widgets.dialog import SheetDialog
from desktop.widgets.labels import ElidedLabel, card, label
from infinitetalk.errors import ErrorReport

HUB = "https://huggingface.co"


class DownloadSheet(SheetDialog):
    """Asks the server first; loading starts only with its button."""

    def __init__(
        self,
        session: Session,
        theme: Theme,
        parent: QWidget,
        *,
        open_settings: Callable[[], object],
        import_files: Callable[[], object],
    ) -> None:
        super().__init__(parent, "downloadSheet", "")
        self.setWindowTitle(self.tr("Load models"))
        self.setModal(True)
        self.resize(theme.px(620), theme.px(420))
        self._session, self._theme = session, theme
        self._open_settings, self._import_files = open_settings, import_files
        self._alive = True
        self._box = QVBoxLayout()
        self._box.setSpacing(10)
        self.body.addLayout(self._box, 1)
        self._settings = button(self.tr("Other address…"), self._other_address)
        self._import = button(self.tr("Import instead…"), self._import_instead)
        self.footer.addWidget(self._settings)
        self.footer.addWidget(self._import)
        self.footer.addStretch(1)
        self.footer.addWidget(button(self.tr("Cancel"), self.reject))
        self.start_button = primary("", self._start)
        self.start_button.setDefault(True)
        self.footer.addWidget(self.start_button)
        self._again = False  # the blue button asks once more
        self.ask()

    def done(self, result: int) -> None:
        self._alive = False
        super().done(result)

    # Asking

    def ask(self) -> None:
        address = self._session.settings.value.mirror or HUB
        self._again = False
        self._show_buttons(self.tr("Load"), enabled=False, failed=False)
        clear(self._box)
        self._box.addWidget(label(self.tr("Asking the server"), "heading"))
        self._box.addWidget(
            label(
                self.tr("{0} is asked for sizes, digests and licenses…").format(address),
                "second",
                wrap=True,
            )
        )
        self._box.addStretch(1)
        self._session.models.ask_plan(
            lambda plan: self._planned(plan) if self._alive else None,
            lambda report: self._refused(report) if self._alive else None,
        )

    def _refused(self, report: ErrorReport) -> None:
        report = told(report)
        clear(self._box)
        self._box.addWidget(label(report.title, "heading", wrap=True))
        self._box.addWidget(label(report.detail, "", wrap=True))
        if report.remedy:
            self._box.addWidget(label(report.remedy, "second", wrap=True))
        self._box.addWidget(label(report.code, "smallThird"))
        self._box.addStretch(1)
        self._again = True
        self._show_buttons(self.tr("Try again"), enabled=True, failed=True)

    def _planned(self, plan: Mapping[str, Any]) -> None:
        clear(self._box)
        to_load, conversion = int(plan["to_load"]), int(plan["conversion"])
        title = (
            self.tr("{0} to load").format(gigabyte_text(to_load))
            if to_load
            else self.tr("Nothing to load")
        )
        self._box.addWidget(label(title, "heading"))
        self._box.addWidget(self._figures(plan, to_load, conversion))
        if not plan["fits"]:
            text = self.tr(
                "Too little space: {0} are needed with the conversion. Free some, or choose a "
                "folder on another disk."
            ).format(gib_text(to_load + conversion))
            self._box.addWidget(label(text, "bad", wrap=True))
        self._box.addWidget(label(self.tr("Licenses"), "section"))
        self._box.addWidget(self._licenses(plan["licenses"]))
        self._box.addWidget(
            label(
                self.tr("Each file is checked against its published SHA-256 before it is used."),
                "small",
                wrap=True,
            )
        )
        self._box.addStretch(1)
        text = self.tr("Load {0}").format(gigabyte_text(to_load)) if to_load else self.tr("Check")
        self._show_buttons(text, enabled=bool(plan["fits"]), failed=False)

    def _figures(self, plan: Mapping[str, Any], to_load: int, conversion: int) -> QWidget:
        frame = card()
        grid = QGridLayout(frame)
        grid.setContentsMargins(14, 10, 14, 10)
        grid.setHorizontalSpacing(20)
        speed = self._session.settings.value.download_speed
        rows = [
            (self.tr("Files"), self.tr("%n files", "", len(plan["files"]))),
            (self.tr("To load"), gigabyte_text(to_load)),
            (
                self.tr("Time"),
                self.tr("about {0} at {1} MB/s, as last measured").format(
                    duration_text(to_load / speed), f"{speed / 1e6:.1f}"
                )
                if speed > 0
                else self.tr("not known before the first bytes"),
            ),
            (self.tr("Conversion"), self.tr("{0} beside it").format(gigabyte_text(conversion))),
            (
                self.tr("Space"),
                self.tr("{0} free, {1} after loading and conversion").format(
                    gib_text(int(plan["free"])), gib_text(max(int(plan["free_after"]), 0))
                ),
            ),
            (self.tr("Into"), str(plan["folder"])),
        ]
        for at, (name, value) in enumerate(rows):
            grid.addWidget(label(name, "second"), at, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(ElidedLabel(value, ""), at, 1)
        grid.setColumnStretch(1, 1)
        return frame

    def _licenses(self, licenses: Mapping[str, str]) -> QWidget:
        frame = card()
        grid = QGridLayout(frame)
        grid.setContentsMargins(14, 8, 8, 8)
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(2)
        address = self._session.settings.value.mirror or HUB
        for at, (repo, name) in enumerate(sorted(licenses.items())):
            grid.addWidget(ElidedLabel(repo, ""), at, 0)
            grid.addWidget(label(name or self.tr("see its page"), "second"), at, 1)
            page = QUrl(f"{address}/{repo}")
            show = link(self.tr("Read"), lambda page=page: QDesktopServices.openUrl(page))
            show.setAccessibleName(self.tr("Read the license of {0}").format(repo))
            grid.addWidget(show, at, 2)
        grid.setColumnStretch(0, 1)
        return frame

    def _show_buttons(self, text: str, *, enabled: bool, failed: bool) -> None:
        self.start_button.setText(text)
        self.start_button.setEnabled(enabled)
        if enabled:
            self.start_button.setFocus()
        self._settings.setVisible(failed)
        self._import.setVisible(failed)

    # Acting

    def _start(self) -> None:
        if self._again:
            self.ask()
            return
        self._session.models.start()
        self.accept()

    def _other_address(self) -> None:
        self.reject()
        self._open_settings()

    def _import_instead(self) -> None:
        self.reject()
        self._import_files()
