"""The list of projects that were open lately, newest first."""

from pathlib import Path

from infinitetalk.errors import EngineError
from infinitetalk.project import atomic
from infinitetalk.project.confined import read_json

RECENT_FORMAT = 1
MOST = 20


def recent_projects(file: Path) -> tuple[Path, ...]:
    """Paths from the list, also of projects that are gone now; empty where it can't be read."""
    try:
        data = read_json(file, newest=RECENT_FORMAT, what="list")
    except (FileNotFoundError, EngineError):
        return ()
    paths = data.get("projects", [])
    if not isinstance(paths, list):
        return ()
    return tuple(Path(path) for path in paths if isinstance(path, str))[:MOST]


def note_recent(file: Path, project: Path) -> tuple[Path, ...]:
    """Puts a project at the head of the list. Raises EngineError for the disk."""
    others = [path for path in recent_projects(file) if path != project]
    return _write(file, [project, *others][:MOST])


def forget_recent(file: Path, project: Path) -> tuple[Path, ...]:
    """Takes a project off the list."""
    return _write(file, [path for path in recent_projects(file) if path != project])


def _write(file: Path, paths: list[Path]) -> tuple[Path, ...]:
    atomic.make_folder(file.parent)
    atomic.write_json(file, {"format": RECENT_FORMAT, "projects": [str(path) for path in paths]})
    return tuple(paths)
