"""Speakers' areas that were painted, from a picture or a request to the masks of each chunk."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from infinitetalk.cli.exits import INPUT
from infinitetalk.engine.prepare import reopen_job
from infinitetalk.event import ChunkReady
from infinitetalk.project.job import JobFolder
from infinitetalk.request import Box, Painted
from tests import media_samples as samples
from tests.e2e import small_jobs
from tests.e2e.conftest import Command, refused, write_voice
from tests.tiny_model import build_tiny_model

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("painted")
    build_tiny_model(folder / "model", chunk_frames=9, speakers=2)
    samples.make_picture(folder / "two.png", size=(64, 64))
    for name in ("a", "b"):
        write_voice(folder / f"{name}.wav", 0.3)
    return folder


def triangle(*, upper: bool) -> np.ndarray:
    """One half of a square that no two boxes can share like this."""
    rows, columns = np.indices((64, 64))
    return columns > rows + 4 if upper else rows > columns + 4


def painted(cells: np.ndarray) -> Painted:
    rows, columns = cells.shape
    return Painted.of_cells(rows, columns, cells.ravel().tolist())


def test_a_painted_area_reaches_the_chunk_and_names_its_take(folder: Path, tmp_path: Path) -> None:
    boxes = (Box(top=0, left=0, bottom=64, right=64),) * 2
    areas = (painted(triangle(upper=True)), painted(triangle(upper=False)))
    files = (folder / "two.png", folder / "a.wav", folder / "b.wav")
    job = tmp_path / "t.job"
    first = small_jobs.render(folder / "model", job, *files, size=(64, 64), boxes=boxes)
    boxed = first.frames  # as the job is now
    with JobFolder.open(job, write=False) as stored:
        request = replace(stored.request, painted=areas)
    prepared = reopen_job(job, small_jobs.MACHINE, request=request)
    assert prepared.plan == first.plan  # only what is rendered changes, not how
    second = small_jobs.run(prepared)
    (given,) = second.given
    masks = given.inputs.masks
    assert masks is not None
    cells = torch.from_numpy(np.stack([triangle(upper=True), triangle(upper=False)]))
    assert torch.equal(masks[:2].bool(), cells[:, ::8, ::8])
    assert not (masks[0] * masks[1]).any()
    takes = [event.take for event in second.told(ChunkReady)]
    assert len(set(takes)) == 2  # the stale one, then its own
    assert not np.array_equal(second.frames, boxed)

    # Stored with the job, and nothing to render when it is opened again.
    stored = json.loads((job / "request.json").read_bytes())["request"]
    assert stored["format"] == 2
    assert stored["painted"][0]["rows"] == 64
    again = small_jobs.run(reopen_job(job, small_jobs.MACHINE))
    assert again.given == []

    # Back to the boxes: the first take is valid again.
    back = small_jobs.run(reopen_job(job, small_jobs.MACHINE, request=replace(request, painted=())))
    assert back.given == []
    assert np.array_equal(back.frames, boxed)


def test_masks_of_the_command_line(tell: Command, folder: Path, tmp_path: Path) -> None:
    """Pictures of any size, white where the speaker is."""
    for name, upper in (("a", True), ("b", False)):
        picture = np.where(triangle(upper=upper), 255, 0).astype(np.uint8)
        large = np.kron(picture, np.ones((10, 10), np.uint8))
        Image.fromarray(large).save(tmp_path / f"{name}.png")
    Image.new("RGB", (40, 40)).save(tmp_path / "black.png")
    given = (
        "render", "--model", folder / "model", "--source", folder / "two.png", "--speech",
        folder / "a.wav", "--speech", folder / "b.wav", "--steps", 1, "--text-guidance-scale", 1,
        "--audio-guidance-scale", 1, "--size", "64x64", "--mask", tmp_path / "a.png",
    )  # fmt: skip
    job = tmp_path / "m.job"
    done = tell(*given, "--mask", tmp_path / "b.png", "--job", job, "--out", tmp_path / "m.mp4")
    assert done.code == 0, done.text
    with JobFolder.open(job, write=False) as stored:
        areas = stored.request.painted
    assert [area is not None and (area.rows, area.columns) for area in areas] == [(256, 256)] * 2
    assert areas[0] is not None
    inside = np.frombuffer(areas[0].cells(), bool).reshape(256, 256)
    assert np.mean(inside[2::4, 2::4] == triangle(upper=True)) > 0.98
    other = tmp_path / "x.job"
    refused(tell(*given, "--job", other), INPUT, "painted", "one per speaker")
    refused(
        tell(*given, "--mask", tmp_path / "black.png", "--job", other), INPUT, "black.png", "white"
    )
    refused(tell(*given, "--mask", tmp_path / "none.png", "--job", other), INPUT, "none.png")
    assert not other.exists()
