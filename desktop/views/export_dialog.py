"""Export: what, which part, file, quality, sound. Runs in the engine, beside rendering."""

from pathlib import Path
from typing import Any, Literal, cast

from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QWidget,
)

from desktop.state.clock_text import gib_text, time_text
from desktop.state.exportable import exportable
from desktop.state.exports import RunningExport
from desktop.state.jobs import Job
from desktop.state.session import Session
from desktop.theme import Theme
from desktop.views.export_parts import (
    QUALITIES,
    BackgroundRow,
    default_folder,
    estimated_bytes,
)
from desktop.widgets.buttons import button, primary
from desktop.widgets.dialog import SheetDialog
from desktop.widgets.fields import choice
from desktop.widgets.labels import label
from desktop.widgets.segments import Segments
from infinitetalk.media.export_choice import VIDEO_SUFFIXES, ExportChoice, Kind

_KINDS: tuple[Kind, ...] = ("video", "pictures", "sound")
_SUFFIXES = {"video": ".mp4", "pictures": "", "sound": ".wav"}
Gap = Literal["stop", "source", "wait"]


class ExportDialog(SheetDialog):
    """One sheet. A file is never overwritten: a free name is taken, and shown before."""

    def __init__(
        self,
        session: Session,
        theme: Theme,
        parent: QWidget,
        job: Job | None = None,
        again: RunningExport | None = None,
    ) -> None:
        super().__init__(parent, "exportDialog", "")
        self.setWindowTitle(self.tr("Export"))
        self.resize(theme.px(680), theme.px(470))
        self._session, self._theme = session, theme
        self._job = exportable(session, job)
        self.body.addWidget(label(self.tr("Export {0}").format(self._job.name), "title"))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(10)
        self._grid.setColumnStretch(1, 1)
        self._rows: dict[str, tuple[QLabel, QWidget]] = {}
        self._build()
        self.body.addLayout(self._grid)
        self._note = label("", "warn", wrap=True)
        self.body.addWidget(self._note)
        self.body.addStretch(1)
        self._footer()
        if again is not None:
            self._show_again(again)
        self.follow(session.job_changed, self.refresh)
        self.refresh()

    # Building

    def _build(self) -> None:
        self.kind = Segments(
            (self.tr("Video"), self.tr("Pictures (PNG)"), self.tr("Sound (WAV)")),
            self.tr("What to export"),
        )
        self.kind.choose(0)
        self.kind.chosen.connect(self._kind_chosen)
        self._row("kind", self.tr("Export"), self.kind)
        self.part = Segments((self.tr("Everything"), self.tr("In to out")), self.tr("Part"))
        self.part.choose(1 if self._job.frames is not None else 0)
        self.part.button(1).setEnabled(self._job.frames is not None)
        self.part.chosen.connect(lambda _: self.refresh())
        self._span = label("", "second")
        self._row("part", self.tr("Part"), _beside(self.part, self._span))
        self.gaps: QComboBox = choice([("", "stop"), ("", "source"), ("", "wait")])
        self.gaps.currentIndexChanged.connect(lambda _: self.refresh())
        self._row("gaps", self.tr("Chunks that are missing"), self.gaps)
        name = self._job.name or self.tr("video")
        self.file = QLineEdit(
            str(self._session.exports.free_name(default_folder() / f"{name}.mp4"))
        )
        self.file.textEdited.connect(lambda _: self.refresh())
        self._row(
            "file", self.tr("File"), _beside(self.file, button(self.tr("Choose…"), self._ask))
        )
        self.codec = choice(
            [(self.tr("H.264, plays everywhere"), "h264"), (self.tr("H.265, smaller"), "h265")]
        )
        self.codec.currentIndexChanged.connect(lambda _: self.refresh())
        self._row("codec", self.tr("Format"), self.codec)
        self.quality = choice(
            [(self.tr("Visually lossless"), 0), (self.tr("Good"), 1), (self.tr("Small"), 2)]
        )
        self.quality.setCurrentIndex(1)
        self.quality.currentIndexChanged.connect(lambda _: self.refresh())
        self._size = label("", "second")
        self._row("quality", self.tr("Quality"), _beside(self.quality, self._size))
        self._row(
            "sound",
            self.tr("Sound"),
            label(self.tr("The speech as given, at its own rate and level"), "", wrap=True),
        )
        self.background = BackgroundRow(self._theme)
        self.background.changed.connect(self.refresh)
        self._row("background", self.tr("Background track"), self.background)

    def _row(self, key: str, text: str, editor: QWidget) -> None:
        at = self._grid.rowCount()
        name = label(text, "second")
        self._grid.addWidget(name, at, 0)
        self._grid.addWidget(editor, at, 1)
        self._rows[key] = (name, editor)
        for part in (editor, *editor.findChildren(QWidget)):
            if isinstance(part, (QComboBox, QLineEdit)) and not part.accessibleName():
                part.setAccessibleName(text)

    def _footer(self) -> None:
        self._problem = label("", "bad", wrap=True)
        self.footer.addWidget(self._problem, 1)
        self.footer.addWidget(button(self.tr("Cancel"), self.reject))
        self.export_button = primary(
            self.tr("Export"), self._start, icon=self._theme.icons.icon("export", "on_filled")
        )
        self.export_button.setObjectName("exportButton")
        self.export_button.setDefault(True)
        self.footer.addWidget(self.export_button)

    def _show_again(self, export: RunningExport) -> None:
        """The choices of an export that failed."""
        wanted = export.choice
        self.kind.choose(_KINDS.index(wanted.kind))
        self.part.choose(1 if wanted.frames is not None and self._job.frames is not None else 0)
        self.codec.setCurrentIndex(self.codec.findData(wanted.codec))
        crfs = [crf for crf, _ in QUALITIES]
        self.quality.setCurrentIndex(crfs.index(wanted.crf) if wanted.crf in crfs else 1)
        if wanted.background is not None:
            self.background.level.setValue(wanted.background.gain_db)
            self.background.show_path(wanted.background.path)
        self.file.setText(str(self._session.exports.free_name(export.out)))

    # What was chosen

    @property
    def _kind(self) -> Kind:
        return _KINDS[max(self.kind.current(), 0)]

    @property
    def gap(self) -> Gap:
        return cast("Gap", self.gaps.currentData())

    @property
    def span(self) -> tuple[int, int]:
        return self._job.span(chosen=self.part.current() == 1)

    @property
    def choice(self) -> ExportChoice:
        whole = self.span == (0, self._job.total)
        return ExportChoice(
            kind=self._kind,
            frames=None if whole else self.span,
            missing=self.gap if self.gap != "wait" else "refuse",
            codec=self.codec.currentData(),
            crf=QUALITIES[self.quality.currentIndex()][0],
            background=self.background.value if self._kind != "pictures" else None,
        )

    @property
    def target(self) -> Path:
        """The file or folder that will be written; never one that is there."""
        text = self.file.text().strip()
        path = Path(text)
        wanted = _SUFFIXES[self._kind]
        good = VIDEO_SUFFIXES if self._kind == "video" else (wanted,)
        if not path.name:
            return path
        if path.suffix.lower() not in good:
            path = path.with_name(f"{path.name}{wanted}") if wanted else path.with_suffix("")
        return self._session.exports.free_name(path)

    def _kind_chosen(self, index: int) -> None:
        path = Path(self.file.text())
        if path.name:
            stem = (
                path.with_suffix("") if path.suffix.lower() in (*VIDEO_SUFFIXES, ".wav") else path
            )
            new = stem.with_name(stem.name + _SUFFIXES[_KINDS[index]])
            self.file.setText(str(self._session.exports.free_name(new)))
        self.refresh()

    def _ask(self) -> None:
        names = {
            "video": self.tr("Video ({0})").format(" ".join(f"*{s}" for s in VIDEO_SUFFIXES)),
            "pictures": "",
            "sound": self.tr("Sound ({0})").format("*.wav"),
        }
        # Existing files are never replaced, so there is nothing to confirm.
        option = QFileDialog.Option.DontConfirmOverwrite
        path, _ = QFileDialog.getSaveFileName(
            self, self.tr("Export to"), self.file.text(), names[self._kind], options=option
        )
        if path:
            self.file.setText(path)
            self.refresh()

    # Showing

    def refresh(self) -> None:
        """Everything anew; also when a chunk becomes ready meanwhile."""
        job, span, kind = self._job, self.span, self._kind
        if job.is_open:
            self._job = job = exportable(self._session, None)
        missing = job.missing(span) if kind != "sound" else 0
        self._show_rows(kind, missing)
        self._span.setText(f"{time_text(span[0])} – {time_text(span[1])}")
        gap = job.first_gap(span)
        self.gaps.setItemText(0, self.tr("Up to {0}").format(time_text(gap)))
        self.gaps.setItemText(1, self.tr("Fill with the source"))
        self.gaps.setItemText(2, self.tr("Wait until all are ready, then export"))
        frames = span[1] - span[0]
        if missing and self.gap == "stop":
            frames = gap - span[0]
        self._size.setText(
            self.tr("about {0}").format(gib_text(estimated_bytes(self.choice, job.size, frames)))
        )
        self._note.setText(self._notes(missing, job.stale(span), kind))
        self._note.setVisible(bool(self._note.text()))
        problem = self._find_problem(frames)
        self._problem.setText(problem)
        self.export_button.setEnabled(not problem)

    def _show_rows(self, kind: Kind, missing: int) -> None:
        shown = {
            "gaps": missing > 0,
            "codec": kind == "video",
            "quality": True,
            "sound": kind != "pictures",
            "background": kind != "pictures",
        }
        for key, on in shown.items():
            for widget in self._rows[key]:
                widget.setVisible(on)
        self.quality.setVisible(kind == "video")
        self._rows["quality"][0].setText(self.tr("Quality") if kind == "video" else self.tr("Size"))
        self._rows["file"][0].setText(self.tr("Folder") if kind == "pictures" else self.tr("File"))

    def _notes(self, missing: int, stale: int, kind: Kind) -> str:
        parts = []
        if missing:
            parts.append(self.tr("%n chunks are not rendered yet.", "", missing))
        if stale and kind != "sound":
            parts.append(self.tr("%n chunks are stale: their old takes are used.", "", stale))
        written = self.target
        if self.file.text().strip() and written.name != Path(self.file.text().strip()).name:
            parts.append(self.tr("{0} is written.").format(written.name))
        return " ".join(parts)

    def _find_problem(self, frames: int) -> str:
        text = self.file.text().strip()
        if not text or not Path(text).name:
            return self.tr("Name a file")
        if not Path(text).is_absolute():
            return self.tr("Choose a folder for the file")
        if not Path(text).parent.is_dir():
            return self.tr("This folder does not exist")
        if frames <= 0:
            return self.tr("Nothing of this part is rendered yet")
        return ""

    def _start(self) -> None:
        session, waits = self._session, self._rows["gaps"][1].isVisibleTo(self)
        waits = waits and self.gap == "wait"
        session.exports.add(self._job.folder, self.target, self.choice, wait=waits)
        if waits and self._job.is_open and not session.rendering_here:
            session.render(frames=self.choice.frames)
        self.accept()


def _beside(*parts: Any) -> QWidget:
    """Controls in one row; the first text field takes the room, else the last part."""
    holder = QWidget()
    row: QLayout = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    assert isinstance(row, QHBoxLayout)
    wide = next((p for p in parts if isinstance(p, QLineEdit)), parts[-1])
    for part in parts:
        row.addWidget(part, 1 if part is wide else 0)
    return holder
