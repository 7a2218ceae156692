"""Speaker masks through crop and grid: as the reference draws them, and never empty."""

from itertools import pairwise

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from infinitetalk.errors import EngineError
from infinitetalk.media.resize import crop_samples
from infinitetalk.ops.speakers import token_masks
from infinitetalk.pipeline.masks import check_boxes, speaker_masks
from infinitetalk.request import Box, Painted

sides = st.integers(1, 40).map(lambda n: 16 * n)


def drawn(source: tuple[int, int], target: tuple[int, int], boxes: list[Box]) -> Tensor:
    """The long way: planes of source size, resized, cropped and sampled to latent cells."""
    planes = np.zeros((len(boxes) + 1, *source), np.float32)
    for plane, box in zip(planes, boxes, strict=False):
        top, left = max(int(box.top), 0), max(int(box.left), 0)
        plane[top : max(int(box.bottom), 0), left : max(int(box.right), 0)] = 1
    planes[-1] = planes[:-1].max(axis=0) == 0
    rows, columns = crop_samples(planes.shape[-2:], target)
    cropped = torch.from_numpy(planes[..., rows[:, None], columns])
    size = (target[0] // 8, target[1] // 8)
    return F.interpolate(cropped[None], size=size, mode="nearest")[0]


@given(
    source=st.tuples(st.integers(2, 900), st.integers(2, 900)),
    target=st.tuples(sides, sides),
    numbers=st.lists(st.floats(-0.2, 1.3), min_size=8, max_size=8),
)
@settings(max_examples=120, deadline=None)
def test_masks_are_those_drawn_the_long_way_and_never_empty(
    source: tuple[int, int], target: tuple[int, int], numbers: list[float]
) -> None:
    boxes = []
    for a, b, c, d in (numbers[:4], numbers[4:]):
        (top, bottom), (left, right) = sorted((a, b)), sorted((c, d))
        boxes.append(
            Box(
                top=top * source[0],
                left=left * source[1],
                bottom=bottom * source[0] + 0.01,
                right=right * source[1] + 0.01,
            )
        )
    plain = speaker_masks(source, target, 2, boxes, guard=False)
    assert torch.equal(plain, drawn(source, target, boxes))
    guarded = speaker_masks(source, target, 2, boxes)
    assert guarded.shape == (3, target[0] // 8, target[1] // 8)
    tokens = token_masks(guarded, target[0] // 16, target[1] // 16, guard=True)
    assert tokens[:2].any(dim=-1).all()
    kept = plain[:2].flatten(1).any(dim=1)
    assert torch.equal(guarded[:2][kept], plain[:2][kept])
    assert torch.equal(guarded[2] > 0, ~(guarded[:2] > 0).any(dim=0))


def test_one_speaker_has_the_whole_picture() -> None:
    masks = speaker_masks((300, 200), (64, 48), 1)
    assert masks.shape == (3, 8, 6)
    assert masks.min() == 1


def test_halves_are_left_and_right() -> None:
    masks = speaker_masks((480, 640), (480, 640), 2)
    rows, columns = torch.nonzero(masks[0], as_tuple=True)
    assert (rows.min(), rows.max()) == (3, 56)  # 5 % of 60 latent rows off above and below
    assert (columns.min(), columns.max()) == (2, 37)
    assert torch.equal(masks[1][:, 40:], masks[0][:, :40])
    assert masks[1][:, :40].sum() == 0


def test_a_small_box_gets_the_token_nearest_to_it() -> None:
    boxes = [
        Box(top=101, left=69, bottom=103, right=71),
        Box(top=10, left=200, bottom=150, right=300),
    ]
    assert speaker_masks((320, 320), (320, 320), 2, boxes, guard=False)[0].sum() == 0
    mask = speaker_masks((320, 320), (320, 320), 2, boxes)[0]
    assert torch.nonzero(mask).tolist() == [[12, 8]]  # pixel (96, 64); the box is at (102, 70)
    notices = check_boxes((320, 320), (320, 320), boxes)
    assert [n.code for n in notices] == ["speaker.box_small"]
    assert notices[0].facts["speaker"] == 1
    assert "16×16" in notices[0].detail
    with pytest.raises(EngineError) as raised:
        check_boxes((320, 320), (320, 320), boxes, guard=False)
    assert raised.value.report.code == "speaker.box_small"


@pytest.mark.parametrize(
    ("box", "where"),
    [
        (Box(top=0, left=400, bottom=50, right=500), "outside the picture, which is 320×640"),
        (Box(top=-90, left=10, bottom=-5, right=90), "outside the picture"),
        (Box(top=0, left=100, bottom=30, right=200), "cut off to fit"),
        (Box(top=600, left=100, bottom=640, right=200), "cut off to fit"),
    ],
)
def test_a_box_that_is_not_seen_is_an_error(box: Box, where: str) -> None:
    """640 rows of a tall source, of which a square keeps the middle 320."""
    seen = Box(top=300, left=10, bottom=400, right=100)
    for boxes, number in (([box, seen], 1), ([seen, box], 2)):
        with pytest.raises(EngineError) as raised:
            check_boxes((640, 320), (320, 320), boxes)
        report = raised.value.report
        assert report.code == "speaker.box_outside"
        assert report.facts["speaker"] == number
        assert where in report.detail
        assert report.remedy


def test_boxes_that_reach_over_the_edge_are_fine() -> None:
    box = Box(top=-20, left=-20, bottom=200, right=900)
    assert check_boxes((320, 320), (320, 320), [box]) == []


def test_a_huge_source_costs_nothing() -> None:
    masks = speaker_masks((20000, 20000), (640, 640), 2)
    assert masks.sum(dim=0).max() == 1


def test_boxes_keep_their_order_from_left_to_right() -> None:
    boxes = [Box(top=20, left=a + 5, bottom=300, right=b - 5) for a, b in pairwise((0, 100, 200))]
    first, second, _ = speaker_masks((320, 320), (320, 320), 2, boxes)
    assert first.nonzero()[:, 1].max() < second.nonzero()[:, 1].min()


def in_cells(box: Box, rows: int, columns: int, source: tuple[int, int]) -> Painted:
    """The cells whose place in the source lies in the box."""
    cells = np.zeros((rows, columns), bool)
    down, across = source[0] // rows, source[1] // columns
    cells[int(box.top) // down : int(box.bottom) // down] = True
    cells[:, : int(box.left) // across] = False
    cells[:, int(box.right) // across :] = False
    return Painted.of_cells(rows, columns, cells.ravel().tolist())


@given(
    edges=st.tuples(*[st.integers(0, 31)] * 4),
    target=st.tuples(sides, sides),
    factor=st.integers(1, 30),
)
@settings(max_examples=80, deadline=None)
def test_a_painted_rectangle_is_the_box(
    edges: tuple[int, int, int, int], target: tuple[int, int], factor: int
) -> None:
    source = (32 * factor, 64 * factor)
    top, bottom = sorted(edges[:2])
    left, right = sorted(edges[2:])
    box = Box(
        top=top * factor,
        left=left * factor,
        bottom=(bottom + 1) * factor,
        right=(right + 1) * factor,
    )
    other = Box(top=0, left=0, bottom=source[0], right=source[1])
    area = in_cells(box, 32, 64, source)
    expected = speaker_masks(source, target, 2, (box, other))
    assert torch.equal(
        speaker_masks(source, target, 2, (box, other), painted=(area, None)), expected
    )
    whole = in_cells(other, 32, 64, source)
    assert torch.equal(speaker_masks(source, target, 2, painted=(area, whole)), expected)


def test_an_odd_shape_is_followed_cell_by_cell() -> None:
    """A ring around the other speaker, which no box can say."""
    cells = np.zeros((8, 8), bool)
    cells[1:7, 1:7] = True
    cells[3:5, 3:5] = False
    ring = Painted.of_cells(8, 8, cells.ravel().tolist())
    inner = Box(top=192, left=192, bottom=320, right=320)
    masks = speaker_masks((512, 512), (64, 64), 2, (inner, inner), painted=(ring, None))
    assert torch.equal(masks[0].bool(), torch.from_numpy(cells))
    assert torch.equal(masks[1].bool(), ~torch.from_numpy(cells) & (masks[2] == 0))
    assert not (masks[0] * masks[1]).any()
    assert check_boxes((512, 512), (64, 64), (inner, inner), painted=(ring, None)) == []


def test_a_dot_is_warned_of_and_keeps_a_token() -> None:
    cells = [0] * (64 * 64)
    cells[64 * 33 + 33] = 1
    dot = Painted.of_cells(64, 64, cells)
    half = Box(top=0, left=0, bottom=512, right=256)
    (notice,) = check_boxes((512, 512), (64, 64), (half, half), painted=(None, dot))
    assert notice.code == "speaker.box_small"
    assert notice.facts["speaker"] == 2
    masks = speaker_masks((512, 512), (64, 64), 2, (half, half), painted=(None, dot))
    assert masks[1].sum() == 1
    with pytest.raises(EngineError):
        check_boxes((512, 512), (64, 64), (half, half), painted=(None, dot), guard=False)
