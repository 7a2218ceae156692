"""Job folders that are moved, damaged, tampered with, of others, or in use: nothing is lost or overwritten."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.conftest import frame_digests, media_facts, refused
from tests.tiny_model import build_tiny_model

pytestmark = pytest.mark.e2e

INPUT, JOB = 3, 6


def _changed(path: Path, **changes: object) -> None:
    data = json.loads(path.read_text())
    path.write_text(json.dumps({**data, **changes}))


def _newer(job: Path) -> None:
    _changed(job / "request.json", format=99)


def _newer_timeline(job: Path) -> None:
    _changed(job / "timeline.json", format=99)


def _no_request(job: Path) -> None:
    (job / "request.json").unlink()


def _no_json(job: Path) -> None:
    (job / "request.json").write_text("{")


def _wrong_kind(job: Path) -> None:
    data = json.loads((job / "request.json").read_text())
    data["request"]["steps"] = "many"
    (job / "request.json").write_text(json.dumps(data))


def _take_outside(job: Path) -> None:
    path = job / "timeline.json"
    text = path.read_text()
    key = json.loads(text)["chunks"][0]["takes"][0]["key"]
    path.write_text(text.replace(key, "../../../etc"))


def _no_model(job: Path) -> None:
    (job / "model.json").unlink()


def _model_is_a_list(job: Path) -> None:
    (job / "model.json").write_text("[]")


def _plan_is_cut(job: Path) -> None:
    text = (job / "plan.json").read_text()
    (job / "plan.json").write_text(text[: len(text) // 2])


def _gone(job: Path) -> None:
    shutil.rmtree(job)


DAMAGES = {
    "newer": (_newer, ("request.json", "format 99", "Update")),
    "newer timeline": (_newer_timeline, ("timeline.json", "format 99", "Update")),
    "no request": (_no_request, ("copy.job",)),
    "not JSON": (_no_json, ("request.json", "not valid JSON", "from a copy")),
    "wrong kind": (_wrong_kind, ("request.json", "steps", "from a copy")),
    "take outside": (_take_outside, ("timeline.json", "from a copy")),
    "no model": (_no_model, ("model.json", "--model")),
    "model tampered": (_model_is_a_list, ("model.json", "from a copy")),
    "plan cut": (_plan_is_cut, ("plan.json", "from a copy")),
    "gone": (_gone, ("copy.job",)),
}


@pytest.mark.parametrize("case", DAMAGES)
def test_a_job_folder_that_is_damaged_is_not_touched(case, tell, job: Path) -> None:
    damage, words = DAMAGES[case]
    damage(job)
    before = {p: p.read_bytes() for p in job.rglob("*") if p.is_file() and p.name != "lock"}
    refused(tell("resume", job), JOB, *words)
    after = {p: p.read_bytes() for p in job.rglob("*") if p.is_file() and p.name != "lock"}
    assert after == before


def test_a_moved_and_renamed_job_goes_on(tell, job: Path, tmp_path: Path) -> None:
    moved = tmp_path / "other place" / "新しい名前.job"
    moved.parent.mkdir()
    job.rename(moved)
    before = frame_digests(moved)
    done = tell("resume", moved, "--out", tmp_path / "m.mp4")
    assert done.code == 0, done.text
    assert frame_digests(moved) == before
    assert media_facts(tmp_path / "m.mp4")[0] == 12


@pytest.mark.parametrize("name", ["frames.mkv", "meta.json", "motion.safetensors", "*"])
def test_half_a_chunk_is_rendered_again(name: str, tell, job: Path, tmp_path: Path) -> None:
    before = frame_digests(job)
    (take,) = (f for f in (job / "chunks").iterdir() if not f.name.startswith("."))
    doomed = list(take.glob(name))
    if not doomed:
        pytest.fail(f"a take has no {name}: {sorted(p.name for p in take.iterdir())}")
    for path in doomed:
        path.unlink()
    done = tell("resume", job, "--out", tmp_path / "h.mp4")
    assert done.code == 0, done.text
    assert frame_digests(job) == before


def test_a_source_that_moved_away(tell, model, picture, short, tmp_path: Path) -> None:
    source = tmp_path / "mine.png"
    shutil.copy(picture, source)
    job, out = tmp_path / "s.job", tmp_path / "s.mp4"
    done = tell(
        "render", "--model", model, "--source", source, "--speech", short, "--steps", 1,
        "--audio-guidance-scale", 1, "--job", job, "--out", out,
    )  # fmt: skip
    assert done.code == 0, done.text
    source.rename(tmp_path / "elsewhere.png")
    refused(tell("resume", job), INPUT, "mine.png", "Put it back", "Finished chunks are safe")
    done = tell("export", job, "--out", tmp_path / "again.mp4")
    assert done.code == 0, done.text


@pytest.mark.parametrize("command", ["resume", "redo", "render"])
def test_another_model_does_not_go_on_with_a_job(
    command: str, tell, job: Path, model, picture, short, tmp_path: Path
) -> None:
    """Same shapes, other weights."""
    other = build_tiny_model(tmp_path / "other", seed=5)
    before = {p: p.read_bytes() for p in job.rglob("*") if p.is_file() and p.name != "lock"}
    given = {
        "resume": ("resume", job),
        "redo": ("redo", job, "--chunk", 1),
        "render": ("render", "--source", picture, "--speech", short, "--steps", 1, "--job", job),
    }[command]
    done = tell(*given, "--model", other, "--out", tmp_path / "x.mp4")
    refused(done, JOB, "other", "copy.job", "Name that model", "not touched")
    after = {p: p.read_bytes() for p in job.rglob("*") if p.is_file() and p.name != "lock"}
    assert after == before


@pytest.mark.parametrize("command", ["resume", "export", "redo"])
def test_a_folder_that_is_no_job(command: str, tell, tmp_path: Path) -> None:
    other = tmp_path / "photos"
    other.mkdir()
    (other / "cat.txt").write_text("a cat")
    more = {"redo": ("--chunk", 1), "export": ("--out", tmp_path / "x.mp4")}.get(command, ())
    refused(tell(command, other, *more), JOB, "photos")
    assert [p.name for p in other.iterdir()] == ["cat.txt"]


def test_a_job_is_not_made_among_other_files(tell, model, picture, short, tmp_path: Path) -> None:
    other = tmp_path / "photos"
    other.mkdir()
    (other / "cat.txt").write_text("a cat")
    done = tell(
        "render", "--model", model, "--source", picture, "--speech", short, "--job", other,
        "--out", tmp_path / "x.mp4",
    )  # fmt: skip
    refused(done, JOB, "photos", "cat.txt")


def test_a_chunk_that_is_not_there(tell, job: Path) -> None:
    for number in (9, 0, -1):
        done = tell("redo", job, "--chunk", number)
        refused(done, INPUT, f"--chunk {number}", "chunks 1 to 1")


@pytest.mark.parametrize(
    ("flag", "value", "words"),
    [
        ("--seed", -1, ("seed", "from 0")),
        ("--audio-guidance-scale", "nan", ("audio_guidance_scale", "from 0 to 100")),
        ("--speech-shift", 1000, ("speech_shift", "60")),
        ("--source-time", -1, ("source_time", "from 0")),
    ],
)
def test_a_take_that_cannot_be_made(flag, value, words, tell, job: Path) -> None:
    before = (job / "request.json").read_bytes(), (job / "timeline.json").read_bytes()
    refused(tell("redo", job, "--chunk", 1, flag, value), INPUT, *words)
    assert before == ((job / "request.json").read_bytes(), (job / "timeline.json").read_bytes())


def test_the_second_render_is_refused_and_a_crash_leaves_no_lock(
    tell, job: Path, environment
) -> None:
    """Another process holds the folder, and is then killed."""
    code = (
        "import sys, time; from pathlib import Path; "
        "from infinitetalk.project.job import JobFolder; "
        "held = JobFolder.open(Path(sys.argv[1])); print('held', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code, str(job)], env=environment, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    try:
        assert holder.stdout.readline() == b"held\n"
        refused(tell("resume", job), JOB, "copy.job", "open elsewhere")
    finally:
        holder.kill()
        holder.wait()
        holder.stdout.close()
    done = tell("resume", job)
    assert done.code == 0, done.text
