"""Removing model files: only what was loaded or converted goes, and what others need stays."""

import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from infinitetalk.errors import EngineError
from infinitetalk.weights import found, removal
from infinitetalk.weights.download.catalog import Catalog, own_catalogs, read_catalog
from infinitetalk.weights.download.here import parts_here, stores_here
from infinitetalk.weights.download.part import PART
from infinitetalk.weights.download.plan import plan_download
from infinitetalk.weights.download.record import RECORD_FILE, Record
from infinitetalk.weights.download.run import Download, locked
from infinitetalk.weights.download.settings import Network
from infinitetalk.weights.folder import find_model
from infinitetalk.weights.found_copy import copy_found
from infinitetalk.weights.removal import Removal, remove
from infinitetalk.weights.removal_plan import plan_removal
from infinitetalk.weights.store_lock import store_lock
from infinitetalk.weights.store_model import import_transformer
from infinitetalk.weights.store_name import store_name
from tests.hub_server import Hub
from tests.small_catalog import VAE, publish
from tests.tiny_model import build_tiny_model

SET = "one-speaker-int8"
ADAPTER = "InfiniteTalk/single/infinitetalk.safetensors"
STORE = store_name("int8", 1)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_model(tmp_path_factory.mktemp("tree"))


@pytest.fixture(scope="module")
def loaded(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose models folder was loaded and converted by this program."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch, Hub() as hub:
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            patch.delenv(name, raising=False)
            patch.delenv(name.upper(), raising=False)
        patch.setenv("INFINITETALK_HOME", str(home))
        publish(hub, tree, own_catalogs())
        folder = home / "data" / "models"
        network = Network(endpoint=hub.url())
        plan = plan_download(read_catalog().choose([SET]), folder, network)
        Download(plan=plan, network=network, tell=lambda _: None).run()
        import_transformer(find_model(folder), "int8", target=folder)
    return home


@pytest.fixture
def folder(loaded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    shutil.copytree(loaded, home)  # times are kept
    monkeypatch.setenv("INFINITETALK_HOME", str(home))
    return home / "data" / "models"


@pytest.fixture
def catalog(folder: Path) -> Catalog:
    return small()


def small() -> Catalog:
    """The sets of these tests alone: of the bundled ones some have the same tiny parts."""
    every = read_catalog()
    kept = {name: one for name, one in every.sets.items() if name in (SET, "other")}
    return Catalog(version=every.version, sets=kept)


def files_in(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def going(plan: Removal) -> set[str]:
    return {path.relative_to(plan.folder).as_posix() for path in plan.paths}


def test_a_set_goes_with_its_block_store_and_nothing_is_left(
    folder: Path, catalog: Catalog
) -> None:
    before = files_in(folder)
    plan = plan_removal(catalog, folder, sets=[SET])
    assert going(plan) == before - {RECORD_FILE}
    assert plan.files[0].kind == "store"
    assert (plan.kept, plan.sets) == ((), ())
    assert plan.freed == remove(plan) > 300_000
    assert files_in(folder) == {RECORD_FILE}
    assert [p.name for p in folder.iterdir()] == [RECORD_FILE]  # no empty folders either
    assert json.loads((folder / RECORD_FILE).read_text("utf-8"))["files"] == {}
    assert parts_here(catalog, folder)["base"].state == "missing"
    assert stores_here(catalog, folder)[SET] == "missing"
    assert plan_removal(catalog, folder, sets=[SET]).files == ()


def with_another_set(parts: list[str]) -> Catalog:
    data = {
        "format": 1,
        "version": "more",
        "sets": {"other": {"title": "Other", "parts": parts, "precision": "bf16", "speakers": 2}},
    }
    (own_catalogs() / "zz.json").write_text(json.dumps(data), "utf-8")
    return small()


def test_what_another_set_that_is_here_needs_stays(folder: Path) -> None:
    catalog = with_another_set(["base", "vae"])
    plan = plan_removal(catalog, folder, sets=[SET])
    assert {one.why for one in plan.kept} == {"shared"}
    assert {one.sets for one in plan.kept} == {("other",)}
    assert f"Wan2.1-I2V-14B-480P/{VAE}" not in going(plan)
    assert {ADAPTER, STORE} <= going(plan)
    remove(plan)
    assert parts_here(catalog, folder)["base"].state == "ready"
    both = plan_removal(catalog, folder, sets=[SET, "other"])
    assert both.kept == ()
    remove(both)
    assert files_in(folder) == {RECORD_FILE}


def test_a_file_that_another_set_knows_under_another_name_stays(folder: Path) -> None:
    """Two parts of the catalog may be one file: the file decides, not the part."""
    data = json.loads((own_catalogs() / "small.json").read_text("utf-8"))
    data["parts"]["vae-too"] = {**data["parts"]["vae"], "title": "The same"}
    data["sets"] = {
        "other": {"title": "Other", "parts": ["base", "vae-too"], "precision": "", "speakers": 0}
    }
    (own_catalogs() / "zz.json").write_text(json.dumps(data), "utf-8")
    plan = plan_removal(small(), folder, sets=[SET])
    kept = {one.path.name: one.sets for one in plan.kept}
    assert kept[VAE] == ("other",)
    assert plan.sets == ()


def test_a_set_whose_transformer_is_not_here_needs_nothing(folder: Path) -> None:
    catalog = with_another_set(["adapter-multi", "vae"])
    assert plan_removal(catalog, folder, sets=[SET]).kept == ()


def test_parts_and_files_are_taken_at_their_word_and_sets_are_named(
    folder: Path, catalog: Catalog
) -> None:
    vae = plan_removal(catalog, folder, parts=["vae"])
    assert going(vae) == {f"Wan2.1-I2V-14B-480P/{VAE}"}  # the store is not made of it
    assert vae.sets == (SET,)
    adapter = plan_removal(catalog, folder, files=[Path(ADAPTER)])
    assert going(adapter) == {ADAPTER, STORE}
    assert adapter.sets == (SET,)
    store = plan_removal(catalog, folder, files=[folder / STORE])
    assert (going(store), store.sets) == ({STORE}, ())
    assert going(plan_removal(catalog, folder, stores=[SET])) == {STORE}
    remove(store)
    assert plan_removal(catalog, folder, stores=[SET]).files == ()
    assert parts_here(catalog, folder)["base"].state == "ready"
    for name in ("none.bin", "../outside", str(folder.parent / "other")):
        with pytest.raises(EngineError) as caught:
            plan_removal(catalog, folder, files=[Path(name)])
        assert caught.value.report.code == "weights.not_here"


def test_files_put_there_by_hand_or_changed_stay(folder: Path, catalog: Catalog) -> None:
    vae = folder / "Wan2.1-I2V-14B-480P" / VAE
    vae.write_bytes(vae.read_bytes()[:-1] + b"x")
    tokenizer = folder / "Wan2.1-I2V-14B-480P/google/umt5-xxl/tokenizer.json"
    record = Record(folder)
    place = tokenizer.relative_to(folder).as_posix()
    record.drop([place])
    record.add(tokenizer, place, "git:1", "0")  # looked at, found right, but not loaded
    plan = plan_removal(catalog, folder, sets=[SET])
    assert {one.path for one in plan.kept} == {vae, tokenizer}
    assert {one.why for one in plan.kept} == {"by_hand"}
    remove(plan)
    assert vae.exists()
    assert tokenizer.exists()


def test_looking_again_does_not_make_a_loaded_file_a_foreign_one(folder: Path) -> None:
    path = folder / ADAPTER
    record = Record(folder)
    checked = record.checked(path, ADAPTER)
    assert checked is not None
    assert checked.loaded
    record.add(path, ADAPTER, checked.identity, checked.sha256)
    again = Record(folder).checked(path, ADAPTER)
    assert again is not None
    assert again.loaded


def test_a_link_is_not_followed(folder: Path, catalog: Catalog, tmp_path: Path) -> None:
    vae = folder / "Wan2.1-I2V-14B-480P" / VAE
    moved = tmp_path / "elsewhere.pth"
    vae.rename(moved)
    vae.symlink_to(moved)
    plan = plan_removal(catalog, folder, parts=["vae"])
    assert plan.files == ()
    assert plan.kept[0].why == "by_hand"
    assert moved.exists()


def test_files_of_another_program_stay(folder: Path, tree: Path, catalog: Catalog) -> None:
    remove(plan_removal(catalog, folder, sets=[SET]))
    found.remember(folder, found.search(tree).found)
    import_transformer(find_model(folder), "int8", target=folder)
    plan = plan_removal(catalog, folder, sets=[SET])
    assert going(plan) == {STORE}  # made by us, of theirs
    assert {one.why for one in plan.kept} == {"elsewhere"}
    assert all(one.path.is_relative_to(tree) for one in plan.kept)
    remove(plan)
    assert (tree / ADAPTER).exists()
    vae = tree / "Wan2.1-I2V-14B-480P" / VAE
    named = plan_removal(catalog, folder, files=[vae])
    assert named.files == ()
    assert named.kept[0].why == "elsewhere"


def test_copies_are_ours_and_the_originals_are_not(
    folder: Path, tree: Path, catalog: Catalog
) -> None:
    remove(plan_removal(catalog, folder, sets=[SET]))
    copy_found(
        found.search(tree).found,
        tree,
        folder,
        progress=lambda *_: None,
        check_cancel=lambda: None,
    )
    here = parts_here(catalog, folder)["vae"]
    assert (here.state, here.copied, here.program) == ("elsewhere", True, "")
    vae = plan_removal(catalog, folder, parts=["vae"])
    assert [path.name for path in vae.paths] == [VAE]
    assert all(path.is_relative_to(folder / "imported") for path in vae.paths)
    assert vae.sets == (SET,)
    import_transformer(find_model(folder), "int8", target=folder)
    whole = plan_removal(catalog, folder, sets=[SET])
    assert STORE in going(whole)
    remove(whole)
    assert parts_here(catalog, folder)["vae"].state == "missing"
    assert (tree / "Wan2.1-I2V-14B-480P" / VAE).exists()


def test_what_was_begun_goes_with_its_journals(folder: Path, catalog: Catalog) -> None:
    for place in (ADAPTER, STORE):
        (folder / place).unlink()
        (folder / (place + PART)).write_bytes(b"half")
        (folder / (place + PART + ".json")).write_text("{}")
    (folder / (STORE + PART + ".json.new")).write_text("{")
    plan = plan_removal(catalog, folder, sets=[SET])
    assert {ADAPTER + PART, STORE + PART} <= going(plan)
    part = plan_removal(catalog, folder, parts=["adapter-single"])
    assert going(part) == {ADAPTER + PART}
    remove(plan)
    assert files_in(folder) == {RECORD_FILE}


def test_a_part_without_a_journal_is_not_ours(folder: Path, catalog: Catalog) -> None:
    path = folder / (ADAPTER + PART)
    path.write_bytes(b"of somebody")
    assert path in {one.path for one in plan_removal(catalog, folder, sets=[SET]).kept}


def test_while_files_are_loaded_or_converted_nothing_is_removed(
    folder: Path, catalog: Catalog
) -> None:
    plan = plan_removal(catalog, folder, sets=[SET])
    before = files_in(folder)
    with locked(folder), pytest.raises(EngineError) as caught:
        remove(plan)
    assert caught.value.report.code == "download.busy"
    with store_lock(folder / STORE), pytest.raises(EngineError) as caught:
        remove(plan)
    assert caught.value.report.code == "weights.import_busy"
    assert files_in(folder) == before
    vae = plan_removal(catalog, folder, parts=["vae"])
    with store_lock(folder / STORE):
        remove(vae)  # the store is not made of it


def test_two_programs_do_not_write_one_store(folder: Path) -> None:
    (folder / STORE).unlink()
    began, go_on = threading.Event(), threading.Event()

    def wait() -> None:
        began.set()
        assert go_on.wait(20)

    files = find_model(folder)
    first = threading.Thread(
        target=lambda: import_transformer(files, "int8", target=folder, check_cancel=wait)
    )
    first.start()
    try:
        assert began.wait(20)
        with pytest.raises(EngineError) as caught:
            import_transformer(files, "int8", target=folder)
        assert caught.value.report.code == "weights.import_busy"
    finally:
        go_on.set()
        first.join(30)
    assert (folder / STORE).exists()
    assert not list(folder.glob("*.lock"))


@pytest.fixture
def stopping(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The process ends after two files."""
    left = [2]
    real = removal._remove_file

    def some(path: Path) -> None:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        real(path)

    monkeypatch.setattr(removal, "_remove_file", some)
    yield
    monkeypatch.undo()


def test_stopped_in_the_middle_a_second_call_does_the_rest(
    folder: Path, catalog: Catalog, stopping: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = plan_removal(catalog, folder, sets=[SET])
    with pytest.raises(KeyboardInterrupt):
        remove(plan)
    assert 0 < len(files_in(folder)) < len(plan.files) + 1
    monkeypatch.undo()
    monkeypatch.setenv("INFINITETALK_HOME", str(folder.parents[1]))
    rest = plan_removal(small(), folder, sets=[SET])
    assert len(rest.files) == len(plan.files) - 2
    remove(rest)
    assert files_in(folder) == {RECORD_FILE}
