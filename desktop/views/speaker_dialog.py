"""Who speaks where: a box for each speaker, their speech, and how the tracks go together."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from desktop import commands
from desktop.loading.faces import Area, find_faces
from desktop.loading.images import image_of
from desktop.loading.pictures import ProjectPictures
from desktop.state.clock_text import seconds_text
from desktop.state.document import LETTERS, MOST_SPEAKERS, SPEAKER_TOKENS, Speaker
from desktop.state.session import Session
from desktop.theme import Theme
from desktop.views.box_editor import BoxEditor
from desktop.widgets.buttons import button, link, primary, tool
from desktop.widgets.column import ScrollColumn
from desktop.widgets.dialog import SheetDialog
from desktop.widgets.fields import number
from desktop.widgets.labels import LetterBadge, label, set_role
from desktop.widgets.meter import StripWaveform
from desktop.widgets.segments import Segments
from infinitetalk.request import FPS, Arrangement, Box

_LEAST_SHARE = 0.01
_DRAFT_CHUNKS = 3


class SpeakerPanel(QFrame):
    """One speaker at the right of the picture."""

    def __init__(self, dialog: "SpeakerDialog", index: int, theme: Theme) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self._dialog, self._index, self._theme = dialog, index, theme
        speaker = dialog.speakers[index]
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 10, 12, 10)
        box.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(LetterBadge(LETTERS[index], SPEAKER_TOKENS[index], theme, side=22))
        self._name = QLineEdit(speaker.name)
        self._name.setAccessibleName(self.tr("Name of speaker {0}").format(LETTERS[index]))
        self._name.textEdited.connect(lambda text: dialog.change(index, name=text))
        head.addWidget(self._name, 1)
        trash = tool(
            theme.icons.icon("trash", "second"),
            self.tr("Remove {0}").format(speaker.name),
            lambda: dialog.remove(index),
        )
        head.addWidget(trash)
        box.addLayout(head)
        wave = StripWaveform(theme, SPEAKER_TOKENS[index])
        box.addWidget(wave)
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        text = speaker.path.name if speaker.path else self.tr("silent")
        facts = dialog.session.library.speech(speaker.path)
        if facts is not None:
            text += f" · {seconds_text(facts.duration)}"
            count = 60
            bars = dialog.session.waveforms.bars(speaker.path, 0, facts.duration / count, count)
            wave.show_bars(bars or [])
        self._file = button(text, lambda: dialog.choose_file(index))
        self._file.setAccessibleName(self.tr("Speech of {0}: {1}").format(speaker.name, text))
        start = number(-600, 86400, 0.1, 2, suffix=" s")
        start.setValue(speaker.start)
        start.setAccessibleName(self.tr("Starts at"))
        start.valueChanged.connect(lambda value: dialog.change(index, start=value))
        level = number(-40, 20, 1, 0, suffix=" dB")
        level.setValue(speaker.gain_db)
        level.setAccessibleName(self.tr("Level"))
        level.valueChanged.connect(lambda value: dialog.change(index, gain_db=value))
        grid.addWidget(label(self.tr("Speech"), "second"), 0, 0)
        grid.addWidget(self._file, 0, 1, 1, 3)
        grid.addWidget(label(self.tr("Starts at"), "second"), 1, 0)
        grid.addWidget(start, 1, 1)
        grid.addWidget(label(self.tr("Level"), "second"), 1, 2)
        grid.addWidget(level, 1, 3)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        box.addLayout(grid)
        self._share = label("", "small", wrap=True)
        box.addWidget(self._share)

    def show_state(self, text: str, role: str, *, active: bool) -> None:
        self._share.setText(text)
        set_role(self._share, "role", role)
        set_role(self, "chosen", "true" if active else "false")

    def mousePressEvent(self, event: object) -> None:
        del event
        self._dialog.editor.set_active(self._index)


class SpeakerDialog(SheetDialog):
    """Works on a copy of the speakers; *Use* is one step of undo."""

    def __init__(
        self, session: Session, pictures: ProjectPictures, theme: Theme, parent: QWidget
    ) -> None:
        super().__init__(parent, "speakerDialog", "")
        self.setWindowTitle(self.tr("Assign in picture"))
        self.setModal(True)
        self.resize(1280, 760)
        self.session, self._pictures, self._theme = session, pictures, theme
        self.speakers: list[Speaker] = list(session.data.speakers)
        self.arrangement: Arrangement = session.data.arrangement
        self._panels: list[SpeakerPanel] = []
        self.editor = BoxEditor(theme)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(0)
        columns = QHBoxLayout()
        columns.setSpacing(0)
        columns.addLayout(self._left(), 1)
        columns.addWidget(self._right())
        self.body.addLayout(columns)
        self._footer()
        self.editor.changed.connect(self._boxes_changed)
        self.editor.active_changed.connect(lambda _: self._show_shares())
        self.editor.face_clicked.connect(self._face_clicked)
        self._rebuild()
        self._read_picture(at_playhead=False)

    def _left(self) -> QVBoxLayout:
        box = QVBoxLayout()
        box.setSpacing(0)
        bar = QFrame()
        bar.setProperty("kind", "panel")
        row = QHBoxLayout(bar)
        row.setContentsMargins(14, 8, 14, 8)
        row.setSpacing(10)
        self._modes = Segments((self.tr("Click a face"), self.tr("Box")), self.tr("Way to assign"))
        self._modes.choose(1)
        self._modes.chosen.connect(self._mode_chosen)
        row.addWidget(self._modes)
        row.addWidget(link(self.tr("Left and right halves"), self._halves))
        self._swap = link(self.tr("Swap A and B"), self._swap_boxes)
        row.addWidget(self._swap)
        row.addWidget(link(self.tr("No boxes"), self._clear))
        row.addStretch(1)
        row.addWidget(label(self.tr("Frame"), "second"))
        self._frame = Segments((self.tr("First"), self.tr("At playhead")), self.tr("Frame"))
        self._frame.choose(0)
        self._frame.chosen.connect(lambda i: self._read_picture(at_playhead=i == 1))
        row.addWidget(self._frame)
        box.addWidget(bar)
        box.addWidget(self.editor, 1)
        return box

    def _right(self) -> QWidget:
        inner = QWidget()
        inner.setObjectName("page")
        box = QVBoxLayout(inner)
        box.setContentsMargins(16, 14, 16, 14)
        box.setSpacing(8)
        box.addWidget(label(self.tr("Who speaks"), "heading"))
        box.addWidget(
            label(
                self.tr("Each mouth follows its own speech; the other rests."), "small", wrap=True
            )
        )
        self._panel_box = QVBoxLayout()
        self._panel_box.setSpacing(8)
        box.addLayout(self._panel_box)
        self._add = button(self.tr("Add a speaker"), self._add_speaker)
        self._add.setIcon(self._theme.icons.icon("plus", "second"))
        box.addWidget(self._add)
        self._limit = label("", "smallThird", wrap=True)
        box.addWidget(self._limit)
        box.addWidget(label(self.tr("Speech tracks"), "section"))
        self._together = QRadioButton(self.tr("Play together, as recorded"))
        self._in_turn = QRadioButton(self.tr("One after the other"))
        self._together.setChecked(self.arrangement == "together")
        self._in_turn.setChecked(self.arrangement == "in_turn")
        self._together.toggled.connect(self._arranged)
        box.addWidget(self._together)
        box.addWidget(self._in_turn)
        self._lengths = label("", "small", wrap=True)
        box.addWidget(self._lengths)
        box.addStretch(1)
        area = ScrollColumn(inner)
        area.setFixedWidth(self._theme.px(350))
        return area

    def _footer(self) -> None:
        self.footer.addWidget(
            label(
                self.tr("A draft of {0} chunks shows whether the right mouths move.").format(
                    _DRAFT_CHUNKS
                ),
                "small",
            )
        )
        self.footer.addStretch(1)
        self._draft = button(
            self.tr("Draft of {0} chunks").format(_DRAFT_CHUNKS),
            self._draft_chunks,
            icon=self._theme.icons.icon("play"),
        )
        self.footer.addWidget(self._draft)
        self.footer.addWidget(button(self.tr("Cancel"), self.reject))
        use = primary(self.tr("Use"), self._use)
        use.setDefault(True)
        self.footer.addWidget(use)

    # Picture and faces

    def _read_picture(self, *, at_playhead: bool) -> None:
        facts = self.session.library.source(self.session.data.source)
        if facts is None:
            return
        size = QSize(facts.width, facts.height)
        seconds = self.session.timeline.playhead / FPS if at_playhead else 0.0

        def read() -> tuple[QImage, list[Area]]:
            from infinitetalk.media.video import read_thumbnail

            image = image_of(read_thumbnail(facts, seconds, longest=1280))
            scale = facts.width / image.width()
            faces = [
                (x * scale, y * scale, w * scale, h * scale) for x, y, w, h in find_faces(image)
            ]
            return image, faces

        self.session.background.submit(
            read, lambda found: self._picture_read(found[0], size, found[1]), priority=5
        )

    def _picture_read(self, image: QImage, size: QSize, faces: list[Area]) -> None:
        self.editor.faces = [QRectF(*face) for face in faces]
        self.editor.show_picture(image, size)
        self._modes.button(0).setEnabled(bool(faces))
        if faces:
            self._modes.choose(0)
            self._mode_chosen(0)
            self.editor.hint = self.tr("Click a face, or drag a box around head and shoulders")
        else:
            self._modes.choose(1)
            self._mode_chosen(1)
            self.editor.hint = self.tr("No face was found: drag a box around head and shoulders")
        self.editor.update()
        self._show_shares()

    def _mode_chosen(self, index: int) -> None:
        self.editor.click_faces = index == 0
        self.editor.update()

    def _face_clicked(self, face: QRectF) -> None:
        self.editor.boxes[self.editor.active] = QRectF(face)
        free = next((i for i, box in enumerate(self.editor.boxes) if box is None), None)
        self._boxes_changed()
        if free is not None:
            self.editor.set_active(free)
        self.editor.update()

    # Speakers

    def change(self, index: int, **changes: object) -> None:
        self.speakers[index] = replace(self.speakers[index], **changes)  # type: ignore[arg-type] - fields of a speaker
        self.editor.names = [s.name for s in self.speakers]
        self.editor.update()
        self._show_lengths()

    def choose_file(self, index: int) -> None:
        path, _ = QFileDialog.getOpenFileName(self, self.tr("Choose speech"))
        if path:
            self.change(index, path=Path(path))
            self._rebuild()

    def remove(self, index: int) -> None:
        del self.speakers[index]
        self._rebuild()

    def _add_speaker(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, self.tr("Choose speech"))
        if path:
            self.speakers.append(Speaker(name=Path(path).stem.capitalize(), path=Path(path)))
            self._rebuild()

    def _arranged(self, together: bool) -> None:
        self.arrangement = "together" if together else "in_turn"
        self._show_lengths()

    def _halves(self) -> None:
        size = self.editor._source
        width, height = float(size.width()), float(size.height())
        halves = [QRectF(0, 0, width / 2, height), QRectF(width / 2, 0, width / 2, height)]
        self.editor.boxes = list(halves[: len(self.speakers)])
        if len(self.speakers) == 1:
            self.editor.boxes = [QRectF(0, 0, width, height)]
        self._boxes_changed()
        self.editor.update()

    def _swap_boxes(self) -> None:
        if len(self.editor.boxes) == 2:
            self.editor.boxes.reverse()
            self._boxes_changed()
            self.editor.update()

    def _clear(self) -> None:
        self.editor.boxes = [None] * len(self.speakers)
        self._boxes_changed()
        self.editor.update()

    def _boxes_changed(self) -> None:
        for index, box in enumerate(self.editor.boxes):
            made = None
            if box is not None and box.width() >= 1 and box.height() >= 1:
                made = Box(
                    top=round(box.top(), 1),
                    left=round(box.left(), 1),
                    bottom=round(box.bottom(), 1),
                    right=round(box.right(), 1),
                )
            self.speakers[index] = replace(self.speakers[index], box=made)
        self._show_shares()

    def _rebuild(self) -> None:
        for panel in self._panels:
            panel.hide()
            panel.deleteLater()
        self._panels = []
        for index in range(len(self.speakers)):
            panel = SpeakerPanel(self, index, self._theme)
            self._panel_box.addWidget(panel)
            self._panels.append(panel)
        boxes: list[QRectF | None] = [
            None
            if s.box is None
            else QRectF(s.box.left, s.box.top, s.box.right - s.box.left, s.box.bottom - s.box.top)
            for s in self.speakers
        ]
        self.editor.set_boxes(boxes, [s.name for s in self.speakers])
        full = len(self.speakers) >= MOST_SPEAKERS
        self._add.setEnabled(not full)
        self._limit.setText(self.tr("The model knows two speakers.") if full else "")
        self._swap.setEnabled(len(self.speakers) == 2)
        two = len(self.speakers) > 1
        self._together.setEnabled(two)
        self._in_turn.setEnabled(two)
        self._show_shares()
        self._show_lengths()

    # Showing

    def _show_shares(self) -> None:
        for index, panel in enumerate(self._panels):
            text, role = self._judge(index)
            panel.show_state(text, role, active=index == self.editor.active)

    def _judge(self, index: int) -> tuple[str, str]:
        """What to say of a box, and how urgent it is."""
        box = self.editor.boxes[index]
        if box is None:
            if len(self.speakers) == 1:
                return self.tr("whole picture"), "small"
            side = self.tr("left half") if index == 0 else self.tr("right half")
            return self.tr("no box: {0} of the picture").format(side), "small"
        share = self.editor.share(index)
        text = self.tr("fills {0} % of the picture").format(round(share * 100))
        if share < _LEAST_SHARE:
            return self.tr("{0}: very small").format(text), "warn"
        others = [b for i, b in enumerate(self.editor.boxes) if i != index and b is not None]
        if any(other.contains(box) for other in others):
            return self.tr("lies fully inside the other box"), "warn"
        return text, "good"

    def _show_lengths(self) -> None:
        seconds = []
        for speaker in self.speakers:
            facts = self.session.library.speech(speaker.path)
            seconds.append(facts.duration + speaker.start if facts else 0.0)
        if len(seconds) < 2 or not all(seconds) or self.arrangement == "in_turn":
            self._lengths.setText("")
            return
        gap = abs(seconds[0] - seconds[1])
        shorter = 0 if seconds[0] < seconds[1] else 1
        if gap >= 0.05:
            self._lengths.setText(
                self.tr("The track of {0} is {1} s shorter: silence is added.").format(
                    self.speakers[shorter].name, f"{gap:.1f}"
                )
            )
        else:
            self._lengths.setText("")

    # Leaving

    def _apply(self) -> None:
        change = commands.assign_speakers(self.session.data, tuple(self.speakers), self.arrangement)
        self.session.project.edit(change)

    def _use(self) -> None:
        self._apply()
        self.accept()

    def _draft_chunks(self) -> None:
        """The first chunks in draft quality, to see whether the right mouths move."""
        self._apply()
        chunks = self.session.timeline.chunks
        if not chunks:
            return
        last = chunks[min(_DRAFT_CHUNKS, len(chunks)) - 1]
        change = commands.set_preset(
            self.session.data,
            "draft",
            self.session.planner.own_presets(self.session.data.model),
        )
        self.session.project.edit(change)
        if self.session.render(frames=(0, last.end_frame)):
            self.accept()
