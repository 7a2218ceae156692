"""The measured rate of reading: plausible, and without a trace in the folder."""

import sys
from pathlib import Path

import pytest

from infinitetalk.probe import disk_rate
from infinitetalk.probe.disk_rate import read_rate

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="others have no way past the cache")


def test_the_largest_model_file_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk_rate, "LEAST", 1024)
    read: list[Path] = []
    monkeypatch.setattr(disk_rate, "_read", lambda path, _: read.append(path) or 7.0)
    for name, size in (("a.pth", 2000), ("sub/b.safetensors", 5000), ("c.mp4", 9000)):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x" * size)
    assert read_rate(tmp_path) == 7.0
    assert read == [tmp_path / "sub" / "b.safetensors"]


def test_an_empty_folder_is_sampled_and_left_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk_rate, "SAMPLE", 16 * 1024**2)
    assert read_rate(tmp_path / "models", seconds=0.2) > 1e6
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_can_not_be_written_is_not_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)
    assert read_rate(tmp_path) == 0.0
