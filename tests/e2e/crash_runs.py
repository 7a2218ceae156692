"""Runs of the engine that may end at any moment, each in a fork of one process that is warm.

python -m tests.e2e.crash_runs     reads orders (JSON lines) on stdin, forks for each, and answers
                                   {"pid": ...} at once; after an empty line it waits for the end
                                   of the run and answers {"status": ...}

Importing torch takes longer than the whole job that is tried here. The process that forks renders
the job once itself, so that everything is imported, and has one thread only when it forks.
"""

import errno
import gc
import json
import os
import shutil
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from infinitetalk.project.faults import CRASH_EXIT, Faults, injected

ROOT = Path(__file__).resolve().parents[2]
FAILED = 1  # exit status of a run that ended with an error for the user
DONE = 0


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is rendered where, and what shall go wrong."""

    model: Path
    source: Path
    speech: Path
    place: Path  # holds all that the run writes: job folder, video, the user's folders
    keep: Path | None = None  # where the state of `place` at every point is copied to
    export: bool = True  # the video as well, not the chunks alone
    crash_at: int | None = None  # the numbered point at which the process ends
    error: str = "enospc"
    error_at: int | None = None  # the numbered point that fails with it
    error_first: str | None = None  # or the first of this step and kind of file, see `point_kind`
    error_lasts: bool = False
    report: Path | None = None  # what the run came to, as JSON; nothing where it was ended

    @property
    def job(self) -> Path:
        """Resumed where it exists."""
        return self.place / "talk.job"

    @property
    def out(self) -> Path:
        return self.place / "talk.mp4"

    def to_json(self) -> dict[str, Any]:
        return {n: str(v) if isinstance(v, Path) else v for n, v in asdict(self).items()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Order":
        files = {"model", "source", "speech", "place", "keep", "report"}
        values: dict[str, Any] = dict(data)
        for name in files:
            values[name] = None if data[name] is None else Path(data[name])
        return cls(**values)


def point_kind(step: str, name: str) -> str:
    """The step and the kind of file: names without what differs from file to file."""
    kind = "".join(c for c in name if not c.isdigit())
    kind = kind.rpartition(".")[2] if len(kind) > 24 or kind.startswith(".") else kind
    return f"{step} {kind}"


@dataclass(kw_only=True)
class SteadyFaults(Faults):
    """Faults whose points have the same numbers in every run.

    What ffmpeg hands over arrives in more or fewer pieces: of each file of frames the first write
    is a point, the others are not.
    """

    error_first: str | None = None  # does not hang on what other threads do meanwhile
    keep: Path | None = None  # copies of `watched` go here, named by the number of the point
    watched: Path = Path()
    seen: set[tuple[str, Path]] = field(default_factory=set)
    last: object = None
    turn: threading.RLock = field(default_factory=threading.RLock)

    def reach(self, step: str, path: Path) -> None:
        with self.turn:
            if path.name == "frames.mkv" and step.endswith("write"):
                if (step, path) in self.seen:
                    return
                self.seen.add((step, path))
            if self.keep is not None:
                self._keep(self.keep / f"{len(self.points) + 1:03d}")
            super().reach(step, path)
            if self.error_first == point_kind(step, path.name):
                self.error_first = None
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    def _keep(self, place: Path) -> None:
        """Copies the disk as it is now, unless it is as it was at the point before."""
        found = [
            (path.relative_to(self.watched), path.stat().st_size, path.stat().st_mtime_ns)
            for path in sorted(self.watched.rglob("*"))
        ]
        if found != self.last:
            self.last = found
            shutil.copytree(self.watched, place)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a run ended."""

    status: int  # DONE, FAILED, CRASH_EXIT, or minus the signal that ended it
    points: list[tuple[str, str]] = field(default_factory=list)  # step and file, in order
    code: str = ""  # of the error's report
    fresh: list[int] = field(default_factory=list)  # chunks that were rendered, not found


class CrashRuns:
    """The process that forks. A context manager."""

    def __init__(self, warm_up: Order) -> None:
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.crash_runs"],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.warm = self.run(warm_up)

    def run(self, order: Order, meanwhile: Callable[[int], None] | None = None) -> Outcome:
        """Runs an order to its end; `meanwhile(pid)` may end it earlier."""
        assert self._server.stdin is not None
        if order.report is not None:
            order.report.unlink(missing_ok=True)
        print(json.dumps(order.to_json()), file=self._server.stdin, flush=True)
        pid = self._answer()["pid"]
        if meanwhile is not None:
            meanwhile(pid)
        print(file=self._server.stdin, flush=True)
        status = self._answer()["status"]
        told: dict[str, Any] = {}
        if order.report is not None and order.report.exists():
            told = json.loads(order.report.read_text())
            told["points"] = [(step, name) for step, name in told["points"]]
        return Outcome(status=status, **told)

    def _answer(self) -> dict[str, Any]:
        assert self._server.stdout is not None
        line = self._server.stdout.readline()
        assert line, f"the process that forks has ended ({self._server.wait(timeout=60)})"
        return json.loads(line)

    def close(self) -> None:
        self._server.communicate(timeout=60)


def render(order: Order) -> Outcome:
    """The whole job in this process: begun or resumed, rendered and exported."""
    from infinitetalk.engine.engine import Engine
    from infinitetalk.engine.export import export_job
    from infinitetalk.engine.model import ModelChoice, build_request
    from infinitetalk.engine.prepare import prepare_job, reopen_job
    from infinitetalk.engine.results import was_written_by
    from infinitetalk.errors import EngineError
    from infinitetalk.event import ChunkReady, Failed
    from infinitetalk.plan import Machine
    from infinitetalk.project.job import is_job_folder
    from infinitetalk.request import SpeechTrack

    machine = Machine(ram_total=2**34, ram_free=2**34, disk_free=2**40, cores=1, torch_version="2")
    choice = ModelChoice(name=str(order.model))
    given = {
        "source": order.source,
        "speech": (SpeechTrack(path=order.speech),),
        "steps": 1,
        "motion_frames": 1,
    }
    faults = SteadyFaults(
        crash_at=order.crash_at,
        error=order.error,
        error_at=order.error_at,
        error_first=order.error_first,
        error_lasts=order.error_lasts,
        keep=order.keep,
        watched=order.place,
    )
    code, fresh = "", []
    with injected(faults), ExitStack() as stack:
        try:
            if is_job_folder(order.job):
                work = reopen_job(order.job, machine)
            else:
                work = prepare_job(build_request(given, choice.find()), choice, order.job, machine)
            stack.callback(work.job.close)
            for event in Engine().generate(work):
                if isinstance(event, ChunkReady) and not event.reused:
                    fresh.append(event.chunk)
                if isinstance(event, Failed):
                    code = event.report.code
            if not code and order.export:
                mine = was_written_by(order.job, order.out)
                export_job(work.job, order.out, overwrite=mine)
        except EngineError as error:
            code = error.report.code
    status = FAILED if code else DONE
    return Outcome(status=status, points=faults.points, code=code, fresh=fresh)


def _run(order: Order) -> int:
    os.environ["INFINITETALK_HOME"] = str(order.place / "home")
    try:
        order.place.mkdir(parents=True, exist_ok=True)
        outcome = render(order)
        if order.report is not None:
            told = asdict(outcome)
            del told["status"]
            order.report.write_text(json.dumps(told))
    except BaseException:  # noqa: BLE001  a fork must never return into the loop of its parent
        traceback.print_exc()
        return 70
    return outcome.status


def main() -> None:
    import torch

    torch.set_num_threads(1)
    warm = False
    for line in iter(sys.stdin.readline, ""):
        order = Order.from_json(json.loads(line))
        if not warm:
            warm = True
            print(json.dumps({"pid": os.getpid()}), flush=True)
            sys.stdin.readline()
            print(json.dumps({"status": _run(order)}), flush=True)
            tasks = Path("/proc/self/task")
            if tasks.is_dir():
                names = [(task / "comm").read_text().strip() for task in tasks.iterdir()]
                assert len(names) == 1, f"threads would be lost in a fork: {names}"
            gc.collect()
            gc.freeze()  # the engine collects after a stage: what was imported is not its business
            continue
        pid = os.fork()
        if pid == 0:
            os._exit(_run(order))
        print(json.dumps({"pid": pid}), flush=True)
        sys.stdin.readline()  # until then nobody else can get its id
        _, status = os.waitpid(pid, 0)
        print(json.dumps({"status": os.waitstatus_to_exitcode(status)}), flush=True)


__all__ = ["CRASH_EXIT", "DONE", "FAILED", "CrashRuns", "Order", "Outcome"]

if __name__ == "__main__":
    main()
