"""Contact sheets: what was rendered, over the speech it was rendered from."""

from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from infinitetalk.demo.held_out import HeldOut, portrait
from infinitetalk.demo.rendering import Settings, render

SHOWN = 10  # frames of a clip
STRIP = 40  # height of the waveform, pixels
PAPER, INK, TRUTH = (250, 250, 248), (70, 90, 130), (200, 80, 60)


def contact_sheet(
    frames: NDArray[np.uint8], samples: NDArray[np.float32], openings: NDArray[np.float32]
) -> NDArray[np.uint8]:
    """[side + STRIP, side * SHOWN, 3]: frames at even times, below them waveform and true opening.

    frames [F, side, side, 3]; samples and openings cover the same time. Each frame is shown above
    its own moment.
    """
    side = frames.shape[1]
    width = side * SHOWN
    middles = ((np.arange(SHOWN) + 0.5) * len(frames) / SHOWN).astype(int)
    strip = np.full((STRIP, width, 3), PAPER, np.uint8)
    loud = np.abs(samples) / max(float(np.abs(samples).max()), 1e-6)
    edges = np.linspace(0, len(loud), width + 1).astype(int)
    for x, (start, end) in enumerate(pairwise(edges)):
        reach = int(loud[start:end].max(initial=0) * (STRIP // 2 - 1))
        strip[STRIP // 2 - reach : STRIP // 2 + reach + 1, x] = INK
    where = (np.arange(width) * len(openings) / width).astype(int)
    heights = STRIP - 2 - np.round(openings[where].clip(0, 1) * (STRIP - 3)).astype(int)
    strip[heights, np.arange(width)] = TRUTH
    return np.concatenate([np.concatenate(list(frames[middles]), 1), strip])


def write_sheets(held: HeldOut, clips: tuple[int, ...], settings: Settings, file: Path) -> None:
    """Renders clips of the held-out set and puts their sheets one below the other."""
    from PIL import Image

    sheets = []
    for clip in clips:
        made = render(portrait(held.person(clip)), [held.speech[clip]], settings)
        sheets.append(contact_sheet(made.frames, held.speech[clip], held.openings[clip]))
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.concatenate(sheets)).save(file, optimize=True)
