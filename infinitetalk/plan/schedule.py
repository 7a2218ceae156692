"""Which frames are denoised together, which rows of the speech and which source frame each uses.

One function covers both ways. The reference's way (spec: pipeline.md 4) is what is left when the
mends for short speech, unequal tracks and the last chunk are switched off; the golden table
`preprocess/chunk_schedule` holds it to that. All counts are video frames at 25 per second.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from infinitetalk.errors import engine_error
from infinitetalk.plan.decisions import ChunkPlan, Plan
from infinitetalk.plan.source_time import fold_source_time, scene_starts
from infinitetalk.request import FPS, GenerationRequest

WINDOW = 5  # rows of audio embedding around each video frame
MIRROR_MARGIN = 3  # rows mirrored past the end of the last chunk, so that windows find neighbors
SHORTEST_CHUNK = 5  # two latent frames: one would be the source frame itself


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """The frames of a plan: `total_frames` of video, made chunk by chunk.

    `rows` are the rows of audio embedding that each speaker's speech must deliver.
    """

    total_frames: int
    rows: tuple[int, ...]
    chunks: tuple[ChunkPlan, ...]


def frames_of_seconds(seconds: float, *, exact: bool = False) -> int:
    """Video frames that `seconds` of speech drive: rounded down, as the reference does.

    Unless `exact`, a duration that is a whole number of frames up to rounding noise is not cut by
    one frame. `seconds` should be samples / rate, for the reference computes it so.
    """
    return math.floor(seconds * FPS + (0.0 if exact else 1e-6))


def speech_rows(request: GenerationRequest, speech_seconds: Sequence[float]) -> tuple[int, ...]:
    """Rows of audio embedding per speaker; `speech_seconds` as in `MediaFacts`.

    A silent track is as long as the other one; tracks in turn are as long as all together. With
    the mend `equal_tracks` every track is padded with silence to the longest.
    Raises EngineError `speech.empty` where no track lasts a single frame.
    """
    exact = not request.mends.equal_tracks
    rows = [frames_of_seconds(seconds, exact=exact) for seconds in speech_seconds]
    longest = max(rows, default=0)
    if request.arrangement == "in_turn" and len(rows) > 1:
        # A silent track takes its turn too, before or after the speech.
        turns = [
            max(speech_seconds) if track.path is None else seconds
            for track, seconds in zip(request.speech, speech_seconds, strict=True)
        ]
        rows = [frames_of_seconds(math.fsum(turns), exact=exact)] * len(rows)
    elif request.mends.equal_tracks:
        rows = [longest] * len(rows)
    else:
        rows = [
            longest if track.path is None else count
            for track, count in zip(request.speech, rows, strict=True)
        ]
    if max(rows, default=0) < 1:
        raise engine_error(
            "speech.empty",
            "The speech is empty",
            f"It lasts {max(speech_seconds, default=0.0):.3f} s; one frame takes 0.04 s.",
            "Choose a longer recording.",
            seconds=max(speech_seconds, default=0.0),
        )
    return tuple(rows)


def plan_chunks(
    request: GenerationRequest,
    rows: Sequence[int],
    *,
    chunk_frames: int = 81,
    motion_frames: int = 9,
    source_duration: float = 0.0,
    source_fps: float = 25.0,
    scene_cuts: Sequence[float] = (),
) -> Schedule:
    """Chunks for speech of `rows` embedding rows per speaker (spec: pipeline.md 4).

    `chunk_frames` and `motion_frames` are the model's; the request's own come first.
    `source_duration` is that of a source video in seconds, 0 for a picture; `scene_cuts` are
    seconds into it. Raises EngineError `speech.too_short` where the mend for short speech is off
    and a track is not longer than a chunk, `request.motion_frames` where a chunk would not move
    forward; ValueError without any row.
    """
    span = request.chunk_frames or chunk_frames
    motion = request.motion_frames or motion_frames
    _check_progress(span, motion)
    rows = tuple(rows)
    if not rows or max(rows) < 1:
        raise ValueError(f"rows must have at least one row of speech, found {rows}")
    if not request.mends.pad_short_speech:
        _refuse_short_speech(rows, span)
    cap = span if request.mode == "clip" else math.inf
    if request.max_frames is not None:
        cap = min(cap, request.max_frames)
    is_video = source_duration > 0
    if is_video and request.mends.source_end == "stop":
        cap = min(cap, max(1, frames_of_seconds(source_duration)))
    # The reference looks at the first speaker alone (fault 4); mended rows are all equal.
    wanted = int(min(cap, rows[0]))
    starts = [0]
    if request.scene_cuts and is_video:
        starts = scene_starts(
            scene_cuts, source_duration, source_fps, request.mends.source_end, wanted
        )
    spans = _spans(starts, wanted, span, motion, shorten=request.mends.shorten_last)
    total = _total_frames(spans, rows, cap)
    chunks = []
    for index, (start, frames, repeated, end) in enumerate(spans):
        first = start + repeated
        time = start / FPS
        chunks.append(
            ChunkPlan(
                index=index,
                start=start,
                span_frames=frames,
                motion_frames=repeated,
                first_frame=first,
                frame_count=max(0, int(min(start + frames, end, total)) - first),
                source_time=fold_source_time(
                    time, source_duration, source_fps, request.mends.source_end
                )
                if is_video
                else 0.0,
                source_index=start if is_video else 0,
            )
        )
    return Schedule(total_frames=total, rows=rows, chunks=tuple(chunks))


def _check_progress(span: int, motion: int) -> None:
    if motion >= span:
        raise engine_error(
            "request.motion_frames",
            "A chunk would not move forward",
            f"Each chunk has {span} frames and repeats {motion} of the one before.",
            "Choose fewer motion frames or longer chunks.",
            chunk_frames=span,
            motion_frames=motion,
        )


def _refuse_short_speech(rows: tuple[int, ...], span: int) -> None:
    shortest = min(rows)
    if shortest <= span:
        raise engine_error(
            "speech.too_short",
            "The speech is too short for exact comparison",
            f"It has {shortest} frames ({shortest / FPS:.2f} s); the reference needs more than "
            f"{span} ({span / FPS:.2f} s).",
            "Use longer speech, or render without exact comparison.",
            frames=shortest,
            needed=span + 1,
        )


def next_span(frames: int) -> int:
    """The smallest 4n + 1 that covers `frames`."""
    return 1 + 4 * math.ceil((frames - 1) / 4)


# start, frames denoised, motion frames repeated, first frame that belongs to the next scene
_Span = tuple[int, int, int, float]


def _spans(
    starts: Sequence[int], wanted: int, span: int, motion: int, *, shorten: bool
) -> list[_Span]:
    """Chunks of each scene; the last of a scene covers no more than is left, if `shorten`."""
    spans: list[_Span] = []
    stride = span - motion
    ends: list[float] = [*starts[1:], math.inf]
    for scene_start, scene_end in zip(starts, ends, strict=True):
        length = min(scene_end, wanted) - scene_start
        count = 1 + max(0, math.ceil((length - span) / stride))
        for k in range(count):
            start = scene_start + k * stride
            repeated = motion if k else 0
            frames = span
            if shorten and k == count - 1:
                least = repeated + 4 if repeated else SHORTEST_CHUNK
                left = scene_start + int(length) - start
                frames = min(span, max(next_span(left), least))
            spans.append((start, frames, repeated, scene_end))
    return spans


def _total_frames(spans: list[_Span], rows: tuple[int, ...], cap: float) -> int:
    start, frames, _, _ = spans[-1]
    total = min(start + frames, cap)
    if any(count <= start + frames for count in rows):  # a mirrored tail was added
        total = min(total, rows[-1])  # the last speaker's, as in the reference (fault 4)
    return int(total)


def audio_row_index(
    plan: Plan | Schedule, speaker: int, chunk: int, *, shift_frames: int = 0
) -> list[list[int]]:
    """Rows of the speaker's audio embedding for each frame of a chunk, [F, 5], F = span frames.

    Frame f of a chunk that starts at s sees rows s+f-2 ... s+f+2, clamped to what is there. In
    the last chunk the embedding goes on mirrored past its end (row N+i is row N-1-i) for as many
    rows as the chunk lacks and 3 more. `shift_frames` > 0 lets the lips follow later.
    Source: pipeline.md 4.
    """
    item = plan.chunks[chunk]
    rows = plan.rows[speaker]
    available = rows
    end = item.start + item.span_frames
    if chunk == len(plan.chunks) - 1 and rows <= end:
        available += min(end - rows + MIRROR_MARGIN, rows)
    half = WINDOW // 2
    window = []
    for frame in range(item.start - shift_frames, end - shift_frames):
        found = [min(max(row, 0), available - 1) for row in range(frame - half, frame + half + 1)]
        window.append([row if row < rows else 2 * rows - 1 - row for row in found])
    return window


def frame_origins(plan: Plan | Schedule) -> list[tuple[int, int]]:
    """(chunk, frame in the chunk) of every output frame, in order."""
    return [
        (chunk.index, chunk.first_frame - chunk.start + i)
        for chunk in plan.chunks
        for i in range(chunk.frame_count)
    ]


def chunks_between(plan: Plan | Schedule, first_frame: int, end_frame: int) -> tuple[int, ...]:
    """Chunks that show any of the output frames `first_frame` ... `end_frame` - 1."""
    return tuple(
        chunk.index
        for chunk in plan.chunks
        if chunk.first_frame < end_frame and chunk.first_frame + chunk.frame_count > first_frame
    )


def shift_frames(request: GenerationRequest, chunk: int) -> int:
    """By how many frames the lips of this chunk follow later."""
    return round((request.chunk_settings(chunk).speech_shift or 0.0) * FPS)


def chunk_source_time(request: GenerationRequest, plan: Plan | Schedule, chunk: int) -> float:
    """Seconds into the source video of the frame that conditions this chunk."""
    own = request.chunk_settings(chunk).source_time
    return plan.chunks[chunk].source_time if own is None else own
