"""What will be loaded is told first: sizes, states, licenses, and the room that conversion takes."""

import hashlib
import json
from pathlib import Path

import pytest

from infinitetalk.errors import GIB, EngineError
from infinitetalk.project.faults import Faults, injected
from infinitetalk.weights.choice import choose_transformer
from infinitetalk.weights.download.catalog import Part, read_catalog
from infinitetalk.weights.download.hub import ask_repository
from infinitetalk.weights.download.plan import DownloadPlan, plan_download, stand_ins
from infinitetalk.weights.download.remote import RemoteFile
from infinitetalk.weights.download.run import Download
from infinitetalk.weights.download.settings import Network
from infinitetalk.weights.download.transfer import file_url
from infinitetalk.weights.folder import find_model
from infinitetalk.weights.found import remember, search, serves
from infinitetalk.weights.store_coding import coding_for
from infinitetalk.weights.store_import import ImportOptions, _plan, _source_specs
from tests.download_kit import REPO, Kit, some_bytes
from tests.hub_server import Hub
from tests.published_tree import build_published_tree

DATA = some_bytes(50_000)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """150 GB of published names and sizes in sparse files."""
    tree = build_published_tree(tmp_path_factory.mktemp("published"))
    for name in (
        "Wan21_T2V_14B_lightx2v_cfg_step_distill_lora_rank32",
        "Wan2.1_I2V_14B_FusionX_LoRA",
    ):
        folder = tree / "loras" / ("FusionX_LoRa" if "FusionX" in name else ".")
        folder.mkdir(parents=True, exist_ok=True)
        (tree / f"{name}.safetensors").rename(folder / f"{name}.safetensors")
    return tree


@pytest.fixture(scope="module")
def full_hub(published: Path):
    """The five repositories with full-size names; digests are invented."""
    with Hub() as hub:
        for part in {p.name: p for s in read_catalog().sets.values() for p in s.parts}.values():
            root = published / part.folder
            for pattern in part.files:
                for path in sorted(root.glob(pattern)):
                    name = path.relative_to(root).as_posix()
                    small = path.stat().st_size < 10**6
                    data = path.read_bytes() if small else path
                    hub.add(part.repo, name, data, sha256=None if small else f"{len(name):064x}")
        yield hub


def plan_of(hub: Hub, folder: Path, *names: str, **more) -> DownloadPlan:
    network = Network(endpoint=hub.url(), first_wait=0.01)
    return plan_download(read_catalog().choose(names), folder, network, **more)


def states(plan: DownloadPlan) -> set[str]:
    return {file.state for file in plan.files}


def test_every_set_of_the_catalog_is_planned_at_full_size(full_hub: Hub, tmp_path: Path) -> None:
    for one in read_catalog().sets.values():
        plan = plan_of(full_hub, tmp_path / "none", one.name)
        assert states(plan) == {"missing"}
        assert plan.to_load == plan.size == pytest.approx(one.size, rel=0.01)
        assert plan.conversion_bytes == one.conversion_bytes
        assert all(file.remote.sha256 or file.remote.size < 10**6 for file in plan.files)
        assert set(plan.licenses.values()) == {"apache-2.0"}
    assert not (tmp_path / "none").exists()
    whole = plan_of(full_hub, tmp_path, "one-speaker-bf16", "two-speakers-bf16", "fast-lora")
    places = [file.place for file in whole.files]
    assert len(places) == len(set(places))  # shared files are loaded once
    assert whole.size == pytest.approx(92.9e9, rel=0.01)


@pytest.mark.parametrize("name", ["one-speaker-int8", "two-speakers-fp8", "one-speaker-bf16"])
def test_a_set_is_a_whole_model(published: Path, full_hub: Hub, tmp_path: Path, name: str) -> None:
    """Exactly the files of the set, at their places, make a transformer and all other parts."""
    for file in plan_of(full_hub, tmp_path, name).files:
        target = tmp_path / file.place
        target.parent.mkdir(parents=True, exist_ok=True)
        target.symlink_to(published / file.place)
    files = find_model(tmp_path)
    one = read_catalog().sets[name]
    choice = choose_transformer(files, speakers=one.speakers, precision=one.precision)
    for kind in ("text_encoder", "image_encoder", "audio_encoder", "vae"):
        files.part(kind)
    assert files.tokenizer_folder().name == "umt5-xxl"
    stored = _plan(list(_source_specs(choice.state())), coding_for(one.precision), ImportOptions())
    assert stored.file_bytes == one.conversion_bytes


def test_space_is_checked_with_conversion_before_the_first_byte(
    full_hub: Hub, tmp_path: Path
) -> None:
    before = len(full_hub.asked)
    with injected(Faults(free=45 * GIB)):
        plan = plan_of(full_hub, tmp_path, "one-speaker-int8")
        assert plan.free_after == 45 * GIB - plan.size - plan.conversion_bytes < 0
        work = Download(plan=plan, network=Kit(full_hub, tmp_path, tmp_path).network(), tell=print)
        with pytest.raises(EngineError) as caught:
            work.run()
        report = caught.value.report
        assert report.code == "disk.not_enough"
        assert report.facts["convert"] == 19_219_185_664
        assert report.facts["needed"] > 45 * GIB > report.facts["load"]
        plan_of(full_hub, tmp_path, "one-speaker-int8", conversion=False).check_space()
    assert not any(one.server == "cdn" for one in full_hub.asked[before:])
    assert list(tmp_path.iterdir()) == []


def test_what_another_program_left_is_not_loaded(
    published: Path, full_hub: Hub, tmp_path: Path
) -> None:
    folder = tmp_path / "models"
    remember(folder, search(published / "Wan2.1-I2V-14B-480P").found)
    remember(folder, search(published / "InfiniteTalk" / "quant_models").found)
    plan = plan_of(full_hub, folder, "one-speaker-int8", elsewhere=stand_ins(folder))
    there = {file.part.name for file in plan.files if file.state == "elsewhere"}
    assert there == {
        "tokenizer",
        "vae",
        "image-encoder",
        "text-encoder-fp8",
        "transformer-single-int8",
    }
    assert plan.to_load == pytest.approx(377_512_360, rel=0.01)  # the audio encoder alone
    two = plan_of(full_hub, folder, "two-speakers-bf16", elsewhere=stand_ins(folder))
    missing = {file.part.name for file in two.files if file.state == "missing"}
    assert missing == {"adapter-multi", "audio-encoder"}  # the base and bf16 encoder are there


def test_a_part_of_full_size_goes_on_near_its_end(kit: Kit, tmp_path: Path) -> None:
    """378 MB of name and size, 200 kB over the line."""
    size = 377_512_360
    source = tmp_path / "whole.safetensors"
    with source.open("wb") as file:
        file.truncate(size)
        file.seek(size - 100)
        file.write(some_bytes(100))
    digest = hashlib.sha256()
    with source.open("rb") as file:
        while piece := file.read(8 * 1024**2):
            digest.update(piece)
    kit.hub.add(REPO, "model.safetensors", source, sha256=digest.hexdigest())
    kit.hub.fault("/cdn/", cut=1000)
    kit.hub.fault("/cdn/", times=9, status=404)
    with pytest.raises(EngineError):
        kit.load()
    part = kit.path("model.safetensors.part")
    with part.open("r+b") as file:  # as if 377 MB had come (all zeros) before the process ended
        file.truncate(size - 200_000)
        file.write(source.read_bytes()[:1000])
    kit.hub.faults.clear()
    kit.load()
    assert kit.hub.content_requests()[-1].start == size - 200_000
    with kit.path("model.safetensors").open("rb") as file:
        file.seek(size - 100)
        assert file.read() == some_bytes(100)


def test_states_of_files_that_are_here(kit: Kit) -> None:
    kit.hub.add(REPO, "w.bin", DATA)
    assert states(kit.plan()) == {"missing"}
    kit.path("w.bin").parent.mkdir(parents=True)
    kit.path("w.bin").write_bytes(DATA)  # fetched by hand
    assert states(kit.plan()) == {"unchecked"}
    kit.load()
    assert kit.hub.content_requests() == []  # read, not loaded
    assert kit.statuses("w.bin") == ["waiting", "checking", "finished"]
    assert states(kit.plan()) == {"ready"}
    kit.path("w.bin").write_bytes(DATA[:-1] + b"x")
    assert states(kit.plan()) == {"unchecked"}
    with pytest.raises(EngineError) as caught:
        kit.load()
    assert caught.value.report.code == "download.exists"
    assert kit.loaded("w.bin")[-1:] == b"x"  # what is there is not touched
    assert states(kit.plan()) == {"different"}
    kit.path("w.bin").write_bytes(b"short")
    assert states(kit.plan()) == {"different"}
    with pytest.raises(EngineError) as caught:
        kit.load()
    assert caught.value.report.code == "download.exists"
    kit.load(replace=True)
    assert kit.loaded("w.bin") == DATA
    assert states(kit.plan()) == {"ready"}


def test_a_begun_file_counts_what_is_here(kit: Kit) -> None:
    kit.hub.add(REPO, "w.bin", DATA)
    kit.hub.fault("/cdn/", cut=20_000)
    kit.hub.fault("/cdn/", times=9, status=500)
    with pytest.raises(EngineError):
        kit.load()
    plan = kit.plan()
    assert states(plan) == {"partial"}
    assert plan.to_load == len(DATA) - 20_000
    assert plan.to_json()["files"][0]["to_load"] == plan.to_load


def test_a_name_that_leaves_the_folder_is_no_file(kit: Kit, tmp_path: Path) -> None:
    for name in ("../evil.bin", "/evil.bin", "a\\..\\evil.bin", "c:evil.bin", "a/\n.bin"):
        kit.hub.add(REPO, name, b"x")
    kit.hub.add(REPO, "good.bin", b"x")
    assert [file.place for file in kit.plan().files] == ["Own/good.bin"]


def test_a_pattern_without_files_is_missing(kit: Kit) -> None:
    kit.hub.add(REPO, "w.bin", DATA)
    with pytest.raises(EngineError) as caught:
        kit.plan("*.safetensors")
    assert caught.value.report.code == "download.missing"
    assert "*.safetensors" in caught.value.report.detail


def test_a_digest_in_the_catalog_outranks_the_hub(kit: Kit) -> None:
    kit.hub.add(REPO, "w.bin", DATA)
    kit.catalog()
    data = json.loads(kit.catalog_file.read_text("utf-8"))
    data["parts"]["all"]["sha256"] = {"w.bin": "0" * 64}
    kit.catalog_file.write_text(json.dumps(data), "utf-8")
    sets = read_catalog([kit.catalog_file]).choose(["own"])
    with pytest.raises(EngineError) as caught:
        plan_download(sets, kit.folder, kit.network())
    assert caught.value.report.code == "download.changed"


def test_the_address_of_a_file(kit: Kit) -> None:
    file = RemoteFile(repo=REPO, commit="c0", name="a b/ü.bin", size=1, sha256="0" * 64)
    assert file_url(file, kit.network()) == f"{kit.hub.url()}/{REPO}/resolve/c0/a%20b/%C3%BC.bin"


class TestList:
    """The list of a repository."""

    def test_busy_and_lost_servers_are_asked_again(self, kit: Kit) -> None:
        kit.hub.add(REPO, "w.bin", DATA)
        kit.hub.fault("/api/", status=429, headers={"Retry-After": "0"})
        kit.hub.fault("/api/", times=2, status=502)
        told: list[str] = []
        found = ask_repository(REPO, "main", kit.network(), waiting=told.append)
        assert found.files["w.bin"].size == len(DATA)
        assert len(told) == 3

    @pytest.mark.parametrize(
        ("fault", "code"),
        [
            ({"status": 401}, "download.token"),
            ({"status": 403}, "download.refused"),
            ({"status": 404}, "download.missing"),
            ({"status": 500}, "download.failed"),
            ({"status": 200, "body": b"<html>Please log in</html>"}, "download.failed"),
            ({"status": 200, "body": b"[]"}, "download.failed"),
            ({"status": 200, "body": b'{"id": "x", "siblings": []}'}, "download.failed"),
            (
                {"status": 200, "body": b'{"id": "x", "sha": "c", "siblings": [{"size": 3}]}'},
                "download.failed",
            ),
        ],
    )
    def test_answers_that_are_none(self, kit: Kit, fault: dict, code: str) -> None:
        kit.hub.fault("/api/", times=99, **fault)
        with pytest.raises(EngineError) as caught:
            ask_repository(REPO, "main", kit.network())
        assert caught.value.report.code == code

    @pytest.mark.parametrize("cut", [0, 1, 100, 250])
    def test_a_list_that_is_cut_is_asked_for_again(self, kit: Kit, cut: int) -> None:
        """Half a list is no list: files that it lacks would count as missing."""
        for n in range(3):
            kit.hub.add(REPO, f"{n}.bin", DATA)
        kit.hub.fault("/api/", times=2, cut=cut)
        told: list[str] = []
        found = ask_repository(REPO, "main", kit.network(), waiting=told.append)
        assert len(found.files) == 3
        assert len(told) == 2
        kit.hub.fault("/api/", times=99, cut=cut)
        with pytest.raises(EngineError) as caught:
            ask_repository(REPO, "main", kit.network())
        assert caught.value.report.code == "download.failed"
        assert caught.value.report.facts["tries"] == kit.network().tries

    def test_nobody_there(self, kit: Kit) -> None:
        with Hub() as other:
            gone = other.url()
        network = Network(endpoint=gone, tries=2, first_wait=0.01)
        with pytest.raises(EngineError) as caught:
            ask_repository(REPO, "main", network)
        assert caught.value.report.code == "download.failed"
        assert "can't be reached" in caught.value.report.detail


def test_parts_of_the_catalog_are_what_a_check_calls_them(published: Path) -> None:
    """kind, precision and speakers in the data agree with the headers."""
    left = {one.path: one for one in search(published).found}
    parts: dict[str, Part] = {p.name: p for s in read_catalog().sets.values() for p in s.parts}
    for part in parts.values():
        serving = [
            Path(path).relative_to(published / part.folder).as_posix()
            for path, one in left.items()
            if Path(path).is_relative_to(published / part.folder)
            and serves(one, part.kind, part.precision, part.speakers, part.files)
        ]
        if part.kind == "tokenizer":
            assert serving == ["google/umt5-xxl"]
        else:
            assert set(serving) & set(part.files), part.name
