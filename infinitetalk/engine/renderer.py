"""Builds a job's chunks: the earliest that has no valid take first, until all are there.

First render, resume after a crash and redo after an edit are this one loop. What is rendered next
is decided by the timeline at the moment the loop asks, so edits to later chunks are taken up.
"""

import time
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import torch
from safetensors.torch import save as save_tensors
from torch import Tensor

from infinitetalk.engine.chunks import MOTION_TENSOR, ChunkJob, ChunkMaker
from infinitetalk.engine.control import Control, JobLockType
from infinitetalk.engine.learning import learn
from infinitetalk.engine.memory import JobMemory
from infinitetalk.engine.model import facts_for
from infinitetalk.engine.prepare import PreparedJob
from infinitetalk.engine.shared import SharedStages
from infinitetalk.engine.sources import SourceFrames
from infinitetalk.errors import ErrorReport
from infinitetalk.event import (
    ChunkReady,
    ChunkStarted,
    ChunkStatusChanged,
    Event,
    Finished,
    MemoryStepDown,
    Notice,
    Paused,
    PlanReady,
    Stage,
    StageStarted,
    StepDone,
)
from infinitetalk.media.frames import write_frames
from infinitetalk.media.pixels import to_bytes
from infinitetalk.pipeline.chunk import Sampling
from infinitetalk.pipeline.color import rgb_to_lab
from infinitetalk.pipeline.masks import check_boxes
from infinitetalk.pipeline.networks import ModelNetworks
from infinitetalk.pipeline.preview import PreviewMap, png_bytes, preview_strip
from infinitetalk.pipeline.render import ChunkResult, SourceMemory, StageBegan, render_chunk
from infinitetalk.plan import level
from infinitetalk.project import atomic
from infinitetalk.project.edits import with_take
from infinitetalk.project.keys import digest_bytes, part_digests
from infinitetalk.project.order import Target, chunk_statuses, next_chunk_to_render
from infinitetalk.project.takes import MOTION, Take, TakeMeta
from infinitetalk.project.timeline import TakeEntry, without_damaged_takes
from infinitetalk.request import chunk_settings_to_json
from infinitetalk.sampling import DenoisedStep, timesteps
from infinitetalk.streaming.allocation import is_out_of_memory

FRAMES = "frames.mkv"
PREVIEW = "preview"


class Renderer:
    """One run over a job, in one thread; `lock` guards the job against its editors."""

    def __init__(self, prepared: PreparedJob, control: Control, lock: JobLockType) -> None:
        self._prepared = prepared
        self._job = prepared.job
        self._plan = prepared.plan
        self._control = control
        self._lock = lock
        request = self._job.request
        self._networks = ModelNetworks(
            prepared.files, self._plan, speakers=len(request.speech), loras=request.loras
        )
        self._shared = SharedStages(prepared, self._networks, control.check)
        self._sources = SourceFrames(prepared.source, request, self._plan)
        self._maker = ChunkMaker(
            prepared, self._shared, self._sources, lambda: self._networks.lora_identities
        )
        self._memory = JobMemory(
            self._plan, limited=prepared.limited, vram_limit=prepared.vram_limit
        )
        self._pictures = SourceMemory()
        said = prepared.files.description.preview
        self._colors = PreviewMap(matrix=said.matrix, bias=said.bias) if said else PreviewMap()
        self._began = time.monotonic()

    def close(self) -> None:
        self._sources.close()
        self._networks.close()

    def events(self) -> Iterator[Event]:
        """Renders what is missing; ends with Finished or Paused. Raises what goes wrong."""
        job_id = self._job.job_id
        torch.set_num_threads(self._plan.threads)
        yield PlanReady(job_id=job_id, job_folder=self._job.path, plan=self._plan.to_json())
        yield from self._notices()
        yield from self._check_takes()
        if self._next() is not None:
            yield from self._shared.events()
        while (target := self._next()) is not None:
            self._control.check()
            if self._control.pausing:
                yield Paused(job_id=job_id, next_chunk=target.index)
                return
            yield from self._render(target)
        yield Finished(
            job_id=job_id,
            frame_count=self._plan.total_frames,
            seconds=time.monotonic() - self._began,
        )

    # -- what is there, what is next --------------------------------------------------------------

    def _next(self) -> Target | None:
        with self._lock:
            parts = part_digests(self._job.request, self._plan)
            return next_chunk_to_render(self._job.timeline, self._plan, parts)

    def _notices(self) -> Iterator[Event]:
        job_id, request = self._job.job_id, self._job.request
        for report in self._prepared.notices:
            if level(report) == "tip":
                continue  # advice belongs before the rendering: `plan` and the window show it
            strength = "warning" if level(report) == "warning" else "notice"
            yield Notice(job_id=job_id, report=report, level=strength)
        source = (self._prepared.source.height, self._prepared.source.width)
        for report in check_boxes(
            source,
            self._plan.size,
            request.boxes,
            painted=request.painted,
            guard=request.mends.guard_masks,
        ):
            yield Notice(job_id=job_id, report=report, level="warning")

    def _check_takes(self) -> Iterator[Event]:
        """Drops takes whose files are not whole, and tells what is there already."""
        job_id = self._job.job_id
        with self._lock:
            timeline, broken = without_damaged_takes(self._job.timeline, self._job.takes, full=True)
            if broken:
                self._job.save_timeline(timeline)
            parts = part_digests(self._job.request, self._plan)
            statuses = chunk_statuses(timeline, self._plan, parts)
        if broken:
            yield Notice(job_id=job_id, report=_damaged(broken), level="warning")
        for chunk, status in zip(self._plan.chunks, statuses, strict=True):
            entry = timeline.chunk(chunk.index).active_take
            take = self._job.valid_take(chunk.index, entry.key) if entry else None
            if take is not None:
                yield self._ready(take, reused=True)
            if status not in ("ready", "waiting"):
                yield ChunkStatusChanged(job_id=job_id, chunk=chunk.index, status=status)

    # -- one chunk --------------------------------------------------------------------------------

    def _render(self, target: Target) -> Iterator[Event]:
        job_id, index = self._job.job_id, target.index
        began = time.monotonic()
        with self._lock:
            request = self._job.request
        if target.settings is not None:
            request = request.with_chunk(index, target.settings)
        self._check_space(index)
        plan = self._memory.plan_for(dict(self._job.timeline.chunk(index).plan_changes))
        yield StageStarted(job_id=job_id, stage="source", chunk=index)
        chunk = self._maker.make(target, request, plan)
        stored = self._job.valid_take(index, chunk.key, full=True)
        if stored is not None:  # an edit that was undone, or a take the timeline had lost
            self._take_in(chunk, stored)
            yield self._ready(stored, reused=True)
            return
        yield ChunkStarted(
            job_id=job_id, chunk=index, take=chunk.key, seed=chunk.seed, steps=self._plan.steps
        )
        self._reset_peak()
        tries = 0
        while True:
            tries += 1
            self._networks.use_memory(self._memory.settings)
            outcome = yield from self._tried(chunk)
            if not isinstance(outcome, MemoryStepDown):
                break
            yield outcome
            # What a rung changes may change pixels in the last digit: the take is named by it.
            chunk = self._maker.make(target, request, self._memory.plan_for({}))
        self._memory.worked()
        result, timings = outcome
        yield StageStarted(job_id=job_id, stage="store", chunk=index)
        seconds = time.monotonic() - began
        take = self._store(chunk, result, timings, seconds)
        self._take_in(chunk, take)
        if tries == 1:  # a second try would be counted to the first
            weights = facts_for(self._prepared.files, request)
            learn(self._plan, weights, index, seconds=seconds, folder=take.folder)
        yield self._ready(take)

    def _tried(
        self, chunk: ChunkJob
    ) -> Generator[Event, None, tuple[ChunkResult, dict[str, float]] | MemoryStepDown]:
        """Runs the chunk once; where memory runs out, returns the step down to try it again with."""
        stage: Stage = "source"
        try:
            running = self._denoised(chunk)
            while True:
                event = next(running)
                if isinstance(event, StageStarted):
                    stage = event.stage
                yield event
        except StopIteration as done:
            return done.value
        except Exception as error:
            if not is_out_of_memory(error):
                raise
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        # Out here the error no longer holds the frames and their tensors.
        self._pictures = SourceMemory()
        self._networks.make_room()
        return self._memory.step_down(self._job.job_id, chunk.target.index, stage, reason)

    def _denoised(
        self, chunk: ChunkJob
    ) -> Generator[Event, None, tuple[ChunkResult, dict[str, float]]]:
        """Runs the chunk; yields its events, returns the result and the seconds of each stage."""
        job_id, index = self._job.job_id, chunk.target.index
        timings: dict[str, float] = {}
        stage, since = "", time.monotonic()
        step_since, result = since, None
        for found in render_chunk(
            self._networks,
            chunk.inputs,
            self._sampling(chunk),
            color_correction=chunk.request.color_correction,
            guard_flat=chunk.request.mends.guard_flat_frames,
            ease_seams=chunk.request.mends.ease_seams,
            memory=self._pictures,
            check_cancel=self._control.check,
        ):
            now = time.monotonic()
            if isinstance(found, StageBegan):
                if stage:
                    timings[stage] = now - since
                stage, since, step_since = found.stage, now, now
                if found.stage != "source":  # told before its inputs were made
                    yield StageStarted(job_id=job_id, stage=found.stage, chunk=index)
            elif isinstance(found, DenoisedStep):
                yield StepDone(
                    job_id=job_id,
                    chunk=index,
                    step=found.index,
                    steps=self._plan.steps,
                    seconds=now - step_since,
                    preview=self._preview(index, found),
                )
                step_since = time.monotonic()
            else:
                timings[stage] = now - since
                result = found
        assert result is not None
        return result, timings

    def _sampling(self, chunk: ChunkJob) -> Sampling:
        settings = chunk.request.chunk_settings(chunk.target.index)
        text, audio = settings.text_guidance_scale, settings.audio_guidance_scale
        request = chunk.request
        return Sampling(
            timesteps=timesteps(self._plan.steps, self._plan.shift),
            text_guidance_scale=request.text_guidance_scale if text is None else text,
            audio_guidance_scale=request.audio_guidance_scale if audio is None else audio,
            apg=request.apg,
            skipped_steps=self._shared.skipped_steps,
            guard_masks=request.mends.guard_masks,
            keep_key_values=self._memory.settings.keep_key_values,
            branches_together=self._memory.settings.branches_together,
        )

    def _preview(self, index: int, step: DenoisedStep) -> Path | None:
        """A small picture of the clean estimate; without it (full disk, ...) rendering goes on."""
        folder = self._job.path / PREVIEW
        path = folder / f"{index:04d}-{step.index:03d}.png"
        try:
            folder.mkdir(exist_ok=True)
            for old in folder.glob(f"{index:04d}-*.png"):
                if old.name < f"{index:04d}-{step.index - 1:03d}":
                    old.unlink(missing_ok=True)
            path.write_bytes(png_bytes(preview_strip(step.clean, self._colors)))
        except OSError:
            return None
        return path

    def _check_space(self, index: int) -> None:
        """A full disk is met before a chunk, not inside one. Raises EngineError `disk.full`."""
        height, width = self._plan.size
        needed = self._plan.chunks[index].span_frames * height * width * 3
        atomic.check_space(self._job.path, needed, spare=min(atomic.SPARE_BYTES, 50 * needed))

    # -- storing ----------------------------------------------------------------------------------

    def _store(
        self, chunk: ChunkJob, result: ChunkResult, timings: dict[str, float], seconds: float
    ) -> Take:
        """The take on disk: shown frames losslessly, the last ones also as they were computed."""
        item = self._plan.chunks[chunk.target.index]
        request = chunk.request
        shown = result.frames[:, item.motion_frames :]
        motion = self._motion_frames(result.frames)
        with self._job.takes.writer(item.index, chunk.key) as writer:
            pixels = to_bytes(shown.numpy(), rounding=request.mends.round_bytes)
            write_frames(writer.path(FRAMES), pixels)
            writer.write(MOTION, save_tensors({MOTION_TENSOR: motion}))
            return writer.commit(
                TakeMeta(
                    index=item.index,
                    key=chunk.key,
                    seed=chunk.seed,
                    part=chunk.part,
                    motion_in=chunk.motion_in,
                    motion_out=digest_bytes(motion.numpy().tobytes()),
                    settings=chunk_settings_to_json(request.chunk_settings(item.index)),
                    plan_changes=self._memory.changes,
                    first_frame=item.first_frame,
                    frame_count=item.frame_count,
                    seconds=seconds,
                    timings=timings,
                    peak_vram=self._peak(),
                    color_drift=_color_drift(result.frames, chunk.inputs.picture),
                    identity_drift=result.source_drift,
                    created=datetime.now(UTC).isoformat(timespec="microseconds"),
                )
            )

    def _motion_frames(self, frames: Tensor) -> Tensor:
        """The last frames of a chunk that a next one would begin with, [3, M, H, W]."""
        count = max((c.motion_frames for c in self._plan.chunks), default=0)
        count = count or (self._job.request.motion_frames or 1)
        return frames[:, -count:].contiguous()

    def _take_in(self, chunk: ChunkJob, take: Take) -> None:
        """The timeline learns of the take; edits made meanwhile stay."""
        with self._lock:
            timeline = with_take(
                self._job.timeline,
                chunk.target.index,
                TakeEntry.of(take.meta),
                extra=chunk.target.settings is not None,
                plan_changes=take.meta.plan_changes.items(),
            )
            self._job.save_timeline(timeline)

    def _ready(self, take: Take, *, reused: bool = False) -> ChunkReady:
        meta = take.meta
        return ChunkReady(
            job_id=self._job.job_id,
            chunk=meta.index,
            take=meta.key,
            first_frame=meta.first_frame,
            frame_count=meta.frame_count,
            path=take.folder,
            seconds=meta.seconds,
            peak_vram=meta.peak_vram,
            reused=reused,
            color_drift=meta.color_drift,
            identity_drift=meta.identity_drift,
        )

    def _reset_peak(self) -> None:
        if self._plan.device != "cpu":
            torch.cuda.reset_peak_memory_stats()

    def _peak(self) -> int:
        return torch.cuda.max_memory_allocated() if self._plan.device != "cpu" else 0


def _color_drift(frames: Tensor, picture: Tensor) -> float:
    """Distance in CIE Lab between the mean colors of the chunk's last frame and its source frame."""
    pair = torch.stack((frames[:, -1], picture.to(frames)), dim=1)
    means = rgb_to_lab(((pair + 1) / 2).clamp(0, 1)).mean(dim=(2, 3))
    return float(torch.linalg.vector_norm(means[:, 0] - means[:, 1]))


def _damaged(broken: list[tuple[int, str, str]]) -> ErrorReport:
    names = ", ".join(f"chunk {index + 1} ({reason})" for index, _, reason in broken[:3])
    more = f" and {len(broken) - 3} more" if len(broken) > 3 else ""
    return ErrorReport(
        code="job.damaged",
        title="Finished chunks are damaged",
        detail=f"{names}{more}.",
        remedy="They are rendered again.",
        safe="All others were checked and are safe.",
        facts={"chunks": [index for index, _, _ in broken]},
    )
