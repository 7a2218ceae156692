"""Lines to whoever listens: whole, one at a time, from any thread."""

import contextlib
import logging
import threading
from typing import BinaryIO

from infinitetalk.errors import ErrorReport
from infinitetalk.event import Event, HostEvent
from infinitetalk.wire import Answer, encode_answer, encode_event

log = logging.getLogger(__name__)


class Voice:
    """Writes answers and events. A listener that has gone is noticed once, by `gone`."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._lock = threading.Lock()
        self.gone = threading.Event()

    def answer(self, id: int, **data: object) -> None:
        self._write(encode_answer(Answer(id=id, data=dict(data))))

    def refuse(self, id: int | None, report: ErrorReport) -> None:
        self._write(encode_answer(Answer(id=id, error=report)))

    def tell(self, event: Event | HostEvent) -> None:
        self._write(encode_event(event))

    def _write(self, line: bytes) -> None:
        with self._lock, contextlib.suppress(ValueError):
            try:
                self._out.write(line)
                self._out.flush()
            except OSError:
                if not self.gone.is_set():
                    log.info("the listener has gone")
                self.gone.set()
