"""A server on loopback that says what the newest version is, or something else."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

GOOD = {
    "format": 1,
    "version": "99.1.0",
    "page": "https://example.org/get",
    "notes": "Faster.\nSafer.",
    "packages": {"infinitetalk-99.1.0.deb": "ab" * 32},
    "later": "fields are passed over",
}


class Server:
    """Answers each path with what was put there, and notes what it is asked."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, bytes, dict[str, str]]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.stall = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append((self.path, dict(self.headers)))
                if self.path.endswith("/stall"):
                    outer.stall.wait(20)
                    return
                status, body, headers = outer.answers.get(self.path, (404, b"", {}))
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                if self.path.endswith("/trickle"):
                    while not outer.stall.wait(0.05):
                        self.wfile.write(b" ")
                self.wfile.write(body)

            def log_message(self, format: str, *arguments: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]  # clients hang up
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def put(self, path: str, said: object, status: int = 200, **headers: str) -> str:
        body = said if isinstance(said, bytes) else json.dumps(said).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[path] = (status, body, named)
        return self.url(path)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}{path}"

    def close(self) -> None:
        self.stall.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)
