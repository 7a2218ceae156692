"""Out of memory: the same chunk again, one rung lower; remembered for this machine.

Pure but for `run`: settings, and which of them is lowered next.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import TypeVar

from infinitetalk.errors import GIB, engine_error
from infinitetalk.streaming.allocation import free_unused, is_out_of_memory

T = TypeVar("T")

SMALLEST_TOKEN_CHUNK = 512
SMALLEST_VAE_TILE = 128  # pixels
WHOLE_TOKENS = 8192  # where "all at once" goes to first


@dataclass(frozen=True, kw_only=True)
class MemorySettings:
    """What decides how much video memory a chunk takes; lower means less of it and more time."""

    resident_blocks: int = 0
    branches_together: bool = True  # all guidance branches through a block while it is there
    keep_key_values: bool = True  # of text, picture and speech, computed once per chunk
    token_chunk: int = 0  # tokens at a time in per-token work; 0: all
    vae_tile: int = 0  # pixels a side; 0: whole frames

    def to_json(self) -> dict[str, int | bool]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, object]) -> "MemorySettings":
        """Raises ValueError or TypeError for anything that `to_json` doesn't make."""
        known = cls(**data)  # type: ignore[arg-type]  # checked below
        for name, value in asdict(known).items():
            wanted = bool if name in ("keep_key_values", "branches_together") else int
            if type(value) is not wanted or value < 0:
                raise ValueError(f"{name} is {value!r}")
        return known

    def at_most(self, other: "MemorySettings") -> "MemorySettings":
        """The lower of both, setting by setting."""

        def lower(mine: int, theirs: int) -> int:
            return min(mine or theirs, theirs or mine)  # 0 means whole

        return MemorySettings(
            resident_blocks=min(self.resident_blocks, other.resident_blocks),
            branches_together=self.branches_together and other.branches_together,
            keep_key_values=self.keep_key_values and other.keep_key_values,
            token_chunk=lower(self.token_chunk, other.token_chunk),
            vae_tile=lower(self.vae_tile, other.vae_tile),
        )


@dataclass(frozen=True, kw_only=True)
class StepDown:
    """One rung: what the event `MemoryStepDown` tells."""

    rung: int  # 1 is the first below where the job began
    stage: str
    change: str
    before: MemorySettings
    after: MemorySettings


def lower_settings(
    settings: MemorySettings, stage: str, size: tuple[int, int]
) -> tuple[MemorySettings, str] | None:
    """The next rung below and what it changes; None where none is left.

    `stage` tells which network ran out; `size` (H, W) in pixels is what a whole VAE tile means.
    """
    if settings.resident_blocks > 0:
        fewer = settings.resident_blocks // 2
        change = f"resident blocks {settings.resident_blocks} to {fewer}"
        return replace(settings, resident_blocks=fewer), change
    if stage in ("decode", "source"):
        return _smaller_tile(settings, size)
    if settings.branches_together:
        change = "guidance branches one after the other"
        return replace(settings, branches_together=False), change
    if settings.keep_key_values:
        change = "keys and values computed in every step"
        return replace(settings, keep_key_values=False), change
    chunk = settings.token_chunk // 2 if settings.token_chunk else WHOLE_TOKENS
    if chunk >= SMALLEST_TOKEN_CHUNK:
        old = settings.token_chunk or "all"
        return replace(settings, token_chunk=chunk), f"tokens at a time {old} to {chunk}"
    return None


def _smaller_tile(
    settings: MemorySettings, size: tuple[int, int]
) -> tuple[MemorySettings, str] | None:
    now = min(settings.vae_tile or max(size), max(size))
    tile = now * 3 // 4 // 16 * 16
    if tile < SMALLEST_VAE_TILE:
        return None
    old = settings.vae_tile or "whole frames"
    return replace(settings, vae_tile=tile), f"picture tiles {old} to {tile} pixels"


class Ladder:
    """Runs stages of chunks under memory settings that only ever go down."""

    def __init__(
        self,
        settings: MemorySettings,
        *,
        size: tuple[int, int],
        remember: Callable[[MemorySettings], None] | None = None,
        clean_up: Callable[[], None] = free_unused,
    ) -> None:
        """`remember` is called with the lower settings after each step down that worked."""
        self.settings = settings
        self._clean_up = clean_up
        self._size = size
        self._remember = remember
        self._rung = 0

    def run(
        self,
        stage: str,
        action: Callable[[MemorySettings], T],
        on_step_down: Callable[[StepDown], None],
        *,
        free: Callable[[], tuple[int, int]] | None = None,
    ) -> T:
        """`action(settings)`, again with lower settings as long as memory runs out.

        The action must be able to start anew after failing anywhere. `free` tells free and total
        bytes for the report. Raises EngineError `vram.not_enough` below the last rung.
        """
        fell = False
        while True:
            done: list[T] = []
            reason = ""
            try:
                done.append(action(self.settings))
            except Exception as error:
                if not is_out_of_memory(error):
                    raise
                reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            if done:
                if fell and self._remember is not None:
                    self._remember(self.settings)
                return done[0]
            # Out here, so that the error no longer holds the frames and their tensors.
            self._clean_up()
            step = self._step_down(stage)
            if step is None:
                raise self._nothing_left(stage, reason, free)
            fell = True
            on_step_down(step)

    def _step_down(self, stage: str) -> StepDown | None:
        lower = lower_settings(self.settings, stage, self._size)
        if lower is None:
            return None
        before, (self.settings, change) = self.settings, lower
        self._rung += 1
        return StepDown(
            rung=self._rung, stage=stage, change=change, before=before, after=self.settings
        )

    def _nothing_left(
        self, stage: str, reason: str, free: Callable[[], tuple[int, int]] | None
    ) -> Exception:
        height, width = self._size
        room = ""
        if free is not None:
            left, total = free()
            room = f" {left / GIB:.1f} of {total / GIB:.1f} GiB are free."
        return engine_error(
            "vram.not_enough",
            "Not enough graphics memory",
            f"{width}x{height} does not fit even with the smallest settings ({stage}).{room}",
            "Choose a smaller size or 8-bit precision, or close programs that use the GPU.",
            safe="Finished chunks are kept.",
            stage=stage,
            reason=reason,
            settings=self.settings.to_json(),
        )
