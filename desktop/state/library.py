"""What is known of the user's files: read in the background, announced when it is there."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import QObject, Signal

from desktop.loading.background import Background
from infinitetalk.errors import ErrorReport

if TYPE_CHECKING:
    from infinitetalk.media.facts import SourceFacts, SpeechFacts

FileKind = Literal["picture", "video", "speech", "request", "project", "job", "other"]

PICTURES = {".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff", ".gif", ".avif"}
VIDEOS = {".mp4", ".mov", ".mkv", ".webm", ".avi", ".m4v", ".mpg", ".mpeg", ".ts", ".wmv", ".flv"}
SOUNDS = {".wav", ".mp3", ".flac", ".ogg", ".oga", ".opus", ".m4a", ".aac", ".wma", ".aiff", ".aif"}


def file_kind(path: Path) -> FileKind:
    """What a file would be used as, by its name alone: quick enough while it is dragged."""
    suffix = path.suffix.lower()
    if path.is_dir():
        return "job" if (path / "request.json").is_file() else "other"
    if suffix in PICTURES:
        return "picture"
    if suffix in VIDEOS:
        return "video"
    if suffix in SOUNDS:
        return "speech"
    return {".json": "request", ".italk": "project"}.get(suffix, "other")  # type: ignore[return-value] - literals


class MediaLibrary(QObject):
    """Facts of sources and speech files by path. Asking starts reading; `changed` follows."""

    changed = Signal()
    refused = Signal(object, object)  # path, ErrorReport

    def __init__(self, background: Background) -> None:
        super().__init__()
        self._background = background
        self._sources: dict[Path, SourceFacts | ErrorReport] = {}
        self._speech: dict[Path, SpeechFacts | ErrorReport] = {}
        self._asked: set[tuple[str, Path]] = set()

    def source(self, path: Path | None) -> "SourceFacts | None":
        facts = self._get("source", self._sources, path)
        return None if isinstance(facts, ErrorReport) else facts

    def speech(self, path: Path | None) -> "SpeechFacts | None":
        facts = self._get("speech", self._speech, path)
        return None if isinstance(facts, ErrorReport) else facts

    def problem(self, path: Path) -> ErrorReport | None:
        """Why a file can't be used, once that is known."""
        for known in (self._sources, self._speech):
            found = known.get(path)
            if isinstance(found, ErrorReport):
                return found
        return None

    def forget(self, path: Path) -> None:
        """The file may have changed: it is read again when asked for."""
        self._sources.pop(path, None)
        self._speech.pop(path, None)

    @property
    def busy(self) -> bool:
        return bool(self._asked)

    def _get(self, kind: str, known: dict, path: Path | None) -> Any:
        if path is None:
            return None
        if path in known:
            return known[path]
        if (kind, path) not in self._asked:
            self._asked.add((kind, path))
            self._background.submit(
                _probe(kind, path),
                lambda facts: self._learned(kind, known, path, facts),
                lambda report: self._learned(kind, known, path, report),
            )
        return None

    def _learned(self, kind: str, known: dict, path: Path, facts: object) -> None:
        self._asked.discard((kind, path))
        known[path] = facts
        if isinstance(facts, ErrorReport):
            self.refused.emit(path, facts)
        self.changed.emit()


def _probe(kind: str, path: Path) -> Callable[[], object]:
    def probe() -> object:
        from infinitetalk.media import probe as media_probe

        if kind == "source":
            return media_probe.probe_source(path)
        return media_probe.probe_speech(path)

    return probe
