"""Speech from text, by a voice program that is installed; for one or two speakers."""

import time
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QGridLayout, QWidget

from desktop import commands
from desktop.reports.texts import told
from desktop.state.document import LETTERS, MOST_SPEAKERS, Speaker
from desktop.state.session import Session
from desktop.theme import Theme
from desktop.widgets.buttons import button, primary
from desktop.widgets.dialog import SheetDialog
from desktop.widgets.fields import PromptEdit, choice
from desktop.widgets.labels import label, set_role
from infinitetalk.errors import EngineError, ErrorReport
from infinitetalk.media.script import split_script
from infinitetalk.media.voices import Voice, list_voices, speak_script
from infinitetalk.paths import jobs_folder


class VoiceDialog(SheetDialog):
    """Text in, one speech file for each speaker out; they become the project's speakers.

    Two speakers answer each other as the marks say: while one speaks, the other's file is silent.
    """

    def __init__(self, session: Session, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent, "voiceDialog", "")
        self.setWindowTitle(self.tr("Speech from text"))
        self.resize(620, 420)
        self._session = session
        self.body.addWidget(label(self.tr("Speech from text"), "title"))
        self.body.addWidget(
            label(
                self.tr(
                    "Mark what each of two speakers says with (s1) and (s2); they answer each other "
                    "in that order."
                ),
                "second",
                wrap=True,
            )
        )
        self._text = PromptEdit(8, theme)
        self._text.setAccessibleName(self.tr("Text"))
        self._text.setPlaceholderText(self.tr("(s1) Good evening. (s2) And welcome."))
        self._text.edited.connect(lambda _: self._show())
        self.body.addWidget(self._text)
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        self._voices = []
        for number in range(MOST_SPEAKERS):
            box = choice([])
            box.setAccessibleName(self.tr("Voice of speaker {0}").format(LETTERS[number]))
            text = self.tr("Voice {0}").format(LETTERS[number])
            grid.addWidget(label(text, "second"), number, 0)
            grid.addWidget(box, number, 1)
            self._voices.append(box)
        self.body.addLayout(grid)
        self._state = label(self.tr("Looking for voice programs…"), "small", wrap=True)
        self.body.addWidget(self._state)
        self.body.addStretch(1)
        self.footer.addStretch(1)
        self.footer.addWidget(button(self.tr("Cancel"), self.reject))
        self._make = primary(self.tr("Make speech"), self._speak)
        self._make.setDefault(True)
        self.footer.addWidget(self._make)
        session.background.submit(list_voices, self._found)
        self._show()

    def _found(self, voices: list[Voice]) -> None:
        if not voices:
            self._state.setText(
                self.tr(
                    "No voice program is installed. Install espeak-ng or piper, then open this again."
                )
            )
            return
        self._state.setText("")
        for number, box in enumerate(self._voices):
            for voice in voices:
                language = f" ({voice.language})" if voice.language else ""
                box.addItem(f"{voice.program}: {voice.title}{language}", voice)
            wanted = ("en-us", "en-gb")[number]
            at = next((i for i, v in enumerate(voices) if v.name == wanted), 0)
            box.setCurrentIndex(at)
        self._show()

    def _speakers(self) -> int:
        """How many speak, by the marks; 0 where nothing is said or a mark names nobody."""
        text = self._text.toPlainText()
        try:
            said = split_script(text, MOST_SPEAKERS)
        except EngineError:
            return 0
        return 1 + max(speaker for speaker, _ in said)

    def _show(self) -> None:
        count = self._speakers()
        there = self._voices[0].count() > 0
        self._voices[1].setEnabled(count > 1)
        self._make.setEnabled(there and count > 0)

    def _speak(self) -> None:
        voices = [self._voices[n].currentData() for n in range(self._speakers())]
        folder = jobs_folder() / "speech" / time.strftime("%Y%m%d-%H%M%S")
        text = self._text.toPlainText()
        if len(voices) == 1:  # a mark of the only speaker is not to be read aloud
            text = " ".join(words for _, words in split_script(text, MOST_SPEAKERS))
        self._make.setEnabled(False)
        set_role(self._state, "role", "small")
        self._state.setText(self.tr("Speaking…"))
        self._session.background.submit(
            lambda: speak_script(text, voices, folder), self._made, self._failed
        )

    def _made(self, files: list[Path]) -> None:
        session = self._session
        speakers = []
        for number, path in enumerate(files):
            old = session.data.speakers[number] if number < len(session.data.speakers) else None
            if old is not None and len(files) > 1:
                speakers.append(replace(old, path=path))
            else:
                name = self.tr("Speaker {0}").format(LETTERS[number])
                speakers.append(Speaker(name=name, path=path))
        if len(files) == 1 and 0 < len(session.data.speakers) < MOST_SPEAKERS:
            name = self.tr("Speaker {0}").format(LETTERS[1])
            speakers = [*session.data.speakers, replace(speakers[0], name=name)]
        # Who speaks when is in the files already.
        arrangement = "together" if len(files) > 1 else session.data.arrangement
        session.project.edit(commands.assign_speakers(session.data, tuple(speakers), arrangement))
        self.accept()

    def _failed(self, report: ErrorReport) -> None:
        report = told(report)
        self._state.setText(f"{report.title}. {report.detail} {report.remedy}")
        set_role(self._state, "role", "bad")
        self._show()
