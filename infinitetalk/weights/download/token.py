"""The user's access token: in the key store of the system, and nowhere else.

`keyring` reaches the key store (Windows Credential Locker, macOS Keychain, Secret Service). Where
there is none the token is not saved; `INFINITETALK_HUB_TOKEN` then serves one run. Tokens that other
programs keep on this machine are never read.
"""

import os
from typing import Any
from urllib.parse import urlsplit

from infinitetalk.errors import EngineError, engine_error

SERVICE = "InfiniteTalk"
VARIABLE = "INFINITETALK_HUB_TOKEN"


def read_token(endpoint: str) -> str | None:
    """The token that the user gave for this address, if any. A key store that fails has none."""
    given = os.environ.get(VARIABLE)
    if given:
        return given.strip() or None
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


def forget_token(endpoint: str) -> bool:
    """Removes the token; whether there was one. Raises EngineError `download.key_store`."""
    store = _keyring()
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


def _keyring() -> Any:
    try:
        import keyring  # pyright: ignore[reportMissingImports]  optional: not on every machine
    except ImportError as error:
        raise _no_store("the package keyring is not installed") from error
    return keyring


def _no_store(why: str) -> EngineError:
    return engine_error(
        "download.key_store",
        "The token can't be saved",
        f"This system has no key store that can be used ({why}); a file would not be safe.",
        f"Set the variable {VARIABLE} for the one download that needs it.",
    )
