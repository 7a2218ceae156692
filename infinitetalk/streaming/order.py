"""Which blocks stay and which come and go."""

from collections.abc import Sequence


def spread(count: int) -> list[int]:
    """0..count-1 in an order whose every beginning lies about evenly over the whole.

    Streamed blocks then alternate with resident ones, which leaves the transfers most time; and
    going from k to fewer resident blocks never brings in another one. Van der Corput's sequence.
    """
    bits = max(count - 1, 0).bit_length()
    places = (int(f"{number:0{bits}b}"[::-1], 2) if bits else 0 for number in range(1 << bits))
    return [place for place in places if place < count]


def kinds_of(layouts: Sequence[object]) -> list[int]:
    """A number for each layout, the same for equal ones."""
    seen: list[object] = []
    found = []
    for layout in layouts:
        if layout not in seen:
            seen.append(layout)
        found.append(seen.index(layout))
    return found
