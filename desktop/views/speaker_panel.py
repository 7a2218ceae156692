"""One speaker beside the picture: name, speech, start and level, and what is to say of their area."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout

from desktop.state.clock_text import seconds_text
from desktop.state.document import LETTERS, SPEAKER_TOKENS
from desktop.theme import Theme
from desktop.widgets.buttons import button, tool
from desktop.widgets.fields import number
from desktop.widgets.labels import LetterBadge, label, set_role
from desktop.widgets.meter import StripWaveform

if TYPE_CHECKING:
    from desktop.views.speaker_dialog import SpeakerDialog


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
