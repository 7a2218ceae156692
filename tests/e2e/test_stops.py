"""A render that is stopped by the disk or by Ctrl-C, again and again: what is finished stays and is gone on from."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from infinitetalk.plan import Machine
from infinitetalk.probe import machine_to_json
from infinitetalk.project.job import JobFolder
from tests import media_samples as samples
from tests.e2e.conftest import Command, Run, frame_digests, media_facts, write_voice
from tests.e2e.disks import give_room, small_disk
from tests.tiny_model import build_tiny_model

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def flags(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """A render of 50 frames in chunks of 9 (motion 1): model, source, speech."""
    folder = tmp_path_factory.mktemp("stops")
    build_tiny_model(folder / "model", chunk_frames=9)
    samples.make_picture(folder / "face.png", size=(64, 64))
    write_voice(folder / "speech.wav", 2)
    found = ["--model", folder / "model", "--source", folder / "face.png", "--speech"]
    found += [folder / "speech.wav", "--motion_frame", 1, "--steps", 1]
    return [str(word) for word in found]


def whole_chunks(job: Path) -> int:
    """How many chunks are finished; each of them is whole on the disk."""
    with JobFolder.open(job, write=False) as found:
        takes = list(found.takes.all_takes())
        for index, key in takes:
            assert found.valid_take(index, key, full=True) is not None
    return len(takes)


# -- a small disk ---------------------------------------------------------------------------------


@pytest.fixture
def hopeful(tmp_path: Path) -> list[str]:
    """A machine whose disk seemed large when the job was planned: others fill it meanwhile."""
    path = tmp_path / "machine.json"
    found = Machine(ram_total=2**34, ram_free=2**34, disk_free=2**40, torch_version="2")
    path.write_text(json.dumps(machine_to_json(found)))
    return ["--machine", str(path)]


def says_full(done: Run, job: Path) -> None:
    assert done.code == 5, done.text
    assert "Traceback" not in done.text
    assert "disk is full" in done.err
    assert "Free some space" in done.err
    if (job / "request.json").exists() and "Job folder" in done.err:
        assert f"infinitetalk resume {job}" in done.err


def test_too_small_a_disk_is_refused_before_anything_is_made(
    flags: list[str], tell: Command, tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    with small_disk(disk, "size=2m"):
        job = disk / "talk.job"
        done = tell("render", *flags, "--job", job, "--out", tmp_path / "talk.mp4")
        assert done.code == 5, done.text
        assert "Not enough disk space" in done.err
        assert "Job folder" not in done.err


def test_a_disk_that_fills_up_between_chunks(
    flags: list[str], tell: Command, hopeful: list[str], tmp_path: Path
) -> None:
    """Room for some chunks; with more room the job goes on."""
    disk, out = tmp_path / "disk", tmp_path / "talk.mp4"
    with small_disk(disk, "size=5800k"):
        job = disk / "talk.job"
        says_full(tell("render", *flags, *hopeful, "--job", job, "--out", out), job)
        finished = whole_chunks(job)
        assert 0 < finished < 7
        says_full(tell("resume", job, *hopeful, "--out", out), job)
        assert whole_chunks(job) == finished
        give_room(disk, "size=64m")
        last = tell("resume", job, *hopeful, "--out", out)
        assert last.code == 0, last.text
        assert whole_chunks(job) == 7
    assert media_facts(out)[0] == 50


def test_the_system_refuses_to_store_wherever_it_is(
    flags: list[str], tell: Command, hopeful: list[str], tmp_path: Path
) -> None:
    """No room for another file: the system's own ENOSPC, met at one place after the other."""
    disk, out = tmp_path / "disk", tmp_path / "talk.mp4"
    stages = set()
    with small_disk(disk, "size=64m,nr_inodes=4"):
        job, done = disk / "talk.job", None
        for files in range(4, 120, 5):
            give_room(disk, f"size=64m,nr_inodes={files}")
            words = ["resume", job] if (job / "request.json").exists() else ["render", *flags]
            rest = [] if words[0] == "resume" else ["--job", job]
            done = tell(*words, *rest, *hopeful, "--out", out)
            if not done.code:
                break
            says_full(done, job)
            stages.add(whole_chunks(job) if (job / "request.json").exists() else -1)
        assert done is not None
        assert done.code == 0, done.text
        assert whole_chunks(job) == 7
    assert len(stages) >= 5, stages
    assert media_facts(out)[0] == 50


# -- Ctrl-C ---------------------------------------------------------------------------------------


def test_several_ctrl_c_corrupt_nothing(
    flags: list[str], tell: Command, environment: dict[str, str], tmp_path: Path
) -> None:
    """One is enough. In the second round two more come while the first is being obeyed, as from an
    impatient hand; in the third the key is held down until the program has ended.
    """
    job, out = tmp_path / "talk.job", tmp_path / "talk.mp4"
    command = [sys.executable, "-m", "infinitetalk"]
    rest = ["render", *flags, "--job", str(job), "--out", str(out)]
    for round_, presses in enumerate((1, 3, 2000)):
        child = subprocess.Popen(
            [*command, *rest], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        deadline = time.monotonic() + 120
        while not list((job / "chunks").glob(f"{round_:04d}-*")) and time.monotonic() < deadline:
            time.sleep(0.01)
        for _ in range(presses):
            child.send_signal(signal.SIGINT)
            time.sleep(0.02 if presses > 3 else 0)
            if child.poll() is not None:
                break
        said, errors = child.communicate(timeout=60)
        assert child.returncode == 130, (said, errors)
        assert b"Traceback" not in errors
        assert f"infinitetalk resume {job}".encode() in said
        assert whole_chunks(job) > round_
        rest = ["resume", str(job), "--out", str(out)]
    kept = frame_digests(job)
    done = tell("resume", job, "--out", out)
    assert done.code == 0, done.text
    assert kept.items() <= frame_digests(job).items()
    assert media_facts(out)[0] == 50
