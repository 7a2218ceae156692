"""Exports beside the jobs: one at a time, with progress, at the lowest priority while a job runs."""

import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from infinitetalk.engine.export import export_job
from infinitetalk.errors import EngineError, engine_error
from infinitetalk.event import ExportProgress
from infinitetalk.media.ffmpeg import MediaCancelled, background_work
from infinitetalk.project.job import JobFolder
from infinitetalk.serve.voice import Voice
from infinitetalk.wire import Export

log = logging.getLogger(__name__)

Result = dict[str, Any]
Answered = Callable[[Callable[[], Result]], None]
_EVERY = 0.2  # seconds between two reports of progress


@dataclass
class _Wanted:
    """An export that was asked for, and how its one answer is given."""

    message: Export
    answer: Answered
    cancel: threading.Event = field(default_factory=threading.Event)


class Exports:
    """Writes videos one after the other in a thread of its own."""

    def __init__(self, voice: Voice, rendering: Callable[[], bool]) -> None:
        """`rendering`: whether a job runs, which exports shall not slow down."""
        self._voice, self._rendering = voice, rendering
        self._known: list[_Wanted] = []
        self._lock = threading.Lock()
        self._waiting: queue.SimpleQueue[_Wanted | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="exports", daemon=True)

    def add(self, message: Export, answer: Answered) -> None:
        """`answer` is called once, from the thread, with the work that gives the answer."""
        wanted = _Wanted(message, answer)
        with self._lock:
            if not self._known and not self._thread.is_alive():
                self._thread.start()
            self._known.append(wanted)
        self._waiting.put(wanted)

    def cancel(self, task: str) -> bool:
        """Ends the export of that name, running or waiting; False where there is none."""
        with self._lock:
            found = [w for w in self._known if w.message.task == task and task]
        for wanted in found:
            wanted.cancel.set()
        return bool(found)

    def close(self) -> None:
        """Ends what runs; nothing half done is left."""
        with self._lock:
            for wanted in self._known:
                wanted.cancel.set()
            started = self._thread.is_alive()
        self._waiting.put(None)
        if started:
            self._thread.join()

    def _work(self) -> None:
        while (wanted := self._waiting.get()) is not None:

            def work(wanted: _Wanted = wanted) -> Result:
                return self._run(wanted)

            wanted.answer(work)

    def _run(self, wanted: _Wanted) -> Result:
        message, status = wanted.message, "failed"
        told = 0.0

        def tick(fraction: float) -> None:
            nonlocal told
            if self._rendering():
                work.lower()
            now = time.monotonic()
            if now - told >= _EVERY:
                told = now
                self._tell(message, fraction, "running")

        try:
            if wanted.cancel.is_set():
                raise MediaCancelled
            self._tell(message, 0.0, "running")
            job = JobFolder.open(message.job_folder, write=False)
            with background_work(low=self._rendering()) as work:
                out = export_job(
                    job,
                    message.out,
                    message.choice,
                    overwrite=message.overwrite,
                    tick=tick,
                    cancel=wanted.cancel.is_set,
                )
            status = "finished"
            return {"out": out}
        except MediaCancelled:
            status = "cancelled"
            raise engine_error(
                "task.cancelled",
                "The export was stopped",
                f"{message.out.name} was not written.",
                safe="Nothing half done is left; the chunks are untouched.",
                task=message.task,
            ) from None
        except EngineError as error:
            log.info("export to %s refused: %s", message.out, error)
            raise
        finally:
            with self._lock:
                self._known.remove(wanted)
            self._tell(message, 1.0 if status == "finished" else 0.0, status)

    def _tell(self, message: Export, fraction: float, status: str) -> None:
        if message.task:
            self._voice.tell(
                ExportProgress(
                    task=message.task,
                    fraction=fraction,
                    status=status,  # type: ignore[arg-type]  # one of its words
                )
            )
