"""A limit of graphics memory: from the command line, the messages and the plan to the ladder."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from infinitetalk.cli.main import main
from infinitetalk.engine.engine import is_card_lost
from infinitetalk.engine.memory import JobMemory
from infinitetalk.engine.model import ModelChoice, build_request
from infinitetalk.engine.prepare import make_plan, prepare_job, reopen_job
from infinitetalk.errors import EngineError
from infinitetalk.plan import Machine
from infinitetalk.probe import machine_to_json
from infinitetalk.request import SpeechTrack
from infinitetalk.streaming.remembered import recall, remember, settings_key
from tests.e2e.conftest import write_voice
from tests.tiny_model import build_tiny_model

GIB = 2**30
CARD = Machine(
    gpu="Card", compute_capability=(8, 9), vram_total=8 * GIB, vram_free=7 * GIB, ram_total=2**35,
    ram_free=2**34, disk_free=2**40, cores=4, torch_version="2", torch_cuda="12",
)  # fmt: skip


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    from PIL import Image

    folder = tmp_path_factory.mktemp("limits")
    build_tiny_model(folder / "model", chunk_frames=9)
    write_voice(folder / "speech.wav", 0.4)
    Image.new("RGB", (640, 640), (90, 120, 200)).save(folder / "face.png")
    return folder / "model", folder / "face.png", folder / "speech.wav"


@pytest.fixture(autouse=True)
def own_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("INFINITETALK_HOME", str(tmp_path / "home"))


class Shares:
    """What the allocator of a card would be told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.told: list[float] = []
        card = type("Card", (), {"name": "Card", "total_memory": 8 * GIB})
        monkeypatch.setattr(torch.cuda, "get_device_properties", lambda _: card)
        monkeypatch.setattr(torch.cuda, "mem_get_info", lambda: (7 * GIB, 8 * GIB))
        monkeypatch.setattr(
            torch.cuda, "set_per_process_memory_fraction", lambda share: self.told.append(share)
        )


def request_of(files: tuple[Path, Path, Path]):
    model, picture, speech = files
    choice = ModelChoice(name=str(model))
    given = {
        "source": picture,
        "speech": (SpeechTrack(path=speech),),
        "steps": 1,
        "size": (640, 640),
    }
    return choice, build_request(given, choice.find())


def test_the_plan_keeps_to_the_limit_and_leaves_a_core(files) -> None:
    choice, request = request_of(files)
    found = choice.find()
    free, _ = make_plan(request, found, CARD)
    limited, _ = make_plan(request, found, CARD, vram_limit=GIB // 2, leave_core_free=True)
    assert limited.vram_budget <= GIB // 2 < free.vram_budget
    assert limited.peak_vram <= free.peak_vram
    assert 0 < limited.threads < free.threads


def test_a_job_that_was_planned_without_a_limit_goes_on_under_one(
    files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choice, request = request_of(files)
    prepare_job(request, choice, tmp_path / "a.job", CARD).job.close()
    stored = (tmp_path / "a.job" / "plan.json").read_bytes()
    reopened = reopen_job(tmp_path / "a.job", CARD, vram_limit=400 * 2**20)
    reopened.job.close()
    assert (tmp_path / "a.job" / "plan.json").read_bytes() == stored  # pixels stay as planned
    assert reopened.plan.resident_blocks <= reopened.job.plan.resident_blocks
    assert reopened.plan.vram_budget <= 400 * 2**20

    shares = Shares(monkeypatch)
    memory = JobMemory(reopened.plan, limited=reopened.limited, vram_limit=reopened.vram_limit)
    assert shares.told == [pytest.approx(400 / 8192)]
    whole = JobMemory(reopened.job.plan)
    assert shares.told[-1] == 1.0
    assert memory.settings == memory.settings.at_most(whole.settings)


def test_what_a_limit_led_to_is_not_remembered_for_other_jobs(
    files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choice, request = request_of(files)
    prepared = prepare_job(request, choice, tmp_path / "a.job", CARD)
    prepared.job.close()
    Shares(monkeypatch)
    plan = replace(prepared.plan, resident_blocks=2)
    key = settings_key("Card", 8 * GIB, plan.weights_identity, plan.precision, plan.size)
    for limit, known in ((GIB, False), (None, True)):
        memory = JobMemory(plan, vram_limit=limit)
        event = memory.step_down("job", 0, "denoise", "out of memory")
        assert event.changed["resident_blocks"] == [2, 1]
        memory.worked()
        assert (recall(key) is not None) == known
    assert JobMemory(plan).settings.resident_blocks == 1
    remember(key, replace(recall(key), resident_blocks=0))
    assert JobMemory(plan).settings.resident_blocks == 0


def test_the_last_rung_tells_its_numbers(files, tmp_path: Path, monkeypatch) -> None:
    choice, request = request_of(files)
    prepared = prepare_job(request, choice, tmp_path / "a.job", CARD)
    prepared.job.close()
    Shares(monkeypatch)
    memory = JobMemory(prepared.plan, vram_limit=GIB)

    def all_the_way_down() -> None:
        while True:
            memory.step_down("job", 0, "decode", "out of memory")

    with pytest.raises(EngineError) as caught:
        all_the_way_down()
    facts = caught.value.report.facts
    assert facts["size"] == list(prepared.plan.size)
    assert (facts["free"], facts["total"]) == (7 * GIB, 8 * GIB)


def test_the_command_line_takes_a_limit(files, tmp_path: Path, capsys) -> None:
    model, picture, speech = files
    card = tmp_path / "card.json"
    card.write_text(json.dumps(machine_to_json(CARD)))
    words = ["plan", "--model", str(model), "--source", str(picture), "--speech", str(speech),
             "--machine", str(card), "--json", "--size", "640x640"]  # fmt: skip
    budgets = []
    for more in ([], ["--vram-limit", "0.5"]):
        capsys.readouterr()
        main([*words, *more])
        budgets.append(json.loads(capsys.readouterr().out)["vram_budget"])
    assert budgets[1] == GIB // 2 < budgets[0]
    for text in ("0", "-1", "nan"):
        assert main([*words, "--vram-limit", text]) == 3
        assert "--vram-limit" in capsys.readouterr().err


def test_a_lost_card_is_told_from_other_faults() -> None:
    assert is_card_lost(RuntimeError("CUDA error: unspecified launch failure\nCUDA kernel ..."))
    assert not is_card_lost(RuntimeError("shape mismatch"))
    assert not is_card_lost(ValueError("CUDA error: unknown error"))
