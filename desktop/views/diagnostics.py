"""Everything that helps to find a fault, in one zip file; without names, paths and prompts."""

import json
import platform
import sys
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QFileDialog, QPlainTextEdit, QWidget

from desktop.state.anonymous import Anonymous
from desktop.state.session import Session
from desktop.theme import Theme
from desktop.views.machine_report import machine_text
from desktop.widgets.buttons import button, primary
from desktop.widgets.dialog import SheetDialog
from desktop.widgets.labels import label
from infinitetalk import __version__
from infinitetalk.paths import log_folder

_LOG_LIMIT = 4 * 1024**2
_JOB_FILES = ("plan.json", "timeline.json", "events.jsonl", "engine.log")


@dataclass(frozen=True, kw_only=True)
class Report:
    """What goes into the archive, before anything is taken out of it."""

    messages: str
    machine: str
    job: Path
    names: tuple[str, ...] = ()  # of files, projects and people
    prompts: tuple[str, ...] = ()
    keep_names: bool = False


def report_of(session: Session, *, keep_names: bool) -> Report:
    """The open project, its job and what the window knows."""
    data = session.data
    files = [data.source, *(speaker.path for speaker in data.speakers)]
    names = [path.name for path in files if path is not None]
    names += [speaker.name for speaker in data.speakers]
    names += [session.project.name, session.job_folder.name]
    names += [Path(path).name for path in session.settings.value.recent]
    names += [job.name for job in session.queue.jobs]
    prompts = [str(data.options.get(name) or "") for name in ("prompt", "negative_prompt")]
    prompts += [own.prompt or "" for _, own in data.chunks]
    return Report(
        messages="\n".join(f"{m.level} {m.report.code} {m.line}" for m in session.messages.log),
        machine=machine_text(session.engine.machine),
        job=session.job_folder,
        names=tuple(name for name in names if name),
        prompts=tuple(prompt for prompt in prompts if prompt),
        keep_names=keep_names,
    )


def contents(report: Report) -> Iterable[tuple[str, str]]:
    """Names and texts of the archive's files: versions, machine, messages, logs, plan and events."""
    clean = Anonymous(report.names, report.prompts, keep=_program_folders())
    about = {
        "program": __version__,
        "python": sys.version,
        "platform": platform.platform(),
        "names": "kept" if report.keep_names else "taken out",
    }
    texts = [
        ("about.json", json.dumps(about, indent=1)),
        ("machine.txt", report.machine),
        ("messages.txt", report.messages),
    ]
    texts += [(f"log/{file.name}", _tail(file)) for file in sorted(log_folder().glob("*.log*"))]
    texts += [
        (f"job/{name}", _tail(report.job / name))
        for name in _JOB_FILES
        if (report.job / name).is_file()
    ]
    for name, text in texts:
        if report.keep_names or name == "about.json":
            yield name, text
        elif name.endswith((".json", ".jsonl")):
            yield name, clean.json(text)
        else:
            yield name, clean.text(text)


def write_diagnostics(path: Path, report: Report) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in contents(report):
            archive.writestr(name, text)


def _program_folders() -> list[Path]:
    """Paths in here tell nothing of the user, and a lot about a fault."""
    return [Path(__file__).resolve().parents[2], Path(getattr(sys, "_MEIPASS", sys.prefix))]


def _tail(path: Path) -> str:
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(size - _LOG_LIMIT, 0))
        return file.read().decode("utf-8", errors="replace")


class DiagnosticsSheet(SheetDialog):
    """Shows what would be saved; names stay only where the user says so."""

    def __init__(self, session: Session, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent, "diagnosticsSheet", "")
        self.setWindowTitle(self.tr("Save diagnostics"))
        room = self.screen().availableSize()
        self.resize(min(theme.px(720), room.width()), min(theme.px(520), room.height()))
        self._session = session
        self.body.addWidget(
            label(
                self.tr(
                    "Versions, the machine, messages, logs, and the plan and events of the open "
                    "job; no picture and no sound. Nothing is sent: the file is yours to pass on."
                ),
                "second",
                wrap=True,
            )
        )
        self.keep = QCheckBox(self.tr("Keep names, paths and prompts"))
        self.keep.toggled.connect(lambda _: self.preview())
        self.body.addWidget(self.keep)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName(self.tr("What will be saved"))
        self.body.addWidget(self.text, 1)
        self.footer.addStretch(1)
        self.footer.addWidget(button(self.tr("Cancel"), self.reject))
        self.save_button = primary(self.tr("Save…"), self._save)
        self.save_button.setDefault(True)
        self.footer.addWidget(self.save_button)
        self._asked = 0  # previews: a newer one counts
        self.preview()

    def preview(self) -> None:
        """Long files are shown by their ends. Only what is shown can be saved."""
        self._asked += 1
        asked = self._asked
        self.text.clear()
        self.save_button.setEnabled(False)
        report = report_of(self._session, keep_names=self.keep.isChecked())
        self._session.background.submit(
            lambda: "\n\n".join(f"== {name}\n{text[-4000:]}" for name, text in contents(report)),
            lambda text: self._show(asked, text),
        )

    def _show(self, asked: int, text: str) -> None:
        if self.isVisible() and asked == self._asked:
            self.text.setPlainText(text)
            self.save_button.setEnabled(True)

    def _save(self) -> None:
        path, _ = QFileDialog.getSaveFileName(
            self,
            self.tr("Save diagnostics"),
            "infinitetalk-diagnostics.zip",
            self.tr("Archives (*.zip)"),
        )
        if path:
            self.save_to(Path(path))

    def save_to(self, path: Path) -> None:
        report = report_of(self._session, keep_names=self.keep.isChecked())
        session = self._session
        session.background.submit(
            lambda: write_diagnostics(path, report),
            lambda _: session.messages.notice(
                self.tr("Diagnostics saved"), path.name, code="diagnostics.saved"
            ),
            lambda problem: session.messages.show("error", problem),
        )
        self.accept()
