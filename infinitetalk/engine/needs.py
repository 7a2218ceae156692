"""Which jobs need a model file: what a removal tells before it asks."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infinitetalk import paths
from infinitetalk.engine.model import MINIATURE, ModelChoice
from infinitetalk.engine.prepare import stored_model
from infinitetalk.errors import EngineError, engine_error
from infinitetalk.project.job import LOCK, JobFolder, is_job_folder
from infinitetalk.project.lock import holder_of
from infinitetalk.project.order import chunk_range
from infinitetalk.weights.choice import choose_transformer
from infinitetalk.weights.folder import ModelFiles
from infinitetalk.weights.recognize import Kind
from infinitetalk.weights.store_name import store_name

ENCODERS: tuple[Kind, ...] = ("text_encoder", "image_encoder", "audio_encoder", "vae")


@dataclass(frozen=True, kw_only=True)
class JobNeed:
    """A job that can't be gone on with, or redone, without these files."""

    folder: Path
    files: tuple[Path, ...]
    chunks_left: int  # without a take
    chunks: int  # in its range; 0 where it was never planned
    running: int | None = None  # process that renders it now

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.folder.stem,
            "folder": str(self.folder),
            "files": [str(path) for path in self.files],
            "chunks_left": self.chunks_left,
            "chunks": self.chunks,
            "running": self.running,
        }


@dataclass(frozen=True, kw_only=True)
class Needs:
    """Of the jobs that are known: those that need a file, and those that can't be looked into."""

    jobs: tuple[JobNeed, ...] = ()
    unknown: tuple[Path, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "jobs": [job.to_json() for job in self.jobs],
            "unknown_jobs": [str(folder) for folder in self.unknown],
        }

    def check_idle(self) -> None:
        """Raises EngineError `weights.in_use` where one of the jobs is being rendered."""
        for job in self.jobs:
            if job.running is not None:
                raise engine_error(
                    "weights.in_use",
                    "A job is using these files",
                    f"{job.folder.name} is open for rendering (process {job.running}) and needs "
                    f"{job.files[0].name}.",
                    "Let it finish, or stop it; then remove the files.",
                    safe="Nothing was removed.",
                    job=str(job.folder),
                    project=job.folder.stem,
                    pid=job.running,
                )


def known_jobs(more: Iterable[Path] = ()) -> Iterator[Path]:
    """Job folders in the data folder; and of `more`: job folders, folders of them, project files."""
    seen: set[Path] = set()
    for place in (paths.jobs_folder(), *more):
        named = place.with_suffix(".job") if place.suffix == ".italk" else place
        for folder in (named,) if is_job_folder(named) else _below(named):
            if folder.resolve() not in seen:
                seen.add(folder.resolve())
                yield folder


def _below(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if is_job_folder(path))
    except OSError:
        return []


def jobs_that_need(files: Collection[Path], jobs: Iterable[Path]) -> Needs:
    """Looks into each job; reads headers of its model, changes nothing."""
    wanted = {path.resolve(): path for path in files}
    models: dict[ModelChoice, ModelFiles | None] = {}
    needs: list[JobNeed] = []
    unknown: list[Path] = []
    for folder in jobs if wanted else ():
        try:
            job = JobFolder.open(folder, write=False)
            choice = stored_model(folder)
        except EngineError:
            unknown.append(folder)
            continue
        if choice.name == MINIATURE:
            continue
        if choice not in models:
            models[choice] = _found(choice)
        used = _used(job, models[choice])
        mine = tuple(wanted[path] for path in wanted if path in used)
        if mine:
            needs.append(_need(job, mine))
    return Needs(jobs=tuple(needs), unknown=tuple(unknown))


def _found(choice: ModelChoice) -> ModelFiles | None:
    try:
        return choice.find()
    except EngineError:  # its model is gone already
        return None


def _used(job: JobFolder, files: ModelFiles | None) -> set[Path]:
    """Every file that rendering this job reads, links followed."""
    request = job.request
    used = {lora.path for lora in request.loras}
    if files is not None:
        precision = job.plan.precision if job.plan is not None else request.precision
        try:
            chosen = choose_transformer(files, speakers=len(request.speech), precision=precision)
        except EngineError:
            return {path.resolve() for path in used}
        used |= {file for part in chosen.parts for file in part.report.files}
        name = store_name(precision or chosen.precision, len(request.speech))
        used |= {part.report.path for part in files.all("store") if part.report.path.name == name}
        for kind in ENCODERS:
            for part in files.all(kind)[:1]:
                used |= set(part.report.files)
        if files.tokenizer is not None:
            used |= {path for path in files.tokenizer.iterdir() if path.is_file()}
    beside = {path.with_name("config.json") for path in used}
    return {path.resolve() for path in used | beside}


def _need(job: JobFolder, files: tuple[Path, ...]) -> JobNeed:
    plan = job.plan
    chosen = chunk_range(job.timeline, plan) if plan is not None else ()
    left = sum(job.timeline.chunk(index).active_take is None for index in chosen)
    return JobNeed(
        folder=job.path,
        files=files,
        chunks_left=left,
        chunks=len(chosen),
        running=holder_of(job.path / LOCK),
    )
