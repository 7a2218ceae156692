"""Questions to the engine with callbacks, and its last answers about machine and weights."""

import contextlib
import json
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from desktop.loading.background import Background
from desktop.pipeline_thread import PipelineThread
from infinitetalk.errors import ErrorReport
from infinitetalk.event import MachineFound, WeightsListed
from infinitetalk.paths import data_folder, miniature_folder
from infinitetalk.plan import Machine, WeightsFacts
from infinitetalk.wire import Answer, ListWeights, Message, Probe
from infinitetalk.wire.plain import from_plain, to_plain

_CACHE = "window.json"

Done = Callable[[Mapping[str, Any]], object]
Refused = Callable[[ErrorReport], object]


class EngineLink(QObject):
    """The engine as the rest of the window knows it. Works from cached answers until it is up."""

    event_received = Signal(object)  # infinitetalk.event.Event
    task_progress = Signal(object)  # DownloadProgress or ImportProgress
    machine_changed = Signal()
    weights_changed = Signal()
    ended = Signal(int)

    def __init__(self, thread: PipelineThread, cache_folder: Path, background: Background) -> None:
        super().__init__()
        self.thread_of_engine, self._background = thread, background
        self._cache = cache_folder / _CACHE
        self._writing = threading.Lock()
        self._asked: dict[int, tuple[Done | None, Refused | None]] = {}
        self.machine: Machine | None = None
        self.weights: dict[str, WeightsFacts] = {}  # by folder, or "miniature"
        self.unusable: dict[str, ErrorReport] = {}  # folders that hold no whole model, and why
        self.probed = False  # this start's own answer, not the cached one
        self.model_in_use: Callable[[], str] = str  # of the open project, wherever it lies
        self._read_cache()
        thread.answered.connect(self._answered)
        thread.event_received.connect(self.event_received)
        thread.host_event_received.connect(self._host_event)
        thread.engine_ended.connect(self._ended)

    def ask(
        self, message: Message, done: Done | None = None, refused: Refused | None = None
    ) -> None:
        if not self.thread_of_engine.isRunning():
            self.thread_of_engine.start()
        self._asked[self.thread_of_engine.send(message)] = (done, refused)

    def restart(self, then: Callable[[], object]) -> None:
        """Ends the engine's process; `then` is called when it is gone, and may start another."""
        if self.thread_of_engine.host is None:
            then()
            return

        def gone(_: int) -> None:
            self.ended.disconnect(gone)
            then()

        self.ended.connect(gone)
        self.thread_of_engine.kill_engine()

    def look_around(self, jobs_folder: Path, models_folder: str = "") -> None:
        """Asks what machine this is and which weights are there."""
        self.probe(jobs_folder)
        self.list_weights(models_folder)

    def probe(
        self, jobs_folder: Path, *, measure: bool = False, models_folder: Path | None = None
    ) -> None:
        """Looks at the machine; `measure`: also at how fast models are read, in a second."""
        self.ask(Probe(folder=jobs_folder, measure=measure, models=models_folder))

    def list_weights(self, models_folder: str = "", done: Done | None = None) -> None:
        """Looks in the user's folder, in each folder below it, for the miniature and the model of
        the open project.
        """
        folders = model_folders(models_folder)
        used = self.model_in_use()
        if Path(used).is_absolute() and Path(used) not in folders:
            folders = (*folders, Path(used))
        self.ask(ListWeights(folders=folders), done)

    def _answered(self, answer: Answer) -> None:
        done, refused = self._asked.pop(answer.id or 0, (None, None))
        if answer.error is not None:
            if refused is not None:
                refused(answer.error)
            return
        if "machine" in answer.data:
            self._host_event(MachineFound(machine=answer.data["machine"]))
        if "weights" in answer.data:
            self._host_event(WeightsListed(weights=tuple(answer.data["weights"])))
        if done is not None:
            done(answer.data)

    def _host_event(self, event: object) -> None:
        if isinstance(event, MachineFound):
            self.machine = machine_of(event.machine)
            self.probed = True
            self.machine_changed.emit()
            self._write_cache()
        elif isinstance(event, WeightsListed):
            self.weights = weights_of(event.weights)
            self.unusable = {
                str(entry["path"]): ErrorReport.from_json(entry["error"])
                for entry in event.weights
                if entry.get("error")
                and not any(str(parent) in self.weights for parent in Path(entry["path"]).parents)
            }
            self.weights_changed.emit()
            self._write_cache()
        else:
            self.task_progress.emit(event)

    def _ended(self, code: int) -> None:
        waiting, self._asked = self._asked, {}
        report = ErrorReport(
            code="engine.ended",
            title="The engine ended unexpectedly",
            detail=f"Exit code {code}.",
            remedy="Try again, or save diagnostics.",
        )
        for _, refused in waiting.values():
            if refused is not None:
                refused(report)
        self.ended.emit(code)

    def _read_cache(self) -> None:
        with contextlib.suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
            data = json.loads(self._cache.read_text(encoding="utf-8"))
            self.machine = machine_of(data["machine"]) if data.get("machine") else None
            self.weights = weights_of(tuple(data.get("weights", ())))

    def _write_cache(self) -> None:
        self._background.submit(self._write, lambda _: None, priority=-1)

    def _write(self) -> None:
        """On another thread: a busy disk is no reason for the window to wait."""
        with self._writing, contextlib.suppress(OSError):
            machine, weights = self.machine, self.weights  # replaced whole, never changed
            data = {
                "machine": to_plain(machine) if machine else None,
                "weights": [{"path": path, **to_plain(facts)} for path, facts in weights.items()],
            }
            self._cache.parent.mkdir(parents=True, exist_ok=True)
            self._cache.write_text(json.dumps(data), encoding="utf-8")


def model_folders(chosen: str) -> tuple[Path, ...]:
    """Where models may lie: the chosen folder or the data folder, folders below it, the bundle."""
    base = Path(chosen) if chosen else data_folder() / "models"
    below: list[Path] = []
    with contextlib.suppress(OSError):
        below = sorted(entry for entry in base.iterdir() if entry.is_dir())
    return (base, *below, miniature_folder())


def machine_of(data: Mapping[str, Any]) -> Machine:
    """plan.Machine from its JSON form; fields of a newer engine are passed over."""
    return from_plain(Machine, data)


def weights_of(entries: tuple[Mapping[str, Any], ...]) -> dict[str, WeightsFacts]:
    """Weights by folder; the miniature goes by its name. Unusable ones are left out."""
    return {
        place_of(entry): from_plain(WeightsFacts, entry)
        for entry in entries
        if entry.get("usable", True)
    }


def place_of(entry: Mapping[str, Any]) -> str:
    """How a project names a model: its folder, or "miniature"."""
    path = str(entry["path"])
    return "miniature" if Path(path) == miniature_folder() else path
