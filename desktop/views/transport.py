"""Below the preview: where it stands, playing, and what goes with it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMenu,
    QSizePolicy,
    QSlider,
    QToolButton,
    QWidget,
    QWidgetAction,
)

from desktop.actions import Actions
from desktop.state.clock_text import time_text
from desktop.state.playback import SPEEDS
from desktop.state.session import Session
from desktop.theme import ICON_SIDE, Theme, size_icon
from desktop.widgets.buttons import link, tool
from desktop.widgets.labels import ShrinkingLabel, label


class TransportBar(QFrame):
    """Buttons trigger the commands of the menus; the texts follow the playhead."""

    def __init__(self, session: Session, actions: Actions, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("transportBar")
        self.setProperty("kind", "panel")
        self._session, self._theme = session, theme
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 14, 6)
        row.setSpacing(4)
        row.addWidget(self._times(), 1)
        names = ("seek.start", "seek.back", "play.toggle", "seek.forward", "seek.end")
        self._moves = [self._button(actions[name]) for name in names]
        for button in self._moves:
            row.addWidget(button)
        self._play = self._moves[2]
        self._others = self._extras(actions)
        row.addWidget(self._others, 1)
        timeline, playback = session.timeline, session.playback
        timeline.playhead_changed.connect(self._show_time)
        timeline.chunks_reset.connect(self._show_time)
        playback.playing_changed.connect(self._show_playing)
        playback.speed_changed.connect(lambda _: self._show_speed())
        playback.volume_changed.connect(lambda _: self._show_volume())
        theme.changed.connect(self._fonts)
        self._fonts()
        self._show_time()
        self._show_speed()

    def _button(self, action: QAction) -> QToolButton:
        made = QToolButton()
        made.setDefaultAction(action)
        made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        size_icon(made, ICON_SIDE)
        made.setAccessibleName(action.toolTip())
        made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        return made

    def _times(self) -> QWidget:
        part = QWidget()
        row = QHBoxLayout(part)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self._now, self._total = label("", "strong"), ShrinkingLabel("", "second")
        self._frame = ShrinkingLabel("", "small")
        for widget in (self._now, self._total, self._frame):
            row.addWidget(widget)
        row.addStretch(1)
        return part

    def _extras(self, actions: Actions) -> QWidget:
        part = QWidget()
        row = QHBoxLayout(part)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addStretch(1)
        row.addWidget(self._button(actions["play.loop"]))
        self._speed = link("")
        menu = QMenu(self._speed)
        for speed in SPEEDS:
            menu.addAction(f"{speed:g}×", lambda s=speed: self._session.playback.set_speed(s))
        self._speed.setMenu(menu)
        self._speed.setToolTip(self.tr("Speed"))
        row.addWidget(self._speed)
        self._sound = tool(self._theme.icons.icon("volume", "second"), self.tr("Volume"))
        self._sound.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        sound = QMenu(self._sound)
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(0, 100)
        slider.setValue(self._session.playback.volume)
        slider.setFixedWidth(140)
        slider.setAccessibleName(self.tr("Volume"))
        slider.valueChanged.connect(self._session.playback.set_volume)
        holder = QWidgetAction(sound)
        holder.setDefaultWidget(slider)
        sound.addAction(holder)
        self._sound.setMenu(sound)
        row.addWidget(self._sound)
        row.addWidget(self._button(actions["file.save_frame"]))
        row.addWidget(self._button(actions["view.full_screen"]))
        return part

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, what the menus and keys have too gives way: Start and End."""
        super().resizeEvent(event)
        gap = 6
        room = event.size().width() - 28 - self._now.sizeHint().width()
        room -= self._others.sizeHint().width() + 2 * gap
        needed = [button.sizeHint().width() + gap for button in self._moves]
        ends = sum(needed) <= room
        for end in (self._moves[0], self._moves[-1]):
            end.setVisible(ends)
        left = room - sum(needed if ends else needed[1:-1])
        least = self.fontMetrics().horizontalAdvance("/ 0:00.00")
        self._total.setVisible(left >= least)
        self._frame.setVisible(left >= 2 * least)

    def _fonts(self) -> None:
        self._now.setFont(self._theme.font(14, bold=True, figures=True))
        for widget in (self._total, self._frame):
            widget.setFont(self._theme.font(13, figures=True))

    def _show_time(self, *_: object) -> None:
        timeline = self._session.timeline
        self._now.setText(time_text(timeline.playhead))
        self._total.setText(f"/ {time_text(timeline.total_frames)}")
        index = timeline.chunk_at(timeline.playhead)
        if index is None:
            self._frame.setText("")
        else:
            self._frame.setText(
                self.tr("chunk {0} · frame {1}").format(index + 1, timeline.playhead)
            )

    def _show_playing(self, playing: bool) -> None:
        icon = "pause" if playing else "play"
        action = self._play.defaultAction()
        action.setIcon(self._theme.icons.icon(icon))

    def _show_speed(self) -> None:
        self._speed.setText(f"{self._session.playback.speed:g}×")

    def _show_volume(self) -> None:
        icon = "volume" if self._session.playback.volume else "mute"
        self._sound.setIcon(self._theme.icons.icon(icon, "second"))
