"""The user's access token: in the key store of the system, and nowhere else.

`keyring` reaches the key store (Windows Credential Locker, macOS Keychain, Secret Service). Where
there is none the token is not saved; `INFINITETALK_HUB_TOKEN` then serves one run. Tokens that other
programs keep on this machine are never read. Which servers have one is noted in the configuration
(without the token), so that a key store which would ask for its password is opened only then.
"""

import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from infinitetalk import paths
from infinitetalk.errors import EngineError, engine_error
from infinitetalk.project import atomic

SERVICE = "InfiniteTalk"
VARIABLE = "INFINITETALK_HUB_TOKEN"


def read_token(endpoint: str) -> str | None:
    """The token that the user gave for this address, if any. A key store that fails has none."""
    given = os.environ.get(VARIABLE)
    if given:
        return given.strip() or None
    if _name(endpoint) not in _servers():
        return None
    try:
        return _keyring().get_password(SERVICE, _name(endpoint)) or None
    except Exception:  # noqa: BLE001  backends raise errors of their own; loading goes on without
        return None


def save_token(endpoint: str, token: str) -> None:
    """Raises EngineError `download.key_store` or `download.token_form`."""
    clean = token.strip()
    if not clean or not clean.isascii() or not clean.isprintable() or " " in clean:
        raise engine_error(
            "download.token_form",
            "This is no access token",
            "A token is one word of letters and digits, such as hf_…",
            "Copy it again from the settings of your account.",
        )
    try:
        _keyring().set_password(SERVICE, _name(endpoint), clean)
    except EngineError:
        raise
    except Exception as error:
        raise _no_store(type(error).__name__) from error
    _note_servers(_servers() | {_name(endpoint)})


def forget_token(endpoint: str) -> bool:
    """Removes the token; whether there was one. Raises EngineError `download.key_store`."""
    store = _keyring()
    _note_servers(_servers() - {_name(endpoint)})
    try:
        if not store.get_password(SERVICE, _name(endpoint)):
            return False
        store.delete_password(SERVICE, _name(endpoint))
    except Exception as error:
        raise _no_store(type(error).__name__) from error
    return True


def _name(endpoint: str) -> str:
    """A token belongs to one server."""
    return urlsplit(endpoint).netloc.rpartition("@")[2]


def _note_path() -> Path:
    return paths.config_folder() / "hub_tokens.json"


def _servers() -> set[str]:
    try:
        return {str(name) for name in json.loads(_note_path().read_text("utf-8"))["servers"]}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return set()


def _note_servers(names: set[str]) -> None:
    if names != _servers():
        atomic.make_folder(_note_path().parent)
        atomic.write_json(_note_path(), {"servers": sorted(names)})


def _keyring() -> Any:
    try:
        import keyring  # pyright: ignore[reportMissingImports]  optional: not on every machine
    except ImportError as error:
        raise _no_store("the package keyring is not installed") from error
    backend = type(keyring.get_keyring()).__name__
    if "plaintext" in backend.lower():
        raise _no_store("it would keep the token in a readable file")
    return keyring


def _no_store(why: str) -> EngineError:
    return engine_error(
        "download.key_store",
        "The token can't be saved",
        f"This system has no key store that can be used ({why}); a file would not be safe.",
        f"Set the variable {VARIABLE} for the one download that needs it.",
    )
