"""Flags whose effect is seen in the stored frames or in the plan, by the command itself.

What the engine makes of each setting is in test_features.py; here it is the words on the command line.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from infinitetalk.media.frames import FrameReader
from infinitetalk.plan import Machine
from infinitetalk.probe import machine_to_json
from tests import media_samples as samples
from tests.e2e.conftest import Command, frame_digests, write_voice
from tests.published_tree import build_published_tree
from tests.tiny_model import TRANSFORMER, build_tiny_model

pytestmark = pytest.mark.e2e
GIB = 2**30


class Renders:
    """Renders one picture and speech with other flags, each in a job folder of its own."""

    def __init__(self, tell: Command, folder: Path, model: Path) -> None:
        self._tell = tell
        self._folder = folder
        write_voice(folder / "speech.wav", 0.6)  # 15 frames: two chunks
        self.picture = samples.make_picture(folder / "face.png", size=(64, 64))
        self._given = ("--model", model, "--source", self.picture, "--speech", folder / "speech.wav",
                       "--steps", 1, "--motion_frame", 1)  # fmt: skip

    def begin(self, job: Path, *flags: object):
        return self._tell("render", *self._given, *flags, "--job", job, "--out",
                          job.with_suffix(".mp4"))  # fmt: skip

    def job(self, *flags: object) -> Path:
        """A finished job."""
        job = self._folder / f"{len(list(self._folder.glob('*.job')))}.job"
        done = self.begin(job, *flags)
        assert done.code == 0, done.text
        return job

    def frames(self, *flags: object) -> np.ndarray:
        return stored_frames(self.job(*flags))

    def plan(self, *flags: object) -> dict[str, Any]:
        done = self._tell("plan", *self._given, *flags, "--json")
        assert done.code == 0, done.text
        return json.loads(done.out)


def stored_frames(job: Path) -> np.ndarray:
    """The frames of all takes, [F, H, W, 3] uint8."""
    takes = sorted(take for take in (job / "chunks").iterdir() if not take.name.startswith("."))
    readers = [FrameReader(take / "frames.mkv") for take in takes]
    return np.concatenate([reader.frames(0, reader.frame_count) for reader in readers])


def differ(one: np.ndarray, other: np.ndarray) -> bool:
    assert one.shape == other.shape
    return not np.array_equal(one, other)


@pytest.fixture(scope="module")
def quick_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_model(tmp_path_factory.mktemp("quick"), chunk_frames=9)


@pytest.fixture
def render(tell: Command, quick_model: Path, tmp_path: Path) -> Renders:
    return Renders(tell, tmp_path, quick_model)


# -- guidance -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "audio", "passes"), [(5, 4, 3), (5, 1, 2), (1, 4, 2), (1, 1, 1), (0, 0, 3)]
)
def test_only_the_passes_that_guidance_needs(
    text: float, audio: float, passes: int, render: Renders
) -> None:
    plan = render.plan("--text-guidance-scale", text, "--audio-guidance-scale", audio)
    assert len(plan["branches"]) == passes


def test_the_negative_prompt_counts_where_text_guides(render: Renders) -> None:
    other = ("--negative-prompt", "bright static camera")
    for scale, counts in ((5, True), (1, False)):
        flags = ("--text-guidance-scale", scale, "--audio-guidance-scale", 1)
        assert differ(render.frames(*flags), render.frames(*flags, *other)) is counts


# -- LoRAs ----------------------------------------------------------------------------------------


def make_lora(path: Path, seed: int) -> Path:
    """Rank 2 on the queries of the first block."""
    draw = np.random.default_rng(seed)
    name, dim = "diffusion_model.blocks.0.self_attn.q", TRANSFORMER.dim
    down, up = draw.standard_normal((2, dim)), draw.standard_normal((dim, 2))
    state = {f"{name}.lora_down.weight": down, f"{name}.lora_up.weight": up}
    save_file({key: part.astype(np.float32) for key, part in state.items()}, path)
    return path


def test_each_lora_has_its_scale_in_our_words_and_in_the_originals(
    render: Renders, tmp_path: Path
) -> None:
    one, two = (make_lora(tmp_path / f"{seed}.safetensors", seed) for seed in (1, 2))
    ours = render.frames("--lora", one, "--lora-scale", 0.25, "--lora", two)
    theirs = render.frames("--lora_dir", one, two, "--lora_scale", 0.25)  # the second has 1.2
    assert not differ(ours, theirs)
    assert differ(ours, render.frames("--lora", one, "--lora-scale", 0.25))
    turned = render.frames("--lora", two, "--lora-scale", 0.25, "--lora", one)
    assert differ(ours, turned)


# -- jobs that are there --------------------------------------------------------------------------


def test_redo_with_another_prompt_changes_that_chunk_alone(render: Renders, tell: Command) -> None:
    job = render.job("--prompt", "a man talks")
    before = frame_digests(job)
    done = tell("redo", job, "--chunk", 2, "--prompt", "lively bright", "--keep-following")
    assert done.code == 0, done.text
    after = frame_digests(job)
    (new,) = set(after) - set(before)
    assert new.startswith("0001-")
    assert after[new] not in before.values()
    request = json.loads((job / "request.json").read_text())["request"]
    ((index, settings),) = request["chunks"]
    assert (request["prompt"], index, settings["prompt"]) == ("a man talks", 1, "lively bright")


def test_redo_draws_a_seed_and_records_it(render: Renders, tell: Command) -> None:
    job = render.job("--base_seed", 7)
    done = tell("redo", job, "--chunk", 1)
    assert done.code == 0, done.text
    request = json.loads((job / "request.json").read_text())["request"]
    ((index, settings),) = request["chunks"]
    assert (request["seed"], index) == (7, 0)
    assert settings["seed"] not in (None, 7)


def test_a_negative_seed_is_drawn_and_recorded(render: Renders) -> None:
    seeds = {json.loads((render.job("--base_seed", -1) / "request.json").read_text())["request"]
             ["seed"] for _ in range(2)}  # fmt: skip
    assert len(seeds) == 2


@pytest.mark.parametrize("name", ["face.png", "speech.wav"])
def test_a_file_that_changed_under_its_name_ends_the_old_job(
    name: str, render: Renders, tmp_path: Path
) -> None:
    """The same words on the command line, but not the same picture or speech."""
    job = render.job()
    before = frame_digests(job)
    if name == "face.png":
        samples.make_picture(tmp_path / name, size=(80, 80))
    else:
        write_voice(tmp_path / name, 0.6, pitch=200)
    done = render.begin(job, "--overwrite")
    assert done.code == 3, done.text
    for word in (name, "not the file", "start a new job", "Finished chunks are safe"):
        assert word in done.err
    assert frame_digests(job) == before


# -- plans for other machines ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All published files at full size, sparse."""
    folder = tmp_path_factory.mktemp("published")
    build_published_tree(folder)
    return folder


@pytest.mark.parametrize("gib", [6, 8, 12, 24])
def test_plans_for_cards_of_every_size(
    gib: int, tell: Command, published: Path, render: Renders, tmp_path: Path
) -> None:
    machine = tmp_path / "machine.json"
    card = Machine(
        gpu="NVIDIA GeForce RTX", compute_capability=(8, 9), vram_total=gib * GIB,
        vram_free=int(0.93 * gib * GIB), ram_total=32 * GIB, ram_free=24 * GIB,
        disk_free=900 * GIB, torch_version="2.11", torch_cuda="12.8",
    )  # fmt: skip
    machine.write_text(json.dumps(machine_to_json(card)))
    done = tell(
        "plan", "--model", published, "--source", render.picture, "--speech",
        tmp_path / "speech.wav", "--machine", machine, "--preset", "fast", "--precision", "fp8",
        "--json",
    )  # fmt: skip
    assert done.code == 0, done.text
    plan = json.loads(done.out)
    assert plan["device"] == "cuda"
    assert 0 < plan["peak_vram"] <= gib * 0.93 * GIB
    assert 0 <= plan["resident_blocks"] <= 40
