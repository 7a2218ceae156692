"""Headers: read without torch, and refused when a number in them can't be true."""

import json
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import save

from infinitetalk.errors import EngineError
from infinitetalk.weights.header import read_header, read_shard_index


def written(path: Path, table: object, data: bytes = b"", length: int | None = None) -> Path:
    text = table if isinstance(table, bytes) else json.dumps(table).encode()
    path.write_bytes((len(text) if length is None else length).to_bytes(8, "little") + text + data)
    return path


def entry(start: int, end: int, shape: list[int] | None = None, dtype: str = "F32") -> dict:
    return {"dtype": dtype, "shape": shape or [(end - start) // 4], "data_offsets": [start, end]}


def refused(path: Path) -> EngineError:
    with pytest.raises(EngineError) as caught:
        read_header(path)
    return caught.value


@given(
    st.dictionaries(
        st.text(min_size=1, max_size=20).filter(lambda n: n != "__metadata__"),
        st.tuples(
            st.sampled_from([torch.float32, torch.bfloat16, torch.int8, torch.float8_e4m3fn]),
            st.lists(st.integers(0, 4), max_size=4),
        ),
        max_size=8,
    )
)
def test_headers_agree_with_the_safetensors_library(tmp_path_factory, tensors) -> None:
    made = {name: torch.zeros(shape).to(dtype) for name, (dtype, shape) in tensors.items()}
    path = tmp_path_factory.mktemp("h") / "x.safetensors"
    content = save(made)
    path.write_bytes(content)
    header = read_header(path)
    assert {n: i.shape for n, i in header.tensors.items()} == {
        n: tuple(t.shape) for n, t in made.items()
    }
    for name, info in header.tensors.items():
        raw = made[name].contiguous().view(torch.uint8) if made[name].ndim else None
        if raw is not None and raw.numel():
            assert content[info.start : info.end] == bytes(raw.flatten().tolist())


def test_metadata_is_kept(tmp_path: Path) -> None:
    path = written(
        tmp_path / "m.safetensors", {"__metadata__": {"a": "b"}, "x": entry(0, 4)}, b"1234"
    )
    assert read_header(path).metadata == {"a": "b"}


@pytest.mark.parametrize(
    ("table", "data", "said"),
    [
        ({"a": entry(0, 8), "b": entry(4, 12)}, bytes(12), "overlaps"),
        ({"a": entry(0, 4), "b": entry(8, 12)}, bytes(12), "gap"),
        ({"a": entry(4, 8)}, bytes(8), "gap"),
        ({"a": entry(0, 8, [3])}, bytes(8), "needs 12 bytes"),
        ({"a": entry(0, 8, [-2])}, bytes(8), "impossible shape"),
        ({"a": entry(0, 8, [True, 2])}, bytes(8), "impossible shape"),
        ({"a": entry(0, 4, dtype="F7")}, bytes(4), "unknown number format"),
        ({"a": {"dtype": "F32", "shape": [1], "data_offsets": [4, 0]}}, bytes(4), "needs 4 bytes"),
        (
            {"a": {"dtype": "F32", "shape": [1], "data_offsets": [0]}},
            bytes(4),
            "impossible position",
        ),
        ({"a": 3}, b"", "not a table"),
        ({"__metadata__": 3}, b"", "metadata"),
        ({"a": entry(0, 4)}, bytes(9), "5 bytes too many"),
        (b'{"a": {"dtype": "F32"', b"", "not valid"),
        (b'{"a":1,"a":2}', b"", "occurs twice"),
        (b"{\xff}", b"", "not valid"),
    ],
)
def test_damaged_headers_say_what_is_wrong(tmp_path: Path, table, data: bytes, said: str) -> None:
    error = refused(written(tmp_path / "x.safetensors", table, data))
    assert error.report.code == "weights.corrupt"
    assert said in error.report.detail
    assert "x.safetensors" in error.report.detail


def test_a_shape_too_large_for_any_memory_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "x.safetensors", {"a": entry(0, 4, [2**62, 2**62])}, bytes(4))
    assert refused(path).report.code == "weights.corrupt"


@pytest.mark.parametrize("length", [2**63 - 1, 101_000_000])
def test_absurd_header_lengths_reserve_nothing(tmp_path: Path, length: int) -> None:
    error = refused(written(tmp_path / "x.safetensors", b'{"a":1}', length=length))
    assert "more than any model has" in error.report.detail


def test_cut_off_files_tell_how_much_is_there(tmp_path: Path) -> None:
    path = written(tmp_path / "x.safetensors", {"a": entry(0, 8), "b": entry(8, 16)}, bytes(11))
    report = refused(path).report
    assert "1 of 2 tensors are lost or cut" in report.detail
    assert report.facts["expected_bytes"] - report.facts["found_bytes"] == 5
    path.write_bytes(path.read_bytes()[:30])
    assert "ends inside its header" in refused(path).report.detail


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        (b"<!DOCTYPE html><html>", "weights.wrong_kind", "a web page"),
        (b"\xef\xbb\xbf\n  <HTML>", "weights.wrong_kind", "a web page"),
        (b"GGUF\3\0\0\0", "weights.wrong_kind", "GGUF"),
        (b"", "weights.corrupt", "empty"),
        (bytes(2000), "weights.corrupt", "broke off"),
        (b'{"error": "not found"}', "weights.wrong_kind", "JSON"),
        (b"just some text that is no model", "weights.wrong_kind", "neither"),
    ],
)
def test_what_is_no_model_is_named(tmp_path: Path, content: bytes, code: str, said: str) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(content)
    report = refused(path).report
    assert report.code == code
    assert said in report.detail
    assert report.remedy


def test_git_lfs_pointers_tell_what_they_point_to(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    path.write_text(
        "version https://git-lfs.github.com/spec/v1\noid sha256:" + "a" * 64 + "\nsize 9949200000\n"
    )
    report = refused(path).report
    assert report.code == "weights.wrong_kind"
    assert "git-lfs pointer" in report.detail
    assert report.facts["real_size"] == 9949200000
    assert report.facts["sha256"] == "a" * 64


def test_header_length_that_looks_like_a_pickle(tmp_path: Path) -> None:
    text = json.dumps({"a": entry(0, 4)}).encode().ljust(0x0280)  # its length begins 80 02
    path = written(tmp_path / "x.safetensors", text, bytes(4))
    assert list(read_header(path).tensors) == ["a"]


def test_missing_files(tmp_path: Path) -> None:
    assert refused(tmp_path / "no.safetensors").report.code == "weights.missing"


@pytest.mark.parametrize("file", ["../x.safetensors", "/etc/passwd", "a/b", "..", "", 3])
def test_shard_lists_cannot_leave_their_folder(tmp_path: Path, file: object) -> None:
    path = tmp_path / "m.safetensors.index.json"
    path.write_text(json.dumps({"weight_map": {"a": file}}))
    with pytest.raises(EngineError) as caught:
        read_shard_index(path)
    assert caught.value.report.code == "weights.corrupt"
