"""The frames of an export: which part of the video, seams blended, gaps as the user chose."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from infinitetalk.errors import EngineError, engine_error
from infinitetalk.media.export_choice import ExportChoice, Missing
from infinitetalk.media.frames import FrameReader
from infinitetalk.media.probe import probe_source
from infinitetalk.media.resize import resize_center_crop
from infinitetalk.media.video import VideoReader, open_source
from infinitetalk.plan import ChunkPlan, Plan
from infinitetalk.project.job import JobFolder
from infinitetalk.project.order import Seam, seams
from infinitetalk.project.takes import Take
from infinitetalk.request import FPS, GenerationRequest

Frames = NDArray[np.uint8]  # [F, H, W, 3]
Span = tuple[int, int]  # [first, end) of the video's frames
_BLOCK = 25  # frames of the source at a time


def export_plan(job: JobFolder) -> Plan:
    """The job's plan. Raises EngineError `export.incomplete` where nothing was rendered."""
    if job.plan is None:
        raise engine_error(
            "export.incomplete",
            "There is nothing to export yet",
            f"{job.path.name} was never rendered.",
            f"Render it first: infinitetalk resume {job.path}",
            ready=0,
            total=0,
        )
    return job.plan


def chosen_span(plan: Plan, choice: ExportChoice) -> Span:
    """The chosen part of the video. Raises EngineError `export.range` where there is none."""
    first, end = choice.frames or (0, plan.total_frames)
    end = min(end, plan.total_frames)
    if first >= end:
        raise engine_error(
            "export.range",
            "There is no such part of the video",
            f"It begins at {first / FPS:.2f} s; the video has {plan.total_frames / FPS:.2f} s.",
            "Choose another range.",
            first=first,
            total_frames=plan.total_frames,
        )
    return first, end


def rendered_span(job: JobFolder, plan: Plan, choice: ExportChoice) -> Span:
    """The chosen part, ended before the first gap where that was chosen.

    Raises EngineError `export.incomplete` (which chunks are missing), `export.range`.
    """
    first, end = chosen_span(plan, choice)
    shown = [c for c in plan.chunks if _overlap(c, (first, end)) is not None]
    missing = [c for c in shown if job.timeline.chunk(c.index).active is None]
    if missing and choice.missing != "source":
        end = min(end, missing[0].first_frame)
        if choice.missing == "refuse" or end <= first:
            raise _incomplete(job, len(shown), missing)
    return first, end


def video_frames(
    job: JobFolder, plan: Plan, span: Span | None = None, missing: Missing = "refuse"
) -> Iterator[Frames]:
    """The frames of `span`, chunk by chunk, seams blended.

    `missing` "source": what was never rendered shows the source, at the size of the video.
    Raises EngineError `job.damaged`, media.*
    """
    span = span or (0, plan.total_frames)
    blends = {seam.before: seam for seam in seams(job.timeline, plan)}
    for chunk in plan.chunks:
        part = _overlap(chunk, span)
        if part is None:
            continue
        if missing == "source" and job.timeline.chunk(chunk.index).active is None:
            yield from _source_frames(job.request, plan, part)
            continue
        begin, end = part[0] - chunk.first_frame, part[1] - chunk.first_frame
        take = _active_take(job, chunk.index)
        frames = _shown(take, begin, end, plan.size)
        seam = blends.get(chunk.index)
        yield frames if seam is None else _blended(job, frames, seam, chunk.first_frame, begin)


def _shown(take: Take, begin: int, end: int, size: tuple[int, int]) -> Frames:
    """Frames of a take as the job is now; it may be one from before size or length were changed."""
    reader = FrameReader(take.frames)
    there = min(end, reader.frame_count)
    frames = reader.frames(min(begin, there - 1), there)
    if frames.shape[1:3] != size:
        frames = np.stack([resize_center_crop(frame, size) for frame in frames])
    missing = end - begin - len(frames)
    return np.concatenate([frames, np.repeat(frames[-1:], missing, axis=0)]) if missing else frames


def _overlap(chunk: ChunkPlan, span: Span) -> Span | None:
    first = max(chunk.first_frame, span[0])
    end = min(chunk.first_frame + chunk.frame_count, span[1])
    return (first, end) if first < end else None


def _blended(job: JobFolder, frames: Frames, seam: Seam, first_frame: int, skipped: int) -> Frames:
    """The last frames of the new take give way to those of the take the next chunk began on.

    `frames` begin `skipped` frames after `first_frame`, the first that the chunk shows.
    """
    old = None if seam.old_take is None else job.valid_take(seam.before, seam.old_take)
    if old is None:
        return frames
    begin = max(seam.first_frame - first_frame, skipped)
    end = min(seam.first_frame - first_frame + seam.frame_count, skipped + len(frames))
    if begin >= end:
        return frames
    size = (frames.shape[1], frames.shape[2])
    earlier = _shown(old, begin, end, size).astype(np.float32)
    mixed = frames.copy()
    for place in range(begin, end):
        share = seam.weight(first_frame + place)
        now = frames[place - skipped].astype(np.float32)
        then = earlier[place - begin]
        mixed[place - skipped] = np.rint(now + (then - now) * share).astype(np.uint8)
    return mixed


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
            chunks=[index],
        )
    return take


def _source_frames(request: GenerationRequest, plan: Plan, part: Span) -> Iterator[Frames]:
    """What the source shows at those frames of the video, resized and cropped as it is rendered."""
    facts = probe_source(request.source, orient=request.mends.orient_source)
    reader = open_source(facts, by_time=request.mends.source_by_time, end=request.mends.source_end)
    last: Frames | None = None
    try:
        for first in range(part[0], part[1], _BLOCK):
            count = min(_BLOCK, part[1] - first)
            if not isinstance(reader, VideoReader):
                if last is None:
                    last = resize_center_crop(reader.frame(0), plan.size)[None]
                yield np.repeat(last, count, axis=0)
                continue
            yield np.stack(
                [
                    resize_center_crop(reader.frame(i), plan.size)
                    for i in range(first, first + count)
                ]
            )
    finally:
        reader.close()


def _incomplete(job: JobFolder, shown: int, missing: list[ChunkPlan]) -> EngineError:
    return engine_error(
        "export.incomplete",
        "Some chunks are missing",
        f"{shown - len(missing)} of {shown} chunks are ready; the first that is missing is "
        f"chunk {missing[0].index + 1}.",
        f"Render the rest first (infinitetalk resume {job.path}), or export what is there: "
        "--missing stop, --missing source.",
        missing=[chunk.index for chunk in missing[:20]],
        ready=shown - len(missing),
        total=shown,
    )
