"""Everything that helps to find a fault, in one zip file; no picture, no sound, no prompt."""

import json
import platform
import sys
import zipfile
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.state.session import Session
from desktop.views.machine_report import machine_text
from infinitetalk import __version__
from infinitetalk.paths import log_folder

_LOG_LIMIT = 4 * 1024**2


def _tr(text: str, *values: object) -> str:
    return QCoreApplication.translate("diagnostics", text).format(*values)


def save_diagnostics(session: Session, parent: QWidget) -> None:
    path, _ = QFileDialog.getSaveFileName(
        parent, _tr("Save diagnostics"), "infinitetalk-diagnostics.zip", _tr("Archives (*.zip)")
    )
    if path:
        messages = "\n".join(f"{m.level} {m.report.code} {m.line}" for m in session.messages.log)
        machine = machine_text(session.engine.machine)
        job = session.job_folder
        session.background.submit(
            lambda: write_diagnostics(Path(path), messages, machine, job),
            lambda _: session.messages.notice(
                _tr("Diagnostics saved"), Path(path).name, code="diagnostics.saved"
            ),
            lambda report: session.messages.show("error", report),
        )


def write_diagnostics(path: Path, messages: str, machine: str, job: Path) -> None:
    """The archive: versions, machine, messages, the ends of the logs, the job's plan and events."""
    about = {
        "program": __version__,
        "python": sys.version,
        "platform": platform.platform(),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("about.json", json.dumps(about, indent=1))
        archive.writestr("machine.txt", machine)
        archive.writestr("messages.txt", messages)
        for file in sorted(log_folder().glob("*.log")):
            archive.writestr(f"log/{file.name}", _tail(file))
        for name in ("plan.json", "timeline.json", "events.jsonl", "engine.log"):
            if (job / name).is_file():
                archive.writestr(f"job/{name}", _tail(job / name))


def _tail(path: Path) -> bytes:
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(size - _LOG_LIMIT, 0))
        return file.read()
