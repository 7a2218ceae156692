"""What a file on the disk really holds: SHA-256, and the digest git gives small files."""

import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path

from infinitetalk.weights.download.remote import RemoteFile

PIECE = 4 * 1024**2

Step = Callable[[int], None]  # bytes read so far; may raise to stop


def sha256_of(path: Path, step: Step | None = None) -> str:
    """SHA-256 of a file, hex. Raises OSError."""
    return _digests(path, [hashlib.sha256()], step)[0]


def matches(file: RemoteFile, path: Path, step: Step | None = None) -> tuple[bool, str]:
    """Whether a file holds what the hub describes, and its SHA-256. Raises OSError.

    Without a SHA-256 from the hub (small files, kept in git) the digest of the git object decides.
    """
    found = [hashlib.sha256()]
    if file.sha256 is None:
        head = f"blob {path.stat().st_size}\0".encode()
        found.append(hashlib.sha1(head, usedforsecurity=False))
    digests = _digests(path, found, step)
    if file.sha256 is not None:
        return digests[0] == file.sha256, digests[0]
    return digests[1] == file.blob_id, digests[0]


def _digests(path: Path, found: list, step: Step | None) -> list[str]:
    done = 0
    with path.open("rb", buffering=0) as file:
        if sys.platform == "linux":  # so that the disk is read, not the memory that wrote to it
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        while piece := file.read(PIECE):
            for digest in found:
                digest.update(piece)
            done += len(piece)
            if step is not None:
                step(done)
    return [digest.hexdigest() for digest in found]
