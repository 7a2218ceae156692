"""Help > Check for a newer version: asked through the engine, when the user asks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from desktop.state.session import Session
from infinitetalk import wire
from infinitetalk.errors import ErrorReport


@dataclass(frozen=True, kw_only=True)
class VersionAnswer:
    """What the address says about this program."""

    current: str
    version: str
    newer: bool
    page: str  # "" or an https address
    notes: str
    packages: tuple[tuple[str, str], ...]  # file name, SHA-256


def ask_version(
    session: Session,
    done: Callable[[VersionAnswer], object],
    refused: Callable[[ErrorReport], object],
) -> None:
    """One question to the address of the settings, else to the one that came with the program."""
    message = wire.CheckVersion(
        address=session.settings.value.version_address, network=session.models.network()
    )
    session.engine.ask(message, lambda data: done(_read(data["found"])), refused)


def _read(found: Mapping[str, Any]) -> VersionAnswer:
    return VersionAnswer(
        current=str(found["current"]),
        version=str(found["version"]),
        newer=bool(found["newer"]),
        page=str(found["page"]),
        notes=str(found["notes"]),
        packages=tuple((str(name), str(digest)) for name, digest in found["packages"].items()),
    )
