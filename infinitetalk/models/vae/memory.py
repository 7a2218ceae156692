"""What causal layers remember from one piece of a clip to the next."""

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor, nn


@dataclass(kw_only=True)
class _Repeats:
    """The last piece that a stage saw, what it made of it, and how often it came again."""

    piece: Tensor
    result: Tensor
    times: int


class FeatureMemory:
    """Past frames by layer. New for every clip; without one, a clip is one piece.

    One instance belongs to one pass through one network (and, later, to one tile).
    """

    def __init__(self) -> None:
        self._past: dict[nn.Module, Tensor | None] = {}
        self._repeats: dict[nn.Module, _Repeats] = {}

    def started(self, layer: nn.Module) -> bool:
        """True from the second piece that `layer` sees."""
        return layer in self._past

    def get(self, layer: nn.Module) -> Tensor | None:
        return self._past.get(layer)

    def put(self, layer: nn.Module, past: Tensor | None) -> None:
        """Remembers a copy, so that the piece that `past` is part of can be freed."""
        self._past[layer] = None if past is None else past.clone()

    def unless_settled(
        self, stage: nn.Module, piece: Tensor, settles_after: int, run: Callable[[], Tensor]
    ) -> Tensor:
        """`run()`, or the result before it where the same piece (the same object) came so often that
        a stage with so much past can only make the same of it again.

        `settles_after`: repetitions of a piece after which the stage's whole past is that piece.
        The stage's layers needn't run then: what they remember would stay as it is.
        """
        known = self._repeats.get(stage)
        if known is None or known.piece is not piece:
            known = _Repeats(piece=piece, result=run(), times=0)
            self._repeats[stage] = known
            return known.result
        known.times += 1
        if known.times <= settles_after:
            known.result = run()
        return known.result

    @property
    def nbytes(self) -> int:
        past = sum(past.nbytes for past in self._past.values() if past is not None)
        return past + sum(r.piece.nbytes + r.result.nbytes for r in self._repeats.values())
