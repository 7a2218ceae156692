"""The few settings that the command line shares with the window: read only, and never required."""

import json
from pathlib import Path
from typing import Any

from infinitetalk import paths


def models_folder() -> Path:
    """Where models are kept when no folder is named: the window's choice, else the data folder."""
    chosen = _settings().get("models_folder")
    if isinstance(chosen, str) and chosen:
        return Path(chosen)
    return paths.data_folder() / "models"


def settings_model() -> str | None:
    """The model that is used when none is named; None where there is no models folder yet."""
    folder = models_folder()
    return str(folder) if folder.is_dir() else None


def job_places() -> list[Path]:
    """Where the window keeps jobs, if not in the data folder, and the projects it had open lately."""
    said = _settings()
    recent = said.get("recent")
    names = [said.get("jobs_folder"), *(recent if isinstance(recent, list) else ())]
    return [Path(name) for name in names if isinstance(name, str) and name]


def _settings() -> dict[str, Any]:
    try:
        data = json.loads((paths.config_folder() / "settings.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}
