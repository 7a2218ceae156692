"""Where the engine runs: in a process of its own, or inside this program. One small interface.

A host gives lines and takes lines; what they mean is the pipeline thread's business. With a child
process a driver crash or lack of memory costs a chunk and never the window.
"""

import contextlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

from desktop import engine_process


class EngineHost(Protocol):
    """An engine that is running, as two streams of lines."""

    def start(self) -> None: ...

    def lines(self) -> Iterator[bytes]:
        """Lines from the engine until it ends. Called on the pipeline thread."""
        ...

    def write(self, line: bytes) -> None:
        """Hands the engine a line. Raises OSError where it is gone. Not on the GUI thread."""
        ...

    def wait(self) -> int:
        """Exit code after the last line; 0 is an orderly end."""
        ...

    def kill(self) -> None:
        """Ends the engine at once, whatever it does."""
        ...


class ProcessHost:
    """The engine as a child process (`serve`), at lower priority, one core left free."""

    def __init__(self, log_file: Path | None = None) -> None:
        self._log_file = log_file
        self._process: engine_process.EngineProcess | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self) -> None:
        self._process = engine_process.launch(self._log_file)

    def lines(self) -> Iterator[bytes]:
        assert self._process is not None
        yield from self._process.output

    def write(self, line: bytes) -> None:
        if self._process is None:
            raise OSError("the engine was not started")
        self._process.input.write(line)
        self._process.input.flush()

    def wait(self) -> int:
        return self._process.wait() if self._process else 0

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()


class ThreadHost:
    """The engine inside this program, on a thread of its own: for tests and debuggers."""

    def __init__(self) -> None:
        self._to_engine: BinaryIO | None = None
        self._from_engine: BinaryIO | None = None
        self._thread: threading.Thread | None = None
        self._code = 0

    def start(self) -> None:
        read_in, write_in = os.pipe()
        read_out, write_out = os.pipe()
        self._to_engine = os.fdopen(write_in, "wb")
        self._from_engine = os.fdopen(read_out, "rb")
        engine_in, engine_out = os.fdopen(read_in, "rb"), os.fdopen(write_out, "wb")
        self._thread = threading.Thread(
            target=self._serve, args=(engine_in, engine_out), name="engine", daemon=True
        )
        self._thread.start()

    def _serve(self, source: BinaryIO, target: BinaryIO) -> None:
        # The one place where the window's program imports the engine, and torch with it.
        from infinitetalk.serve.session import Session

        with source, target:
            Session(source, target).run()

    def lines(self) -> Iterator[bytes]:
        assert self._from_engine is not None
        with self._from_engine:
            yield from self._from_engine

    def write(self, line: bytes) -> None:
        if self._to_engine is None:
            raise OSError("the engine was not started")
        self._to_engine.write(line)
        self._to_engine.flush()

    def wait(self) -> int:
        self.kill()
        if self._thread is not None:
            self._thread.join(timeout=30)
        return self._code

    def kill(self) -> None:
        """Closing its input ends the engine at the next chance: a thread can't be killed."""
        if self._to_engine is not None and not self._to_engine.closed:
            with contextlib.suppress(OSError):
                self._to_engine.close()


def default_host(*, in_process: bool, log_file: Path | None = None) -> EngineHost:
    """The host for the setting "engine in its own process"."""
    return ProcessHost(log_file) if in_process else ThreadHost()
