"""What other programs left is found by its headers, used where it is, and never touched."""

import hashlib
import json
import os
from pathlib import Path

import pytest
from safetensors.torch import save_file

from infinitetalk.errors import EngineError
from infinitetalk.weights.choice import weights_facts
from infinitetalk.weights.folder import find_model
from infinitetalk.weights.found import (
    FOUND_FILE,
    FoundFile,
    forget,
    remember,
    remembered,
    search,
    serves,
    usual_places,
)
from tests.tiny_model import build_tiny_model


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_model(tmp_path_factory.mktemp("tiny"))


def snapshot(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    return {
        str(path.relative_to(folder)): (
            path.stat().st_size,
            path.stat().st_mtime_ns,
            path.read_bytes(),
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def as_cache(tiny: Path, hub: Path) -> Path:
    """The tiny model as a Hugging Face cache keeps it: links to blobs named by their digest."""
    repo = hub / "models--own--tiny"
    blobs, snap = repo / "blobs", repo / "snapshots" / "c0ffee"
    blobs.mkdir(parents=True)
    for path in sorted(tiny.rglob("*")):
        if path.is_file():
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            (blobs / digest).write_bytes(path.read_bytes())
            link = snap / path.relative_to(tiny)
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(os.path.relpath(blobs / digest, link.parent))
    return hub


def test_a_cache_makes_a_model_without_a_byte_copied(tiny: Path, tmp_path: Path) -> None:
    hub = as_cache(tiny, tmp_path / ".cache" / "huggingface" / "hub")
    before = snapshot(hub)
    for place in (hub, hub / "models--own--tiny", tmp_path / ".cache", tmp_path):
        result = search(place)
        kinds = {one.kind for one in result.found}
        assert kinds >= {"base", "overlay", "text_encoder", "image_encoder", "vae", "audio_encoder"}
        assert {one.program for one in result.found} == {"Hugging Face cache"}
        assert result.broken == ()
    models = tmp_path / "models"
    assert remember(models, search(hub).found) >= 6
    assert [path.name for path in models.iterdir()] == [FOUND_FILE]
    files = find_model(models)
    facts, own = weights_facts(files), weights_facts(find_model(tiny))
    assert (facts.dim, facts.blocks, facts.stored) == (own.dim, own.blocks, own.stored)
    assert str(files.part("base").report.path).startswith(str(hub))
    assert files.tokenizer_folder().is_relative_to(hub)
    assert snapshot(hub) == before


def test_digests_of_a_cache_are_compared(tiny: Path, tmp_path: Path) -> None:
    hub = as_cache(tiny, tmp_path / "hub")
    read: list[tuple[int, int]] = []
    whole = search(hub, lambda _, done, total: read.append((done, total)))
    assert all(len(one.sha256) == len(one.files) for one in whole.found if one.kind != "tokenizer")
    assert any(done == total for done, total in read)
    vae = next(one for one in whole.found if one.kind == "vae")
    blob = Path(vae.path).resolve()
    raw = bytearray(blob.read_bytes())
    raw[-1] ^= 1
    blob.write_bytes(raw)
    again = search(hub, lambda *_: None)
    assert [path.name for path, _ in again.broken] == [Path(vae.path).name]
    assert again.broken[0][1].code == "weights.corrupt"
    assert "vae" not in {one.kind for one in again.found}
    assert "vae" in {one.kind for one in search(hub).found}  # headers alone can't tell


def test_trees_of_other_programs_and_their_other_models(tiny: Path, tmp_path: Path) -> None:
    import torch

    comfy = tmp_path / "ComfyUI" / "models"
    places = {"base": "diffusion_models", "vae": "vae", "text_encoder": "text_encoders"}
    for one in search(tiny).found:
        if one.kind in places:
            for file in one.files:
                target = comfy / places[one.kind] / Path(file).name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(Path(file).read_bytes())
    (comfy / "checkpoints").mkdir()
    other = {"model.diffusion_model.input_blocks.0.0.weight": torch.zeros(4, 4)}
    save_file(other, comfy / "checkpoints" / "sd.safetensors")
    (comfy / "checkpoints" / "broken_infinitetalk.safetensors").write_bytes(b"\0" * 100)
    (comfy / "notes.txt").write_text("x")
    result = search(tmp_path / "ComfyUI")
    assert {one.kind for one in result.found} >= set(places)
    assert {one.program for one in result.found} == {"ComfyUI"}
    assert result.others == 1
    assert [path.name for path, _ in result.broken] == ["broken_infinitetalk.safetensors"]
    wan = tmp_path / "Wan2GP" / "ckpts"
    wan.mkdir(parents=True)
    vae = next(one for one in result.found if one.kind == "vae")
    (wan / "renamed.pth").write_bytes(Path(vae.path).read_bytes())
    found = search(tmp_path / "Wan2GP").found
    assert [(one.kind, one.program) for one in found] == [("vae", "WanGP")]


def test_a_file_that_changed_or_went_is_no_longer_used(tiny: Path, tmp_path: Path) -> None:
    place = tmp_path / "other"
    place.mkdir()
    vae = next(one for one in search(tiny).found if one.kind == "vae")
    copy = place / Path(vae.path).name
    copy.write_bytes(Path(vae.path).read_bytes())
    models = tmp_path / "models"
    remember(models, search(place).found)
    assert [one.path for one in remembered(models)] == [str(copy)]
    os.utime(copy, ns=(1, 1))
    assert remembered(models) == ()
    remember(models, search(place).found)  # found anew: the entry is replaced
    assert len(remembered(models)) == 1
    copy.unlink()
    assert remembered(models) == ()
    assert forget(models, copy)
    assert not forget(models, copy)
    assert json.loads((models / FOUND_FILE).read_text("utf-8"))["files"] == []


def test_what_lies_in_the_models_folder_needs_no_entry(tiny: Path) -> None:
    assert remember(tiny, search(tiny).found) == 0
    (tiny / FOUND_FILE).unlink()


@pytest.mark.parametrize("text", ["{", "[]", '{"format": 9, "files": []}', '{"format": 1}'])
def test_a_list_that_is_none_is_said(tmp_path: Path, text: str) -> None:
    (tmp_path / FOUND_FILE).write_text(text, "utf-8")
    with pytest.raises(EngineError) as caught:
        remembered(tmp_path)
    assert caught.value.report.code == "weights.corrupt"


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(EngineError) as caught:
        search(tmp_path / "none")
    assert caught.value.report.code == "weights.missing"
    assert search(tmp_path).found == ()


def test_usual_places_are_those_that_exist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    for name in ("HF_HOME", "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"):
        monkeypatch.delenv(name, raising=False)
    assert usual_places() == []
    expected = [tmp_path / ".cache/huggingface/hub", tmp_path / "ComfyUI/models"]
    for place in expected:
        place.mkdir(parents=True)
    assert usual_places() == expected
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    assert usual_places()[0] == tmp_path


def test_who_stands_for_which_part() -> None:
    def file(kind: str, precision: str = "", speakers: str = "unknown", name: str = "x"):
        return FoundFile(
            path=name, files=(), kind=kind, title="", precision=precision, speakers=speakers
        )

    assert serves(file("merged", "int8", "one"), "merged", "int8", 1, ())
    assert not serves(file("merged", "int8", "two"), "merged", "int8", 1, ())
    assert not serves(file("merged", "fp8", "one"), "merged", "int8", 1, ())
    assert serves(file("base", "fp32"), "base", "", 0, ())
    assert not serves(file("base", "fp8"), "base", "", 0, ())
    assert serves(file("lora", name="a/b.safetensors"), "lora", "", 0, ("f/b.safetensors",))
    assert not serves(file("lora", name="a/c.safetensors"), "lora", "", 0, ("f/b.safetensors",))
