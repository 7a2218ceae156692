"""Who speaks where: an area for each speaker, their speech, and how the tracks go together."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QRadioButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from desktop import commands
from desktop.loading.faces import Area, find_faces
from desktop.loading.images import image_of
from desktop.loading.pictures import ProjectPictures
from desktop.state.document import MOST_SPEAKERS, Speaker
from desktop.state.session import Session
from desktop.state.speaker_areas import seen_tokens
from desktop.theme import Theme
from desktop.views.area_editor import LEAST_BRUSH, MOST_BRUSH, AreaEditor, Tool
from desktop.views.speaker_panel import SpeakerPanel
from desktop.widgets.buttons import button, link, primary, tool
from desktop.widgets.column import ScrollColumn
from desktop.widgets.dialog import SheetDialog
from desktop.widgets.flow import FlowLayout
from desktop.widgets.labels import label
from desktop.widgets.segments import Segments
from infinitetalk.request import FPS, Arrangement, Box

_LEAST_SHARE = 0.01
_DRAFT_CHUNKS = 3
_TOOLS: tuple[Tool, ...] = ("face", "box", "brush", "eraser")


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
        self.editor = AreaEditor(theme)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(0)
        columns = QHBoxLayout()
        columns.setSpacing(0)
        columns.addLayout(self._left(), 1)
        columns.addWidget(self._right())
        self.body.addLayout(columns)
        self._footer()
        self.editor.changed.connect(self._areas_changed)
        self.editor.active_changed.connect(lambda _: self._show_shares())
        self.editor.face_clicked.connect(self._face_clicked)
        self.editor.brush_changed.connect(self._show_brush)
        self.editor.history_changed.connect(self._show_history)
        self._show_history()
        self._rebuild()
        self._read_picture(at_playhead=False)

    def _left(self) -> QVBoxLayout:
        box = QVBoxLayout()
        box.setSpacing(0)
        bar = QFrame()
        bar.setProperty("kind", "panel")
        row = FlowLayout(bar, margins=(14, 8))
        self._modes = Segments(
            (self.tr("Click a face"), self.tr("Box"), self.tr("Brush"), self.tr("Eraser")),
            self.tr("Way to assign"),
        )
        self._modes.choose(1)
        self._modes.chosen.connect(self._mode_chosen)
        row.addWidget(self._modes)
        row.addWidget(link(self.tr("Left and right halves"), self._halves))
        self._swap = link(self.tr("Swap A and B"), self._swap_areas)
        row.addWidget(self._swap)
        row.addWidget(link(self.tr("Clear"), self._clear))
        self._frame = Segments((self.tr("First"), self.tr("At playhead")), self.tr("Frame"))
        self._frame.choose(0)
        self._frame.chosen.connect(lambda i: self._read_picture(at_playhead=i == 1))
        frame = QWidget()
        named = QHBoxLayout(frame)
        named.setContentsMargins(0, 0, 0, 0)
        named.addWidget(label(self.tr("Frame"), "second"))
        named.addWidget(self._frame)
        row.addWidget(frame)
        box.addWidget(bar)
        box.addWidget(self.editor, 1)
        box.addWidget(self._below())
        return box

    def _below(self) -> QWidget:
        """Steps back and forth, and the size of the brush."""
        bar = QFrame()
        bar.setProperty("kind", "panel")
        lines = QVBoxLayout(bar)
        lines.setContentsMargins(14, 6, 14, 6)
        lines.setSpacing(2)
        row = QHBoxLayout()
        row.setSpacing(8)
        lines.addLayout(row)
        icons = self._theme.icons
        self._undo = tool(icons.icon("undo"), self.tr("Undo (Ctrl+Z)"), self.editor.undo)
        self._redo = tool(icons.icon("redo"), self.tr("Redo (Ctrl+Shift+Z)"), self.editor.redo)
        row.addWidget(self._undo)
        row.addWidget(self._redo)
        self._size_name = label(self.tr("Brush size"), "second")
        self._size = QSlider(Qt.Orientation.Horizontal)
        self._size.setAccessibleName(self.tr("Brush size"))
        self._size.setRange(round(LEAST_BRUSH * 200), round(MOST_BRUSH * 200))
        self._size.setFixedWidth(self._theme.px(160))
        self._size.valueChanged.connect(lambda value: self.editor.set_brush(value / 200))
        row.addSpacing(8)
        row.addWidget(self._size_name)
        row.addWidget(self._size)
        row.addStretch(1)
        self._keys = label("", "smallThird", wrap=True)
        lines.addWidget(self._keys)
        self._show_brush()
        return bar

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
        if self._modes.current() < 2:  # whoever paints already goes on
            self._modes.choose(0 if faces else 1)
        self._mode_chosen(self._modes.current())
        self._show_shares()

    def _mode_chosen(self, index: int) -> None:
        self.editor.use_tool(_TOOLS[index])
        self._show_hint()
        self._show_brush()

    def _show_hint(self) -> None:
        """What to do with the tool that is chosen."""
        found = bool(self.editor.faces)
        self.editor.hint = {
            "face": self.tr("Click a face, or drag a box around head and shoulders"),
            "box": self.tr("Drag a box around head and shoulders")
            if found
            else self.tr("No face was found: drag a box around head and shoulders"),
            "brush": self.tr("Paint over head and shoulders"),
            "eraser": self.tr("Wipe away what is too much"),
        }[self.editor.tool]
        self.editor.update()

    def _show_brush(self) -> None:
        paints = self.editor.tool in ("brush", "eraser")
        self._size_name.setEnabled(paints)
        self._size.setEnabled(paints)
        self._size.blockSignals(True)
        self._size.setValue(round(self.editor.brush * 200))
        self._size.blockSignals(False)
        self._keys.setText(
            self.tr("Keys: arrows move the brush, Space lowers and raises it, + and − its size")
            if paints
            else self.tr("Keys: A, B choose a speaker, Enter makes a box, arrows move it")
        )

    def _show_history(self) -> None:
        self._undo.setEnabled(self.editor.can_undo)
        self._redo.setEnabled(self.editor.can_redo)

    def _face_clicked(self, face: QRectF) -> None:
        self.editor.boxes[self.editor.active] = QRectF(face)
        free = next((i for i, box in enumerate(self.editor.boxes) if box is None), None)
        self.editor.changed.emit()
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
        size = self.editor.source_size
        width, height = float(size.width()), float(size.height())
        halves = [QRectF(0, 0, width / 2, height), QRectF(width / 2, 0, width / 2, height)]
        one = len(self.speakers) == 1
        self.editor.put_boxes([QRectF(0, 0, width, height)] if one else halves)

    def _swap_areas(self) -> None:
        if len(self.speakers) == 2:
            self.editor.swap()

    def _clear(self) -> None:
        self.editor.put_boxes([None] * len(self.speakers))

    def _areas_changed(self) -> None:
        pairs = zip(self.editor.boxes, self.editor.painted, strict=True)
        for index, (box, painted) in enumerate(pairs):
            made = None
            if box is not None and box.width() >= 1 and box.height() >= 1:
                made = Box(
                    top=round(box.top(), 1),
                    left=round(box.left(), 1),
                    bottom=round(box.bottom(), 1),
                    right=round(box.right(), 1),
                )
            self.speakers[index] = replace(self.speakers[index], box=made, painted=painted)
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
        painted = [s.painted for s in self.speakers]
        self.editor.set_areas(boxes, painted, [s.name for s in self.speakers])
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
        if len(self.speakers) == 1:
            return self.tr("a single speaker: the whole picture counts"), "small"
        if None in self.editor.boxes:
            return self.tr("counts once the other speaker has an area too"), "warn"
        share = self.editor.share(index)
        painted = self.editor.painted[index] is not None
        text = (
            self.tr("painted: {0} % of the picture")
            if painted
            else self.tr("fills {0} % of the picture")
        )
        text = text.format(round(share * 100))
        if self._unseen(index):
            return self.tr("{0}: the model sees nothing of it").format(text), "bad"
        if share < _LEAST_SHARE:
            return self.tr("{0}: very small").format(text), "warn"
        others = [b for i, b in enumerate(self.editor.boxes) if i != index and b is not None]
        if not any(self.editor.painted) and any(other.contains(box) for other in others):
            return self.tr("lies fully inside the other box"), "warn"
        return text, "good"

    def _unseen(self, index: int) -> bool:
        """Whether the area falls between all tokens, or is cropped off."""
        size, target = self.editor.source_size, self.session.rendered_size()
        speaker = self.speakers[index]
        if target is None or speaker.box is None or size.width() < 2:
            return False
        source = (size.height(), size.width())
        return not seen_tokens(speaker.box, speaker.painted, source, target)

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
