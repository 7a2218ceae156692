"""Integrated loudness by ITU-R BS.1770-4, measured in pieces, and the gain that follows from it.

Equal to pyloudnorm's `Meter(rate).integrated_loudness` of the whole signal (tested), with memory
that does not grow with the signal beyond 10 numbers a second.
"""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

TARGET_LUFS = -23.0
BLOCK = 0.4  # seconds; a signal shorter than this has no loudness
_HOP = 0.25  # of a block: blocks overlap by three quarters
_ABSOLUTE_GATE = -70.0  # LUFS
_RELATIVE_GATE = -10.0  # LU below the mean of the blocks above the absolute gate
_OFFSET = -0.691  # dB; makes a 997 Hz tone read what it should


class LoudnessMeter:
    """Takes a mono signal in pieces of any length; `loudness` is that of all it was given."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._filters = [
            _high_shelf(rate, gain_db=4.0, q=1 / math.sqrt(2), frequency=1500.0),
            _high_pass(rate, q=0.5, frequency=38.0),
        ]
        self._states = [np.zeros(2) for _ in self._filters]
        self._kept: NDArray[np.floating[Any]] | None = None  # filtered, from `_kept_start` on
        self._kept_start = 0
        self._powers: list[float] = []  # mean square of each complete block
        self.samples = 0
        self.peak = 0.0

    def add(self, piece: NDArray[np.floating[Any]]) -> None:
        """`piece`: [samples], full scale 1.0. Rounded to its dtype after each filter, as pyloudnorm."""
        from scipy.signal import lfilter

        if not len(piece):
            return
        self.peak = max(self.peak, float(np.max(np.abs(piece))))
        signal = piece
        for index, (b, a) in enumerate(self._filters):
            filtered, self._states[index] = lfilter(b, a, signal, zi=self._states[index])
            signal = filtered.astype(piece.dtype)
        kept = signal if self._kept is None else np.concatenate([self._kept, signal])
        self._kept = kept
        self.samples += len(piece)
        while True:
            start, stop = self._block_bounds(len(self._powers))
            if stop > self.samples:
                break
            self._powers.append(self._block_power(start, stop))
        first_needed = self._block_bounds(len(self._powers))[0]
        self._kept = kept[max(0, first_needed - self._kept_start) :].copy()
        self._kept_start = max(self._kept_start, first_needed)

    @property
    def loudness(self) -> float:
        """LUFS; minus infinity where every block is gated; NaN for less than one block."""
        if self.samples < BLOCK * self._rate:
            return math.nan
        duration = self.samples / self._rate
        count = round((duration - BLOCK) / (BLOCK * _HOP)) + 1
        powers = self._powers[:count]
        while len(powers) < count:  # the last block may reach past the end: it is cut there
            start, stop = self._block_bounds(len(powers))
            powers = [*powers, self._block_power(start, min(stop, self.samples))]
        return _gated_mean(powers)

    def _block_bounds(self, block: int) -> tuple[int, int]:
        """First and last sample, by the same floating point formula as pyloudnorm's."""
        start = int(BLOCK * (block * _HOP) * self._rate)
        return start, int(BLOCK * (block * _HOP + 1) * self._rate)

    def _block_power(self, start: int, stop: int) -> float:
        assert self._kept is not None
        part = self._kept[start - self._kept_start : stop - self._kept_start]
        return float(np.sum(np.square(part))) / (BLOCK * self._rate)


@dataclass(frozen=True, kw_only=True)
class Leveling:
    """What was measured of a signal, and the factor that brings it to the target."""

    loudness: float  # LUFS; -inf: silent or far below; NaN: too short to have one
    peak: float  # largest absolute sample, full scale 1.0
    gain: float  # linear factor

    @property
    def peak_db(self) -> float:
        return 20 * math.log10(self.peak) if self.peak > 0 else -math.inf


def loudness_gain(meter: LoudnessMeter, *, limit_peaks: bool) -> Leveling:
    """The gain to -23 LUFS; 1 where there is no loudness or it is beyond 100 (silence).

    `limit_peaks` lowers the gain until the peak fits below full scale. One factor for the whole
    track: the audio encoder normalizes its input anyway, so a factor costs nothing, while a
    limiter would change the sound it listens to.
    """
    loudness = meter.loudness
    gain = 1.0
    if not math.isnan(loudness) and abs(loudness) <= 100.0:
        gain = 10.0 ** ((TARGET_LUFS - loudness) / 20.0)
        if limit_peaks and meter.peak * gain > 1.0:
            gain = 1.0 / meter.peak
    return Leveling(loudness=loudness, peak=meter.peak, gain=gain)


def _gated_mean(powers: "Sequence[float]") -> float:
    """LUFS of the blocks above both gates (BS.1770-4, section on gating)."""
    z = np.asarray(powers)
    with np.errstate(divide="ignore"):
        levels = _OFFSET + 10 * np.log10(z)
    loud = z[levels >= _ABSOLUTE_GATE]
    if not len(loud):
        return -math.inf
    relative = _OFFSET + 10 * math.log10(float(np.mean(loud))) + _RELATIVE_GATE
    kept = z[(levels > relative) & (levels > _ABSOLUTE_GATE)]
    if not len(kept):
        return -math.inf
    return _OFFSET + 10 * math.log10(float(np.mean(kept)))


def _normalized(b: list[float], a: list[float]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return np.asarray(b) / a[0], np.asarray(a) / a[0]


def _high_shelf(rate: int, *, gain_db: float, q: float, frequency: float):
    """Stage 1 of K-weighting, as a biquad for any rate (R. Bristow-Johnson's cookbook)."""
    top = 10 ** (gain_db / 40)
    omega = 2 * math.pi * frequency / rate
    alpha, cos = math.sin(omega) / (2 * q), math.cos(omega)
    slope = 2 * math.sqrt(top) * alpha
    return _normalized(
        [
            top * ((top + 1) + (top - 1) * cos + slope),
            -2 * top * ((top - 1) + (top + 1) * cos),
            top * ((top + 1) + (top - 1) * cos - slope),
        ],
        [
            (top + 1) - (top - 1) * cos + slope,
            2 * ((top - 1) - (top + 1) * cos),
            (top + 1) - (top - 1) * cos - slope,
        ],
    )


def _high_pass(rate: int, *, q: float, frequency: float):
    """Stage 2 of K-weighting (revised low-frequency curve), from the same source."""
    omega = 2 * math.pi * frequency / rate
    alpha, cos = math.sin(omega) / (2 * q), math.cos(omega)
    return _normalized([(1 + cos) / 2, -(1 + cos), (1 + cos) / 2], [1 + alpha, -2 * cos, 1 - alpha])
