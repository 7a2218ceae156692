"""What causal layers remember from one piece of a clip to the next."""

from torch import Tensor, nn


class FeatureMemory:
    """Past frames by layer. New for every clip; without one, a clip is one piece.

    One instance belongs to one pass through one network (and, later, to one tile).
    """

    def __init__(self) -> None:
        self._past: dict[nn.Module, Tensor | None] = {}

    def started(self, layer: nn.Module) -> bool:
        """True from the second piece that `layer` sees."""
        return layer in self._past

    def get(self, layer: nn.Module) -> Tensor | None:
        return self._past.get(layer)

    def put(self, layer: nn.Module, past: Tensor | None) -> None:
        """Remembers a copy, so that the piece that `past` is part of can be freed."""
        self._past[layer] = None if past is None else past.clone()

    @property
    def nbytes(self) -> int:
        return sum(past.nbytes for past in self._past.values() if past is not None)
