"""Where the rows of the timeline are: one layout for painting, mouse and headers."""

from dataclasses import dataclass
from typing import Literal

RowKind = Literal["ruler", "source", "result", "take", "speech", "drift"]

RULER_HEIGHT = 26
BAND_HEIGHT = 22
_DEFAULTS: dict[RowKind, int] = {
    "ruler": RULER_HEIGHT,
    "source": 48,
    "result": 84,
    "take": 40,
    "speech": 48,
    "drift": 34,
}
_LEAST: dict[RowKind, int] = {
    "ruler": RULER_HEIGHT,
    "source": 28,
    "result": 50,
    "take": 28,
    "speech": 28,
    "drift": 24,
}
HIDEABLE: tuple[RowKind, ...] = ("source", "speech", "drift")


@dataclass(frozen=True, kw_only=True)
class Row:
    kind: RowKind
    top: int
    height: int
    number: int = 0  # which speaker, or which take (from 0)

    @property
    def bottom(self) -> int:
        return self.top + self.height


class RowLayout:
    """Heights and visibility of rows; the user may change both."""

    def __init__(self, scale: float = 1.0) -> None:
        self.heights = dict(_DEFAULTS)
        self.hidden: set[RowKind] = set()
        self.scale = scale

    def set_height(self, kind: RowKind, height: int) -> None:
        self.heights[kind] = min(max(height, _LEAST[kind]), 240)

    def rows(self, speakers: int, takes: int) -> list[Row]:
        """Rows from top to bottom; `takes` rows lie under the result."""
        wanted: list[tuple[RowKind, int]] = [("ruler", 0), ("source", 0), ("result", 0)]
        wanted.extend([("take", i) for i in range(takes)])
        wanted.extend([("speech", i) for i in range(speakers)])
        wanted.append(("drift", 0))
        rows: list[Row] = []
        top = 0
        for kind, number in wanted:
            if kind in self.hidden:
                continue
            height = round(self.heights[kind] * self.scale)
            rows.append(Row(kind=kind, top=top, height=height, number=number))
            top += height
        return rows
