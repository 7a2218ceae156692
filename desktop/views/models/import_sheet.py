"""What other programs left on this machine: found by content, used where it is, or copied."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QHBoxLayout,
    QProgressBar,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from desktop.reports.texts import told
from desktop.state.clock_text import gigabyte_text
from desktop.state.session import Session
from desktop.theme import Theme
from desktop.views.models.layout import clear
from desktop.widgets.buttons import button, primary
from desktop.widgets.column import ScrollColumn
from desktop.widgets.dialog import SheetDialog
from desktop.widgets.icon_mark import IconMark
from desktop.widgets.labels import ElidedLabel, card, label, line
from infinitetalk.errors import ErrorReport


class ImportSheet(SheetDialog):
    """Looks through folders; nothing is moved, changed or deleted."""

    def __init__(
        self, session: Session, theme: Theme, parent: QWidget, folder: Path | None = None
    ) -> None:
        super().__init__(parent, "importSheet", "")
        self.setWindowTitle(self.tr("Import from a folder"))
        self.setModal(True)
        self.resize(theme.px(760), theme.px(560))
        self._session, self._theme = session, theme
        self._alive = True
        self._places: list[Mapping[str, Any]] = []
        self._checks: list[tuple[QCheckBox, Path, str, int]] = []  # box, folder, path, bytes
        self._tasks: list[str] = []
        self._head()
        self._list()
        self._ways()
        self._buttons()
        self.follow(session.models.changed, self._follow)
        self.look(folder)

    def done(self, result: int) -> None:
        self._alive = False
        super().done(result)

    # Parts

    def _head(self) -> None:
        self.body.addWidget(
            label(
                self.tr(
                    "Files of ComfyUI, WanGP and the Hugging Face cache are recognized by their "
                    "content. They are used where they are; nothing is moved, changed or deleted."
                ),
                "second",
                wrap=True,
            )
        )
        row = QHBoxLayout()
        self._where = ElidedLabel("", "strong")
        row.addWidget(self._where, 1)
        row.addWidget(button(self.tr("Usual places"), lambda: self.look(None)))
        row.addWidget(
            button(self.tr("Choose a folder…"), self._choose, icon=self._theme.icons.icon("folder"))
        )
        self.body.addLayout(row)

    def _list(self) -> None:
        frame = card()
        inner = QVBoxLayout(frame)
        inner.setContentsMargins(1, 1, 1, 1)
        holder = QWidget()
        holder.setObjectName("scrolled")
        self._rows = QVBoxLayout(holder)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(0)
        area = ScrollColumn(holder)
        inner.addWidget(area)
        self.body.addWidget(frame, 1)

    def _ways(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(18)
        self.in_place = QRadioButton(self.tr("Use where they are"))
        self.in_place.setChecked(True)
        self.copy = QRadioButton(self.tr("Copy into the models folder"))
        self.check = QCheckBox(self.tr("Read every byte first (SHA-256)"))
        row.addWidget(self.in_place)
        row.addWidget(self.copy)
        row.addStretch(1)
        row.addWidget(self.check)
        self.body.addLayout(row)

    def _buttons(self) -> None:
        self._state = ElidedLabel("", "second", Qt.TextElideMode.ElideRight)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 1000)
        self._bar.setFixedWidth(self._theme.px(140))
        self._bar.setAccessibleName(self.tr("Progress of the import"))
        self._bar.hide()
        self.footer.addWidget(self._bar)
        self.footer.addWidget(self._state, 1)
        self.footer.addWidget(button(self.tr("Close"), self.reject))
        self.use_button = primary(self.tr("Use"), self._use)
        self.use_button.setDefault(True)
        self.footer.addWidget(self.use_button)

    # Looking

    def look(self, folder: Path | None) -> None:
        """Searches a folder, or the places where other programs usually keep models."""
        self._where.setText(str(folder) if folder is not None else self.tr("Usual places"))
        self._clear()
        self._rows.addWidget(_note(self.tr("Looking through folders…")))
        self._rows.addStretch(1)
        self._session.models.search(
            folder,
            lambda places: self._found(folder, places) if self._alive else None,
            lambda report: self._refused(report) if self._alive else None,
        )

    def _clear(self) -> None:
        clear(self._rows)
        self._checks = []
        self._places = []
        self._show_sum()

    def _refused(self, report: ErrorReport) -> None:
        report = told(report)
        self._clear()
        text = f"{report.title}: {report.detail} {report.remedy}".strip()
        self._rows.addWidget(_note(text, "bad"))
        self._rows.addStretch(1)

    def _found(self, folder: Path | None, places: Sequence[Mapping[str, Any]]) -> None:
        self._clear()
        self._places = list(places)
        for place in places:
            if place["found"] or place["broken"] or folder is not None:
                self._place(place)
        if not self._checks and not any(place["broken"] for place in places):
            self._rows.addWidget(
                _note(
                    self.tr("Nothing of use was found here.")
                    if folder is not None
                    else self.tr("No other program has left models in the usual places.")
                )
            )
        self._rows.addStretch(1)
        self._show_sum()

    def _place(self, place: Mapping[str, Any]) -> None:
        folder = Path(str(place["folder"]))
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(14, 8, 14, 6)
        row.addWidget(ElidedLabel(str(folder), "section"), 1)
        self._rows.addWidget(head)
        for one in place["found"]:
            self._rows.addWidget(line())
            self._rows.addWidget(self._file(folder, one))
        for path, report in place["broken"]:
            self._rows.addWidget(line())
            self._rows.addWidget(self._broken(str(path), report))
        if place["others"]:
            self._rows.addWidget(line())
            text = self.tr("%n model files of other networks are left alone.", "", place["others"])
            self._rows.addWidget(_note(text))

    def _file(self, folder: Path, one: Mapping[str, Any]) -> QWidget:
        part = QWidget()
        row = QHBoxLayout(part)
        row.setContentsMargins(14, 4, 14, 4)
        row.setSpacing(12)
        box = QCheckBox()
        box.setChecked(True)
        box.setAccessibleName(self.tr("Use {0}").format(one["title"]))
        box.toggled.connect(lambda _: self._show_sum())
        row.addWidget(box)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        title = str(one["title"])
        if one["precision"]:
            title = f"{title}, {one['precision']}"
        texts.addWidget(ElidedLabel(title, "strong", Qt.TextElideMode.ElideRight))
        path = Path(str(one["path"]))
        below = path.relative_to(folder) if path.is_relative_to(folder) else path
        texts.addWidget(ElidedLabel(str(below), "small"))
        row.addLayout(texts, 1)
        row.addWidget(label(str(one["program"]), "small"))
        size = label(gigabyte_text(int(one["size"])), "")
        size.setFixedWidth(self._theme.px(74))
        size.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(size)
        self._checks.append((box, folder, str(path), int(one["size"])))
        return part

    def _broken(self, path: str, data: Mapping[str, Any]) -> QWidget:
        report = told(ErrorReport.from_json(dict(data)))
        part = QWidget()
        row = QHBoxLayout(part)
        row.setContentsMargins(14, 4, 14, 4)
        row.setSpacing(12)
        mark = IconMark(self._theme, "warning", "failed")
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        title = f"{Path(path).name}: {report.title}"
        texts.addWidget(ElidedLabel(title, "strong", Qt.TextElideMode.ElideRight))
        texts.addWidget(label(report.detail, "small", wrap=True))
        row.addLayout(texts, 1)
        return part

    def _show_sum(self) -> None:
        chosen = [size for box, _, _, size in self._checks if box.isChecked()]
        self.use_button.setEnabled(bool(chosen) and not self._tasks)
        if self._tasks:
            return
        if self._checks:
            self._state.setText(
                self.tr("%n files chosen, {0}", "", len(chosen)).format(gigabyte_text(sum(chosen)))
            )
        else:
            self._state.setText("")

    # Acting

    def _choose(self) -> None:
        path = QFileDialog.getExistingDirectory(self, self.tr("Import from a folder"))
        if path:
            self.look(Path(path))

    def _use(self) -> None:
        by_folder: dict[Path, list[str]] = {}
        for box, folder, path, _ in self._checks:
            if box.isChecked():
                by_folder.setdefault(folder, []).append(path)
        self._tasks = [
            self._session.models.take_in(
                folder, paths, copy=self.copy.isChecked(), check=self.check.isChecked()
            )
            for folder, paths in by_folder.items()
        ]
        self._follow()

    def _follow(self) -> None:
        """Shows how far the import is; closes when it is done."""
        if not self._alive or not self._tasks:
            return
        running = [
            progress
            for task in self._tasks
            if (progress := self._session.models.taking_in(task)) is not None
        ]
        if not running:
            self._tasks = []
            self.accept()
            return
        self.use_button.setEnabled(False)
        now = running[0]
        self._bar.setVisible(now.total > 0)
        if now.total:
            share = now.done / now.total
            self._bar.setValue(round(1000 * share))
            percent = QLocale().toString(int(100 * share))
            text = (
                self.tr("Reading, {0} %") if now.status == "checking" else self.tr("Copying, {0} %")
            )
            self._state.setText(text.format(percent))
        else:
            self._state.setText(self.tr("Looking at the files…"))


def _note(text: str, role: str = "second") -> QWidget:
    part = QWidget()
    row = QHBoxLayout(part)
    row.setContentsMargins(14, 10, 14, 10)
    row.addWidget(label(text, role, wrap=True))
    return part
