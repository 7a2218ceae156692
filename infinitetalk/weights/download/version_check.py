"""Whether there is a newer version: asked when the user asks, told, and nothing else.

One small JSON file is read from an address that is data (`resources/version/`, where its form is
told). Nothing is loaded from there or run. It lives here because the network does.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from infinitetalk import __version__, paths
from infinitetalk.errors import EngineError, engine_error
from infinitetalk.weights.download.client import (
    BUSY,
    MAX_REDIRECTS,
    REDIRECTS,
    make_client,
    transport_problems,
)
from infinitetalk.weights.download.problems import TryAgain
from infinitetalk.weights.download.settings import HUB, LOOPBACK, Network

if TYPE_CHECKING:
    import httpx2

FORMAT = 1
MAX_BYTES = 256 * 1024
MAX_NOTES = 8000  # letters
PATIENCE = 15.0  # seconds for the whole answer: someone looks at the screen


@dataclass(frozen=True, kw_only=True)
class VersionFound:
    """What the address says, compared with this program."""

    current: str
    version: str  # the newest
    newer: bool
    page: str  # "" or an https address
    notes: str
    packages: Mapping[str, str] = field(default_factory=dict)  # file name -> SHA-256, hex
    address: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "current": self.current,
            "version": self.version,
            "newer": self.newer,
            "page": self.page,
            "notes": self.notes,
            "packages": dict(self.packages),
            "address": self.address,
        }


def bundled_address(file: Path | None = None) -> str:
    """The address that came with the program; "" where it has none."""
    path = file or paths.resources_folder() / "version" / "check.json"
    try:
        data = json.loads(path.read_text("utf-8"))
        return str(data["address"]).strip() if data["format"] == FORMAT else ""
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return ""


def check_version(
    address: str, network: Network, *, current: str = __version__, patience: float = PATIENCE
) -> VersionFound:
    """Asks the address (none: the bundled one) once.

    An address on the hub is asked of the mirror, where the user has one. Raises EngineError
    `version.no_address`, `version.address`, `version.failed` or `version.unclear`.
    """
    url = address.strip() or bundled_address()
    if not url:
        raise engine_error(
            "version.no_address",
            "This build does not know where to ask",
            f"No address for newer versions came with it. This is version {current}.",
            "Look where you got this program from, or enter an address in the settings.",
            current=current,
        )
    url = _checked(url)
    if url.startswith(HUB + "/"):
        url = network.endpoint + url.removeprefix(HUB)
    return _found(_answer(url, network, patience), current, url)


def _checked(url: str) -> str:
    try:
        parts = urlsplit(url)
        here = parts.hostname in LOOPBACK
        good = bool(parts.hostname) and parts.port != 0 and not parts.username
        good = good and (parts.scheme == "https" or (parts.scheme == "http" and here))
    except ValueError:
        good = False
    if not good:
        raise engine_error(
            "version.address",
            "The address for newer versions can't be used",
            "It must begin with https:// and name a server, without name and password.",
            "Correct it in the settings, or leave it empty.",
        )
    return url


# -- the answer -----------------------------------------------------------------------------------


def _answer(url: str, network: Network, patience: float) -> bytes:
    server = urlsplit(url).netloc
    deadline = time.monotonic() + patience
    try:
        with make_client(network) as client, transport_problems():
            client.timeout = patience
            for _ in range(MAX_REDIRECTS):
                with client.stream("GET", url) as response:
                    if response.status_code in REDIRECTS:
                        url = _next(url, response.headers.get("Location", ""), server)
                        continue
                    _check_status(response, server)
                    return _body(response, server, deadline)
    except TryAgain as problem:
        raise _failed(server, problem.why, cause=problem.cause) from problem
    except EngineError as error:
        if error.report.code.startswith("download."):  # a certificate, an encoding
            raise _failed(server, error.report.detail.rstrip(".")) from error
        raise
    raise _failed(server, f"more than {MAX_REDIRECTS} redirects")


def _next(url: str, location: str, server: str) -> str:
    """Where a redirect leads, if it stays on the server that the user agreed to ask."""
    target = urljoin(url, location)
    before, after = urlsplit(url), urlsplit(target)
    if not location or (after.scheme, after.netloc) != (before.scheme, before.netloc):
        other = after.hostname or "nowhere"
        raise _failed(server, f"it sends elsewhere ({other}), which is not asked", other=other)
    return target


def _check_status(response: "httpx2.Response", server: str) -> None:
    status = response.status_code
    if status == 200:
        return
    if status in (404, 410):
        raise _failed(server, f"there is nothing at this address ({status})", missing=status)
    if status in BUSY:
        raise _failed(server, f"the server is busy or in trouble ({status})", status=status)
    raise _failed(server, f"the server answers with {status}", status=status)


def _body(response: "httpx2.Response", server: str, deadline: float) -> bytes:
    data = b""
    for piece in response.iter_bytes():
        data += piece
        if len(data) > MAX_BYTES:
            raise _unclear(server, f"it has more than {MAX_BYTES // 1024} KiB")
        if time.monotonic() > deadline:
            raise _failed(server, "the answer comes too slowly", cause="silent")
    return data


def _failed(server: str, why: str, **facts: Any) -> EngineError:
    return engine_error(
        "version.failed",
        "The newest version is not known",
        f"{server}: {why}.",
        "Try again later, or look at the page where you got this program.",
        server=server,
        **facts,
    )


def _unclear(server: str, why: str) -> EngineError:
    return engine_error(
        "version.unclear",
        "The answer about newer versions makes no sense",
        f"{server}: {why}.",
        "Check the address in the settings, and whether a login page of the network is in the way.",
        server=server,
    )


# -- what it says ---------------------------------------------------------------------------------


def _found(data: bytes, current: str, url: str) -> VersionFound:
    from packaging.version import InvalidVersion, Version

    server = urlsplit(url).netloc
    try:
        said = json.loads(data.decode("utf-8"))
        if not isinstance(said, dict):
            raise TypeError("it is no table")
        if said.get("format") != FORMAT:
            raise ValueError(f"its format is not {FORMAT}")
        version = Version(_text(said["version"], 64))
        notes = _text(said.get("notes", ""), MAX_NOTES)
        page = _page(_text(said.get("page", ""), 400))
        packages = _packages(said.get("packages", {}))
    except InvalidVersion as error:
        raise _unclear(server, "its version is none") from error
    except KeyError as error:
        raise _unclear(server, f"{error} is missing") from error
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        why = "it is no JSON" if isinstance(error, (UnicodeError, json.JSONDecodeError)) else error
        raise _unclear(server, f"{why}") from error
    return VersionFound(
        current=current,
        version=str(version),
        newer=version > Version(current),
        page=page,
        notes=notes,
        packages=packages,
        address=url,
    )


def _text(value: Any, most: int) -> str:
    """Plain text for a label: no control characters, no endless lines."""
    if not isinstance(value, str):
        raise TypeError(f"a text is needed, found {type(value).__name__}")
    clean = "".join(c for c in value if c == "\n" or c.isprintable())
    return clean.strip()[:most]


def _page(page: str) -> str:
    parts = urlsplit(page)
    if page and (parts.scheme != "https" or not parts.hostname or parts.username):
        raise ValueError("its page is no https address")
    return page


def _packages(said: Any) -> dict[str, str]:
    if not isinstance(said, dict) or len(said) > 100:
        raise TypeError("its packages are no table")
    packages = {}
    for name, digest in said.items():
        text = _text(digest, 64).lower()
        if len(text) != 64 or not set(text) <= set("0123456789abcdef"):
            raise ValueError(f"{_text(name, 100)} has no SHA-256")
        packages[_text(name, 200)] = text
    return packages
