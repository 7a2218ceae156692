"""Messages, answers and events as lines. One line of UTF-8 JSON is one message."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

from infinitetalk.errors import EngineError, ErrorReport, engine_error
from infinitetalk.event import EVENT_CLASSES, HOST_EVENT_CLASSES, Event, HostEvent
from infinitetalk.wire.messages import Message
from infinitetalk.wire.plain import from_plain, to_plain

WIRE_VERSION = 1
LINE_LIMIT = 64 * 1024**2  # bytes; the plan of an hour takes under 1 MiB

_MESSAGES: dict[str, type] = {kind.NAME: kind for kind in get_args(Message)}
_EVENTS: dict[str, type] = {kind.__name__: kind for kind in EVENT_CLASSES}
_HOST_EVENTS: dict[str, type] = {kind.__name__: kind for kind in HOST_EVENT_CLASSES}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A message as it came in. Its answer carries the same id."""

    id: int
    message: Message


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The one answer to a message: `data`, or `error` where it was refused or failed."""

    id: int | None  # None: the message was too broken to have one
    data: dict[str, Any] = field(default_factory=dict)
    error: ErrorReport | None = None


def event_to_json(event: Event | HostEvent) -> dict[str, Any]:
    """{"event": name, ...fields}; paths as strings."""
    return {"event": type(event).__name__, **to_plain(event)}


def event_from_json(data: Mapping[str, Any]) -> Event:
    """The event of a job; ValueError where the name is unknown or a field is missing or wrong."""
    return _event(data, _EVENTS)


def host_event_from_json(data: Mapping[str, Any]) -> Event | HostEvent:
    """An event of a job or of the engine's process."""
    return _event(data, _EVENTS | _HOST_EVENTS)


def _event(data: Mapping[str, Any], known: Mapping[str, type]) -> Any:
    name = data.get("event") if isinstance(data, Mapping) else None
    if not isinstance(name, str) or name not in known:
        raise ValueError(f"event must be one of {', '.join(known)}; found {name!r}")
    return from_plain(known[name], data)


def encode_message(id: int, message: Message) -> bytes:
    return _line({"id": id, "message": message.NAME, "data": to_plain(message)})


def encode_answer(answer: Answer) -> bytes:
    body: dict[str, Any] = {"id": answer.id, "ok": answer.error is None}
    if answer.error is None:
        body["data"] = to_plain(answer.data)
    else:
        body["error"] = answer.error.to_json()
    return _line(body)


def encode_event(event: Event | HostEvent) -> bytes:
    return _line(event_to_json(event))


def _line(body: dict[str, Any]) -> bytes:
    text = json.dumps({"v": WIRE_VERSION, **body}, separators=(",", ":"), allow_nan=False)
    return text.encode("ascii") + b"\n"


def decode_message(line: bytes) -> Asked | Answer:
    """A message, or the answer that refuses a line that is none.

    Codes: `wire.unreadable`, `wire.version`, `wire.unknown`, `wire.wrong_field`.
    """
    number: int | None = None
    try:
        data = _object(line)
        found = data.get("id")
        number = found if isinstance(found, int) and not isinstance(found, bool) else None
        name = data.get("message")
        kind = _MESSAGES.get(name) if isinstance(name, str) else None
        if kind is None:
            raise _refused(
                "wire.unknown", "message", f"{name!r:.60} is none of {', '.join(_MESSAGES)}"
            )
        if number is None:
            raise _refused("wire.wrong_field", "id", f"must be a number, found {found!r:.60}")
        try:
            return Asked(id=number, message=from_plain(kind, data.get("data", {})))
        except ValueError as error:
            raise _refused("wire.wrong_field", str(name), str(error)) from error
    except EngineError as error:
        return Answer(id=number, error=error.report)


def decode_reply(line: bytes) -> Answer | Event | HostEvent:
    """What the engine says: an answer or an event.

    Raises EngineError `wire.unreadable`, `wire.version` or `wire.unknown`.
    """
    data = _object(line)
    try:
        if "event" in data:
            return host_event_from_json(data)
        if data["ok"]:
            return Answer(id=data["id"], data=dict(data.get("data", {})))
        return Answer(id=data["id"], error=ErrorReport.from_json(dict(data["error"])))
    except (ValueError, TypeError, KeyError) as error:
        raise _refused("wire.unknown", "line", str(error)) from error


def _object(line: bytes) -> dict[str, Any]:
    if len(line) > LINE_LIMIT:
        raise _refused("wire.unreadable", "line", f"longer than {LINE_LIMIT} bytes")
    try:
        data = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _refused("wire.unreadable", "line", "it is not JSON") from error
    if not isinstance(data, dict):
        raise _refused("wire.unreadable", "line", "it is not an object")
    version = data.get("v")
    if version != WIRE_VERSION:
        raise _refused(
            "wire.version", "v", f"this program speaks {WIRE_VERSION}, found {version!r:.20}"
        )
    return data


def _refused(code: str, where: str, why: str) -> EngineError:
    return engine_error(
        code,
        "The message was not understood",
        f"{where}: {why}.",
        "Window and engine must be of the same version; install the program again.",
    )
