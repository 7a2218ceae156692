"""What is said of a disk that can't take a file names a place that the user can go to."""

import errno
import os
from pathlib import Path

from infinitetalk.media import problems
from infinitetalk.project import atomic


def test_a_full_disk_is_named_by_the_folder_or_the_drive(tmp_path):
    job = tmp_path / "Anna.job"
    job.mkdir()
    report = atomic.disk_error(OSError(errno.ENOSPC, "full"), job / "model.json", 39).report
    assert report.code == "disk.full"
    place = job.anchor if os.name == "nt" else str(job)  # "/" is every disk of Linux
    assert report.detail.startswith(f"{place} has ")


def test_a_folder_that_can_not_be_written_is_named_in_full():
    found = problems.folder_problem(Path(), OSError(errno.EROFS, "read-only")).report
    assert found.code == "disk.read_only"
    assert found.detail.startswith(f"{Path.cwd()}: ")
