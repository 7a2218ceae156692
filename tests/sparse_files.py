"""Weights files of any size that cost no disk: real headers, and holes instead of numbers.

All weights read as zeros. On a file system without sparse files they would need their full size.
"""

import io
import json
import pickle
import struct
from collections.abc import Mapping
from math import prod
from pathlib import Path
from typing import Any

import torch
from torch._utils import _rebuild_tensor_v2

from infinitetalk.weights.header import DTYPE_BYTES

Tensors = Mapping[str, tuple[str, tuple[int, ...]]]  # name -> dtype code, shape
ALIGN = 64  # torch places records on multiples of this


def write_safetensors(
    path: Path, tensors: Tensors, metadata: Mapping[str, str] | None = None
) -> None:
    """A safetensors file with these tensors, all zeros."""
    header: dict[str, Any] = {"__metadata__": dict(metadata)} if metadata else {}
    position = 0
    for name, (dtype, shape) in tensors.items():
        end = position + prod(shape) * DTYPE_BYTES[dtype]
        header[name] = {"dtype": dtype, "shape": list(shape), "data_offsets": [position, end]}
        position = end
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        file.truncate(8 + len(text) + position)


class _Storage:
    def __init__(self, dtype: str, key: int, numel: int) -> None:
        self.dtype, self.key, self.numel = dtype, key, numel


class _Tensor:
    """Pickles as torch pickles a contiguous tensor that has its storage for itself."""

    def __init__(self, storage: _Storage, shape: tuple[int, ...]) -> None:
        self.storage, self.shape = storage, shape

    def __reduce__(self) -> tuple[Any, ...]:
        strides = tuple(prod(self.shape[n + 1 :]) for n in range(len(self.shape)))
        from collections import OrderedDict

        return _rebuild_tensor_v2, (self.storage, 0, self.shape, strides, False, OrderedDict())


STORAGES = {
    "F32": torch.FloatStorage,
    "F16": torch.HalfStorage,
    "BF16": torch.BFloat16Storage,
    "I64": torch.LongStorage,
}


class _Pickler(pickle.Pickler):
    def persistent_id(self, obj: Any) -> Any:
        if isinstance(obj, _Storage):
            return ("storage", STORAGES[obj.dtype], str(obj.key), "cpu", obj.numel)
        return None


def write_pth(path: Path, tensors: Tensors) -> None:
    """A PyTorch file (zip of a pickle and one record per tensor), all zeros, beyond 4 GB too."""
    table, records = {}, []
    for key, (name, (dtype, shape)) in enumerate(tensors.items()):
        numel = prod(shape)
        table[name] = _Tensor(_Storage(dtype, key, numel), shape)
        records.append((f"archive/data/{key}", None, numel * DTYPE_BYTES[dtype]))
    buffer = io.BytesIO()
    _Pickler(buffer, protocol=2).dump(table)
    content = buffer.getvalue()
    path.parent.mkdir(parents=True, exist_ok=True)
    _write_zip(
        path,
        [
            ("archive/data.pkl", content, len(content)),
            ("archive/byteorder", b"little", 6),
            *records,
            ("archive/version", b"3\n", 2),
        ],
    )


def _write_zip(path: Path, records: list[tuple[str, bytes | None, int]]) -> None:
    """A stored zip64 archive; records without content are holes (their CRC is not computed)."""
    import zlib

    central = bytearray()
    with path.open("wb") as file:
        for name, content, size in records:
            start = file.tell()
            encoded = name.encode()
            crc = zlib.crc32(content) if content is not None else 0
            wide = struct.pack("<HHQQ", 1, 16, size, size)
            bare = 30 + len(encoded) + len(wide) + 4
            fill = -(start + bare) % ALIGN
            extra = wide + struct.pack("<HH", 0x4246, fill) + b"Z" * fill
            file.write(
                struct.pack(
                    "<4sHHHHHIIIHH",
                    b"PK\x03\x04",
                    45,
                    0,
                    0,
                    0,
                    0,
                    crc,
                    0xFFFFFFFF,
                    0xFFFFFFFF,
                    len(encoded),
                    len(extra),
                )
                + encoded
                + extra
            )
            if content is None:
                file.seek(size, io.SEEK_CUR)
            else:
                file.write(content)
            wide = struct.pack("<HHQQQ", 1, 24, size, size, start)
            central += struct.pack(
                "<4sHHHHHHIIIHHHHHII",
                b"PK\x01\x02",
                45,
                45,
                0,
                0,
                0,
                0,
                crc,
                0xFFFFFFFF,
                0xFFFFFFFF,
                len(encoded),
                len(wide),
                0,
                0,
                0,
                0,
                0xFFFFFFFF,
            )
            central += encoded + wide
        begin = file.tell()
        file.write(central)
        end = file.tell()
        count = len(records)
        file.write(
            struct.pack(
                "<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, end - begin, begin
            )
        )
        file.write(struct.pack("<4sIQI", b"PK\x06\x07", 0, end, 1))
        file.write(
            struct.pack(
                "<4sHHHHIIH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0
            )
        )
