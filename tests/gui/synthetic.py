"""Realistic material for the window without the engine: chunks, events, pictures, waveforms."""

import json
import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter, QPixmap

from desktop.app import Program
from desktop.reports.words import stage_text, step_down_text
from desktop.state.document import ProjectData, Speaker
from desktop.state.jobs import Job
from desktop.state.timeline import ChunkView, Marker, SpeakerRow, TimelineState
from infinitetalk.errors import ErrorReport
from infinitetalk.event import (
    ChunkReady,
    ChunkStarted,
    Event,
    Finished,
    PlanReady,
    StageAdvanced,
    StageStarted,
    StepDone,
    fold_all,
)
from infinitetalk.plan import ChunkPlan, Machine, MediaFacts, Plan, Schedule, WeightsFacts
from infinitetalk.request import Box, ChunkSettings

FIRST, LATER = 81, 72


def chunk_plans(frames: int) -> list[ChunkPlan]:
    plans: list[ChunkPlan] = []
    first = 0
    while first < frames:
        count = min(FIRST if not plans else LATER, frames - first)
        plans.append(
            ChunkPlan(
                index=len(plans),
                start=0 if not plans else first - 9,
                span_frames=81,
                motion_frames=0 if not plans else 9,
                first_frame=first,
                frame_count=count,
                source_time=first / 25,
                source_index=first,
            )
        )
        first += count
    return plans


def plan(frames: int = 4500, *, steps: int = 4) -> Plan:
    chunks = tuple(chunk_plans(frames))
    return Plan(
        size=(448, 896),
        total_frames=frames,
        rows=(frames,),
        chunks=chunks,
        branches=("cond", "drop_audio"),
        steps=steps,
        shift=2.0,
        precision="int8",
        dtype="bfloat16",
        device="cuda",
        threads=2,
        attention="default",
        resident_blocks=0,
        vae_dtype="bfloat16",
        vae_tile=256,
        text_encoder="int8",
        weights_identity="synthetic",
        exact=False,
        peak_vram=int(5.8 * 2**30),
        peak_ram=22 * 2**30,
        disk=int(3.1 * 2**30),
        seconds_per_chunk=411.0,
        seconds=411.0 * len(chunks),
    )


def events(
    folder: Path, frames: int = 4500, *, steps: int = 4, seed: int = 1, finish: bool = True
) -> Iterator[Event]:
    """A whole job's events, as the engine sends them; previews name files in `folder`."""
    rng = random.Random(seed)
    job = "synthetic"
    made = plan(frames, steps=steps)
    yield PlanReady(job_id=job, job_folder=folder, plan=made.to_json())
    for stage in ("load", "text", "source", "speech"):
        yield StageStarted(job_id=job, stage=stage)
        yield StageAdvanced(job_id=job, stage=stage, fraction=1.0)
    for chunk in made.chunks:
        take = f"{rng.getrandbits(48):012x}"
        yield ChunkStarted(job_id=job, chunk=chunk.index, take=take, seed=42, steps=steps)
        yield StageStarted(job_id=job, stage="denoise", chunk=chunk.index)
        for step in range(steps):
            yield StepDone(
                job_id=job, chunk=chunk.index, step=step, steps=steps, seconds=98 + rng.random()
            )
        yield StageStarted(job_id=job, stage="decode", chunk=chunk.index)
        yield StageStarted(job_id=job, stage="store", chunk=chunk.index)
        yield ChunkReady(
            job_id=job,
            chunk=chunk.index,
            take=take,
            first_frame=chunk.first_frame,
            frame_count=chunk.frame_count,
            path=folder / "chunks" / f"{chunk.index:04d}-{take}",
            seconds=405 + 10 * rng.random(),
            peak_vram=int(5.7 * 2**30),
            color_drift=1.5 + 1.5 * rng.random(),
            identity_drift=0.1 + 0.1 * rng.random(),
        )
    if finish:
        yield Finished(job_id=job, frame_count=frames, seconds=411.0 * len(made.chunks))


def write_events(path: Path, stream: Sequence[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(line) + "\n" for line in stream), encoding="utf-8")


def fill(timeline: TimelineState, frames: int = 4500, *, speakers: int = 1) -> None:
    """The state of the drawing: 19 ready, one rendering, two stale, one kept, one with drift."""
    rng = random.Random(7)
    chunks = []
    for p in chunk_plans(frames):
        i = p.index
        status, takes, step, reason = "waiting", (), 0, ""
        if i < 19:
            status, takes = "ready", (f"t{i}a",)
        if i == 13:
            takes = ("t13a", "t13b")
        if i == 14:
            status = "kept"
        if i == 19:
            status, step = "rendering", 3
        if i in (20, 21):
            status, takes, reason = "stale", (f"t{i}a",), f"follows chunk {i}"
        drift = 0.0
        if takes:
            drift = 1.4 + 1.8 * rng.random()
        if i == 17:
            drift = 7.5
        chunks.append(
            ChunkView(
                index=i,
                first_frame=p.first_frame,
                frame_count=p.frame_count,
                status=status,
                step=step,
                steps=4 if status == "rendering" else 0,
                takes=takes,
                active_take=takes[-1] if takes else None,
                locked_takes=("t13a",) if i == 13 else (),
                color_drift=drift,
                identity_drift=0.0,
                source_time=p.source_time,
                reason=reason,
            )
        )
    timeline.set_chunks(chunks)
    rows = [SpeakerRow(name="Anna", file_name="anna_de.wav", duration=frames / 25)]
    if speakers > 1:
        rows.append(
            SpeakerRow(
                name="Ben", file_name="ben.wav", duration=40, token="speaker_b", letter="B", start=2
            )
        )
    timeline.set_speakers(rows)
    timeline.set_markers([Marker(frame=1030, text="hand moves")])
    timeline.set_playhead(1179)
    timeline.select(13)


def portrait(width: int, height: int, mood: float = 0.0, blur: bool = False) -> QImage:
    """A simple face before a window, wide or narrow, so that cropping shows."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    back = QLinearGradient(0, 0, width, height)
    back.setColorAt(0, QColor("#4a5663"))
    back.setColorAt(1, QColor("#5b4f4a"))
    painter.fillRect(0, 0, width, height, back)
    h = height
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor("#c9cfcb"))
    painter.drawRoundedRect(QRectF(width * 0.05, -h * 0.1, width * 0.22, h * 0.75), 6, 6)
    for i, color in enumerate(("#7c4a55", "#a5834a", "#4f6b83", "#7d6a50")):
        painter.setBrush(QColor(color))
        painter.drawRect(QRectF(width * (0.76 + 0.035 * i), h * 0.08, width * 0.03, h * 0.2))
    x, y, r = width / 2, h * 0.42, h * 0.24
    painter.setBrush(QColor("#4c7391"))
    painter.drawEllipse(QPointF(x, h * 1.15), h * 0.55, h * 0.38)
    painter.setBrush(QColor("#3c2a25"))
    painter.drawEllipse(QPointF(x, y + r * 0.25), r * 1.15, r * 1.45)
    painter.setBrush(QColor("#e6b592"))
    painter.drawRect(QRectF(x - r * 0.25, y + r * 0.5, r * 0.5, r))
    painter.drawEllipse(QPointF(x, y + r * 0.1), r * 0.78, r)
    if not blur:
        painter.setBrush(QColor("#2b2422"))
        painter.drawEllipse(QPointF(x - r * 0.3, y), r * 0.09, r * 0.09)
        painter.drawEllipse(QPointF(x + r * 0.3, y), r * 0.09, r * 0.09)
        painter.setBrush(QColor("#8e2f35"))
        painter.drawEllipse(QPointF(x, y + r * 0.58), r * 0.24, r * (0.05 + 0.12 * mood))
    painter.end()
    return image


class Portraits:
    """Pictures of the timeline without any file."""

    def __init__(self) -> None:
        self._kept = [QPixmap.fromImage(portrait(176, 88, i / 5)) for i in range(6)]
        self._blurred = QPixmap.fromImage(portrait(176, 88, 0.5, blur=True))

    def source(self, chunk: int) -> QPixmap | None:
        return self._kept[0]

    def take(self, chunk: int, take: str) -> QPixmap | None:
        return self._kept[(chunk * 7 + len(take)) % 6]

    def live(self, chunk: int) -> QPixmap | None:
        return self._blurred


class Speech:
    """Loudness that looks like sentences, computed for any zoom."""

    def bars(
        self, speaker: int, start: float, bar: float, count: int
    ) -> Sequence[tuple[float, float]] | None:
        result = []
        for i in range(count):
            t = start + i * bar
            phrase = max(math.sin(t * 1.3 + speaker * 2) + 0.55, 0.04)
            grain = abs(math.sin(t * 37.7) * math.sin(t * 11.3 + 1)) * 0.8 + 0.1
            v = min(phrase * grain, 0.95)
            result.append((-v, v))
        return result

    def version(self, speaker: int) -> int:
        return 1


def machine() -> Machine:
    """A usual 8 GB card."""
    return Machine(
        gpu="NVIDIA GeForce RTX 4060",
        compute_capability=(8, 9),
        vram_total=8 * 2**30,
        vram_free=int(7.2 * 2**30),
        ram_total=32 * 2**30,
        ram_free=27 * 2**30,
        disk_free=212 * 2**30,
        disk_read=3.1e9,
        cpu="AMD Ryzen 5",
        cores=12,
        torch_version="2.11",
        torch_cuda="13.0",
        driver="580.97",
    )


def weights() -> WeightsFacts:
    """The published model in int8, two speakers."""
    return WeightsFacts(
        name="InfiniteTalk 14B",
        identity="synthetic",
        dim=5120,
        heads=40,
        ffn_dim=13824,
        blocks=40,
        audio_blocks=12,
        audio_channels=768,
        text_dim=4096,
        stored="int8",
        block_parameters=460_000_000,
        other_parameters=600_000_000,
        text_encoder_bytes=6_700_000_000,
        image_encoder_bytes=1_300_000_000,
        audio_encoder_bytes=380_000_000,
        vae_parameters=127_000_000,
        speakers=2,
        fast_lora="lightx2v.safetensors",
    )


def furnish(program: Program, samples: Path) -> None:
    """The program with the project of the drawings: three minutes, two speakers, a running job."""
    session = program.session
    session.engine.machine = machine()
    session.engine.weights = {"/models/InfiniteTalk": weights()}
    data = ProjectData(
        source=samples / "together.png",
        speakers=(
            Speaker(
                name="Anna",
                path=samples / "speech.wav",
                box=Box(top=60, left=90, bottom=430, right=430),
            ),
            Speaker(name="Omar", path=samples / "reply.wav"),
        ),
        model="/models/InfiniteTalk",
        options={"prompt": "A woman in a blue sweater speaks to the camera, calm, small gestures."},
        chunks=((13, ChunkSettings(seed=90417, audio_guidance_scale=2.4)),),
    )
    session.project.replace(data, path=None, name="keynote-de")
    frames = 4500
    made = plan(frames)
    request = data.request()
    session.planner.request = request
    session.planner.plan = made
    session.planner.media = MediaFacts(
        source_kind="video",
        source_size=(1080, 1920),
        source_duration=180.0,
        speech_seconds=(180.0, 41.0),
    )
    session.planner.schedule = Schedule(
        total_frames=frames, rows=(frames,), chunks=tuple(chunk_plans(frames))
    )
    session.planner.update = lambda _: None  # the files of three minutes are not there
    session.refresh_chunks = lambda: None
    session._refresh_speakers = lambda: None
    portraits = Portraits()
    program.pictures.take = portraits.take
    program.pictures.source = portraits.source
    fill(session.timeline, frames, speakers=2)
    canvas = program.window.timeline.canvas
    canvas.chunks.pictures, canvas.times.waveforms = portraits, Speech()
    canvas.relayout()
    session.viewport.set_scale(1.18)
    session.viewport.scroll_to(640)
    folder = session.job_folder
    stream = list(events(folder, frames, finish=False))
    cut = next(i for i, e in enumerate(stream) if isinstance(e, ChunkStarted) and e.chunk == 19)
    state = fold_all(stream[: cut + 5])
    now = Job(folder=folder, name="keynote-de", model="x", phase="now", state=state, preset="fast")
    now.chunk_seconds.append(411.0)
    done = fold_all(events(folder / "b", 225, steps=4))
    waiting = fold_all(stream[:1])
    session.queue.jobs = [
        now,
        Job(folder=folder / "a", name="interview-two", model="x", preset="draft", state=waiting),
        Job(
            folder=folder / "c",
            name="lecture-es",
            model="x",
            phase="needs_you",
            state=replace(fold_all(stream[:300]), status="failed"),
            error=ErrorReport(
                code="disk.full",
                title="The disk is full",
                detail="E: has 0.3 GiB; a chunk needs 0.05 plus 2 spare.",
                remedy="Free space or move the job, then go on.",
                safe="30 chunks are safe.",
            ),
        ),
        Job(folder=folder / "b", name="hello-first-video", model="x", phase="finished", state=done),
    ]
    session.queue.changed.emit()
    session.job_changed.emit()
    session.messages.show(
        "warning",
        ErrorReport(
            code="vram.retried",
            title="Rendered again with less memory",
            detail="At decode: smaller tiles.",
            facts={
                "chunk": 18,
                "stage": stage_text("decode"),
                "change": step_down_text({"vae_tile": [0, 448]}),
            },
        ),
    )
