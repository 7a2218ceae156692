"""The child process of the engine: the one place in the window that starts programs."""

import contextlib
import os
import subprocess  # noqa: TID251 - this file's purpose
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO


@dataclass
class EngineProcess:
    """A running engine and its pipes."""

    process: "subprocess.Popen[bytes]"
    input: IO[bytes]
    output: IO[bytes]
    log: IO[bytes] | None

    @property
    def pid(self) -> int:
        return self.process.pid

    def wait(self) -> int:
        code = self.process.wait()
        for stream in (self.input, self.output, self.log):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        return code

    def kill(self) -> None:
        with contextlib.suppress(OSError):
            self.process.kill()


def command() -> list[str]:
    """How this program starts its engine: from source or installed, or frozen."""
    if getattr(sys, "frozen", False):
        name = "infinitetalk.exe" if sys.platform == "win32" else "infinitetalk"
        return [str(Path(sys.executable).with_name(name)), "serve"]
    return [sys.executable, "-m", "infinitetalk", "serve"]


def launch(log_file: Path | None) -> EngineProcess:
    """Starts the engine; what it logs goes to `log_file`, or nowhere if that can't be written.

    Raises OSError where it can't be started.
    """
    log: IO[bytes] | None = None
    if log_file is not None:
        with contextlib.suppress(OSError):  # a full or read-only disk must not cost the engine
            log_file.parent.mkdir(parents=True, exist_ok=True)
            log = log_file.open("ab")
    environment = dict(os.environ)
    environment.setdefault("OMP_NUM_THREADS", str(max((os.cpu_count() or 2) - 1, 1)))
    environment["PYTHONUNBUFFERED"] = "1"
    flags, own_session = 0, False
    if sys.platform == "win32":
        flags = subprocess.BELOW_NORMAL_PRIORITY_CLASS | subprocess.CREATE_NO_WINDOW
    else:
        own_session = True  # the engine must not get the Ctrl-C that is meant for the window
    process = subprocess.Popen(
        command(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log or subprocess.DEVNULL,
        env=environment,
        creationflags=flags,
        start_new_session=own_session,
    )
    if sys.platform != "win32":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, process.pid, 10)
    assert process.stdin is not None
    assert process.stdout is not None
    return EngineProcess(process=process, input=process.stdin, output=process.stdout, log=log)
