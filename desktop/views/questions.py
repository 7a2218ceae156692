"""Questions that stop for an answer: few, short, and never about what can be undone."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMessageBox, QWidget

from desktop.state.session import Session


def _tr(text: str, *values: object) -> str:
    return QCoreApplication.translate("questions", text).format(*values)


def ask_about_sound(session: Session, parent: QWidget, path: Path) -> None:
    """A video that has sound: picture, speech, or both."""
    box = QMessageBox(parent)
    box.setWindowTitle(_tr("Video with sound"))
    box.setText(_tr("{0} has picture and sound. What should be used?", path.name))
    both = box.addButton(_tr("Both"), QMessageBox.ButtonRole.AcceptRole)
    picture = box.addButton(_tr("Picture"), QMessageBox.ButtonRole.AcceptRole)
    speech = box.addButton(_tr("Speech"), QMessageBox.ButtonRole.AcceptRole)
    box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(picture)

    def answered(_: int = 0) -> None:
        clicked = box.clickedButton()
        if clicked in (both, picture):
            session.set_source(path)
        if clicked in (both, speech):
            session.add_speech([path])

    box.finished.connect(answered)
    box.open()


def ask_while_rendering(
    session: Session,
    parent: QWidget,
    quit_program: Callable[[], object],
    go_background: Callable[[], object],
) -> None:
    """Closing the window while a job renders."""
    job = session.queue.running
    box = QMessageBox(parent)
    box.setWindowTitle(_tr("Rendering"))
    box.setText(_tr("{0} is being rendered.", job.name if job else ""))
    box.setInformativeText(_tr("Finished chunks are safe, whatever you choose."))
    background = box.addButton(_tr("Go on in the background"), QMessageBox.ButtonRole.AcceptRole)
    pause = box.addButton(_tr("Pause after this chunk and quit"), QMessageBox.ButtonRole.AcceptRole)
    stop = box.addButton(_tr("Stop and quit"), QMessageBox.ButtonRole.DestructiveRole)
    box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(background)

    def answered(_: int = 0) -> None:
        clicked = box.clickedButton()
        if clicked is background:
            go_background()
        elif clicked is pause:
            session.queue.changed.connect(lambda: _quit_when_paused(session, quit_program))
            session.queue.pause()
        elif clicked is stop:
            session.queue.stop()
            quit_program()

    box.finished.connect(answered)
    box.open()


def _quit_when_paused(session: Session, quit_program: Callable[[], object]) -> None:
    job = session.queue.running
    if job is None or job.phase == "paused":
        quit_program()
