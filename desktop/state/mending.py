"""What the buttons of messages do to projects and jobs: files found again, jobs moved, and so on."""

import shutil
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from desktop import commands
from desktop.state.document import ProjectData
from desktop.state.jobs import Job
from desktop.state.opening import Opener
from desktop.state.session import Session
from infinitetalk.errors import EngineError, ErrorReport, engine_error
from infinitetalk.request import Mends


def _tr(text: str, *values: object) -> str:
    return QCoreApplication.translate("mending", text).format(*values)


def go_on(session: Session, job: Job | None) -> None:
    """A job that waits for the user goes on where it was; without one the project is rendered."""
    if job is not None and job.phase in ("paused", "stopped", "needs_you"):
        session.queue.go_on(job)
    elif job is None or job.phase == "finished":
        session.render()


def try_with_new_engine(session: Session, job: Job | None) -> None:
    """Goes on in a new process: in the old one the card can't be used any more."""
    session.engine.restart(lambda: go_on(session, job))


def render_smaller(session: Session, job: Job | None) -> None:
    """A smaller size; what is there of the old size stays, as earlier takes."""
    frames = job.frames if job is not None else session.frames
    session.project.edit(commands.smaller_size(session.data))
    session.render(frames=frames)


def one_speaker(session: Session, job: Job | None) -> None:
    session.project.edit(commands.remove_speaker(session.data, 1))
    if job is not None:
        go_on(session, job)


def without_lora(session: Session, path: str, job: Job | None, other: Path | None = None) -> None:
    """The LoRA of that path goes, or another file takes its place."""
    loras = [
        replace(lora, path=other) if other is not None and str(lora.path) == path else lora
        for lora in session.data.option("loras")
        if other is not None or str(lora.path) != path
    ]
    session.project.edit(commands.set_option(session.data, "loras", tuple(loras)))
    if job is not None:
        go_on(session, job)


def source_end(session: Session, end: str) -> None:
    """What follows the end of the source."""
    mends: Mends = session.data.option("mends")
    changed = replace(mends, source_end=end)  # type: ignore[arg-type] - one of its words
    session.project.edit(commands.set_option(session.data, "mends", changed))


def move_speech_to_end(session: Session, number: int, seconds: float) -> None:
    """The shorter track ends with the longer one."""
    start = session.data.speakers[number].start + seconds
    session.project.edit(commands.change_speaker(session.data, number, start=round(start, 3)))


def use_as_speech(session: Session, path: Path) -> None:
    """A file without pictures that was taken for a source."""
    if session.data.source == path:
        session.project.edit(
            (_tr("Use {0} as speech", path.name), replace(session.data, source=None))
        )
    session.add_speech([path])


def relocate(session: Session, old: Path, new: Path, job: Job | None = None) -> int:
    """A file is somewhere else now; what else is missing and lies beside it is found as well.

    Returns how many files were found. The old takes stay valid: the content is the same.
    """
    found = {old: new}
    for path in _files(session.data):
        beside = new.parent / path.name
        if path != old and not path.exists() and beside.exists():
            found[path] = beside
    session.project.edit((_tr("Find {0}", old.name), _with_files(session.data, found)))
    _go_on_when_stored(session, job)
    return len(found)


def replace_file(session: Session, old: Path, new: Path, job: Job | None = None) -> None:
    """Another file takes the place of one that is gone or changed."""
    session.library.forget(new)
    session.project.edit((_tr("Replace {0}", old.name), _with_files(session.data, {old: new})))
    _go_on_when_stored(session, job)


def use_changed(session: Session, path: Path, job: Job | None = None) -> None:
    """The file as it is now counts; chunks made from the old one become stale."""
    session.library.forget(path)
    request = session.planner.request
    if request is not None:
        session.store.save_request(request)
    session.request_changed.emit()
    _go_on_when_stored(session, job)


def _go_on_when_stored(session: Session, job: Job | None) -> None:
    if job is not None:
        session.store.when_written(lambda: go_on(session, job))


def _files(data: ProjectData) -> list[Path]:
    found = [data.source, *(s.path for s in data.speakers)]
    return [*(p for p in found if p is not None), *(lora.path for lora in data.option("loras"))]


def _with_files(data: ProjectData, moved: dict[Path, Path]) -> ProjectData:
    speakers = tuple(
        replace(s, path=moved.get(s.path, s.path)) if s.path is not None else s
        for s in data.speakers
    )
    source = moved.get(data.source, data.source) if data.source is not None else None
    loras = tuple(
        replace(lora, path=moved.get(lora.path, lora.path)) for lora in data.option("loras")
    )
    changed = replace(data, source=source, speakers=speakers)
    return changed.with_option("loras", loras) if loras else changed


def move_job(session: Session, opener: Opener, folder: Path, job: Job | None) -> None:
    """Project and job go to another folder, in the background; then the job goes on."""
    old_job, old_project = session.job_folder, session.project.path
    target = folder / old_job.name

    def moved(_: object) -> None:
        opener.save_as(target.with_suffix(".italk"), written)

    def written() -> None:
        if job is not None:
            job.folder, job.project = target, target.with_suffix(".italk")
        session.background.submit(lambda: _remove(old_job, old_project), lambda _: None)
        session.messages.notice(_tr("The job was moved"), str(folder), code="job.moved")
        if job is not None:
            session.store.when_written(lambda: go_on(session, job))

    session.background.submit(
        lambda: copy_job(old_job, target),
        moved,
        lambda report: session.messages.show("error", report, subject=job),
    )


def copy_job(folder: Path, target: Path) -> None:
    """The job folder at another place, whole or not at all. Raises EngineError."""
    if target.exists():
        raise engine_error(
            "job.exists",
            "There is something else in this place",
            f"{target} is there already.",
            "Choose another folder.",
            safe="Nothing was changed.",
            path=str(target),
        )
    beside = target.with_name(f".{target.name}.moving")
    try:
        shutil.copytree(folder, beside, ignore=shutil.ignore_patterns("lock", "preview"))
        beside.rename(target)
    except (OSError, shutil.Error) as error:
        shutil.rmtree(beside, ignore_errors=True)
        raise EngineError(
            ErrorReport(
                code="disk.read_only",
                title="The folder can't be written",
                detail=f"{target.parent}: {error}",
                remedy="Choose another folder.",
                facts={"path": str(target.parent)},
            )
        ) from error


def _remove(job: Path, project: Path | None) -> None:
    shutil.rmtree(job, ignore_errors=True)
    if project is not None:
        project.unlink(missing_ok=True)
