"""TeaCache: which steps may reuse the last computed change (spec transformer.md 6).

Its signal depends on the timestep alone, so all decisions of a schedule are known before sampling,
the same for every branch and every chunk.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from torch import Tensor

Polynomial = tuple[float, ...]  # highest power first
WARM_UP_STEPS = 5  # always computed when the signal is the projected time vector

# By resolution class, for the projected time vector (e0) and for the plain one (e).
PROJECTED: dict[str, Polynomial] = {
    "480": (2.57151496e05, -3.54229917e04, 1.40286849e03, -1.35890334e01, 1.32517977e-01),
    "720": (8.10705460e03, 2.13393892e03, -3.72934672e02, 1.66203073e01, -4.17769401e-02),
}
PLAIN: dict[str, Polynomial] = {
    "480": (-3.02331670e02, 2.23948934e02, -5.25463970e01, 5.87348440e00, -2.01973289e-01),
    "720": (-114.36346466, 65.26524496, -18.82220707, 4.91518089, -0.23412683),
}


@dataclass(frozen=True, kw_only=True)
class Decision:
    """Whether a step runs the blocks, and the distance that has gathered after it."""

    compute: bool
    accumulated: float


def decide(
    signals: Tensor, *, threshold: float, resolution: str, projected: bool = True
) -> list[Decision]:
    """One decision per step from signals [steps, n], float32, the time vectors in order.

    `projected` says which signal it is, and with it which steps are always computed: the first
    five, or the first and the last.
    """
    polynomial = (PROJECTED if projected else PLAIN)[resolution]
    steps = len(signals)
    always = set(range(WARM_UP_STEPS)) if projected else {0, steps - 1}
    decisions, accumulated = [], 0.0
    for index in range(steps):
        if index in always:
            compute = True
        else:
            now, before = signals[index], signals[index - 1]
            relative = ((now - before).abs().mean() / before.abs().mean()).item()
            accumulated += _value(polynomial, relative)
            compute = accumulated >= threshold
        if compute:
            accumulated = 0.0
        decisions.append(Decision(compute=compute, accumulated=accumulated))
    return decisions


def _value(polynomial: Sequence[float], x: float) -> float:
    result = 0.0
    for coefficient in polynomial:
        result = result * x + coefficient
    return result
