"""A new user's first hour in the real program, by real X11 events: `python -m tests.gui.journey`.

New project, picture and speech dropped, plan, rendering; chunk 1 plays while chunk 2 is rendered;
the prompt of the last chunk is changed, chunk 2 is redone and those that follow kept; the engine is
killed, the window is killed; recovery, export. The bundled miniature renders everything. Pictures
of each step in light and dark go to build/screens, once at 100 % and once at 200 %, and the turns
of the window's event loop are measured all the while.

    python -m tests.gui.journey [--folder DIR] [--scale 1] [--scale 2] [--stacks]
"""

import argparse
import os
import resource
import signal
import sys
import tempfile
import time
import wave
from pathlib import Path

from tests.gui import turns
from tests.gui.watched_window import Camera, State, WatchedWindow
from tests.gui.x_screen import ROOT, XScreen, missing

SAMPLES = ROOT / "resources" / "samples"
SPEECH_SECONDS = 3.9  # four chunks of the miniature: 33 + 24 + 24 + 17 frames
NEW_PROMPT = "a person talks, lively"
CPU_LIMIT = 0.05  # seconds of a turn's own time
WALL_LIMIT = 0.05  # p99.9


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.gui.journey")
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "screens")
    parser.add_argument("--scale", type=int, action="append", choices=(1, 2))
    parser.add_argument("--stacks", action="store_true", help="print what late turns were at")
    known = parser.parse_args()
    if known.stacks:
        os.environ["WATCH_STACKS"] = "1"  # told to the watched program
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # a stopped run leaves nothing behind
    lacking = missing()
    if lacking:
        print(f"not installed: {', '.join(lacking)}")
        return 1
    good = True
    for scale in known.scale or (1, 2):
        with tempfile.TemporaryDirectory(prefix="journey-") as home:
            journey = Journey(Path(home), known.folder, scale)
            try:
                journey.run()
                good = journey.report(stacks=known.stacks) and good
            finally:
                journey.screen.close()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"CPU time of all programs: {used.ru_utime + used.ru_stime:.0f} s")
    return 0 if good else 1


class Journey:
    def __init__(self, home: Path, folder: Path, scale: int) -> None:
        self.home, self.scale = home / "user", scale
        self.home.mkdir()
        self.screen = XScreen(home / "x", (1640 * scale, 1060 * scale))
        os.environ["DISPLAY"] = self.screen.display
        os.environ["QT_QPA_PLATFORM"] = "xcb"
        self.camera = Camera(folder, scale)
        self.cpu: list[float] = []
        self.wall: list[float] = []
        self.long_turns: list[str] = []
        self.speech = self.home / "mira_speech.wav"
        shorten(SAMPLES / "speech.wav", self.speech, SPEECH_SECONDS)
        print(f"--- at {scale * 100} %, sound: {self.screen.sound}", flush=True)

    def run(self) -> None:
        self.window = self.start()
        self.first_start()
        self.new_project()
        self.render()
        self.redo_and_kill_the_engine()
        self.takes()
        self.redo_all_and_kill_the_window()
        self.recover()
        self.export()
        self.measured()
        assert self.window.close() == 0, "the program ends well"

    def start(self) -> WatchedWindow:
        window = WatchedWindow(self.screen, self.home, scale=self.scale)
        found = window.wait("the window answers", lambda s: True)
        del found
        print(f"{time.monotonic() - window.began:6.1f} s  from start to a window that answers")
        return window

    def measured(self) -> None:
        """Takes over the figures of a run of the program that is about to end."""
        found = self.window.ask("turns")
        self.cpu += found["cpu"]
        self.wall += found["wall"]
        self.long_turns += found["long_turns"]

    # The steps

    def first_start(self) -> None:
        self.window.wait("set-up page in front", lambda s: "modelPage" in s["windows"], 120)
        self.window.wait("the engine knows the miniature", lambda s: s["weights"], 60)
        time.sleep(1.0)
        self.camera.take(self.window, "first-start")
        self.screen.key("Escape")
        self.window.wait("page closed", lambda s: not s["windows"])

    def new_project(self) -> None:
        window = self.window
        self.screen.key("ctrl+n")
        self.camera.take(window, "new-project")
        self.drop([SAMPLES / "mira.png", self.speech])
        window.wait("chunks planned", lambda s: len(s["chunks"]) == 4 and s["source"])
        time.sleep(0.6)
        self.camera.take(window, "dropped")

    def drop(self, paths: list[Path]) -> None:
        """Real drag and drop, from another program's window."""
        side = 60
        corner = (self.screen.size[0] - 2 * side, self.screen.size[1] // 2)
        ready = self.home / "drag_source"
        source = self.screen.python(
            "tests.gui.drag_source",
            str(ready),
            *map(str, corner),
            *map(str, paths),
            beside=True,
        )
        self.window.wait("another program's window", lambda s: ready.exists())
        start = (corner[0] + side // 2, corner[1] + side // 2)
        x, y = self.window.place(name="dropArea")
        hint = self.window.state["drop_text"]
        self.screen.press(start)
        self.screen.carry(start, (x, y))
        self.screen.move(x + 2, y + 2)
        self.window.wait("the drop area says what will happen", lambda s: s["drop_text"] != hint)
        self.camera.take(self.window, "dragging")
        self.screen.release()
        self.window.wait("dropped", lambda s: s["source"] is not None and s["speakers"])
        source.terminate()
        source.wait()

    def render(self) -> None:
        window, screen = self.window, self.screen
        screen.click(*window.chunk(0))
        screen.key("ctrl+r")
        window.wait("plan shown", lambda s: "preflightDialog" in s["windows"])
        time.sleep(0.6)
        self.camera.take(window, "plan")
        window.click(name="preflightRender")
        window.wait("rendering", lambda s: "rendering" in statuses(s))
        window.wait("live picture", lambda s: s["live"])
        self.camera.take(window, "rendering")
        window.wait("chunk 1 is ready, chunk 2 is rendered", lambda s: statuses(s)[:2] == DONE, 400)
        screen.key("Home", "space")
        window.wait("chunk 1 plays", lambda s: s["playing"] and s["playhead"] > 5)
        assert statuses(window.state)[1] == "rendering"
        self.camera.take(window, "plays-while-rendering")
        self.edit_the_last()
        window.wait("all chunks ready", lambda s: s["phase"] == "finished", 600)
        window.wait("chunks shown", lambda s: statuses(s) == ["ready"] * 4)
        time.sleep(0.5)
        self.camera.take(window, "finished")

    def edit_the_last(self) -> None:
        """While it is not rendered yet: it is built from the edit."""
        window, screen = self.window, self.screen
        screen.click(*window.chunk(3))
        window.wait("last chunk selected", lambda s: s["selected"] == [3])
        window.click(accessible="Prompt")
        screen.key("ctrl+a")
        screen.write(NEW_PROMPT)
        window.wait("prompt taken", lambda s: s["prompts"].get("3") == NEW_PROMPT)
        self.camera.take(window, "prompt-of-the-last-chunk")

    def redo_and_kill_the_engine(self) -> None:
        window, screen = self.window, self.screen
        screen.click(*window.chunk(1))
        screen.key("r")
        window.wait("new take asked", lambda s: "redoDialog" in s["windows"])
        time.sleep(0.4)
        self.camera.take(window, "redo")
        before = [c["active"] for c in window.state["chunks"]]
        window.click(text="Redo next")
        window.wait(
            "chunk 2 again",
            lambda s: statuses(s)[1] == "rendering" and s["chunks"][1]["step"] >= 2,
        )
        window.kill_engine()
        window.wait("the window says so", lambda s: s["message"] == "engine.ended", 120)
        time.sleep(0.3)
        self.camera.take(window, "engine-killed")
        window.wait(
            "it went on by itself: chunk 2 has two takes",
            lambda s: s["phase"] == "finished" and s["chunks"][1]["takes"] == 2,
            400,
        )
        found = window.wait("chunk 3 is kept", lambda s: statuses(s)[2] == "kept")
        after = [c["active"] for c in found["chunks"]]
        assert [after[0], *after[2:]] == [before[0], *before[2:]], "nothing is lost"
        assert after[1] != before[1]

    def takes(self) -> None:
        window, screen = self.window, self.screen
        screen.key("Escape")
        screen.click(*window.chunk(1))
        screen.key("t", "3")
        window.wait("compare", lambda s: s["mode"] == "compare")
        time.sleep(0.6)
        self.camera.take(window, "takes-and-compare")
        active = window.state["chunks"][1]["active"]
        screen.key("bracketleft")
        window.wait("first take shown", lambda s: s["chunks"][1]["active"] != active)
        screen.key("ctrl+z")
        window.wait("second take again", lambda s: s["chunks"][1]["active"] == active)
        screen.key("2", "t")

    def redo_all_and_kill_the_window(self) -> None:
        window, screen = self.window, self.screen
        screen.click(*window.chunk(1))
        screen.key("r")
        window.wait("new take asked", lambda s: "redoDialog" in s["windows"])
        time.sleep(0.5)
        window.click(text="This and all that follow")
        chosen = window.ask("where", text="This and all that follow")
        assert chosen["checked"]
        window.click(text="Redo next")
        window.wait("those that follow are stale", lambda s: statuses(s)[2:] == ["stale"] * 2)
        time.sleep(0.3)
        self.camera.take(window, "all-that-follow")
        window.wait(
            "chunk 3 is rendered",
            lambda s: statuses(s)[2] == "rendering" and s["chunks"][2]["step"] >= 2,
            400,
        )
        self.measured()
        self.safe = window.state
        window.kill()
        time.sleep(1.5)

    def recover(self) -> None:
        self.window = window = self.start()
        window.wait("recovery offered", lambda s: "recoveryDialog" in s["windows"], 240)
        window.place(120, text="Go on")
        time.sleep(0.4)
        self.camera.take(window, "recovery")
        window.click(text="Go on")
        found = window.wait("rendered to its end", lambda s: s["phase"] == "finished", 600)
        window.wait("chunks shown", lambda s: statuses(s) == ["ready"] * 4)
        for before, after in list(zip(self.safe["chunks"], found["chunks"], strict=True))[:2]:
            assert before["active"] == after["active"], "finished chunks stay"
        assert found["chunks"][2]["takes"] == 2
        assert found["prompts"]["3"] == NEW_PROMPT

    def export(self) -> None:
        window, screen = self.window, self.screen
        screen.key("ctrl+e")
        window.wait("export asked", lambda s: "exportDialog" in s["windows"])
        time.sleep(0.5)
        self.camera.take(window, "export")
        window.click(text="Export")
        window.wait("exported", lambda s: "export.done" in s["messages"], 400)
        time.sleep(0.4)
        self.camera.take(window, "exported")
        made = sorted(self.home.rglob("*.mp4"))
        assert len(made) == 1, made
        check_video(made[0], window.state, self.speech)

    def report(self, *, stacks: bool) -> bool:
        lines = [
            turns.report("own CPU time", self.cpu),
            turns.report("late by the clock", self.wall),
        ]
        text = f"at {self.scale * 100} %:\n" + "\n".join(lines)
        print(text)
        (self.camera.folder / f"journey-turns-{self.scale * 100}.txt").write_text(text + "\n")
        if stacks:
            print("\n".join(self.long_turns))
        good = max(self.cpu) < CPU_LIMIT and turns.share(self.wall, 0.999) < WALL_LIMIT
        if not good:
            print("a turn of the event loop was too long")
        return good


DONE = ["ready", "rendering"]


def statuses(state: State) -> list[str]:
    return [c["status"] for c in state["chunks"]]


def shorten(path: Path, target: Path, seconds: float) -> None:
    with wave.open(str(path)) as whole, wave.open(str(target), "wb") as part:
        part.setparams(whole.getparams())
        part.writeframes(whole.readframes(round(seconds * whole.getframerate())))


def check_video(path: Path, state: State, speech: Path) -> None:
    """Length, frames and sound of the exported video are those of takes and speech."""
    import numpy as np

    from infinitetalk.media.ffmpeg import FfmpegProcess, input_arguments
    from infinitetalk.media.frames import FrameReader
    from infinitetalk.media.probe import probe_source
    from infinitetalk.media.video import open_source

    def sound(file: Path) -> "np.ndarray":
        process = FfmpegProcess(
            ["-v", "error", *input_arguments(file), "-vn", "-ac", "1", "-ar", "16000",
             "-f", "f32le", "-"]
        )  # fmt: skip
        try:
            return np.frombuffer(process.read(1 << 24), "<f4")
        finally:
            process.close()

    total = sum(c["frames"] for c in state["chunks"])
    facts = probe_source(path)
    assert abs(facts.duration - total / 25) < 0.04, (facts.duration, total)
    reader = open_source(facts)
    worst = 0.0
    for number, chunk in enumerate(state["chunks"]):
        folder = Path(state["job_folder"]) / "chunks" / f"{number:04d}-{chunk['active']}"
        take = FrameReader(next(iter(folder.glob("frames.*"))))
        for at in (0, chunk["frames"] // 2, chunk["frames"] - 1):
            stored = take.frames(at, at + 1)[0].astype(np.float32)
            shown = np.asarray(reader.frame(chunk["first"] + at), np.float32)
            worst = max(worst, float(np.abs(stored - shown).mean()))
    reader.close()
    assert worst < 4, f"frames differ from the takes by {worst:.1f} of 255"
    heard, given = sound(path), sound(speech)
    count = min(len(heard), len(given))
    assert count > 16000 * (total / 25 - 0.1)
    alike = float(np.corrcoef(heard[:count], given[:count])[0, 1])
    assert alike > 0.95, f"sound differs: {alike:.2f}"
    print(
        f"exported {facts.width} x {facts.height}, {facts.duration:.2f} s for {total} frames; "
        f"frames differ by {worst:.2f} of 255 at most, sound correlates by {alike:.3f}"
    )


if __name__ == "__main__":
    sys.exit(main())
