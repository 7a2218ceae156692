"""`Engine.generate`: a prepared job in, events out. The one place that catches."""

import logging
import threading
import traceback
from collections.abc import Iterator

from infinitetalk.engine.control import Control, JobLockType, StopNowError
from infinitetalk.engine.prepare import PreparedJob
from infinitetalk.errors import EngineError, ErrorReport
from infinitetalk.event import Cancelled, Event, Failed, StepDone

log = logging.getLogger(__name__)


class Engine:
    """Renders prepared jobs, one at a time. torch is imported with the first."""

    def generate(
        self,
        prepared: PreparedJob,
        control: Control | None = None,
        lock: JobLockType | None = None,
    ) -> Iterator[Event]:
        """Renders what the job lacks. Ends with Finished, Paused, Cancelled or Failed.

        Every event is written to the job's log before it is given out. Nothing is raised but
        what the log itself can't take; the job's lock stays with the caller.
        """
        control = control or Control()
        job = prepared.job
        chunk: int | None = None
        for event in self._caught(prepared, control, lock or threading.RLock()):
            chunk = getattr(event, "chunk", chunk)
            try:
                job.events.append(event)
            except EngineError as error:
                yield Failed(job_id=job.job_id, report=error.report, chunk=chunk)
                return
            yield event

    def _caught(
        self, prepared: PreparedJob, control: Control, lock: JobLockType
    ) -> Iterator[Event]:
        job_id = prepared.job.job_id
        ready: set[int] = set()
        chunk: int | None = None
        step = 0  # of that chunk, the one that runs
        try:
            from infinitetalk.engine.renderer import Renderer

            renderer = Renderer(prepared, control, lock)
            try:
                for event in renderer.events():
                    chunk = getattr(event, "chunk", chunk)
                    step = event.step + 1 if isinstance(event, StepDone) else step
                    if type(event).__name__ == "ChunkReady":
                        ready.add(chunk or 0)
                        chunk, step = None, 0
                    yield event
            finally:
                renderer.close()
        except StopNowError:
            yield Cancelled(job_id=job_id, chunks_ready=len(ready))
        except EngineError as error:
            log.info("job %s failed: %s", job_id, error)
            yield Failed(job_id=job_id, report=_safe(error.report, len(ready)), chunk=chunk)
        except Exception as error:
            log.exception("job %s failed", job_id)
            report = _card_lost(chunk, step) if is_card_lost(error) else _unexpected(error)
            yield Failed(job_id=job_id, report=_safe(report, len(ready)), chunk=chunk)


def _safe(report: ErrorReport, ready: int) -> ErrorReport:
    if report.safe or not ready:
        return report
    data = report.to_json()
    data["safe"] = f"{ready} finished chunks are safe."
    data["facts"] = {**report.facts, "safe_chunks": ready}
    return ErrorReport.from_json(data)


# What CUDA says when the card or its driver is gone; torch has no type of its own for it.
_LOST_SIGNS = (
    "CUDA error: unknown error",
    "CUDA error: unspecified launch failure",
    "CUDA error: the launch timed out",
    "CUDA error: device-side assert triggered",
    "CUDA error: an illegal memory access",
    "CUDA error: no CUDA-capable device",
    "CUDA error: all CUDA-capable devices are busy or unavailable",
    "CUDA driver error",
    "GPU is lost",
    "fallen off the bus",
)


def is_card_lost(error: BaseException) -> bool:
    """Whether the card stopped answering: nothing further can be computed in this process."""
    return isinstance(error, RuntimeError) and any(sign in str(error) for sign in _LOST_SIGNS)


def _card_lost(chunk: int | None, step: int) -> ErrorReport:
    where = f" at chunk {chunk + 1}, step {step + 1}" if chunk is not None else ""
    return ErrorReport(
        code="gpu.lost",
        title="The graphics card stopped answering",
        detail=f"Its driver was reset{where}.",
        remedy="Try again; if it comes back, look at power supply, heat and overclocking.",
        facts={"chunk": chunk, "step": step},
    )


def _unexpected(error: Exception) -> ErrorReport:
    place = traceback.extract_tb(error.__traceback__)[-1]
    return ErrorReport(
        code="engine.fault",
        title="The engine made a mistake",
        detail=f"{type(error).__name__} in {place.name}: {error}",
        remedy="Try again; if it stays, send the log (see --debug).",
        facts={"kind": type(error).__name__, "where": place.name},
    )
