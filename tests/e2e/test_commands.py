"""The main job by the command line: render, resume, redo, export, plan."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from infinitetalk.project.job import JobFolder
from infinitetalk.request import GenerationRequest, SpeechTrack
from tests.e2e.conftest import frame_digests, media_facts

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest):
    """One job rendered once for the tests that look at it: (job folder, video, arguments)."""
    folder = tmp_path_factory.mktemp("rendered")
    model = request.getfixturevalue("model")
    source = request.getfixturevalue("picture")
    speech = request.getfixturevalue("speech")
    environment = request.getfixturevalue("environment")
    job, out = folder / "talk.job", folder / "talk.mp4"
    arguments = ["--model", model, "--source", source, "--speech", speech, "--prompt", "he talks"]
    command = [sys.executable, "-m", "infinitetalk", "render", *map(str, arguments)]
    command += ["--job", str(job), "--out", str(out), "--json"]
    done = subprocess.run(command, capture_output=True, env=environment, check=False, timeout=240)
    assert done.returncode == 0, done.stderr.decode()
    return job, out, arguments, [json.loads(x) for x in done.stdout.decode().splitlines()]


def test_a_video_comes_out_as_long_as_the_speech(rendered) -> None:
    _, out, _, events = rendered
    frames, fps, width, height = media_facts(out)
    assert (frames, fps, width, height) == (32, 25.0, 64, 64)
    names = [event["event"] for event in events]
    assert names[0] == "PlanReady"
    assert names[-1] == "Finished"
    assert names.count("ChunkReady") == 3
    previews = [e for e in events if e["event"] == "StepDone"]
    assert len(previews) == 6  # 3 chunks of 2 steps
    assert Path(previews[-1]["preview"]).exists()


def test_the_same_request_gives_the_same_bytes_and_goes_on_in_its_folder(
    rendered, tell, tmp_path: Path
) -> None:
    job, out, arguments, _ = rendered
    again = tmp_path / "again.job"
    done = tell("render", *arguments, "--job", again, "--out", tmp_path / "again.mp4")
    assert done.code == 0, done.text
    assert frame_digests(again) == frame_digests(job)
    written = out.read_bytes()
    same = tell("render", *arguments, "--job", job, "--out", out, "--json")
    assert same.code == 0, same.text
    ready = [e for e in same.events if e["event"] == "ChunkReady"]
    assert all(event["reused"] for event in ready)
    assert out.read_bytes() == written


def test_another_request_is_refused_in_that_folder(rendered, tell, tmp_path: Path) -> None:
    job, _, arguments, _ = rendered
    before = frame_digests(job)
    done = tell("render", *arguments, "--steps", 3, "--job", job, "--out", tmp_path / "x.mp4")
    assert done.code == 6
    assert "steps differs from what is asked" in done.err  # and nothing else does
    assert frame_digests(job) == before


def test_an_existing_result_is_refused_before_rendering(rendered, tell, tmp_path: Path) -> None:
    _, _, arguments, _ = rendered
    out = tmp_path / "mine.mp4"
    out.write_text("precious")
    done = tell("render", *arguments, "--job", tmp_path / "n.job", "--out", out)
    assert done.code == 3
    assert out.read_text() == "precious"
    assert not (tmp_path / "n.job").exists()


def test_redo_makes_a_take_and_keeps_what_follows(rendered, tell, tmp_path: Path) -> None:
    job = tmp_path / "copy.job"
    shutil.copytree(rendered[0], job)
    before = frame_digests(job)
    done = tell(
        "redo", job, "--chunk", 2, "--seed", 7, "--keep-following", "--out", tmp_path / "r.mp4"
    )
    assert done.code == 0, done.text
    after = frame_digests(job)
    assert len(after) == len(before) + 1
    assert all(after[name] == digest for name, digest in before.items())
    timeline = json.loads((job / "timeline.json").read_text())
    assert timeline["chunks"][2]["kept"] is True
    assert timeline["chunks"][2]["began_on"] == timeline["chunks"][1]["takes"][0]["key"]
    assert media_facts(tmp_path / "r.mp4")[0] == 32
    again = tell("resume", job, "--json")
    assert again.code == 0
    assert all(e["reused"] for e in again.events if e["event"] == "ChunkReady")


def test_redo_renders_what_follows_again(rendered, tell, tmp_path: Path) -> None:
    job = tmp_path / "moved folder" / "копия.job"
    shutil.copytree(rendered[0], job)
    done = tell("redo", job, "--chunk", 1, "--json")
    assert done.code == 0, done.text
    fresh = [e["chunk"] for e in done.events if e["event"] == "ChunkReady" and not e["reused"]]
    assert fresh == [0, 1, 2]


def test_two_renders_on_one_folder(rendered, tell) -> None:
    with JobFolder.open(rendered[0]):
        done = tell("resume", rendered[0])
    assert done.code == 6
    assert "open elsewhere" in done.err


def test_plan_needs_no_torch(rendered, cli, tmp_path: Path) -> None:
    trap = tmp_path / "torch.py"
    trap.write_text("raise ImportError('the plan must not import torch')\n")
    done = cli("plan", *rendered[2], "--json", PYTHONPATH=f"{tmp_path}:{Path(__file__).parents[2]}")
    assert done.code == 0, done.text
    assert len(json.loads(done.out)["chunks"]) == 3


def test_export_incomplete_is_said(model, picture, speech, tell, tmp_path: Path) -> None:
    job = tmp_path / "empty.job"
    request = GenerationRequest(source=picture, speech=(SpeechTrack(path=speech),))
    JobFolder.create(job, request).close()
    done = tell("export", job, "--out", tmp_path / "e.mp4")
    assert done.code == 3
    assert "never rendered" in done.err


@pytest.mark.parametrize("command", ["", "render", "demo", "plan", "resume", "redo", "export"])
def test_help_has_an_example(command: str, tell) -> None:
    done = tell(*filter(None, [command]), "--help")
    assert done.code == 0
    assert "infinitetalk" in done.out
    assert "example" in done.out or not command


@pytest.mark.skipif(sys.platform == "win32", reason="pipes there do not tell that nobody reads")
def test_an_output_that_nobody_reads_ends_the_command_without_a_word(
    rendered, environment, tmp_path: Path
) -> None:
    """`| head -1`: the job stays as it is, and goes on later."""
    job = tmp_path / "cut.job"
    command = [sys.executable, "-m", "infinitetalk", "render", *rendered[2], "--job", job, "--json"]
    child = subprocess.Popen(
        list(map(str, command)), env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert child.stdout is not None
    assert child.stderr is not None
    assert json.loads(child.stdout.readline())["event"] == "PlanReady"
    child.stdout.close()
    said = child.stderr.read()
    child.stderr.close()
    assert child.wait(60) == 141
    assert said == b""
    JobFolder.open(job).close()


def test_the_readme_shows_a_job_file_that_works(tell, model, picture, speech, tmp_path) -> None:
    text = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    blocks = [block for block in text.split("\n\n") if '"cond_audio"' in block]
    examples = [json.loads(block) for block in blocks]
    assert len(examples) == 2
    (tmp_path / "job.json").write_text(json.dumps(examples[0]))
    shutil.copy(picture, tmp_path / "anna.png")
    shutil.copy(speech, tmp_path / "anna.wav")
    done = tell("plan", "--model", model, "--input_json", tmp_path / "job.json", "--json")
    assert done.code == 0, done.text
    assert len(json.loads(done.out)["chunks"]) == 1
