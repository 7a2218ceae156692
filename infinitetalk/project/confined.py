"""Names and JSON from files that may come from strangers: confined, limited, checked for version."""

import json
from pathlib import Path
from typing import Any

from infinitetalk.errors import EngineError, engine_error

_JSON_LIMIT = 64 * 1024**2
_FORBIDDEN = set('/\\:*?"<>|') | {chr(code) for code in range(32)}


def plain_name(name: str) -> str:
    """`name` if it names a file in its own folder; ValueError for paths, drives and dots."""
    if (
        not name
        or name in (".", "..")
        or len(name) > 255
        or _FORBIDDEN & set(name)
        or name != name.strip()
        or name.endswith(".")
    ):
        raise ValueError(f"must be a plain file name, found {name!r}")
    return name


def inside(path: Path, folder: Path) -> bool:
    """True where `path`, links followed, lies in `folder`."""
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):
        return False


def read_json(path: Path, *, newest: int, what: str = "job") -> dict[str, Any]:
    """A JSON object with a "format" of at most `newest`.

    Raises EngineError `job.newer`, `job.damaged` or `job.unreadable`; FileNotFoundError where
    there is none. Reads only.
    """
    try:
        if path.stat().st_size > _JSON_LIMIT:
            raise damaged(path, f"larger than {_JSON_LIMIT // 1024**2} MiB")
        text = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise FileNotFoundError(path) from error
    except OSError as error:
        raise engine_error(
            "job.unreadable",
            f"This {what} can't be read",
            f"{path}: {error.strerror or error}.",
            "Check the rights of the folder, and whether its drive is connected.",
            path=str(path),
        ) from error
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise damaged(path, "it is not valid JSON") from error
    if not isinstance(data, dict):
        raise damaged(path, "it must be an object")
    found = data.get("format")
    if not isinstance(found, int) or isinstance(found, bool) or found < 1:
        raise damaged(path, f"format must be a number from 1 to {newest}, found {found!r}")
    if found > newest:
        raise engine_error(
            "job.newer",
            f"This {what} comes from a newer version",
            f"{path.name} has format {found}; this program reads up to {newest}. "
            "Nothing was changed.",
            "Update the program.",
            path=str(path),
            found=found,
            newest=newest,
        )
    return data


def damaged(path: Path, why: str) -> EngineError:
    return engine_error(
        "job.damaged",
        "A file of this job is damaged",
        f"{path.name}: {why}.",
        "Restore the file from a copy, or start the job in another folder.",
        safe="Finished chunks were not touched.",
        path=str(path),
        why=why,
    )
