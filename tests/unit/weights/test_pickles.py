"""PyTorch's files: the same list as torch gives, and no code is ever run."""

import os
import pickle
import sys
import zipfile
from collections import OrderedDict
from pathlib import Path

import pytest
import torch
from torch import nn

from infinitetalk.errors import EngineError
from infinitetalk.weights.header import read_header
from infinitetalk.weights.mapped import MappedFile


def tensors() -> dict[str, torch.Tensor]:
    shared = torch.arange(24, dtype=torch.float32)
    return {
        "plain": torch.randn(3, 4),
        "half": torch.randn(2, 2).to(torch.bfloat16),
        "view": shared[4:16].view(3, 4),
        "turned": shared.view(4, 6).t(),
        "scalar": torch.tensor(7),
        "none": torch.zeros(0, 3),
        "eight": torch.randint(-9, 9, (5,), dtype=torch.int8),
    }


@pytest.mark.parametrize("legacy", [False, True])
def test_the_list_is_what_torch_saved(tmp_path: Path, legacy: bool) -> None:
    path, made = tmp_path / "x.pth", tensors()
    torch.save(made, path, _use_new_zipfile_serialization=not legacy)
    header = read_header(path)
    assert {n: i.shape for n, i in header.tensors.items()} == {
        n: tuple(t.shape) for n, t in made.items()
    }
    assert {n: i.dtype for n, i in header.tensors.items()} == {
        "plain": "F32",
        "half": "BF16",
        "view": "F32",
        "turned": "F32",
        "scalar": "I64",
        "none": "F32",
        "eight": "I8",
    }
    content = path.read_bytes()
    for name in ("plain", "half", "view", "eight"):
        info = header.tensors[name]
        assert content[info.start : info.end] == bytes(
            made[name].view(torch.uint8).flatten().tolist()
        )
    file = MappedFile(header)
    for name, info in header.tensors.items():
        assert torch.equal(file.tensor(info), made[name])


@pytest.mark.parametrize("outer", ["state_dict", "model", "module"])
def test_tables_inside_a_training_checkpoint_are_found(tmp_path: Path, outer: str) -> None:
    path = tmp_path / "x.pt"
    torch.save({outer: OrderedDict(tensors()), "epoch": 3, "loss": 0.5}, path)
    header = read_header(path)
    assert set(header.tensors) == set(tensors())
    assert MappedFile(header).tensor(header.tensors["plain"]).shape == (3, 4)


def test_parameters_count_as_tensors(tmp_path: Path) -> None:
    path = tmp_path / "x.pth"
    torch.save({"w": nn.Parameter(torch.ones(2, 3))}, path)
    assert read_header(path).tensors["w"].shape == (2, 3)


class Attack:
    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, (f"touch {self.marker}",)


@pytest.mark.parametrize("legacy", [False, True])
def test_a_file_with_code_is_refused_and_not_run(tmp_path: Path, legacy: bool) -> None:
    path, marker = tmp_path / "x.pth", tmp_path / "ran"
    torch.save(
        {"w": torch.ones(2), "x": Attack(marker)}, path, _use_new_zipfile_serialization=not legacy
    )
    with pytest.raises(EngineError) as caught:
        read_header(path)
    assert caught.value.report.code == "weights.unsafe"
    assert "system" in caught.value.report.detail
    assert not marker.exists()


def test_a_bare_pickle_with_code_is_refused_and_not_run(tmp_path: Path) -> None:
    path, marker = tmp_path / "x.bin", tmp_path / "ran"
    path.write_bytes(pickle.dumps(Attack(marker), protocol=2))
    with pytest.raises(EngineError) as caught:
        read_header(path)
    assert caught.value.report.code == "weights.unsafe"
    assert not marker.exists()


@pytest.mark.parametrize("keep", [0.3, 0.7, 0.999])
@pytest.mark.parametrize("legacy", [False, True])
def test_cut_off_files(tmp_path: Path, keep: float, legacy: bool) -> None:
    path = tmp_path / "x.pth"
    torch.save({"w": torch.randn(200, 50)}, path, _use_new_zipfile_serialization=not legacy)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * keep)])
    with pytest.raises(EngineError) as caught:
        read_header(path)
    assert caught.value.report.code == "weights.corrupt"


def test_a_zip_without_weights(tmp_path: Path) -> None:
    path = tmp_path / "x.pth"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(EngineError) as caught:
        read_header(path)
    assert caught.value.report.code == "weights.wrong_kind"


def test_a_record_shorter_than_its_tensor(tmp_path: Path) -> None:
    whole, path = tmp_path / "a.pth", tmp_path / "x.pth"
    torch.save({"w": torch.randn(8, 8)}, whole)
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content[:-8] if name.endswith("data/0") else content)
    with pytest.raises(EngineError) as caught:
        read_header(path)
    assert caught.value.report.code == "weights.corrupt"
    assert "256 bytes" in caught.value.report.detail


@pytest.mark.parametrize(
    "bomb",
    [
        b"Nr\xff\xff\xff\x7f.",  # memo number 2^31
        b"\x8e" + (2**62).to_bytes(8, "little") + b"x.",  # a string of 2^62 bytes
        b"X\xff\xff\xff\x7fx.",
        b"\x8b\xff\xff\xff\x7f.",  # an integer of 2^31 bytes
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="needs the resource module")
def test_numbers_in_a_pickle_reserve_no_memory(tmp_path: Path, bomb: bytes) -> None:
    import resource

    path = tmp_path / "x.bin"
    path.write_bytes(b"\x80\x04" + bomb)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(EngineError):
        read_header(path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # kB


def test_state_in_a_pickle_changes_nothing_of_ours(tmp_path: Path) -> None:
    from infinitetalk.weights import pickles

    path = tmp_path / "x.bin"
    state = b"}(X\x0c\x00\x00\x00__defaults__(K\x01tu"
    path.write_bytes(b"\x80\x02ctorch._utils\n_rebuild_tensor_v2\nN" + state + b"\x86b.")
    with pytest.raises(EngineError):
        read_header(path)
    assert pickles._rebuild_tensor.__defaults__ is None


def test_random_bytes_after_the_mark_of_a_pickle(tmp_path: Path) -> None:
    generator = torch.Generator().manual_seed(3)
    path = tmp_path / "x.bin"
    for _ in range(200):
        noise = torch.randint(0, 256, (60,), generator=generator, dtype=torch.uint8)
        path.write_bytes(b"\x80\x02" + bytes(noise.tolist()))
        with pytest.raises(EngineError):
            read_header(path)
