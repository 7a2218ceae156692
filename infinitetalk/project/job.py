"""The folder of a job: request, plan, timeline, events, lock and chunks (design.md, "The job folder").

    NAME.job/ request.json  model.json  plan.json  timeline.json  events.jsonl  lock  chunks/

It exists before torch is imported, can be moved and renamed (nothing in it names itself), and is
never changed by a program too old to read it.
"""

import contextlib
import os
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from infinitetalk.errors import engine_error
from infinitetalk.event import JobState, fold_all
from infinitetalk.plan import PLAN_FORMAT, Plan, asks_for_another_plan
from infinitetalk.project import atomic
from infinitetalk.project.confined import damaged, read_json
from infinitetalk.project.event_log import EventLog
from infinitetalk.project.lock import JobLock
from infinitetalk.project.sources import (
    StoredSource,
    locate,
    note_sources,
    source_fields,
    source_paths,
    with_paths,
)
from infinitetalk.project.takes import Take, TakeStore
from infinitetalk.project.timeline import TIMELINE_FORMAT, Timeline, load_timeline, save_timeline
from infinitetalk.request import GenerationRequest

JOB_FORMAT = 1
REQUEST = "request.json"
MODEL = "model.json"  # which model it is rendered with, for a resume
PLAN = "plan.json"
TIMELINE = "timeline.json"
EVENTS = "events.jsonl"
LOCK = "lock"
CHUNKS = "chunks"


@dataclass(frozen=True, kw_only=True)
class JobRecord:
    """What request.json holds: the request, who the job is, and the user's files as they were."""

    job_id: str
    created: str  # ISO 8601, UTC
    request: GenerationRequest
    sources: tuple[StoredSource, ...]
    plan_outdated: bool = False  # an edit asks for another plan than plan.json


class JobFolder:
    """An open job folder. Reading needs no lock; whoever writes holds `lock`."""

    def __init__(
        self, path: Path, record: JobRecord, plan: Plan | None, timeline: Timeline
    ) -> None:
        self.path = path
        self.record = record
        self.plan = plan
        self.timeline = timeline
        self.takes = TakeStore(path / CHUNKS)
        self.events = EventLog(path / EVENTS)
        self.lock = JobLock(path / LOCK)

    @property
    def job_id(self) -> str:
        return self.record.job_id

    @property
    def request(self) -> GenerationRequest:
        """The request, its paths pointing to where the user's files are now."""
        return self.record.request

    @property
    def begun(self) -> bool:
        """Whether any chunk was rendered yet."""
        return any(entry.takes for entry in self.timeline.chunks.values())

    @classmethod
    def create(
        cls,
        path: Path,
        request: GenerationRequest,
        plan: Plan | None = None,
        *,
        model: Mapping[str, Any] | None = None,
    ) -> "JobFolder":
        """A new job folder; the lock is held by the result. `model`: what model.json shall hold.

        Raises EngineError `job.exists` where `path` is a folder with other content (an unfinished
        creation is taken over), `project.locked`, or for the disk.
        """
        path = Path(os.path.abspath(path))  # noqa: PTH100 - links in the user's path stay
        if path.is_dir() and not (path / REQUEST).exists():
            known = {LOCK, MODEL, PLAN, TIMELINE, EVENTS, CHUNKS}
            others = [
                entry.name
                for entry in path.iterdir()
                if entry.name not in known and not atomic.is_temporary(entry.name)
            ]
            if others:
                raise _exists(path, f"it contains {len(others)} other files, such as {others[0]}")
        elif path.exists():
            raise _exists(path, "it is a job already" if path.is_dir() else "it is a file")
        atomic.make_folder(path)
        record = JobRecord(
            job_id=uuid.uuid4().hex,
            created=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            request=request,
            sources=note_sources(request, path),
        )
        job = cls(path, record, plan, Timeline())
        job.lock.acquire()
        try:
            job.sweep()
            if plan is not None:
                atomic.write_json(path / PLAN, plan.to_json())
            if model is not None:
                atomic.write_json(path / MODEL, model)
            job._write_record()  # last: a folder without it is an unfinished creation
        except BaseException:
            job.lock.release()
            raise
        return job

    @classmethod
    def open(cls, path: Path, *, write: bool = True) -> "JobFolder":
        """Opens a job; with `write` its lock is taken and left-overs of a crash are swept away.

        Raises EngineError `job.missing`, `job.newer` (nothing is touched), `job.damaged`,
        `job.unreadable`, `project.locked`, or for the disk.
        """
        path = Path(os.path.abspath(path))  # noqa: PTH100
        record, plan = _read_record(path), _read_plan(path)
        _check_timeline_format(path)
        store = TakeStore(path / CHUNKS)
        if not write:
            return cls(path, record, plan, load_timeline(path, store))
        lock = JobLock(path / LOCK).acquire()
        try:
            # Read once more: the one who held the lock may have written since.
            job = cls(path, _read_record(path), _read_plan(path), load_timeline(path, store))
            job.lock = lock
            job.sweep()
        except BaseException:
            lock.release()
            raise
        return job

    def close(self) -> None:
        self.lock.release()

    def __enter__(self) -> "JobFolder":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def sweep(self) -> int:
        """Removes temporary files and folders that a crash left behind; how many."""
        left = [entry for entry in self.path.iterdir() if atomic.is_temporary(entry.name)]
        for entry in left:
            atomic.remove_tree(entry)
        return len(left) + self.takes.sweep()

    def differing_fields(self, request: GenerationRequest) -> list[str]:
        """Names of the fields in which `request` is not this job's.

        Settings of single chunks are compared only if `request` has any: a redo adds them to the
        job. Files are the same if they have the same path, or the same content.
        """
        mine, other = self.record.request, request
        if not other.chunks:
            mine = replace(mine, chunks=())
        one, two = (
            with_paths(item, [Path()] * len(source_paths(item))).to_json() for item in (mine, other)
        )
        names = [name for name in {**one, **two} if one.get(name) != two.get(name)]
        noted = note_sources(other, self.path)
        fields, theirs = source_fields(mine), source_fields(other)
        if fields == theirs:
            pairs = zip(fields, self.record.sources, noted, strict=True)
            names += [name for name, a, b in pairs if not a.same_file(b)]
        return list(dict.fromkeys(names))

    def check_same_request(self, request: GenerationRequest) -> None:
        """Raises EngineError `job.other_request` (naming what differs) unless it is the same."""
        names = self.differing_fields(request)
        if names:
            raise engine_error(
                "job.other_request",
                "This folder holds another job",
                f"{self.path.name}: {', '.join(names)} {_differ(names)} from what is asked.",
                "Choose another job folder, or render with the job's own settings.",
                safe="Nothing was changed.",
                path=str(self.path),
                fields=names,
            )

    def changed_sources(self) -> tuple[StoredSource, ...]:
        """The user's files whose content is no longer what it was when the job was made."""
        return tuple(source for source in self.record.sources if source.changed())

    def missing_sources(self) -> tuple[StoredSource, ...]:
        """The user's files that are not where they were, nor beside the job."""
        return tuple(source for source in self.record.sources if not source.path.exists())

    def replace_sources(self, moved: Mapping[Path, Path]) -> None:
        """Notes where files are now (`source.moved`), or that others take their place."""
        paths = [moved.get(source.path, source.path) for source in self.record.sources]
        self.save_request(with_paths(self.record.request, paths))

    def save_request(self, request: GenerationRequest) -> None:
        """An edit: the request is stored, whole or not at all, and whether the plan is one of it."""
        old = self.record
        self.record = replace(
            old,
            request=request,
            sources=note_sources(request, self.path),
            plan_outdated=old.plan_outdated or asks_for_another_plan(old.request, request),
        )
        self._write_record()

    def save_plan(self, plan: Plan) -> None:
        """The plan of the request as it is now."""
        atomic.write_json(self.path / PLAN, plan.to_json())
        self.plan = plan
        if self.record.plan_outdated:  # a crash before this: it is planned once more
            self.record = replace(self.record, plan_outdated=False)
            self._write_record()

    def save_timeline(self, timeline: Timeline) -> None:
        save_timeline(self.path, timeline)
        self.timeline = timeline

    def valid_take(self, index: int, key: str, *, full: bool = False) -> Take | None:
        """The take if it is whole on disk, else None."""
        return self.takes.valid_take(index, key, full=full)

    def purge_removed(self) -> int:
        """Deletes the files of takes that were removed; returns how many. Undo ends here."""
        gone = self.timeline.removed
        self.save_timeline(replace(self.timeline, removed=()))
        for index, key in gone:
            if self.timeline.chunk(index).take(key) is None:
                self.takes.remove(index, key)
        return len(gone)

    def state(self) -> JobState:
        """The fold of the job's events so far."""
        return fold_all(self.events.read())

    def _write_record(self) -> None:
        record = self.record
        atomic.write_json(
            self.path / REQUEST,
            {
                "format": JOB_FORMAT,
                "job_id": record.job_id,
                "created": record.created,
                "request": record.request.to_json(),
                "sources": [source.to_json() for source in record.sources],
                "plan_outdated": record.plan_outdated,
            },
        )


def _differ(names: Sequence[str]) -> str:
    return "differ" if len(names) > 1 else "differs"


def is_job_folder(path: Path) -> bool:
    return (path / REQUEST).is_file()


@contextlib.contextmanager
def opened(path: Path, *, write: bool = True) -> Iterator[JobFolder]:
    """`JobFolder.open` for a `with` statement."""
    job = JobFolder.open(path, write=write)
    try:
        yield job
    finally:
        job.close()


def _read_record(path: Path) -> JobRecord:
    file = path / REQUEST
    try:
        data = read_json(file, newest=JOB_FORMAT)
    except FileNotFoundError:
        raise engine_error(
            "job.missing",
            "This is not a job folder",
            f"{path} has no {REQUEST}." if path.is_dir() else f"{path} does not exist.",
            "Choose the folder of a job; its name usually ends in .job.",
            path=str(path),
        ) from None
    try:
        sources = tuple(StoredSource.from_json(item, path) for item in data["sources"])
        request = GenerationRequest.from_json(data["request"])
        located = locate(request, sources)
        return JobRecord(
            job_id=_identifier(data["job_id"]),
            created=str(data["created"]),
            request=located,
            sources=sources,
            plan_outdated=bool(data.get("plan_outdated", False)),
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise damaged(file, f"it is not a request ({error})") from error


def _identifier(value: Any) -> str:
    text = str(value)
    if not text.isalnum() or len(text) > 64:
        raise ValueError(f"job_id must be letters and digits, found {text!r}")
    return text


def _read_plan(path: Path) -> Plan | None:
    """plan.json, or None where it is gone (it is made anew)."""
    file = path / PLAN
    try:
        return Plan.from_json(read_json(file, newest=PLAN_FORMAT))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise damaged(file, f"it is not a plan ({error})") from error


def _check_timeline_format(path: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        read_json(path / TIMELINE, newest=TIMELINE_FORMAT)


def _exists(path: Path, why: str) -> Exception:
    return engine_error(
        "job.exists",
        "There is something else in this place",
        f"{path}: {why}.",
        "Choose another job folder, or resume this one.",
        safe="Nothing was changed.",
        path=str(path),
    )
