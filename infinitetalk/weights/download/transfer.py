"""One file from the hub: loaded in as many ranges as it takes, checked, then given its name."""

import contextlib
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol
from urllib.parse import quote, urlsplit

from infinitetalk.errors import ErrorReport
from infinitetalk.weights.download import part as parts
from infinitetalk.weights.download import problems
from infinitetalk.weights.download.client import opened, transport_problems
from infinitetalk.weights.download.control import DownloadCancelled, DownloadControl, Interrupted
from infinitetalk.weights.download.digests import matches
from infinitetalk.weights.download.part import PartFile
from infinitetalk.weights.download.problems import TryAgain, disk_problem
from infinitetalk.weights.download.rate import RateLimit, Speed
from infinitetalk.weights.download.remote import RemoteFile
from infinitetalk.weights.download.settings import Network

if TYPE_CHECKING:
    import httpx2

LOADS_OF_DAMAGED = 2  # a file whose digest differs is loaded once more
STEPS = 0.25  # seconds between two reports of one file
TRICKLE = 1024  # bytes in `stall` seconds: less is no line

Status = Literal["waiting", "running", "checking", "paused"]


class Report(Protocol):
    """Told how far a file is: bytes that are here, or are checked; why it waits, if it does."""

    def __call__(self, done: int, status: Status, why: ErrorReport | None = None) -> None: ...


@dataclass(frozen=True, kw_only=True)
class Line:
    """What all files of one download share."""

    client: "httpx2.Client"
    network: Network
    control: DownloadControl
    limit: RateLimit
    speed: Speed


def file_url(file: RemoteFile, network: Network) -> str:
    """Where the hub has a file of a commit."""
    return f"{network.endpoint}/{file.repo}/resolve/{quote(file.commit)}/{quote(file.name)}"


def fetch(file: RemoteFile, target: Path, line: Line, report: Report) -> str:
    """Makes `target` the file that the hub describes; returns its SHA-256.

    Goes on where an earlier call was stopped, however that was. Returns only once the contents,
    read back from the disk, have the published digest. Raises EngineError `download.*` or `disk.*`,
    DownloadCancelled.
    """
    loads = 0
    while True:
        _load(file, target, line, report)
        loads += 1
        found = read_back(file, parts.part_path(target), line, report)
        if found.good:
            parts.publish(target)
            return found.sha256
        parts.discard(target)
        if loads == LOADS_OF_DAMAGED:
            raise problems.damaged(file.name, found.sha256, file.sha256 or file.blob_id or "")


def _load(file: RemoteFile, target: Path, line: Line, report: Report) -> None:
    """All bytes of the part, over lost lines, pauses and busy servers."""
    tries = 0
    while True:
        have = parts.kept_bytes(target, file)
        line.control.wait_until_running(lambda at=have: report(at, "paused"))
        if have == file.size and file.size:
            return
        report(have, "running")
        try:
            _stream(file, target, line, report)
            return
        except Interrupted:
            continue
        except TryAgain as problem:
            if line.control.paused or line.control.cancelled:
                continue  # the line was closed by us
            now = parts.kept_bytes(target, file)
            tries = 1 if now > have else tries + 1
            if tries >= line.network.tries:
                raise problems.failed(
                    file.name, problem, done=now, total=file.size, tries=tries
                ) from problem
            wait = _wait_after(tries, problem, line.network)
            why = problems.waiting(file.name, problem, wait, tries + 1, line.network.tries)
            report(now, "waiting", why)
            with contextlib.suppress(Interrupted):
                line.control.sleep(wait)


def _wait_after(tries: int, problem: TryAgain, network: Network) -> float:
    """Seconds until the next try: what the server asks for, else twice as long each time."""
    wait = network.first_wait * 2 ** (tries - 1) if problem.wait is None else problem.wait
    return min(wait, network.longest_wait)


def _stream(file: RemoteFile, target: Path, line: Line, report: Report) -> None:
    """One request: what is missing, as far as the line holds."""
    with PartFile(target, file) as part:
        if file.size == 0:
            return
        host = urlsplit(line.network.endpoint).netloc
        headers: dict[str, str] = {}
        if part.have:
            headers["Range"] = f"bytes={part.have}-"
            if part.etag and part.host == host:  # of a mirror that was left, a tag says nothing
                headers["If-Range"] = part.etag
        url = file_url(file, line.network)
        with opened(line.client, url, headers, file, line.network, line.control) as response:
            skip = _place(response, part, file, host)
            _receive(response, part, file, line, report, skip)
        if part.have < file.size:
            raise TryAgain("the connection was lost")


def _place(response: "httpx2.Response", part: PartFile, file: RemoteFile, host: str) -> int:
    """Puts the part where the response begins; how many of its first bytes are here already."""
    etag = response.headers.get("ETag", "")
    strong = "" if etag.startswith("W/") else etag
    if response.status_code == 416:  # the server has less than we have, or another file
        part.begin("", host)
        raise TryAgain("the server has no such range")
    if response.status_code == 206:
        start, total = _content_range(response.headers.get("Content-Range", ""))
        if total not in (None, file.size):
            raise problems.changed(file.name, f"{total} bytes instead of {file.size}")
        if not 0 <= start <= part.have:
            raise TryAgain("the server sent another range than was asked for")
        if part.host == host and strong and part.etag and strong != part.etag:
            part.begin("", host)  # nothing of the old contents counts
            raise TryAgain("the file changed on the server")
        part.move_on(strong or part.etag, host)
        return part.have - start
    length = response.headers.get("Content-Length", "")
    if length.isdigit() and not _encoded(response) and int(length) != file.size:
        raise problems.changed(file.name, f"{length} bytes instead of {file.size}")
    if part.have and strong and (strong, host) == (part.etag, part.host):
        return part.have  # the same file, from a server without ranges
    part.begin(strong, host)
    return 0


def _receive(
    response: "httpx2.Response",
    part: PartFile,
    file: RemoteFile,
    line: Line,
    report: Report,
    skip: int,
) -> None:
    watch = _Watch(line.network.stall)
    told = 0.0
    pieces = response.iter_bytes() if _encoded(response) else response.iter_raw()
    with transport_problems():
        for piece in pieces:
            line.control.check()
            watch.came(len(piece))
            line.speed.add(len(piece))
            kept = piece[min(skip, len(piece)) :]
            skip -= len(piece) - len(kept)
            if part.have + len(kept) > file.size:
                part.begin("", part.host)
                raise problems.changed(file.name, f"more than {file.size} bytes")
            part.write(kept)
            now = time.monotonic()
            if now - told >= STEPS:
                told = now
                report(part.have, "running")
            wait = line.limit.book(len(piece))
            if wait > 0:
                line.control.sleep(wait)
                watch.rested(wait)
    line.control.check()  # a shut socket reads like an end


class _Watch:
    """Notices a line that is open and brings next to nothing."""

    def __init__(self, stall: float) -> None:
        self._stall = stall
        self._since = time.monotonic()
        self._count = 0

    def came(self, count: int) -> None:
        self._count += count
        now = time.monotonic()
        if self._count >= TRICKLE:
            self._since, self._count = now, 0
        elif now - self._since > self._stall:
            raise TryAgain("next to nothing came for too long", cause="silent")

    def rested(self, seconds: float) -> None:
        self._since += seconds


def _encoded(response: "httpx2.Response") -> bool:
    return response.headers.get("Content-Encoding", "identity") != "identity"


def _content_range(said: str) -> tuple[int, int | None]:
    """First byte and size of the whole of "bytes 5-9/10"; -1 where it can't be read."""
    unit, _, rest = said.partition(" ")
    span, _, total = rest.partition("/")
    first = span.partition("-")[0]
    if unit.lower() != "bytes" or not first.isdigit():
        return -1, None
    return int(first), int(total) if total.isdigit() else None


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What reading a file back has shown."""

    good: bool
    sha256: str


def read_back(file: RemoteFile, path: Path, line: Line, report: Report) -> Reading:
    """Whether what lies at `path` is the file that the hub describes.

    A pause waits until it is read. Raises EngineError disk.*, DownloadCancelled.
    """
    last = 0.0

    def step(done: int) -> None:
        nonlocal last
        if line.control.cancelled:
            raise DownloadCancelled
        now = time.monotonic()
        if now - last >= STEPS:
            last = now
            report(done, "checking")

    report(0, "checking")
    try:
        good, sha256 = matches(file, path, step)
    except OSError as error:
        raise disk_problem(error, path) from error
    return Reading(good=good, sha256=sha256)
