"""Models as the window knows them: what can be loaded, what is here, what is on its way.

Lives as long as the program, so that work goes on when the model page is closed.
"""

import itertools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QLocale, QObject, QTimer, Signal

from desktop.messages import Messages, Remedy
from desktop.state.engine_link import EngineLink
from desktop.state.model_rows import (
    Catalog,
    Row,
    Sums,
    View,
    moved,
    read_catalog,
    rows_of,
    sets_for,
    sets_to_convert,
    sums_of,
    transformer_is_here,
)
from desktop.state.settings import SettingsState
from infinitetalk import wire
from infinitetalk.errors import ErrorReport
from infinitetalk.event import DownloadProgress, ImportProgress
from infinitetalk.paths import data_folder
from infinitetalk.plan import Machine, precision_to_download

_SHOW_MS = 120  # reports of several files are shown together
_ENDED = ("finished", "failed", "cancelled")
_MB = 1_000_000

Told = Callable[[ErrorReport], object]


def _tr(text: str) -> str:
    return QCoreApplication.translate("models", text)


class ModelsState(QObject):
    """Catalog, choice, downloads and conversions. All work is the engine's."""

    changed = Signal()
    page_wanted = Signal()  # a message's button asks for the model page

    def __init__(self, settings: SettingsState, engine: EngineLink, messages: Messages) -> None:
        super().__init__()
        self._settings, self._engine, self._messages = settings, engine, messages
        self.catalog = Catalog()
        self.problem: ErrorReport | None = None  # why there is no catalog
        self.rows: tuple[Row, ...] = ()
        self.rate = 0.0
        self.paused = False
        self._raw: Mapping[str, Any] | None = None
        self._numbers = itertools.count(1)
        self._loads: dict[str, tuple[str, ...]] = {}  # running downloads: task -> parts
        self._files: dict[str, dict[str, DownloadProgress]] = {}  # part -> file -> last report
        self._failures: dict[str, ErrorReport] = {}
        self._sizes: dict[str, int] = {}
        self._converting: dict[str, ImportProgress] = {}  # set -> last report
        self._imports: dict[str, ImportProgress] = {}  # others, by task
        self._tries = 0  # of going on after the engine had ended
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SHOW_MS)
        self._soon.timeout.connect(self._show)
        engine.task_progress.connect(self._progress)
        engine.machine_changed.connect(self._machine_changed)
        settings.changed.connect(self._settings_changed)
        engine.ended.connect(self._engine_ended)

    # What is asked of it

    @property
    def folder(self) -> Path:
        chosen = self._settings.value.models_folder
        return Path(chosen) if chosen else data_folder() / "models"

    @property
    def loading(self) -> bool:
        return bool(self._loads)

    @property
    def converting(self) -> bool:
        return bool(self._converting)

    @property
    def busy(self) -> bool:
        return self.loading or self.converting or bool(self._imports)

    @property
    def chosen(self) -> tuple[str, ...]:
        """Parts that are wanted: the user's, else what suits the card."""
        known = {part.name for part in self.catalog.parts}
        own = tuple(name for name in self._settings.value.model_parts if name in known)
        return own or self.catalog.needed

    @property
    def precision(self) -> str:
        """Of the published files that suit this card."""
        return precision_to_download(self._engine.machine or Machine())

    @property
    def sums(self) -> Sums:
        convert = self._settings.value.convert_models
        return sums_of(self.catalog, self.rows, self.chosen, convert=convert)

    @property
    def seconds_left(self) -> float | None:
        """Of what is being loaded; before that, at the speed that was last measured."""
        rate = self.rate if self.loading else self._settings.value.download_speed
        return self.sums.to_load / rate if rate > 0 else None

    def row(self, part: str) -> Row | None:
        return next((row for row in self.rows if row.part.name == part), None)

    def network(self) -> wire.NetworkChoice:
        value = self._settings.value
        proxy = {"system": None, "none": ""}.get(value.proxy, value.proxy)
        return wire.NetworkChoice(
            mirror=value.mirror,
            proxy=proxy,
            rate_limit=self._limit(),
            at_once=max(value.files_at_once, 1),
        )

    def _limit(self) -> int | None:
        limit = self._settings.value.speed_limit_mb
        return max(round(limit * _MB), 1) if limit > 0 else None

    # Looking

    def refresh(self) -> None:
        """Asks what the catalog has and what of it is here; no server is asked."""
        self._engine.ask(wire.ListCatalog(folder=self.folder), self._listed, self._not_listed)

    def choose_folder(self, folder: Path) -> None:
        self._settings.update(models_folder=str(folder))
        self._failures.clear()
        self._engine.list_weights(str(folder))
        self.refresh()

    def choose(self, part: str, *, on: bool) -> None:
        names = [name for name in self.chosen if name != part] + ([part] if on else [])
        order = [one.name for one in self.catalog.parts]
        self._settings.update(model_parts=tuple(sorted(names, key=order.index)))

    def _listed(self, data: Mapping[str, Any]) -> None:
        self._raw, self.problem = data, None
        moving = {part for parts in self._loads.values() for part in parts}
        self._files = {part: files for part, files in self._files.items() if part in moving}
        self.catalog = read_catalog(data, self.precision, _language())
        self._show()

    def _not_listed(self, report: ErrorReport) -> None:
        self.problem = report
        self.changed.emit()

    def _settings_changed(self, names: frozenset[str]) -> None:
        if names & {"convert_models", "speed_limit_mb", "model_parts"}:
            self._show()

    def _machine_changed(self) -> None:
        if self._raw is not None:
            self.catalog = read_catalog(self._raw, self.precision, _language())
            self._show()

    def ask_plan(self, done: Callable[[Mapping[str, Any]], object], refused: Told) -> None:
        """Asks the hub for sizes, licenses and what is missing of the chosen parts."""

        def planned(data: Mapping[str, Any]) -> None:
            plan = data["plan"]
            sizes: dict[str, int] = {}
            for file in plan["files"]:
                sizes[file["part"]] = sizes.get(file["part"], 0) + int(file["size"])
            self._sizes.update(sizes)
            self._show()
            done(plan)

        message = wire.PlanDownload(
            sets=sets_for(self.catalog, self.chosen),
            parts=self.chosen,
            folder=self.folder,
            network=self.network(),
            conversion=self._settings.value.convert_models,
        )
        self._engine.ask(message, planned, refused)

    # Loading

    def start(self, parts: Sequence[str] = (), *, replace: bool = False) -> None:
        """Loads the chosen parts, or those named. `replace`: also where another file lies."""
        wanted = tuple(parts) or self.chosen
        task = f"download {next(self._numbers)}"
        self._loads[task] = wanted
        for part in wanted:
            self._failures.pop(part, None)
            self._files.pop(part, None)
        self._settings.update(download_open=True)
        message = wire.Download(
            task=task,
            sets=sets_for(self.catalog, wanted),
            parts=wanted,
            folder=self.folder,
            network=self.network(),
            conversion=self._settings.value.convert_models,
            replace=replace,
        )
        self._engine.ask(message, None, lambda report: self._load_ended(task, "failed", report))
        self._show()

    def load_again(self, part: str) -> None:
        self.start((part,), replace=True)

    def pause(self, *, on: bool = True) -> None:
        """Downloads and conversions wait, or go on."""
        self.paused = on
        for task in (*self._loads, *self._converting_tasks(), *self._imports):
            self._engine.ask(wire.PauseTask(task=task, paused=on))
        self._show()

    def try_now(self) -> None:
        """Waiting files are asked for at once: a pause and its end cut every wait short."""
        for on in (True, False):
            for task in self._loads:
                self._engine.ask(wire.PauseTask(task=task, paused=on))

    def cancel(self) -> None:
        """Ends downloads and imports; what has arrived is kept."""
        for task in (*self._loads, *self._converting_tasks(), *self._imports):
            self._engine.ask(wire.CancelTask(task=task))

    def limit_speed(self, megabytes: float) -> None:
        """MB/s over all files; 0 for none. Holds at once."""
        self._settings.update(speed_limit_mb=megabytes)
        self._engine.ask(wire.LimitRate(rate=self._limit()))

    def save_token(
        self, token: str, done: Callable[[Mapping[str, Any]], object], refused: Told
    ) -> None:
        """Hands the token to the key store; an empty one is forgotten. It is kept nowhere here."""
        message = wire.SaveToken(token=token, mirror=self._settings.value.mirror)
        self._engine.ask(message, done, refused)

    # What is made of the files, and taken in from elsewhere

    def convert(self, name: str) -> None:
        """Makes a set's block store from what is here, or goes on with it."""
        one = next(one for one in self.catalog.sets if one.name == name)
        task = _convert_task(name)
        self._converting[name] = ImportProgress(task=task, done=0, total=0, status="waiting")
        message = wire.ImportWeights(
            task=task,
            source=self.folder,
            target=self.folder,
            precision=one.precision,
            speakers=one.speakers,
        )
        self._engine.ask(message, None, lambda report: self._convert_ended(name, report))
        self._show()

    def stop_converting(self, name: str) -> None:
        self._engine.ask(wire.CancelTask(task=_convert_task(name)))

    def search(
        self,
        folder: Path | None,
        done: Callable[[Sequence[Mapping[str, Any]]], object],
        refused: Told,
    ) -> None:
        """What other programs left in a folder, or where they usually keep models."""
        self._engine.ask(
            wire.SearchModels(folder=folder), lambda data: done(data["places"]), refused
        )

    def take_in(
        self, source: Path, paths: Sequence[str], *, copy: bool = False, check: bool = False
    ) -> str:
        """Uses files of another program where they are, or copies them; the task's name."""
        task = f"import {next(self._numbers)}"
        self._imports[task] = ImportProgress(task=task, done=0, total=0, status="waiting")
        message = wire.ImportWeights(
            task=task,
            source=source,
            target=self.folder,
            precision="",
            paths=tuple(Path(path) for path in paths),
            copy=copy,
            check=check,
        )
        self._engine.ask(message, None, lambda report: self._import_ended(task, report))
        self._show()
        return task

    def taking_in(self, task: str) -> ImportProgress | None:
        return self._imports.get(task)

    def forget(self, path: str) -> None:
        """A file of another program is no longer used; it stays where it is."""
        self._engine.ask(
            wire.ForgetModel(folder=self.folder, path=Path(path)), lambda _: self.look_again()
        )

    def _converting_tasks(self) -> list[str]:
        return [progress.task for progress in self._converting.values()]

    # What the engine reports

    def _progress(self, event: object) -> None:
        if isinstance(event, DownloadProgress):
            self._download_progress(event)
        elif isinstance(event, ImportProgress):
            self._import_progress(event)

    def _download_progress(self, event: DownloadProgress) -> None:
        if event.task not in self._loads:
            return
        if not event.file:
            if event.status in _ENDED:
                self._load_ended(event.task, event.status, event.error)
            return
        self._files.setdefault(event.part, {})[event.file] = event
        self.rate = event.rate
        self._show_soon()

    def _import_progress(self, event: ImportProgress) -> None:
        for name, known in list(self._converting.items()):
            if known.task == event.task:
                if event.status in _ENDED:
                    self._convert_ended(name, event.error)
                else:
                    self._converting[name] = event
        if event.task in self._imports:
            if event.status in _ENDED:
                self._import_ended(event.task, event.error)
            else:
                self._imports[event.task] = event
        self._show_soon()

    def _load_ended(self, task: str, status: str, report: ErrorReport | None) -> None:
        parts = self._loads.pop(task, ())
        for part in parts:
            known = moved(self._files.get(part, {}))
            if known.report is not None and known.status in ("failed", "different"):
                self._failures[part] = known.report
            if known.status != "ready":  # what is here is shown so until the engine lists it
                self._files.pop(part, None)
        if report is not None:
            place = [Remedy(text=_tr("Models…"), act=self.page_wanted.emit)]
            self._messages.show("error", report, tuple(place))
        if not self._loads:
            rate, self.rate = self.rate, 0.0
            self.paused = self.paused and self.busy
            if rate > 0:
                self._settings.update(download_speed=rate)
            self._settings.update(download_open=status == "failed")
        if status == "finished":
            self._tries = 0
        self.look_again(convert=status == "finished" and not self._loads)

    def _convert_ended(self, name: str, report: ErrorReport | None) -> None:
        self._converting.pop(name, None)
        if report is not None:
            self._messages.show("error", report)
        self.look_again()

    def _import_ended(self, task: str, report: ErrorReport | None) -> None:
        self._imports.pop(task, None)
        if report is not None:
            self._messages.show("error", report)
        self.look_again()

    def look_again(self, *, convert: bool = False) -> None:
        """Lists what is here now; then converts what has just arrived, where that is wanted."""
        self._engine.list_weights(self._settings.value.models_folder)

        def listed(data: Mapping[str, Any]) -> None:
            self._listed(data)
            if convert and self._settings.value.convert_models:
                for one in sets_to_convert(self.catalog, self.chosen):
                    if transformer_is_here(self.catalog, one) and one.name not in self._converting:
                        self.convert(one.name)

        self._engine.ask(wire.ListCatalog(folder=self.folder), listed, self._not_listed)

    def _engine_ended(self, code: int) -> None:
        """Every byte is kept; downloads go on with the next engine, once without asking."""
        del code
        loads, self._loads = self._loads, {}
        self._files.clear()
        self._converting.clear()
        self._imports.clear()
        self.rate, self.paused = 0.0, False
        if loads and self._tries == 0:
            self._tries = 1
            for parts in loads.values():
                self.start(parts)
        elif loads:
            self.offer_to_go_on()
        self._show()

    def offer_to_go_on(self) -> None:
        """A download was begun earlier and has not ended: says so, with a button."""
        if not self._settings.value.download_open or self.loading:
            return
        self._messages.notice(
            _tr("A download is not finished"),
            _tr("What has arrived is kept; it goes on from there."),
            Remedy(text=_tr("Go on"), act=self.go_on),
            Remedy(text=_tr("Models…"), act=self.page_wanted.emit),
            code="download.open",
        )

    def go_on(self) -> None:
        """Takes up an earlier download."""

        def listed(data: Mapping[str, Any]) -> None:
            self._listed(data)
            if not self.loading:
                self.start()

        self._engine.ask(wire.ListCatalog(folder=self.folder), listed, self._not_listed)

    # Showing

    def _show_soon(self) -> None:
        if not self._soon.isActive():
            self._soon.start()

    def _show(self) -> None:
        self._soon.stop()
        self.rows = rows_of(
            View(
                catalog=self.catalog,
                chosen=frozenset(self.chosen),
                moving={part: moved(files) for part, files in self._files.items() if files},
                failures=self._failures,
                converting=self._converting,
                sizes=self._sizes,
                rate=self.rate,
            )
        )
        self.changed.emit()


def _language() -> str:
    """Of the window: the catalog brings its own words."""
    return QLocale().name().partition("_")[0]


def _convert_task(name: str) -> str:
    return f"convert {name}"
