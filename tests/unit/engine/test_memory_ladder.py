"""Out of memory at any allocation of a chunk: one rung lower, the same chunk, a finished video."""

from pathlib import Path

import pytest
import torch

from infinitetalk.engine import renderer
from infinitetalk.engine.engine import Engine
from infinitetalk.engine.model import ModelChoice, build_request
from infinitetalk.engine.prepare import PreparedJob, prepare_job
from infinitetalk.event import ChunkReady, Event, Failed, Finished, MemoryStepDown
from infinitetalk.media.frames import FrameReader
from infinitetalk.plan import Machine
from infinitetalk.request import SpeechTrack
from infinitetalk.streaming.allocation import AllocationPoints
from tests.e2e.conftest import write_voice
from tests.tiny_model import build_tiny_model

MACHINE = Machine(ram_total=2**34, ram_free=2**34, disk_free=2**40, cores=1, torch_version="2")
TRIED = 8  # allocation points of the default run, evenly spread; `slow` tries all


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    from PIL import Image

    folder = tmp_path_factory.mktemp("ladder")
    build_tiny_model(folder / "model", chunk_frames=9)
    write_voice(folder / "speech.wav", 0.2)
    Image.new("RGB", (64, 64), (90, 120, 200)).save(folder / "face.png")
    return folder / "model", folder / "face.png", folder / "speech.wav"


@pytest.fixture(autouse=True)
def own_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("INFINITETALK_HOME", str(tmp_path / "home"))


def prepared(tiny: tuple[Path, Path, Path], job: Path) -> PreparedJob:
    model, picture, speech = tiny
    choice = ModelChoice(name=str(model))
    given = {
        "source": picture,
        "speech": (SpeechTrack(path=speech),),
        "steps": 1,
        "motion_frames": 1,
    }
    return prepare_job(build_request(given, choice.find()), choice, job, MACHINE)


def rendered(
    tiny: tuple[Path, Path, Path], job: Path, refused: int | None, monkeypatch: pytest.MonkeyPatch
) -> tuple[list[Event], int]:
    """Events of a job in which allocation `refused` of its only chunk fails; allocations counted."""
    points = AllocationPoints(refused)
    run = renderer.render_chunk

    def watched(*arguments, **options):
        with points:  # what is allocated for the chunk on the device
            yield from run(*arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(renderer, "render_chunk", watched)
        work = prepared(tiny, job)
        try:
            return list(Engine().generate(work)), points.count
        finally:
            work.job.close()


def test_a_plain_run_takes_no_rung(tiny, tmp_path: Path, monkeypatch) -> None:
    events, count = rendered(tiny, tmp_path / "plain.job", None, monkeypatch)
    assert isinstance(events[-1], Finished)
    assert not any(isinstance(event, MemoryStepDown) for event in events)
    assert count > 200


@pytest.mark.parametrize(
    "tried", [TRIED, pytest.param(10**6, marks=[pytest.mark.slow, pytest.mark.timeout(7200)])]
)
def test_every_rung_leads_to_the_same_video(tried, tiny, tmp_path: Path, monkeypatch) -> None:
    plain, count = rendered(tiny, tmp_path / "plain.job", None, monkeypatch)
    expected = _frames(plain)
    for point in range(0, count, max(1, count // tried)):
        events, _ = rendered(tiny, tmp_path / f"{point}.job", point, monkeypatch)
        assert isinstance(events[-1], Finished), (point, events[-1])
        downs = [event for event in events if isinstance(event, MemoryStepDown)]
        assert len(downs) <= 1, point
        difference = abs(_frames(events).astype(int) - expected).max()
        assert difference <= 1, point  # a rung may round differently in the last digit


def test_below_the_last_rung_the_numbers_are_said(tiny, tmp_path: Path, monkeypatch) -> None:
    def never_enough(*_, **__):
        raise torch.OutOfMemoryError("CUDA out of memory: a test")
        yield

    monkeypatch.setattr(renderer, "render_chunk", never_enough)
    work = prepared(tiny, tmp_path / "never.job")
    events = list(Engine().generate(work))
    work.job.close()
    failed = events[-1]
    assert isinstance(failed, Failed)
    assert failed.report.code == "ram.not_enough"
    assert "64×64" in failed.report.detail
    assert "Traceback" not in str(failed.report)


def _frames(events: list[Event]):
    (ready,) = [event for event in events if isinstance(event, ChunkReady)]
    return FrameReader(ready.path / "frames.mkv").frames()
