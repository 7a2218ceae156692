"""The memory ladder of a job: where it stands, and the next rung when memory runs out."""

import logging
from dataclasses import asdict, replace

import torch

from infinitetalk.errors import GIB, engine_error
from infinitetalk.event import MemoryStepDown, Stage
from infinitetalk.plan import Plan
from infinitetalk.streaming.allocation import free_unused, use_growing_segments
from infinitetalk.streaming.ladder import MemorySettings, lower_settings
from infinitetalk.streaming.remembered import recall, remember, settings_key

log = logging.getLogger(__name__)


class JobMemory:
    """Settings that only ever go down; lower ones that worked are remembered for this machine."""

    def __init__(
        self, plan: Plan, *, limited: Plan | None = None, vram_limit: int | None = None
    ) -> None:
        """`limited`: a plan of the same job under a lower limit than `plan` was made for;
        `vram_limit`: bytes that torch may allocate on the card, beyond which memory runs out.
        """
        self._plan = plan
        self._on_card = plan.device != "cpu"
        self._planned = self.settings = _settings(plan)
        self._rung = 0
        self._freed = False  # the last resort was tried for this chunk
        self._own_limit = vram_limit is not None
        if not self._on_card:
            return
        use_growing_segments()
        if limited is not None:
            self.settings = self.settings.at_most(_settings(limited))
        known = recall(self._key)
        if known is not None:
            self.settings = self.settings.at_most(known)
        _limit_allocator(vram_limit)

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
        before = self.settings
        lower = lower_settings(self.settings, stage, self._plan.size)
        if lower is not None:
            self.settings, change = lower
        elif not self._freed:
            # Small pictures have no smaller tiles: what is left is to have nothing else in memory.
            self._freed, change = True, "everything else out of memory"
        else:
            raise self._nothing_left(stage, reason)
        self._rung += 1
        changed = {
            name: [value, now]
            for name, value in asdict(before).items()
            if (now := getattr(self.settings, name)) != value
        }
        return MemoryStepDown(
            job_id=job_id, chunk=chunk, stage=stage, rung=self._rung, change=change, changed=changed
        )

    def worked(self) -> None:
        """The chunk went through: the rung is where the next job on this machine begins.

        Not where the user's limit led to it: the next job may have all of the card.
        """
        self._freed = False
        if self._rung and self._on_card and not self._own_limit:
            remember(self._key, self.settings)

    def _changed_plan(self) -> Plan:
        return replace(
            self._plan,
            vae_tile=self.settings.vae_tile,
            token_chunk=self.settings.token_chunk,
            keep_key_values=self.settings.keep_key_values,
            branches_together=self.settings.branches_together,
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
        room, free, total = "", None, None
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
            size=[height, width],
            free=free,
            total=total,
        )


def _settings(plan: Plan) -> MemorySettings:
    return MemorySettings(
        # On the CPU every block is where it computes: there is no rung in that.
        resident_blocks=plan.resident_blocks if plan.device != "cpu" else 0,
        branches_together=plan.branches_together,
        keep_key_values=plan.keep_key_values,
        token_chunk=plan.token_chunk,
        vae_tile=plan.vae_tile,
    )


def _limit_allocator(limit: int | None) -> None:
    """Makes torch keep to the limit: what goes beyond it is out of memory, and so a rung lower."""
    total = torch.cuda.mem_get_info()[1]
    share = 1.0 if limit is None else min(1.0, max(limit, 1) / total)
    torch.cuda.set_per_process_memory_fraction(share)
