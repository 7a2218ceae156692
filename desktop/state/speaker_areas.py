"""What of a speaker's area the model can tell apart."""

from infinitetalk.request import Box, Painted

_CELL, _TOKEN = 8, 2  # rendered pixels of a latent cell; cells of a token, each way


def seen_tokens(
    box: Box, painted: Painted | None, source: tuple[int, int], target: tuple[int, int]
) -> int:
    """How many tokens of the picture belong to the area; 0: it is too small, or cropped off.

    `source` (H, W) of the picture, `target` (H, W) rendered. As the engine counts
    (`infinitetalk.pipeline.masks`).
    """
    import numpy as np

    from infinitetalk.media.resize import grid_samples

    rows, columns = (found[::_TOKEN] for found in grid_samples(source, target, _CELL))
    if painted is not None:
        cells = np.frombuffer(painted.cells(), np.bool_).reshape(painted.rows, painted.columns)
        down, across = rows * painted.rows // source[0], columns * painted.columns // source[1]
        return int(cells[down[:, None], across].sum())
    high = (rows >= int(box.top)) & (rows < int(box.bottom))
    wide = (columns >= int(box.left)) & (columns < int(box.right))
    return int(high.sum()) * int(wide.sum())
