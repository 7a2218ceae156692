"""Downloads and conversions beside the bundled miniature's rendering, in one engine process.

Neither starves the other, and stopping one leaves the rest. Times are compared within one run: this
machine may be busy.
"""

import os
import statistics
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import tests.tiny_model as tiny
from infinitetalk.engine.model import ModelChoice, build_request
from infinitetalk.paths import resources_folder
from infinitetalk.request import GenerationRequest, SpeechTrack
from infinitetalk.weights.store import BlockStore
from infinitetalk.weights.store_name import store_name
from infinitetalk.wire import CancelTask, Download, ImportWeights, NetworkChoice, Start, Stop
from tests.download_kit import some_bytes
from tests.e2e.test_serve import Line, Talk
from tests.hub_server import Hub

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(900)]
LORA_REPO = "Kijai/WanVideo_comfy"
LORA = "Wan21_T2V_14B_lightx2v_cfg_step_distill_lora_rank32.safetensors"
LORA_BYTES = 60_000_000
LINE = 2_000_000  # bytes per second: a household's line
SLOWER = 2.0  # times that a step may take beside both: measured 1.1 on two cores
MINIATURE = "miniature"


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Random weights of 0.8 GB, so that converting them takes a while."""
    with pytest.MonkeyPatch.context() as patch:
        sizes = replace(tiny.TRANSFORMER, dim=768, num_heads=6, ffn_dim=3072, num_layers=16)
        patch.setattr(tiny, "TRANSFORMER", sizes)
        return tiny.build_tiny_model(tmp_path_factory.mktemp("large"))


@pytest.fixture
def hub() -> Iterator[Hub]:
    with Hub() as made:
        made.add(LORA_REPO, LORA, some_bytes(LORA_BYTES))
        made.rate = LINE
        yield made


@pytest.fixture
def talk(environment: dict[str, str], tmp_path: Path) -> Iterator[Talk]:
    plain = {name: value for name, value in environment.items() if "proxy" not in name.lower()}
    plain["OMP_NUM_THREADS"] = str(max((os.cpu_count() or 2) - 1, 1))  # as the window starts it
    made = Talk({**plain, "INFINITETALK_HOME": str(tmp_path / "home")}, tmp_path)
    yield made
    made.close()


@pytest.fixture(scope="module")
def clip() -> GenerationRequest:
    """Three chunks of the miniature, as *Try the miniature model* renders them."""
    samples = resources_folder() / "samples"
    given = {
        "source": samples / "mira.png",
        "speech": (SpeechTrack(path=samples / "speech.wav"),),
    }
    return build_request(given, ModelChoice(name=MINIATURE).find())


def seconds_of(steps: list[Line]) -> list[float]:
    return [float(step["seconds"]) for step in steps]


def order_of(talk: Talk, mark: int) -> list[tuple[str, int]]:
    """What happened one after the other: a step, bytes of the download, bytes of the conversion."""
    kinds = {"StepDone": "step", "DownloadProgress": "download", "ImportProgress": "import"}
    with talk._more:
        said = talk._said[mark:]
    return [
        (kinds[line["event"]], int(line.get("done", 0)))
        for line in said
        if line.get("event") in kinds
    ]


def load(talk: Talk, hub: Hub, models: Path, task: str = "d") -> None:
    network = NetworkChoice(mirror=hub.url())
    talk.done(Download(task=task, file="fast-lora", folder=models, network=network))


def convert(talk: Talk, large: Path, models: Path, task: str = "i") -> None:
    talk.done(ImportWeights(task=task, source=large, target=models, precision="int8"))


def has_ended(talk: Talk, name: str, task: str, mark: int) -> str:
    """How the task ended; waits for it."""
    ends = ("finished", "failed", "cancelled")
    last = talk.wait(
        lambda said: (
            said.get("event") == name
            and said["task"] == task
            and not said.get("file")
            and said["status"] in ends
        ),
        mark,
    )
    return str(last["status"])


def test_neither_is_starved(
    talk: Talk, hub: Hub, large: Path, clip: GenerationRequest, tmp_path: Path
) -> None:
    mark = talk.mark()
    talk.done(Start(job_folder=tmp_path / "alone.job", model=MINIATURE, request=clip))
    talk.event("Finished", mark)
    alone = statistics.median(seconds_of(talk.heard("StepDone", mark)))

    mark, models = talk.mark(), tmp_path / "models"
    talk.done(Start(job_folder=tmp_path / "beside.job", model=MINIATURE, request=clip))
    talk.event("StepDone", mark)
    began = time.monotonic()
    load(talk, hub, models)
    convert(talk, large, models)
    assert has_ended(talk, "ImportProgress", "i", mark) == "finished"
    talk.event("Finished", mark)
    took = time.monotonic() - began
    order = order_of(talk, mark)
    kinds = [kind for kind, _ in order]
    first = kinds.index("import")
    last = len(kinds) - kinds[::-1].index("import")
    during = [kind for kind in kinds[first:last] if kind == "step"]
    assert len(during) >= 5, "no steps while the weights were converted"
    beside = seconds_of(talk.heard("StepDone", mark))
    assert statistics.median(beside) < SLOWER * alone, (alone, sorted(beside))
    # The download went on at its line's speed, and told so, between any few steps.
    loaded = max(done for kind, done in order if kind == "download")
    assert loaded > 0.5 * min(LINE * took, LORA_BYTES), (loaded, took)
    waits = "".join(kind[0] for kind in kinds).split("d")
    assert max(part.count("s") for part in waits[1:-1]) <= 8, waits
    assert has_ended(talk, "DownloadProgress", "d", mark) == "finished"
    assert (models / "loras" / LORA).stat().st_size == LORA_BYTES
    BlockStore(models / store_name("int8", 1)).verify()


def test_stopping_one_leaves_the_others(
    talk: Talk, hub: Hub, large: Path, clip: GenerationRequest, tmp_path: Path
) -> None:
    mark, models = talk.mark(), tmp_path / "models"
    part = models / "loras" / (LORA + ".part")
    job = tmp_path / "talk.job"
    load(talk, hub, models)
    talk.done(Start(job_folder=job, model=MINIATURE, request=clip))
    talk.event("StepDone", mark)
    convert(talk, large, models)
    talk.wait(lambda said: said.get("event") == "ImportProgress" and said["done"] > 0, mark)
    talk.done(CancelTask(task="i"))
    assert has_ended(talk, "ImportProgress", "i", mark) == "cancelled"
    after = talk.mark()
    talk.event("StepDone", after)  # the job goes on
    talk.event("DownloadProgress", after, status="running")  # and so does the download
    talk.done(Stop())
    talk.event("Cancelled", after)
    after = talk.mark()
    talk.event("DownloadProgress", after, status="running")
    # The other way round: the job and the conversion go on without the download.
    convert(talk, large, models, "again")
    talk.done(Start(job_folder=job, model=MINIATURE))
    talk.done(CancelTask(task="d"))
    assert has_ended(talk, "DownloadProgress", "d", after) == "cancelled"
    kept = part.stat().st_size
    assert kept > 0
    after = talk.mark()
    talk.event("StepDone", after)
    assert has_ended(talk, "ImportProgress", "again", after) == "finished"
    talk.event("Finished", after)
    BlockStore(models / store_name("int8", 1)).verify()
    assert part.stat().st_size == kept
    before = len(hub.content_requests())
    hub.rate = None
    load(talk, hub, models, "rest")
    assert has_ended(talk, "DownloadProgress", "rest", after) == "finished"
    assert hub.content_requests()[before].start == kept
