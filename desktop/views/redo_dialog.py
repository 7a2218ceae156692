"""A new take of a chunk: what changes, and what happens to those that follow, with its price."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from desktop.loading.pictures import ProjectPictures
from desktop.state.clock_text import duration_text, time_text
from desktop.state.session import Session
from desktop.theme import Theme
from desktop.widgets.buttons import button, link, primary
from desktop.widgets.chunk_strip import Cell, ChunkStrip
from desktop.widgets.dialog import SheetDialog
from desktop.widgets.fields import PromptEdit, SeedEdit, new_seed, number
from desktop.widgets.labels import label, set_role
from infinitetalk.event import ChunkStatus
from infinitetalk.request import FPS, ChunkSettings

_SHOWN_BEFORE, _SHOWN_AFTER = 2, 4


class ChoiceCard(QFrame):
    """One of the two ways to go on, drawn as chunks."""

    chosen = Signal()

    def __init__(self, title: str, theme: Theme) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 8, 14, 10)
        box.setSpacing(6)
        head = QHBoxLayout()
        self.radio = QRadioButton(title)
        self.radio.setAutoExclusive(False)
        self.radio.clicked.connect(self.chosen)
        self._price = label("", "strong")
        head.addWidget(self.radio, 1)
        head.addWidget(self._price)
        box.addLayout(head)
        inner = QVBoxLayout()
        inner.setContentsMargins(20, 0, 0, 0)
        self._strip = ChunkStrip(theme, height=26)
        self._text = label("", "small", wrap=True)
        inner.addWidget(self._strip)
        inner.addWidget(self._text)
        box.addLayout(inner)

    def show_choice(
        self, cells: list[Cell], labels: list[str], seam: int | None, text: str, price: str
    ) -> None:
        self._strip.show_cells(cells, labels, seam)
        self._strip.setAccessibleName(text)
        self._text.setText(text)
        self._price.setText(price)
        self.radio.setAccessibleName(f"{self.radio.text()}, {price}")

    def set_chosen(self, on: bool) -> None:
        self.radio.setChecked(on)
        set_role(self, "chosen", "true" if on else "false")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit()


class RedoDialog(SheetDialog):
    """Redoes the selected chunks; with several, the values hold for each of them."""

    def __init__(
        self,
        session: Session,
        pictures: ProjectPictures,
        theme: Theme,
        parent: QWidget,
        indices: list[int],
    ) -> None:
        super().__init__(parent, "redoDialog", "")
        self._session, self._theme, self._indices = session, theme, indices
        self._pictures = pictures
        self.index = indices[0]
        self.setModal(True)
        self.setWindowTitle(self.tr("New take"))
        self.resize(840, 720)
        self._keep = True
        self._head()
        self.section(self.tr("What changes"))
        self._fields()
        self.section(self.tr("What happens after it"))
        self._choices()
        self.body.addStretch(1)
        self._footer()
        self._show_choice()

    @property
    def keep_following(self) -> bool:
        return self._keep

    def _head(self) -> None:
        chunk = self._session.timeline.chunks[self.index]
        row = QHBoxLayout()
        row.setSpacing(16)
        picture = QLabel()
        picture.setFixedSize(148, 82)
        take = chunk.active_take
        found = self._pictures.take(self.index, take) if take else self._pictures.source(self.index)
        if found is not None:
            picture.setPixmap(
                found.scaled(
                    picture.size(),
                    Qt.AspectRatioMode.KeepAspectRatioByExpanding,
                    Qt.TransformationMode.SmoothTransformation,
                )
            )
        row.addWidget(picture)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        if len(self._indices) == 1:
            title = self.tr("New take of chunk {0}").format(self.index + 1)
        else:
            title = self.tr("New takes of %n chunks", "", len(self._indices))
        texts.addWidget(label(title, "title"))
        facts = self.tr("{0} – {1} · {2} frames · would be take {3}").format(
            time_text(chunk.first_frame),
            time_text(chunk.end_frame),
            chunk.frame_count,
            len(chunk.takes) + 1,
        )
        texts.addWidget(label(facts, "second"))
        if take is not None:
            text = self.tr("Play take {0}").format(chunk.take_number)
            texts.addWidget(link(text, self._play), 0, Qt.AlignmentFlag.AlignLeft)
        row.addLayout(texts, 1)
        self.body.addLayout(row)

    def _fields(self) -> None:
        project = self._session.project
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnMinimumWidth(0, self._theme.px(108))
        grid.setColumnStretch(1, 1)
        self._seed = SeedEdit()
        self._seed.show_seed(new_seed())
        other = button(self.tr("Other"), self._new_seed, icon=self._theme.icons.icon("stale"))
        self._prompt = PromptEdit(3, self._theme)
        self._prompt.show_text(project.chunk_value(self.index, "prompt")[0])
        self._text = number(0, 100, 0.1, 1)
        self._text.setValue(project.chunk_value(self.index, "text_guidance_scale")[0])
        self._audio = number(0, 100, 0.1, 1)
        self._audio.setValue(project.chunk_value(self.index, "audio_guidance_scale")[0])
        self._shift = number(-5000, 5000, 10, 0, suffix=" ms")
        self._shift.setValue(project.chunk_value(self.index, "speech_shift")[0] * 1000)
        self._frame = number(0, 86400, 0.04, 2, suffix=" s")
        own = project.chunk_value(self.index, "source_time")[0]
        self._usual_frame = self._session.timeline.chunks[self.index].source_time
        self._frame.setValue(self._usual_frame if own is None else own)
        data = self._session.data
        rows: tuple[tuple[str, QWidget, QWidget], ...] = (
            (self.tr("Seed"), self._seed, other),
            (self.tr("Prompt"), self._prompt, label("", "")),
            (
                self.tr("Text guidance"),
                self._text,
                self._beside(data.option("text_guidance_scale")),
            ),
            (
                self.tr("Audio guidance"),
                self._audio,
                self._beside(data.option("audio_guidance_scale")),
            ),
            (self.tr("Speech shift"), self._shift, self._beside("0 ms")),
            (
                self.tr("Source frame"),
                self._frame,
                button(self.tr("At playhead"), self._pick_frame),
            ),
        )
        for number_, (text, editor, beside) in enumerate(rows):
            editor.setAccessibleName(text)
            grid.addWidget(label(text, "second"), number_, 0)
            grid.addWidget(editor, number_, 1)
            grid.addWidget(beside, number_, 2)
        self.body.addLayout(grid)

    def _beside(self, value: object) -> QWidget:
        return label(self.tr("project {0}").format(value), "smallThird")

    def _choices(self) -> None:
        self._only = ChoiceCard(self.tr("Only this, and blend"), self._theme)
        self._all = ChoiceCard(self.tr("This and all that follow"), self._theme)
        self._only.chosen.connect(lambda: self._choose(True))
        self._all.chosen.connect(lambda: self._choose(False))
        self.body.addWidget(self._only)
        self.body.addWidget(self._all)
        following = self._followers()
        if not following:
            self._only.hide()
            self._all.hide()
            self._keep = False
            self.body.addWidget(
                label(self.tr("No rendered chunk follows: nothing else changes."), "second")
            )

    def _footer(self) -> None:
        self._three = QCheckBox(self.tr("3 takes with different seeds"))
        self._three.toggled.connect(lambda _: self._show_choice())
        self.footer.addWidget(self._three)
        self.footer.addStretch(1)
        self._when = label(self._start_text(), "smallThird")
        self.footer.addWidget(self._when)
        self.footer.addWidget(button(self.tr("Cancel"), self.reject))
        self.footer.addWidget(
            button(self.tr("At the end of the queue"), lambda: self._redo(at_end=True))
        )
        act = primary(
            self.tr("Redo next"),
            lambda: self._redo(at_end=False),
            icon=self._theme.icons.icon("stale", "on_filled"),
        )
        act.setDefault(True)
        self.footer.addWidget(act)

    def _start_text(self) -> str:
        job = self._session.queue.running
        if job is None or job.state.chunk is None:
            return self.tr("starts at once")
        return self.tr("starts after chunk {0}").format(job.state.chunk + 1)

    # Showing

    def _followers(self) -> list[int]:
        """Chunks after this one that are rendered and would be stale."""
        chunks = self._session.timeline.chunks
        return [c.index for c in chunks[self.index + 1 :] if c.playable]

    def _seconds(self) -> float:
        job = self._session.job
        if job is not None and job.chunk_seconds:
            return sum(job.chunk_seconds) / len(job.chunk_seconds)
        plan = self._session.planner.plan
        return plan.seconds_per_chunk if plan is not None else 0.0

    def _price(self, chunks: int) -> str:
        seconds = self._seconds() * chunks
        return duration_text(seconds) if seconds else ""

    def _choose(self, keep: bool) -> None:
        self._keep = keep
        self._show_choice()

    def _show_choice(self) -> None:
        chunks = self._session.timeline.chunks
        first = max(self.index - _SHOWN_BEFORE, 0)
        shown = range(first, min(self.index + _SHOWN_AFTER + 1, len(chunks)))
        labels = [str(i + 1) for i in shown]
        takes = 3 if self._three.isChecked() else 1
        following = self._followers()

        def cells(after: ChunkStatus | None) -> list[Cell]:
            made: list[Cell] = []
            for i in shown:
                status: ChunkStatus = chunks[i].status
                if i == self.index:
                    status = "rendering"
                elif i == self.index + 1 and after == "kept":
                    status = "kept"
                elif i > self.index and after == "stale" and chunks[i].playable:
                    status = "stale"
                made.append((status, 0.0, 1.0))
            return made

        count = len(self._indices) * takes
        motion = self._motion_frames()
        self._only.show_choice(
            cells("kept"),
            labels,
            self.index + 1 - first,
            self.tr(
                "Chunk {0} is kept. The last {1} frames of the new take, {2} s, are blended into "
                "those of the take it was built on, which stays as long as chunk {0} needs it."
            ).format(self.index + 2, motion, f"{motion / FPS:.2f}"),
            self._price(count),
        )
        last = following[-1] + 1 if following else self.index + 2
        self._all.show_choice(
            cells("stale"),
            labels,
            None,
            self.tr(
                "Chunks {0} to {1} become stale and are rendered again from the new take, in order."
            ).format(self.index + 2, last),
            self._price(count + len(following)),
        )
        self._only.set_chosen(self._keep)
        self._all.set_chosen(not self._keep)

    def _motion_frames(self) -> int:
        weights = self._session.planner.weights_for(self._session.data.model)
        return weights.motion_frames if weights else 9

    # Acting

    def _new_seed(self) -> None:
        self._seed.setText("")
        self._seed.show_seed(new_seed())

    def _pick_frame(self) -> None:
        self._frame.setValue(self._session.timeline.playhead / FPS)

    def _play(self) -> None:
        self._session.playback.set_mode("result")
        self._session.playback.seek(self._session.timeline.chunks[self.index].first_frame)
        self._session.playback.play()

    def settings_of(self, index: int) -> ChunkSettings:
        """What the chunk would have of its own: only what differs from the project."""
        project = self._session.project
        settings = self._session.data.chunk_settings(index)
        seed_text = self._seed.text().strip()
        values = {
            "seed": int(seed_text) if seed_text.isdigit() else new_seed(),
            "prompt": self._prompt.toPlainText(),
            "text_guidance_scale": self._text.value(),
            "audio_guidance_scale": self._audio.value(),
            "speech_shift": self._shift.value() / 1000,
        }
        for name, value in values.items():
            if name == "seed" or value != project.chunk_value(index, name)[0]:
                settings = replace(settings, **{name: value})
        if abs(self._frame.value() - self._usual_frame) > 0.01 and index == self.index:
            settings = replace(settings, source_time=round(self._frame.value(), 2))
        return settings

    def _redo(self, *, at_end: bool) -> None:
        for index in self._indices:
            first = self.settings_of(index)
            wishes = [first]
            if self._three.isChecked():
                wishes += [replace(first, seed=new_seed()) for _ in range(2)]
            self._session.takes.redo(index, tuple(wishes), keep_following=self._keep, at_end=at_end)
        self.accept()
