"""Removing models: asks the engine what would go and who needs it, then has it removed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop.state.session import Session
from infinitetalk import wire
from infinitetalk.errors import ErrorReport


@dataclass(frozen=True, kw_only=True)
class Target:
    """What the user wants gone: a part of the catalog, or what was converted for a set."""

    part: str = ""
    store_of: str = ""  # name of a set


@dataclass(frozen=True, kw_only=True)
class NeedingJob:
    """A job that can't be gone on with, or redone, without it."""

    name: str
    chunks_left: int
    chunks: int  # 0: it was never planned
    running: bool

    @property
    def finished(self) -> bool:
        return self.chunks > 0 and not self.chunks_left


@dataclass(frozen=True, kw_only=True)
class RemovalPlan:
    """What the engine says; sizes in bytes."""

    files: int
    freed: int
    converted: int  # of `freed`, block stores
    begun: bool  # something of it was not whole
    by_hand: tuple[str, ...]  # files that stay, since this program did not load them
    elsewhere: bool  # what is used is another program's and stays
    sets: tuple[str, ...]  # titles of sets that will lack it
    jobs: tuple[NeedingJob, ...]
    unknown_jobs: tuple[str, ...]  # names of those that can't be looked into

    @property
    def in_use(self) -> tuple[NeedingJob, ...]:
        return tuple(job for job in self.jobs if job.running)


def ask_removal(
    session: Session,
    target: Target,
    done: Callable[[RemovalPlan], object],
    refused: Callable[[ErrorReport], object],
) -> None:
    """What would go. Nothing is changed."""
    titles = {
        one.name: f"{one.title} ({one.precision})" if one.precision else one.title
        for one in session.models.catalog.sets
    }
    session.engine.ask(
        wire.PlanRemoval(**_asked(session, target)),
        lambda data: done(read_plan(data["plan"], titles)),
        refused,
    )


def remove(
    session: Session,
    target: Target,
    done: Callable[[int], object],
    refused: Callable[[ErrorReport], object],
) -> None:
    """Removes it; `done` is told the bytes. A part that is gone is no longer chosen."""
    models = session.models

    def gone(data: Mapping[str, Any]) -> None:
        if target.part and target.part in models.chosen:
            models.choose(target.part, on=False)
        models.look_again()
        done(int(data["freed"]))

    session.engine.ask(wire.RemoveWeights(**_asked(session, target)), gone, refused)


def _asked(session: Session, target: Target) -> dict[str, Any]:
    value = session.settings.value
    jobs = [value.jobs_folder, *value.recent]
    jobs += [str(job.folder) for job in session.queue.jobs]
    return {
        "folder": session.models.folder,
        "parts": (target.part,) if target.part else (),
        "stores": (target.store_of,) if target.store_of else (),
        "jobs": tuple(dict.fromkeys(Path(name) for name in jobs if name)),
    }


def read_plan(plan: Mapping[str, Any], titles: Mapping[str, str]) -> RemovalPlan:
    """`titles` of sets by name."""
    files, kept = plan["files"], plan["kept"]
    return RemovalPlan(
        files=len(files),
        freed=int(plan["freed"]),
        converted=sum(int(one["size"]) for one in files if one["kind"] == "store"),
        begun=any(one["kind"] == "part" for one in files),
        by_hand=tuple(str(one["file"]) for one in kept if one["why"] == "by_hand"),
        elsewhere=any(one["why"] == "elsewhere" for one in kept),
        sets=tuple(titles.get(name, name) for name in plan["sets"]),
        jobs=tuple(
            NeedingJob(
                name=str(job["name"]),
                chunks_left=int(job["chunks_left"]),
                chunks=int(job["chunks"]),
                running=job["running"] is not None,
            )
            for job in plan["jobs"]
        ),
        unknown_jobs=tuple(Path(folder).stem for folder in plan["unknown_jobs"]),
    )
