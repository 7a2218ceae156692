"""From stored chunks and the user's own sound to a file or a folder of pictures, chunk by chunk."""

from collections.abc import Callable, Iterator
from pathlib import Path

from infinitetalk.engine import results
from infinitetalk.engine.export_frames import (
    Frames,
    Span,
    chosen_span,
    export_plan,
    rendered_span,
    video_frames,
)
from infinitetalk.media.export import SoundTrack, export_pictures, export_video, export_wav
from infinitetalk.media.export_choice import ExportChoice
from infinitetalk.media.ffmpeg import Cancel
from infinitetalk.plan import Plan
from infinitetalk.project.job import JobFolder
from infinitetalk.request import FPS, GenerationRequest

__all__ = ["export_job", "sound_tracks", "video_frames"]

Tick = Callable[[float], None]


def export_job(
    job: JobFolder,
    out: Path,
    choice: ExportChoice | None = None,
    *,
    overwrite: bool = False,
    tick: Tick | None = None,
    cancel: Cancel | None = None,
) -> Path:
    """Writes the video, its pictures or its sound to `out`; memory is that of one chunk.

    Raises EngineError `export.incomplete` (which chunks are missing), `export.range`,
    `export.exists`, `export.failed`, disk.*, media.*; MediaCancelled.
    """
    choice = choice or ExportChoice()
    plan = export_plan(job)
    results.sweep_results(job.path)
    if choice.kind == "sound":  # it is there before any chunk is
        span = chosen_span(plan, choice)
        _write_sound(job, out, span, choice, overwrite=overwrite, cancel=cancel)
    else:
        span = rendered_span(job, plan, choice)
        frames = _told(video_frames(job, plan, span, choice.missing), span, tick)
        if choice.kind == "pictures":
            export_pictures(
                frames, out, size=plan.size, frame_count=span[1] - span[0], cancel=cancel
            )
        else:
            _write_video(job, plan, frames, out, span, choice, overwrite=overwrite, cancel=cancel)
    if tick is not None:
        tick(1.0)
    return out


def _told(frames: Iterator[Frames], span: Span, tick: Tick | None) -> Iterator[Frames]:
    """The same frames; the share that was taken is told."""
    done = 0
    for part in frames:
        yield part
        done += len(part)
        if tick is not None:
            tick(done / (span[1] - span[0]))


def _write_video(
    job: JobFolder,
    plan: Plan,
    frames: Iterator[Frames],
    out: Path,
    span: Span,
    choice: ExportChoice,
    *,
    overwrite: bool,
    cancel: Cancel | None,
) -> None:
    results.expect(job.path, out)
    export_video(
        frames,
        out,
        size=plan.size,
        frame_count=span[1] - span[0],
        fps=FPS,
        crf=choice.crf,
        codec=choice.codec,
        sound=sound_tracks(job.request),
        arrangement=job.request.arrangement,
        background=_background(choice),
        begin=span[0] / FPS,
        settings=_summary(job.request, plan),
        overwrite=overwrite,
        made=lambda video: results.note(job.path, out, video),
        cancel=cancel,
    )
    results.note(job.path, out)


def _write_sound(
    job: JobFolder,
    out: Path,
    span: Span,
    choice: ExportChoice,
    *,
    overwrite: bool,
    cancel: Cancel | None,
) -> None:
    export_wav(
        out,
        sound=sound_tracks(job.request),
        duration=(span[1] - span[0]) / FPS,
        arrangement=job.request.arrangement,
        background=_background(choice),
        begin=span[0] / FPS,
        overwrite=overwrite,
        cancel=cancel,
    )


def sound_tracks(request: GenerationRequest) -> tuple[SoundTrack, ...]:
    """The user's own files, as they were given: original rate and level."""
    return tuple(
        SoundTrack(path=track.path, start=track.start, gain_db=track.gain_db)
        for track in request.speech
    )


def _background(choice: ExportChoice) -> SoundTrack | None:
    under = choice.background
    if under is None:
        return None
    return SoundTrack(path=under.path, start=under.start, gain_db=under.gain_db)


def _summary(request: GenerationRequest, plan: Plan) -> str:
    """Settings for the file's metadata: no names of files, no prompt."""
    return (
        f"{plan.size[1]}x{plan.size[0]}, {plan.steps} steps, shift {plan.shift:g}, "
        f"text {request.text_guidance_scale:g}, audio {request.audio_guidance_scale:g}, "
        f"seed {request.seed}, {plan.precision}"
    )
