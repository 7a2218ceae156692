"""The project as the window edits it: one frozen value. An edit makes a new one.

It may be incomplete (no source yet, no speech), where a `GenerationRequest` never is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from desktop.state.timeline import Marker
from infinitetalk.request import (
    PRESETS,
    Arrangement,
    Box,
    ChunkSettings,
    GenerationRequest,
    Lora,
    Painted,
    SpeechTrack,
)

LETTERS = "AB"
SPEAKER_TOKENS = ("speaker_a", "speaker_b")
MOST_SPEAKERS = 2
MINIATURE = "miniature"


@dataclass(frozen=True, kw_only=True)
class Speaker:
    """Who talks: a name, their speech, and where they are in the picture."""

    name: str
    path: Path | None  # None: a silent track
    start: float = 0.0  # seconds
    gain_db: float = 0.0
    box: Box | None = None  # around what is painted, where something is
    painted: Painted | None = None
    muted: bool = False  # in the preview only
    solo: bool = False


@dataclass(frozen=True, kw_only=True)
class ProjectData:
    """Everything of a project that the user decides; what was rendered lies in the job folder."""

    source: Path | None = None
    speakers: tuple[Speaker, ...] = ()
    arrangement: Arrangement = "together"
    preset: str = "fast"
    preset_changes: Mapping[str, Any] = field(
        default_factory=lambda: dict(PRESETS["fast"].changes)
    )  # what the preset means for the model
    options: Mapping[str, Any] = field(default_factory=dict)  # request fields set by hand
    chunks: tuple[tuple[int, ChunkSettings], ...] = ()
    in_frame: int | None = None
    out_frame: int | None = None
    markers: tuple[Marker, ...] = ()
    model: str = MINIATURE  # or a folder

    @property
    def complete(self) -> bool:
        """Whether there is enough to render."""
        return self.source is not None and any(s.path is not None for s in self.speakers)

    def option(self, name: str) -> Any:
        """The value of a request field: set by hand, of the preset, or the request's default."""
        if name in self.options:
            return self.options[name]
        if name in self.preset_changes:
            return self.preset_changes[name]
        return getattr(_DEFAULTS, name)

    def with_option(self, name: str, value: Any) -> "ProjectData":
        """Sets a request field; what equals the preset's own value is not noted."""
        options = {k: v for k, v in self.options.items() if k != name}
        if replace(self, options=options).option(name) != value:
            options[name] = value
        return replace(self, options=options)

    def chunk_settings(self, index: int) -> ChunkSettings:
        return dict(self.chunks).get(index, ChunkSettings())

    def with_chunk(self, index: int, settings: ChunkSettings) -> "ProjectData":
        others = [(i, s) for i, s in self.chunks if i != index]
        if settings != ChunkSettings():
            others.append((index, settings))
        return replace(self, chunks=tuple(sorted(others, key=lambda item: item[0])))

    def with_speaker(self, number: int, **changes: Any) -> "ProjectData":
        speakers = list(self.speakers)
        speakers[number] = replace(speakers[number], **changes)
        return replace(self, speakers=tuple(speakers))

    def request(self, fast_lora: Lora | None = None) -> GenerationRequest:
        """The request, complete. `fast_lora` is the model's, for presets that need it.

        Raises ValueError where source or speech are missing or a value is out of range.
        """
        if self.source is None:
            raise ValueError("the project has no source")
        preset = PRESETS.get(self.preset)
        values = {**self.preset_changes, **self.options}
        loras = tuple(values.pop("loras", ()))
        if fast_lora is not None and preset is not None and preset.fast_lora:
            loras = (*loras, fast_lora)
        boxes = tuple(s.box for s in self.speakers if s.box is not None)
        boxes = boxes if len(boxes) == len(self.speakers) else ()
        painted = tuple(s.painted for s in self.speakers)
        if not any(painted) or (not boxes and not all(painted)):
            painted = ()
        return GenerationRequest(
            source=self.source,
            speech=tuple(
                SpeechTrack(path=s.path, start=s.start, gain_db=s.gain_db) for s in self.speakers
            ),
            arrangement=self.arrangement,
            boxes=boxes,
            painted=painted,
            chunks=self.chunks,
            loras=loras,
            **values,
        )


def preset_changes(preset: str, own: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What a preset sets, where the model `own`s values for it those; "" is the model's default."""
    if not preset:
        return dict(own.get("default", {}))
    found = PRESETS.get(preset)
    return {**(found.changes if found else {}), **own.get(preset, {})}


_DEFAULTS = GenerationRequest(source=Path("source"), speech=(SpeechTrack(path=Path("speech")),))
