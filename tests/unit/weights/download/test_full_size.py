"""A whole published set at its full size: real names, sizes and offsets, hardly a byte on the disk."""

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest

from infinitetalk.weights.choice import choose_transformer
from infinitetalk.weights.download.catalog import read_catalog
from infinitetalk.weights.download.here import parts_here
from infinitetalk.weights.download.part import PartFile, part_path
from infinitetalk.weights.download.plan import plan_download
from infinitetalk.weights.download.run import Download
from infinitetalk.weights.download.settings import Network
from infinitetalk.weights.folder import find_model
from tests.hub_server import Hub
from tests.published_tree import build_published_tree

SET = "one-speaker-bf16"
LEFT = 200_000  # bytes of each large file that come over the line
LARGE = 10**6


def digest_of(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(16 * 1024**2):
            found.update(piece)
    return found.hexdigest()


@pytest.mark.slow  # 88 GB of zeros are digested twice: two minutes
@pytest.mark.timeout(1200)
@pytest.mark.skipif(shutil.which("cp") is None, reason="copies holes as holes")
def test_the_original_set_goes_on_near_the_end_of_each_file(tmp_path: Path) -> None:
    tree = build_published_tree(tmp_path / "published", quantized=False)
    one = read_catalog().sets[SET]
    folder = tmp_path / "models"
    with Hub() as hub:
        for part in one.parts:
            for pattern in part.files:
                for path in sorted((tree / part.folder).glob(pattern)):
                    name = path.relative_to(tree / part.folder).as_posix()
                    small = path.stat().st_size < LARGE
                    data = path.read_bytes() if small else path
                    hub.add(part.repo, name, data, sha256=None if small else digest_of(path))
        network = Network(endpoint=hub.url(), proxy="")
        plan = plan_download([one], folder, network, conversion=False)
        assert plan.size > 80e9
        for file in plan.files:
            if file.remote.size > LARGE:
                _as_if_loaded(tree / file.place, folder / file.place, file.remote, network)
        again = plan_download([one], folder, network, conversion=False)
        assert again.to_load < LEFT * 20
        Download(plan=again, network=network, tell=lambda _: None).run()
        starts = {asked.start for asked in hub.content_requests() if asked.start}
    sizes = {file.remote.size for file in plan.files if file.remote.size > LARGE}
    assert starts == {size - LEFT for size in sizes}
    assert max(starts) > 2**33  # beyond what 32 bits, signed or not, can count
    on_disk = sum(path.stat().st_blocks * 512 for path in folder.rglob("*") if path.is_file())
    assert on_disk < 100e6
    here = parts_here(read_catalog(), folder)
    networks = [part for part in one.parts if part.kind != "tokenizer"]  # that one is a stand-in
    assert {here[part.name].state for part in networks} == {"ready"}
    assert choose_transformer(find_model(folder), speakers=1, precision="bf16").nbytes > 70e9


def _as_if_loaded(source: Path, target: Path, remote, network: Network) -> None:
    """A part whose process ended when but little was left."""
    with PartFile(target, remote) as part:
        part.begin("", network.endpoint.partition("://")[2])
    subprocess.run(["cp", "--sparse=always", source, part_path(target)], check=True)
    with part_path(target).open("r+b") as file:
        file.truncate(remote.size - LEFT)
