"""The buttons of messages: for each code what mends it (spec: ux.md 13)."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop import instances
from desktop.file_commands import FileCommands
from desktop.messages import Remedy
from desktop.state import mending, salvage
from desktop.state.card_wait import CardWait
from desktop.state.exports import RunningExport
from desktop.state.jobs import Job
from desktop.state.opening import Opener
from desktop.state.session import Session
from desktop.views.opened import Dialogs
from desktop.widgets.folders import DRIVER_PAGE, open_address
from infinitetalk.errors import ErrorReport

Buttons = list[Remedy]


class Remedies(QObject):
    """Finds the buttons of a report. `subject` is the job or the export that it is about."""

    def __init__(
        self,
        window: QWidget,
        session: Session,
        opener: Opener,
        files: FileCommands,
        dialogs: Dialogs,
        wait: CardWait,
    ) -> None:
        super().__init__()
        self._window, self._session, self._opener = window, session, opener
        self._files, self._dialogs, self._wait = files, dialogs, wait
        self._table: dict[str, Callable[[ErrorReport, Job | None], Buttons]] = {
            "vram.not_enough": self._smaller_or_again,
            "vram.retried": lambda *_: [Remedy(text=self.tr("What changed"), act=dialogs.log)],
            "ram.not_enough": self._ram,
            "disk.full": self._disk_full,
            "disk.not_enough": lambda *_: [self._models(self.tr("Choose another folder"))],
            "disk.read_only": self._read_only,
            "disk.slow": lambda *_: [self._models(self.tr("Move models to a faster disk"))],
            "weights.missing": lambda *_: self._download_or_import(self.tr("Download…")),
            "weights.corrupt": lambda *_: [self._models(self.tr("Download the damaged parts"))],
            "weights.wrong_kind": lambda *_: [self._models(self.tr("Import another…"))],
            "weights.unsafe": lambda *_: [self._models(self.tr("Download…"))],
            "weights.no_multi": self._no_multi,
            "lora.no_match": self._lora,
            "lora.missing": self._lora,
            "gpu.none": lambda *_: [self._models(self.tr("Miniature model"))],
            "gpu.driver_old": lambda *_: [
                Remedy(text=self.tr("Open download page"), act=partial(open_address, DRIVER_PAGE))
            ],
            "gpu.lost": self._gpu_lost,
            "gpu.busy": self._gpu_busy,
            "media.unreadable": self._unreadable,
            "media.missing": self._moved,
            "media.no_audio": lambda *_: [
                Remedy(text=self.tr("Choose speech…"), act=files.add_speech)
            ],
            "media.no_video": self._no_video,
            "media.too_large": self._other_file,
            "speech.silent": self._silent,
            "speech.unequal": self._unequal,
            "source.short": self._short,
            "source.crop": self._crop,
            "source.moved": self._moved,
            "source.changed": self._changed,
            "job.newer": self._newer,
            "job.damaged": self._damaged,
            "download.failed": self._download,
            "engine.ended": self._ended,
            "engine.fault": self._ended,
            "project.locked": self._locked,
        }

    def buttons(self, report: ErrorReport, subject: object) -> tuple[Remedy, ...]:
        """What can be done about it, the likeliest first."""
        if isinstance(subject, RunningExport):
            return tuple(self._export(subject))
        make = self._table.get(report.code)
        job = subject if isinstance(subject, Job) else None
        return tuple(make(report, job)) if make is not None else ()

    # Parts that several have

    def _models(self, text: str) -> Remedy:
        return Remedy(text=text, act=self._session.models.page_wanted.emit)

    def _download_or_import(self, download: str) -> Buttons:
        return [self._models(download), self._models(self.tr("Import…"))]

    def _again(self, job: Job | None, text: str = "") -> Remedy:
        return Remedy(
            text=text or self.tr("Try again"), act=partial(mending.go_on, self._session, job)
        )

    def _ask_file(self, title: str, then: Callable[[Path], object]) -> None:
        path, _ = QFileDialog.getOpenFileName(self._window, title)
        if path:
            then(Path(path))

    def _ask_folder(self, title: str, then: Callable[[Path], object]) -> None:
        path = QFileDialog.getExistingDirectory(self._window, title)
        if path:
            then(Path(path))

    def _choose(self, old: Path, text: str, job: Job | None) -> Remedy:
        """Another file in the place of `old`."""
        other = partial(mending.replace_file, self._session, old, job=job)
        return Remedy(text=text, act=lambda: self._ask_file(self.tr("Choose a file"), other))

    def _move(self, job: Job | None, text: str) -> Remedy:
        move = partial(self._moved_to, job)
        return Remedy(
            text=text, act=lambda: self._ask_folder(self.tr("Where the job shall go"), move)
        )

    def _moved_to(self, job: Job | None, folder: Path) -> None:
        mending.move_job(self._session, self._opener, folder, job)

    # Machine

    def _smaller_or_again(self, report: ErrorReport, job: Job | None) -> Buttons:
        del report
        smaller = Remedy(
            text=self.tr("Smaller size"), act=partial(mending.render_smaller, self._session, job)
        )
        return [smaller, self._again(job)]

    def _ram(self, report: ErrorReport, job: Job | None) -> Buttons:
        if "extra_seconds" in report.facts:  # what is planned does so already
            return [Remedy(text=self.tr("Keep blocks on disk"), act=_nothing)]
        return self._smaller_or_again(report, job)

    def _disk_full(self, report: ErrorReport, job: Job | None) -> Buttons:
        del report
        return [
            self._move(job, self.tr("Move job…")),
            Remedy(text=self.tr("Empty cache"), act=self._empty_cache, stays=True),
            self._again(job, self.tr("Go on")),
        ]

    def _empty_cache(self) -> None:
        from desktop.loading.cache import empty_cache

        session = self._session
        session.background.submit(
            empty_cache,
            lambda count: session.messages.notice(
                self.tr("The cache is empty"), self.tr("%n files", "", count), code="cache.emptied"
            ),
        )

    def _read_only(self, report: ErrorReport, job: Job | None) -> Buttons:
        del report
        return [self._move(job, self.tr("Choose another folder…"))]

    def _gpu_lost(self, report: ErrorReport, job: Job | None) -> Buttons:
        del report
        act = partial(mending.try_with_new_engine, self._session, job)
        return [Remedy(text=self.tr("Try again"), act=act)]

    def _gpu_busy(self, report: ErrorReport, job: Job | None) -> Buttons:
        del report
        needed = int(job.state.plan.get("peak_vram", 0)) if job is not None else 0
        return [
            Remedy(text=self.tr("Wait for it"), act=partial(self._wait.begin, needed)),
            Remedy(text=self.tr("Render anyway, slower"), act=self._wait.end),
        ]

    def _ended(self, report: ErrorReport, job: Job | None) -> Buttons:
        del report
        save = Remedy(text=self.tr("Save diagnostics…"), act=self._dialogs.diagnostics, stays=True)
        tries = job is None or job.phase == "needs_you"  # else it is tried again already
        return [self._again(job), save] if tries else [save]

    # Models

    def _no_multi(self, report: ErrorReport, job: Job | None) -> Buttons:
        del report
        one = partial(mending.one_speaker, self._session, job)
        return [
            self._models(self.tr("Download two-speaker weights")),
            Remedy(text=self.tr("Use one speaker"), act=one),
        ]

    def _lora(self, report: ErrorReport, job: Job | None) -> Buttons:
        path, session = str(report.facts.get("path", "")), self._session
        other = partial(_other_lora, session, path, job)
        return [
            Remedy(
                text=self.tr("Remove it"),
                act=partial(mending.without_lora, session, path, job),
            ),
            Remedy(
                text=self.tr("Choose another…"),
                act=lambda: self._ask_file(self.tr("Choose a LoRA"), other),
            ),
        ]

    def _download(self, report: ErrorReport, job: Job | None) -> Buttons:
        del report, job
        session = self._session
        return [
            Remedy(text=self.tr("Now"), act=session.models.go_on),
            Remedy(
                text=self.tr("Other address…"),
                act=partial(session.settings_wanted.emit, "downloads"),
            ),
            self._models(self.tr("Import…")),
        ]

    # Media

    def _unreadable(self, report: ErrorReport, job: Job | None) -> Buttons:
        path = _path(report)
        if path is None:
            return []
        repair = partial(salvage.repair, self._session, path)
        return [
            Remedy(text=self.tr("Try to repair a copy"), act=repair),
            self._choose(path, self.tr("Choose another…"), job),
        ]

    def _other_file(self, report: ErrorReport, job: Job | None) -> Buttons:
        path = _path(report)
        return [] if path is None else [self._choose(path, self.tr("Choose another…"), job)]

    def _no_video(self, report: ErrorReport, job: Job | None) -> Buttons:
        path = _path(report)
        if path is None or report.facts.get("has_sound") is False:
            return self._other_file(report, job)
        act = partial(mending.use_as_speech, self._session, path)
        return [Remedy(text=self.tr("Use as speech"), act=act)]

    def _silent(self, report: ErrorReport, job: Job | None) -> Buttons:
        name = report.facts.get("name")
        speakers = enumerate(self._session.data.speakers)
        number = next((n for n, s in speakers if s.path is not None and s.path.name == name), None)
        if number is None:
            return [Remedy(text=self.tr("It is meant so"), act=_nothing)]
        speaker = self._session.data.speakers[number]
        assert speaker.path is not None
        url = QUrl.fromLocalFile(str(speaker.path))
        return [
            Remedy(text=self.tr("Play"), act=partial(QDesktopServices.openUrl, url), stays=True),
            self._choose(speaker.path, self.tr("Choose another…"), job),
            Remedy(text=self.tr("It is meant so"), act=_nothing),
        ]

    def _unequal(self, report: ErrorReport, job: Job | None) -> Buttons:
        del job
        number, seconds = report.facts.get("speaker"), report.facts.get("seconds")
        if not isinstance(number, int) or not isinstance(seconds, (int, float)):
            return []
        if number >= len(self._session.data.speakers):
            return []
        act = partial(mending.move_speech_to_end, self._session, number, float(seconds))
        return [Remedy(text=self.tr("Move to the end instead"), act=act)]

    def _short(self, report: ErrorReport, job: Job | None) -> Buttons:
        del job
        ways = (
            ("hold", self.tr("Hold last frame")),
            ("loop", self.tr("Loop")),
            ("pingpong", self.tr("Back and forth")),
            ("stop", self.tr("End with source")),
        )
        now = report.facts.get("end")
        return [
            Remedy(text=text, act=partial(mending.source_end, self._session, way))
            for way, text in ways
            if way != now
        ]

    def _crop(self, report: ErrorReport, job: Job | None) -> Buttons:
        del report, job
        playback = self._session.playback
        return [
            Remedy(text=self.tr("Show crop"), act=partial(playback.set_mode, "source"), stays=True),
            Remedy(text=self.tr("Other size…"), act=partial(self._dialogs.preflight, "all")),
        ]

    def _moved(self, report: ErrorReport, job: Job | None) -> Buttons:
        path = _path(report)
        if path is None:
            return []
        find = partial(mending.relocate, self._session, path, job=job)
        title = self.tr("Where is {0} now?").format(path.name)
        return [
            Remedy(text=self.tr("Find it…"), act=lambda: self._ask_file(title, find)),
            self._choose(path, self.tr("Replace…"), job),
        ]

    def _changed(self, report: ErrorReport, job: Job | None) -> Buttons:
        path = _path(report)
        if path is None:
            return []
        new = partial(mending.use_changed, self._session, path, job)
        find = partial(mending.relocate, self._session, path, job=job)
        title = self.tr("Where is the old {0}?").format(path.name)
        return [
            Remedy(text=self.tr("Use new"), act=new),
            Remedy(text=self.tr("Find the old one…"), act=lambda: self._ask_file(title, find)),
        ]

    # Jobs, projects, exports

    def _newer(self, report: ErrorReport, job: Job | None) -> Buttons:
        del job
        path = _path(report)
        buttons = [Remedy(text=self.tr("Update…"), act=self._dialogs.newer_version)]
        if path is not None:
            folder = path if path.is_dir() else path.parent
            act = partial(salvage.play_chunks, self._session, folder)
            buttons.append(Remedy(text=self.tr("Open as read-only video"), act=act))
        return buttons

    def _damaged(self, report: ErrorReport, job: Job | None) -> Buttons:
        if "path" in report.facts or (job is not None and job.phase == "now"):
            return []  # no chunk; or they are being rendered again
        return [self._again(job, self.tr("Render these again"))]

    def _export(self, export: RunningExport) -> Buttons:
        def again(*, other_format: bool = False) -> Callable[[], object]:
            return lambda: self._dialogs.export_again(export, other_format=other_format)

        return [
            Remedy(text=self.tr("Other folder…"), act=again()),
            Remedy(text=self.tr("Other format…"), act=again(other_format=True)),
        ]

    def _locked(self, report: ErrorReport, job: Job | None) -> Buttons:
        del job
        pid = report.facts.get("pid")
        buttons = []
        if isinstance(pid, int):
            buttons.append(Remedy(text=self.tr("Show it"), act=partial(self._show_other, pid)))
        path = _path(report)
        if path is not None and not self._session.project.read_only:
            act = partial(self._files.open_path, path)
            buttons.append(Remedy(text=self.tr("Open read-only"), act=act))
        return buttons

    def _show_other(self, pid: int) -> None:
        if not instances.show_other(pid):
            self._session.messages.notice(
                self.tr("No window answers"),
                self.tr("Process {0} has none, or it is the engine.").format(pid),
                code="project.no_window",
            )


def _nothing() -> None:
    """The message goes, and that is all."""


def _other_lora(session: Session, path: str, job: Job | None, other: Path) -> None:
    mending.without_lora(session, path, job, other)


def _path(report: ErrorReport) -> Path | None:
    found = report.facts.get("path")
    return Path(found) if isinstance(found, str) and found else None
