"""From stored chunks and the user's own sound to one video file, chunk by chunk."""

import contextlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from infinitetalk.errors import engine_error
from infinitetalk.media.export import SoundTrack, export_video
from infinitetalk.media.ffmpeg import Cancel
from infinitetalk.media.frames import FrameReader
from infinitetalk.plan import Plan
from infinitetalk.project import atomic
from infinitetalk.project.job import JobFolder
from infinitetalk.project.order import Seam, seams
from infinitetalk.project.takes import Take
from infinitetalk.request import FPS, GenerationRequest

EXPORTS = "exports.json"
DEFAULT_CRF = 18

Frames = NDArray[np.uint8]  # [F, H, W, 3]
Tick = Callable[[float], None]


def export_job(
    job: JobFolder,
    out: Path,
    *,
    crf: int = DEFAULT_CRF,
    codec: str = "h264",
    overwrite: bool = False,
    tick: Tick | None = None,
    cancel: Cancel | None = None,
) -> Path:
    """Writes the whole video with the user's sound; memory is that of one chunk.

    Raises EngineError `export.incomplete` (which chunks are missing), `export.failed`, disk.*
    """
    plan = _complete_plan(job)
    total = plan.total_frames

    def chunks() -> Iterator[Frames]:
        done = 0
        for frames in video_frames(job, plan):
            yield frames
            done += len(frames)
            if tick is not None:
                tick(done / total)

    export_video(
        chunks(),
        out,
        size=plan.size,
        frame_count=total,
        fps=FPS,
        crf=crf,
        codec=codec,
        sound=sound_tracks(job.request),
        arrangement=job.request.arrangement,
        settings=_summary(job.request, plan),
        overwrite=overwrite,
        made=lambda video: _note(job, out, video),
        cancel=cancel,
    )
    _note(job, out)
    return out


def video_frames(job: JobFolder, plan: Plan) -> Iterator[Frames]:
    """The frames of the video, chunk by chunk, seams blended; each chunk's shown frames only."""
    blends = {seam.before: seam for seam in seams(job.timeline, plan)}
    for chunk in plan.chunks:
        if chunk.frame_count <= 0:
            continue
        take = _active_take(job, chunk.index)
        frames = FrameReader(take.frames).frames(0, chunk.frame_count)
        seam = blends.get(chunk.index)
        if seam is not None:
            frames = _blended(job, frames, seam, chunk.first_frame)
        yield frames


def _blended(job: JobFolder, frames: Frames, seam: Seam, first_frame: int) -> Frames:
    """The last frames of the new take give way to those of the take the next chunk began on."""
    if seam.old_take is None:
        return frames
    old = job.valid_take(seam.before, seam.old_take)
    if old is None:
        return frames
    begin = seam.first_frame - first_frame
    end = min(begin + seam.frame_count, len(frames))
    begin = max(0, begin)
    earlier = FrameReader(old.frames).frames(begin, end).astype(np.float32)
    mixed = frames.copy()
    for offset in range(end - begin):
        share = seam.weight(first_frame + begin + offset)
        now = frames[begin + offset].astype(np.float32)
        mixed[begin + offset] = np.rint(now + (earlier[offset] - now) * share).astype(np.uint8)
    return mixed


def sound_tracks(request: GenerationRequest) -> tuple[SoundTrack, ...]:
    """The user's own files, as they were given: original rate and level."""
    return tuple(
        SoundTrack(path=track.path, start=track.start, gain_db=track.gain_db)
        for track in request.speech
    )


def _complete_plan(job: JobFolder) -> Plan:
    plan = job.plan
    if plan is None:
        raise engine_error(
            "export.incomplete",
            "There is nothing to export yet",
            f"{job.path.name} was never rendered.",
            f"Render it first: infinitetalk resume {job.path}",
        )
    missing = [
        chunk.index
        for chunk in plan.chunks
        if chunk.frame_count > 0 and job.timeline.chunk(chunk.index).active is None
    ]
    if missing:
        ready = len(plan.chunks) - len(missing)
        raise engine_error(
            "export.incomplete",
            "Some chunks are missing",
            f"{ready} of {len(plan.chunks)} chunks are ready; the first that is missing is "
            f"chunk {missing[0] + 1}.",
            f"Render the rest first: infinitetalk resume {job.path}",
            missing=missing[:20],
        )
    return plan


def _active_take(job: JobFolder, index: int) -> Take:
    key = job.timeline.chunk(index).active
    take = job.valid_take(index, key) if key else None
    if take is None:
        raise engine_error(
            "job.damaged",
            "A finished chunk is damaged",
            f"The files of chunk {index + 1} are not what they were when it was stored.",
            f"Resume the job, which renders it again: infinitetalk resume {job.path}",
            chunk=index,
        )
    return take


def _summary(request: GenerationRequest, plan: Plan) -> str:
    """Settings for the file's metadata: no names of files, no prompt."""
    return (
        f"{plan.size[1]}x{plan.size[0]}, {plan.steps} steps, shift {plan.shift:g}, "
        f"text {request.text_guidance_scale:g}, audio {request.audio_guidance_scale:g}, "
        f"seed {request.seed}, {plan.precision}"
    )


# -- which job wrote which file -------------------------------------------------------------------


def _note(job: JobFolder, out: Path, video: Path | None = None) -> None:
    """The job remembers what it wrote, so that writing it again is no overwriting.

    First about to give `video` the name `out`, then when it has it: whatever moment the process
    ends, both the file that was there and the new one are known as the job's own.
    """
    with contextlib.suppress(Exception):  # a read-only job folder: the video is there all the same
        found = (video or out).stat()
        known = _noted(job.path)
        before = known.get(str(out.absolute()), [])[:2] if video is not None else []
        noted = {str(out.absolute()): [*before, found.st_size, found.st_mtime_ns]}
        atomic.write_json(job.path / EXPORTS, {**known, **noted})


def _noted(job_folder: Path) -> dict[str, list[int]]:
    try:
        data = json.loads((job_folder / EXPORTS).read_bytes())
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def was_written_by(job_folder: Path, out: Path) -> bool:
    """Whether `out` is, unchanged, what this job wrote there."""
    try:
        found = out.stat()
    except OSError:
        return False
    noted = _noted(job_folder).get(str(out.absolute()), [])
    return [found.st_size, found.st_mtime_ns] in (noted[:2], noted[2:])
