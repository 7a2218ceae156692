"""Pixels of odd pictures; resizing, cropping and buckets."""

import io
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from infinitetalk.media.buckets import BUCKETS
from infinitetalk.media.picture import read_picture
from infinitetalk.media.pixels import to_bytes
from infinitetalk.media.probe import probe_source
from infinitetalk.media.resize import (
    choose_bucket,
    crop_rectangle,
    crop_samples,
    intermediate_size,
    nearest_indices,
    resize_center_crop,
    scaled_size,
)
from tests.media_samples import (
    PictureKind,
    frame_number,
    make_picture,
    numbered_frame,
    wide_profile,
)


@pytest.mark.parametrize(
    ("kind", "suffix"),
    [("rgb", ".png"), ("rgb", ".webp"), ("rgb", ".bmp"), ("rgb", ".tiff"), ("turned", ".jpg"), ("cmyk", ".jpg"),
     ("cmyk", ".tiff"), ("palette", ".png"), ("gray", ".png"), ("gray16", ".png"), ("gray16", ".tiff"), ("la", ".png"),
     ("animated", ".gif"), ("animated", ".webp")],
)  # fmt: skip
def test_every_kind_shows_its_number_upright(
    tmp_path: Path, kind: PictureKind, suffix: str
) -> None:
    path = make_picture(tmp_path / f"p{suffix}", kind, (48, 96))
    pixels = read_picture(path)
    assert pixels.shape == (48, 96, 3)
    assert pixels.dtype == np.uint8
    assert frame_number(pixels) == 5
    assert probe_source(path).kind == "picture"


def test_gray_of_sixteen_bits_keeps_its_levels(tmp_path: Path) -> None:
    pixels = read_picture(make_picture(tmp_path / "p.png", "gray16", (48, 96)))
    assert np.abs(pixels.astype(int) - numbered_frame(5, 48, 96)).max() <= 1


def test_transparency_is_white_or_as_the_reference_has_it(tmp_path: Path) -> None:
    path = make_picture(tmp_path / "p.png", "alpha", (48, 96))
    assert (read_picture(path)[:, :48] == 255).all()
    assert np.array_equal(read_picture(path)[:, 48:], numbered_frame(5, 48, 96)[:, 48:])
    assert np.array_equal(read_picture(path, orient=False), numbered_frame(5, 48, 96))


def test_orientation_can_be_left_alone(tmp_path: Path) -> None:
    path = make_picture(tmp_path / "p.jpg", "turned", (48, 96))
    assert read_picture(path, orient=False).shape == (96, 48, 3)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_broken_orientation_is_ignored(tmp_path: Path) -> None:
    data = io.BytesIO()
    exif = b"Exif\x00\x00II*\x00\xff\xff\xff\x7f" + bytes(20)
    Image.fromarray(numbered_frame(5)).save(data, "JPEG", exif=exif)
    (tmp_path / "p.jpg").write_bytes(data.getvalue())
    assert frame_number(read_picture(tmp_path / "p.jpg")) == 5


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_wide_colors_of_a_phone_become_those_of_the_screen(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "p.png"
    color = (200, 100, 100, 255)[: len(mode)]
    Image.new(mode, (8, 8), color).save(path, icc_profile=wide_profile())
    red, green, _ = read_picture(path)[4, 4].astype(int)
    assert 208 <= red <= 220  # the same color has more red and less green in sRGB
    assert 85 <= green <= 97
    assert read_picture(path, orient=False)[4, 4].tolist() == [200, 100, 100]
    Image.new(mode, (8, 8), color).save(path, icc_profile=b"no profile at all")
    assert read_picture(path)[4, 4].tolist() == [200, 100, 100]


@pytest.mark.parametrize("size", [(1, 1), (1, 4000), (4000, 1), (3, 2)])
@pytest.mark.parametrize("resolution", ["480", "720"])
def test_extreme_pictures_reach_every_bucket_size(
    tmp_path: Path, size: tuple[int, int], resolution
) -> None:
    path = tmp_path / "p.png"
    Image.new("RGB", (size[1], size[0]), (10, 200, 30)).save(path)
    target = choose_bucket(*size, resolution)
    found = resize_center_crop(read_picture(path), target)
    assert found.shape == (*target, 3)
    assert (found == (10, 200, 30)).all()


def test_part_of_a_huge_intermediate_equals_the_plain_way(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = np.random.default_rng(0).integers(0, 256, (40, 300, 3), np.uint8)
    plain = resize_center_crop(picture, (64, 64))
    monkeypatch.setattr("infinitetalk.media.resize._PLAIN_PIXELS", 0)
    assert np.abs(resize_center_crop(picture, (64, 64)).astype(int) - plain).max() <= 2


def test_buckets_of_common_shapes() -> None:
    assert choose_bucket(1080, 1920, "480") == (448, 896)
    assert choose_bucket(1080, 1920, "720") == (704, 1280)
    assert choose_bucket(7, 7, "480") == (640, 640)
    table = ((0.5, (16, 32)), (1.5, (48, 32)))
    assert choose_bucket(10, 10, "480", table) == (16, 32)  # equally near: the earlier one


def test_bucket_tables_are_complete() -> None:
    assert {name: len(table) for name, table in BUCKETS.items()} == {"480": 15, "720": 21}
    for table in BUCKETS.values():
        for _, size in table:
            assert all(side % 64 == 0 for side in size)


SIDES = st.integers(1, 3000)


@given(height=SIDES, width=SIDES, target=st.sampled_from([(448, 896), (640, 640), (1280, 320)]))
def test_crop_lies_inside_and_covers_the_target(
    height: int, width: int, target: tuple[int, int]
) -> None:
    size = intermediate_size((height, width), target)
    assert size[0] >= target[0]
    assert size[1] >= target[1]
    kept = crop_rectangle((height, width), target)
    assert 0 <= kept.top < kept.bottom <= height + 1e-6
    assert 0 <= kept.left < kept.right <= width + 1e-6
    lost = kept.share_lost(height, width)
    assert min(lost) < 0.5
    assert all(-1e-9 <= share < 1 for share in lost)


@given(source=st.integers(1, 500), target=st.integers(1, 500))
def test_nearest_indices_equal_torch(source: int, target: int) -> None:
    line = torch.arange(source, dtype=torch.float32)[None, None]
    expected = torch.nn.functional.interpolate(line, size=target, mode="nearest")[0, 0]
    assert nearest_indices(source, target).tolist() == expected.long().tolist()


def test_masks_keep_their_values() -> None:
    planes = np.zeros((2, 50, 70), np.float32)
    planes[0, 10:20, 30:40] = 1
    rows, columns = crop_samples((50, 70), (32, 48))
    found = planes[:, rows[:, None], columns]
    assert found.shape == (2, 32, 48)
    assert set(np.unique(found)) == {0.0, 1.0}


def test_sizes_are_scaled_to_multiples() -> None:
    assert scaled_size((448, 896), 0.5) == (224, 448)
    assert scaled_size((448, 896), 0.01) == (16, 16)


def test_bytes_are_rounded_or_truncated() -> None:
    levels = np.array([-2.0, -1.0, -0.0001, 0.0, 0.9999, 1.0, 2.0], np.float32)
    frames = np.broadcast_to(levels, (3, 2, 4, 7)).copy()
    assert to_bytes(frames, rounding=False).shape == (2, 4, 7, 3)
    assert to_bytes(frames, rounding=False)[0, 0, :, 0].tolist() == [0, 0, 127, 127, 254, 255, 255]
    assert to_bytes(frames, rounding=True)[0, 0, :, 0].tolist() == [0, 0, 127, 128, 255, 255, 255]
