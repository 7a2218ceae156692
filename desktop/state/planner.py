"""From the project to chunks and estimates: facts of the media, the weights and the machine."""

import contextlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from desktop.state.document import MINIATURE, ProjectData
from desktop.state.engine_link import EngineLink
from desktop.state.library import MediaLibrary
from desktop.state.settings import SettingsState
from infinitetalk.errors import EngineError, ErrorReport
from infinitetalk.paths import miniature_folder
from infinitetalk.plan import (
    MediaFacts,
    Plan,
    Schedule,
    WeightsFacts,
    plan,
    plan_chunks,
    speech_rows,
)
from infinitetalk.request import GenerationRequest, Lora


class Planner(QObject):
    """Makes the schedule of the open project whenever what it depends on has changed."""

    changed = Signal()

    def __init__(self, library: MediaLibrary, engine: EngineLink, settings: SettingsState) -> None:
        super().__init__()
        self._library, self._engine, self._settings = library, engine, settings
        self.request: GenerationRequest | None = None
        self.media: MediaFacts | None = None
        self.schedule: Schedule | None = None
        self.plan: Plan | None = None
        self.problem: ErrorReport | None = None
        self._presets: dict[str, Mapping[str, Mapping[str, Any]]] = {}

    def weights_for(self, model: str) -> WeightsFacts | None:
        return self._engine.weights.get(model)

    def own_presets(self, model: str) -> Mapping[str, Mapping[str, Any]]:
        """What a model's own description says of presets; empty for published checkpoints."""
        if model not in self._presets:
            folder = miniature_folder() if model == MINIATURE else Path(model)
            found: Mapping[str, Mapping[str, Any]] = {}
            with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
                description = json.loads((folder / "infinitetalk.json").read_text("utf-8"))
                found = dict(description["presets"])
            self._presets[model] = found
        return self._presets[model]

    def fast_lora(self, data: ProjectData) -> Lora | None:
        """The model's own LoRA for few steps, where its folder has one."""
        weights = self.weights_for(data.model)
        if weights is None or weights.fast_lora is None:
            return None
        folder = miniature_folder() if weights.miniature else Path(data.model)
        return Lora(path=folder / weights.fast_lora, scale=weights.fast_lora_scale)

    def request_of(self, data: ProjectData) -> GenerationRequest | None:
        """The request of a project, or None (with `problem` set) where it is not complete."""
        self.problem = None
        if not data.complete:
            return None
        try:
            return data.request(self.fast_lora(data))
        except ValueError as error:
            self.problem = ErrorReport(
                code="request.invalid",
                title="A setting can't be used",
                detail=str(error),
                facts={"why": str(error)},
            )
            return None

    def media_of(self, data: ProjectData) -> MediaFacts | None:
        """What is known of the project's files; None until all were read."""
        source = self._library.source(data.source)
        if source is None:
            return None
        seconds: list[float] = []
        for speaker in data.speakers:
            if speaker.path is None:
                seconds.append(0.0)
                continue
            facts = self._library.speech(speaker.path)
            if facts is None:
                return None
            seconds.append(max(facts.duration + speaker.start, 0.0))
        return MediaFacts(
            source_kind=source.kind,
            source_size=(source.height, source.width),
            source_duration=source.duration,
            source_fps=source.fps or 25.0,
            source_variable_rate=source.variable_rate,
            speech_seconds=tuple(seconds),
        )

    def update(self, data: ProjectData) -> None:
        """Computes request, facts and schedule anew."""
        before = (self.request, self.schedule, self.media, self.plan)
        self.request = self.request_of(data)
        self.media = self.media_of(data)
        self._decide(data)
        if (self.request, self.schedule, self.media, self.plan) != before:
            self.changed.emit()

    def _decide(self, data: ProjectData) -> None:
        """Plan where machine and weights are known, else the schedule alone."""
        self.schedule, self.plan = None, None
        if self.request is None or self.media is None:
            return
        weights = self.weights_for(data.model)
        try:
            self.plan = self.plan_for(self.request, data, vram_limit=self._settings.vram_limit)
            self.schedule = self.plan and Schedule(
                total_frames=self.plan.total_frames, rows=self.plan.rows, chunks=self.plan.chunks
            )
            if self.schedule is not None:
                return
            rows = speech_rows(self.request, self.media.speech_seconds)
            self.schedule = plan_chunks(
                self.request,
                rows,
                chunk_frames=weights.chunk_frames if weights else 81,
                motion_frames=weights.motion_frames if weights else 9,
                source_duration=self.media.source_duration,
                source_fps=self.media.source_fps,
                scene_cuts=self.media.scene_cuts,
            )
        except EngineError as error:
            self.problem = error.report

    def plan_for(
        self,
        request: GenerationRequest,
        data: ProjectData,
        *,
        frames: tuple[int, int] | None = None,
        vram_limit: int | None = None,
    ) -> Plan | None:
        """The plan of a request on this machine, as the engine will make it when the job starts;
        None before machine or weights are known. `vram_limit` in bytes.

        Raises EngineError where no plan can be made.
        """
        weights, machine = self.weights_for(data.model), self._engine.machine
        media = self.media_of(data)
        if weights is None or machine is None or media is None:
            return None
        return plan(
            request,
            media,
            weights,
            machine,
            frames=frames,
            vram_limit=vram_limit,
            leave_core_free=True,
        )

    def size_of(self, data: ProjectData) -> tuple[int, int] | None:
        """(H, W) that the project is rendered at; None until the source is known."""
        size = data.option("size") or (self.plan.size if self.plan else None)
        if size is not None:
            return size
        source = self._library.source(data.source)
        if source is None:
            return None
        # Whoever read the source has imported numpy, on another thread.
        from infinitetalk.media.resize import choose_bucket, scaled_size

        bucket = choose_bucket(source.height, source.width, data.option("resolution"))
        return scaled_size(bucket, data.option("size_scale"))
