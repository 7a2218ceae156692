"""Two users on one machine: one has loaded models, the other uses them and may not write there."""

import multiprocessing
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from infinitetalk.errors import EngineError
from infinitetalk.weights.choice import weights_facts
from infinitetalk.weights.download.catalog import read_catalog
from infinitetalk.weights.download.here import parts_here, stores_here
from infinitetalk.weights.folder import find_model
from infinitetalk.weights.found import remember, search
from tests.download_kit import REPO, Kit, some_bytes
from tests.tiny_model import build_tiny_model

pytestmark = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become another user"
)
NOBODY = 65534


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder that everyone may read: pytest's own are for one user alone."""
    folder = Path(tempfile.mkdtemp(prefix="two-users-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def as_other(work: Callable[[], Any]) -> Any:
    """What `work` gives, or the code of its error, in a process of another user."""
    context = multiprocessing.get_context("fork")
    mine, theirs = context.Pipe()

    def run() -> None:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
        try:
            theirs.send(work())
        except EngineError as error:
            theirs.send(error.report.code)
        except Exception as error:  # noqa: BLE001  shown by the test
            theirs.send(repr(error))

    process = context.Process(target=run)
    process.start()
    answer = mine.recv() if mine.poll(30) else "no answer"
    process.join(10)
    return answer


def test_models_of_another_user_are_used_where_they_are(shared: Path) -> None:
    model = build_tiny_model(shared / "models")
    for path in model.rglob("*"):  # safetensors writes for one user alone
        path.chmod(0o755 if path.is_dir() else 0o644)
    own = shared / "own"
    own.mkdir()
    own.chmod(0o777)
    name = as_other(lambda: weights_facts(find_model(model)).name)
    assert name == weights_facts(find_model(model)).name
    count = as_other(lambda: remember(own, search(model).found))
    assert count == len(search(model).found)
    assert as_other(lambda: str(find_model(own).part("vae").report.path)).startswith(str(model))


def test_a_folder_of_another_user_says_so(kit: Kit, shared: Path) -> None:
    """Loading into it, remembering in it: `disk.read_only`, and nothing is harmed."""
    kit.hub.add(REPO, "w.bin", some_bytes(10_000))
    kit.folder = shared / "models"
    kit.load("w.bin")
    catalog = kit.catalog("w.bin")
    assert as_other(lambda: parts_here(catalog, kit.folder)["all"].state) == "ready"
    kit.hub.add(REPO, "v.bin", some_bytes(10_000))
    more = kit.download("v.bin")
    assert as_other(more.run) == "disk.read_only"
    assert as_other(lambda: remember(kit.folder, ())) == "disk.read_only"
    mode = stat.S_IMODE(kit.path("w.bin").stat().st_mode)
    assert mode & stat.S_IROTH, "others could not read what was loaded"


def test_a_folder_that_may_not_be_looked_into(shared: Path) -> None:
    closed = shared / "closed"
    build_tiny_model(closed / "models")
    closed.chmod(0o700)
    from infinitetalk.probe.look import folder_at

    found = as_other(lambda: folder_at(closed / "models"))
    assert not found.writable
    catalog = read_catalog()
    assert as_other(lambda: parts_here(catalog, closed / "models")["vae"].state) == "missing"
    assert as_other(lambda: set(stores_here(catalog, closed / "models").values())) == {"missing"}
    assert as_other(lambda: search(closed / "models")) == "disk.read_only"


def test_a_file_that_only_its_owner_may_read_is_not_called_damaged(shared: Path) -> None:
    """safetensors writes files for one user alone; the other is told about the right to read."""
    model = build_tiny_model(shared / "models")
    for path in model.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    adapter = model / "InfiniteTalk" / "single" / "infinitetalk.safetensors"
    adapter.chmod(0o600)
    told = as_other(lambda: [str(problem) for _, problem in search(model).broken])
    assert len(told) == 1
    assert "right to read" in told[0]
    assert "infinitetalk.safetensors" in told[0]
