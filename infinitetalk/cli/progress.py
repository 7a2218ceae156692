"""Progress on the terminal: one line that a person likes, JSON lines for programs, quiet in pipes."""

import json
import sys
import time
from typing import TextIO

from infinitetalk.errors import GIB
from infinitetalk.event import (
    Cancelled,
    ChunkReady,
    ChunkStarted,
    Event,
    Failed,
    Finished,
    JobState,
    MemoryStepDown,
    Notice,
    PlanReady,
    StageAdvanced,
    StageStarted,
    StepDone,
    fold,
)
from infinitetalk.wire import event_to_json

_STAGES = {
    "text": "Reading the prompt",
    "source": "Preparing the picture",
    "speech": "Listening to the speech",
    "load": "Loading the model",
    "denoise": "Rendering",
    "decode": "Decoding",
    "store": "Storing",
    "export": "Writing the video",
}


def duration(seconds: float) -> str:
    """A length of time for people: 48 s, 3 min 20 s, 7 h 11 min, 4.2 days."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    if seconds < 3600:
        return f"{int(seconds) // 60} min {int(seconds) % 60:02d} s"
    if seconds < 2 * 86400:
        return f"{int(seconds) // 3600} h {int(seconds) % 3600 // 60:02d} min"
    return f"{seconds / 86400:.1f} days"


class JsonProgress:
    """Every event as one JSON line on `out`."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stdout

    def show(self, event: Event) -> None:
        self._out.write(json.dumps(event_to_json(event), ensure_ascii=False) + "\n")
        self._out.flush()

    def close(self) -> None:
        self._out.flush()


class Progress:
    """One line that is rewritten on a terminal; in a pipe one line per finished chunk."""

    def __init__(self, out: TextIO | None = None, *, quiet: bool = False) -> None:
        self._out = out or sys.stderr
        self._live = self._out.isatty() and not quiet
        self._quiet = quiet
        self._state = JobState()
        self._chunk_times: list[float] = []
        self._width = 0
        self._chunk_started = time.monotonic()

    def show(self, event: Event) -> None:
        self._state = fold(self._state, event)
        match event:
            case PlanReady():
                self._line(f"Job folder: {event.job_folder}")
            case StageStarted() | StageAdvanced():
                self._rewrite(self._stage_text())
            case ChunkStarted():
                self._chunk_started = time.monotonic()
                self._rewrite(self._step_text())
            case StepDone():
                self._rewrite(self._step_text())
            case ChunkReady() if not event.reused:
                self._chunk_times.append(event.seconds)
                self._line(self._chunk_text(event))
            case Notice():
                self._line(f"{event.level.capitalize()}: {event.report}")
            case MemoryStepDown():
                self._line(f"Out of memory; trying again with {event.change}.")
            case Finished() | Cancelled() | Failed():
                self._clear()
            case _:
                pass

    def close(self) -> None:
        self._clear()

    def _stage_text(self) -> str:
        name = _STAGES.get(self._state.stage or "", "")
        fraction = self._state.stage_fraction
        share = f" {fraction:.0%}" if 0 < fraction < 1 else ""
        return f"{self._chunk_label()}{name}{share} …"

    def _chunk_label(self) -> str:
        if self._state.chunk is None:
            return ""
        return f"Chunk {self._state.chunk + 1} of {len(self._state.chunks)}: "

    def _step_text(self) -> str:
        index = self._state.chunk or 0
        chunk = self._state.chunks[index]
        text = f"{self._chunk_label()}step {chunk.step} of {chunk.steps}"
        if self._state.step_seconds:
            text += f", {self._state.step_seconds:.1f} s a step"
        left = self._time_left()
        return f"{text}, {duration(left)} left" if left else text

    def _time_left(self) -> float:
        """Seconds, from this job's finished chunks, else from the steps of the first."""
        waiting = sum(c.status not in ("ready", "kept") for c in self._state.chunks)
        running = time.monotonic() - self._chunk_started
        if self._chunk_times:
            return max(0.0, waiting * self._chunk_times[-1] - running)
        chunk = self._state.chunks[self._state.chunk or 0]
        per_chunk = self._state.step_seconds * chunk.steps
        return max(0.0, waiting * per_chunk - running)

    def _chunk_text(self, event: ChunkReady) -> str:
        text = f"Chunk {event.chunk + 1} of {len(self._state.chunks)} ready: "
        text += f"{event.frame_count} frames in {duration(event.seconds)}"
        if event.peak_vram:
            text += f", peak {event.peak_vram / GIB:.1f} GiB"
        return text

    def _rewrite(self, text: str) -> None:
        if not self._live:
            return
        self._out.write("\r" + text.ljust(self._width))
        self._width = len(text)
        self._out.flush()

    def _clear(self) -> None:
        if self._live and self._width:
            self._out.write("\r" + " " * self._width + "\r")
            self._out.flush()
        self._width = 0

    def _line(self, text: str) -> None:
        if self._quiet:
            return
        self._clear()
        self._out.write(text + "\n")
        self._out.flush()
