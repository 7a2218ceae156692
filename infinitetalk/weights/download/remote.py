"""A file on the hub as its metadata describes it, before a byte of it is here."""

from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath


@dataclass(frozen=True, kw_only=True)
class RemoteFile:
    """One file of one commit. Large files have a SHA-256; small ones, kept in git itself, the
    digest of their git object.
    """

    repo: str  # "owner/name"
    commit: str
    name: str  # path in the repository, POSIX
    size: int  # bytes
    sha256: str | None = None
    blob_id: str | None = None  # SHA-1 of "blob SIZE\\0" and the contents

    @property
    def identity(self) -> str:
        """What the contents are, whichever commit or mirror they come from."""
        return f"sha256:{self.sha256}" if self.sha256 else f"git:{self.blob_id}"


def safe_name(name: str) -> str:
    """A path from the hub that stays below a folder on every system; ValueError for others."""
    for kind in (PurePosixPath, PureWindowsPath):
        path = kind(name)
        if path.is_absolute() or path.drive or path.root or ".." in path.parts or not path.parts:
            raise ValueError(f"{name!r} leaves its folder")
    if any(ord(c) < 32 or c in '\\:*?"<>|' for c in name) or len(name) > 400:
        raise ValueError(f"{name!r} is no name for a file")
    return str(PurePosixPath(name))
