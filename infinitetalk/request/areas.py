"""Where in the picture a speaker is: a box, or an area that was painted."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from infinitetalk.request.kinds import check_kinds

MOST_CELLS = 512  # of a painted area, each way: finer than any latent grid


@dataclass(frozen=True, kw_only=True)
class Box:
    """Where a speaker is, in pixels of the source; bottom and right are exclusive."""

    top: float
    left: float
    bottom: float
    right: float

    def __post_init__(self) -> None:
        check_kinds(self)
        values = (self.top, self.left, self.bottom, self.right)
        if not all(math.isfinite(v) for v in values):
            raise ValueError(f"box must have finite numbers, found {values}")
        if self.bottom <= self.top or self.right <= self.left:
            raise ValueError(f"box must have bottom > top and right > left, found {values}")


@dataclass(frozen=True, kw_only=True)
class Painted:
    """Where a speaker is, painted: cells of a grid that lies over the whole source.

    `runs` count cells row by row: so many outside, so many inside, outside, ... to the last cell.
    """

    rows: int
    columns: int
    runs: tuple[int, ...]

    def __post_init__(self) -> None:
        check_kinds(self)
        if not (1 <= self.rows <= MOST_CELLS and 1 <= self.columns <= MOST_CELLS):
            raise ValueError(
                f"rows and columns must be from 1 to {MOST_CELLS}, found {self.rows}, {self.columns}"
            )
        whole = all(isinstance(n, int) and not isinstance(n, bool) and n >= 0 for n in self.runs)
        if not whole or sum(self.runs) != self.rows * self.columns:
            raise ValueError(f"runs must be counts that make {self.rows * self.columns} cells")
        if not sum(self.runs[1::2]):
            raise ValueError("a painted area must have at least one cell")

    @classmethod
    def of_cells(cls, rows: int, columns: int, cells: Sequence[int]) -> "Painted":
        """From one value per cell, row by row; what is not 0 is inside."""
        runs = [] if cells and not cells[0] else [0]
        runs += [len(list(same)) for _, same in groupby(bool(cell) for cell in cells)]
        return cls(rows=rows, columns=columns, runs=tuple(runs))

    def cells(self) -> bytes:
        """One byte per cell, row by row: 1 inside, 0 outside."""
        return b"".join(bytes((number % 2,)) * run for number, run in enumerate(self.runs))

    @property
    def share(self) -> float:
        """The painted part of the picture, 0..1."""
        return sum(self.runs[1::2]) / (self.rows * self.columns)

    def bounds(self) -> tuple[int, int, int, int]:
        """Top, left, bottom, right of the painted cells; the last two exclusive."""
        tops, lefts, bottoms, rights = zip(*self._strips(), strict=True)
        return min(tops), min(lefts), max(bottoms), max(rights)

    def box_around(self, height: int, width: int) -> Box:
        """The box around it in a source of that size."""
        top, left, bottom, right = self.bounds()
        down, across = height / self.rows, width / self.columns
        return Box(top=top * down, left=left * across, bottom=bottom * down, right=right * across)

    def _strips(self) -> Iterator[tuple[int, int, int, int]]:
        """The bounds of each run inside."""
        place = 0
        for number, run in enumerate(self.runs):
            if number % 2 and run:
                top, left = divmod(place, self.columns)
                bottom, right = divmod(place + run - 1, self.columns)
                if bottom > top:  # it goes around the edge
                    left, right = 0, self.columns - 1
                yield top, left, bottom + 1, right + 1
            place += run
