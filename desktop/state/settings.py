"""What the user sets once: one frozen value, saved as JSON with a version."""

import contextlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal

from PySide6.QtCore import QObject, Signal

from infinitetalk.errors import GIB
from infinitetalk.paths import config_folder

SETTINGS_FORMAT = 1
RECENT_KEPT = 12


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings. Paths are texts; "" means the default of the program."""

    language: str = ""  # "": as the system
    theme: Literal["system", "dark", "light"] = "system"
    text_size: int = 100  # percent, 80..200
    models_folder: str = ""
    jobs_folder: str = ""
    vram_limit_gib: float = 0.0  # 0: what is free
    default_preset: str = "fast"
    show_preflight: bool = True
    when_done: Literal["nothing", "sleep", "quit"] = "nothing"
    keep_awake: bool = True
    reduce_motion: bool = False
    notify: bool = True
    live_picture: bool = True
    preview_cache_mib: int = 256
    volume: int = 80
    engine_process: bool = True
    mirror: str = ""  # another address than the hub's
    proxy: str = "system"  # or "none", or an address
    version_address: str = ""  # where a newer version is asked for; "": as the build says
    speed_limit_mb: float = 0.0  # MB/s over all downloads; 0: none
    files_at_once: int = 3
    convert_models: bool = True  # to block stores, as soon as they are loaded
    model_parts: tuple[str, ...] = ()  # chosen on the model page; none: what suits the card
    download_open: bool = False  # a download was begun and has not ended
    download_speed: float = 0.0  # bytes per second, as last measured
    first_run_done: bool = False
    recent: tuple[str, ...] = ()
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    window_geometry: str = ""  # base64
    window_state: str = ""

    def to_json(self) -> dict[str, Any]:
        return {"format": SETTINGS_FORMAT, **asdict(self)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Settings":
        """Values of the wrong kind are left at their defaults: settings never stop a start."""
        default = cls()
        values: dict[str, Any] = {}
        for item in fields(cls):
            if item.name not in data:
                continue
            value, usual = data[item.name], getattr(default, item.name)
            if item.name == "recent" and isinstance(value, list):
                values["recent"] = tuple(str(v) for v in value)[:RECENT_KEPT]
            elif item.name == "model_parts" and isinstance(value, list):
                values["model_parts"] = tuple(str(v) for v in value)
            elif item.name == "keys" and isinstance(value, Mapping):
                values["keys"] = {str(k): tuple(map(str, v)) for k, v in value.items()}
            elif isinstance(usual, bool) or isinstance(value, bool):
                if isinstance(usual, bool) and isinstance(value, bool):
                    values[item.name] = value
            elif isinstance(usual, (int, float)) and isinstance(value, (int, float)):
                values[item.name] = type(usual)(value)
            elif isinstance(usual, str) and isinstance(value, str):
                values[item.name] = value
        return cls(**values)


class SettingsState(QObject):
    """The settings in force. `changed` names the fields that differ."""

    changed = Signal(object)  # frozenset of field names

    def __init__(self, path: Path | None = None) -> None:
        super().__init__()
        self.path = path or config_folder() / "settings.json"
        self.value = _read(self.path)

    @property
    def vram_limit(self) -> int | None:
        """Bytes that jobs may use on the card; None: what is free."""
        return int(self.value.vram_limit_gib * GIB) or None

    def update(self, **changes: Any) -> None:
        new = replace(self.value, **changes)
        names = frozenset(
            f.name for f in fields(new) if getattr(new, f.name) != getattr(self.value, f.name)
        )
        if names:
            self.value = new
            self.save()
            self.changed.emit(names)

    def add_recent(self, path: Path) -> None:
        others = [p for p in self.value.recent if p != str(path)]
        self.update(recent=(str(path), *others)[:RECENT_KEPT])

    def save(self) -> None:
        """Written beside and renamed. A folder that can't be written loses settings, not work."""
        with contextlib.suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            beside = self.path.with_name(f".{self.path.name}.{os.getpid()}")
            beside.write_text(json.dumps(self.value.to_json(), indent=1), encoding="utf-8")
            beside.replace(self.path)


def _read(path: Path) -> Settings:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Settings()
    return Settings.from_json(data) if isinstance(data, dict) else Settings()
