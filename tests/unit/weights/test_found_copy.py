"""Files of other programs copied into the models folder: read back, resumable, nothing touched."""

from pathlib import Path

import pytest

from infinitetalk.errors import EngineError
from infinitetalk.project.faults import Faults, injected
from infinitetalk.weights.folder import find_model
from infinitetalk.weights.found import COPIES, search
from infinitetalk.weights.found_copy import copy_found
from tests.tiny_model import build_tiny_model


class StopError(Exception):
    pass


def never() -> None:
    pass


def silent(done: int, total: int) -> None:
    del done, total


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_model(tmp_path_factory.mktemp("other") / "ComfyUI" / "models")


def test_a_copy_makes_a_model_and_touches_nothing(tree: Path, tmp_path: Path) -> None:
    before = {p: (p.stat().st_mtime_ns, p.stat().st_size) for p in tree.rglob("*")}
    steps: list[tuple[int, int]] = []
    left = search(tree).found
    count = copy_found(
        left,
        tree,
        tmp_path,
        progress=lambda done, total: steps.append((done, total)),
        check_cancel=never,
    )
    assert count == sum(len(one.files) for one in left)
    assert steps[-1][0] == steps[-1][1]
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)
    assert find_model(tmp_path).part("vae").report.path.is_relative_to(tmp_path / COPIES)
    assert {p: (p.stat().st_mtime_ns, p.stat().st_size) for p in tree.rglob("*")} == before
    again = copy_found(left, tree, tmp_path, progress=silent, check_cancel=never)
    assert again == 0


def test_stopped_in_mid_copy_it_leaves_no_half_file(tree: Path, tmp_path: Path) -> None:
    left = search(tree).found
    calls = 0

    def stop() -> None:
        nonlocal calls
        calls += 1
        if calls == 4:
            raise StopError

    with pytest.raises(StopError):
        copy_found(left, tree, tmp_path, progress=silent, check_cancel=stop)
    there = [p for p in (tmp_path / COPIES).rglob("*") if p.is_file()]
    sources = {p.stat().st_size for p in tree.rglob("*") if p.is_file()}
    assert there
    assert all(p.stat().st_size in sources and not p.name.startswith(".") for p in there)
    rest = copy_found(left, tree, tmp_path, progress=silent, check_cancel=never)
    assert rest == sum(len(one.files) for one in left) - len(there)


def test_space_is_looked_at_first(tree: Path, tmp_path: Path) -> None:
    with injected(Faults(free=1000)), pytest.raises(EngineError) as caught:
        copy_found(search(tree).found, tree, tmp_path, progress=silent, check_cancel=never)
    assert caught.value.report.code == "disk.full"
    assert not (tmp_path / COPIES).exists()
