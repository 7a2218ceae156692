"""What can still be had of damaged files and of jobs that can't be opened; originals stay as they are."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtGui import QDesktopServices

from desktop.messages import Remedy
from desktop.state import mending
from desktop.state.session import Session
from infinitetalk.errors import engine_error
from infinitetalk.paths import cache_folder


def _tr(text: str, *values: object) -> str:
    return QCoreApplication.translate("mending", text).format(*values)


def repair(session: Session, path: Path) -> None:
    """A copy with what of the file can be read, beside it; it takes the file's place."""
    picture = session.data.source == path
    target = _free(path.with_name(f"{path.stem} repaired.mkv"))

    def work() -> Path:
        from infinitetalk.media.repair import repair_copy

        return repair_copy(path, target, picture=picture)

    def done(made: Path) -> None:
        mending.replace_file(session, path, made)
        session.messages.notice(_tr("A repaired copy is used"), made.name, code="media.repaired")

    session.background.submit(work, done, lambda report: session.messages.show("error", report))


def play_chunks(session: Session, job_folder: Path) -> None:
    """The finished chunks of a job as a video in the cache folder, shown by the system's player."""

    def show(made: Path) -> None:
        place = QUrl.fromLocalFile(str(made))
        session.messages.notice(
            _tr("The finished chunks are a video now"),
            made.name,
            Remedy(text=_tr("Play"), act=lambda: QDesktopServices.openUrl(place)),
            code="job.as_video",
        )

    session.background.submit(
        lambda: chunks_as_video(job_folder, cache_folder() / "videos"),
        show,
        lambda report: session.messages.show("error", report),
    )


def chunks_as_video(job_folder: Path, folder: Path) -> Path:
    """One video of the newest stored frames of each chunk; nothing in `job_folder` is written.

    Only names and frames are relied on, for a newer version may keep anything else in other ways.
    Raises EngineError.
    """
    from infinitetalk.media.export import export_video
    from infinitetalk.media.frames import FrameReader

    newest: dict[str, Path] = {}
    for frames in sorted(job_folder.glob("chunks/*/frames.mkv"), key=lambda p: p.stat().st_mtime):
        newest[frames.parent.name.partition("-")[0]] = frames
    readers = [FrameReader(newest[number]) for number in sorted(newest)]
    if not readers:
        raise engine_error(
            "export.incomplete",
            "There is nothing to export yet",
            f"{job_folder.name} has no finished chunks.",
            ready=0,
            total=0,
        )
    folder.mkdir(parents=True, exist_ok=True)
    size = (readers[0].height, readers[0].width)
    same = [r for r in readers if (r.height, r.width) == size]
    out = folder / f"{job_folder.stem}.mp4"
    export_video(
        (block for reader in same for block in reader.blocks()),
        out,
        size=size,
        frame_count=sum(r.frame_count for r in same),
        overwrite=True,
    )
    return out


def _free(path: Path) -> Path:
    found, number = path, 2
    while found.exists():
        found = path.with_name(f"{path.stem} {number}{path.suffix}")
        number += 1
    return found
