"""timeline.json: which take of each chunk is shown, which chunks are kept, which takes are locked.

A `Timeline` is a frozen value; every change gives a new one, so undo is keeping the old value (and
`with_takes_of` brings in what was rendered since). Whether a take is valid follows from two facts
noted with it: the digest of the settings it was made with (`keys.part_digest`), and the digest of
the motion frames it started from, which must be those of the active take before it. So an edit
makes a chunk stale by comparison and the chunks after it by dependency.

Changes are in `edits`, the order of rendering and the seams in `order`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from infinitetalk.project import atomic
from infinitetalk.project.confined import damaged, read_json
from infinitetalk.project.takes import TakeMeta, TakeStore
from infinitetalk.request import ChunkSettings, chunk_settings_from_json, chunk_settings_to_json

TIMELINE_FORMAT = 1
FILE = "timeline.json"


@dataclass(frozen=True, kw_only=True)
class TakeEntry:
    """What the timeline must know of a take; the rest is in its meta.json."""

    key: str
    part: str  # keys.part_digest of the settings it was made with
    motion_in: str = ""  # digest of the motion frames it started from; "": it began anew
    motion_out: str = ""  # digest of its own last motion frames
    settings: ChunkSettings = field(default_factory=ChunkSettings)  # the chunk's own then
    stale: str = ""  # why it no longer counts although its settings match (a source changed, ...)

    @classmethod
    def of(cls, meta: TakeMeta) -> "TakeEntry":
        return cls(
            key=meta.key,
            part=meta.part,
            motion_in=meta.motion_in,
            motion_out=meta.motion_out,
            settings=chunk_settings_from_json(meta.settings),
        )


@dataclass(frozen=True, kw_only=True)
class ChunkEntry:
    """The takes of one chunk, oldest first, and what the user decided about it."""

    takes: tuple[TakeEntry, ...] = ()
    active: str | None = None  # key
    kept: bool = False  # shown although it is not valid; never rebuilt until asked for
    began_on: str | None = None  # if kept: the locked take of the chunk before, to blend from
    wanted: tuple[ChunkSettings, ...] = ()  # further takes to render, for choosing later
    plan_changes: tuple[tuple[str, Any], ...] = ()  # rung of the memory ladder, kept by resume

    def take(self, key: str | None) -> TakeEntry | None:
        return next((take for take in self.takes if take.key == key), None)

    @property
    def active_take(self) -> TakeEntry | None:
        return self.take(self.active)


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """The decisions about all chunks of a job. Chunks without any are absent from `chunks`."""

    chunks: Mapping[int, ChunkEntry] = field(default_factory=dict)
    frames: tuple[int, int] | None = None  # in and out, video frames, out exclusive; None: all
    removed: tuple[tuple[int, str], ...] = ()  # takes taken away, still on disk for undo

    def chunk(self, index: int) -> ChunkEntry:
        return self.chunks.get(index, ChunkEntry())

    def with_chunk(self, index: int, **changes: Any) -> "Timeline":
        entry = replace(self.chunk(index), **changes)
        chunks = {**self.chunks, index: entry}
        if entry == ChunkEntry():
            del chunks[index]
        return replace(self, chunks=dict(sorted(chunks.items())))

    def with_takes_of(self, other: "Timeline") -> "Timeline":
        """This timeline with the takes that only `other` knows: undo after rendering went on."""
        result = self
        for index, entry in other.chunks.items():
            mine = result.chunk(index)
            known = {take.key for take in mine.takes}
            more = tuple(take for take in entry.takes if take.key not in known)
            gone = {key for i, key in result.removed if i == index}
            more = tuple(take for take in more if take.key not in gone)
            if more:
                active = mine.active if mine.active is not None else entry.active
                result = result.with_chunk(index, takes=(*mine.takes, *more), active=active)
        return result

    def to_json(self) -> dict[str, Any]:
        return {
            "format": TIMELINE_FORMAT,
            "frames": list(self.frames) if self.frames else None,
            "chunks": [_entry_to_json(i, entry) for i, entry in self.chunks.items()],
            "removed": [[index, key] for index, key in self.removed],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any], store: TakeStore) -> "Timeline":
        """Raises ValueError, TypeError or KeyError; `store` says which names takes may have."""
        chunks: dict[int, ChunkEntry] = {}
        for item in data["chunks"]:
            index = int(item["index"])
            entry = _entry_from_json(item)
            for take in entry.takes:
                store.take_folder(index, take.key)
            chunks[index] = entry
        removed = tuple((int(index), str(key)) for index, key in data.get("removed", []))
        for index, key in removed:
            store.take_folder(index, key)
        frames = data.get("frames")
        return cls(
            chunks=dict(sorted(chunks.items())),
            frames=(int(frames[0]), int(frames[1])) if frames else None,
            removed=removed,
        )


def _entry_to_json(index: int, entry: ChunkEntry) -> dict[str, Any]:
    return {
        "index": index,
        "active": entry.active,
        "kept": entry.kept,
        "began_on": entry.began_on,
        "wanted": [chunk_settings_to_json(settings) for settings in entry.wanted],
        "plan_changes": dict(entry.plan_changes),
        "takes": [
            {
                **{f.name: getattr(take, f.name) for f in fields(take)},
                "settings": chunk_settings_to_json(take.settings),
            }
            for take in entry.takes
        ],
    }


def _entry_from_json(item: Mapping[str, Any]) -> ChunkEntry:
    names = {f.name for f in fields(TakeEntry)}
    takes = tuple(
        TakeEntry(
            **{name: value for name, value in take.items() if name in names and name != "settings"},
            settings=chunk_settings_from_json(take["settings"]),
        )
        for take in item["takes"]
    )
    keys = {take.key for take in takes}
    active = item.get("active")
    if active is not None and active not in keys:
        raise ValueError(f"active take {active!r} of chunk {item['index']} is not among its takes")
    return ChunkEntry(
        takes=takes,
        active=active,
        kept=bool(item.get("kept", False)),
        began_on=item.get("began_on"),
        wanted=tuple(chunk_settings_from_json(s) for s in item.get("wanted", [])),
        plan_changes=tuple(sorted(dict(item.get("plan_changes", {})).items())),
    )


def save_timeline(folder: Path, timeline: Timeline) -> None:
    """Writes timeline.json of a job folder, whole or not at all."""
    atomic.write_json(folder / FILE, timeline.to_json())


def load_timeline(folder: Path, store: TakeStore) -> Timeline:
    """timeline.json of a job folder; where it is gone, what the takes themselves tell.

    Raises EngineError `job.newer` or `job.damaged`.
    """
    path = folder / FILE
    try:
        data = read_json(path, newest=TIMELINE_FORMAT)
    except FileNotFoundError:
        return recovered_timeline(store)
    try:
        return Timeline.from_json(data, store)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise damaged(path, f"it is not a timeline ({error})") from error


def recovered_timeline(store: TakeStore) -> Timeline:
    """A timeline from the takes on disk alone: the newest valid take of each chunk is active."""
    timeline = Timeline()
    found: dict[int, list[TakeMeta]] = {}
    for index, key in store.all_takes():
        take = store.valid_take(index, key)
        if take is not None:
            found.setdefault(index, []).append(take.meta)
    for index, metas in found.items():
        metas.sort(key=lambda meta: meta.created)
        timeline = timeline.with_chunk(
            index, takes=tuple(TakeEntry.of(meta) for meta in metas), active=metas[-1].key
        )
    return timeline


def without_damaged_takes(
    timeline: Timeline, store: TakeStore, *, full: bool = False
) -> tuple[Timeline, list[tuple[int, str, str]]]:
    """The timeline without takes whose files are not whole, and what was wrong with each.

    The second value lists (chunk, key, reason). A chunk whose active take is damaged is left
    without one, so that it is rendered again; a kept one is no longer kept.
    """
    damaged_takes: list[tuple[int, str, str]] = []
    for index, entry in timeline.chunks.items():
        whole = []
        for take in entry.takes:
            reason = store.problem(index, take.key, full=full)
            if reason:
                damaged_takes.append((index, take.key, reason))
            else:
                whole.append(take)
        if len(whole) == len(entry.takes):
            continue
        lost_active = entry.active is not None and all(t.key != entry.active for t in whole)
        timeline = timeline.with_chunk(
            index,
            takes=tuple(whole),
            active=None if lost_active else entry.active,
            kept=entry.kept and not lost_active,
            began_on=None if lost_active else entry.began_on,
        )
    return timeline, damaged_takes
