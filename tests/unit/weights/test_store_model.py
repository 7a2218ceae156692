"""A model folder becomes one block store, which runs like the files it was made of."""

from pathlib import Path

import pytest
import torch

from infinitetalk.models.wan import WanConfig
from infinitetalk.streaming.stored import open_stored
from infinitetalk.weights.check import check
from infinitetalk.weights.choice import choose_transformer
from infinitetalk.weights.folder import ModelFiles, find_model
from infinitetalk.weights.header import read_header
from infinitetalk.weights.layouts import resolve
from infinitetalk.weights.recognize import recognize
from infinitetalk.weights.store import BlockStore
from infinitetalk.weights.store_model import import_transformer
from tests.tiny_model import build_tiny_model


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> ModelFiles:
    folder = tmp_path_factory.mktemp("model")
    build_tiny_model(folder, chunk_frames=9)
    return find_model(folder)


@pytest.mark.parametrize("precision", ["fp32", "bf16", "fp8", "int8"])
def test_a_folder_becomes_one_file(files: ModelFiles, tmp_path: Path, precision: str) -> None:
    seen: list[int] = []
    path = import_transformer(
        files, precision, target=tmp_path, progress=lambda done, _: seen.append(done)
    )
    assert path.name == f"infinitetalk-single-{precision}.blocks.safetensors"
    assert len(seen) > 2
    assert recognize(resolve([read_header(path)])).kind == "store"
    (told,) = check([path])
    assert (told.kind, told.layout, told.usable) == ("store", "published", True)
    store = BlockStore(path)
    store.verify()
    config = WanConfig.from_json(files.config)
    opened = open_stored(store, config)
    state = choose_transformer(files, speakers=1).state()
    for name, parameter in opened.network.state_dict().items():
        published = name.removesuffix(".data") + ".weight" if name.endswith(".data") else name
        if name.endswith(".scale"):
            continue
        if name.endswith(".data"):
            parameter = opened.network.get_submodule(name.removesuffix(".data")).dequantized()
        expected = state.read(published, torch.float32)
        error = (parameter.float() - expected).norm() / expected.norm().clamp_min(1e-9)
        assert error < (1e-9 if precision == "fp32" else 0.05), name


def test_the_same_folder_has_the_same_identity(files: ModelFiles, tmp_path: Path) -> None:
    first = BlockStore(import_transformer(files, "bf16", target=tmp_path / "a")).facts
    second = BlockStore(import_transformer(files, "fp8", target=tmp_path / "b")).facts
    assert first.identity == second.identity != ""
    assert first.loras == ()
