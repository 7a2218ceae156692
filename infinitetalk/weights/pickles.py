"""PyTorch's pickled files: listed without torch and without running anything; loaded mapped.

This is the one place that calls `torch.load`, always with `weights_only=True`. The listing uses an
unpickler of our own that knows a handful of names, each answered by a harmless record of ours;
any other name means that the file could run a program, and it is refused.
"""

import io
import pickle
import struct
import zipfile
import zlib
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, ClassVar, NoReturn

from infinitetalk.errors import engine_error
from infinitetalk.weights.header import (
    DTYPE_BYTES,
    DTYPE_NAMES,
    FileHeader,
    TensorInfo,
    corrupt,
    wrong_kind,
)

if TYPE_CHECKING:
    from torch import Tensor

MAX_PICKLE = 64 * 1024 * 1024  # names and shapes of a checkpoint; the published ones take 0.1 MB
LEGACY_MAGIC = 0x1950A86A20F9469CFC6C  # first pickle of files written before torch 1.6

STORAGE_DTYPES: Mapping[str, str] = {
    "DoubleStorage": "F64",
    "FloatStorage": "F32",
    "HalfStorage": "F16",
    "BFloat16Storage": "BF16",
    "Float8_e4m3fnStorage": "F8_E4M3",
    "Float8_e5m2Storage": "F8_E5M2",
    "LongStorage": "I64",
    "IntStorage": "I32",
    "ShortStorage": "I16",
    "CharStorage": "I8",
    "ByteStorage": "U8",
    "BoolStorage": "BOOL",
    "ComplexFloatStorage": "C64",
    "UntypedStorage": "U8",
}
TORCH_DTYPES = {name: code for code, name in DTYPE_NAMES.items()}


@dataclass(frozen=True)
class _StorageType:
    dtype: str


@dataclass(frozen=True)
class _Storage:
    dtype: str
    key: str
    numel: int


@dataclass(frozen=True)
class _Tensor:
    storage: _Storage
    offset: int  # elements
    shape: tuple[int, ...]
    stride: tuple[int, ...]
    dtype: str

    def last_element(self) -> int:
        """Elements of the storage that this tensor reaches into."""
        if 0 in self.shape:
            return self.offset
        steps = (n - 1 for n in self.shape)
        return self.offset + 1 + sum(n * s for n, s in zip(steps, self.stride, strict=True))


def _rebuild_tensor(storage: _Storage, offset: int, shape: Any, stride: Any, *_: Any) -> _Tensor:
    return _Tensor(storage, int(offset), tuple(shape), tuple(stride), storage.dtype)


def _rebuild_tensor_v3(
    storage: _Storage, offset: int, shape: Any, stride: Any, _grad: Any, _hooks: Any, dtype: str
) -> _Tensor:
    return _Tensor(storage, int(offset), tuple(shape), tuple(stride), dtype)


def _rebuild_parameter(data: _Tensor, *_: Any) -> _Tensor:
    return data


def _inert(*_: Any) -> None:
    """Stands for a value that says nothing about weights (devices, layouts)."""


class _UnsafeName(Exception):  # noqa: N818 - carries a name, and never leaves this module
    pass


def _ignore_state(unpickler: Any) -> None:
    """An object's own state says nothing about tensors, and would be set on our records."""
    unpickler.stack.pop()


class _Lister(pickle._Unpickler):
    """Rebuilds the tables of a checkpoint with records instead of tensors.

    The unpickler written in Python, since the one in C can be made to reserve gigabytes by a single
    number; a published table takes it some 30 ms.
    """

    dispatch: ClassVar[dict[int, Callable[[Any], None]]] = {
        **pickle._Unpickler.dispatch,
        pickle.BUILD[0]: _ignore_state,
    }

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if module == "torch._utils":
            known = {
                "_rebuild_tensor": _rebuild_tensor,
                "_rebuild_tensor_v2": _rebuild_tensor,
                "_rebuild_tensor_v3": _rebuild_tensor_v3,
                "_rebuild_parameter": _rebuild_parameter,
            }
            if name in known:
                return known[name]
        if module in ("torch", "torch.storage"):
            if name in STORAGE_DTYPES:
                return _StorageType(STORAGE_DTYPES[name])
            if name in TORCH_DTYPES:
                return TORCH_DTYPES[name]
            if name == "Size":
                return tuple
            if name == "device":
                return _inert
        if (module, name) == ("torch.serialization", "_get_layout"):
            return _inert
        raise _UnsafeName(f"{module}.{name}")

    def persistent_load(self, pid: Any) -> _Storage:
        kind, storage_type, key, _location, numel = tuple(pid)[:5]
        if kind != "storage" or not isinstance(storage_type, _StorageType):
            raise pickle.UnpicklingError("a reference that is no storage")
        return _Storage(storage_type.dtype, str(key), int(numel))


def _unpickle(path: Path, file: Any) -> Any:
    try:
        return _Lister(file).load()
    except _UnsafeName as error:
        raise engine_error(
            "weights.unsafe",
            "This file could run a program",
            f"{path.name}: a pickle that asks for {error}; it was not loaded.",
            "Use the safetensors file of this model.",
            path=str(path),
            name=str(error),
        ) from None
    except Exception as error:
        raise corrupt(path, f"its table of tensors can't be read ({error}).") from error


def list_pickle(path: Path) -> FileHeader:
    """Names, dtypes and shapes of a `.pth`, `.pt` or `.bin` file; no torch, nothing executed.

    Raises EngineError: `weights.corrupt`, `weights.unsafe`, or `weights.wrong_kind` for a zip or
    pickle without tensors.
    """
    with path.open("rb") as file:
        is_zip = file.read(2) == b"PK"
    return _list_zip(path) if is_zip else _list_legacy(path)


# What Python's zip reader raises over damaged tables, besides what it calls a bad zip file.
_DAMAGED = (OSError, ValueError, RuntimeError, EOFError, OverflowError, struct.error)


def _list_zip(path: Path) -> FileHeader:
    try:
        return _zip_header(path)
    except _DAMAGED as error:
        raise corrupt(path, f"its table of contents can't be read ({error}).") from error


def _zip_header(path: Path) -> FileHeader:
    size = path.stat().st_size
    try:
        archive = zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise corrupt(
            path,
            f"it is cut off: its table of contents, at the end, is missing ({size} bytes are "
            "there).",
            truncated=True,
            found_bytes=size,
        ) from error
    with archive, path.open("rb") as raw:
        entries = {info.filename: info for info in archive.infolist()}
        table = next((name for name in entries if name.endswith("/data.pkl")), None)
        if table is None:
            raise wrong_kind(path, "a zip archive without weights.", "Choose the model file.")
        info = entries[table]
        if info.file_size > MAX_PICKLE or info.compress_type != zipfile.ZIP_STORED:
            raise corrupt(path, "its table of tensors has an impossible size or form.")
        try:
            content = archive.read(info)
        except (zipfile.BadZipFile, zlib.error, *_DAMAGED) as error:
            raise corrupt(path, f"its table of tensors is damaged ({error}).") from error
        tensors = _tensors(path, _unpickle(path, io.BytesIO(content)))
        folder = table[: -len("data.pkl")]
        starts: dict[str, int] = {}
        for tensor in tensors.values():
            key = tensor.storage.key
            if key not in starts:
                starts[key] = _zip_data_start(path, raw, entries, f"{folder}data/{key}", tensor)
    return FileHeader(
        path=path,
        container="pickle",
        size=size,
        tensors={name: _info(name, t, starts[t.storage.key]) for name, t in tensors.items()},
    )


def _zip_data_start(
    path: Path, raw: BinaryIO, entries: Mapping[str, zipfile.ZipInfo], name: str, tensor: _Tensor
) -> int:
    """First byte of a stored record, after its local header (30 bytes, a name, an extra field)."""
    info = entries.get(name)
    needed = tensor.storage.numel * DTYPE_BYTES[tensor.storage.dtype]
    if info is None or info.file_size != needed or info.compress_type != zipfile.ZIP_STORED:
        found = "missing" if info is None else f"{info.file_size} bytes"
        raise corrupt(path, f"the record {name} of {needed} bytes is {found}.")
    raw.seek(info.header_offset)
    local = raw.read(30)
    if len(local) < 30 or local[:4] != b"PK\x03\x04":
        raise corrupt(path, f"the record {name} has no header.")
    skip = int.from_bytes(local[26:28], "little") + int.from_bytes(local[28:30], "little")
    return info.header_offset + 30 + skip


def _list_legacy(path: Path) -> FileHeader:
    size = path.stat().st_size
    with path.open("rb") as opened, io.BytesIO(opened.read(MAX_PICKLE)) as file:
        if _unpickle(path, file) != LEGACY_MAGIC:
            raise wrong_kind(
                path, "a pickle, but not one of weights.", "Choose the model file.", found="pickle"
            )
        _unpickle(path, file)  # protocol version
        _unpickle(path, file)  # sizes of C types where it was written
        tensors = _tensors(path, _unpickle(path, file))
        order = _unpickle(path, file)
        if not isinstance(order, list):
            raise corrupt(path, "its list of storages is missing.")
        sizes = {
            t.storage.key: t.storage.numel * DTYPE_BYTES[t.storage.dtype] for t in tensors.values()
        }
        position, starts = file.tell(), {}
        for key in map(str, order):
            starts[key] = position + 8  # each storage is preceded by its count of elements
            position += 8 + sizes.get(key, 0)
    lost = sizes.keys() - starts.keys()
    if lost or size < position:
        raise corrupt(
            path,
            f"it is cut off: {size} of {position} bytes are there.",
            truncated=True,
            found_bytes=size,
            expected_bytes=position,
        )
    return FileHeader(
        path=path,
        container="pickle",
        size=size,
        tensors={name: _info(name, t, starts[t.storage.key]) for name, t in tensors.items()},
        mappable=False,
    )


def _tensors(path: Path, content: Any) -> dict[str, _Tensor]:
    """The table of tensors: the object itself, or the one inside `state_dict` and the like."""
    if isinstance(content, Mapping):
        for inner in ("state_dict", "model", "module", "params"):
            if isinstance(content.get(inner), Mapping):
                content = content[inner]
                break
    if isinstance(content, Mapping):
        found = {str(name): t for name, t in content.items() if isinstance(t, _Tensor)}
    else:
        found = {}
    if not found:
        raise wrong_kind(path, "a PyTorch file without weights.", "Choose the model file.")
    for name, tensor in found.items():
        _check_tensor(path, name, tensor)
    return found


def _check_tensor(path: Path, name: str, tensor: _Tensor) -> None:
    numbers = (tensor.offset, *tensor.shape, *tensor.stride, tensor.storage.numel)
    if any(not isinstance(n, int) or n < 0 for n in numbers):
        raise corrupt(path, f"{name} has an impossible shape {tensor.shape}.", tensor=name)
    item = DTYPE_BYTES[tensor.dtype] // DTYPE_BYTES[tensor.storage.dtype] or 1
    if len(tensor.shape) != len(tensor.stride) or (
        tensor.last_element() * item > tensor.storage.numel
    ):
        raise corrupt(path, f"{name} reaches beyond its storage.", tensor=name)


def _info(name: str, tensor: _Tensor, start: int) -> TensorInfo:
    item = DTYPE_BYTES[tensor.dtype]
    begin = start + tensor.offset * item
    numel = 1
    for n in tensor.shape:
        numel *= n
    return TensorInfo(
        name=name, dtype=tensor.dtype, shape=tensor.shape, start=begin, end=begin + numel * item
    )


def load_mapped(header: FileHeader) -> dict[str, "Tensor"]:
    """The tensors of a listed PyTorch file, mapped from disk where its kind allows that.

    Raises EngineError `weights.unsafe` or `weights.corrupt` where torch itself refuses the file.
    """
    import torch

    path = header.path
    try:
        content = torch.load(  # noqa: TID251 - the one permitted place
            path, map_location="cpu", weights_only=True, mmap=header.mappable
        )
    except pickle.UnpicklingError as error:
        _unsafe(path, error)
    except (RuntimeError, OSError, ValueError, EOFError, KeyError) as error:
        raise corrupt(path, f"it can't be loaded ({error}).") from error
    for inner in ("state_dict", "model", "module", "params"):
        if isinstance(content.get(inner), Mapping):
            content = content[inner]
            break
    return {name: content[name].detach() for name in header.tensors}


def _unsafe(path: Path, error: Exception) -> NoReturn:
    raise engine_error(
        "weights.unsafe",
        "This file could run a program",
        f"{path.name}: torch refuses to load it as plain weights.",
        "Use the safetensors file of this model.",
        path=str(path),
        reason=str(error).splitlines()[0] if str(error) else "",
    ) from error
