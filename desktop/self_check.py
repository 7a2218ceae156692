"""`infinitetalk-desktop --self-check`: the whole way without a screen, one line per check.

Opens the window offscreen, renders two chunks with the bundled model (or the folder that
INFINITETALK_CHECK_MODEL names), exports them, and looks at the video. Exit code 0 or 1.
"""

import io
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop.app import Program

Wait = Callable[[Callable[[], bool], float], bool]


class SelfCheck:
    """Runs the checks in order and stops at the first that fails."""

    def __init__(self) -> None:
        self.failed = False

    def say(self, good: bool, text: str, detail: str = "") -> None:
        mark = "ok  " if good else "FAIL"
        print(f"{mark} {text}{': ' + detail if detail else ''}", flush=True)  # noqa: T201 - a report
        self.failed = self.failed or not good

    def run(self, home: Path) -> int:
        began = time.perf_counter()
        from PySide6.QtCore import QCoreApplication, QEventLoop

        from desktop.app import build, make_application

        app = make_application()
        program = build(app)
        program.window.show()
        QCoreApplication.processEvents()
        seconds = time.perf_counter() - began
        self.say(
            "torch" not in sys.modules,
            "window without torch",
            f"shown after {seconds:.2f} s",
        )

        def wait(until: Callable[[], bool], limit: float) -> bool:
            end = time.monotonic() + limit
            while not until():
                if time.monotonic() > end:
                    return False
                app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
                time.sleep(0.005)
            return True

        try:
            self._checks(program, wait, home)
        finally:
            program.close()
        return 1 if self.failed else 0

    def _checks(self, program: "Program", wait: Wait, home: Path) -> None:
        from desktop import commands
        from desktop.state.document import MINIATURE, ProjectData, Speaker, preset_changes
        from infinitetalk import wire
        from infinitetalk.media.probe import probe_source, probe_speech
        from infinitetalk.paths import resources_folder

        session = program.session
        model = os.environ.get("INFINITETALK_CHECK_MODEL") or MINIATURE
        wait(lambda: session.engine.probed, 120)
        self.say(session.engine.probed, "engine answers")
        if model != MINIATURE:
            session.engine.list_weights(model)
        found = wait(lambda: model in session.engine.weights, 60)
        why = "; ".join(str(r) for r in session.engine.unusable.values())
        self.say(found, "model found", "" if found else why)
        if not found:
            return
        samples = resources_folder() / "samples"
        own = session.planner.own_presets(model)
        data = ProjectData(
            source=samples / "mira.png",
            speakers=(Speaker(name="Mira", path=samples / "speech.wav"),),
            preset="",
            preset_changes=preset_changes("draft" if "draft" in own else "", own),
            model=model,
        )
        program.opener.new(data, "self-check")
        ready = wait(lambda: bool(session.timeline.chunks), 60)
        self.say(ready, "plan", f"{len(session.timeline.chunks)} chunks")
        if not ready:
            return
        count = min(2, len(session.timeline.chunks))
        last = session.timeline.chunks[count - 1]
        program.session.project.edit(
            commands.set_option(session.data, "max_frames", last.end_frame)
        )
        wait(lambda: len(session.timeline.chunks) == count, 20)
        session.render()
        done = wait(
            lambda: session.job is not None and session.job.phase in ("finished", "needs_you"), 900
        )
        job = session.job
        problem = str(job.error) if job is not None and job.error is not None else ""
        self.say(done and not problem, "render", problem or f"{count} chunks")
        if problem or not done or job is None:
            return
        target = home / "self-check.mp4"
        answers: list[str] = []
        message = wire.Export(job_folder=session.job_folder, out=target)
        session.engine.ask(
            message, lambda _: answers.append(""), lambda report: answers.append(str(report))
        )
        wait(lambda: bool(answers), 120)
        self.say(bool(answers) and not answers[0], "export", answers[0] if answers else "no answer")
        if target.exists():
            video, sound = probe_source(target), probe_speech(target)
            wanted = last.end_frame / 25
            self.say(
                abs(video.duration - wanted) < 0.06 and sound.duration > 0,
                "video",
                f"{video.width} × {video.height}, {video.duration:.2f} s, with sound",
            )
        self._project(program, wait, count)

    def _project(self, program: "Program", wait: Wait, count: int) -> None:
        """Leaves the project and opens its file again: what was rendered is there."""
        session = program.session
        path = session.project.path
        if path is None:
            self.say(False, "project", "it was never saved")
            return
        program.opener.new(name="another")
        program.opener.open(path)
        back = wait(
            lambda: (
                session.project.path == path
                and [chunk.status for chunk in session.timeline.chunks] == ["ready"] * count
            ),
            60,
        )
        found = ", ".join(chunk.status for chunk in session.timeline.chunks) or "no chunk"
        self.say(back, "project opened again", f"{path.name}: {found}")


def run() -> int:
    """Runs in folders of its own, so that it neither needs nor changes the user's."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if isinstance(sys.stdout, io.TextIOWrapper):  # none at all in a window without a console
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    with tempfile.TemporaryDirectory(prefix="infinitetalk-check-") as folder:
        before = os.environ.get("INFINITETALK_HOME")
        os.environ["INFINITETALK_HOME"] = folder
        try:
            return SelfCheck().run(Path(folder))
        finally:
            if before is None:
                del os.environ["INFINITETALK_HOME"]
            else:
                os.environ["INFINITETALK_HOME"] = before
