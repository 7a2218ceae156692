"""What the whole of a speech says about any piece of it: two means and variances, from one pass.

wav2vec2 looks at all time in two places before attention: the samples are brought to zero mean and
unit variance, and the first convolution's output is normalized per channel. The second follows
from the first: a convolution is linear, so mean and variance of its output are w.m and w'Rw, with
m and R the mean and the covariance of the 10 samples below its kernel. So one pass over the
samples, gathering sums in float64, makes every convolution frame of a piece equal to the whole's.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from infinitetalk.models.audio_encoder.wav2vec2 import VARIANCE_FLOOR, AudioEncoder

BLOCK_FRAMES = 1 << 16  # convolution windows gathered at a time: 20 seconds, 5 MB of float64


class Samples(Protocol):
    """Mono speech at 16 kHz, float32, wherever it lies; slices are read when asked for."""

    def __len__(self) -> int: ...

    def __getitem__(self, part: slice, /) -> np.ndarray: ...


@dataclass(frozen=True, kw_only=True)
class SpeechStatistics:
    """Statistics of a whole speech. `first_*`: of the first convolution's output, per channel."""

    samples: int
    mean: float
    scale: float  # what centered samples are multiplied with
    first_mean: Tensor | None  # float64 [C]; None where the model has no norm over time
    first_variance: Tensor | None
    bad_sample: int | None = None  # index of the first that is not finite

    def normalize(self, samples: np.ndarray) -> Tensor:
        """Samples [n] of this speech as the network wants them, float32."""
        centered = np.asarray(samples, dtype=np.float32) - np.float32(self.mean)
        return torch.from_numpy(centered * np.float32(self.scale))


def measure(
    speech: Samples, encoder: AudioEncoder, *, tick: Callable[[], None] | None = None
) -> SpeechStatistics:
    """One pass over `speech`; RAM doesn't grow with its length. `tick` is called between blocks.

    Where a sample is not finite, the pass ends there and `bad_sample` tells its index.
    """
    kernel, stride = encoder.config.conv_kernel[0], encoder.config.conv_stride[0]
    total, squares = 0.0, 0.0
    windows = max((len(speech) - kernel) // stride + 1, 0)
    window_sum = np.zeros(kernel)
    window_products = np.zeros((kernel, kernel))
    step = BLOCK_FRAMES * stride
    for start in range(0, len(speech), step):
        frames = min(BLOCK_FRAMES, windows - start // stride)
        stop = max(min(start + step, len(speech)), start + (frames - 1) * stride + kernel)
        block = np.asarray(speech[start:stop], dtype=np.float64)
        own = block[:step]
        if not np.isfinite(own).all():
            bad = start + int(np.flatnonzero(~np.isfinite(own))[0])
            return SpeechStatistics(
                samples=len(speech),
                mean=0.0,
                scale=1.0,
                first_mean=None,
                first_variance=None,
                bad_sample=bad,
            )
        total += float(own.sum())
        squares += float(np.square(own).sum())
        if frames > 0:
            view = np.lib.stride_tricks.sliding_window_view(block, kernel)[::stride][:frames]
            window_sum += view.sum(axis=0)
            window_products += view.T @ view
        if tick is not None:
            tick()
    mean = total / len(speech)
    scale = 1.0 / math.sqrt(max(squares / len(speech) - mean**2, 0.0) + VARIANCE_FLOOR)
    if encoder.config.feat_extract_norm != "group":
        first_mean = first_variance = None
    else:
        first_mean, first_variance = _first_layer(
            encoder, window_sum / windows, window_products / windows, mean, scale
        )
    return SpeechStatistics(
        samples=len(speech),
        mean=mean,
        scale=scale,
        first_mean=first_mean,
        first_variance=first_variance,
    )


def _first_layer(
    encoder: AudioEncoder, mean_window: np.ndarray, products: np.ndarray, mean: float, scale: float
) -> tuple[Tensor, Tensor]:
    """Mean and variance per channel of the first convolution over normalized samples."""
    weight, bias = encoder.first_convolution()
    center = torch.from_numpy((mean_window - mean) * scale)
    covariance = torch.from_numpy(products - np.outer(mean_window, mean_window)) * scale**2
    first_mean = weight @ center
    if bias is not None:
        first_mean = first_mean + bias
    variance = torch.einsum("ck,kl,cl->c", weight, covariance, weight).clamp(min=0)
    return first_mean, variance
