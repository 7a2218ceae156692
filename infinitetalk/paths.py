"""Where things live on this machine: the user's data, cache and logs, and the bundled resources.

`INFINITETALK_HOME` puts all of the user's folders below one folder (portable use, tests).
Nothing here creates a folder; whoever writes creates it.
"""

import os
import sys
from pathlib import Path

APP = "InfiniteTalk"
_CHECKOUT = Path(__file__).resolve().parent.parent


def _user_folder(kind: str) -> Path:
    home = os.environ.get("INFINITETALK_HOME")
    if home:
        return Path(home) / kind
    import platformdirs

    find = {
        "data": platformdirs.user_data_path,
        "cache": platformdirs.user_cache_path,
        "log": platformdirs.user_log_path,
        "config": platformdirs.user_config_path,
    }[kind]
    return find(APP, appauthor=False)


def data_folder() -> Path:
    """Models and jobs, kept until the user removes them."""
    return _user_folder("data")


def cache_folder() -> Path:
    """What can be made again: text embeddings, thumbnails, measurements."""
    return _user_folder("cache")


def log_folder() -> Path:
    return _user_folder("log")


def config_folder() -> Path:
    return _user_folder("config")


def jobs_folder() -> Path:
    """Where jobs go when the user names no folder."""
    return data_folder() / "jobs"


def resources_folder() -> Path:
    """The bundled `resources`, in a frozen program, an installed package or a source checkout."""
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen:
        return Path(frozen) / "resources"
    return _CHECKOUT / "resources"


def miniature_folder() -> Path:
    """The bundled miniature model, in the published file layout."""
    return resources_folder() / "demo_model"
