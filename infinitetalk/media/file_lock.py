"""Locks on files that the system drops when their holder ends, however it ends."""

import errno
import os
import sys
from pathlib import Path

_LOCKED_BYTE = 1 << 20  # far behind the text, so that others can read who holds it (Windows)
# Network drives without locks: nobody can be told apart there from one who is at work.
_UNSUPPORTED = {errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL}


def locks_are_unsupported(error: OSError) -> bool:
    """Whether `lock` failed because the file system has no locks, not because one is held."""
    return error.errno in _UNSUPPORTED


def is_at(handle: int, path: Path) -> bool:
    """Whether the open file is still the one at `path`."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except OSError:
        return False


if sys.platform == "win32":
    import msvcrt

    def lock(handle: int) -> None:
        """Locks an open file, or raises OSError at once where another holds it."""
        os.lseek(handle, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        os.lseek(handle, 0, os.SEEK_SET)

    def unlock(handle: int) -> None:
        os.lseek(handle, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def lock(handle: int) -> None:
        """Locks an open file, or raises OSError at once where another holds it."""
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def unlock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)
