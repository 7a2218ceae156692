"""The one place that starts ffmpeg: argument lists, closed stdin, limits, cancellation, plain words.

Media come from strangers, so inputs are local files alone (no playlist can name another file or an
address), and the child is ended when it stalls, runs too long, or the caller cancels.
"""

import contextlib
import os
import re
import subprocess  # noqa: TID251  (this is the file that the rule names)
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from infinitetalk.errors import engine_error
from infinitetalk.media.children import child_environment

Cancel = Callable[[], bool]  # asked about ten times a second; True ends the work

BINARY_VARIABLE = "INFINITETALK_FFMPEG"
STALL_LIMIT = 120.0  # seconds without a byte moving, before the child is given up
_LOG_LINES = 400
_LOWEST_NICE = 19
_background: "ContextVar[BackgroundWork | None]" = ContextVar("background", default=None)

# Containers and bare streams that people have. Left out on purpose: everything that opens other
# files (hls, dash, concat, ...), devices, and text formats that match any bytes.
_FORMATS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,flv,asf,wav,w64,rf64,mp3,flac,ogg,aac,"
    "ac3,eac3,aiff,caf,amr,amrnb,amrwb,au,ape,wv,tta,dts,mxf,nut,ivf,h264,hevc,av1,obu,m4v,rm,gif,"
    "dv,mpc,mpc8,opus,truehd,dsf,oma,gsm,voc,y4m,yuv4mpegpipe,av1,3gp"
)


class BackgroundWork:
    """Children that get the processor only where nobody else wants it, once `lower` was called.

    So an export beside a running job takes what the job leaves. This program's own threads keep
    their priority: one that holds the interpreter's lock and has to wait would hold up the others.
    """

    def __init__(self) -> None:
        self._pids: set[int] = set()
        self._low = False
        self._lock = threading.Lock()

    def lower(self) -> None:
        """Children that run, and those to come. There is no way back for them."""
        with self._lock:
            self._low = True
            for pid in self._pids:
                _make_idle(pid)

    def started(self, pid: int) -> None:
        with self._lock:
            self._pids.add(pid)
            if self._low:
                _make_idle(pid)

    def ended(self, pid: int) -> None:
        """Before the system may give its number to another process."""
        with self._lock:
            self._pids.discard(pid)


@contextlib.contextmanager
def background_work(*, low: bool = True) -> Iterator[BackgroundWork]:
    """Everything that this thread starts inside belongs to the work."""
    work = BackgroundWork()
    if low:
        work.lower()
    token = _background.set(work)
    try:
        yield work
    finally:
        _background.reset(token)


class MediaCancelled(Exception):  # noqa: N818  (being told to stop is no error)
    """The caller's `cancel` said so; nothing half done is left behind."""


@dataclass(frozen=True, kw_only=True)
class Finished:
    """How a child ended: its exit code, what it wrote to stdout, the last lines of its log."""

    code: int
    output: bytes
    log: tuple[str, ...]

    @property
    def last_line(self) -> str:
        return last_error_line(self.log)


def ffmpeg_binary() -> Path:
    """The ffmpeg to start: `INFINITETALK_FFMPEG` if set, else the one imageio-ffmpeg carries."""
    return _find_binary(os.environ.get(BINARY_VARIABLE, ""))


@cache
def _find_binary(override: str) -> Path:
    if override:
        if Path(override).is_file():
            return Path(override)
        problem = f"{BINARY_VARIABLE} names {override}, which is not a file."
    else:
        import imageio_ffmpeg

        try:
            return Path(imageio_ffmpeg.get_ffmpeg_exe())
        except RuntimeError as error:
            problem = str(error)
    raise engine_error(
        "media.no_ffmpeg",
        "The media program is missing",
        f"ffmpeg was not found. {problem}",
        f"Install the program again, or set {BINARY_VARIABLE} to an ffmpeg.",
    )


def file_url(path: Path) -> str:
    """The path as ffmpeg takes it literally: dashes, colons and percent signs mean nothing."""
    return f"file:{Path(path).absolute()}"


def input_arguments(path: Path, *options: str) -> list[str]:
    """`-i` for a stranger's file; `options` go before it (`-ss`, `-noautorotate`, ...)."""
    return [
        "-protocol_whitelist",
        "file",
        "-format_whitelist",
        _FORMATS,
        *options,
        "-i",
        file_url(path),
    ]


class FfmpegProcess:
    """A running ffmpeg. Use as a context manager: leaving it ends the child whatever happened.

    `feed` opens its stdin for `write`; otherwise stdin is closed. stdout is read with `read` or
    `read_into`. The log is drained by a thread, so a chatty child never blocks.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        *,
        feed: bool = False,
        time_limit: float | None = None,
        stall_limit: float = STALL_LIMIT,
        cancel: Cancel | None = None,
    ) -> None:
        command = [str(ffmpeg_binary()), "-hide_banner", "-nostats", *arguments]
        self._log: deque[str] = deque(maxlen=_LOG_LINES)
        self._waiting_since: dict[int, float] = {}  # by thread: one may write while one reads
        self._stall_limit = stall_limit
        self._deadline = None if time_limit is None else time.monotonic() + time_limit
        self._cancel = cancel
        self._gave_up = ""
        self._canceled = False
        self._background = _background.get()
        self._child = subprocess.Popen(
            command,
            stdin=subprocess.PIPE if feed else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            env=child_environment(AV_LOG_FORCE_NOCOLOR="1"),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        if self._background is not None:
            self._background.started(self._child.pid)
        for pipe in (self._child.stdin, self._child.stdout):
            _widen(pipe)
        self._done = threading.Event()
        self._threads = [
            threading.Thread(target=self._drain_log, daemon=True),
            threading.Thread(target=self._watch, daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def log(self) -> tuple[str, ...]:
        """The last lines of the log so far."""
        return tuple(self._log)

    def read(self, size: int) -> bytes:
        """`size` bytes of stdout; fewer only at its end."""
        buffer = bytearray(size)
        count = self.read_into(memoryview(buffer))
        return bytes(buffer[:count])

    def read_into(self, buffer: memoryview) -> int:
        """Fills `buffer` (bytes) from stdout and returns how many came; fewer only at the end."""
        stdout = self._child.stdout
        assert stdout is not None
        filled = 0
        while filled < len(buffer):
            with self._waiting():
                count = stdout.readinto(buffer[filled:])  # type: ignore[attr-defined]  # raw, unbuffered
            if not count:
                break
            filled += count
        self._raise_if_ended_by_us()
        return filled

    def read_some(self, limit: int = 1 << 20) -> bytes:
        """What stdout has, at least a byte and at most `limit`; empty at the end."""
        stdout = self._child.stdout
        assert stdout is not None
        with self._waiting():
            data = stdout.read(limit)
        self._raise_if_ended_by_us()
        return data or b""

    def write(self, data: bytes | memoryview) -> None:
        """All of `data` to stdin. Raises BrokenPipeError if the child has ended: ask `finish`."""
        stdin = self._child.stdin
        assert stdin is not None
        view = memoryview(data).cast("B")
        try:
            while view:
                with self._waiting():
                    view = view[stdin.write(view) or 0 :]
        except OSError as error:  # a pipe to a dead child is EINVAL on Windows
            self._raise_if_ended_by_us()
            raise BrokenPipeError(str(error)) from error

    def close_input(self) -> None:
        if self._child.stdin is not None:
            with contextlib.suppress(OSError):
                self._child.stdin.close()

    def finish(self) -> Finished:
        """Reads what is left of stdout, waits for the end. Raises MediaCancelled or EngineError."""
        self.close_input()
        parts = []
        while part := self.read_some():
            parts.append(part)
        with self._waiting():
            code = self._child.wait()
        self._done.set()
        for thread in self._threads:
            thread.join()
        self._raise_if_ended_by_us()
        return Finished(code=code, output=b"".join(parts), log=self.log)

    def kill(self) -> None:
        """Ends the child at once, from any thread; `close` then tidies up."""
        with contextlib.suppress(OSError):
            self._child.kill()

    def close(self) -> None:
        """Ends the child if it still runs. Safe to call twice."""
        if self._background is not None:
            self._background.ended(self._child.pid)
        if self._child.poll() is None:
            self.kill()
        self._child.wait()
        self._done.set()
        for thread in self._threads:
            thread.join()
        for pipe in (self._child.stdin, self._child.stdout, self._child.stderr):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    @contextlib.contextmanager
    def _waiting(self):
        thread = threading.get_ident()
        self._waiting_since[thread] = time.monotonic()
        try:
            yield
        finally:
            self._waiting_since.pop(thread, None)

    def _drain_log(self) -> None:
        stderr = self._child.stderr
        assert stderr is not None
        rest = b""
        while part := stderr.read(1 << 16):
            *lines, rest = (rest + part).replace(b"\r", b"\n").split(b"\n")
            rest = rest[-10_000:]
            self._log.extend(line.decode("utf-8", "replace")[:2000] for line in lines if line)
        if rest:
            self._log.append(rest.decode("utf-8", "replace"))

    def _watch(self) -> None:
        while not self._done.wait(0.1):
            now = time.monotonic()
            # Of several threads the one whose wait began last: while any byte moves, all is well.
            since = max(tuple(self._waiting_since.values()), default=None)
            if self._cancel is not None and self._cancel():
                self._canceled = True
            elif self._deadline is not None and now > self._deadline:
                self._gave_up = "it took longer than it may"
            elif since is not None and now - since > self._stall_limit:
                self._gave_up = f"nothing moved for {self._stall_limit:.0f} seconds"
            else:
                continue
            self.kill()
            return

    def _raise_if_ended_by_us(self) -> None:
        if self._canceled:
            raise MediaCancelled
        if self._gave_up:
            raise engine_error(
                "media.stalled",
                "Reading or writing a media file was given up",
                f"The media program was ended because {self._gave_up}.",
                "If the file is on a network drive, copy it to a local disk and try again.",
            )


def run_ffmpeg(
    arguments: Sequence[str], *, time_limit: float = 60.0, cancel: Cancel | None = None
) -> Finished:
    """Runs ffmpeg to its end within `time_limit` seconds; the exit code is the caller's to judge."""
    with FfmpegProcess(arguments, time_limit=time_limit, cancel=cancel) as process:
        return process.finish()


@cache
def has_filter(name: str) -> bool:
    """Whether this ffmpeg was built with the filter; one the user named may lack some."""
    listed = run_ffmpeg(["-v", "error", "-filters"]).output.decode("utf-8", "replace")
    return f" {name} " in listed


_ADDRESS = re.compile(r"^\[[^\]]* @ 0x[0-9a-fA-F]+\]\s*")
# Lines that say only that something failed, or that ffmpeg says after every failure.
_EMPTY_WORDS = (
    "Error opening input file",
    "Error opening input files",
    "Error opening output file",
    "Error opening output files",
    "Conversion failed!",
    "At least one output file",
    "Task finished with error code",
    "Terminating thread with return code",
    "Last message repeated",
    "Nothing was written into output file",
    "detected only with low score",
    "Error writing trailer",
    "Error closing file",
    "Error muxing a packet",
    "Error submitting a packet",
)
_ERROR_WORDS = re.compile(
    r"error|invalid|not found|fail|cannot|can't|could not|no space|denied|corrupt|unsupported|"
    r"unknown|unable|read-only|no such|does not",
    re.IGNORECASE,
)


def last_error_line(log: Sequence[str]) -> str:
    """The line that says what went wrong, without addresses; empty if there is none."""
    lines = [_ADDRESS.sub("", line).strip() for line in log]
    telling = [line for line in lines if line and not any(empty in line for empty in _EMPTY_WORDS)]
    for line in reversed(telling):
        if _ERROR_WORDS.search(line):
            return line
    return telling[-1] if telling else ""


def _make_idle(pid: int) -> None:
    """The lowest priority there is; threads that the child makes later inherit it.

    Linux's idle class comes before niceness: the engine itself is nice beside a window, and against
    that the highest niceness would still take an eighth of a core.
    """
    if os.name == "nt":
        import psutil

        with contextlib.suppress(psutil.Error):
            psutil.Process(pid).nice(psutil.IDLE_PRIORITY_CLASS)
        return
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, pid, _LOWEST_NICE)
    if hasattr(os, "SCHED_IDLE"):
        with contextlib.suppress(OSError):
            os.sched_setscheduler(pid, os.SCHED_IDLE, os.sched_param(0))


def _widen(pipe: IO[bytes] | None) -> None:
    """A larger pipe buffer where the system has it: raw frames go through in fewer turns."""
    if pipe is None or os.name == "nt":
        return
    import fcntl

    set_size = getattr(fcntl, "F_SETPIPE_SZ", None)
    if set_size is not None:
        with contextlib.suppress(OSError):
            fcntl.fcntl(pipe, set_size, 1 << 20)
