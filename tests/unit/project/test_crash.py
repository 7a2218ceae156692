"""Whatever moment the process ends or the disk fails, a job holds the old or the new state.

Every numbered point of storing one chunk is tried in a child process that ends there. The same
points, by the same environment variable, are there for tests of the whole engine.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from infinitetalk.errors import EngineError
from infinitetalk.plan import Plan
from infinitetalk.project import JobFolder
from infinitetalk.project.faults import CRASH_EXIT, VARIABLE, Faults, injected
from infinitetalk.request import GenerationRequest
from tests.unit.project.storing import FRAMES, content_of, key_of, store

SCRIPT = Path(__file__).with_name("storing.py")
ROOT = Path(__file__).parents[3]


def start_child(job: Path, first: int, last: int, faults: str = "") -> subprocess.Popen:
    environment = {**os.environ, VARIABLE: faults, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(SCRIPT), str(job), str(first), str(last)]
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@pytest.fixture
def job(tmp_path: Path, request_: GenerationRequest, plan: Plan) -> Path:
    """A job with chunk 0 stored."""
    path = tmp_path / "night.job"
    with JobFolder.create(path, request_, plan) as made:
        store(made, 0)
    return path


def points_of_one_chunk(job: Path, tmp_path: Path) -> list[str]:
    trace, copy = tmp_path / "trace", tmp_path / "copy.job"
    shutil.copytree(job, copy)
    child = start_child(copy, 1, 2, f"trace={trace}")
    out, errors = child.communicate(timeout=60)
    assert (child.returncode, out.split()[-1:]) == (0, ["done"]), errors
    return trace.read_text().splitlines()


def check_whole(path: Path, least: int, most: int) -> int:
    """Reopens a job; its first chunks are whole, nothing else counts. Returns how many are."""
    with JobFolder.open(path) as job:
        indices = sorted(job.timeline.chunks)
        assert indices == list(range(len(indices)))
        assert least <= len(indices) <= most
        for index in indices:
            key = job.timeline.chunk(index).active
            assert key == key_of(index)
            take = job.valid_take(index, key, full=True)
            assert take is not None
            assert take.frames.read_bytes() == content_of(index)
        # A take whose timeline entry was not written yet is whole as well, or not there.
        for index, key in job.takes.all_takes():
            assert job.valid_take(index, key, full=True) is not None
        ready = [e.chunk for e in job.events.read() if type(e).__name__ == "ChunkReady"]
        assert set(ready) <= set(indices)
        left = [p.name for p in path.rglob("*") if p.name.endswith(".tmp")]
        assert left == []
        return len(indices)


def test_every_crash_point_leaves_the_old_or_the_new_state(job: Path, tmp_path: Path) -> None:
    points = points_of_one_chunk(job, tmp_path)
    steps = {line.split()[1] + " " + line.split()[2] for line in points}
    assert len(points) > 40
    assert any("rename" in step for step in steps)
    outcomes = []
    for number in range(1, len(points) + 1):
        copy = tmp_path / f"crash{number}.job"
        shutil.copytree(job, copy)
        child = start_child(copy, 1, 2, f"crash@{number}")
        _, errors = child.communicate(timeout=60)
        assert child.returncode == CRASH_EXIT, f"point {points[number - 1]}: {errors}"
        outcomes.append(check_whole(copy, 1, 2))
        # Going on from there gives the same bytes as never having stopped.
        with JobFolder.open(copy) as again:
            if again.valid_take(1, key_of(1)) is None or again.timeline.chunk(1).active is None:
                store(again, 1)
        assert check_whole(copy, 2, 2) == 2
        shutil.rmtree(copy)
    assert outcomes == sorted(outcomes)  # once the new state is there, it stays
    assert set(outcomes) == {1, 2}


def test_random_kills_never_leave_half_a_chunk(job: Path) -> None:
    chooser = random.Random(7)
    done = 1
    for _ in range(8):
        child = start_child(job, done, done + 400)
        assert child.stdout is not None
        assert child.stdout.readline().strip() == str(done)  # at least one more is stored
        time.sleep(chooser.random() * 0.1)
        child.kill()
        child.communicate(timeout=60)
        done = check_whole(job, done + 1, 5000)


@pytest.mark.parametrize("kind", ["enospc", "eacces", "eio"])
def test_every_failing_write_leaves_the_job_resumable(job: Path, tmp_path: Path, kind: str) -> None:
    expected = {"enospc": "disk.full", "eacces": "disk.read_only", "eio": "disk.failed"}[kind]
    points = points_of_one_chunk(job, tmp_path)
    before = [n for n, line in enumerate(points, 1) if line.split()[1] == "before"]
    for number in before if kind == "enospc" else before[::6]:
        copy = tmp_path / f"{kind}{number}.job"
        shutil.copytree(job, copy)
        faults = Faults(error=kind, error_at=number)
        with injected(faults):
            with JobFolder.open(copy) as opened, pytest.raises(EngineError) as caught:
                store(opened, 1)
            assert caught.value.report.code == expected, points[number - 1]
            assert caught.value.report.remedy
        check_whole(copy, 1, 2)
        with JobFolder.open(copy) as again:
            store(again, 1)
        assert check_whole(copy, 2, 2) == 2
        shutil.rmtree(copy)


def test_a_disk_that_stays_full_is_named_with_numbers(job: Path) -> None:
    with (
        injected(Faults.parse("enospc@chunks/;free=300000000")),
        JobFolder.open(job) as opened,
        pytest.raises(EngineError) as caught,
    ):
        store(opened, 1)
    report = caught.value.report
    assert report.code == "disk.full"
    assert "0.3 GiB free" in report.detail
    assert check_whole(job, 1, 1) == 1


def test_a_torn_event_line_is_passed_over(job: Path) -> None:
    log = job / "events.jsonl"
    whole = log.read_bytes()
    log.write_bytes(whole + whole[: len(whole) // 2])
    with JobFolder.open(job) as opened:
        assert len(list(opened.events.read())) == 1
        store(opened, 1)
        assert [event.chunk for event in opened.events.read()] == [0, 1]
        assert opened.state().chunks[1].path == opened.takes.take_folder(1, key_of(1))


def test_half_a_file_is_not_a_take(job: Path) -> None:
    with JobFolder.open(job) as opened:
        folder = opened.takes.take_folder(0, key_of(0))
    (folder / "frames.mkv").write_bytes(content_of(0)[: FRAMES // 2])
    with JobFolder.open(job) as opened:
        assert opened.valid_take(0, key_of(0)) is None
        assert "25000 bytes instead of 50000" in opened.takes.problem(0, key_of(0))


def test_fault_settings_are_read_or_refused() -> None:
    faults = Faults.parse("crash@3; enospc@5+;free=10")
    assert (faults.crash_at, faults.error_at, faults.error_lasts, faults.free) == (3, 5, True, 10)
    with pytest.raises(ValueError, match="can't be read"):
        Faults.parse("nonsense@1")


def test_meta_tells_what_was_stored(job: Path) -> None:
    with JobFolder.open(job) as opened:
        data = json.loads((opened.takes.take_folder(0, key_of(0)) / "meta.json").read_text())
    assert data["files"]["frames.mkv"]["size"] == FRAMES
    assert len(data["files"]["motion.safetensors"]["sha256"]) == 64
