"""Emptying the cache folder: what can be made again."""

import contextlib

from infinitetalk.paths import cache_folder


def empty_cache() -> int:
    """Removes the files of the cache, except the icons in use; how many were removed."""
    folder = cache_folder()
    count = 0
    for path in folder.rglob("*"):
        if path.is_file() and path.parent.name != "icons":
            with contextlib.suppress(OSError):
                path.unlink()
                count += 1
    return count
