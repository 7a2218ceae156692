"""Two programs never write one job, and a crash leaves no lock behind."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from infinitetalk.errors import EngineError
from infinitetalk.project.lock import JobLock

ROOT = Path(__file__).parents[3]
HOLD = """
import sys
from pathlib import Path
from infinitetalk.project.lock import JobLock
JobLock(Path(sys.argv[1]), program="render").acquire()
print("held", flush=True)
sys.stdin.read()
"""


def test_the_second_is_refused_and_told_who_holds_it(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with JobLock(path) as held:
        assert held.held
        with pytest.raises(EngineError) as caught:
            JobLock(path).acquire()
    report = caught.value.report
    assert report.code == "project.locked"
    assert str(os.getpid()) in report.detail
    assert report.facts["pid"] == os.getpid()
    JobLock(path).acquire().release()


def test_a_killed_holder_leaves_no_lock(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline().strip() == "held"
    with pytest.raises(EngineError) as caught:
        JobLock(path).acquire()
    assert caught.value.report.facts["pid"] == child.pid
    child.kill()
    child.communicate(timeout=30)
    with JobLock(path) as lock:
        assert lock.held
    assert path.exists()


def test_a_folder_that_is_gone(tmp_path: Path) -> None:
    with pytest.raises(EngineError) as caught:
        JobLock(tmp_path / "nowhere" / "lock").acquire()
    assert caught.value.report.code == "disk.gone"


def test_a_label_that_is_no_json_is_no_obstacle(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with JobLock(path):
        path.write_bytes(b"\xff\xfe nonsense")
        with pytest.raises(EngineError) as caught:
            JobLock(path).acquire()
    assert "Another process" in caught.value.report.detail


@pytest.mark.skipif(sys.platform == "win32", reason="handles are not inherited there")
def test_a_child_that_outlives_its_killed_holder_for_a_moment(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    script = (
        "import os, sys, time\n"
        "from pathlib import Path\n"
        "from infinitetalk.project.lock import JobLock\n"
        "JobLock(Path(sys.argv[1])).acquire()\n"
        "if os.fork() == 0:\n"
        "    time.sleep(float(sys.argv[2]))\n"
        "    os._exit(0)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    there = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", script, str(path), "0.4"], env=there, check=False)
    JobLock(path).acquire().release()
    subprocess.run([sys.executable, "-c", script, str(path), "4"], env=there, check=False)
    with pytest.raises(EngineError) as caught:
        JobLock(path).acquire()  # not for as long as somebody likes
    assert caught.value.report.code == "project.locked"
