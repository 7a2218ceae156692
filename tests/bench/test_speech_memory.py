"""Speech of any length takes the same memory (design.md, "Memory is flat")."""

from pathlib import Path

import pytest

from tests.bench.speech_memory import MIB, measure, table

pytestmark = [pytest.mark.bench, pytest.mark.timeout(3600)]
SPARE = 64 * MIB  # what the allocator may keep, and the lists of frame times


def test_memory_of_speech_at_the_published_size(tmp_path: Path) -> None:
    found = []
    for seconds in (40.0, 600.0):  # from one whole piece on, nothing may grow
        folder = tmp_path / f"{seconds:g}"
        folder.mkdir()
        found.append(measure("base", seconds, folder))
    print(table(found))
    short, long = found
    # The keys and values of the rows a layer samples: at most 184 MB (pipeline/README.md).
    assert long.growth < short.growth + 184 * MIB + SPARE


def test_memory_of_two_hours(tmp_path: Path) -> None:
    found = []
    for seconds in (40.0, 7200.0):
        folder = tmp_path / f"{seconds:g}"
        folder.mkdir()
        found.append(measure("tiny", seconds, folder))
    print(table(found))
    short, long = found
    assert long.growth < short.growth + SPARE
