"""Headers of weights files: names, dtypes, shapes and offsets, without reading a weight.

Nothing here imports torch, so a folder of 66 GB is listed in milliseconds. Every number of a header
is checked against the length of the file before anyone reserves memory by it.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import prod
from pathlib import Path
from typing import Any, Literal, NoReturn

from infinitetalk.errors import EngineError, ErrorReport, engine_error

Container = Literal["safetensors", "pickle"]
Sniffed = Literal[
    "safetensors", "zip", "pickle", "gguf", "html", "lfs", "empty", "zeros", "json", "unknown"
]

MAX_HEADER = 100 * 1000 * 1000  # the limit of the safetensors format itself
DTYPE_BYTES: Mapping[str, int] = {
    "F64": 8,
    "F32": 4,
    "F16": 2,
    "BF16": 2,
    "F8_E4M3": 1,
    "F8_E5M2": 1,
    "F8_E8M0": 1,
    "I64": 8,
    "I32": 4,
    "I16": 2,
    "I8": 1,
    "U64": 8,
    "U32": 4,
    "U16": 2,
    "U8": 1,
    "BOOL": 1,
    "C64": 8,
}
DTYPE_NAMES: Mapping[str, str] = {
    "F64": "float64",
    "F32": "float32",
    "F16": "float16",
    "BF16": "bfloat16",
    "F8_E4M3": "float8_e4m3fn",
    "F8_E5M2": "float8_e5m2",
    "F8_E8M0": "float8_e8m0fnu",
    "I64": "int64",
    "I32": "int32",
    "I16": "int16",
    "I8": "int8",
    "U64": "uint64",
    "U32": "uint32",
    "U16": "uint16",
    "U8": "uint8",
    "BOOL": "bool",
    "C64": "complex64",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class TensorInfo:
    """One stored tensor. `start` and `end` are bytes from the beginning of its file."""

    name: str
    dtype: str  # a key of DTYPE_BYTES
    shape: tuple[int, ...]
    start: int
    end: int

    @property
    def nbytes(self) -> int:
        return self.end - self.start

    @property
    def numel(self) -> int:
        return prod(self.shape)


@dataclass(frozen=True, kw_only=True)
class FileHeader:
    """What a weights file says it holds."""

    path: Path
    container: Container
    size: int  # bytes of the file
    tensors: Mapping[str, TensorInfo]
    metadata: Mapping[str, str] = field(default_factory=dict)
    mappable: bool = True  # False: pickles of the old kind, read into memory as a whole


def corrupt(path: Path, detail: str, **facts: Any) -> EngineError:
    """A damaged file, for the caller to raise."""
    return engine_error(
        "weights.corrupt",
        "A weights file is damaged",
        f"{path.name}: {detail}",
        "Download this file again.",
        path=str(path),
        **facts,
    )


def unreadable(path: Path) -> EngineError:
    """A file of another user, for the caller to raise."""
    return engine_error(
        "weights.unreadable",
        "This file may not be read",
        f"{path.name}: this user has no right to read it.",
        "Ask its owner for the right to read it (chmod a+r), or for a copy.",
        path=str(path),
        name=path.name,
    )


def wrong_kind(path: Path, detail: str, remedy: str, **facts: Any) -> EngineError:
    """A file that is something else than a model this program runs, for the caller to raise."""
    return engine_error(
        "weights.wrong_kind",
        "This is not the file that is needed",
        f"{path.name}: {detail}",
        remedy,
        path=str(path),
        **facts,
    )


def missing_file(path: Path, what: str = "A weights file") -> EngineError:
    return EngineError(
        ErrorReport(
            code="weights.missing",
            title="A weights file is missing",
            detail=f"{what} was expected at {path}, and nothing is there.",
            remedy="Download it, or name the folder that has it.",
            facts={"path": str(path)},
        )
    )


def sniff(path: Path) -> Sniffed:
    """What the first bytes of a file say it is. Raises OSError if it can't be read."""
    with path.open("rb") as file:
        head = file.read(512)
    if not head:
        return "empty"
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    table = head[8:9] == b"{"  # where the header of a safetensors file begins
    if table and int.from_bytes(head[:8], "little") <= MAX_HEADER:
        return "safetensors"  # first: the length before it may look like the mark of a pickle
    signs: list[tuple[bool, Sniffed]] = [
        (head.startswith(b"GGUF"), "gguf"),
        (head.startswith(b"version https://git-lfs"), "lfs"),
        (head.startswith((b"PK\x03\x04", b"PK\x05\x06")), "zip"),
        (head[:2] in (b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05"), "pickle"),
        (text.startswith((b"<!doctype", b"<html", b"<head", b"<?xml", b"<script")), "html"),
        (text.startswith((b"{", b"[")), "json"),
        (table, "safetensors"),
        (not head.strip(b"\0"), "zeros"),
    ]
    for found, kind in signs:
        if found:
            return kind
    return "unknown"


def _refuse(path: Path, kind: Sniffed, size: int) -> NoReturn:
    again = "Download the file itself, not the page that shows it."
    match kind:
        case "html":
            raise wrong_kind(
                path, "a web page was saved instead of the model.", again, found="html"
            )
        case "lfs":
            raise wrong_kind(
                path,
                f"a git-lfs pointer of {size} bytes, not the model it points to.",
                "Run `git lfs pull` in its folder, or download the file itself.",
                found="lfs",
                **_pointed_at(path),
            )
        case "gguf":
            raise wrong_kind(
                path,
                "a GGUF file; this program does not read GGUF.",
                "Take the safetensors file of the same model.",
                found="gguf",
            )
        case "empty":
            raise corrupt(path, "the file is empty.", found="empty")
        case "zeros":
            raise corrupt(path, "the file begins with zeros: its download broke off.", found=kind)
        case "json":
            raise wrong_kind(
                path, "a JSON text, not a model.", "Choose the model file.", found="json"
            )
        case _:
            raise wrong_kind(
                path,
                "neither a safetensors file nor a PyTorch file.",
                "Choose the model file; weights end in .safetensors, .pth or .bin.",
                found="unknown",
            )


def _pointed_at(path: Path) -> dict[str, Any]:
    """Size and digest that a git-lfs pointer names."""
    text = path.read_bytes()[:1024].decode("ascii", "replace")
    size = re.search(r"^size (\d+)$", text, re.MULTILINE)
    oid = re.search(r"^oid sha256:([0-9a-f]{64})$", text, re.MULTILINE)
    return {
        "real_size": int(size[1]) if size else None,
        "sha256": oid[1] if oid else None,
    }


def read_header(path: Path) -> FileHeader:
    """The header of a safetensors or PyTorch file, fully checked.

    Raises EngineError: `weights.missing`, `weights.wrong_kind` (web page, git-lfs pointer, GGUF, no
    model), `weights.corrupt` (truncated, damaged), `weights.unreadable` (of another user),
    `weights.unsafe` (a pickle with code).
    """
    if not path.is_file():
        raise missing_file(path)
    try:
        size = path.stat().st_size
        kind = sniff(path)
    except PermissionError as error:
        raise unreadable(path) from error
    except OSError as error:
        raise corrupt(path, f"it can't be read ({error.strerror}).", found="unreadable") from error
    if kind == "safetensors":
        return _read_safetensors(path, size)
    if kind in ("zip", "pickle"):
        from infinitetalk.weights.pickles import list_pickle

        return list_pickle(path)
    _refuse(path, kind, size)


def _read_safetensors(path: Path, size: int) -> FileHeader:
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if length > MAX_HEADER:
            raise corrupt(path, f"its header claims {length} bytes, more than any model has.")
        if length > size - 8:
            raise corrupt(
                path,
                f"it ends inside its header: {size} of at least {length + 8} bytes are there.",
                truncated=True,
                found_bytes=size,
                expected_bytes=length + 8,
            )
        raw = file.read(length)
    try:
        entries = json.loads(raw.decode("utf-8"), object_pairs_hook=_no_duplicates)
    except (ValueError, RecursionError) as error:
        raise corrupt(path, f"its header is not valid ({error}).") from error
    if not isinstance(entries, dict):
        raise corrupt(path, "its header is not a table of tensors.")
    metadata = entries.pop("__metadata__", {})
    if not isinstance(metadata, dict):
        raise corrupt(path, "the metadata of its header is not a table.")
    tensors = {name: _tensor(path, name, entry, 8 + length) for name, entry in entries.items()}
    _check_layout(path, tensors, 8 + length, size)
    return FileHeader(
        path=path,
        container="safetensors",
        size=size,
        tensors=tensors,
        metadata={str(key): str(value) for key, value in metadata.items()},
    )


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{twice!r} occurs twice")
    return table


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _tensor(path: Path, name: str, entry: Any, data_start: int) -> TensorInfo:
    if not isinstance(entry, dict):
        raise corrupt(path, f"the header entry of {name} is not a table.")
    dtype, shape, offsets = entry.get("dtype"), entry.get("shape"), entry.get("data_offsets")
    if not isinstance(dtype, str) or dtype not in DTYPE_BYTES:
        raise corrupt(path, f"{name} has the unknown number format {dtype!r}.")
    if not isinstance(shape, list) or not all(_is_count(n) for n in shape):
        raise corrupt(path, f"{name} has the impossible shape {shape!r}.")
    if not isinstance(offsets, list) or len(offsets) != 2 or not all(map(_is_count, offsets)):
        raise corrupt(path, f"{name} has the impossible position {offsets!r}.")
    start, end = offsets
    needed = prod(shape) * DTYPE_BYTES[dtype]
    if end - start != needed:
        raise corrupt(
            path,
            f"{name} with shape {shape} in {DTYPE_NAMES[dtype]} needs {needed} bytes; "
            f"the header gives it {end - start}.",
            tensor=name,
        )
    return TensorInfo(
        name=name, dtype=dtype, shape=tuple(shape), start=data_start + start, end=data_start + end
    )


def _check_layout(path: Path, tensors: Mapping[str, TensorInfo], start: int, size: int) -> None:
    """Tensors must follow each other without gap or overlap up to the last byte of the file."""
    position = start
    for tensor in sorted(tensors.values(), key=lambda info: (info.start, info.end)):
        if tensor.start != position:
            fault = "overlaps the tensor before it" if tensor.start < position else "leaves a gap"
            raise corrupt(path, f"{tensor.name} {fault} in the file.", tensor=tensor.name)
        position = tensor.end
    if position > size:
        lost = sum(1 for tensor in tensors.values() if tensor.end > size)
        raise corrupt(
            path,
            f"it is cut off: {size} of {position} bytes are there, "
            f"{lost} of {len(tensors)} tensors are lost or cut.",
            truncated=True,
            found_bytes=size,
            expected_bytes=position,
            lost_tensors=lost,
        )
    if position < size:
        raise corrupt(path, f"{size - position} bytes too many follow its last tensor.")


def read_shard_index(path: Path) -> dict[str, str]:
    """`weight_map` of a `*.safetensors.index.json`: tensor name to file name in the same folder.

    Raises EngineError `weights.corrupt` for anything else, also for names that leave the folder.
    """
    try:
        table = json.loads(path.read_text("utf-8"))["weight_map"]
        items = dict(table)
    except FileNotFoundError as error:
        raise missing_file(path, "The list of shards") from error
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise corrupt(path, "it is not a list of shards.") from error
    for name, file in items.items():
        if not isinstance(file, str) or Path(file).name != file or file in ("", ".", ".."):
            raise corrupt(path, f"it places {name} outside its folder ({file!r}).")
    return items


def read_json(path: Path) -> dict[str, Any]:
    """A small JSON table beside the weights; empty where there is none or it can't be read."""
    try:
        if path.stat().st_size > 4 * 1024 * 1024:
            return {}
        table = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return table if isinstance(table, dict) else {}
