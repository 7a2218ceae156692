"""What is here of the catalog, without asking a hub; and parts of sets alone."""

import json
from pathlib import Path

import pytest

from infinitetalk.weights.download.catalog import own_catalogs, read_catalog
from infinitetalk.weights.download.control import DownloadCancelled
from infinitetalk.weights.download.here import parts_here, sets_here, stores_here
from infinitetalk.weights.download.plan import plan_download
from infinitetalk.weights.store_name import store_name
from tests.download_kit import REPO, Kit, some_bytes

DATA = some_bytes(200_000)


def state(kit: Kit, *patterns: str) -> str:
    return parts_here(kit.catalog(*patterns), kit.folder)["all"].state


def sized(kit: Kit, size: int) -> None:
    """The catalog's own figure for the part."""
    data = json.loads(kit.catalog_file.read_text("utf-8"))
    data["parts"]["all"]["size"] = size
    kit.catalog_file.write_text(json.dumps(data), "utf-8")


def test_states_follow_a_download(kit: Kit) -> None:
    kit.hub.add(REPO, "w.bin", DATA)
    assert state(kit, "w.bin") == "missing"
    kit.hub.fault("/cdn/", times=9, cut=70_000)
    work = kit.download("w.bin")
    kit.events.clear()
    work.tell = lambda event: work.control.cancel() if event.done > 60_000 else None
    with pytest.raises(DownloadCancelled):
        work.run()
    here = parts_here(kit.catalog("w.bin"), kit.folder)["all"]
    assert here.state == "partial"
    assert here.have >= 60_000
    kit.hub.faults.clear()
    kit.load("w.bin")
    assert state(kit, "w.bin") == "ready"
    kit.path("w.bin").write_bytes(DATA[:-1] + b"x")
    assert state(kit, "w.bin") == "unchecked"


def test_a_file_that_is_another_is_told(kit: Kit) -> None:
    kit.hub.add(REPO, "w.bin", DATA)
    kit.path("w.bin").parent.mkdir(parents=True)
    kit.path("w.bin").write_bytes(some_bytes(200_000, seed=1))
    with pytest.raises(Exception, match="not the published file"):
        kit.load("w.bin")
    assert state(kit, "w.bin") == "different"
    kit.load("w.bin", replace=True)
    assert state(kit, "w.bin") == "ready"


def test_one_of_several_files_is_no_part(kit: Kit) -> None:
    kit.path("a.bin").parent.mkdir(parents=True)
    kit.path("a.bin").write_bytes(DATA)
    kit.catalog("*.bin")
    sized(kit, 400_000)
    here = parts_here(read_catalog([kit.catalog_file]), kit.folder)["all"]
    assert (here.state, here.have) == ("partial", 200_000)


def test_block_stores_are_told(tmp_path: Path) -> None:
    catalog = read_catalog()
    assert set(stores_here(catalog, tmp_path).values()) == {"missing"}
    (tmp_path / store_name("int8", 1)).write_bytes(b"1")
    (tmp_path / (store_name("fp8", 2) + ".part")).write_bytes(b"1")
    stores = stores_here(catalog, tmp_path)
    assert (stores["one-speaker-int8"], stores["two-speakers-fp8"]) == ("ready", "partial")
    assert "fast-lora" not in stores


def test_parts_of_a_set_alone_and_their_conversion(kit: Kit) -> None:
    """Without the transformer nothing is converted; a store that is there needs no room."""
    for name in ("t.safetensors", "v.pth"):
        kit.hub.add(REPO, name, DATA)
    part = {"repository": "own", "size": 200_000}
    data = {
        "format": 1,
        "version": "1",
        "repositories": {"own": {"repo": REPO, "folder": "Own"}},
        "parts": {
            "t": {"title": "T", "kind": "merged", "files": ["t.safetensors"], **part},
            "v": {"title": "V", "kind": "vae", "files": ["v.pth"], **part},
        },
        "sets": {
            "whole": {
                "title": "Whole",
                "parts": ["t", "v"],
                "precision": "int8",
                "speakers": 1,
                "conversion_bytes": 1000,
            }
        },
    }
    kit.catalog_file.write_text(json.dumps(data), "utf-8")
    sets = read_catalog([kit.catalog_file]).choose(["whole"])

    def plan(*parts: str):
        return plan_download(sets, kit.folder, kit.network(), parts=parts)

    assert (len(plan().files), plan().conversion_bytes) == (2, 1000)
    assert ([f.part.name for f in plan("v").files], plan("v").conversion_bytes) == (["v"], 0)
    assert plan("t").conversion_bytes == 1000
    kit.folder.mkdir(parents=True)
    (kit.folder / store_name("int8", 1)).write_bytes(b"x" * 1000)
    assert plan("t").conversion_bytes == 0


def test_a_catalog_in_the_users_folder_counts(
    kit: Kit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INFINITETALK_HOME", str(tmp_path / "home"))
    kit.catalog("w.bin")
    own_catalogs().mkdir(parents=True)
    kit.catalog_file.rename(own_catalogs() / "mine.json")
    assert "own" in read_catalog().sets


def test_sets_are_here_with_all_their_parts(kit: Kit) -> None:
    kit.hub.add(REPO, "w.bin", DATA)
    kit.catalog("w.bin")
    sized(kit, len(DATA))
    catalog = read_catalog([kit.catalog_file])
    assert sets_here(catalog, kit.folder)["own"] == "missing"
    kit.path("w.bin.part").parent.mkdir(parents=True)
    kit.path("w.bin.part").write_bytes(DATA[:1000])
    assert sets_here(catalog, kit.folder)["own"] == "partial"
    kit.path("w.bin.part").rename(kit.path("w.bin"))
    kit.path("w.bin").write_bytes(DATA)
    assert sets_here(catalog, kit.folder)["own"] == "ready"
