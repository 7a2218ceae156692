"""Downloads and imports beside the jobs: one of each at a time, the others wait their turn."""

import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from dataclasses import replace as changed
from pathlib import Path
from typing import Any

from infinitetalk.errors import EngineError, ErrorReport, engine_error
from infinitetalk.event import DownloadProgress, ImportProgress
from infinitetalk.serve import removals
from infinitetalk.serve.catalog import listed_catalog
from infinitetalk.serve.voice import Voice
from infinitetalk.weights import found
from infinitetalk.weights.download import token as tokens
from infinitetalk.weights.download.catalog import read_catalog
from infinitetalk.weights.download.control import DownloadCancelled, DownloadControl
from infinitetalk.weights.download.plan import DownloadPlan, plan_download, stand_ins
from infinitetalk.weights.download.run import Download as Loading
from infinitetalk.weights.download.settings import HUB, Network
from infinitetalk.weights.download.version_check import check_version
from infinitetalk.weights.found_copy import copy_found
from infinitetalk.wire import (
    CancelTask,
    CheckVersion,
    Download,
    ForgetModel,
    ImportWeights,
    LimitRate,
    ListCatalog,
    NetworkChoice,
    PauseTask,
    PlanDownload,
    PlanRemoval,
    RemoveWeights,
    SaveToken,
    SearchModels,
)
from infinitetalk.wire.plain import to_plain

log = logging.getLogger(__name__)

Result = dict[str, Any]
TaskMessage = (
    ListCatalog
    | PlanDownload
    | Download
    | SearchModels
    | ImportWeights
    | ForgetModel
    | PlanRemoval
    | RemoveWeights
    | CheckVersion
    | CancelTask
    | PauseTask
    | LimitRate
    | SaveToken
)
SLOW = (
    ListCatalog,
    PlanDownload,
    SearchModels,
    PlanRemoval,
    RemoveWeights,
    CheckVersion,
    SaveToken,
)  # they wait for networks, disks, key stores
STEPS = 0.1  # seconds between two reports of an import
ASKED_TRIES = 3  # of a plan
ENDING = 8.0  # seconds that running tasks get when the engine ends


@dataclass
class _Task:
    """One download or import that was asked for."""

    message: Download | ImportWeights
    control: DownloadControl = field(default_factory=DownloadControl)
    loading: Loading | None = None

    @property
    def name(self) -> str:
        return self.message.task


class Tasks:
    """Answers the messages of the model manager. `weights_changed` is called from its threads."""

    def __init__(self, voice: Voice, weights_changed: Callable[[], None]) -> None:
        self._voice = voice
        self._weights_changed = weights_changed
        self._known: dict[str, _Task] = {}
        self._lock = threading.Lock()
        self._rate: int | None = None
        self._limited = False  # by a message of its own, which outranks those of downloads
        self._queues: dict[type, queue.SimpleQueue[_Task | None]] = {}
        self._threads: list[threading.Thread] = []

    def answer(self, message: TaskMessage) -> Result:
        match message:
            case ListCatalog():
                return listed_catalog(message.folder)
            case PlanDownload():
                # Someone looks at the screen: a few seconds, not the minutes of a download.
                network = changed(_network(message.network), tries=ASKED_TRIES)
                return {"plan": _plan(message, network, DownloadControl()).to_json()}
            case SearchModels():
                return {"places": _searched(message.folder)}
            case ForgetModel():
                known = found.forget(message.folder, message.path)
                self._weights_changed()
                return {"known": known}
            case PlanRemoval():
                removal, needs = removals.planned(message)
                return {"plan": {**removal.to_json(), **needs.to_json()}}
            case RemoveWeights():
                try:
                    return removals.removed(message)
                finally:
                    self._weights_changed()
            case CheckVersion():
                network = _network(message.network, asks_hub=False)
                return {"found": check_version(message.address, network).to_json()}
            case Download():
                read_catalog().choose(_sets(message))
                _network(message.network)
                return self._queue(message)
            case ImportWeights():
                return self._queue(message)
            case CancelTask():
                self._task(message.task).control.cancel()
            case PauseTask():
                control = self._task(message.task).control
                if message.paused:
                    control.pause()
                else:
                    control.go_on()
            case LimitRate():
                self._limit(message.rate)
            case SaveToken():
                address = Network(endpoint=message.mirror or HUB).endpoint
                if message.token:
                    tokens.save_token(address, message.token)
                else:
                    tokens.forget_token(address)
        return {}

    def close(self) -> None:
        """Ends what runs; bytes that arrived and blocks that were written are kept."""
        with self._lock:
            for task in self._known.values():
                task.control.cancel()
            for waiting in self._queues.values():
                waiting.put(None)
        for thread in self._threads:
            thread.join(ENDING)

    # -- the queues -------------------------------------------------------------------------------

    def _queue(self, message: Download | ImportWeights) -> Result:
        with self._lock:
            if message.task in self._known:
                raise engine_error(
                    "task.running",
                    "This task runs already",
                    f"{message.task} was asked for and has not ended.",
                    "Wait until it is done, or cancel it first.",
                    task=message.task,
                )
            task = self._known[message.task] = _Task(message)
            kind = type(message)
            if kind not in self._queues:
                self._queues[kind] = queue.SimpleQueue()
                thread = threading.Thread(
                    target=self._work, args=(self._queues[kind],), name=message.NAME, daemon=True
                )
                self._threads.append(thread)
                thread.start()
            self._queues[kind].put(task)
        return {}

    def _task(self, name: str) -> _Task:
        with self._lock:
            if name not in self._known:
                raise engine_error(
                    "task.unknown",
                    "There is no such task",
                    f"{name} has ended, or was never asked for.",
                    task=name,
                )
            return self._known[name]

    def _limit(self, rate: int | None) -> None:
        with self._lock:
            self._rate, self._limited = rate, True
            running = [task.loading for task in self._known.values() if task.loading is not None]
        for loading in running:
            loading.limit.set(rate)

    def _work(self, waiting: "queue.SimpleQueue[_Task | None]") -> None:
        while (task := waiting.get()) is not None:
            status, report = "finished", None
            try:
                task.control.wait_until_running()
                if isinstance(task.message, Download):
                    self._load(task, task.message)
                else:
                    self._import(task, task.message)
            except DownloadCancelled:
                status = "cancelled"
            except EngineError as error:
                status, report = "failed", error.report
            except Exception as error:
                log.exception("task %s failed", task.name)
                status = "failed"
                report = ErrorReport(
                    code="engine.fault",
                    title="The engine made a mistake",
                    detail=f"{type(error).__name__}: {error}",
                    remedy="Try again; the log has the details.",
                )
            with self._lock:
                del self._known[task.name]  # it may be asked for again from here on
            self._weights_changed()
            self._tell_end(task, status, report)

    def _tell_end(self, task: _Task, status: str, report: ErrorReport | None) -> None:
        if isinstance(task.message, ImportWeights):
            self._voice.tell(
                ImportProgress(task=task.name, done=0, total=0, status=status, error=report)  # type: ignore[arg-type]  # one of its words
            )
            return
        size = task.loading.plan.size if task.loading is not None else 0
        done = size if status == "finished" else 0
        self._voice.tell(
            DownloadProgress(
                task=task.name,
                file="",
                done=done,
                total=size,
                rate=0.0,
                status=status,  # type: ignore[arg-type]  # one of its words
                error=report,
            )
        )

    # -- the work ---------------------------------------------------------------------------------

    def _load(self, task: _Task, message: Download) -> None:
        network = _network(message.network)
        with self._lock:
            if self._limited:
                network = changed(network, rate_limit=self._rate)
        self._voice.tell(
            DownloadProgress(
                task=task.name, file="", done=0, total=0, rate=0.0, status="waiting", error=None
            )
        )
        plan = _plan(message, network, task.control)
        loading = Loading(
            plan=plan,
            network=network,
            tell=self._voice.tell,
            task=task.name,
            replace=message.replace,
            control=task.control,
        )
        with self._lock:
            task.loading = loading
        loading.run()

    def _import(self, task: _Task, message: ImportWeights) -> None:
        follow = _Follow(task, self._voice)
        follow.tell(0, 0, "running")
        if not _same(message.source, message.target):
            _take_in(message, follow)
        if not message.precision:
            return
        from infinitetalk.weights.folder import find_model
        from infinitetalk.weights.store_model import import_transformer

        import_transformer(
            find_model(message.target),
            message.precision,
            target=message.target,
            speakers=message.speakers,
            progress=follow.written,
            check_cancel=follow.check_cancel,
        )


class _Follow:
    """Tells how far an import is, and stops it where it is asked to wait or to end."""

    def __init__(self, task: _Task, voice: Voice) -> None:
        self._task, self._voice = task, voice
        self._last = (0, 0)
        self._told = 0.0

    def tell(self, done: int, total: int, status: str) -> None:
        self._last = (done, total)
        self._voice.tell(
            ImportProgress(task=self._task.name, done=done, total=total, status=status)  # type: ignore[arg-type]  # one of its words
        )

    def written(self, done: int, total: int) -> None:
        """Reading back counts as much as writing (store_import, found_copy)."""
        now = time.monotonic()
        if now - self._told >= STEPS or done >= total:
            self._told = now
            self.tell(done, total, "running" if done * 2 < total else "checking")

    def read(self, path: Path, done: int, total: int) -> None:
        del path
        self.check_cancel()
        now = time.monotonic()
        if now - self._told >= STEPS:
            self._told = now
            self.tell(done, total, "checking")

    def check_cancel(self) -> None:
        """A pause waits here. Raises DownloadCancelled."""
        self._task.control.wait_until_running(lambda: self.tell(*self._last, "paused"))


def _take_in(message: ImportWeights, follow: _Follow) -> None:
    """What the source holds is used where it is, or copied."""
    search = found.search(message.source, follow.read if message.check else None)
    wanted = {str(path.absolute()) for path in message.paths}
    files = [one for one in search.found if not wanted or one.path in wanted]
    if message.copy:
        copy_found(
            files,
            message.source,
            message.target,
            progress=follow.written,
            check_cancel=follow.check_cancel,
        )
    else:
        found.remember(message.target, files)


def _same(one: Path, other: Path) -> bool:
    return one.absolute() == other.absolute()


def _sets(message: PlanDownload | Download) -> tuple[str, ...]:
    if isinstance(message, Download) and message.file:
        return (message.file, *message.sets)
    return message.sets


def _network(choice: NetworkChoice, *, asks_hub: bool = True) -> Network:
    """`asks_hub`: the user's token may be sent there."""
    endpoint = choice.mirror or HUB
    return Network(
        endpoint=endpoint,
        proxy=choice.proxy,
        token=tokens.read_token(endpoint) if asks_hub else None,
        rate_limit=choice.rate_limit,
        at_once=max(1, choice.at_once),
    )


def _plan(
    message: PlanDownload | Download, network: Network, control: DownloadControl
) -> DownloadPlan:
    return plan_download(
        read_catalog().choose(_sets(message)),
        message.folder,
        network,
        parts=message.parts,
        conversion=message.conversion,
        elsewhere=stand_ins(message.folder),
        control=control,
    )


def _searched(folder: Path | None) -> list[Result]:
    places = [folder] if folder is not None else found.usual_places()
    return [to_plain(found.search(place)) for place in places]
