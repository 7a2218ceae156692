"""The few settings that the command line shares with the window."""

import json

from infinitetalk import paths


def settings_model() -> str | None:
    """The model folder that the user chose in the window; None where there is none."""
    try:
        data = json.loads((paths.config_folder() / "settings.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    folder = data.get("model_folder") if isinstance(data, dict) else None
    return folder if isinstance(folder, str) and folder else None
