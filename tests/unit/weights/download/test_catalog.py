"""The catalog is data: read strictly, extended without code."""

import copy
import json
from pathlib import Path

import pytest

from infinitetalk import paths
from infinitetalk.errors import EngineError
from infinitetalk.weights.download.catalog import read_catalog

BUNDLED = json.loads((paths.resources_folder() / "catalog" / "published.json").read_text("utf-8"))


def test_the_sets_that_are_promised() -> None:
    sets = read_catalog().sets
    assert {(s.speakers, s.precision) for s in sets.values() if s.precision} == {
        (who, precision) for who in (1, 2) for precision in ("bf16", "fp8", "int8")
    }
    assert "fast-lora" in sets
    kinds = {"base", "overlay", "merged", "text_encoder", "image_encoder", "vae", "audio_encoder"}
    for one in sets.values():
        found = {part.kind for part in one.parts}
        if one.precision:
            assert found >= kinds - {"base", "overlay", "merged"} | {"tokenizer"}
            assert ("merged" in found) != (found >= {"base", "overlay"})
            assert one.conversion_bytes > 10**10


def test_a_set_is_added_by_a_file(tmp_path: Path) -> None:
    added = {
        "format": 1,
        "version": "mine",
        "repositories": {"mine": {"repo": "anna/lora", "folder": "loras", "revision": "v2"}},
        "parts": {
            "calm": {
                "title": "Calm",
                "kind": "lora",
                "repository": "mine",
                "files": ["calm.safetensors"],
                "size": 5,
            }
        },
        "sets": {"calm": {"title": "Calm", "parts": ["calm"]}},
    }
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(added), "utf-8")
    catalog = read_catalog([path])
    assert catalog.sets["calm"].parts[0].revision == "v2"
    assert "one-speaker-int8" in catalog.sets
    assert "mine" in catalog.version
    assert catalog.to_json()["sets"][-1]["name"] == "calm"


def test_an_unknown_set_is_refused_with_those_there_are() -> None:
    with pytest.raises(EngineError) as caught:
        read_catalog().choose(["fast-lora", "one-speaker-int4"])
    assert caught.value.report.code == "download.unknown_set"
    assert "one-speaker-int8" in caught.value.report.remedy


def _broken(change) -> object:
    data = copy.deepcopy(BUNDLED)
    change(data)
    return data


@pytest.mark.parametrize(
    "data",
    [
        [],
        {"format": 2},
        _broken(lambda d: d.pop("sets")),
        _broken(lambda d: d["repositories"]["wan"].update(repo="../evil")),
        _broken(lambda d: d["repositories"]["wan"].update(folder="../evil")),
        _broken(lambda d: d["repositories"]["wan"].update(folder="C:\\evil")),
        _broken(lambda d: d["parts"]["vae"].update(repository="nobody")),
        _broken(lambda d: d["parts"]["vae"].update(size=-1)),
        _broken(lambda d: d["parts"]["vae"].update(files=[])),
        _broken(lambda d: d["sets"]["fast-lora"].update(parts=["nothing"])),
        _broken(lambda d: d["sets"]["one-speaker-int8"].update(precision="int4")),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, data: object) -> None:
    path = tmp_path / "c.json"
    path.write_text(json.dumps(data), "utf-8")
    with pytest.raises(EngineError) as caught:
        read_catalog([path])
    assert caught.value.report.code == "download.catalog"
    assert str(path) in caught.value.report.detail


def test_every_part_has_its_words_in_german_too() -> None:
    parts = {part.name: part for one in read_catalog().sets.values() for part in one.parts}
    for part in parts.values():
        words = part.words["de"]
        assert words["title"]
        assert bool(words["detail"]) == bool(part.detail)
    assert all(one.words["de"] for one in read_catalog().sets.values())
