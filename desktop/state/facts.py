"""Small facts that follow from a project: what is heard, what is cropped, where a file may go."""

from pathlib import Path
from typing import TYPE_CHECKING

from desktop.loading.sound import HeardTrack
from desktop.state.document import ProjectData
from desktop.state.library import MediaLibrary

if TYPE_CHECKING:
    from infinitetalk.media.facts import SourceFacts

_SEEN = 0.002  # share of a side; a smaller crop is rounding


def heard_tracks(data: ProjectData, library: MediaLibrary) -> list[HeardTrack]:
    """The tracks that are heard while playing, where they lie on the timeline."""
    solo = any(s.solo for s in data.speakers)
    tracks: list[HeardTrack] = []
    offset = 0.0
    for speaker in data.speakers:
        facts = library.speech(speaker.path)
        if speaker.path is None or facts is None:
            continue
        if speaker.solo if solo else not speaker.muted:
            tracks.append(
                HeardTrack(
                    path=speaker.path,
                    start=offset + speaker.start,
                    gain=10 ** (speaker.gain_db / 20),
                    stream=facts.stream,
                )
            )
        if data.arrangement == "in_turn":
            offset += facts.duration + speaker.start
    return tracks


def crop_share(
    facts: "SourceFacts | None", size: tuple[int, int] | None
) -> tuple[float, float, float, float] | None:
    """Top, left, bottom, right of the part that is rendered at `size`, 0..1; None: all of it."""
    from infinitetalk.media.resize import crop_rectangle

    if size is None or facts is None:
        return None
    crop = crop_rectangle((facts.height, facts.width), size)
    if max(crop.share_lost(facts.height, facts.width)) < _SEEN:
        return None
    return (
        crop.top / facts.height,
        crop.left / facts.width,
        crop.bottom / facts.height,
        crop.right / facts.width,
    )


def free_place(folder: Path, name: str) -> Path:
    """A project file in `folder` that neither project nor job uses yet."""
    path = folder / f"{name}.italk"
    number = 2
    while path.exists() or path.with_suffix(".job").exists():
        path = folder / f"{name} {number}.italk"
        number += 1
    return path
