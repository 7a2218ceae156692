"""What a folder lies on, with made-up lists of partitions."""

import os
from collections import namedtuple
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from infinitetalk.probe import place
from infinitetalk.probe.place import place_of

Part = namedtuple("Part", "mountpoint fstype opts")
Usage = namedtuple("Usage", "total free")


@pytest.fixture
def free(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The disk's free bytes, to be set by a test."""
    said = SimpleNamespace(bytes=500 * 10**9)
    monkeypatch.setattr(psutil, "disk_usage", lambda _: Usage(total=10**12, free=said.bytes))
    return said


def codes(folder: Path, *parts: Part) -> list[str]:
    return [one.code for one in place_of(folder, parts).notices]


def test_a_roomy_disk_is_not_mentioned(tmp_path: Path, free: SimpleNamespace) -> None:
    found = place_of(tmp_path / "models" / "new", [Part("/", "ext4", "rw")])
    assert found.notices == ()
    assert (found.drive, found.file_system, found.free) == ("/", "ext4", free.bytes)


def test_the_longest_mount_point_decides(tmp_path: Path, free: SimpleNamespace) -> None:
    mine = Part(str(tmp_path), "vfat", "rw")
    assert codes(tmp_path / "models", Part("/", "ext4", "rw"), mine) == ["place.fat32"]
    assert codes(tmp_path.parent, Part("/", "ext4", "rw"), mine) == []


@pytest.mark.parametrize(
    ("kind", "options"),
    [("nfs4", "rw"), ("cifs", "rw"), ("fuse.sshfs", "rw"), ("ntfs", "rw,remote")],
)
def test_network_drives(tmp_path: Path, free: SimpleNamespace, kind: str, options: str) -> None:
    assert codes(tmp_path, Part(str(tmp_path), kind, options)) == ["place.network"]


def test_a_system_drive_with_little_space(tmp_path: Path, free: SimpleNamespace) -> None:
    free.bytes = 59 * 10**9
    root, own = Part("/", "ext4", "rw"), Part(str(tmp_path), "ext4", "rw")
    assert codes(tmp_path, root) == ["place.system"]
    assert codes(tmp_path, root, own) == []
    (notice,) = place_of(tmp_path, [root]).notices
    assert "59 GB" in notice.detail


def test_a_full_disk(tmp_path: Path, free: SimpleNamespace) -> None:
    free.bytes = 10**8
    assert codes(tmp_path, Part("/", "ext4", "rw")) == ["disk.full"]


def test_a_folder_that_may_not_be_written(
    tmp_path: Path, free: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)  # the tests may run as root
    found = place_of(tmp_path / "models", [Part("/", "ext4", "ro")])
    assert [one.code for one in found.notices] == ["disk.read_only"]
    assert str(tmp_path) in found.notices[0].detail


def test_this_machine_is_read_without_a_fault(tmp_path: Path) -> None:
    found = place_of(tmp_path)
    assert found.free > 0
    assert found.total >= found.free
    assert place.Path(found.drive).exists()
