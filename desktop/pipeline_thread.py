"""The only door to the engine: a thread that carries questions to it and its events back."""

import itertools
import logging
import queue
import threading
from collections.abc import Callable
from contextlib import suppress

from PySide6.QtCore import QThread, Signal

from desktop.engine_host import EngineHost
from infinitetalk.errors import EngineError
from infinitetalk.event import HOST_EVENT_CLASSES
from infinitetalk.wire import Answer, Message, decode_reply, encode_message

_log = logging.getLogger(__name__)


class PipelineThread(QThread):
    """Keeps an engine running and re-emits what it says. Knows no widget.

    `send` may be called from any thread and returns at once. If the engine ends by itself,
    `engine_ended` tells its exit code; the next `send` or `restart` starts another.
    """

    event_received = Signal(object)  # an infinitetalk.event.Event
    host_event_received = Signal(object)  # an infinitetalk.event.HostEvent
    answered = Signal(object)  # infinitetalk.wire.Answer
    engine_ended = Signal(int)  # exit code; not emitted after `shut_down`
    engine_started = Signal()

    def __init__(self, make_host: Callable[[], EngineHost]) -> None:
        super().__init__()
        self._make_host = make_host
        self._host: EngineHost | None = None
        self._ids = itertools.count(1)
        self._outgoing: queue.Queue[bytes | None] = queue.Queue()
        self._work = threading.Event()  # there is a reason to have an engine
        self._closing = False

    @property
    def host(self) -> EngineHost | None:
        return self._host

    def send(self, message: Message) -> int:
        """Asks the engine; the answer comes with the same number."""
        number = next(self._ids)
        self._outgoing.put(encode_message(number, message))
        self._work.set()
        return number

    def kill_engine(self) -> None:
        """Ends the engine at once: the last resort of *Stop now*."""
        if self._host is not None:
            self._host.kill()

    def shut_down(self, milliseconds: int = 8000) -> None:
        """Ends engine and thread; the engine gets the chance to end by itself first."""
        from infinitetalk.wire import ShutDown

        self._closing = True
        if self._host is not None:
            self.send(ShutDown())
        self._work.set()
        self._outgoing.put(None)
        if not self.wait(milliseconds):
            self.kill_engine()
            self.wait(3000)

    def run(self) -> None:
        while True:
            self._work.wait()
            self._work.clear()
            if self._closing:
                return
            if not self._run_engine() or self._closing:
                return

    def _run_engine(self) -> bool:
        """One engine from start to end; False where the thread is to end."""
        host = self._make_host()
        try:
            host.start()
        except OSError:
            _log.exception("the engine could not be started")
            self._drop_outgoing()
            self.engine_ended.emit(-1)
            return True
        self._host = host
        stop_writing = threading.Event()
        writer = threading.Thread(
            target=self._write, args=(host, stop_writing), name="to engine", daemon=True
        )
        writer.start()
        self.engine_started.emit()
        for line in host.lines():
            self._received(line)
        self._host = None
        stop_writing.set()
        code = host.wait()
        writer.join(timeout=2)
        if self._closing:
            return False
        _log.warning("the engine ended with code %s", code)
        self._drop_outgoing()
        self.engine_ended.emit(code)
        return True

    def _write(self, host: EngineHost, stop: threading.Event) -> None:
        while not stop.is_set():
            try:
                line = self._outgoing.get(timeout=0.2)
            except queue.Empty:
                continue
            if line is None:
                return
            try:
                host.write(line)
            except (OSError, ValueError):
                return

    def _drop_outgoing(self) -> None:
        """Questions to an engine that is gone get no answer; who asked hears `engine_ended`."""
        with suppress(queue.Empty):
            while True:
                self._outgoing.get_nowait()

    def _received(self, line: bytes) -> None:
        try:
            reply = decode_reply(line)
        except EngineError as error:
            _log.error("the engine said what was not understood: %s", error.report.detail)
            return
        if isinstance(reply, Answer):
            self.answered.emit(reply)
        elif isinstance(reply, HOST_EVENT_CLASSES):
            self.host_event_received.emit(reply)
        else:
            self.event_received.emit(reply)
