"""The benchmark runs everywhere, on tiny networks: every section, one table, the same as JSON."""

import argparse
import json
import time
from pathlib import Path
from typing import Any

import pytest
import torch

from infinitetalk.bench import command
from infinitetalk.bench.command import add_arguments, main, run
from infinitetalk.bench.randomness import Filler, RandomState
from infinitetalk.bench.settings import SECTIONS
from infinitetalk.errors import EngineError


def arguments(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return parser.parse_args(["--device", "cpu", "--repeats", "1", *words])


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("bench")
    file = folder / "found.json"
    words = ["--run", "all", "--layers", "2", "--steps", "2", "--passes", "64x96=1+3"]
    words += ["--folder", str(folder / "stores"), "--json", str(file)]
    measured = run(arguments(*words))
    assert json.loads(file.read_text()) == json.loads(json.dumps(measured))
    return measured


def test_every_section_was_measured(found: dict[str, Any]) -> None:
    assert set(found) == {"environment", "settings", "parts", *SECTIONS}
    assert all(part["error"] is None for part in found["parts"])
    assert found["environment"]["model"] == "tiny"
    assert all(rate > 0 for rate in found["floors"]["products"].values())
    assert all(rate > 0 for rate in found["floors"]["copies"].values())


def test_a_pass_is_compared_with_resident_and_with_its_floor(found: dict[str, Any]) -> None:
    rows = found["passes"]
    assert [row["precision"] for row in rows] == ["fp32", "fp8", "int8"]
    for row in rows:
        assert row["finite"]
        assert row["ring_bytes"] == 2 * row["block_bytes"]
        ratio = row["streamed"]["seconds"] / row["resident"]["seconds"]
        assert row["streamed_over_resident"] == pytest.approx(ratio)
        assert row["streamed_over_floor"] > 0
    assert rows[1]["block_bytes"] < rows[0]["block_bytes"]


def test_a_chunk_goes_from_text_to_frames_without_a_step_down(found: dict[str, Any]) -> None:
    for row in found["chunk"]:
        stages = set(row["stages"])
        assert stages == {"text", "speech", "source", "denoise", "decode"}
        assert row["rungs"] == []
        assert row["finite"]
        assert row["seconds"] == pytest.approx(
            sum(row["stages"][n]["seconds"] for n in ("source", "denoise", "decode"))
        )


def test_imports_and_reads_are_told_with_their_rates(found: dict[str, Any]) -> None:
    assert [row["to"] for row in found["import"]] == ["bf16", "fp8", "int8"]
    assert [row["to"] for row in found["shards"]] == ["fp8"]
    assert "float32 shards" in found["shards"][0]["from"]
    for row in found["disk"]:
        assert row["bytes_per_pass"] > 0
        assert row["predicted_on_nvme"] >= row["pinned"]["seconds"]
        assert row["limited_by"] == "no limit"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--run", "speed"], "no measurement is called speed"),
        (["--precision", "int4"], "no precision is called int4"),
        (["--sizes", "100x100"], "multiples of 16"),
        (["--cap", "64x96=much"], "is no number"),
        (["--frames", "80"], "4n \\+ 1"),
    ],
)
def test_what_makes_no_sense_is_refused(words: list[str], message: str) -> None:
    with pytest.raises(EngineError, match=f"(?i){message}"):
        run(arguments(*words))


def test_the_command_tells_and_returns(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--device", "cpu", "--run", "floors", "--repeats", "1"]) == 0
    assert "What this machine can do" in capsys.readouterr().out
    assert main(["--device", "cpu", "--run", "nothing"]) == 2
    assert "No measurement is called nothing" in capsys.readouterr().err


def test_random_weights_are_not_zero_and_the_same_each_time() -> None:
    state = RandomState({"a.weight": (300, 20), "a.bias": (7,), "norm.weight": (5,)}, torch.float32)
    assert torch.equal(state["a.weight"], state["a.weight"])
    assert 0.015 < state["a.weight"].std() < 0.025
    assert (state["norm.weight"] == 1).all()
    data = Filler().fill("x.data", torch.empty(64, 64, dtype=torch.int8))
    assert data.float().std() > 20


def test_a_part_that_fails_or_lasts_too_long_takes_no_other_along(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("out of luck")

    def slow(*_: object) -> list[dict[str, Any]]:
        time.sleep(30)
        return []

    monkeypatch.setattr(command, "measure_pass", broken)
    monkeypatch.setattr(command, "measure_draft", slow)
    words = ["--run", "passes,drafts", "--precision", "fp32", "--limit", "1"]
    file = tmp_path / "found.json"
    assert main(["--device", "cpu", "--repeats", "1", *words, "--json", str(file)]) == 1
    kept = json.loads(file.read_text())
    errors = {part["section"]: part["error"] for part in kept["parts"]}
    assert errors["passes"] in ("RuntimeError: out of luck", "TimeLimitError: more than 1 s")
    assert errors["drafts"] == "TimeLimitError: more than 1 s"
    assert kept["environment"]["model"] == "tiny"
