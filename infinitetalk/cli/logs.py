"""The log that always has everything; the terminal only with --debug."""

import logging
import sys
import time
from pathlib import Path

from infinitetalk import paths

KEPT_LOGS = 20


def start_log(*, debug: bool) -> Path | None:
    """Opens this run's log file; None where the log folder can't be written."""
    logging.raiseExceptions = False  # a full disk is told by what fails, not by the log
    root = logging.getLogger()
    root.setLevel(logging.DEBUG if debug else logging.INFO)
    if debug:
        root.addHandler(logging.StreamHandler(sys.stderr))
    folder = paths.log_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for old in sorted(folder.glob("engine-*.log"))[:-KEPT_LOGS]:
            old.unlink(missing_ok=True)
        path = folder / f"engine-{time.strftime('%Y%m%d-%H%M%S')}-{time.time_ns() % 10**6:06d}.log"
        handler = logging.FileHandler(path, encoding="utf-8", errors="backslashreplace")
    except OSError:
        root.addHandler(logging.NullHandler())
        return None
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root.addHandler(handler)
    return path
