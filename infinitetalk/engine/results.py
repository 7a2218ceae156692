"""Where a job's videos go: checked before anything is rendered, and noted in the job.

The note tells that writing such a file again is no overwriting, and where a killed export may have
left something behind.
"""

import contextlib
import json
from dataclasses import replace
from pathlib import Path

from infinitetalk.errors import EngineError, engine_error
from infinitetalk.media.export import check_video_name
from infinitetalk.media.publish import check_target, sweep_private
from infinitetalk.project import atomic

EXPORTS = "exports.json"
DEFAULT_CRF = 18


def check_out(out: Path, job_folder: Path, *, overwrite: bool, crf: int = DEFAULT_CRF) -> None:
    """Whatever can be known of a result before hours of rendering.

    Raises EngineError `request.out_exists`, `request.out_unusable`, `request.crf`, `export.failed`
    (its name), `disk.read_only` or `disk.full`.
    """
    if not 0 <= crf <= 51:
        raise engine_error(
            "request.crf", "The quality can't be used", f"--crf {crf}: it goes from 0 to 51.",
            "18 looks like the original; smaller is better and larger.",
        )  # fmt: skip
    try:
        there = out.exists()
        mine = there and was_written_by(job_folder, out)
    except OSError as error:  # a name that no disk can hold, a folder that may not be entered
        raise engine_error(
            "request.out_unusable",
            "The result can't be written there",
            f"{out}: {error.strerror or error}.",
            "Choose another --out.",
            path=str(out),
        ) from error
    if there and not out.is_dir() and not overwrite and not mine:
        raise engine_error(
            "request.out_exists",
            "The result exists already",
            f"{out} is there; it is not replaced.",
            "Choose another --out, or add --overwrite.",
            path=str(out),
        )
    try:
        check_video_name(out)
        check_target(out, overwrite=True)
    except EngineError as error:
        raise EngineError(replace(error.report, safe="")) from error  # nothing is rendered yet


def expect(job_folder: Path, out: Path) -> None:
    """Notes that a video is about to be made at `out`, whatever becomes of it."""
    with contextlib.suppress(Exception):  # a read-only job folder: the video is made all the same
        known = _noted(job_folder)
        if str(out.absolute()) not in known:
            atomic.write_json(job_folder / EXPORTS, {**known, str(out.absolute()): []})


def note(job_folder: Path, out: Path, video: Path | None = None) -> None:
    """The job remembers what it wrote, so that writing it again is no overwriting.

    First about to give `video` the name `out`, then when it has it: whatever moment the process
    ends, both the file that was there and the new one are known as the job's own.
    """
    with contextlib.suppress(Exception):
        found = (video or out).stat()
        known = _noted(job_folder)
        before = known.get(str(out.absolute()), [])[:2] if video is not None else []
        noted = {str(out.absolute()): [*before, found.st_size, found.st_mtime_ns]}
        atomic.write_json(job_folder / EXPORTS, {**known, **noted})


def was_written_by(job_folder: Path, out: Path) -> bool:
    """Whether `out` is, unchanged, what this job wrote there."""
    try:
        found = out.stat()
    except OSError:
        return False
    noted = _noted(job_folder).get(str(out.absolute()), [])
    return [found.st_size, found.st_mtime_ns] in (noted[:2], noted[2:])


def sweep_results(job_folder: Path) -> int:
    """Removes what killed exports of this job left beside its videos; how many folders."""
    return sum(sweep_private(folder) for folder in {Path(out).parent for out in _noted(job_folder)})


def _noted(job_folder: Path) -> dict[str, list[int]]:
    try:
        data = json.loads((job_folder / EXPORTS).read_bytes())
    except (OSError, ValueError):
        return {}
    if not isinstance(data, dict):
        return {}
    return {out: found for out, found in data.items() if isinstance(found, list)}
