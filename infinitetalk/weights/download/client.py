"""The one HTTP client of downloads: our proxy, our patience, and a token for the endpoint alone."""

import contextlib
import logging
import socket
import ssl
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from infinitetalk import __version__
from infinitetalk.errors import EngineError
from infinitetalk.weights.download import problems
from infinitetalk.weights.download.control import DownloadControl
from infinitetalk.weights.download.problems import Cause, TryAgain
from infinitetalk.weights.download.remote import RemoteFile
from infinitetalk.weights.download.settings import LOOPBACK, Network

if TYPE_CHECKING:
    import httpx2

AGENT = f"infinitetalk-desktop/{__version__}"  # and nothing else about this machine
MAX_REDIRECTS = 8
BUSY = (408, 425, 429, 500, 502, 503, 504)  # answers that may be others in a moment
REDIRECTS = (301, 302, 303, 307, 308)


def make_client(network: Network) -> "httpx2.Client":
    """A client that follows no redirect by itself and adds no header of its own."""
    import httpx2

    # Its log tells each address, and those of a content network carry signatures.
    for name in ("httpx2", "httpcore2"):
        logging.getLogger(name).setLevel(logging.WARNING)
    timeout = httpx2.Timeout(network.stall, connect=network.connect)
    limits = httpx2.Limits(max_connections=network.at_once + 2)
    return httpx2.Client(
        verify=_trusted(),
        headers={"User-Agent": AGENT, "Accept-Encoding": "identity"},
        proxy=network.proxy or None,
        trust_env=network.proxy is None,  # the system's proxy, also of Windows and macOS
        follow_redirects=False,
        timeout=timeout,
        limits=limits,
    )


@cache
def _trusted() -> ssl.SSLContext:
    """Whom to trust: read once, since reading all certificates takes a while."""
    import httpx2

    return httpx2.create_ssl_context()


@contextlib.contextmanager
def opened(
    client: "httpx2.Client",
    url: str,
    headers: Mapping[str, str],
    file: RemoteFile,
    network: Network,
    control: DownloadControl,
) -> Iterator["httpx2.Response"]:
    """The response to a GET after its redirects, body not read; 200, 206 or 416.

    Raises TryAgain, EngineError `download.*`, Interrupted.
    """
    with contextlib.ExitStack() as stack, transport_problems():
        for _ in range(MAX_REDIRECTS):
            control.check()
            token = network.token_for(url)
            sent = dict(headers) | ({"Authorization": f"Bearer {token}"} if token else {})
            request = client.build_request("GET", url, headers=sent)
            response = client.send(request, stream=True)
            stack.callback(response.close)
            if response.status_code not in REDIRECTS:
                break
            _check_announced(response, file)
            target = urljoin(url, response.headers.get("Location", ""))
            url = _safe_target(url, target, file)
            response.close()
        else:
            raise problems.failed(
                file.name, f"more than {MAX_REDIRECTS} redirects", cause="redirect"
            )
        _check_status(response, file, network, url)
        stack.enter_context(control.woken_by(lambda: _shut(response)))
        yield response


def _check_announced(response: "httpx2.Response", file: RemoteFile) -> None:
    """The hub tells size and digest of what it redirects to: they must be those of its list."""
    size = response.headers.get("X-Linked-Size")
    if size is not None and size.isdigit() and int(size) != file.size:
        raise problems.changed(file.name, f"{size} bytes instead of {file.size}")
    etag = response.headers.get("X-Linked-Etag", "").removeprefix("W/").strip('"')
    if len(etag) == 64 and file.sha256 is not None and etag != file.sha256:
        raise problems.changed(file.name, "its SHA-256 is another one")


def _safe_target(url: str, target: str, file: RemoteFile) -> str:
    before, after = urlsplit(url), urlsplit(target)
    if after.scheme not in ("http", "https") or not after.netloc:
        raise problems.failed(file.name, "it is redirected to no web address", cause="redirect")
    if before.scheme == "https" and after.scheme != "https":
        raise problems.failed(
            file.name, "it is redirected to an address without encryption", cause="redirect"
        )
    return target


def _check_status(
    response: "httpx2.Response", file: RemoteFile, network: Network, url: str
) -> None:
    status = response.status_code
    if status in (200, 206, 416):
        return
    if status in BUSY:
        raise TryAgain(
            f"the server answers with {status}",
            cause="busy",
            status=status,
            wait=retry_after(response.headers),
        )
    if status == 403 and urlsplit(url).netloc != urlsplit(network.endpoint).netloc:
        raise TryAgain("the address that the server gave is no longer valid (403)")
    raise problems.refused(
        status,
        file.name,
        file.repo,
        network.endpoint,
        has_token=network.token_for(network.endpoint) is not None,
    )


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that a busy server asks to wait: a number, or a date (RFC 9110 10.2.3)."""
    said = headers.get("Retry-After", "").strip()
    if not said:
        return None
    if said.isdigit():
        return float(said)
    from datetime import UTC, datetime
    from email.utils import parsedate_to_datetime

    try:
        when = parsedate_to_datetime(said)
    except ValueError:
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return max(0.0, (when - datetime.now(UTC)).total_seconds())


@contextlib.contextmanager
def transport_problems() -> Iterator[None]:
    """Failures of the line as TryAgain; those that stay (certificates, addresses) as EngineError."""
    import httpx2

    try:
        yield
    except httpx2.TimeoutException as error:
        raise TryAgain("nothing came for too long", cause="silent") from error
    except (httpx2.UnsupportedProtocol, httpx2.InvalidURL, httpx2.DecodingError) as error:
        raise problems.failed("the server", f"its answer can't be used ({error})") from error
    except httpx2.TransportError as error:
        reason = _certificate_reason(error)
        if reason is not None:
            raise _untrusted(reason) from error
        why, cause = _reason(error)
        raise TryAgain(why, cause=cause) from error


def _reason(error: Exception) -> tuple[str, Cause]:
    import httpx2

    match error:
        case httpx2.ProxyError():
            return "the proxy refuses the connection", "proxy"
        case httpx2.ConnectError():
            if not _is_here(error) and not connected():
                return "this computer is not connected to a network", "offline"
            return "the server can't be reached", "unreachable"
        case _:
            return "the connection was lost", "lost"


def _is_here(error: "httpx2.ConnectError") -> bool:
    """Whether the server that was asked is on this machine."""
    try:
        return error.request.url.host in LOOPBACK
    except RuntimeError:  # no request is known
        return False


def connected() -> bool:
    """Whether any network but the loop to this machine itself is up; asks the system alone."""
    import psutil

    for name, facts in psutil.net_if_stats().items():
        loop = "loopback" in facts.flags.split(",") or "loopback" in name.lower() or name == "lo"
        if facts.isup and not loop:
            return True
    return False


def _certificate_reason(error: BaseException | None) -> str | None:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return error.verify_message
        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            return "its certificate is not trusted"
        error = error.__cause__ or error.__context__
    return None


def _untrusted(reason: str) -> EngineError:
    return problems.failed(
        "The server",
        f"it can't prove who it is ({reason}); a proxy may be reading along",
        cause="certificate",
    )


def _shut(response: Any) -> None:
    """Ends a read in another thread at once: the socket is shut, the reader sees an end."""
    stream = response.extensions.get("network_stream")
    found = stream.get_extra_info("socket") if stream is not None else None
    if found is not None:
        with contextlib.suppress(OSError):
            socket.socket.shutdown(found, socket.SHUT_RDWR)  # not of ssl: that one drops its state
