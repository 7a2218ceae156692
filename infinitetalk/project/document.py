"""The project file NAME.italk: what the user sees as the document, beside its one job folder.

    NAME.italk            what the user decided; rewritten whole (versioned, migrated)
    NAME.italk-journal    edits since then, one a line, appended within a second of each
    NAME.italk-lock       while a window has it open
    NAME.job/             what was rendered

The content is the window's own value: plain JSON in which files appear as `Path`. A path is stored
absolute and relative to the project, so that moving either works; nothing is ever executed. After a
crash `open` reads the journal and says so. Nothing here knows Qt.
"""

import json
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from infinitetalk.errors import EngineError, engine_error
from infinitetalk.project import atomic
from infinitetalk.project.confined import damaged, plain_name, read_json
from infinitetalk.project.lock import JobLock

PROJECT_FORMAT = 1
SUFFIX = ".italk"
_PATH = "$path"  # marks a stored path; content never has such a key of its own
Migration = Callable[[dict[str, Any]], dict[str, Any]]
# From format n to n + 1, applied in order; each gets and returns the whole file's data.
MIGRATIONS: dict[int, Migration] = {}


class ProjectFile:
    """An open project. `content` is what was saved last, with the journal's edits applied."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path
        self.read_only = read_only
        self.recovered = False  # edits of an unclean end were found in the journal
        self.locked_by: EngineError | None = None  # why it is read-only, if another has it
        self.content: dict[str, Any] = {}
        self._revision = 0
        self._job = path.with_suffix(".job").name
        self._lock = JobLock(path.with_name(path.name + "-lock"), program="window")

    @property
    def job_folder(self) -> Path:
        return self.path.parent / self._job

    @property
    def journal(self) -> Path:
        return self.path.with_name(self.path.name + "-journal")

    @classmethod
    def create(cls, path: Path, content: Mapping[str, Any]) -> "ProjectFile":
        """A new project file; one that is there is replaced (the window has asked).

        Raises EngineError `project.locked` or for the disk.
        """
        project = cls(Path(os.path.abspath(path)))  # noqa: PTH100 - links stay links
        project._lock.acquire()
        try:
            project._revision = int(time.time() * 1000)  # journals of a replaced file don't fit
            project.save(content)
        except BaseException:
            project._lock.release(remove=True)
            raise
        return project

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False) -> "ProjectFile":
        """Opens a project. Where another window has it, or its folder can't be written, read-only.

        Raises EngineError `project.missing`, `job.newer` (nothing is touched), `job.damaged`,
        `job.unreadable`.
        """
        project = cls(Path(os.path.abspath(path)), read_only=read_only)  # noqa: PTH100
        data = _read(project.path)
        if not read_only:
            try:
                project._lock.acquire()
            except EngineError as error:
                project.read_only, project.locked_by = True, error
            else:
                try:
                    data = _read(project.path)
                except BaseException:
                    project._lock.release(remove=True)
                    raise
        try:
            project._take(data)
        except BaseException:
            project._lock.release(remove=True)
            raise
        return project

    def record(self, content: Mapping[str, Any]) -> None:
        """An edit: what differs from the last content is appended to the journal, flushed.

        Raises EngineError for the disk; ValueError if the project is read-only.
        """
        self._check_writable()
        changes = {k: v for k, v in content.items() if self.content.get(k, ...) != v}
        removed = [name for name in self.content if name not in content]
        if not changes and not removed:
            return
        line = {
            "revision": self._revision,
            "changes": stored_value(changes, self.path.parent),
            "removed": removed,
        }
        text = json.dumps(line, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        atomic.append_line(self.journal, text.encode("utf-8", "surrogatepass"), flush=True)
        self.content = dict(content)

    def save(self, content: Mapping[str, Any] | None = None) -> None:
        """Rewrites the project file, whole or not at all, and begins a new journal."""
        self._check_writable()
        if content is not None:
            self.content = dict(content)
        self._revision += 1
        atomic.write_json(
            self.path,
            {
                "format": PROJECT_FORMAT,
                "program": "InfiniteTalk Desktop",
                "revision": self._revision,
                "job": self._job,
                "content": stored_value(self.content, self.path.parent),
            },
        )
        self.journal.unlink(missing_ok=True)
        self.recovered = False

    def save_as(self, path: Path) -> "ProjectFile":
        """The project under another name, with a job folder of its own; this one stays open."""
        return ProjectFile.create(path, self.content)

    def close(self) -> None:
        """Gives the lock back. Without `save` before, the journal stays for the next start."""
        self._lock.release(remove=True)

    def _check_writable(self) -> None:
        if self.read_only:
            raise ValueError(f"{self.path.name} is open read-only")

    def _take(self, data: dict[str, Any]) -> None:
        folder = self.path.parent
        try:
            self._revision = int(data["revision"])
            self._job = plain_name(str(data["job"]))
            content = dict(data["content"])
        except (ValueError, TypeError, KeyError) as error:
            raise damaged(self.path, f"it is not a project ({error})") from error
        for changes, removed in _journal_lines(self.journal, self._revision):
            content |= changes
            for name in removed:
                content.pop(name, None)
            self.recovered = True
        self.content = restored_value(content, folder)


def _read(path: Path) -> dict[str, Any]:
    try:
        data = read_json(path, newest=PROJECT_FORMAT, what="project")
    except FileNotFoundError:
        raise engine_error(
            "project.missing",
            "There is no such project",
            f"{path} does not exist.",
            "Look for it in another folder; it may have been moved or renamed.",
            path=str(path),
        ) from None
    return migrated(data)


def migrated(
    data: dict[str, Any],
    migrations: Mapping[int, Migration] = MIGRATIONS,
    newest: int = PROJECT_FORMAT,
) -> dict[str, Any]:
    """The data of an older format, step by step, in the newest one. The file is not changed."""
    while data["format"] < newest:
        step = migrations[data["format"]]
        data = {**step(data), "format": data["format"] + 1}
    return data


def _journal_lines(path: Path, revision: int) -> list[tuple[dict[str, Any], list[str]]]:
    """Edits that were made after the file's revision; torn and foreign lines are left out."""
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError:
        return []
    found = []
    for line in lines:
        try:
            data = json.loads(line)
            if data["revision"] == revision:
                found.append((dict(data["changes"]), [str(name) for name in data["removed"]]))
        except (ValueError, TypeError, KeyError, RecursionError):
            continue
    return found


def stored_value(value: Any, folder: Path) -> Any:
    """Plain JSON of a content; a path becomes its absolute and its relative form."""
    if isinstance(value, Path):
        path = Path(os.path.abspath(value))  # noqa: PTH100
        try:
            relative = Path(os.path.relpath(path, folder)).as_posix()
        except ValueError:  # another drive (Windows)
            relative = None
        return {_PATH: str(path), "relative": relative}
    if isinstance(value, Mapping):
        return {str(name): stored_value(item, folder) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [stored_value(item, folder) for item in value]
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise ValueError(f"a project's content can't have a {type(value).__name__}")


def restored_value(value: Any, folder: Path) -> Any:
    """The content of a project that lies in `folder`; tuples come back as lists."""
    if isinstance(value, dict):
        if isinstance(value.get(_PATH), str):
            return _restored_path(value[_PATH], value.get("relative"), folder)
        return {name: restored_value(item, folder) for name, item in value.items()}
    if isinstance(value, list):
        return [restored_value(item, folder) for item in value]
    return value


def _restored_path(absolute: str, relative: Any, folder: Path) -> Path:
    """Where the file is now: the noted place, else beside the project, else the noted place.

    Another computer is never asked because a file says so: a network path counts only if the
    project itself lies there.
    """
    noted = Path(absolute)
    foreign = absolute.replace("\\", "/").startswith("//") and noted.anchor != folder.anchor
    if not foreign and noted.exists():
        return noted
    if isinstance(relative, str) and not Path(relative).is_absolute():
        beside = Path(os.path.normpath(folder / relative))
        if beside.anchor == folder.anchor and beside.exists():
            return beside
    return noted
