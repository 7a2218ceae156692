"""One listener's session: messages in, answers and events out.

Quick messages are answered at once; those that read media, weights or write videos run in threads,
so that a plan is answered while a job renders.
"""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

from infinitetalk import __version__, paths
from infinitetalk.engine.model import ModelChoice
from infinitetalk.engine.prepare import make_plan, prepare_job, reopen_job
from infinitetalk.engine.results import check_out
from infinitetalk.errors import EngineError, ErrorReport, engine_error
from infinitetalk.event import MachineFound, WeightsListed
from infinitetalk.plan import Machine
from infinitetalk.probe import machine, machine_to_json
from infinitetalk.probe.disk_rate import read_rate
from infinitetalk.project import edits
from infinitetalk.project.job import is_job_folder
from infinitetalk.serve.catalog import listed_weights
from infinitetalk.serve.exports import Exports
from infinitetalk.serve.jobs import JobQueue, QueuedJob, editable, statuses_of, tell_changes
from infinitetalk.serve.tasks import SLOW, Tasks
from infinitetalk.serve.voice import Voice
from infinitetalk.wire import (
    WIRE_VERSION,
    Answer,
    CancelTask,
    ChangeRequest,
    CheckWeights,
    ChooseTake,
    Edit,
    Export,
    Hello,
    Keep,
    ListWeights,
    MakePlan,
    Message,
    Pause,
    Probe,
    Redo,
    RemoveTake,
    Resume,
    SetRange,
    ShutDown,
    Start,
    Stop,
    decode_message,
)

log = logging.getLogger(__name__)

Result = dict[str, Any]


class Session:
    """Reads messages until the end of input or `shut_down`."""

    def __init__(self, source: BinaryIO, out: BinaryIO) -> None:
        self._source = source
        self._voice = Voice(out)
        self._queue = JobQueue(self._voice)
        self._pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="asked")
        self._starting = threading.Lock()  # jobs are prepared in the order they were asked for
        self._model_files: dict[str, Any] = {}
        self._disk_read = 0.0  # bytes per second, once measured
        self._exports = Exports(self._voice, self._queue.is_rendering)
        self._tasks = Tasks(self._voice, self._model_files.clear)
        self._over = False

    def run(self) -> None:
        try:
            while not self._over and not self._voice.gone.is_set():
                line = self._source.readline()
                if not line:
                    break
                if line.strip():
                    self._take(line)
        finally:
            self._exports.close()
            self._tasks.close()
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._queue.close()

    def _take(self, line: bytes) -> None:
        asked = decode_message(line)
        if isinstance(asked, Answer):  # it could not be understood
            report = asked.error
            assert report is not None
            self._voice.refuse(asked.id, report)
            return
        if isinstance(asked.message, ShutDown):
            self._over = True
            self._queue.close()
            self._voice.answer(asked.id)
            return
        if isinstance(asked.message, Export):
            self._exports.add(asked.message, lambda work: self._answer(asked.id, work))
            return
        work = self._work_for(asked.message)
        if isinstance(asked.message, (MakePlan, Start, CheckWeights, ListWeights, Probe)):
            self._pool.submit(self._answer, asked.id, work)
        elif isinstance(asked.message, SLOW):  # a network may take minutes; nothing waits for it
            threading.Thread(target=self._answer, args=(asked.id, work), daemon=True).start()
        else:
            self._answer(asked.id, work)

    def _answer(self, id: int, work: Callable[[], Result]) -> None:
        try:
            self._voice.answer(id, **work())
        except EngineError as error:
            self._voice.refuse(id, error.report)
        except Exception as error:
            log.exception("message %s failed", id)
            report = ErrorReport(
                code="engine.fault",
                title="The engine made a mistake",
                detail=f"{type(error).__name__}: {error}",
                remedy="Try again; the log has the details.",
            )
            self._voice.refuse(id, report)

    def _work_for(self, message: Message) -> Callable[[], Result]:
        match message:
            case Hello():
                return lambda: {"version": WIRE_VERSION, "program": f"infinitetalk {__version__}"}
            case Probe():
                return lambda: self._probe(message)
            case ListWeights():
                return lambda: self._list_weights(message)
            case CheckWeights():
                return lambda: _check_weights(message)
            case MakePlan():
                return lambda: self._plan(message)
            case Start():
                return lambda: self._start(message)
            case Pause():
                return lambda: _nothing(self._queue.pause())
            case Resume():
                return lambda: _nothing(self._queue.resume())
            case Stop():
                return lambda: {"chunks_ready": self._queue.stop()}
            case CancelTask():
                return lambda: self._cancel(message)
            case Edit() | Redo() | Keep() | ChooseTake() | RemoveTake() | SetRange():
                return lambda: self._edit(message)
            case ChangeRequest():
                return lambda: self._change_request(message)
            case ShutDown() | Export():  # taken before they get here
                return dict
            case _:
                return lambda: self._tasks.answer(message)

    # -- looking ----------------------------------------------------------------------------------

    def _probe(self, message: Probe) -> Result:
        if message.measure:
            self._disk_read = read_rate(message.models or paths.data_folder() / "models")
        found = machine_to_json(self._machine(message.folder))
        self._voice.tell(MachineFound(machine=found))
        return {"machine": found}

    def _machine(self, folder: Path | None = None) -> Machine:
        """This machine, with what was measured of it in this session."""
        return replace(machine(folder), disk_read=self._disk_read)

    def _list_weights(self, message: ListWeights) -> Result:
        folders = message.folders or (paths.data_folder() / "models", paths.miniature_folder())
        found = tuple(listed_weights(folders))
        self._voice.tell(WeightsListed(weights=found))
        return {"weights": found}

    def _plan(self, message: MakePlan) -> Result:
        made, _ = make_plan(
            message.request,
            self._files(message.model),
            self._machine(),
            frames=message.frames,
            vram_limit=message.vram_limit,
            leave_core_free=message.leave_core_free,
        )
        return {"plan": made.to_json()}

    def _files(self, model: str) -> Any:
        """Headers of a model folder, read once per session: a plan follows a slider."""
        if model not in self._model_files:
            self._model_files[model] = ModelChoice(name=model).find()
        return self._model_files[model]

    def _cancel(self, message: CancelTask) -> Result:
        return {} if self._exports.cancel(message.task) else self._tasks.answer(message)

    # -- jobs -------------------------------------------------------------------------------------

    def _start(self, message: Start) -> Result:
        choice = ModelChoice(name=message.model) if message.model else ModelChoice()
        if self._queue.find(message.job_folder) is not None:
            raise engine_error(
                "job.running",
                "This job runs already",
                f"{message.job_folder.name} is being rendered or waits for its turn.",
                "Edit it while it runs, or stop it first.",
            )
        if message.out is not None:
            check_out(message.out, message.job_folder, overwrite=message.overwrite)
        with self._starting:
            found = self._machine(message.job_folder)
            if message.request is not None and not is_job_folder(message.job_folder):
                prepared = prepare_job(
                    message.request,
                    choice,
                    message.job_folder,
                    found,
                    vram_limit=message.vram_limit,
                    leave_core_free=message.leave_core_free,
                )
            else:
                prepared = reopen_job(
                    message.job_folder,
                    found,
                    request=message.request,
                    model=choice,
                    vram_limit=message.vram_limit,
                    leave_core_free=message.leave_core_free,
                )
            timeline = edits.choose_range(prepared.job.timeline, message.frames)
            prepared.job.save_timeline(timeline)
            self._queue.add(
                QueuedJob(prepared=prepared, out=message.out, overwrite=message.overwrite)
            )
        return {"job_id": prepared.job.job_id}

    def _change_request(self, message: ChangeRequest) -> Result:
        with editable(self._queue, message.job_folder) as job:
            before = statuses_of(job)
            job.save_request(message.request)
            tell_changes(self._voice, job, before)
        return {}

    def _edit(self, message: Edit | Redo | Keep | ChooseTake | RemoveTake | SetRange) -> Result:
        answer: Result = {}
        with editable(self._queue, message.job_folder) as job:
            before = statuses_of(job)
            request, timeline = job.request, job.timeline
            match message:
                case Edit():
                    request, timeline = edits.edit(
                        request, timeline, message.chunk, message.settings
                    )
                case Redo():
                    request, timeline = edits.redo(
                        request,
                        timeline,
                        message.chunk,
                        message.settings,
                        keep_following=message.keep_following,
                    )
                    own = request.chunk_settings(message.chunk).seed
                    answer["seed"] = request.seed if own is None else own
                case Keep():
                    for index in message.chunks:
                        change = edits.keep if message.keep else edits.release
                        timeline = change(timeline, index)
                case ChooseTake():
                    request, timeline = edits.choose_take(
                        request, timeline, message.chunk, message.take
                    )
                case RemoveTake():
                    request, timeline = edits.remove_take(
                        request, timeline, message.chunk, message.take
                    )
                case SetRange():
                    timeline = edits.choose_range(timeline, message.frames)
            if request != job.request:
                job.save_request(request)
            job.save_timeline(timeline)
            tell_changes(self._voice, job, before)
        return answer


def _check_weights(message: CheckWeights) -> Result:
    from infinitetalk.weights.check import check

    return {"files": [report.to_json() for report in check(message.paths)]}


def _nothing(_: None) -> Result:
    return {}
