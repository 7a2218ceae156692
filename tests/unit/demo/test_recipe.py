"""The whole recipe at toy size: every stage, then the export, which the usual loaders must read."""

import json
from pathlib import Path

import pytest
import torch

from infinitetalk.demo.__main__ import main
from infinitetalk.demo.corpus import Corpus
from infinitetalk.demo.lora_training import Branches
from infinitetalk.demo.networks import is_overlay, load_networks
from infinitetalk.demo.sizes import toy
from infinitetalk.demo.training import read_tensors
from infinitetalk.models.wan import WanTransformer
from infinitetalk.weights.choice import choose_transformer
from infinitetalk.weights.folder import ModelFiles, find_model

STAGES = ("audio", "judge", "vae", "transformer", "speakers", "fast_lora")


@pytest.fixture(scope="module")
def work(corpus_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("work")
    for stage in STAGES:
        arguments = [stage, "--work", str(folder), "--corpus", str(corpus_file), "--toy"]
        assert main([*arguments, "--iterations", "2", "--device", "cpu"]) == 0
    return folder


@pytest.fixture(scope="module")
def model(work: Path, corpus_file: Path, tmp_path_factory: pytest.TempPathFactory) -> ModelFiles:
    folder = tmp_path_factory.mktemp("model")
    arguments = ["export", "--work", str(work), "--corpus", str(corpus_file), "--toy"]
    assert main([*arguments, "--device", "cpu", "--out", str(folder)]) == 0
    return find_model(folder)


def test_every_stage_leaves_its_file(work: Path) -> None:
    for name in (*STAGES[:4], "speakers", "fast_lora"):
        tensors, facts = read_tensors(work / f"{name}.safetensors")
        assert tensors
        assert facts["iterations"] == 2


def test_the_overlay_for_two_has_the_overlays_tensors_alone(work: Path) -> None:
    names = set(read_tensors(work / "speakers.safetensors")[0])
    every = WanTransformer(toy().transformer).state_dict()
    assert names == {name for name in every if is_overlay(name)}


def test_the_vae_is_settled_to_the_published_statistics(work: Path, corpus_file: Path) -> None:
    from infinitetalk.demo.scenes import SceneMaker

    sizes = toy()
    vae = load_networks(work, sizes, torch.device("cpu")).vae
    maker = SceneMaker(Corpus(corpus_file), sizes.side, seed=3)
    pictures = maker.scene(8, sizes.chunk_frames).draw(maker.grid()).transpose(1, 2)
    latents = vae.normalize(vae.moments(pictures)[0])
    assert latents.mean().abs() < 0.3
    assert 0.5 < latents.std() < 2.0


def test_the_export_is_complete_for_one_and_two_speakers(model: ModelFiles) -> None:
    assert not model.broken
    for kind in ("base", "overlay", "text_encoder", "image_encoder", "vae", "audio_encoder"):
        assert model.part(kind)
    for speakers in (1, 2):
        chosen = choose_transformer(model, speakers=speakers)
        assert chosen.precision == "int8"
    assert model.fast_lora is not None
    assert model.fast_lora.is_file()
    assert model.description.kind == "miniature"
    assert model.description.preview is not None


def test_exported_tensors_are_the_trained_ones_within_8_bits(work: Path, model: ModelFiles) -> None:
    trained = load_networks(work, toy(), torch.device("cpu")).transformer.state_dict()
    state = choose_transformer(model).state()
    for name, value in trained.items():
        step = value.abs().amax() / 127 if value.numel() else torch.tensor(0.0)
        # Half a step of int8 where rows share one scale, or bf16's 2^-8.
        assert (state.read(name, torch.float32) - value).abs().max() <= 0.51 * step + 1e-6


def test_the_index_names_every_tensor_of_the_shards(model: ModelFiles) -> None:
    folder = model.folder / "Wan2.1-I2V-14B-480P"
    index = json.loads((folder / "diffusion_pytorch_model.safetensors.index.json").read_text())
    found: dict[str, str] = {}
    for shard in folder.glob("diffusion_pytorch_model-*.safetensors"):
        found |= dict.fromkeys(read_tensors(shard)[0], shard.name)
    assert index["weight_map"] == found


def test_fresh_branches_change_nothing_and_can_be_switched_off() -> None:
    transformer = WanTransformer(toy().transformer)
    names = list(transformer.state_dict())
    linear = transformer.blocks[0].get_submodule("ffn.0")
    x = torch.randn(2, 5, 24)
    before = linear(x)
    branches = Branches(transformer, rank=2)
    adapted = transformer.blocks[0].get_submodule("ffn.0")
    assert torch.equal(adapted(x), before)
    with torch.no_grad():
        for part in branches.parts:
            part.normal_()
    assert not torch.allclose(adapted(x), before)
    branches.switch(False)
    assert torch.equal(adapted(x), before)
    for name, _ in branches.published():
        module = name.removeprefix("diffusion_model.").rsplit(".lora_", 1)[0]
        assert f"{module}.weight" in names
