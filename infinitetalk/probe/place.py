"""What a folder for models or jobs lies on, and what is wrong with that: a network drive, FAT32, a
system drive that runs full, a folder that can't be written.
"""

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from infinitetalk.errors import GIB, ErrorReport
from infinitetalk.probe.look import nearest

NETWORK = (
    "nfs",
    "nfs4",
    "cifs",
    "smbfs",
    "smb3",
    "afpfs",
    "9p",
    "davfs",
    "fuse.sshfs",
    "fuse.rclone",
)
FAT = ("vfat", "msdos", "fat", "fat32")
FAT_LIMIT = 4 * GIB - 1  # bytes of a file
SYSTEM_SPARE = 60 * 10**9  # bytes that a system drive should have free for models (spec: ux.md 7)
FULL = 2 * GIB


class Partition(Protocol):
    """As psutil lists them."""

    @property
    def mountpoint(self) -> str: ...

    @property
    def fstype(self) -> str: ...

    @property
    def opts(self) -> str: ...


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a folder lies. Bytes."""

    folder: Path
    free: int
    total: int
    drive: str  # its mount point
    file_system: str
    notices: tuple[ErrorReport, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "folder": str(self.folder),
            "free": self.free,
            "total": self.total,
            "drive": self.drive,
            "file_system": self.file_system,
            "notices": [notice.to_json() for notice in self.notices],
        }


def place_of(folder: Path, partitions: Iterable[Partition] | None = None) -> Place:
    """Looks at the nearest folder that exists; nothing is written."""
    import psutil

    there = nearest(folder)
    every = psutil.disk_partitions(all=True) if partitions is None else partitions
    mount = _mount_of(there, every)
    try:
        usage = psutil.disk_usage(str(there))
        free, total = usage.free, usage.total
    except OSError:
        free = total = 0
    drive = mount.mountpoint if mount is not None else there.anchor
    kind = mount.fstype.lower() if mount is not None else ""
    remote = (
        kind in NETWORK
        or str(there).startswith("\\\\")
        or (mount is not None and "remote" in mount.opts.split(","))
    )
    return Place(
        folder=folder,
        free=free,
        total=total,
        drive=drive,
        file_system=kind,
        notices=tuple(
            _notices(folder, there, free, drive, kind, remote=remote, system=_is_system(drive))
        ),
    )


def _notices(
    folder: Path, there: Path, free: int, drive: str, kind: str, *, remote: bool, system: bool
) -> Iterable[ErrorReport]:
    if not os.access(there, os.W_OK):
        yield ErrorReport(
            code="disk.read_only",
            title="The folder can't be written",
            detail=f"{there} may only be read by this user, or lies on a drive that is read-only.",
            remedy="Choose another folder.",
            facts={"folder": str(folder)},
        )
    if free < FULL:
        yield ErrorReport(
            code="disk.full",
            title="The disk is full",
            detail=f"{drive} has {free / GIB:.1f} GiB free; 2 GiB are the least to work with.",
            remedy="Free some space, or choose a folder on another disk.",
            facts={"folder": str(folder), "free": free},
        )
    if kind in FAT:
        yield ErrorReport(
            code="place.fat32",
            title="This drive can't hold large files",
            detail=f"{drive} is formatted as FAT32, where a file ends at 4 GiB; models have up to 20.",
            remedy="Choose a folder on another drive (NTFS, exFAT or a Linux file system).",
            facts={"folder": str(folder)},
        )
    if remote:
        yield ErrorReport(
            code="place.network",
            title="This is a network drive",
            detail=f"{drive} is read over the network: weights may arrive more slowly than the card "
            "computes.",
            remedy="A folder on a disk of this computer is faster.",
            facts={"folder": str(folder)},
        )
    elif system and FULL <= free < SYSTEM_SPARE:
        yield ErrorReport(
            code="place.system",
            title="Little space on the system drive",
            detail=f"{drive} holds the system and has {free / 1e9:.0f} GB free; under 60 GB it may "
            "run full with models on it.",
            remedy="Choose a folder on another disk, if there is one.",
            facts={"folder": str(folder), "free": free},
        )


def _mount_of(there: Path, partitions: Iterable[Partition]) -> Partition | None:
    """The partition with the longest mount point that the folder lies below."""
    path = there.resolve()
    best: Partition | None = None
    for one in partitions:
        mounted = Path(one.mountpoint)
        longer = best is None or len(one.mountpoint) > len(best.mountpoint)
        if longer and path.is_relative_to(mounted):
            best = one
    return best


def _is_system(drive: str) -> bool:
    if sys.platform == "win32":
        return drive.rstrip("\\/").lower() == os.environ.get("SYSTEMDRIVE", "C:").lower()
    return drive == "/"
