"""Parts of the export dialog: the track under the speech, sizes, and what is told afterwards."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QStandardPaths, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from desktop.messages import Remedy
from desktop.state.exports import RunningExport
from desktop.state.session import Session
from desktop.theme import Theme
from desktop.widgets.buttons import button, tool
from desktop.widgets.fields import number
from desktop.widgets.folders import open_folder
from desktop.widgets.labels import ElidedLabel
from infinitetalk.media.export_choice import BACKGROUND_GAIN_DB, Background, ExportChoice

# CRF and bytes per pixel and frame (H.264); H.265 needs about two thirds for the same picture.
QUALITIES = ((14, 0.20), (18, 0.10), (25, 0.035))
_H265_SHARE = 0.65
_PNG_PIXEL = 1.6
_SPEECH_SECOND = 24_000  # AAC at 192 kb/s
_WAV_SECOND = 96_000
_SOUNDS = "*.wav *.mp3 *.m4a *.aac *.flac *.ogg *.opus *.mp4 *.mov *.mkv"


def estimated_bytes(choice: ExportChoice, size: tuple[int, int], frames: int) -> float:
    """About how large the export becomes."""
    seconds = frames / 25
    if choice.kind == "sound":
        return seconds * _WAV_SECOND
    pixels = size[0] * size[1] * frames
    if choice.kind == "pictures":
        return pixels * _PNG_PIXEL
    pixel = next(each for crf, each in QUALITIES if crf == choice.crf)
    share = _H265_SHARE if choice.codec == "h265" else 1.0
    return pixels * pixel * share + seconds * _SPEECH_SECOND


class BackgroundRow(QWidget):
    """A file under the speech, and how loud it is against the file itself."""

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.path: Path | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self._name = ElidedLabel(self.tr("None"), "second")
        self._choose = button(self.tr("Choose…"), self._ask)
        self._choose.setAccessibleName(self.tr("Choose a background track"))
        self._clear = tool(
            theme.icons.icon("cross", "second"),
            self.tr("No background track"),
            lambda: self.show_path(None),
        )
        self.level = number(-60.0, 12.0, 1.0, 1, suffix=self.tr(" dB"))
        self.level.setValue(BACKGROUND_GAIN_DB)
        self.level.setAccessibleName(self.tr("Level of the background track"))
        self.level.setMinimumWidth(theme.px(92))
        self.level.valueChanged.connect(lambda _: self.changed.emit())
        row.addWidget(self._name, 1)
        row.addWidget(self.level)
        row.addWidget(self._clear)
        row.addWidget(self._choose)
        self.show_path(None)

    @property
    def value(self) -> Background | None:
        if self.path is None:
            return None
        return Background(path=self.path, gain_db=round(self.level.value(), 1))

    def show_path(self, path: Path | None) -> None:
        self.path = path
        self._name.setText(path.name if path is not None else self.tr("None"))
        for widget in (self.level, self._clear):
            widget.setVisible(path is not None)
        self.changed.emit()

    def _ask(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self, self.tr("Background track"), "", self.tr("Sound ({0})").format(_SOUNDS)
        )
        if path:
            self.show_path(Path(path))


def default_folder() -> Path:
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.MoviesLocation)
    folder = Path(place) if place else Path.home()
    return folder if folder.is_dir() else Path.home()


def _tr(text: str) -> str:
    return QCoreApplication.translate("export", text)


def announce_start(session: Session, export: RunningExport) -> None:
    title = _tr("Exports when all chunks are ready") if export.waits else _tr("Exporting")
    stop = Remedy(text=_tr("Stop"), act=partial(session.exports.stop, export))
    session.messages.notice(title, export.out.name, stop, code=f"export.started/{export.task}")


def announce_end(session: Session, export: RunningExport) -> None:
    """A finished export with *Play* and *Show in folder*; a failed one with what mends it."""
    session.messages.dismiss_code(f"export.started/{export.task}")
    if export.phase == "failed" and export.error is not None:
        session.messages.show("error", export.error, subject=export)
    elif export.phase == "finished":
        place = QUrl.fromLocalFile(str(export.out))
        session.messages.notice(
            _tr("Exported"),
            export.out.name,
            Remedy(text=_tr("Play"), act=lambda: QDesktopServices.openUrl(place)),
            Remedy(
                text=_tr("Show in folder"),
                act=lambda: open_folder(export.out.parent),
            ),
            code="export.done",
        )
    elif export.phase == "stopped":
        session.messages.notice(
            _tr("The export was stopped"), export.out.name, code="export.stopped"
        )


def exports_text(session: Session) -> str:
    """One line for the status bar: "Exporting talk.mp4, 41 %"; empty where nothing is exported."""
    running = [e for e in session.exports.open if not e.waits]
    if not running:
        return ""
    text = _tr("Exporting {0}, {1} %").format(running[0].out.name, round(100 * running[0].fraction))
    return text if len(running) == 1 else f"{text} (+{len(running) - 1})"
