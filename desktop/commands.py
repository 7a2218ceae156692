"""Every edit of a project as a QUndoCommand with a name that people read.

A project is a frozen value, so an edit is the value before and the value after. Edits of one kind
at one place that follow each other at once (typing, dragging a slider) are one step of undo.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QUndoCommand

from desktop.state.document import ProjectData, Speaker, preset_changes
from desktop.state.timeline import Marker
from infinitetalk.project.timeline import Timeline
from infinitetalk.request import PRESETS, Arrangement, Box, ChunkSettings

_MERGE_SECONDS = 1.5

Apply = Callable[[ProjectData], None]
Both = tuple[ProjectData, Timeline]
ApplyTimeline = Callable[[ProjectData, Timeline], None]


def _tr(text: str, *values: object) -> str:
    return QCoreApplication.translate("edits", text).format(*values)


class ProjectEdit(QUndoCommand):
    """Replaces the project's value; undo puts the old one back, and old takes are valid again."""

    def __init__(
        self, text: str, before: ProjectData, after: ProjectData, apply: Apply, kind: str = ""
    ) -> None:
        super().__init__(text)
        self._before, self._after, self._apply, self._kind = before, after, apply, kind
        self._at = time.monotonic()

    def redo(self) -> None:
        self._apply(self._after)

    def undo(self) -> None:
        self._apply(self._before)

    def id(self) -> int:
        return hash(self._kind) & 0x3FFFFFFF if self._kind else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, ProjectEdit) or other._kind != self._kind:
            return False
        if other._at - self._at > _MERGE_SECONDS:
            return False
        self._after, self._at = other._after, other._at
        self.setObsolete(self._after == self._before)
        return True


class TimelineEdit(QUndoCommand):
    """Changes which takes are shown or kept, and the settings that go with them."""

    def __init__(
        self,
        text: str,
        before: tuple[ProjectData, Timeline],
        after: tuple[ProjectData, Timeline],
        apply: ApplyTimeline,
    ) -> None:
        super().__init__(text)
        self._before, self._after, self._apply = before, after, apply

    def redo(self) -> None:
        self._apply(*self._after)

    def undo(self) -> None:
        self._apply(*self._before)


# What an edit makes of a project, and what it is called.


def set_option(data: ProjectData, name: str, value: Any) -> tuple[str, ProjectData]:
    return _tr("Change {0}", option_name(name)), data.with_option(name, value)


Presets = Mapping[str, Mapping[str, Any]]


def set_preset(data: ProjectData, preset: str, own: Presets) -> tuple[str, ProjectData]:
    """A preset sets its fields; what was set by hand for them gives way. `own`: the model's."""
    named = set().union(*(p.changes for p in PRESETS.values()))
    options = {k: v for k, v in data.options.items() if k not in named}
    title = PRESETS[preset].title if preset in PRESETS else _tr("the model's own settings")
    changes = preset_changes(preset, own)
    return (
        _tr("Choose {0}", title),
        replace(data, preset=preset, preset_changes=changes, options=options),
    )


_SMALLER, _SMALLEST = 0.7, 0.25


def smaller_size(data: ProjectData) -> tuple[str, ProjectData]:
    """About half the pixels."""
    scale = max(round(data.option("size_scale") * _SMALLER, 2), _SMALLEST)
    return _tr("Smaller size"), data.with_option("size", None).with_option("size_scale", scale)


def set_chunks(
    data: ProjectData, indices: tuple[int, ...], changes: Mapping[str, Any]
) -> tuple[str, ProjectData]:
    """Own values of some chunks; a value of None goes back to the project's."""
    for index in indices:
        data = data.with_chunk(index, replace(data.chunk_settings(index), **changes))
    names = ", ".join(option_name(name) for name in changes)
    if len(indices) == 1:
        return _tr("Change {0} of chunk {1}", names, indices[0] + 1), data
    return _tr("Change {0} of {1} chunks", names, len(indices)), data


def paste_chunks(
    data: ProjectData, indices: tuple[int, ...], settings: ChunkSettings
) -> tuple[str, ProjectData]:
    for index in indices:
        data = data.with_chunk(index, settings)
    return _tr("Paste chunk settings"), data


def clear_chunks(data: ProjectData, indices: tuple[int, ...]) -> tuple[str, ProjectData]:
    for index in indices:
        data = data.with_chunk(index, ChunkSettings())
    return _tr("Clear own values"), data


def set_source(data: ProjectData, path: Any) -> tuple[str, ProjectData]:
    placeless = tuple(replace(s, box=None, painted=None) for s in data.speakers)
    return _tr("Set source {0}", path.name), replace(data, source=path, speakers=placeless)


def add_speaker(data: ProjectData, speaker: Speaker) -> tuple[str, ProjectData]:
    return _tr("Add speaker {0}", speaker.name), replace(data, speakers=(*data.speakers, speaker))


def remove_speaker(data: ProjectData, number: int) -> tuple[str, ProjectData]:
    name = data.speakers[number].name
    left = tuple(s for i, s in enumerate(data.speakers) if i != number)
    return _tr("Remove speaker {0}", name), replace(data, speakers=left)


def change_speaker(data: ProjectData, number: int, **changes: Any) -> tuple[str, ProjectData]:
    name = data.speakers[number].name
    text = {
        "start": _tr("Shift speech of {0}", name),
        "gain_db": _tr("Change level of {0}", name),
        "name": _tr("Rename speaker {0}", name),
        "path": _tr("Change speech of {0}", name),
        "muted": _tr("Mute {0}", name),
        "solo": _tr("Solo {0}", name),
    }.get(next(iter(changes)), _tr("Change speaker {0}", name))
    return text, data.with_speaker(number, **changes)


def assign_speakers(
    data: ProjectData, speakers: tuple[Speaker, ...], arrangement: Arrangement
) -> tuple[str, ProjectData]:
    return _tr("Assign speakers"), replace(data, speakers=speakers, arrangement=arrangement)


def set_box(data: ProjectData, number: int, box: Box | None) -> tuple[str, ProjectData]:
    changed = data.with_speaker(number, box=box, painted=None)
    return _tr("Change box of {0}", data.speakers[number].name), changed


def set_range(
    data: ProjectData, in_frame: int | None, out_frame: int | None
) -> tuple[str, ProjectData]:
    return _tr("Change in and out"), replace(data, in_frame=in_frame, out_frame=out_frame)


def set_markers(data: ProjectData, markers: tuple[Marker, ...]) -> tuple[str, ProjectData]:
    added = len(markers) > len(data.markers)
    return _tr("Add marker") if added else _tr("Change markers"), replace(data, markers=markers)


def set_model(data: ProjectData, model: str, own: Presets) -> tuple[str, ProjectData]:
    changes = preset_changes(data.preset, own)
    return _tr("Choose model"), replace(data, model=model, preset_changes=changes)


def option_name(name: str) -> str:
    """A request or chunk field as people call it."""
    names = {
        "prompt": _tr("prompt"),
        "negative_prompt": _tr("negative prompt"),
        "seed": _tr("seed"),
        "steps": _tr("steps"),
        "shift": _tr("shift"),
        "text_guidance_scale": _tr("text guidance"),
        "audio_guidance_scale": _tr("audio guidance"),
        "speech_shift": _tr("speech shift"),
        "source_time": _tr("source frame"),
        "precision": _tr("precision"),
        "resolution": _tr("resolution"),
        "size": _tr("size"),
        "color_correction": _tr("color correction"),
        "loras": _tr("LoRAs"),
        "mode": _tr("length"),
        "teacache_threshold": _tr("step skipping"),
        "apg": _tr("projected guidance"),
        "scene_cuts": _tr("scene cuts"),
        "mends": _tr("exactness"),
        "max_frames": _tr("longest length"),
    }
    return names.get(name, name)


def changed_fields(before: ProjectData, after: ProjectData) -> frozenset[str]:
    return frozenset(
        f.name for f in fields(before) if getattr(before, f.name) != getattr(after, f.name)
    )
