"""The selected chunk: its state, its takes, its own settings."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPixmap
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from desktop.actions import Actions
from desktop.loading.pictures import ProjectPictures
from desktop.state.clock_text import signed_ms_text, time_text
from desktop.state.session import Session
from desktop.state.timeline import ChunkView
from desktop.theme import Theme
from desktop.widgets.buttons import button, link, tool
from desktop.widgets.column import ScrollColumn
from desktop.widgets.fields import OwnDot, PromptEdit, SeedEdit, number
from desktop.widgets.labels import StatusBadge, label, set_role

SEVERAL = object()


class TakeCard(QFrame):
    """One take: chosen or not, its picture, what made it; plays on its own."""

    chosen = Signal(str)
    play = Signal(str)
    menu_wanted = Signal(str, object)

    def __init__(self, key: str, theme: Theme) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self._key = key
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 5, 6, 5)
        row.setSpacing(10)
        self._radio = QRadioButton()
        self._radio.setAutoExclusive(False)
        self._radio.clicked.connect(lambda: self.chosen.emit(key))
        self._picture = QLabel()
        self._picture.setFixedSize(72, 38)
        self._picture.setScaledContents(False)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        self._title, self._detail = label("", "strong"), label("", "small")
        texts.addWidget(self._title)
        texts.addWidget(self._detail)
        self._lock = QLabel()
        play = tool(theme.icons.icon("play", "second"), self.tr("Play this take"))
        play.clicked.connect(lambda: self.play.emit(key))
        row.addWidget(self._radio)
        row.addWidget(self._picture)
        row.addLayout(texts, 1)
        row.addWidget(self._lock)
        row.addWidget(play)
        self._theme = theme
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(
            lambda at: self.menu_wanted.emit(key, self.mapToGlobal(at))
        )

    def show_take(
        self, title: str, detail: str, *, active: bool, locked: bool, picture: QPixmap | None
    ) -> None:
        self._title.setText(title)
        self._detail.setText(detail)
        self._detail.setVisible(bool(detail))
        self._radio.setChecked(active)
        self._radio.setAccessibleName(f"{title}, {detail}")
        set_role(self, "chosen", "true" if active else "false")
        self._lock.setVisible(locked)
        if locked:
            ratio, side = self.devicePixelRatioF(), self._theme.px(14)
            self._lock.setPixmap(self._theme.icons.pixmap("lock", "second", side, ratio))
            self._lock.setToolTip(self.tr("A kept chunk was built on this take"))
        if picture is not None:
            self._picture.setPixmap(
                picture.scaled(
                    QSize(72, 38),
                    Qt.AspectRatioMode.KeepAspectRatioByExpanding,
                    Qt.TransformationMode.SmoothTransformation,
                )
            )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(self._key)


class ChunkInspector(QWidget):
    """Edits the selection at once; each edit is one step of undo."""

    redo_wanted = Signal()
    compare_takes = Signal()
    pick_frame = Signal()

    def __init__(
        self, session: Session, pictures: ProjectPictures, actions: Actions, theme: Theme
    ) -> None:
        super().__init__()
        self.setObjectName("chunkInspector")
        self._session, self._pictures, self._theme = session, pictures, theme
        self._cards: dict[str, TakeCard] = {}
        self._shown_takes: tuple[int | None, tuple[str, ...]] = (None, ())
        self._dots: dict[str, OwnDot] = {}
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        inner = QWidget()
        inner.setObjectName("scrolled")
        self._box = QVBoxLayout(inner)
        self._box.setContentsMargins(16, 14, 16, 10)
        self._box.setSpacing(8)
        self._head()
        self._take_part()
        self._settings()
        self._box.addStretch(1)
        area = ScrollColumn(inner)
        self._empty = label(
            self.tr("Select a chunk in the timeline to see it here."), "third", wrap=True
        )
        self._empty.setContentsMargins(16, 16, 16, 16)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        outer.addWidget(self._empty, 1)
        outer.addWidget(area, 1)
        self._footer = self._foot(actions)
        outer.addWidget(self._footer)
        self._area = area
        session.timeline.selection_changed.connect(self.refresh)
        session.timeline.chunks_changed.connect(self._chunks_changed)
        session.timeline.chunks_reset.connect(self.refresh)
        session.project.changed.connect(lambda _: self.refresh())
        session.project.replaced.connect(self.refresh)
        session.job_changed.connect(self._show_takes)
        pictures.thumbnails_arrived.connect(self._show_takes)
        self._theme.changed.connect(self._show_takes)
        self.refresh()

    def _head(self) -> None:
        row = QHBoxLayout()
        self._title = label("", "heading")
        self._badge = StatusBadge(self._theme)
        row.addWidget(self._title, 1)
        row.addWidget(self._badge)
        self._box.addLayout(row)
        self._facts = label("", "small", wrap=True)
        self._box.addWidget(self._facts)
        self._reason = label("", "warn", wrap=True)
        self._box.addWidget(self._reason)

    def _take_part(self) -> None:
        row = QHBoxLayout()
        self._takes_title = label(self.tr("Takes"), "section")
        self._compare = link(self.tr("Compare takes"), self.compare_takes.emit)
        row.addWidget(self._takes_title, 1)
        row.addWidget(self._compare)
        self._box.addLayout(row)
        self._takes = QVBoxLayout()
        self._takes.setSpacing(4)
        self._box.addLayout(self._takes)

    def _settings(self) -> None:
        self._box.addWidget(label(self.tr("Settings of this chunk"), "section"))
        self._prompt = PromptEdit(3, self._theme)
        self._prompt.edited.connect(lambda text: self._set("prompt", text))
        self._box.addLayout(self._row("prompt", self.tr("Prompt"), None))
        self._box.addWidget(self._prompt)
        self._seed = SeedEdit()
        self._seed.seed_changed.connect(lambda seed: self._set("seed", seed))
        self._text = self._spin("text_guidance_scale", 0, 100, 0.1, 1)
        self._audio = self._spin("audio_guidance_scale", 0, 100, 0.1, 1)
        self._shift = number(-5000, 5000, 10, 0, suffix=" ms")
        self._shift.valueChanged.connect(lambda ms: self._set("speech_shift", ms / 1000))
        self._frame = number(0, 86400, 0.04, 2, suffix=" s")
        self._frame.valueChanged.connect(lambda seconds: self._set("source_time", seconds))
        for name, text, editor in (
            ("seed", self.tr("Seed"), self._seed),
            ("text_guidance_scale", self.tr("Text guidance"), self._text),
            ("audio_guidance_scale", self.tr("Audio guidance"), self._audio),
            ("speech_shift", self.tr("Speech shift"), self._shift),
            ("source_time", self.tr("Source frame"), self._frame),
        ):
            self._box.addLayout(self._row(name, text, editor))
        self._negative = PromptEdit(2, self._theme)
        self._negative.edited.connect(lambda text: self._set("negative_prompt", text))
        self._box.addLayout(self._row("negative_prompt", self.tr("Negative prompt"), None))
        self._box.addWidget(self._negative)
        self._prompt.setAccessibleName(self.tr("Prompt"))
        self._negative.setAccessibleName(self.tr("Negative prompt"))
        legend = QHBoxLayout()
        legend.setSpacing(4)
        for own, text in ((True, self.tr("own value")), (False, self.tr("as in project"))):
            dot = OwnDot(self._theme)
            dot.show_own(own, text, "")
            dot.setEnabled(False)
            dot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            legend.addWidget(dot)
            legend.addWidget(label(text, "smallThird"))
            legend.addSpacing(8)
        legend.addStretch(1)
        self._box.addLayout(legend)

    def _spin(self, name: str, low: float, high: float, step: float, digits: int) -> QDoubleSpinBox:
        box = number(low, high, step, digits)
        box.valueChanged.connect(lambda value: self._set(name, value))
        return box

    def _row(self, name: str, text: str, editor: QWidget | None) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(2)
        dot = OwnDot(self._theme)
        dot.reset.connect(lambda: self._set(name, None))
        self._dots[name] = dot
        row.addWidget(dot)
        title = label(text, "second")
        row.addWidget(title, 1)
        if editor is not None:
            editor.setAccessibleName(text)
            editor.setFixedWidth(self._theme.px(148))
            row.addWidget(editor)
        return row

    def _foot(self, actions: Actions) -> QWidget:
        foot = QFrame()
        foot.setProperty("kind", "footer")
        row = QHBoxLayout(foot)
        row.setContentsMargins(16, 8, 16, 10)
        self._redo = button(self.tr("Redo chunk…"), self.redo_wanted.emit)
        self._redo.setIcon(self._theme.icons.icon("stale"))
        row.addWidget(self._redo)
        row.addStretch(1)
        keys = actions["render.redo"].shortcut().toString()
        row.addWidget(label(keys, "smallThird"))
        return foot

    # Showing

    def _selected(self) -> list[ChunkView]:
        timeline = self._session.timeline
        return [timeline.chunks[i] for i in sorted(timeline.selected) if i < len(timeline.chunks)]

    def _chunks_changed(self, first: int, last: int) -> None:
        if any(first <= i <= last for i in self._session.timeline.selected):
            self.refresh()

    def refresh(self) -> None:
        chunks = self._selected()
        self._empty.setVisible(not chunks)
        self._area.setVisible(bool(chunks))
        self._footer.setVisible(bool(chunks))
        self._redo.setEnabled(bool(chunks))
        if not chunks:
            return
        self._show_head(chunks)
        self._show_takes()
        self._show_settings(chunks)

    def _show_head(self, chunks: list[ChunkView]) -> None:
        model = self._session.chunk_model
        first = chunks[0]
        if len(chunks) > 1:
            self._title.setText(self.tr("%n chunks", "", len(chunks)))
            self._badge.hide()
            self._reason.hide()
            numbers = ", ".join(str(c.index + 1) for c in chunks[:12])
            self._facts.setText(numbers + ("…" if len(chunks) > 12 else ""))
            return
        self._title.setText(self.tr("Chunk {0}").format(first.index + 1))
        word = model.status_text(first.status)
        self._badge.show()
        self._badge.show_status(first.status, word[:1].upper() + word[1:])
        text = self.tr("{0} – {1} · {2} frames").format(
            time_text(first.first_frame), time_text(first.end_frame), first.frame_count
        )
        if first.takes:
            text += " · " + self.tr("take {0} of {1}").format(first.take_number, len(first.takes))
        self._facts.setText(text)
        self._reason.setVisible(bool(first.reason))
        self._reason.setText(first.reason[:1].upper() + first.reason[1:])

    def _show_takes(self) -> None:
        chunks = self._selected()
        chunk = chunks[0] if len(chunks) == 1 else None
        takes = chunk.takes if chunk else ()
        self._takes_title.setVisible(bool(takes))
        self._compare.setVisible(len(takes) > 1)
        shown = (chunk.index if chunk else None, takes)
        if shown != self._shown_takes:
            self._shown_takes = shown
            self._rebuild_takes(takes)
        if chunk is None:
            return
        for number_, key in enumerate(takes):
            figures = self._session.store.figures(chunk.index, key)
            detail = []
            if figures.seed is not None:
                detail.append(self.tr("seed {0}").format(figures.seed))
            if figures.created:
                detail.append(figures.created[11:16])
            self._cards[key].show_take(
                self.tr("Take {0}").format(number_ + 1),
                " · ".join(detail),
                active=key == chunk.active_take,
                locked=key in chunk.locked_takes,
                picture=self._pictures.take(chunk.index, key),
            )

    def _rebuild_takes(self, takes: tuple[str, ...]) -> None:
        for old in self._cards.values():
            old.hide()
            old.deleteLater()
        self._cards = {}
        for key in reversed(takes):
            made = TakeCard(key, self._theme)
            made.chosen.connect(self._choose)
            made.play.connect(self._play)
            made.menu_wanted.connect(self._take_menu)
            self._takes.addWidget(made)
            self._cards[key] = made

    def _show_settings(self, chunks: list[ChunkView]) -> None:
        values = {name: self._value(name, chunks) for name in self._dots}
        self._show_text(self._prompt, values["prompt"])
        self._show_text(self._negative, values["negative_prompt"])
        seed = values["seed"]
        self._seed.setPlaceholderText(self.tr("several values") if seed is SEVERAL else "")
        self._seed.show_seed(None if seed is SEVERAL else seed)
        self._show_number(self._text, values["text_guidance_scale"])
        self._show_number(self._audio, values["audio_guidance_scale"])
        self._show_number(self._shift, values["speech_shift"], lambda v: (v or 0.0) * 1000)
        source = values["source_time"]
        if source is None:
            source = chunks[0].source_time
        self._show_number(self._frame, source)
        data = self._session.data
        for name, dot in self._dots.items():
            own = any(getattr(data.chunk_settings(c.index), name) is not None for c in chunks)
            dot.show_own(own, name.replace("_", " "), self._inherited(name))

    def _inherited(self, name: str) -> str:
        value = self._session.project.project_value(name)
        if name == "speech_shift":
            return signed_ms_text(0.0)
        if value is None:
            return self.tr("the chunk's own place")
        if isinstance(value, str):
            return self.tr("the project's text")
        return f"{value:g}" if isinstance(value, float) else str(value)

    def _value(self, name: str, chunks: list[ChunkView]) -> Any:
        values = {self._session.project.chunk_value(c.index, name)[0] for c in chunks}
        return values.pop() if len(values) == 1 else SEVERAL

    def _show_text(self, editor: PromptEdit, value: Any) -> None:
        several = value is SEVERAL
        editor.setPlaceholderText(self.tr("several values") if several else "")
        editor.show_text("" if several else value)

    def _show_number(
        self,
        box: QDoubleSpinBox,
        value: Any,
        convert: Callable[[Any], float] = float,
    ) -> None:
        box.blockSignals(True)
        if value is SEVERAL:
            box.setSpecialValueText(self.tr("several values"))
            box.setValue(box.minimum())
        else:
            box.setSpecialValueText("")
            box.setValue(convert(value))
        box.blockSignals(False)

    # Acting

    def _set(self, name: str, value: Any) -> None:
        indices = tuple(c.index for c in self._selected())
        self._session.project.set_chunk_values(indices, **{name: value})

    def _choose(self, key: str) -> None:
        chunks = self._selected()
        if len(chunks) == 1:
            self._session.takes.choose(chunks[0].index, key)

    def _play(self, key: str) -> None:
        chunks = self._selected()
        if len(chunks) == 1:
            self._session.takes.choose(chunks[0].index, key)
            self._session.playback.set_mode("result")
            self._session.playback.seek(chunks[0].first_frame)
            self._session.playback.play()

    def _take_menu(self, key: str, at: Any) -> None:
        chunks = self._selected()
        if len(chunks) != 1:
            return
        chunk = chunks[0]
        menu = QMenu(self)
        menu.addAction(self.tr("Show this take"), lambda: self._choose(key))
        locked = key in chunk.locked_takes
        text = (
            self.tr("Can't be removed: chunk {0} was built on it").format(chunk.index + 2)
            if locked
            else self.tr("Remove this take")
        )
        action = menu.addAction(text, lambda: self._session.takes.remove(chunk.index, key))
        action.setEnabled(not locked)
        menu.exec(at)
