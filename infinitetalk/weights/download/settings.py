"""How downloads use the network: chosen by the user, passed down, never looked up deep inside."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from infinitetalk.errors import engine_error

HUB = "https://huggingface.co"
LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, kw_only=True)
class Network:
    """Address, proxy, limits and patience. All times are seconds, all rates bytes per second.

    Raises EngineError `download.address` for an address or a proxy that can't be used.
    """

    endpoint: str = HUB  # the hub, or a mirror that speaks its protocol
    proxy: str | None = None  # None: the system's; "": none at all; else http://host:port
    token: str | None = field(default=None, repr=False)  # sent to the endpoint alone
    rate_limit: int | None = None  # over all files together
    at_once: int = 3  # files
    tries: int = 8  # in a row without one byte
    stall: float = 60.0  # without a byte, then the line counts as lost
    connect: float = 20.0
    first_wait: float = 1.0  # doubles with each try
    longest_wait: float = 300.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "endpoint", self.endpoint.rstrip("/"))
        _require_address(self.endpoint, "mirror")
        if self.proxy:
            _require_address(self.proxy, "proxy")
        if self.at_once < 1 or self.tries < 1:
            raise ValueError(f"at_once ({self.at_once}) and tries ({self.tries}) must be >= 1")
        if self.rate_limit is not None and self.rate_limit < 1:
            raise ValueError(f"rate_limit must be >= 1 byte per second, found {self.rate_limit}")

    def token_for(self, url: str) -> str | None:
        """The token where it may be sent: to the endpoint itself, never in the clear over a net."""
        asked, own = urlsplit(url), urlsplit(self.endpoint)
        if (asked.scheme, asked.netloc) != (own.scheme, own.netloc):
            return None
        return self.token if own.scheme == "https" or own.hostname in LOOPBACK else None


def _require_address(address: str, what: str) -> None:
    try:
        parts = urlsplit(address)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good:
        raise engine_error(
            "download.address",
            f"The address of the {what} can't be used",
            f"It must look like https://host or http://host:port "
            f"(found {_without_secret(address)!r}).",
            "Correct it, or leave it empty.",
            what=what,
        )


def _without_secret(address: str) -> str:
    """An address without name and password, to be shown."""
    scheme, mark, rest = address.partition("://")
    return f"{scheme}{mark}{rest.rpartition('@')[2]}" if mark else address.rpartition("@")[2]
