"""Source and speakers: what the video is made of, and a place to drop files."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMenu,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop import commands
from desktop.state.clock_text import seconds_text
from desktop.state.document import LETTERS, MOST_SPEAKERS, SPEAKER_TOKENS, Speaker
from desktop.state.dropping import plan_drop
from desktop.state.session import Session
from desktop.theme import Theme
from desktop.widgets.buttons import button, link, tool
from desktop.widgets.column import ScrollColumn
from desktop.widgets.drop_area import DropArea
from desktop.widgets.labels import ElidedLabel, LetterBadge, label, line
from desktop.widgets.meter import StripWaveform

PictureOf = Callable[[], QPixmap | None]


class CropPicture(QWidget):
    """The source with the lines between which it is rendered."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._pixmap: QPixmap | None = None
        self._crop: QRectF | None = None  # of the picture, 0..1
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(118)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(220, 118)

    def show_picture(self, pixmap: QPixmap | None, crop: QRectF | None) -> None:
        self._pixmap, self._crop = pixmap, crop
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), self._theme.color("stage"))
        if self._pixmap is None:
            icon = self._theme.icons.pixmap("picture", "third", 32, self.devicePixelRatioF())
            center = self.rect().center() - QPoint(16, 16)
            painter.drawPixmap(center, icon)
            return
        size = self._pixmap.deviceIndependentSize()
        scale = min(self.width() / size.width(), self.height() / size.height())
        area = QRectF(0, 0, size.width() * scale, size.height() * scale)
        area.moveCenter(QRectF(self.rect()).center())
        painter.drawPixmap(area, self._pixmap, QRectF(self._pixmap.rect()))
        if self._crop is None:
            return
        seen = QRectF(
            area.left() + self._crop.left() * area.width(),
            area.top() + self._crop.top() * area.height(),
            self._crop.width() * area.width(),
            self._crop.height() * area.height(),
        )
        shade = self._theme.tint("scrim", 0.5)
        for part in (
            QRectF(area.left(), area.top(), area.width(), seen.top() - area.top()),
            QRectF(area.left(), seen.bottom(), area.width(), area.bottom() - seen.bottom()),
            QRectF(area.left(), seen.top(), seen.left() - area.left(), seen.height()),
            QRectF(seen.right(), seen.top(), area.right() - seen.right(), seen.height()),
        ):
            painter.fillRect(part, shade)
        painter.setPen(QPen(self._theme.color("on_filled"), 1.2, Qt.PenStyle.DashLine))
        painter.drawRect(seen)


class SpeakerCard(QFrame):
    """One speaker: letter, name, waveform, file; menu for the rest."""

    menu_wanted = Signal(int, QPoint)

    def __init__(self, number: int, speaker: Speaker, session: Session, theme: Theme) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(
            lambda at: self.menu_wanted.emit(number, self.mapToGlobal(at))
        )
        self._session, self._number, self._speaker = session, number, speaker
        token = SPEAKER_TOKENS[number]
        box = QVBoxLayout(self)
        box.setContentsMargins(10, 4, 6, 6)
        box.setSpacing(2)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(LetterBadge(LETTERS[number], token, theme))
        head.addWidget(ElidedLabel(speaker.name, "strong"), 1)
        mute = tool(
            theme.icons.icon("mute" if speaker.muted else "volume", "second"),
            self.tr("Mute {0}").format(speaker.name),
            checkable=True,
        )
        mute.setChecked(speaker.muted)
        mute.toggled.connect(
            lambda on: session.project.edit(commands.change_speaker(session.data, number, muted=on))
        )
        more = tool(
            theme.icons.icon("more", "second"), self.tr("More for {0}").format(speaker.name)
        )
        more.clicked.connect(
            lambda: self.menu_wanted.emit(number, more.mapToGlobal(QPoint(0, more.height())))
        )
        head.addWidget(mute)
        head.addWidget(more)
        box.addLayout(head)
        self._wave = StripWaveform(theme, token)
        self._wave.setAccessibleName(self.tr("Waveform of {0}").format(speaker.name))
        box.addWidget(self._wave)
        self._facts = ElidedLabel("", "small")
        box.addWidget(self._facts)
        self.refresh()

    def refresh(self) -> None:
        speaker = self._speaker
        if speaker.path is None:
            self._facts.setText(self.tr("silent"))
            return
        facts = self._session.library.speech(speaker.path)
        text = speaker.path.name
        if facts is not None:
            text += f" · {facts.rate / 1000:g} kHz · {seconds_text(facts.duration)}"
            if speaker.start:
                text += f" · {speaker.start:+.2f} s"
            count = self._wave.bar_count()
            bars = self._session.waveforms.bars(speaker.path, 0.0, facts.duration / count, count)
            self._wave.show_bars(bars or [])
        problem = self._session.library.problem(speaker.path)
        if problem is not None:
            text = problem.title
        self._facts.setText(text)


class _CompactColumn(QWidget):
    """What is left of the dock in a narrow window: icons that bring it back."""

    def __init__(self, dock: "LeftDock", session: Session, theme: Theme) -> None:
        super().__init__()
        self._dock, self._session, self._theme = dock, session, theme
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(8, 10, 8, 10)
        self._box.setSpacing(6)
        session.project.changed.connect(self._project_changed)
        session.project.replaced.connect(self.rebuild)
        theme.changed.connect(self.rebuild)
        self.rebuild()

    def _project_changed(self, names: frozenset[str]) -> None:
        if names & {"speakers", "source"}:
            self.rebuild()

    def rebuild(self) -> None:
        while (item := self._box.takeAt(0)) is not None:
            widget = item.widget()
            if isinstance(widget, QWidget):
                widget.hide()
                widget.deleteLater()
        icons, dock = self._theme.icons, self._dock
        for icon, name, act in (
            ("go", self.tr("Show source and speakers"), dock.expand_wanted.emit),
            ("picture", self.tr("Choose source"), dock.replace_source.emit),
            ("microphone", self.tr("Add speech"), dock.add_speech.emit),
        ):
            self._box.addWidget(tool(icons.icon(icon), name, act))
        for number, speaker in enumerate(self._session.data.speakers):
            badge = LetterBadge(LETTERS[number], SPEAKER_TOKENS[number], self._theme, side=22)
            badge.setToolTip(speaker.name)
            self._box.addWidget(badge, 0, Qt.AlignmentFlag.AlignHCenter)
        assign = tool(icons.icon("assign"), self.tr("Assign in picture…"), dock.assign.emit)
        assign.setEnabled(
            bool(self._session.data.speakers) and self._session.data.source is not None
        )
        self._box.addWidget(assign)
        self._box.addStretch(1)


class LeftDock(QWidget):
    """Source card, speakers, drop area; in a narrow window a column of icons."""

    replace_source = Signal()
    add_speech = Signal()
    make_speech = Signal()
    assign = Signal()
    files_dropped = Signal(object)
    expand_wanted = Signal()

    def __init__(self, session: Session, theme: Theme, picture: PictureOf) -> None:
        super().__init__()
        self.setObjectName("page")
        self._session, self._theme, self._picture = session, theme, picture
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        inner = QWidget()
        inner.setObjectName("scrolled")
        box = QVBoxLayout(inner)
        box.setContentsMargins(14, 10, 14, 12)
        box.setSpacing(8)
        box.addWidget(self._source_card())
        box.addWidget(line())
        box.addWidget(self._speaker_part())
        box.addStretch(1)
        self.drop = DropArea(self.tr("Drop a picture, a video or speech here"), self._judge, theme)
        self.drop.dropped.connect(self.files_dropped)
        box.addWidget(self.drop)
        area = ScrollColumn(inner)
        self._full = area
        outer.addWidget(area)
        self._compact = _CompactColumn(self, session, theme)
        self._compact.hide()
        outer.addWidget(self._compact)
        self._cards: list[SpeakerCard] = []
        session.project.changed.connect(self._project_changed)
        session.project.replaced.connect(self.rebuild)
        session.request_changed.connect(self.refresh)
        session.waveforms.changed.connect(self._refresh_cards)
        theme.changed.connect(self.rebuild)
        self.rebuild()

    @property
    def compact(self) -> bool:
        return self._full.isHidden()

    def set_compact(self, on: bool) -> None:
        """Icons alone, or everything."""
        self._full.setVisible(not on)
        self._compact.setVisible(on)
        width = self._theme.px(48) if on else self._theme.px(196)
        self.setMinimumWidth(width)
        self.setMaximumWidth(width if on else 16777215)

    def _source_card(self) -> QWidget:
        part = QWidget()
        part.setObjectName("sourceCard")
        box = QVBoxLayout(part)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(3)
        head = QHBoxLayout()
        head.addWidget(label(self.tr("Source"), "section"), 1)
        self._replace = link(self.tr("Choose…"), self.replace_source.emit)
        head.addWidget(self._replace)
        box.addLayout(head)
        self._crop = CropPicture(self._theme)
        self._crop.setAccessibleName(self.tr("The source, with the part that is rendered"))
        box.addWidget(self._crop)
        box.addSpacing(4)
        self._name = ElidedLabel("", "strong")
        self._facts = ElidedLabel("", "small")
        self._cropped = ElidedLabel("", "small")
        for widget in (self._name, self._facts, self._cropped):
            box.addWidget(widget)
        return part

    def _speaker_part(self) -> QWidget:
        part = QWidget()
        part.setObjectName("speakerList")
        box = QVBoxLayout(part)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(label(self.tr("Speakers"), "section"), 1)
        self._add = link(self.tr("Add"))
        self._add.setIcon(self._theme.icons.icon("plus", "accent"))
        menu = QMenu(self._add)
        menu.addAction(self.tr("Speech from a file…"), self.add_speech.emit)
        menu.addAction(self.tr("Speech from text…"), self.make_speech.emit)
        menu.addAction(self.tr("A silent speaker"), self._add_silent)
        self._add.setMenu(menu)
        head.addWidget(self._add)
        box.addLayout(head)
        self._list = QVBoxLayout()
        self._list.setSpacing(8)
        box.addLayout(self._list)
        self._assign = button(self.tr("Assign in picture…"), self.assign.emit)
        self._assign.setIcon(self._theme.icons.icon("assign"))
        box.addWidget(self._assign)
        return part

    def _judge(self, paths: list[Path]) -> tuple[bool, str]:
        plan = plan_drop(paths, self._session.data)
        return plan.accepted, plan.text

    def _project_changed(self, names: frozenset[str]) -> None:
        if "speakers" in names:
            self.rebuild()
        elif names & {"source", "preset", "options", "model"}:
            self.refresh()

    def rebuild(self) -> None:
        while (item := self._list.takeAt(0)) is not None:
            widget = item.widget()
            if isinstance(widget, QWidget):
                widget.hide()
                widget.deleteLater()
        self._cards = []
        for number, speaker in enumerate(self._session.data.speakers):
            made = SpeakerCard(number, speaker, self._session, self._theme)
            made.menu_wanted.connect(self._speaker_menu)
            self._list.addWidget(made)
            self._cards.append(made)
        self.refresh()

    def _refresh_cards(self) -> None:
        for made in self._cards:
            made.refresh()

    def refresh(self) -> None:
        data = self._session.data
        count = len(data.speakers)
        self._add.setEnabled(count < MOST_SPEAKERS)
        self._add.setToolTip(
            "" if count < MOST_SPEAKERS else self.tr("The model knows two speakers")
        )
        self._assign.setEnabled(count > 0 and data.source is not None)
        self._replace.setText(self.tr("Replace…") if data.source else self.tr("Choose…"))
        self._show_source()
        self._refresh_cards()

    def _show_source(self) -> None:
        data = self._session.data
        for widget in (self._facts, self._cropped):
            widget.setVisible(data.source is not None)
        if data.source is None:
            self._name.setText(self.tr("No source yet"))
            self._crop.show_picture(None, None)
            return
        self._name.setText(data.source.name)
        facts = self._session.library.source(data.source)
        problem = self._session.library.problem(data.source)
        if facts is None:
            self._facts.setText(problem.title if problem else self.tr("reading…"))
            self._cropped.setText("")
            self._crop.show_picture(None, None)
            return
        text = f"{facts.width} × {facts.height}"
        if facts.kind == "video":
            text += f" · {facts.fps:.4g} fps · {seconds_text(facts.duration)}"
        self._facts.setText(text)
        size = self._session.rendered_size()
        crop = None
        if size is not None:
            crop = self._session.crop_share()
            self._cropped.setText(
                self.tr("Rendered at {0} × {1}").format(size[1], size[0])
                if crop is None
                else self.tr("Cropped to {0} × {1}").format(size[1], size[0])
            )
        area = (
            None if crop is None else QRectF(crop[1], crop[0], crop[3] - crop[1], crop[2] - crop[0])
        )
        self._crop.show_picture(self._picture(), area)

    def _add_silent(self) -> None:
        name = self.tr("Speaker {0}").format(LETTERS[len(self._session.data.speakers)])
        self._session.project.edit(
            commands.add_speaker(self._session.data, Speaker(name=name, path=None))
        )

    def _speaker_menu(self, number: int, at: QPoint) -> None:
        data = self._session.data
        menu = QMenu(self)
        menu.addAction(self.tr("Assign in picture…"), self.assign.emit)
        menu.addAction(self.tr("Start at 0:00"), lambda: self._set(number, start=0.0)).setEnabled(
            data.speakers[number].start != 0
        )
        menu.addSeparator()
        menu.addAction(
            self.tr("Remove {0}").format(data.speakers[number].name), lambda: self._remove(number)
        )
        menu.exec(at)

    def _set(self, number: int, **changes: object) -> None:
        project = self._session.project
        project.edit(commands.change_speaker(project.data, number, **changes))

    def _remove(self, number: int) -> None:
        project = self._session.project
        project.edit(commands.remove_speaker(project.data, number))
