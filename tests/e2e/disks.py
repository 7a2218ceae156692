"""File systems in memory: small ones, read-only ones."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def small_disk(folder: Path, limits: str) -> Iterator[None]:
    """A file system in memory with limits such as "size=2m", where mounting is allowed."""
    if not sys.platform.startswith("linux") or shutil.which("mount") is None or os.geteuid():
        pytest.skip("mounting is not allowed here")
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", limits, "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("mounting is not allowed here")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def give_room(folder: Path, limits: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{limits}", str(folder)], check=True)
