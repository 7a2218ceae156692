"""A speaker's area from a black and white picture."""

from pathlib import Path

import numpy as np

from infinitetalk.errors import engine_error
from infinitetalk.media.picture import read_picture
from infinitetalk.request import Painted

_MOST_SIDE = 256  # cells of the grid that is noted; the finest latent grid has 160
_WHITE = 128


def read_mask(path: Path) -> Painted:
    """What is white in the picture, which lies over the whole source, whatever its own size.

    Raises EngineError media.*, and `request.mask` where nothing is white.
    """
    gray = read_picture(path).mean(axis=2)
    height, width = gray.shape
    scale = min(1.0, _MOST_SIDE / max(height, width))
    rows, columns = max(1, round(height * scale)), max(1, round(width * scale))
    down = (np.arange(rows) * height + height // 2) // rows
    across = (np.arange(columns) * width + width // 2) // columns
    cells = (gray >= _WHITE)[down[:, None], across]
    if not cells.any():
        raise engine_error(
            "request.mask",
            "The mask is empty",
            f"{path.name}: nothing in it is white.",
            "Paint white where the speaker is, and black elsewhere.",
            path=str(path),
        )
    return Painted.of_cells(rows, columns, cells.ravel().tolist())
