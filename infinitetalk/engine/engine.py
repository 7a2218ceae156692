"""`Engine.generate`: a prepared job in, events out. The one place that catches."""

import logging
import threading
import traceback
from collections.abc import Iterator

from infinitetalk.engine.control import Control, JobLockType, StopNowError
from infinitetalk.engine.prepare import PreparedJob
from infinitetalk.errors import EngineError, ErrorReport
from infinitetalk.event import Cancelled, Event, Failed

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
        try:
            from infinitetalk.engine.renderer import Renderer

            renderer = Renderer(prepared, control, lock)
            try:
                for event in renderer.events():
                    chunk = getattr(event, "chunk", chunk)
                    if type(event).__name__ == "ChunkReady":
                        ready.add(chunk or 0)
                        chunk = None
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
            yield Failed(job_id=job_id, report=_unexpected(error, len(ready)), chunk=chunk)


def _safe(report: ErrorReport, ready: int) -> ErrorReport:
    if report.safe or not ready:
        return report
    data = report.to_json()
    data["safe"] = f"{ready} finished chunks are safe."
    return ErrorReport.from_json(data)


def _unexpected(error: Exception, ready: int) -> ErrorReport:
    place = traceback.extract_tb(error.__traceback__)[-1]
    return ErrorReport(
        code="engine.fault",
        title="The engine made a mistake",
        detail=f"{type(error).__name__} in {place.name}: {error}",
        remedy="Try again; if it stays, send the log (see --debug).",
        safe=f"{ready} finished chunks are safe." if ready else "",
    )
