"""Which attention a job's plan has: the user's word, else what this machine was measured to do best."""

from pathlib import Path

import pytest

from infinitetalk.engine.model import ModelChoice, build_request
from infinitetalk.engine.prepare import prepare_job
from infinitetalk.plan import Machine
from infinitetalk.request import SpeechTrack
from tests.e2e.conftest import write_voice
from tests.tiny_model import build_tiny_model

MACHINE = Machine(ram_total=2**34, ram_free=2**34, disk_free=2**40, cores=1, torch_version="2")


@pytest.mark.parametrize(("wanted", "planned"), [(None, "default"), ("math", "math")])
def test_the_plan_has_it(tmp_path: Path, wanted: str | None, planned: str) -> None:
    from PIL import Image

    build_tiny_model(tmp_path / "model", chunk_frames=9)
    write_voice(tmp_path / "speech.wav", 0.2)
    Image.new("RGB", (64, 64), (90, 120, 200)).save(tmp_path / "face.png")
    choice = ModelChoice(name=str(tmp_path / "model"))
    given = {
        "source": tmp_path / "face.png",
        "speech": (SpeechTrack(path=tmp_path / "speech.wav"),),
        "motion_frames": 1,
    }
    request = build_request(given, choice.find())
    prepared = prepare_job(request, choice, tmp_path / "a.job", MACHINE, attention=wanted)
    try:
        assert prepared.plan.attention == planned
        assert prepared.job.plan == prepared.plan  # and so it stays when the job goes on
    finally:
        prepared.job.close()
