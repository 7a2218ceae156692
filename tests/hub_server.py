"""A hub on loopback: the list of files, redirects to a content server, ranges - and every fault.

`Hub` speaks what the real hub speaks to a downloader, from two ports: the hub itself and its
content server ("CDN"), so that a test sees what is sent to which. `Fault`s make it misbehave.
"""

import hashlib
import json
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

PIECE = 64 * 1024
GIT_FILES = (".json", ".txt")  # kept in git itself: no SHA-256 in the metadata


@dataclass
class HubFile:
    """Contents in memory, or a (sparse) file on the disk."""

    data: bytes | Path
    sha256: str
    etag: str
    lfs: bool

    @property
    def size(self) -> int:
        return len(self.data) if isinstance(self.data, bytes) else self.data.stat().st_size

    @property
    def blob_id(self) -> str:
        assert isinstance(self.data, bytes)
        head = f"blob {len(self.data)}\0".encode()
        return hashlib.sha1(head + self.data).hexdigest()

    def pieces(self, start: int, end: int) -> Iterator[bytes]:
        if isinstance(self.data, bytes):
            for at in range(start, end, PIECE):
                yield self.data[at : min(at + PIECE, end)]
            return
        with self.data.open("rb") as file:
            file.seek(start)
            while start < end:
                piece = file.read(min(PIECE, end - start))
                start += len(piece)
                yield piece


@dataclass
class Fault:
    """What goes wrong, and with which requests: those whose path contains `path`.

    `status`: this answer instead. `cut`: the line ends after so many bytes of the body.
    `stall`: nothing more comes after so many bytes. `trickle`: then one byte at a time.
    `flip`: this byte of the body (position in the file) is wrong. `length`: so many bytes more (or
    fewer) than announced in the metadata. `no_ranges`: ranges are ignored. `etag`: another tag.
    `redirect`: another Location.
    """

    path: str
    times: int = 1
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    cut: int | None = None
    stall: int | None = None
    trickle: int | None = None
    flip: int | None = None
    length: int = 0
    no_ranges: bool = False
    ignore_if_range: bool = False
    etag: str | None = None
    redirect: str | None = None


@dataclass(frozen=True)
class Asked:
    """A request as it came in."""

    server: str  # "hub" or "cdn"
    path: str
    range: str | None
    if_range: str | None
    authorization: str | None
    agent: str
    proxied: bool

    @property
    def start(self) -> int:
        return int(self.range.removeprefix("bytes=").rstrip("-")) if self.range else 0


class Hub:
    """Both servers and what they hold. Use as a context manager."""

    def __init__(self) -> None:
        self.repos: dict[str, dict[str, HubFile]] = {}
        self.metadata: dict[str, dict[str, Any]] = {}  # replaces entries of siblings, by file name
        self.faults: list[Fault] = []
        self.asked: list[Asked] = []
        self.token: str | None = None  # asked for, if set
        self.rate: float | None = None  # bytes per second and response
        self.commit = "c0ffee" * 6 + "c0ff"
        self._lock = threading.Lock()
        self.most_at_once = 0  # bodies that were being sent
        self._sending = 0
        self.closing = threading.Event()
        self._servers = {name: _Server(name, self) for name in ("hub", "cdn")}

    def __enter__(self) -> "Hub":
        for server in self._servers.values():
            server.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        for server in self._servers.values():
            server.shutdown()
            server.server_close()
            server.thread.join(5)

    def url(self, server: str = "hub") -> str:
        return f"http://127.0.0.1:{self._servers[server].server_address[1]}"

    def add(
        self, repo: str, name: str, data: bytes | Path, *, sha256: str | None = None
    ) -> HubFile:
        """Small text files are git's own; all others have a SHA-256 and lie on the CDN."""
        if sha256 is None:
            raw = data if isinstance(data, bytes) else data.read_bytes()
            sha256 = hashlib.sha256(raw).hexdigest()
        lfs = not name.endswith(GIT_FILES)
        file = HubFile(data=data, sha256=sha256, etag=f'"{sha256[:32]}"', lfs=lfs)
        self.repos.setdefault(repo, {})[name] = file
        return file

    def fault(self, path: str, **what: Any) -> Fault:
        made = Fault(path=path, **what)
        self.faults.append(made)
        return made

    def take_fault(self, path: str) -> Fault | None:
        with self._lock:
            for one in self.faults:
                if one.times and one.path in path:
                    one.times -= 1
                    return one
        return None

    def note(self, asked: Asked) -> None:
        with self._lock:
            self.asked.append(asked)

    @contextmanager
    def sending(self) -> Iterator[None]:
        with self._lock:
            self._sending += 1
            self.most_at_once = max(self.most_at_once, self._sending)
        try:
            yield
        finally:
            with self._lock:
                self._sending -= 1

    def content_requests(self, name: str = "") -> list[Asked]:
        return [one for one in self.asked if one.server == "cdn" and name in unquote(one.path)]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, name: str, hub: Hub) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.name = name
        self.hub = hub
        self.thread = threading.Thread(
            target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass  # clients that hang up are what is tested


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    wbufsize = 0

    def log_message(self, format: str, *arguments: Any) -> None:
        pass

    def do_GET(self) -> None:
        self._answer(body=True)

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def _answer(self, *, body: bool) -> None:
        hub = self.server.hub
        parts = urlsplit(self.path)
        path = unquote(parts.path)
        hub.note(
            Asked(
                server=self.server.name,
                path=path,
                range=self.headers.get("Range"),
                if_range=self.headers.get("If-Range"),
                authorization=self.headers.get("Authorization"),
                agent=self.headers.get("User-Agent", ""),
                proxied=bool(parts.netloc),
            )
        )
        fault = hub.take_fault(path)
        if fault is not None and fault.status is not None:
            self._plain(fault.status, fault.body, fault.headers)
            return
        if path.startswith("/cdn/"):
            self._content(path, fault, body=body)
            return
        wants = hub.token is not None and self.headers.get("Authorization") != f"Bearer {hub.token}"
        if wants:
            self._plain(401, b"no", {"X-Error-Message": "Invalid credentials"})
        elif path.startswith("/api/models/"):
            self._list(path.removeprefix("/api/models/"), fault)
        else:
            self._resolve(path, fault, body=body)

    def _plain(self, status: int, body: bytes, headers: Mapping[str, str] = {}) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _list(self, path: str, fault: Fault | None) -> None:
        hub = self.server.hub
        repo = path.partition("/revision/")[0]
        if repo not in hub.repos:
            self._plain(404, b"{}", {"X-Error-Code": "RepoNotFound"})
            return
        siblings = []
        for name, file in hub.repos[repo].items():
            entry: dict[str, Any] = {"rfilename": name, "size": file.size}
            if file.lfs:
                entry["blobId"] = "0" * 40
                entry["lfs"] = {"sha256": file.sha256, "size": file.size, "pointerSize": 130}
            else:
                entry["blobId"] = file.blob_id
            siblings.append({**entry, **hub.metadata.get(name, {})})
        answer = {
            "id": repo,
            "sha": hub.commit,
            "tags": ["license:apache-2.0"],
            "siblings": siblings,
        }
        body = json.dumps(answer).encode()
        if fault is None or fault.cut is None:
            self._plain(200, body, {"Content-Type": "application/json"})
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: fault.cut])
        self.close_connection = True

    def _resolve(self, path: str, fault: Fault | None, *, body: bool) -> None:
        hub = self.server.hub
        repo, _, rest = path.strip("/").partition("/resolve/")
        name = rest.partition("/")[2]
        file = hub.repos.get(repo, {}).get(name)
        if file is None:
            self._plain(404, b"Entry not found", {"X-Error-Code": "EntryNotFound"})
            return
        if not file.lfs:
            self._send(file, fault, body=body)
            return
        location = f"{hub.url('cdn')}/cdn/{repo}/{name}?X-Signature=secret"
        headers = {
            "Location": location if fault is None or fault.redirect is None else fault.redirect,
            "X-Repo-Commit": hub.commit,
            "X-Linked-Size": str(file.size),
            "X-Linked-Etag": f'"{file.sha256}"',
        }
        self._plain(302, b"redirected", headers)

    def _content(self, path: str, fault: Fault | None, *, body: bool) -> None:
        owner, short, name = path.removeprefix("/cdn/").split("/", 2)
        self._send(self.server.hub.repos[f"{owner}/{short}"][name], fault, body=body)

    def _send(self, file: HubFile, fault: Fault | None, *, body: bool) -> None:
        fault = fault or Fault(path="")
        etag = fault.etag or file.etag
        start, status = 0, 200
        asked = self.headers.get("Range")
        valid = self.headers.get("If-Range") in (None, etag) or fault.ignore_if_range
        if asked and valid and not fault.no_ranges:
            start, status = int(asked.removeprefix("bytes=").rstrip("-")), 206
            if start >= file.size:
                self._plain(416, b"", {"Content-Range": f"bytes */{file.size}"})
                return
        end = file.size + fault.length
        self.send_response(status)
        if etag:
            self.send_header("ETag", etag)
        if status == 206:
            self.send_header("Content-Range", f"bytes {start}-{end - 1}/{end}")
        self.send_header("Content-Length", str(end - start))
        self.end_headers()
        if body:
            with suppress(OSError), self.server.hub.sending():
                self._body(file, fault, start, end)

    def _body(self, file: HubFile, fault: Fault, start: int, end: int) -> None:
        hub = self.server.hub
        stops = [n for n in (fault.cut, fault.stall, fault.trickle) if n is not None]
        last = min([end, *(start + n for n in stops)])
        at = start
        for piece in file.pieces(start, min(last, file.size)):
            sent = piece
            if fault.flip is not None and at <= fault.flip < at + len(piece):
                spot = fault.flip - at
                sent = piece[:spot] + bytes([piece[spot] ^ 1]) + piece[spot + 1 :]
            self.wfile.write(sent)
            at += len(piece)
            if hub.rate:
                time.sleep(len(piece) / hub.rate)
        if at < last and not stops:
            self.wfile.write(b"\0" * (last - at))  # a body longer than the file
        if fault.stall is not None:
            hub.closing.wait(120)
        if fault.trickle is not None:
            for _ in range(600):
                if hub.closing.wait(0.05):
                    break
                self.wfile.write(b"\0")
        if stops:
            self.close_connection = True
            with suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)


@contextmanager
def hub() -> Iterator[Hub]:
    """A running hub, ended with the block."""
    with Hub() as made:
        yield made
