"""What of a job can be exported now: its chunks, gaps, range and size."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop.state.jobs import Job
from desktop.state.session import Session

PLAYABLE = ("ready", "kept", "stale")
Span = tuple[int, int]  # [first, end) in video frames


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A chunk of the video."""

    first: int
    count: int
    playable: bool
    stale: bool = False

    @property
    def end(self) -> int:
        return self.first + self.count


@dataclass(frozen=True, kw_only=True)
class Exportable:
    """A job as the export dialog sees it."""

    folder: Path
    name: str
    pieces: tuple[Piece, ...]
    size: tuple[int, int]  # (H, W); (0, 0) while nothing is planned
    frames: Span | None = None  # in and out
    is_open: bool = True  # the project in the window

    @property
    def total(self) -> int:
        return max((piece.end for piece in self.pieces), default=0)

    def span(self, *, chosen: bool) -> Span:
        if chosen and self.frames is not None:
            return max(self.frames[0], 0), min(self.frames[1], self.total)
        return 0, self.total

    def inside(self, span: Span) -> Sequence[Piece]:
        return [p for p in self.pieces if p.first < span[1] and p.end > span[0]]

    def missing(self, span: Span) -> int:
        return sum(not piece.playable for piece in self.inside(span))

    def stale(self, span: Span) -> int:
        return sum(piece.stale for piece in self.inside(span))

    def first_gap(self, span: Span) -> int:
        """Where the first chunk begins that is not rendered; the span's end if all are."""
        gaps = [max(p.first, span[0]) for p in self.inside(span) if not p.playable]
        return min(gaps, default=span[1])


def exportable(session: Session, job: Job | None) -> Exportable:
    """The open project's job, or another one of the queue."""
    if job is None or job.folder == session.job_folder:
        plan = session.planner.plan
        return Exportable(
            folder=session.job_folder,
            name=session.project.name,
            pieces=tuple(
                Piece(
                    first=chunk.first_frame,
                    count=chunk.frame_count,
                    playable=chunk.playable,
                    stale=chunk.status == "stale",
                )
                for chunk in session.timeline.chunks
                if chunk.frame_count > 0
            ),
            size=plan.size if plan is not None else (session.rendered_size() or (0, 0)),
            frames=session.frames,
        )
    height, width = job.state.plan.get("size", (0, 0))
    return Exportable(
        folder=job.folder,
        name=job.name,
        pieces=tuple(
            Piece(
                first=chunk.first_frame,
                count=chunk.frame_count,
                playable=chunk.status in PLAYABLE and chunk.active_take is not None,
                stale=chunk.status == "stale",
            )
            for chunk in job.state.chunks
            if chunk.frame_count > 0
        ),
        size=(height, width),
        frames=job.frames,
        is_open=False,
    )
