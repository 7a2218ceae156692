"""`infinitetalk serve` as the window uses it: a real child, messages in, answers and events out."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from infinitetalk.project.job import JobFolder
from infinitetalk.request import ChunkSettings, GenerationRequest, SpeechTrack
from infinitetalk.wire import (
    ChooseTake,
    Edit,
    Export,
    Hello,
    Keep,
    ListWeights,
    MakePlan,
    Message,
    Pause,
    Probe,
    Redo,
    RemoveTake,
    Resume,
    ShutDown,
    Start,
    Stop,
    encode_message,
)
from tests.e2e.conftest import frame_digests, media_facts, write_voice
from tests.tiny_model import build_tiny_model

pytestmark = pytest.mark.e2e
PATIENCE = 120  # seconds; a machine may be busy
Line = dict[str, Any]


class Talk:
    """A child and everything it has said. Each line of its stdout must be JSON of the protocol."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self.log = (folder / "stderr.txt").open("wb")
        self.child = subprocess.Popen(
            [sys.executable, "-m", "infinitetalk", "serve"],
            env=environment,
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
        )
        self.raw: list[bytes] = []
        self._said: list[Line] = []
        self._more = threading.Condition()
        self._next = 0
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.child.stdout is not None
        for line in self.child.stdout:
            with self._more:
                self.raw.append(line)
                self._said.append(json.loads(line))
                self._more.notify_all()

    def write(self, line: bytes) -> None:
        assert self.child.stdin is not None
        self.child.stdin.write(line)
        self.child.stdin.flush()

    def send(self, message: Message) -> int:
        self._next += 1
        self.write(encode_message(self._next, message))
        return self._next

    def ask(self, message: Message) -> Line:
        """The answer to a message."""
        number = self.send(message)
        return self.wait(lambda said: "ok" in said and said["id"] == number)

    def done(self, message: Message) -> Line:
        answer = self.ask(message)
        assert answer["ok"], answer
        return answer["data"]

    def mark(self) -> int:
        """A place in what was said, for `wait` to look from."""
        with self._more:
            return len(self._said)

    def wait(self, wanted: Callable[[Line], bool], after: int = 0) -> Line:
        """The first line that is wanted, said already or to come."""
        limit = time.monotonic() + PATIENCE
        with self._more:
            while True:
                for line in self._said[after:]:
                    if wanted(line):
                        return line
                after = max(after, len(self._said))
                left = limit - time.monotonic()
                assert left > 0, f"waited in vain; last: {self._said[-12:]}"
                assert self.child.poll() is None or self._reader.is_alive(), "the engine ended"
                self._more.wait(min(left, 1))

    def event(self, name: str, after: int = 0, **fields: object) -> Line:
        return self.wait(
            lambda said: (
                said.get("event") == name
                and all(said[key] == value for key, value in fields.items())
            ),
            after,
        )

    def heard(self, name: str, after: int = 0) -> list[Line]:
        with self._more:
            return [line for line in self._said[after:] if line.get("event") == name]

    def close(self) -> None:
        assert self.child.stdin is not None
        assert self.child.stdout is not None
        self.child.stdin.close()
        try:
            self.child.wait(30)
        finally:
            self.child.kill()
            self.child.wait()
            self._reader.join()
            self.child.stdout.close()
            self.log.close()


@pytest.fixture(scope="module")
def talk(environment, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Talk]:
    """One engine for all tests of this file, as the window has one; the last test ends it."""
    talk = Talk(environment, tmp_path_factory.mktemp("serve"))
    yield talk
    talk.close()


@pytest.fixture(scope="module")
def request_of_four(picture: Path, tmp_path_factory: pytest.TempPathFactory) -> GenerationRequest:
    """Speech for four chunks of the tiny model (17 frames, 5 of them motion frames)."""
    speech = tmp_path_factory.mktemp("long") / "long.wav"
    write_voice(speech, 2.0)
    return GenerationRequest(
        source=picture, speech=(SpeechTrack(path=speech),), steps=2, text_guidance_scale=1.0,
        audio_guidance_scale=2.0,
    )  # fmt: skip


@pytest.fixture(scope="module")
def finished(talk: Talk, model: Path, request_of_four: GenerationRequest, tmp_path_factory) -> Path:
    """A job rendered by the engine, edited on its way: see the first test that uses it."""
    job = tmp_path_factory.mktemp("jobs") / "talk.job"
    talk.done(Start(job_folder=job, model=str(model), request=request_of_four))
    talk.event("StepDone", chunk=0, step=1)
    plan = talk.send(MakePlan(request=request_of_four, model=str(model)))
    settings = ChunkSettings(prompt="a woman speaks", seed=77)
    talk.done(Edit(job_folder=job, chunk=2, settings=settings))
    answer = talk.wait(lambda said: "ok" in said and said["id"] == plan)
    assert answer["ok"]
    assert len(answer["data"]["plan"]["chunks"]) == 4
    assert not talk.heard("Finished"), "the plan waited for the job"
    talk.event("Finished")
    return job


def takes(job: Path, chunk: int) -> list[dict]:
    folders = sorted((job / "chunks").glob(f"{chunk:04d}-*"))
    return [json.loads((folder / "meta.json").read_text()) for folder in folders]


def entry(job: Path, chunk: int) -> dict:
    return json.loads((job / "timeline.json").read_text())["chunks"][chunk]


def test_hello_and_the_machine(talk: Talk, model: Path) -> None:
    hello = talk.done(Hello(program="a test"))
    assert hello["version"] == 1
    assert hello["program"].startswith("infinitetalk ")
    found = talk.done(Probe())["machine"]
    assert found["ram_total"] > 0
    assert talk.event("MachineFound")["machine"] == found
    (weights,) = talk.done(ListWeights(folders=(model,)))["weights"]
    assert weights["usable"] is True


def test_what_is_no_message_is_answered_and_changes_nothing(talk: Talk) -> None:
    for line, code in (
        (b"garbage\n", "wire.unreadable"),
        (b"\xff\xfe\x00{\n", "wire.unreadable"),
        (b"[1]\n", "wire.unreadable"),
        (b'{"v":9,"id":5001,"message":"pause","data":{}}\n', "wire.version"),
        (b'{"v":1,"id":5002,"message":"dance","data":{}}\n', "wire.unknown"),
        (b'{"v":1,"id":5003,"message":"keep","data":{"job_folder":7}}\n', "wire.wrong_field"),
        (b'{"v":1,"id":5004,"message":"plan","data":{"model":"x","request":{"format":1}}}\n',
         "wire.wrong_field"),
    ):  # fmt: skip
        mark = talk.mark()
        talk.write(line)
        answer = talk.wait(lambda said: said.get("ok") is False, mark)
        assert answer["error"]["code"] == code, answer
        assert answer["error"]["remedy"]
    assert talk.done(Hello(program="still there?"))["version"] == 1


def test_refusals_carry_reports(talk: Talk, request_of_four, model: Path, tmp_path: Path) -> None:
    """What can't be done is said in the words of a report; nothing is left behind."""
    from dataclasses import replace

    gone = replace(request_of_four, source=tmp_path / "gone.png")
    job = tmp_path / "never.job"
    for message, code in (
        (MakePlan(request=gone, model=str(model)), "media.missing"),
        (Start(job_folder=job, model=str(model), request=gone), "media.missing"),
        (Start(job_folder=job, model=str(tmp_path), request=request_of_four), "weights.missing"),
        (Start(job_folder=job, model=str(model)), "job.missing"),
        (Start(job_folder=job, model=str(model), request=request_of_four, out=tmp_path / "x.avi"),
         "export.failed"),
        (Start(job_folder=job, model=str(model), request=request_of_four,
               out=request_of_four.source / "x.mp4"), "disk.read_only"),
        (Redo(job_folder=job, chunk=0), "job.missing"),
        (Export(job_folder=job, out=tmp_path / "x.mp4"), "job.missing"),
    ):  # fmt: skip
        answer = talk.ask(message)
        assert answer["ok"] is False
        assert answer["error"]["code"] == code, answer
        assert answer["error"]["remedy"]
    assert not job.exists()


def test_a_chunk_edited_ahead_of_the_engine_is_made_with_the_edit(finished: Path) -> None:
    (take,) = takes(finished, 2)
    assert take["settings"] == {"prompt": "a woman speaks", "seed": 77}
    assert take["seed"] == 77
    for chunk in (0, 1, 3):
        (other,) = takes(finished, chunk)
        assert other["seed"] != 77


def test_redo_keep_choose_and_remove_on_a_finished_job(
    talk: Talk, finished: Path, model: Path
) -> None:
    before = frame_digests(finished)
    first = entry(finished, 1)["active"]
    mark = talk.mark()
    seed = talk.done(Redo(job_folder=finished, chunk=1, keep_following=True))["seed"]
    talk.event("ChunkStatusChanged", mark, chunk=1)
    talk.done(Start(job_folder=finished, model=str(model)))
    ready = talk.event("ChunkReady", mark, chunk=1, reused=False)
    talk.event("Finished", mark)
    second = ready["take"]
    assert second != first
    assert {take["seed"] for take in takes(finished, 1)} >= {seed}
    made = [e["chunk"] for e in talk.heard("ChunkReady", mark) if not e["reused"]]
    assert 2 not in made, "the chunk that follows was to be kept"
    assert before.items() <= frame_digests(finished).items()

    refused = talk.ask(RemoveTake(job_folder=finished, chunk=1, take=first))
    assert refused["error"]["code"] == "take.locked"
    assert "Chunk 3 is kept" in refused["error"]["detail"]
    unknown = talk.ask(ChooseTake(job_folder=finished, chunk=1, take="f" * 16))
    assert unknown["error"]["code"] == "take.missing"

    mark = talk.mark()
    talk.done(ChooseTake(job_folder=finished, chunk=1, take=first))
    talk.event("ChunkReady", mark, chunk=1, take=first, reused=True)  # ready before and after
    talk.event("ChunkReady", mark, chunk=2, reused=True)  # what it was built on is back
    assert entry(finished, 1)["active"] == first
    talk.done(Keep(job_folder=finished, chunks=(2,), keep=False))
    talk.done(RemoveTake(job_folder=finished, chunk=1, take=second))
    assert [take["key"] for take in entry(finished, 1)["takes"]] == [first]


def test_export_beside(talk: Talk, finished: Path, tmp_path: Path) -> None:
    out = tmp_path / "talk.mp4"
    assert talk.done(Export(job_folder=finished, out=out))["out"] == str(out)
    assert media_facts(out)[0] == 50
    again = talk.ask(Export(job_folder=finished, out=out))
    assert again["error"]["code"] == "export.exists"
    talk.done(Export(job_folder=finished, out=out, overwrite=True))


def test_pause_redo_while_it_waits_resume_and_stop(
    talk: Talk, model: Path, request_of_four: GenerationRequest, tmp_path: Path
) -> None:
    job = tmp_path / "second.job"
    mark = talk.mark()
    talk.done(Start(job_folder=job, model=str(model), request=request_of_four))
    talk.event("StepDone", mark, chunk=0)
    busy = talk.ask(Start(job_folder=job, model=str(model)))
    assert busy["error"]["code"] == "job.running"
    talk.done(Pause())
    talk.event("Paused", mark)
    ready = {e["chunk"] for e in talk.heard("ChunkReady", mark)}
    assert 0 in ready
    assert 3 not in ready

    after = talk.mark()
    seed = talk.done(Redo(job_folder=job, chunk=0))["seed"]
    talk.event("ChunkStatusChanged", after, chunk=0)
    assert not talk.heard("ChunkReady", after)
    talk.done(Resume())
    talk.event("ChunkReady", after, chunk=0, reused=False)
    assert {take["seed"] for take in takes(job, 0)} == {request_of_four.seed, seed}

    talk.event("StepDone", after, chunk=1)
    stopped = talk.done(Stop())["chunks_ready"]
    cancelled = talk.event("Cancelled", after)
    assert cancelled["chunks_ready"] in (stopped, stopped + 1)
    assert not talk.heard("Finished", after)
    JobFolder.open(job).close()  # by the time of the event its lock is given back


def test_shut_down_ends_a_running_job_and_the_process(
    talk: Talk, environment, picture: Path, request_of_four, tmp_path: Path
) -> None:
    """The last test of this file: afterwards the engine is gone."""
    job = tmp_path / "third.job"
    mark = talk.mark()
    model = build_tiny_model(tmp_path / "model")
    talk.done(Start(job_folder=job, model=str(model), request=request_of_four))
    talk.event("ChunkReady", mark, chunk=0)
    kept = frame_digests(job)
    talk.done(ShutDown())
    assert talk.child.wait(30) == 0
    assert kept.items() <= frame_digests(job).items()
    JobFolder.open(job).close()
    for line in talk.raw:
        said = json.loads(line)
        assert said["v"] == 1
        assert line.endswith(b"\n")
        assert ("event" in said) != ("ok" in said)
