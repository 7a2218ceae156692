"""Removing models from outside: the command and the engine's messages name jobs, and refuse."""

import io
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from infinitetalk.engine.needs import jobs_that_need, known_jobs
from infinitetalk.project.job import JobFolder
from infinitetalk.project.lock import holder_of
from infinitetalk.request import GenerationRequest, SpeechTrack
from infinitetalk.weights.download.record import Record
from infinitetalk.wire import ForgetModel, ListCatalog, PlanRemoval, RemoveWeights, Start
from tests.e2e.conftest import Run
from tests.e2e.test_download import Talk, until
from tests.small_catalog import VAE, catalog_of

pytestmark = pytest.mark.e2e
SET = "one-speaker-int8"
PLACE = f"Wan2.1-I2V-14B-480P/{VAE}"


@pytest.fixture
def models(model: Path, home: Path, tmp_path: Path) -> Iterator[Path]:
    """A models folder that this program has loaded; jobs of other tests are made with another."""
    folder = Path(shutil.copytree(model, tmp_path / "models"))
    record = Record(folder)
    for path in folder.rglob("*"):
        if path.is_file():
            place = path.relative_to(folder).as_posix()
            record.add(path, place, "git:1", "0", loaded=True)
    catalogs = home / "config" / "catalog"
    catalogs.mkdir(parents=True, exist_ok=True)
    (catalogs / "small.json").write_text(json.dumps(catalog_of(model)), "utf-8")
    yield folder
    shutil.rmtree(catalogs)


@pytest.fixture
def of_models(job: Path, models: Path) -> Path:
    """The finished job as one of this folder."""
    (job / "model.json").write_text(json.dumps({"format": 1, "name": str(models)}), "utf-8")
    return job


def test_jobs_that_need_a_file_are_found(of_models: Path, models: Path, tmp_path: Path) -> None:
    vae = models / PLACE
    encoder = models / "chinese-wav2vec2-base" / "model.safetensors"
    tokenizer = models / "Wan2.1-I2V-14B-480P/google/umt5-xxl/tokenizer.json"
    lora = models / "loras" / "none.safetensors"
    before = {p: p.stat().st_mtime_ns for p in of_models.rglob("*")}
    for files in ([vae], [encoder, vae], [tokenizer], [models / "Wan2.1-I2V-14B-480P/config.json"]):
        needs = jobs_that_need(files, [of_models])
        assert [one.folder for one in needs.jobs] == [of_models]
        assert needs.jobs[0].files == tuple(files)
        assert (needs.jobs[0].chunks_left, needs.jobs[0].chunks) == (0, 1)
        assert needs.jobs[0].running is None
    assert jobs_that_need([lora], [of_models]).jobs == ()
    assert jobs_that_need([], [of_models]).jobs == ()
    assert {p: p.stat().st_mtime_ns for p in of_models.rglob("*")} == before
    linked = tmp_path / "linked"
    linked.symlink_to(models, target_is_directory=True)
    assert jobs_that_need([linked / PLACE], [of_models]).jobs


def test_jobs_of_other_models_and_strange_ones_are_told_apart(
    of_models: Path, models: Path
) -> None:
    vae = [models / PLACE]
    (of_models / "model.json").write_text('{"format": 1, "name": "miniature"}')
    assert jobs_that_need(vae, [of_models]).jobs == ()
    (of_models / "model.json").write_text('{"format": 1, "name": "/gone"}')
    assert jobs_that_need(vae, [of_models]).jobs == ()
    (of_models / "model.json").write_text('{"format": 99, "name": "x"}')
    needs = jobs_that_need(vae, [of_models])
    assert (needs.jobs, needs.unknown) == ((), (of_models,))


def test_known_jobs_are_those_of_the_data_folder_and_what_is_named(
    of_models: Path, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INFINITETALK_HOME", str(tmp_path / "home"))
    kept = Path(shutil.copytree(of_models, tmp_path / "home" / "data" / "jobs" / "kept.job"))
    beside = Path(shutil.copytree(of_models, tmp_path / "clip.job"))
    assert list(known_jobs()) == [kept]
    more = [tmp_path / "clip.italk", of_models, kept, tmp_path / "none", beside]
    assert list(known_jobs(more)) == [kept, beside, of_models]
    assert {of_models, beside} <= set(known_jobs([tmp_path]))


def test_a_held_job_is_seen_without_touching_it(of_models: Path, tmp_path: Path) -> None:
    lock = of_models / "lock"
    assert holder_of(lock) is None
    with JobFolder.open(of_models):
        assert holder_of(lock) == os.getpid()
    assert holder_of(lock) is None
    for text in ("", "[]", "{", '{"pid": 4194999, "since": 1.0}', '{"pid": 1, "since": 1.0}'):
        (tmp_path / "lock").write_text(text)
        assert holder_of(tmp_path / "lock") is None  # 1 began long after 1970


def test_the_command_shows_asks_and_removes(
    tell: Callable[..., Run],
    of_models: Path,
    models: Path,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    where = ("--from", models, "--job", of_models)
    plan = tell("weights", "remove", "vae", *where, "--plan")
    assert plan.code == 0, plan.text
    assert f"loaded     {PLACE}" in plan.out
    assert "Needed by the job copy.job: finished; only a new take would need it." in plan.out
    assert f"Sets that will lack a file: {SET}" in plan.out
    asked = tell("weights", "remove", "vae", *where)
    assert asked.code == 4
    assert "Nobody said" in asked.err
    monkeypatch.setattr("sys.stdin", io.StringIO("no\n"))
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    refused = tell("weights", "remove", "vae", *where)
    assert (refused.code, refused.err) == (4, "Nothing was removed.\n")
    assert (models / PLACE).exists()
    with JobFolder.open(of_models):
        held = tell("weights", "remove", PLACE, *where, "--yes")
    assert held.code == 4
    assert "A job is using these files" in held.err
    assert (models / PLACE).exists()
    # The window's folder is the default, and its list of projects is looked through as well.
    (home / "config" / "settings.json").write_text(
        json.dumps(
            {
                "recent": [str(of_models.with_suffix(".italk")), 3],
                "jobs_folder": "",
                "models_folder": str(models),
            }
        )
    )
    done = tell("weights", "remove", PLACE, "--yes", "--json")
    (home / "config" / "settings.json").unlink()
    assert done.code == 0, done.text
    said = json.loads(done.out)
    assert said["removed"]
    assert [job["name"] for job in said["jobs"]] == ["copy"]
    assert [one["file"] for one in said["files"]] == [PLACE]
    assert not (models / PLACE).exists()
    nothing = tell("weights", "remove", "vae", "--from", models)
    assert nothing.code == 4
    assert "nothing to remove" in nothing.out
    unknown = tell("weights", "remove", "strange", "--from", models)
    assert unknown.code == 4
    assert "neither a set nor a file" in unknown.err


@pytest.fixture
def talk(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Talk]:
    monkeypatch.setenv("INFINITETALK_HOME", str(home))
    made = Talk()
    yield made
    made.close()


def test_the_engine_removes_and_refuses(
    models: Path, of_models: Path, talk: Talk, model: Path
) -> None:
    asked = {"folder": models, "parts": ("vae",), "jobs": (of_models,)}
    plan = talk.done(PlanRemoval(**asked))["plan"]
    assert [job["name"] for job in plan["jobs"]] == ["copy"]
    assert plan["freed"] > 1000
    with JobFolder.open(of_models):
        refused = talk.ask(RemoveWeights(**asked))
    assert refused["error"]["code"] == "weights.in_use"
    assert (models / PLACE).exists()
    done = talk.done(RemoveWeights(**asked))
    assert [one["file"] for one in done["files"]] == [PLACE]
    assert talk.done(ListCatalog(folder=models))["here"]["vae"]["state"] == "missing"
    unknown = talk.ask(PlanRemoval(folder=models, sets=("nothing",)))
    assert unknown["error"]["code"] == "download.unknown_set"
    assert not talk.done(ForgetModel(folder=models, path=model / PLACE))["known"]


def test_what_a_running_job_reads_is_not_removed_and_stays_usable(
    models: Path, talk: Talk, picture: Path, speech: Path, tmp_path: Path
) -> None:
    """Asked while the engine renders; the same folder serves to the end, then it may go."""
    job = tmp_path / "running.job"
    request = GenerationRequest(
        source=picture, speech=(SpeechTrack(path=speech),), steps=12, text_guidance_scale=1.0
    )
    talk.done(Start(job_folder=job, model=str(models), request=request))
    sets = (SET, "one-speaker-bf16")  # the tiny files are of both
    asked = {"folder": models, "sets": sets, "jobs": (tmp_path,)}
    plan = talk.done(PlanRemoval(**asked))["plan"]
    (mine,) = (one for one in plan["jobs"] if one["name"] == "running")
    assert mine["running"] == os.getpid()
    assert mine["chunks_left"] == mine["chunks"] > 0
    refused = talk.ask(RemoveWeights(**asked))
    assert refused["error"]["code"] == "weights.in_use"
    assert "running.job" in refused["error"]["detail"]
    until(lambda: any(one.get("event") == "Finished" for one in talk.said))
    until(lambda: holder_of(job / "lock") is None)
    talk.done(RemoveWeights(**asked))
    again = talk.ask(Start(job_folder=job, model=str(models)))
    assert again["error"]["code"] == "weights.missing"
