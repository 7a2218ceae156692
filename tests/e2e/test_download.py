"""Downloads and imports from outside: the commands, killed and stopped; the engine's messages."""

import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from infinitetalk.errors import EngineError
from infinitetalk.project.faults import Faults, injected
from infinitetalk.serve.session import Session
from infinitetalk.weights.folder import find_model
from infinitetalk.weights.store import BlockStore
from infinitetalk.wire import (
    CancelTask,
    Download,
    ForgetModel,
    ImportWeights,
    LimitRate,
    ListCatalog,
    ListWeights,
    Message,
    NetworkChoice,
    PauseTask,
    PlanDownload,
    SaveToken,
    SearchModels,
    encode_message,
)
from tests.download_kit import some_bytes
from tests.e2e.conftest import Run
from tests.e2e.disks import give_room, small_disk
from tests.hub_server import Hub
from tests.tiny_model import build_tiny_model

pytestmark = pytest.mark.e2e
LORA = "Wan21_T2V_14B_lightx2v_cfg_step_distill_lora_rank32.safetensors"
LORA_REPO = "Kijai/WanVideo_comfy"
DATA = some_bytes(2_000_000)
PATIENCE = 60  # seconds; a machine may be busy


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    for name in (
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "http_proxy",
        "https_proxy",
        "all_proxy",
    ):
        monkeypatch.delenv(name, raising=False)
    with Hub() as made:
        made.add(LORA_REPO, LORA, DATA)
        yield made


@pytest.fixture
def plain(environment: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if "proxy" not in name.lower()}


def until(true: Callable[[], Any], seconds: float = PATIENCE) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)


def started(plain: dict[str, str], hub: Hub, folder: Path, *more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "infinitetalk", "weights", "download", "fast-lora"),
            *("--to", str(folder), "--mirror", hub.url(), *more),
        ],
        env=plain,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=None if sys.platform == "win32" else hears_ctrl_c,
    )


def hears_ctrl_c() -> None:
    """Tests that run beside each other ignore Ctrl-C, and their children would inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def size_of(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def test_killed_in_mid_file_it_goes_on_at_the_last_byte(
    plain: dict[str, str], hub: Hub, tmp_path: Path
) -> None:
    target = tmp_path / "models" / "loras" / LORA
    part = target.with_name(LORA + ".part")
    hub.fault("/cdn/", stall=400_123)  # nothing more comes: the process sits in mid-file
    hub.fault("/cdn/", stall=300_077)
    first = started(plain, hub, tmp_path / "models")
    until(lambda: size_of(part) == 400_123)
    first.kill()  # -9
    first.communicate(timeout=PATIENCE)
    assert not target.exists()
    second = started(plain, hub, tmp_path / "models")
    until(lambda: size_of(part) == 700_200)
    second.send_signal(signal.SIGINT)
    out, err = second.communicate(timeout=PATIENCE)
    assert second.returncode == 130, out + err
    assert "Stopped." in err
    assert size_of(part) == 700_200
    third = started(plain, hub, tmp_path / "models", "--json")
    out, err = third.communicate(timeout=PATIENCE)
    assert third.returncode == 0, out + err
    assert target.read_bytes() == DATA
    assert [one.start for one in hub.content_requests()] == [0, 400_123, 700_200]
    last = json.loads(out.splitlines()[-1])
    assert (last["event"], last["status"]) == ("DownloadProgress", "finished")
    assert [p.name for p in target.parent.iterdir()] == [LORA]


def test_a_disk_that_fills_up_while_files_are_loaded(
    plain: dict[str, str], hub: Hub, tmp_path: Path
) -> None:
    """A real one: what fits is kept, and with room again it goes on there."""
    folder = tmp_path / "disk"
    part = folder / "loras" / (LORA + ".part")
    with small_disk(folder, "size=3g"):
        hub.fault("/cdn/", stall=400_000)
        running = started(plain, hub, folder, "--timeout", "3")
        until(lambda: size_of(part) == 400_000)
        give_room(folder, "size=1m")  # another program has filled it
        out, err = running.communicate(timeout=PATIENCE)
        assert running.returncode == 5, out + err
        assert "The disk is full" in err
        assert "Traceback" not in err
        kept = size_of(part)
        assert 400_000 <= kept < len(DATA)
        give_room(folder, "size=3g")
        again = started(plain, hub, folder)
        out, err = again.communicate(timeout=PATIENCE)
        assert again.returncode == 0, out + err
        assert (folder / "loras" / LORA).read_bytes() == DATA
        # The journal may not have been written any more: then it is the last flushed byte.
        assert 0 < hub.content_requests()[-1].start <= kept


def test_the_commands_say_what_is_wrong(tell: Callable[..., Run], hub: Hub, tmp_path: Path) -> None:
    where = ("--to", tmp_path, "--mirror", hub.url())
    plan = tell("weights", "download", "fast-lora", *where, "--plan", "--json")
    assert plan.code == 0, plan.text
    assert json.loads(plan.out)["to_load"] == len(DATA)
    hub.fault("/cdn/", times=9, flip=77)
    damaged = tell("weights", "download", "fast-lora", *where)
    assert damaged.code == 4
    assert "SHA-256 differs" in damaged.err
    assert "Traceback" not in damaged.text
    assert list(tmp_path.rglob("*.safetensors*")) == []
    with injected(Faults(free=1_000_000)):
        full = tell("weights", "download", "fast-lora", *where)
    assert full.code == 5
    assert "Not enough disk space" in full.err
    listed = tell("weights", "sets")
    assert listed.code == 0
    assert "one-speaker-int8" in listed.out
    assert "weights download NAME" in listed.out
    for flag, value in (("--at-once", 0), ("--timeout", 0), ("--tries", "x")):
        assert tell("weights", "download", "fast-lora", *where, flag, value).code == 2
    assert tell("weights", "download", "nothing", *where).code == 4
    assert tell("weights", "download", "fast-lora", *where, "--limit", "fast").code == 4
    hub.faults.clear()
    done = tell("weights", "download", "fast-lora", *where, "--limit", "50M")
    assert done.code == 0, done.text
    assert "License of Kijai/WanVideo_comfy: apache-2.0" in done.out
    assert f"loras/{LORA}: finished" in done.err
    here = tell("weights", "sets", "--in", tmp_path, "--json")
    states = {one["name"]: one["here"] for one in json.loads(here.out)["sets"]}
    assert states["one-speaker-int8"] == "missing"
    assert states["fast-lora"] == "partial"  # 2 MB where the catalog knows of 312


def test_a_token_is_read_from_stdin_and_not_shown(
    tell: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)  # type: ignore[arg-type]  # not installed
    monkeypatch.setattr("sys.stdin", io.StringIO("hf_secret\n"))
    refused = tell("weights", "token")
    assert refused.code == 4
    assert "no key store" in refused.err
    assert "hf_secret" not in refused.text


def test_import_from_a_tree_of_another_program(
    tell: Callable[..., Run], model: Path, tmp_path: Path
) -> None:
    models = tmp_path / "models"
    before = {p: p.stat().st_mtime_ns for p in model.rglob("*")}
    looked = tell("weights", "import", model, "--into", models, "--look", "--json")
    assert looked.code == 0, looked.text
    assert len(json.loads(looked.out)["places"][0]["found"]) >= 6
    assert not models.exists()
    done = tell("weights", "import", model, "--into", models, "--sha256", "--precision", "int8")
    assert done.code == 0, done.text
    assert "used where they are" in done.out
    assert {p: p.stat().st_mtime_ns for p in model.rglob("*")} == before
    store = BlockStore(models / "infinitetalk-single-int8.blocks.safetensors")
    store.verify()
    assert find_model(models).part("vae").report.path.is_relative_to(model)
    assert tell("weights", "import", tmp_path / "none").code == 4
    empty = tmp_path / "empty"
    empty.mkdir()
    nothing = tell("weights", "import", empty, "--into", tmp_path / "other")
    assert nothing.code == 4
    assert "Nothing of use" in nothing.out
    assert not (tmp_path / "other").exists()


# -- the engine's messages ------------------------------------------------------------------------


class Talk:
    """A session in this process, spoken to by its protocol."""

    def __init__(self) -> None:
        read, write = os.pipe()
        back, out = os.pipe()
        self._to = os.fdopen(write, "wb", buffering=0)
        self._lines = os.fdopen(back, "rb")
        self.said: list[dict[str, Any]] = []
        self._session = Session(os.fdopen(read, "rb"), os.fdopen(out, "wb", buffering=0))
        self._threads = [
            threading.Thread(target=self._session.run),
            threading.Thread(target=self._listen, daemon=True),
        ]
        for thread in self._threads:
            thread.start()
        self._next = 0

    def _listen(self) -> None:
        for line in self._lines:
            self.said.append(json.loads(line))

    def ask(self, message: Message) -> dict[str, Any]:
        self._next += 1
        number = self._next
        self._to.write(encode_message(number, message))
        answers = lambda: [one for one in self.said if one.get("id") == number]  # noqa: E731
        until(answers)
        return answers()[0]

    def done(self, message: Message) -> dict[str, Any]:
        answer = self.ask(message)
        assert answer["ok"], answer
        return answer["data"]

    def events(self, task: str, **like: Any) -> list[dict[str, Any]]:
        return [
            one
            for one in list(self.said)
            if one.get("task") == task and all(one.get(k) == v for k, v in like.items())
        ]

    def end_of(self, task: str) -> dict[str, Any]:
        ended = ("finished", "failed", "cancelled")
        last = lambda: [e for e in self.events(task) if not e.get("file") and e["status"] in ended]  # noqa: E731
        until(last)
        return last()[-1]

    def close(self) -> None:
        self._to.close()
        self._threads[0].join(PATIENCE)
        assert not self._threads[0].is_alive()


@pytest.fixture
def talk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Talk]:
    monkeypatch.setenv("INFINITETALK_HOME", str(tmp_path / "home"))
    made = Talk()
    yield made
    made.close()


def test_a_download_through_the_engine(talk: Talk, hub: Hub, tmp_path: Path) -> None:
    network = NetworkChoice(mirror=hub.url())
    folder = tmp_path / "models"
    names = [one["name"] for one in talk.done(ListCatalog())["sets"]]
    assert {"one-speaker-int8", "two-speakers-bf16", "fast-lora"} <= set(names)
    plan = talk.done(PlanDownload(sets=("fast-lora",), folder=folder, network=network))["plan"]
    assert plan["to_load"] == len(DATA)
    assert plan["fits"]
    hub.fault("/cdn/", stall=150_001)
    hub.fault("/cdn/", stall=200_002)
    talk.done(Download(task="d", file="fast-lora", folder=folder, network=network))
    assert talk.ask(Download(task="d", file="fast-lora", folder=folder))["error"]["code"] == (
        "task.running"
    )
    part = folder / "loras" / (LORA + ".part")
    until(lambda: size_of(part) == 150_001)
    talk.done(PauseTask(task="d"))
    until(lambda: talk.events("d", status="paused"))
    talk.done(PauseTask(task="d", paused=False))
    until(lambda: size_of(part) == 350_003)
    talk.done(CancelTask(task="d"))
    assert talk.end_of("d")["status"] == "cancelled"
    assert talk.ask(CancelTask(task="d"))["error"]["code"] == "task.unknown"
    talk.done(LimitRate(rate=50_000_000))
    talk.done(Download(task="e", sets=("fast-lora",), folder=folder, network=network))
    end = talk.end_of("e")
    assert (end["status"], end["done"]) == ("finished", len(DATA))
    assert (folder / "loras" / LORA).read_bytes() == DATA
    assert [one.start for one in hub.content_requests()] == [0, 150_001, 350_003]


def test_a_failed_download_tells_why(talk: Talk, hub: Hub, tmp_path: Path) -> None:
    network = NetworkChoice(mirror=hub.url())
    hub.fault("/resolve/", times=9, status=404)
    talk.done(Download(task="d", file="fast-lora", folder=tmp_path, network=network))
    end = talk.end_of("d")
    assert (end["status"], end["error"]["code"]) == ("failed", "download.missing")
    unknown = talk.ask(Download(task="x", file="nothing", folder=tmp_path))
    assert unknown["error"]["code"] == "download.unknown_set"
    wrong = talk.ask(
        PlanDownload(sets=("fast-lora",), folder=tmp_path, network=NetworkChoice(mirror="x"))
    )
    assert wrong["error"]["code"] == "download.address"


def test_an_import_through_the_engine(
    talk: Talk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = build_tiny_model(tmp_path / "ComfyUI" / "models")
    models = tmp_path / "models"
    places = talk.done(SearchModels(folder=tmp_path / "ComfyUI"))["places"]
    assert {one["program"] for one in places[0]["found"]} == {"ComfyUI"}
    talk.done(ImportWeights(task="i", source=other, target=models, precision="fp8"))
    assert talk.end_of("i")["status"] == "finished"
    steps = talk.events("i")
    assert {"running", "checking", "finished"} <= {one["status"] for one in steps}
    BlockStore(models / "infinitetalk-single-fp8.blocks.safetensors").verify()
    listed = talk.done(ListWeights(folders=(models,)))["weights"]
    assert listed[0]["usable"], listed
    vae = find_model(models).part("vae").report.path
    assert talk.done(ForgetModel(folder=models, path=vae))["known"]
    with pytest.raises(EngineError):
        find_model(models).part("vae")
    talk.done(ImportWeights(task="j", source=tmp_path / "none", target=models, precision=""))
    assert talk.end_of("j")["error"]["code"] == "weights.missing"
    monkeypatch.setitem(sys.modules, "keyring", None)  # type: ignore[arg-type]  # not installed
    refused = talk.ask(SaveToken(token="hf_secret"))
    assert refused["error"]["code"] == "download.key_store"
    assert "hf_secret" not in json.dumps(refused)
