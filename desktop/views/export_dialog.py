"""Export: range, file, quality. Runs in the engine, beside rendering."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QStandardPaths, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QCheckBox, QFileDialog, QGridLayout, QHBoxLayout, QLineEdit, QWidget

from desktop.messages import Remedy
from desktop.state.clock_text import gib_text
from desktop.state.jobs import Job
from desktop.state.session import Session
from desktop.theme import Theme
from desktop.widgets.buttons import button, primary
from desktop.widgets.dialog import SheetDialog
from desktop.widgets.fields import choice
from desktop.widgets.folders import open_folder
from desktop.widgets.labels import label, set_role
from infinitetalk import wire
from infinitetalk.errors import ErrorReport

# CRF and bytes per pixel and frame, for the estimate.
_QUALITIES = ((14, 0.20), (18, 0.10), (25, 0.035))


class ExportDialog(SheetDialog):
    """One sheet. The file is never overwritten: a free name is taken."""

    def __init__(
        self, session: Session, theme: Theme, parent: QWidget, job: Job | None = None
    ) -> None:
        super().__init__(parent, "exportDialog", "")
        self.setWindowTitle(self.tr("Export"))
        self.resize(620, 360)
        self._session, self._theme = session, theme
        self._folder = job.folder if job is not None else session.job_folder
        self._name = job.name if job is not None else session.project.name
        self.body.addWidget(label(self.tr("Export {0}").format(self._name), "title"))
        self._missing = label("", "warn", wrap=True)
        self.body.addWidget(self._missing)
        self._build()
        self._footer()
        self._show()

    def _build(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(10)
        grid.setColumnStretch(1, 1)
        self._file = QLineEdit(str(free_name(_default_folder() / f"{self._name}.mp4")))
        self._file.setAccessibleName(self.tr("File"))
        self._file.textEdited.connect(lambda _: self._show())
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._file, 1)
        row.addWidget(button(self.tr("Choose…"), self._choose))
        self._quality = choice(
            [
                (self.tr("Visually lossless"), 0),
                (self.tr("Good"), 1),
                (self.tr("Small"), 2),
            ]
        )
        self._quality.setCurrentIndex(1)
        self._quality.setAccessibleName(self.tr("Quality"))
        self._quality.currentIndexChanged.connect(lambda _: self._show())
        self._size = label("", "second")
        quality = QHBoxLayout()
        quality.setSpacing(10)
        quality.addWidget(self._quality)
        quality.addWidget(self._size, 1)
        for number, text in enumerate((self.tr("File"), self.tr("Quality"), self.tr("Sound"))):
            grid.addWidget(label(text, "second"), number, 0)
        grid.addLayout(row, 0, 1)
        grid.addLayout(quality, 1, 1)
        grid.addWidget(label(self.tr("The speech as given, at its own rate and level"), ""), 2, 1)
        self.body.addLayout(grid)
        self._when_ready = QCheckBox(self.tr("Wait until every chunk is ready, then export"))
        self._when_ready.toggled.connect(lambda _: self._show())
        self.body.addWidget(self._when_ready)
        self.body.addStretch(1)

    def _footer(self) -> None:
        self._problem = label("", "bad", wrap=True)
        self.footer.addWidget(self._problem, 1)
        self.footer.addWidget(button(self.tr("Cancel"), self.reject))
        self._export = primary(
            self.tr("Export"), self._start, icon=self._theme.icons.icon("export", "on_filled")
        )
        self._export.setDefault(True)
        self.footer.addWidget(self._export)

    def _choose(self) -> None:
        path, _ = QFileDialog.getSaveFileName(
            self, self.tr("Export to"), self._file.text(), self.tr("Video (*.mp4)")
        )
        if path:
            self._file.setText(path)
            self._show()

    def _show(self) -> None:
        chunks = self._session.timeline.chunks
        missing = [c for c in chunks if not c.playable and c.status != "left_out"]
        stale = [c for c in chunks if c.status == "stale"]
        parts = []
        if missing:
            parts.append(
                self.tr("%n chunks are not rendered yet", "", len(missing))
                + "; "
                + self.tr("a video is exported whole.")
            )
        if stale:
            parts.append(self.tr("%n chunks are stale: their old takes are used.", "", len(stale)))
        self._missing.setText(" ".join(parts))
        self._missing.setVisible(bool(parts))
        self._when_ready.setVisible(bool(missing))
        plan = self._session.planner.plan
        if plan is not None:
            frames = sum(c.frame_count for c in chunks if c.playable)
            pixels = plan.size[0] * plan.size[1] * frames
            size = pixels * _QUALITIES[self._quality.currentIndex()][1]
            self._size.setText(self.tr("about {0}").format(gib_text(size)))
        folder = Path(self._file.text()).parent
        good = folder.is_dir()
        self._problem.setText("" if good else self.tr("This folder does not exist"))
        set_role(self._problem, "role", "bad")
        waits = self._when_ready.isChecked()
        self._export.setEnabled(good and bool(self._file.text()) and (not missing or waits))

    def _start(self) -> None:
        target = free_name(Path(self._file.text()).with_suffix(".mp4"))
        session = self._session
        if not self._when_ready.isHidden() and self._when_ready.isChecked():
            session.render(out=target)
            self.accept()
            return
        message = wire.Export(
            job_folder=self._folder,
            out=target,
            crf=_QUALITIES[self._quality.currentIndex()][0],
        )
        session.messages.notice(self.tr("Exporting"), target.name, code="export.started")
        session.export_started.emit(target)
        session.engine.ask(
            message,
            lambda _: announce_export(session, target),
            lambda report: _failed(session, target, report),
        )
        self.accept()


def announce_export(session: Session, target: Path) -> None:
    """A finished export, with *Play* and *Show in folder*."""
    session.messages.dismiss_code("export.started")
    session.export_ended.emit(target)
    tr = QCoreApplication.translate
    session.messages.notice(
        tr("export", "Exported"),
        target.name,
        Remedy(
            text=tr("export", "Play"),
            act=lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(target))),
        ),
        Remedy(text=tr("export", "Show in folder"), act=lambda: open_folder(target.parent)),
        code="export.done",
    )


def _failed(session: Session, target: Path, report: ErrorReport) -> None:
    session.messages.dismiss_code("export.started")
    session.export_ended.emit(target)
    session.messages.show("error", report)


def free_name(path: Path) -> Path:
    """The path, or with a number where it is taken: "keynote-de 2.mp4"."""
    found, number = path, 2
    while found.exists():
        found = path.with_name(f"{path.stem} {number}{path.suffix}")
        number += 1
    return found


def _default_folder() -> Path:
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.MoviesLocation)
    folder = Path(place) if place else Path.home()
    return folder if folder.is_dir() else Path.home()
