"""The memory ladder of a job: where it stands, and the next rung when memory runs out."""

import logging
from dataclasses import asdict, replace

import torch

from infinitetalk.errors import GIB, engine_error
from infinitetalk.event import MemoryStepDown, Stage
from infinitetalk.plan import Plan
from infinitetalk.streaming.allocation import free_unused
from infinitetalk.streaming.ladder import MemorySettings, lower_settings
from infinitetalk.streaming.remembered import recall, remember, settings_key

log = logging.getLogger(__name__)


class JobMemory:
    """Settings that only ever go down; lower ones that worked are remembered for this machine."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._on_card = plan.device != "cpu"
        planned = MemorySettings(
            # On the CPU every block is where it computes: there is no rung in that.
            resident_blocks=plan.resident_blocks if self._on_card else 0,
            keep_key_values=plan.keep_key_values,
            token_chunk=plan.token_chunk,
            vae_tile=plan.vae_tile,
        )
        known = recall(self._key) if self._on_card else None
        self.settings = planned.at_most(known) if known is not None else planned
        self._planned = planned
        self._rung = 0
        self._freed = False  # the last resort was tried for this chunk

    def plan_for(self, changes: dict[str, object]) -> Plan:
        """The plan of a chunk: the job's, with what an earlier rung changed for it."""
        if changes:
            try:
                self.settings = self.settings.at_most(MemorySettings.from_json(changes))
            except (TypeError, ValueError):
                log.warning("memory settings of a chunk can't be read: %s", changes)
        return self._changed_plan()

    @property
    def changes(self) -> dict[str, object]:
        """What a rung changed against the job's plan; empty where nothing was."""
        return dict(asdict(self.settings)) if self.settings != self._planned else {}

    def step_down(self, job_id: str, chunk: int, stage: Stage, reason: str) -> MemoryStepDown:
        """One rung lower. Raises EngineError `vram.not_enough` or `ram.not_enough` where none is left."""
        free_unused()
        lower = lower_settings(self.settings, stage, self._plan.size)
        if lower is not None:
            self.settings, change = lower
        elif not self._freed:
            # Small pictures have no smaller tiles: what is left is to have nothing else in memory.
            self._freed, change = True, "everything else out of memory"
        else:
            raise self._nothing_left(stage, reason)
        self._rung += 1
        return MemoryStepDown(
            job_id=job_id, chunk=chunk, stage=stage, rung=self._rung, change=change
        )

    def worked(self) -> None:
        """The chunk went through: the rung is where the next job on this machine begins."""
        self._freed = False
        if self._rung and self._on_card:
            remember(self._key, self.settings)

    def _changed_plan(self) -> Plan:
        return replace(
            self._plan,
            vae_tile=self.settings.vae_tile,
            token_chunk=self.settings.token_chunk,
            keep_key_values=self.settings.keep_key_values,
        )

    @property
    def _key(self) -> str:
        plan = self._plan
        properties = torch.cuda.get_device_properties(0)
        return settings_key(
            properties.name,
            properties.total_memory,
            plan.weights_identity,
            plan.precision,
            plan.size,
        )

    def _nothing_left(self, stage: Stage, reason: str) -> Exception:
        height, width = self._plan.size
        what, code = ("graphics memory", "vram") if self._on_card else ("memory (RAM)", "ram")
        room = ""
        if self._on_card:
            free, total = torch.cuda.mem_get_info()
            room = f" {free / GIB:.1f} of {total / GIB:.1f} GiB are free."
        return engine_error(
            f"{code}.not_enough",
            f"Not enough {what}",
            f"{width}×{height} does not fit even with the smallest settings ({stage}).{room}",
            "Choose a smaller size or 8-bit precision, or close other programs.",
            stage=stage,
            reason=reason,
        )
