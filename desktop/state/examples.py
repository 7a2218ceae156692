"""The sample faces and voices as projects, to begin with."""

from dataclasses import replace

from PySide6.QtCore import QCoreApplication

from desktop.state.document import ProjectData, Speaker
from infinitetalk.paths import resources_folder


def _tr(text: str) -> str:
    return QCoreApplication.translate("examples", text)


def one_speaker(base: ProjectData) -> ProjectData:
    """A face and a voice; model and quality of `base`."""
    samples = resources_folder() / "samples"
    speaker = Speaker(name="Mira", path=samples / "speech.wav")
    return replace(base, source=samples / "mira.png", speakers=(speaker,))


def two_speakers(base: ProjectData) -> ProjectData:
    """Two in one picture, the left one first; model and quality of `base`."""
    samples = resources_folder() / "samples"
    speakers = (
        Speaker(name=_tr("Left"), path=samples / "speech.wav"),
        Speaker(name=_tr("Right"), path=samples / "reply.wav"),
    )
    return replace(base, source=samples / "together.png", speakers=speakers, arrangement="in_turn")
