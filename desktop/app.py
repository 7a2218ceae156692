"""Builds everything once and passes it down. Nothing here or below imports torch."""

import argparse
import logging
import logging.handlers
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QLocale, QTimer, QTranslator
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from desktop.actions import Actions
from desktop.controller import Controller
from desktop.engine_host import default_host
from desktop.loading.background import Background
from desktop.loading.machine_use import MachineUse
from desktop.loading.pictures import ProjectPictures
from desktop.messages import Messages
from desktop.pipeline_thread import PipelineThread
from desktop.screen_check import CODE as NO_SCREEN
from desktop.screen_check import screen_problem
from desktop.state.engine_link import EngineLink
from desktop.state.opening import Opener
from desktop.state.session import Session
from desktop.state.settings import SettingsState
from desktop.theme import Theme
from desktop.views.main_window import MainWindow
from infinitetalk import __version__
from infinitetalk.paths import cache_folder, jobs_folder, log_folder, resources_folder

_log = logging.getLogger("desktop")
_SWITCH_SECONDS = 0.001
# A screen asks for the first paint only a while after the window was shown. What is opened then is
# painted before numpy is imported and the engine started, which take the processor for a second.
_PAINTED_MS, _SETTLED_MS = 60, 250


@dataclass
class Program:
    """The parts of a running program; whoever holds it can end it."""

    app: QApplication
    theme: Theme
    settings: SettingsState
    session: Session
    opener: Opener
    pictures: ProjectPictures
    window: MainWindow
    controller: Controller
    thread: PipelineThread
    background: Background
    translators: list[QTranslator]

    def close(self) -> None:
        """Ends threads and the engine; what was edited is on the disk afterwards."""
        self.session.playback.pause()
        self.session.project.undo.blockSignals(True)
        self.opener.finish()
        self.thread.shut_down()
        self.controller.company.close()
        self.pictures.stop()
        self.background.stop()
        self._fall_silent()
        self.window.close()
        self.window.deleteLater()

    def _fall_silent(self) -> None:
        """Nothing is announced any more: those who listen are about to go."""
        session = self.session
        for timer in session.findChildren(QTimer):
            timer.stop()
        for name in ("left", "inspector", "timeline"):
            self.window.dock(name).blockSignals(True)
        for speaker in (
            session,
            session.engine,
            session.timeline,
            session.viewport,
            session.playback,
            session.project,
            session.library,
            session.waveforms,
            session.planner,
            session.queue,
            session.exports,
            session.store,
            session.messages,
            session.settings,
            self.pictures,
            self.theme,
        ):
            speaker.blockSignals(True)


def build(
    app: QApplication,
    *,
    settings: SettingsState | None = None,
    engine_process: bool | None = None,
    look_around: bool = True,
) -> Program:
    """The whole program, with its window not yet shown."""
    settings = settings or SettingsState()
    translators = install_translators(app, settings.value.language)
    theme = Theme(app, cache_folder() / "icons")
    theme.apply(settings.value.theme, settings.value.text_size / 100)
    background = Background(threads=2)
    messages = Messages()
    in_process = settings.value.engine_process if engine_process is None else engine_process
    thread = PipelineThread(
        lambda: default_host(in_process=in_process, log_file=log_folder() / "engine.log")
    )
    engine = EngineLink(thread, cache_folder(), background)
    session = Session(settings, engine, background, messages)
    session.playback.volume = settings.value.volume
    session.playback.live = settings.value.live_picture
    opener = Opener(session)
    pictures = ProjectPictures(session)
    actions = Actions(theme.icons, settings.value.keys)
    use = MachineUse(background)
    window = MainWindow(session, pictures, actions, theme, use)
    controller = Controller(window, session, opener, pictures, actions, theme)
    opener.recovery_found.connect(controller.dialogs.recovery)
    window.restore(settings.value.window_geometry, settings.value.window_state)
    program = Program(
        app=app,
        theme=theme,
        settings=settings,
        session=session,
        opener=opener,
        pictures=pictures,
        window=window,
        controller=controller,
        thread=thread,
        background=background,
        translators=translators,
    )
    _connect_sound(program, there=_sound_is_there())
    # Not before the first paint: numpy and the engine.
    QTimer.singleShot(_SETTLED_MS, lambda: _after_first_paint(program, look_around=look_around))
    return program


def _after_first_paint(program: Program, *, look_around: bool) -> None:
    program.background.submit(_import_media, lambda _: program.pictures.follow())
    if look_around:
        settings = program.settings.value
        jobs = Path(settings.jobs_folder) if settings.jobs_folder else jobs_folder()
        program.session.engine.look_around(jobs, settings.models_folder)


def _import_media() -> None:
    """Imports what the first picture needs on another thread, so that it costs no turn."""
    import infinitetalk.media.probe
    import infinitetalk.media.video  # noqa: F401


def _sound_is_there() -> bool:
    """Whether there is a device. QtMultimedia may lack the system's libraries.

    Not on another thread: PySide makes its classes while it is imported, and two threads that do so
    crash the interpreter.
    """
    try:
        from desktop.audio_clock import has_sound_device

        return has_sound_device()
    except ImportError:
        _log.info("QtMultimedia can't be loaded: playing without sound", exc_info=True)
        return False


def _connect_sound(program: Program, *, there: bool) -> None:
    """Sound leads playing where there is a device."""
    session = program.session
    if there:
        from desktop.audio_clock import AudioClock

        clock = AudioClock(session.heard_tracks)
        clock.set_volume(session.playback.volume)
        session.playback.volume_changed.connect(clock.set_volume)
        session.playback.audio_clock = clock
        return
    session.no_sound = True


def install_translators(app: QApplication, language: str) -> list[QTranslator]:
    """Our texts and Qt's own, in the language of the settings or of the system."""
    locale = QLocale(language) if language else QLocale()
    QLocale.setDefault(locale)
    found: list[QTranslator] = []
    for name, folder in (
        ("qtbase", Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))),
        ("desktop", resources_folder() / "translations"),
    ):
        translator = QTranslator(app)
        there = translator.load(locale, name, "_", str(folder))
        if not there and name == "desktop":  # English needs its plurals
            there = translator.load(f"{name}_en", str(folder))
        if there:
            app.installTranslator(translator)
            found.append(translator)
    return found


def make_application(arguments: Sequence[str] = ()) -> QApplication:
    QGuiApplication.setDesktopFileName("infinitetalk")
    app = QApplication([sys.argv[0], *arguments])
    app.setApplicationName("InfiniteTalk")
    app.setApplicationDisplayName("InfiniteTalk")
    app.setQuitOnLastWindowClosed(True)
    return app


def start_logging() -> None:
    """The window's own log: rotated, never on the screen."""
    folder = log_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler: logging.Handler = logging.handlers.RotatingFileHandler(
            folder / "window.log", maxBytes=2 * 1024**2, backupCount=3, encoding="utf-8"
        )
    except OSError:
        handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.raiseExceptions = False  # a full disk is told by what fails, not by the log
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    sys.excepthook = _log_exception


def _log_exception(kind: type, error: BaseException, trace: object) -> None:
    _log.critical("unexpected", exc_info=(kind, error, trace))  # type: ignore[arg-type] - a traceback


def main(arguments: Sequence[str] | None = None) -> int:
    """The program `infinitetalk-desktop`."""
    parser = argparse.ArgumentParser(prog="infinitetalk-desktop")
    parser.add_argument("path", nargs="?", type=Path, help="project, job folder, picture or sound")
    parser.add_argument(
        "--version", action="version", version=f"infinitetalk-desktop {__version__}"
    )
    parser.add_argument(
        "--self-check", action="store_true", help="render a small clip without a screen, and report"
    )
    parser.add_argument(
        "--engine-in-thread", action="store_true", help="run the engine inside this program"
    )
    known = parser.parse_args(arguments)
    if known.self_check:
        from desktop.self_check import run

        return run()
    problem = screen_problem()
    if problem:
        sys.stderr.write(problem)
        return NO_SCREEN
    start_logging()
    # A thread that imports or decodes lets the window go on after 1 ms instead of 5: one paint asks
    # for the interpreter a hundred times.
    sys.setswitchinterval(_SWITCH_SECONDS)
    app = make_application()
    program = build(app, engine_process=False if known.engine_in_thread else None)
    program.window.show()
    QTimer.singleShot(_PAINTED_MS, lambda: _begin(program, known.path))
    code = app.exec()
    program.close()
    return code


def _begin(program: Program, path: Path | None) -> None:
    """What is shown first: the named file, the first-run page, or nothing."""
    if path is not None:
        if path.suffix in (".italk", ".json") or path.is_dir():
            program.controller.files.open_path(path)
        else:
            program.window.drop_paths([path])
        return
    if not program.settings.value.first_run_done:
        program.controller.dialogs.first_steps()
        return
    program.opener.offer_recovery()
    program.session.models.offer_to_go_on()
