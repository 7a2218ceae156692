"""Pictures of the window in every theme and scale: `python -m tests.gui.screens [FOLDER]`.

Writes build/screens/*.png. Each scale runs in a process of its own, for Qt reads it at the start.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.gui.looks import Pseudo

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "resources" / "samples"
SCALES = (1, 2)


def main(folder: Path, module: str = "tests.gui.screens") -> int:
    """Runs `module` once for each scale, with `--one SCALE FOLDER`."""
    folder.mkdir(parents=True, exist_ok=True)
    code = 0
    for scale in SCALES:
        environment = {
            **os.environ,
            "QT_QPA_PLATFORM": "offscreen",
            "QT_SCALE_FACTOR": str(scale),
            "PYTHONPATH": str(ROOT),
        }
        done = subprocess.run(
            [sys.executable, "-m", module, "--one", str(scale), str(folder)],
            env=environment,
            cwd=ROOT,
            check=False,
        )
        code = code or done.returncode
    return code


def folder_named(usage: str | None) -> Path:
    """The folder of the command line, build/screens without one."""
    parser = argparse.ArgumentParser(description=usage)
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / "build" / "screens")
    return parser.parse_args().folder


def one(scale: int, folder: Path) -> int:
    """All pictures at one scale."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["INFINITETALK_HOME"] = home
        from desktop.app import make_application

        app = make_application()
        for theme in ("dark", "light"):
            _Screens(app, folder, scale, theme).take()
        if scale == 1:
            _Screens(app, folder, scale, "dark", language="de").take_few("de")
            _Screens(app, folder, scale, "light", text_size=150).take_few("text150")
            _Screens(app, folder, scale, "light", text_size=200).take_all("text200")
            app.installTranslator(pseudo := Pseudo())
            _Screens(app, folder, scale, "dark").take_all("pseudo")
            app.removeTranslator(pseudo)
    return 0


class _Screens:
    def __init__(
        self,
        app,
        folder: Path,
        scale: int,
        theme: str,
        *,
        language: str = "en",
        text_size: int = 100,
    ) -> None:
        from desktop.app import build
        from desktop.state.settings import SettingsState

        self.app, self.folder, self.scale, self.theme = app, folder, scale, theme
        settings = SettingsState(Path(os.environ["INFINITETALK_HOME"]) / f"{theme}.json")
        settings.update(theme=theme, first_run_done=True, language=language, text_size=text_size)
        self.program = build(app, settings=settings, look_around=False)
        self.window = self.program.window
        self.session = self.program.session

    def take(self) -> None:
        from tests.gui import synthetic

        self.window.resize(1600, 1000)
        self.window.show()
        self.settle()
        self.save("empty")
        synthetic.furnish(self.program, SAMPLES)
        self.settle(0.6)
        self.paint_pictures()
        self.save("main")
        self.session.playback.set_mode("compare")
        self.paint_pictures()
        self.save("compare")
        self.session.playback.set_mode("result")
        self.session.timeline.show_takes(True)
        self.settle()
        self.save("takes")
        self.session.timeline.show_takes(False)
        self.window.inspector.setCurrentIndex(1)
        self.settle()
        self.save("project")
        self.window.inspector.setCurrentIndex(2)
        self.settle()
        self.save("queue")
        self.window.inspector.setCurrentIndex(0)
        self.window.resize(1024, 680)
        self.settle()
        self.paint_pictures()
        self.save("small")
        self.window.resize(1600, 1000)
        self.settle()
        self.dialogs()
        self.program.close()
        self.app.processEvents()

    def take_few(self, name: str) -> None:
        """The main window and the plan, in another language or text size."""
        from tests.gui import synthetic

        self.window.resize(1600, 1000)
        self.window.show()
        synthetic.furnish(self.program, SAMPLES)
        self.settle(0.6)
        self.paint_pictures()
        self.save(f"main-{name}")
        dialogs = self.program.controller.dialogs
        for dialog, show in (
            ("preflight", lambda: dialogs.preflight("all")),
            ("redo", dialogs.redo),
        ):
            show()
            self.settle(0.4)
            shown = dialogs.shown(dialog)
            if shown is not None:
                self.grab(shown, f"{dialog}-{name}")
                shown.close()
        for translator in self.program.translators:
            self.app.removeTranslator(translator)
        self.program.close()
        self.app.processEvents()

    def take_all(self, name: str) -> None:
        """The main window with each tab, and every dialog, in another language or text size."""
        from tests.gui import synthetic

        for translator in self.program.translators:
            self.app.removeTranslator(translator)
        self.window.resize(1600, 1000)
        self.window.show()
        synthetic.furnish(self.program, SAMPLES)
        self.settle(0.6)
        self.paint_pictures()
        for tab, part in enumerate(("main", "project", "queue")):
            self.window.inspector.setCurrentIndex(tab)
            self.settle()
            self.save(f"{part}-{name}")
        self.dialogs(f"-{name}")
        self.program.close()
        self.app.processEvents()

    def paint_pictures(self) -> None:
        from tests.gui.synthetic import portrait

        self.settle()
        image = portrait(896, 448, 0.8)
        self.window.preview.canvas.show_pictures(portrait(896, 448, 0.05), image, dimmed=False)
        live = self.window.preview.live
        live.show_step("Live: chunk 20", "step 3 of 4", [portrait(448, 224, 0.5, blur=True)])
        live.show()
        self.app.processEvents()

    def dialogs(self, ending: str = "") -> None:
        dialogs = self.program.controller.dialogs
        opened: list[tuple[str, Callable[[], object]]] = [
            ("preflight", lambda: dialogs.preflight("all")),
            ("redo", dialogs.redo),
            ("speakers", dialogs.speakers),
            ("models", dialogs.models),
            ("export", dialogs.export),
            ("settings", dialogs.settings),
            ("shortcuts", dialogs.shortcuts),
            ("about", dialogs.about),
            ("machine", dialogs.machine),
            ("voice", dialogs.make_speech),
            ("log", dialogs.log),
        ]
        for name, show in opened:
            show()
            self.settle(1.2 if name in ("speakers", "voice") else 0.25)
            dialog = dialogs.shown(name)
            if dialog is not None:
                self.grab(dialog, name + ending)
                if name == "speakers":
                    self.paint_speaker(dialog)
                    self.grab(dialog, "painted" + ending)
                dialog.close()
            self.settle()

    def paint_speaker(self, dialog) -> None:
        """An odd shape for the second speaker, the brush still over it."""
        from PySide6.QtCore import QPointF

        dialog._modes.button(2).click()
        editor = dialog.editor
        editor.set_active(1)
        editor._begin(QPointF(760, 150))
        for x, y in ((700, 220), (690, 300), (740, 390), (820, 400), (850, 300), (810, 200)):
            start, editor._at = editor._at, QPointF(x, y)
            editor._stroke(start, editor._at)
        editor._end()
        self.settle()

    def settle(self, seconds: float = 0.2) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.app.processEvents()
            time.sleep(0.005)

    def save(self, name: str) -> None:
        self.grab(self.window, name)

    def grab(self, widget, name: str) -> None:
        path = self.folder / f"{name}-{self.theme}-{self.scale * 100}.png"
        widget.grab().save(str(path))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        sys.exit(one(int(sys.argv[2]), Path(sys.argv[3])))
    sys.exit(main(folder_named(__doc__)))
