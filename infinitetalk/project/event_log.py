"""events.jsonl: what happened in a job, one event a line, appended as it happens.

A crash may tear a line; readers pass over what they can't read. Paths inside the job folder are
stored from it, so that a moved job still knows its chunks.
"""

import json
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from infinitetalk.event import (
    Cancelled,
    ChunkReady,
    ChunkStatusChanged,
    Event,
    Failed,
    Finished,
    Paused,
    PlanReady,
)
from infinitetalk.project import atomic
from infinitetalk.project.confined import inside
from infinitetalk.wire import event_from_json, event_to_json

# Events that a resume or a reader must not lose; the others may lag behind by seconds.
_FLUSHED = (PlanReady, ChunkReady, ChunkStatusChanged, Paused, Finished, Cancelled, Failed)
_HERE = "job:"  # marks a path from the job folder
_LINE_LIMIT = 16 * 1024**2


class EventLog:
    """The event log of the job folder that the file lies in."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._folder = path.parent

    def append(self, event: Event) -> None:
        """Writes one event. Raises EngineError for the disk."""
        inner = {
            name: Path(_HERE + path.relative_to(self._folder).as_posix())
            for name, path in _paths(event).items()
            if path.is_relative_to(self._folder)
        }
        data = event_to_json(replace(event, **inner))
        line = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        atomic.append_line(
            self.path,
            line.encode("utf-8", "surrogatepass"),
            flush=isinstance(event, _FLUSHED),
        )

    def read(self) -> Iterator[Event]:
        """All events that can be read, in order; unknown, torn and tampered lines are left out."""
        try:
            source = self.path.open("rb")
        except OSError:
            return
        with source:
            for line in source:
                event = self._read_line(line)
                if event is not None:
                    yield event

    def _read_line(self, line: bytes) -> Event | None:
        if len(line) > _LINE_LIMIT:
            return None
        try:
            event = event_from_json(json.loads(line))
        except (ValueError, TypeError, KeyError, RecursionError):
            return None
        outer: dict[str, Any] = {}
        for name, path in _paths(event).items():
            if not str(path).startswith(_HERE):
                continue
            outer[name] = self._folder / str(path)[len(_HERE) :]
            if not inside(outer[name], self._folder):
                return None
        return replace(event, **outer)


def _paths(event: Event) -> dict[str, Path]:
    """The fields of an event that hold a path."""
    values = {item.name: getattr(event, item.name) for item in fields(event)}
    return {name: value for name, value in values.items() if isinstance(value, Path)}
