"""Whatever moment the process ends or the disk fails, a job goes on to the same frames."""

import os
import random
import shutil
import signal
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from infinitetalk.event import ChunkReady, Finished, PlanReady, StageStarted
from infinitetalk.project import atomic
from infinitetalk.project.event_log import EventLog
from infinitetalk.project.job import EVENTS, REQUEST, JobFolder
from tests.e2e.conftest import frame_digests, write_voice
from tests.e2e.crash_runs import (
    CRASH_EXIT,
    DONE,
    FAILED,
    CrashRuns,
    Order,
    Outcome,
    point_kind,
)
from tests.tiny_model import build_tiny_model

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="each run is a fork of a warm process"),
]

SLOW = [pytest.mark.slow, pytest.mark.timeout(3600)]
LEFT_OVER = (".tmp", ".part", ".scratch", ".raw")


def stored_frames(job: Path) -> dict[str, str]:
    """Digests of the frames of every take, by its folder; none where there are no chunks yet."""
    return frame_digests(job) if (job / "chunks").is_dir() else {}


class Undisturbed:
    """The process that forks, and what a run gives that nothing disturbs."""

    def __init__(self, folder: Path) -> None:
        from PIL import Image

        build_tiny_model(folder / "model", chunk_frames=9)
        write_voice(folder / "speech.wav", 0.5)
        Image.new("RGB", (64, 64), (90, 120, 200)).save(folder / "face.png")
        self.order = Order(
            model=folder / "model",
            source=folder / "face.png",
            speech=folder / "speech.wav",
            place=folder / "warm",
            report=folder / "report.json",
        )
        self.runs = CrashRuns(self.order)
        assert self.runs.warm.status == DONE, self.runs.warm
        assert self.runs.warm.fresh == [0, 1]
        self.points = self.runs.warm.points
        self.first_of_export = self.points.index(("before flush", "video.mp4")) + 1
        self.frames = frame_digests(self.order.job)
        self.video = self.order.out.read_bytes()

    def check_states(self, job: Path) -> None:
        """A job as it was left: what counts as a chunk is whole and has the right frames."""
        if not (job / REQUEST).exists():
            return  # not a job yet: `render` begins it anew
        with JobFolder.open(job, write=False) as found:
            for index, key in found.takes.all_takes():
                assert found.valid_take(index, key, full=True) is not None
            stored = stored_frames(job)
            assert stored.items() <= self.frames.items()
            for index, entry in found.timeline.chunks.items():
                assert f"{index:04d}-{entry.active}" in stored
            told = {event.take for event in found.events.read() if isinstance(event, ChunkReady)}
            assert told <= {entry.active for entry in found.timeline.chunks.values()}

    def check_resumes(self, order: Order) -> Outcome:
        """A run goes on where another ended: same frames, same video, only what was missing."""
        stored = stored_frames(order.job)
        outcome = self.runs.run(replace(order, crash_at=None, error_at=None, keep=None))
        assert outcome.status == DONE, outcome.code
        assert frame_digests(order.job) == self.frames
        if order.export:
            assert order.out.read_bytes() == self.video
        assert len(outcome.fresh) == len(self.frames) - len(stored)
        left = [path.name for path in order.job.rglob("*") if path.name.endswith(LEFT_OVER)]
        left += [str(path) for path in order.place.rglob(".italk-*/*")]  # beside video and texts
        assert left == []
        return outcome


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Undisturbed]:
    made = Undisturbed(tmp_path_factory.mktemp("crashes"))
    yield made
    made.runs.close()


def test_every_state_a_crash_leaves_is_gone_on_from(plain: Undisturbed, tmp_path: Path) -> None:
    """One run; at every point, before and after each write, flush and rename, the disk as a
    process that ends there would leave it is kept and looked at. From each the job goes on.
    """
    order = replace(plain.order, place=tmp_path / "run", keep=tmp_path / "states")
    kept = plain.runs.run(order)
    assert kept.status == DONE
    states = sorted((tmp_path / "states").iterdir())
    assert len(kept.points) > 200
    assert len(states) > 80
    for state in states:
        number = int(state.name)
        step, name = kept.points[number - 2 if number > 1 else 0]  # what made it differ
        shutil.rmtree(order.place)
        state.rename(order.place)
        exporting = number >= plain.first_of_export
        try:
            plain.check_states(order.job)
            plain.check_resumes(replace(order, export=exporting))
        except AssertionError as error:
            raise AssertionError(f"the process ended at {number}, after {step} {name}") from error
    print(f"{len(kept.points)} points, {len(states)} states that differ")


def ends_at(plain: Undisturbed, order: Order, number: int) -> None:
    """The process really ends at a numbered point; then the job goes on."""
    ended = plain.runs.run(replace(order, crash_at=number))
    assert ended.status == CRASH_EXIT, plain.points[number - 1]
    plain.check_states(order.job)
    plain.check_resumes(replace(order, export=number >= plain.first_of_export))


@pytest.mark.parametrize("every", [33, pytest.param(1, marks=SLOW)])
def test_processes_that_really_end_there(every: int, plain: Undisturbed, tmp_path: Path) -> None:
    for number in range(every // 2 + 1, len(plain.points) + 1, every):
        order = replace(plain.order, place=tmp_path / f"{number}")
        try:
            ends_at(plain, order, number)
        except AssertionError as error:
            step = plain.points[number - 1]
            raise AssertionError(f"the process ended at {number}: {step}") from error
        shutil.rmtree(order.place)


# -- killed ---------------------------------------------------------------------------------------


class Killer:
    """Ends runs at moments drawn from a seeded generator; knows when a first chunk is there."""

    def __init__(self, plain: Undisturbed, seed: int) -> None:
        self._plain = plain
        self._random = random.Random(seed)
        self.stages: Counter[str] = Counter()
        self.after_first_chunk = 0

    @property
    def kills(self) -> int:
        return self.stages.total()

    def kill_one(self, order: Order, *, late: bool, seconds: float) -> bool:
        """Starts or resumes a job and kills it; False where it was quicker.

        `late`: the moment is drawn from the time after the first chunk is stored; `seconds` is
        how long a whole run takes.
        """

        def meanwhile(pid: int) -> None:
            wait = self._random.random() * seconds
            if late:
                deadline = time.monotonic() + 60
                while not chunks_stored(order.job) and time.monotonic() < deadline:
                    time.sleep(0.002)
                wait /= 3  # of a run, about that much comes after its first chunk
            time.sleep(wait)
            os.kill(pid, signal.SIGKILL)  # not waited for yet: if it has ended, its id is its own

        ended = self._plain.runs.run(order, meanwhile)
        if ended.status != -signal.SIGKILL:
            assert ended.status == DONE, ended.code
            return False
        self.stages[stage_of(order.job)] += 1
        self.after_first_chunk += chunks_stored(order.job) > 0
        self._plain.check_states(order.job)
        return True


def chunks_stored(job: Path) -> int:
    folder = job / "chunks"
    if not folder.is_dir():
        return 0
    return sum(not atomic.is_temporary(entry.name) for entry in folder.iterdir())


def stage_of(job: Path) -> str:
    """What the run was doing when it ended, by what it had told."""
    stage = "before the plan"
    for event in EventLog(job / EVENTS).read():
        if isinstance(event, PlanReady):
            stage = "opening"
        elif isinstance(event, StageStarted):
            stage = event.stage
        elif isinstance(event, ChunkReady):
            stage = "between chunks"
        elif isinstance(event, Finished):
            stage = "export"
    return stage


def seconds_of_a_run(plain: Undisturbed, place: Path) -> float:
    began = time.monotonic()
    assert plain.runs.run(replace(plain.order, place=place)).status == DONE
    return time.monotonic() - began


@pytest.mark.parametrize("kills", [8, pytest.param(100, marks=SLOW)])
def test_kills_at_random_moments(kills: int, plain: Undisturbed, tmp_path: Path) -> None:
    killer = Killer(plain, seed=kills)
    seconds = seconds_of_a_run(plain, tmp_path / "timed")
    jobs = 0
    while killer.kills < kills:
        jobs += 1
        assert jobs < 4 * kills, "runs end before they can be killed"
        order = replace(plain.order, place=tmp_path / f"{jobs}")
        late = 2 * killer.after_first_chunk <= killer.kills
        for _ in range(2):  # now and then the run that goes on is killed as well
            if killer.kills == kills or not killer.kill_one(order, late=late, seconds=seconds):
                break
        plain.check_resumes(order)
        shutil.rmtree(order.place)
    print(f"\n{killer.kills} kills, {killer.after_first_chunk} of them after the first chunk")
    for stage, count in killer.stages.most_common():
        print(f"{stage:>16} {count:4d} {'#' * count}")
    assert 2 * killer.after_first_chunk >= kills


# -- the disk -------------------------------------------------------------------------------------

# What a job can do without: it says nothing, or the next run makes it again. The video is renamed
# where the link that would not replace another fails.
SPARED = ("text", "exports.json", "talk.mp4")


@pytest.mark.parametrize(
    "steps",
    [
        ("before write", "before append", "before folder"),
        pytest.param(("before flush", "before rename"), marks=SLOW),
    ],
)
def test_every_write_that_fails_leaves_a_job_that_goes_on(
    steps: tuple[str, ...], plain: Undisturbed, tmp_path: Path
) -> None:
    """ENOSPC once at each kind of file; the next run has room again."""
    tried = first_of_each_kind(plain.points, steps)
    assert len(tried) >= 12
    for kind, (number, name) in tried.items():
        order = replace(plain.order, place=tmp_path / f"{number}", error_first=kind)
        failed = plain.runs.run(order)
        context = f"{kind} {name}: {failed.status} {failed.code}"
        if failed.status == DONE:
            assert name in SPARED or is_cache(name), context
        else:
            assert (failed.status, failed.code) == (FAILED, "disk.full"), context
        plain.check_states(order.job)
        again = replace(order, error_first=None, export=number >= plain.first_of_export)
        plain.check_resumes(again)
        shutil.rmtree(order.place)


def is_cache(name: str) -> bool:
    """Encoded texts are named by a digest: 40 hexadecimal digits."""
    return len(name.partition(".")[0]) == 40 and name.endswith(".safetensors")


def first_of_each_kind(
    points: list[tuple[str, str]], steps: tuple[str, ...]
) -> dict[str, tuple[int, str]]:
    """The first point of each kind (`point_kind`) with one of the steps: its number and its file."""
    found: dict[str, tuple[int, str]] = {}
    for number, (step, name) in enumerate(points, 1):
        if step in steps:
            found.setdefault(point_kind(step, name), (number, name))
    return found


@pytest.mark.parametrize(("error", "code"), [("eacces", "disk.read_only"), ("enospc", "disk.full")])
def test_a_disk_that_stays_so(error: str, code: str, plain: Undisturbed, tmp_path: Path) -> None:
    """From the start, from the first chunk on, and at the export: the same code each time."""
    numbers = [
        next(n for n, point in enumerate(plain.points, 1) if point == wanted)
        for wanted in [
            ("before write", "request.json"),
            ("before write", "frames.mkv"),
            ("before flush", "video.mp4"),
        ]
    ]
    for number in numbers:
        order = replace(plain.order, place=tmp_path / f"{number}")
        failed = plain.runs.run(replace(order, error=error, error_at=number, error_lasts=True))
        assert (failed.status, failed.code) == (FAILED, code), plain.points[number - 1]
        plain.check_states(order.job)
        plain.check_resumes(order)


def test_the_command_line_says_that_the_disk_is_full(
    plain: Undisturbed, cli, tmp_path: Path
) -> None:
    order = replace(plain.order, place=tmp_path)
    done = cli(
        "render", "--model", order.model, "--source", order.source, "--speech", order.speech,
        "--steps", 1, "--motion_frame", 1, "--job", order.job, "--out", order.out,
        INFINITETALK_FAULTS="enospc@frames.mkv;free=300000000",
    )  # fmt: skip
    assert done.code == 5, done.text
    assert "The disk is full" in done.err
    assert f"infinitetalk resume {order.job}" in done.err
    assert "Traceback" not in done.text
    assert len(done.err.splitlines()) <= 6
    assert not order.out.exists()
    plain.check_states(order.job)
    plain.check_resumes(order)
