"""Figures about clips, from plain arrays: lip-sync, picture quality, drift.

Tracks are [clips, frames]. Nothing here knows a network.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]
LARGEST_LAG = 6  # video frames
SKIPPED_FRAMES = 2  # a clip starts from a picture with its mouth shut


def pooled_correlation(seen: Array, true: Array) -> float:
    """Pearson's r over all frames of all clips together; 0 where one of them never moves."""
    a, b = seen - seen.mean(), true - true.mean()
    size = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum()) / size if size > 1e-9 else 0.0


def correlation_at(seen: Array, true: Array, lag: int) -> float:
    """With `seen` read `lag` frames later than `true`."""
    frames = seen.shape[1]
    late, early = max(lag, 0), max(-lag, 0)
    return pooled_correlation(seen[:, late : frames - early], true[:, early : frames - late])


def best_lag(seen: Array, true: Array) -> int:
    """By how many frames `seen` follows `true` where they agree best."""
    lags = range(-LARGEST_LAG, LARGEST_LAG + 1)
    return max(lags, key=lambda lag: correlation_at(seen, true, lag))


def shuffled_correlation(seen: Array, true: Array, times: int = 20, seed: int = 0) -> float:
    """Mean r with each clip compared to another clip's track: what chance and style alone give."""
    chance = np.random.default_rng(seed)
    values = []
    for _ in range(times):
        order = chance.permutation(len(true))
        while len(true) > 1 and bool((order == np.arange(len(true))).any()):
            order = chance.permutation(len(true))
        values.append(pooled_correlation(seen, true[order]))
    return float(np.mean(values))


def amplitude_ratio(seen: Array, true: Array) -> float:
    return float(seen.std() / max(float(true.std()), 1e-9))


def bootstrap(
    figure: Callable[[Array, Array], float],
    seen: Array,
    true: Array,
    times: int = 500,
    seed: int = 0,
) -> tuple[float, float]:
    """Between which values the figure lies in 95 of 100 draws of clips, with replacement."""
    chance = np.random.default_rng(seed)
    draws = [chance.integers(0, len(seen), len(seen)) for _ in range(times)]
    values = [figure(seen[d], true[d]) for d in draws]
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def lip_sync(seen: Array, true: Array) -> dict[str, float | int | list[float]]:
    """All figures of how a mouth follows its track; the first frames are left out."""
    a, b = seen[:, SKIPPED_FRAMES:], true[:, SKIPPED_FRAMES:]
    return {
        "pooled": pooled_correlation(a, b),
        "interval": list(bootstrap(pooled_correlation, a, b)),
        "best_lag": best_lag(a, b),
        "shuffled": shuffled_correlation(a, b),
        "amplitude": amplitude_ratio(a, b),
    }


def psnr(seen: Array, true: Array, weight: Array | None = None) -> float:
    """Decibels for pictures in -1..1 (a range of 2); `weight` 0..1 picks a region, same shape."""
    error = np.square(seen - true)
    mean = float(error.mean() if weight is None else (error * weight).sum() / weight.sum())
    return float(10 * np.log10(4 / max(mean, 1e-12)))


def envelope(samples: Array, frames: int, rate: int = 16000, fps: int = 25) -> Array:
    """[frames]: loudness (root mean square, compressed) around the middle of each video frame."""
    per_frame = rate // fps
    padded = np.zeros(frames * per_frame)
    usable = min(len(samples), len(padded))
    padded[:usable] = samples[:usable]
    level = np.sqrt(np.square(padded.reshape(frames, per_frame)).mean(1))
    return np.sqrt(level)


def seam_ratio(frames: NDArray[np.number], seams: list[int], every: int = 1) -> float:
    """Mean change across the seams over the mean change of other steps; frames [F, ...].

    A seam s lies between frames s - 1 and s. With `every` 4 it is compared only to steps between
    latent frames, where a seam always lies: they change more than steps within one.
    """
    change = np.abs(np.diff(frames.astype(np.float64), axis=0)).reshape(len(frames) - 1, -1).mean(1)
    steps = np.arange(1, len(frames))
    at_seam = np.isin(steps, seams)
    first = seams[0] if seams else 0
    others = ~at_seam & ((steps - first) % every == 0)
    return float(change[at_seam].mean() / max(float(change[others].mean()), 1e-9))


FACE_UP, FACE_DOWN, FACE_SIDE = 48, 8, 26  # pixels from the mouth: eyes, brows, nose, hairline


def upper_face(frame: NDArray[np.number], mouth: NDArray[np.floating]) -> NDArray[np.float64]:
    """[40, 52, 3] of a frame [H, W, 3] above the mouth at (x, y), pixels; its edge repeats outside."""
    x, y = (round(float(value)) for value in mouth)
    rows = np.arange(y - FACE_UP, y - FACE_DOWN).clip(0, frame.shape[0] - 1)
    columns = np.arange(x - FACE_SIDE, x + FACE_SIDE).clip(0, frame.shape[1] - 1)
    return frame[np.ix_(rows, columns)].astype(np.float64)


def likeness(seen: NDArray[np.floating], known: NDArray[np.floating]) -> float:
    """Correlation of two pictures of one shape, -1..1; light and contrast as a whole don't matter."""
    return float(np.corrcoef(seen.ravel(), known.ravel())[0, 1])
