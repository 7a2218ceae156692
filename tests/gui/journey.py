"""The first hour of a new user, driven from outside: `python -m tests.gui.journey [FOLDER]`.

First start, the miniature model by one click, playing while it renders, an edit of the last chunk, a
new take of chunk 2 that keeps those that follow, the engine killed meanwhile, export. Pictures of
every step go to build/screens; the turns of the event loop are measured during the whole run.
"""

import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Watch:
    """Turns of the event loop: CPU time of this thread, and by the clock."""

    def __init__(self) -> None:
        from PySide6.QtCore import Qt, QTimer

        self.cpu: list[float] = []
        self.wall: list[float] = []
        self._last = (time.thread_time(), time.perf_counter())
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(10)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def skip(self) -> None:
        self._last = (time.thread_time(), time.perf_counter())

    def _tick(self) -> None:
        now = (time.thread_time(), time.perf_counter())
        self.cpu.append(now[0] - self._last[0])
        self.wall.append(now[1] - self._last[1] - 0.01)
        self._last = now

    def report(self) -> str:
        lines = []
        for name, found in (("cpu", self.cpu), ("wall", self.wall)):
            values = sorted(found)
            edges = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 1e9)
            counts, low = [], 0.0
            for edge in edges:
                counts.append(sum(low <= v < edge for v in values))
                low = edge
            share = [values[min(int(len(values) * p), len(values) - 1)] for p in (0.5, 0.99, 0.999)]
            lines.append(
                f"{name}: {len(values)} turns, p50 {share[0] * 1e3:.1f} p99 {share[1] * 1e3:.1f} "
                f"p99.9 {share[2] * 1e3:.1f} max {values[-1] * 1e3:.1f} ms; "
                f"below 1, 2, 5, 10, 20, 50, 100 ms, above: {counts}"
            )
        return "\n".join(lines)


class Journey:
    def __init__(self, folder: Path, home: Path) -> None:
        self.folder, self.home = folder, home
        self.began = time.perf_counter()
        self.watch: Watch | None = None

    def run(self) -> int:
        from desktop.app import _begin, build, make_application

        app = make_application()
        self.app = app
        self.program = build(app)
        program = self.program
        program.window.resize(1600, 1000)
        program.window.show()
        app.processEvents()
        print(f"window shown after {time.perf_counter() - self.began:.2f} s")
        _begin(program, None)
        session = program.session
        page = program.controller.dialogs.shown("models")
        assert page is not None
        self.wait(lambda: page.try_button.isEnabled(), 60, "the engine knows the miniature")
        self.settle(0.4)
        self.grab(page, "1-first-start")
        clicked = time.perf_counter()
        watch = self.watch = Watch()
        page.try_button.click()
        self.wait(lambda: bool(session.timeline.chunks), 30, "chunks planned")
        self.wait(lambda: "rendering" in self.states(), 60, "rendering")
        self.wait(lambda: program.window.preview.live.image is not None, 60, "live picture")
        self.grab(program.window, "2-rendering")
        self.wait(lambda: session.playback.playing, 200, "chunk 1 plays")
        print(f"first moving picture {time.perf_counter() - clicked:.1f} s after the click")
        self.settle(0.6)
        self.grab(program.window, "3-plays-while-rendering")
        last = len(session.timeline.chunks) - 1
        session.project.set_chunk_values((last,), prompt="a person talks, lively")
        self.wait(self.finished, 300, "all chunks ready")
        session.playback.pause()
        self.settle(0.5)
        self.grab(program.window, "4-finished")
        session.timeline.select(1)
        program.controller.dialogs.redo()
        self.settle(0.4)
        redo = program.controller.dialogs.shown("redo")
        assert redo is not None
        self.grab(redo, "5-redo")
        redo._redo(at_end=False)
        self.wait(lambda: "rendering" in self.states(), 60, "chunk 2 again")
        os.kill(program.thread.host.pid, signal.SIGKILL)
        self.wait(lambda: session.messages.current is not None, 20, "the window says so")
        self.settle(0.3)
        self.grab(program.window, "6-engine-killed")
        self.wait(lambda: self.finished() and "kept" in self.states(), 300, "chunk 2 has 2 takes")
        session.playback.set_mode("compare")
        session.playback.seek(session.timeline.chunks[1].first_frame + 10)
        self.settle(0.8)
        self.grab(program.window, "7-compare")
        self.export()
        print(watch.report())
        program.close()
        return 0

    def export(self) -> None:
        from infinitetalk import wire
        from infinitetalk.media.probe import probe_source, probe_speech

        session = self.program.session
        target = self.home / "first.mp4"
        answers: list[object] = []
        message = wire.Export(job_folder=session.job_folder, out=target)
        session.engine.ask(message, answers.append, answers.append)
        self.wait(lambda: bool(answers), 90, "exported")
        assert target.exists(), answers
        wanted = session.timeline.total_frames / 25
        found = probe_source(target)
        assert abs(found.duration - wanted) < 0.05, (found.duration, wanted)
        assert probe_speech(target).duration > 0
        print(f"exported {found.width} x {found.height}, {found.duration:.2f} s with sound")

    def states(self) -> list[str]:
        return [c.status for c in self.program.session.timeline.chunks]

    def finished(self) -> bool:
        job = self.program.session.job
        assert job is None or job.phase != "needs_you", job.error
        return job is not None and job.phase == "finished"

    def wait(self, condition: Callable[[], bool], seconds: float, what: str) -> None:
        began = time.monotonic()
        while not condition():
            if time.monotonic() - began > seconds:
                raise AssertionError(f"not in {seconds} s: {what}; {self.states()}")
            self.app.processEvents()
            time.sleep(0.002)
        print(f"{time.monotonic() - began:6.1f} s  {what}")

    def settle(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.app.processEvents()
            time.sleep(0.002)

    def grab(self, widget, name: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        widget.grab().save(str(self.folder / f"journey-{name}.png"))
        if self.watch is not None:
            self.watch.skip()  # the camera's own work


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as home:
        os.environ["INFINITETALK_HOME"] = home
        where = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "screens"
        sys.exit(Journey(where, Path(home)).run())
