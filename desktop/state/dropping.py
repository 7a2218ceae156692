"""What happens when files are dropped: decided by their names, said before they are released."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QCoreApplication

from desktop.state.document import MOST_SPEAKERS, ProjectData
from desktop.state.library import file_kind

Act = Literal["refuse", "source", "speech", "source_and_speech", "open", "request", "job", "ask"]


@dataclass(frozen=True, kw_only=True)
class DropPlan:
    """What will be done. `text` says so, or why it is refused."""

    act: Act
    text: str
    source: Path | None = None
    speech: tuple[Path, ...] = ()

    @property
    def accepted(self) -> bool:
        return self.act != "refuse"


def _tr(text: str, *values: object) -> str:
    return QCoreApplication.translate("drop", text).format(*values)


def plan_drop(
    paths: Sequence[Path], data: ProjectData, *, ask_about_sound: bool = True
) -> DropPlan:
    """The plan for dropping `paths` on the window."""
    if not paths:
        return DropPlan(act="refuse", text=_tr("Only files can be dropped here"))
    kinds = [file_kind(path) for path in paths]
    for path, kind in zip(paths, kinds, strict=True):
        if kind == "other":
            suffix = path.suffix or _tr("no ending")
            text = _tr(
                "{0} can't be used: {1} is neither picture, video, sound nor project",
                path.name,
                suffix,
            )
            return DropPlan(act="refuse", text=text)
    if len(paths) == 1 and kinds[0] in ("project", "job", "request"):
        return _open(paths[0], kinds[0])
    pictures = [p for p, k in zip(paths, kinds, strict=True) if k in ("picture", "video")]
    sounds = tuple(p for p, k in zip(paths, kinds, strict=True) if k == "speech")
    if len(pictures) > 1:
        return DropPlan(act="refuse", text=_tr("One picture or video at a time"))
    if len(sounds) + len(data.speakers) > MOST_SPEAKERS:
        return DropPlan(
            act="refuse", text=_tr("Two speakers at most: remove one before adding another")
        )
    if not pictures and not sounds:
        return DropPlan(act="refuse", text=_tr("A project is opened alone"))
    return _media(pictures[0] if pictures else None, sounds, kinds, ask=ask_about_sound)


def _open(path: Path, kind: str) -> DropPlan:
    if kind == "project":
        return DropPlan(act="open", text=_tr("Opens {0}", path.name), source=path)
    if kind == "job":
        return DropPlan(act="job", text=_tr("Opens the job {0}", path.name), source=path)
    return DropPlan(act="request", text=_tr("Reads the request {0}", path.name), source=path)


def _media(
    picture: Path | None, sounds: tuple[Path, ...], kinds: Sequence[str], *, ask: bool
) -> DropPlan:
    if picture is None:
        if len(sounds) == 2:
            text = _tr("Adds two speakers: {0} and {1}", sounds[0].name, sounds[1].name)
        else:
            text = _tr("Adds {0} as speech", sounds[0].name)
        return DropPlan(act="speech", text=text, speech=sounds)
    if sounds:
        text = _tr("Sets {0} as source and adds {1} as speech", picture.name, sounds[0].name)
        return DropPlan(act="source_and_speech", text=text, source=picture, speech=sounds)
    if "video" in kinds and ask:
        text = _tr("Sets {0} as source; asks whether its sound is the speech", picture.name)
        return DropPlan(act="ask", text=text, source=picture)
    return DropPlan(act="source", text=_tr("Sets {0} as source", picture.name), source=picture)
