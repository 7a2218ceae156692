"""Memory settings that worked on this machine after others had not, in the cache folder."""

import json
import os
from pathlib import Path

from infinitetalk import paths
from infinitetalk.streaming.ladder import MemorySettings

FORMAT = 1


def settings_file() -> Path:
    return paths.cache_folder() / "memory_settings.json"


def settings_key(gpu: str, vram: int, weights: str, precision: str, size: tuple[int, int]) -> str:
    """What remembered settings belong to: the card, the model and the picture."""
    return f"{gpu}|{vram}|{weights}|{precision}|{size[1]}x{size[0]}"


def recall(key: str, file: Path | None = None) -> MemorySettings | None:
    """Settings that worked; None where there are none, or the file can't be read."""
    try:
        return MemorySettings.from_json(_read(file or settings_file())[key])
    except (OSError, ValueError, TypeError, KeyError):
        return None


def remember(key: str, settings: MemorySettings, file: Path | None = None) -> None:
    """Keeps settings for the next job; a cache that can't be written is no reason to fail."""
    target = file or settings_file()
    try:
        known = _read(target)
    except (OSError, ValueError, TypeError, KeyError):
        known = {}
    known[key] = {**settings.to_json()}
    beside = target.with_name(f"{target.name}.{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(json.dumps({"format": FORMAT, "settings": known}, indent=1), "utf-8")
        beside.replace(target)
    except OSError:
        beside.unlink(missing_ok=True)


def _read(file: Path) -> dict[str, dict[str, object]]:
    data = json.loads(file.read_text("utf-8"))
    if data["format"] != FORMAT:
        raise ValueError(f"format {data['format']!r}")
    return dict(data["settings"])
