"""Speaker masks: boxes or painted areas of the source, through resize and crop, to latent cells.

Source: pipeline.md 3 and 6. The reference draws masks at source size and samples them twice to the
nearest; here each latent row and column is traced back to the source row and column that it shows,
so that a mask of a 20000 x 20000 picture costs nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from infinitetalk.errors import EngineError, ErrorReport
from infinitetalk.media.resize import grid_samples, intermediate_size
from infinitetalk.request import Box, Painted

LATENT_PIXELS = 8  # pixels of a latent cell, each way
TOKEN_CELLS = 2  # latent cells of a token, each way; a token takes the mask of its first cell
FACE_SCALE = 0.05  # margin of a default half, in parts of it
PLANES_OF_ONE = 3  # the transformer's shape, although one speaker needs no masks


@dataclass(frozen=True, kw_only=True)
class _Area:
    """A speaker's place: rows and columns of the source, ends exclusive.

    `cells` is what was painted, bool [rows of its grid, columns of its grid] over the whole source.
    """

    rows: tuple[int, int]
    columns: tuple[int, int]
    cells: NDArray[np.bool_] | None = None


def speaker_masks(
    source: tuple[int, int],
    target: tuple[int, int],
    speakers: int,
    boxes: Sequence[Box] = (),
    *,
    painted: Sequence[Painted | None] = (),
    guard: bool = True,
    face_scale: float = FACE_SCALE,
) -> Tensor:
    """Masks 0/1, float32 [P + 1, h, w]: one plane per speaker, then the background.

    `source` (H, W) of the picture, `target` (H, W) rendered; h, w = target / 8. Without `boxes` two
    speakers share the picture in halves. Boxes may overlap; what lies outside the picture is cut
    off. One speaker has three planes of ones. An area of `painted` takes the place of that speaker's
    box.

    With `guard` no plane of a speaker is empty: a box that falls between all cells gets the token
    nearest to its middle (and one that has cells but no token is mended in `ops.speakers`). Without
    it such a plane is as in the reference, where it turns the video into NaN; `check_boxes` refuses
    that beforehand.
    """
    height, width = (side // LATENT_PIXELS for side in target)
    if speakers == 1:
        return torch.ones(PLANES_OF_ONE, height, width)
    areas = _areas(source, boxes, painted) or _halves(source, face_scale)
    rows, columns = grid_samples(source, target, LATENT_PIXELS)
    planes = [_plane(source, area, rows, columns) for area in areas]
    if guard:
        for plane, area in zip(planes, areas, strict=True):
            if not plane.any():
                plane[_nearest_token(area.rows, rows), _nearest_token(area.columns, columns)] = True
    speakers_and_rest = np.stack([*planes, ~np.logical_or.reduce(planes)])
    return torch.from_numpy(speakers_and_rest).float()


def check_boxes(
    source: tuple[int, int],
    target: tuple[int, int],
    boxes: Sequence[Box],
    *,
    painted: Sequence[Painted | None] = (),
    guard: bool = True,
) -> list[ErrorReport]:
    """Notices about areas that are smaller than a token; speakers count from 1, left to right.

    Raises EngineError `speaker.box_outside` for a box that no part of the rendered picture shows,
    and without `guard` also `speaker.box_small`.
    """
    notices: list[ErrorReport] = []
    rows, columns = grid_samples(source, target, LATENT_PIXELS)
    for number, area in enumerate(_areas(source, boxes, painted), 1):
        box = _box_of(area) if area.cells is not None else boxes[number - 1]
        shown = _shown(area.rows, rows) and _shown(area.columns, columns)
        if not shown:
            raise EngineError(_outside(number, box, source, area))
        if not _plane(source, area, rows, columns)[::TOKEN_CELLS, ::TOKEN_CELLS].any():
            report = _small(number, box, source, target)
            if not guard:
                raise EngineError(report)
            notices.append(report)
    return notices


def _areas(
    source: tuple[int, int], boxes: Sequence[Box], painted: Sequence[Painted | None]
) -> list[_Area]:
    """One per speaker: what was painted, else the box."""
    areas = []
    for number in range(max(len(boxes), len(painted))):
        paint = painted[number] if painted else None
        if paint is None:
            areas.append(_boxed(source, boxes[number]))
            continue
        around = _boxed(source, paint.box_around(*source))
        cells = np.frombuffer(paint.cells(), np.bool_).reshape(paint.rows, paint.columns)
        areas.append(_Area(rows=around.rows, columns=around.columns, cells=cells))
    return areas


def _boxed(source: tuple[int, int], box: Box) -> _Area:
    height, width = source
    return _Area(
        rows=(max(int(box.top), 0), min(int(box.bottom), height)),
        columns=(max(int(box.left), 0), min(int(box.right), width)),
    )


def _box_of(area: _Area) -> Box:
    (top, bottom), (left, right) = area.rows, area.columns
    return Box(top=top, left=left, bottom=max(bottom, top + 1), right=max(right, left + 1))


def _halves(source: tuple[int, int], face_scale: float) -> list[_Area]:
    height, width = source
    near, far = face_scale, 1 - face_scale
    half = width // 2
    rows = (int(height * near), int(height * far))
    return [
        _Area(rows=rows, columns=(int(half * near + shift), int(half * far + shift)))
        for shift in (0, half)
    ]


def _inside(span: tuple[int, int], sampled: NDArray[np.int64]) -> NDArray[np.bool_]:
    return (sampled >= span[0]) & (sampled < span[1])


def _plane(
    source: tuple[int, int],
    area: _Area,
    rows: NDArray[np.int64],
    columns: NDArray[np.int64],
) -> NDArray[np.bool_]:
    """Which latent cells show the area, [h, w]."""
    if area.cells is not None:
        down, across = area.cells.shape
        return area.cells[(rows * down // source[0])[:, None], columns * across // source[1]]
    return _inside(area.rows, rows)[:, None] & _inside(area.columns, columns)


def _shown(span: tuple[int, int], sampled: NDArray[np.int64]) -> bool:
    """True where the crop keeps any of the span; half a cell more lies beyond the last sample."""
    cell = (int(sampled[-1]) - int(sampled[0])) / max(len(sampled) - 1, 1)
    return span[0] < span[1] and span[1] > sampled[0] and span[0] <= sampled[-1] + cell


def _nearest_token(span: tuple[int, int], sampled: NDArray[np.int64]) -> int:
    """The latent row or column, first of its token, that shows the source nearest to the middle."""
    middle = (span[0] + span[1] - 1) / 2
    return int(np.abs(sampled[::TOKEN_CELLS] - middle).argmin()) * TOKEN_CELLS


def _numbers(box: Box) -> str:
    return f"({box.top:g}, {box.left:g}, {box.bottom:g}, {box.right:g})"


def _outside(number: int, box: Box, source: tuple[int, int], area: _Area) -> ErrorReport:
    height, width = source
    empty = area.rows[0] >= area.rows[1] or area.columns[0] >= area.columns[1]
    where = (
        f"outside the picture, which is {width}×{height}"
        if empty
        else "in the part of the picture that is cut off to fit the size of the video"
    )
    return ErrorReport(
        code="speaker.box_outside",
        title="A speaker's box is outside the picture",
        detail=f"The box of speaker {number} (top, left, bottom, right) {_numbers(box)} lies {where}.",
        remedy="Move the box onto the speaker's face, or choose another size.",
        facts={"speaker": number, "source": [height, width]},
    )


def _small(number: int, box: Box, source: tuple[int, int], target: tuple[int, int]) -> ErrorReport:
    token = LATENT_PIXELS * TOKEN_CELLS
    size = intermediate_size(source, target)
    high, wide = (token * source[axis] / size[axis] for axis in (0, 1))
    return ErrorReport(
        code="speaker.box_small",
        title="A speaker's box is very small",
        detail=f"The box of speaker {number} {_numbers(box)} is smaller than what the model tells "
        f"apart in this picture, {wide:.0f}×{high:.0f} pixels.",
        remedy="Draw it around the whole face.",
        facts={"speaker": number},
    )
