"""A contact sheet of a clip: frames over the waveform of its speech, for the README.

PYTHONPATH=. .venv/bin/python installer/contact_sheet.py CLIP.mp4 SHEET.png [FRAMES]
"""

import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from infinitetalk.media.frames import FrameReader
from infinitetalk.media.probe import probe_speech
from infinitetalk.media.speech import decode_speech

TILE = 112
WAVE = 56
INK, PAPER, LINE = (108, 67, 196), (246, 247, 249), (211, 216, 223)


def contact_sheet(clip: Path, shown: int = 10) -> Image.Image:
    """Evenly spread frames of `clip`, each over its moment of the sound."""
    reader = FrameReader(clip)
    count = reader.frame_count
    frames = reader.frames(0, count)
    samples = np.concatenate(list(decode_speech(probe_speech(clip))))
    height = round(TILE * reader.height / reader.width)
    sheet = Image.new("RGB", (TILE * shown, height + WAVE), PAPER)
    for place, index in enumerate(np.linspace(0, count - 1, shown).astype(int)):
        tile = Image.fromarray(frames[index]).resize((TILE, height), Image.Resampling.LANCZOS)
        sheet.paste(tile, (place * TILE, 0))
    draw = ImageDraw.Draw(sheet)
    middle = height + WAVE // 2
    draw.line([(0, middle), (sheet.width, middle)], fill=LINE)
    for x, part in enumerate(np.array_split(np.abs(samples), sheet.width)):
        reach = int(
            min(1.0, part.max(initial=0.0) / max(0.05, np.abs(samples).max())) * WAVE * 0.46
        )
        draw.line([(x, middle - reach), (x, middle + reach)], fill=INK)
    return sheet


if __name__ == "__main__":
    clip, sheet, *rest = sys.argv[1:]
    contact_sheet(Path(clip), *map(int, rest)).quantize(200).save(sheet, optimize=True)
