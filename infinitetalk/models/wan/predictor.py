"""The velocities of all branches of one chunk, step by step: what the sampler calls."""

from collections.abc import Callable, Mapping, Sequence

from torch import Tensor

from infinitetalk.models.wan.context import Condition
from infinitetalk.models.wan.transformer import IndexedBlocks, WanTransformer


class ChunkPredictor:
    """Runs the branches of a chunk through the transformer together; new for every chunk.

    With `computed` (one bool per step, the first one True) a step that isn't computed reuses each
    branch's last change from before the first block to after the last one (TeaCache).
    """

    def __init__(
        self,
        model: WanTransformer,
        y: Tensor,
        conditions: Mapping[str, Condition],
        *,
        computed: Sequence[bool] | None = None,
        blocks: Callable[[], IndexedBlocks] | None = None,
        check_cancel: Callable[[], None] | None = None,
    ) -> None:
        """Y [20, T, h, w]; `blocks` gives a new pass over the blocks per step (streaming)."""
        self._model = model
        self._y = y
        self._conditions = dict(conditions)
        self._computed = computed
        self._blocks = blocks
        self._check_cancel = check_cancel
        self._residuals: list[Tensor] = []

    def __call__(self, step: int, latents: Tensor, t: Tensor) -> dict[str, Tensor]:
        """Latents [16, T, h, w], t a scalar in 0..1000 -> velocity [16, T, h, w] by branch."""
        reuse = self._computed is not None and not self._computed[step]
        velocities = self._model.forward_branches(
            latents,
            self._y,
            t,
            list(self._conditions.values()),
            blocks=self._blocks() if self._blocks and not reuse else None,
            residuals=None if self._computed is None else self._residuals,
            reuse=reuse,
            check_cancel=self._check_cancel,
        )
        return dict(zip(self._conditions, velocities, strict=True))
