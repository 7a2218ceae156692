"""Results that can't be written are refused before anything is rendered; left-overs are swept."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.conftest import ROOT, Command, Run, media_facts, refused
from tests.e2e.disks import small_disk

pytestmark = pytest.mark.e2e

INPUT, RESOURCES = 3, 5


def unwritable(tell: Command, given: tuple, job: Path, out: Path) -> list[Run]:
    """What every command that writes a video says of `out`; a new job is not even begun."""
    new = job.with_name("new.job")
    runs = [
        tell("render", *given, "--job", new, "--out", out),
        tell("resume", job, "--out", out),
        tell("redo", job, "--chunk", 1, "--out", out),
        tell("export", job, "--out", out),
    ]
    assert not new.exists()
    assert len(list((job / "chunks").iterdir())) == 1  # nothing was done again
    return runs


@pytest.fixture
def given(model: Path, picture: Path, short: Path) -> tuple:
    return ("--model", model, "--source", picture, "--speech", short, "--steps", 1)


def test_a_read_only_drive(tell: Command, given: tuple, job: Path, tmp_path: Path) -> None:
    drive = tmp_path / "read only drive"
    with small_disk(drive, "ro,size=1m"):
        for out in (drive / "x.mp4", drive / "new" / "folder" / "x.mp4"):
            for done in unwritable(tell, given, job, out):
                refused(done, RESOURCES, str(drive), "read-only", "Choose another folder")


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="no such file system here")
def test_a_place_where_no_file_can_be_made(tell: Command, given: tuple, job: Path) -> None:
    for done in unwritable(tell, given, job, Path("/proc/no-such-place/x.mp4")):
        refused(done, RESOURCES, "/proc", "Choose another folder")


def test_a_file_where_a_folder_should_be(
    tell: Command, given: tuple, job: Path, tmp_path: Path
) -> None:
    file = tmp_path / "file"
    file.write_text("precious")
    for out in (file / "x.mp4", file / "deeper" / "x.mp4"):
        for done in unwritable(tell, given, job, out):
            refused(done, RESOURCES, str(file), "not a folder", "Choose another folder")
    for done in unwritable(tell, given, job, file):
        refused(done, INPUT, "file")
    assert file.read_text() == "precious"


def test_a_folder_of_that_name(tell: Command, given: tuple, job: Path, tmp_path: Path) -> None:
    (tmp_path / "movie.mp4").mkdir()
    for done in unwritable(tell, given, job, tmp_path / "movie.mp4"):
        refused(done, INPUT, "movie.mp4", "a folder has that name")


def test_a_kind_of_file_that_is_not_made(tell: Command, given: tuple, job: Path) -> None:
    for done in unwritable(tell, given, job, job.with_name("x.avi")):
        refused(done, INPUT, "x.avi", ".mp4")


def test_a_quality_that_there_is_not(tell: Command, given: tuple, job: Path) -> None:
    new = job.with_name("new.job")
    for command in (("render", *given, "--job", new), ("export", job), ("resume", job)):
        done = tell(*command, "--out", job.with_name("x.mp4"), "--crf", 99)
        refused(done, INPUT, "99", "0 to 51")
    assert not new.exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="the administrator may write everywhere")
def test_a_folder_without_the_right_to_write(
    tell: Command, given: tuple, job: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "read only"
    folder.mkdir(mode=0o555)
    for done in unwritable(tell, given, job, folder / "x.mp4"):
        refused(done, RESOURCES, "read only", "another folder")


def test_a_folder_that_is_not_there_yet_is_made(tell: Command, job: Path, tmp_path: Path) -> None:
    out = tmp_path / "new" / "folder" / "x.mp4"
    done = tell("export", job, "--out", out)
    assert done.code == 0, done.text
    assert media_facts(out)[0] == 12


KILL = """
import os, sys
from pathlib import Path
from infinitetalk.project.faults import Faults, injected
from infinitetalk.cli.main import main

class EndsBesideTheVideo(Faults):
    def reach(self, step, path):
        if (step, path.name) == ("before flush", "video.mp4"):
            os._exit(86)

with injected(EndsBesideTheVideo()):
    main(sys.argv[1:])
"""


@pytest.mark.parametrize("how", ["export", "resume without --out", "another job"])
def test_what_a_killed_export_leaves_is_swept(
    how: str, tell: Command, job: Path, finished: Path, environment, tmp_path: Path
) -> None:
    folder = tmp_path / "videos"
    command = [sys.executable, "-c", KILL, "export", job, "--out", folder / "x.mp4"]
    ended = subprocess.run(
        [str(part) for part in command], env={**environment, "PYTHONPATH": str(ROOT)}, check=False
    )
    assert ended.returncode == 86
    (left,) = folder.iterdir()
    assert (left / "video.mp4").stat().st_size > 0
    match how:
        case "export":
            done = tell("export", job, "--out", folder / "x.mp4")
        case "resume without --out":
            done = tell("resume", job)
        case _:
            other = Path(shutil.copytree(finished, tmp_path / "other.job"))
            done = tell("export", other, "--out", folder / "x.mp4")
    assert done.code == 0, done.text
    assert [path.name for path in folder.iterdir()] == ([] if "without" in how else ["x.mp4"])
