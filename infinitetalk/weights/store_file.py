"""The block-store file: a safetensors file whose blocks are contiguous, in order and aligned.

Any safetensors reader opens it. What makes it a block store:

- the header is padded so that the data begins on a page; then come the tensors outside blocks (the
  *shared* region), then block after block, each beginning on a page (`store_layout.py`);
- gaps are filled by tensors named `_pad.N`, since the format knows no holes;
- the metadata holds, as JSON under `block_store`, where each region lies and its SHA-256.

Digests are known only after the data is written: the header reserves their place.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from infinitetalk.weights.header import DTYPE_NAMES, FileHeader, corrupt, read_header
from infinitetalk.weights.store_layout import PAGE, TENSOR_ALIGN, BlockLayout, Entry, round_up

STORE_FORMAT = 1
KEY = "block_store"
PAD = "_pad."
SHARED = "shared"
NO_DIGEST = "0" * 64

TORCH_DTYPES = {
    key: getattr(torch, name) for key, name in DTYPE_NAMES.items() if hasattr(torch, name)
}
DTYPE_KEYS = {dtype: key for key, dtype in TORCH_DTYPES.items()}


@dataclass(frozen=True, kw_only=True)
class Region:
    """One contiguous piece of the file: the shared tensors, or one block."""

    name: str  # SHARED, or the prefix of its tensors: "blocks.7"
    start: int  # bytes from the beginning of the data; a page
    layout: BlockLayout

    @property
    def end(self) -> int:
        return self.start + self.layout.nbytes

    def full_name(self, name: str) -> str:
        return name if self.name == SHARED else f"{self.name}.{name}"


@dataclass(frozen=True, kw_only=True)
class StoreFacts:
    """What the file says of itself."""

    precision: str  # bf16, fp8, int8, fp32
    identity: str  # of the weights it was made from
    loras: tuple[str, ...] = ()  # merged ones, in the user's words


def regions_in_order(
    shared: BlockLayout, blocks: Sequence[tuple[str, BlockLayout]]
) -> list[Region]:
    """The shared region, then the named blocks, one after the other."""
    regions = [Region(name=SHARED, start=0, layout=shared)]
    for name, layout in blocks:
        regions.append(Region(name=name, start=regions[-1].end, layout=layout))
    return regions


def header_bytes(
    regions: Sequence[Region], facts: StoreFacts, digests: Sequence[str] | None = None
) -> bytes:
    """Length and header of the file, as long with digests as without; a whole number of pages."""
    table: dict[str, Any] = {}
    position = pads = 0

    def pad_to(end: int) -> None:
        nonlocal position, pads
        if end > position:
            shape = [end - position]
            table[f"{PAD}{pads}"] = {"dtype": "U8", "shape": shape, "data_offsets": [position, end]}
            pads += 1
            position = end

    for region in regions:
        for entry in region.layout.entries:
            start, end = region.start + entry.offset, region.start + entry.end
            pad_to(start)
            table[region.full_name(entry.name)] = {
                "dtype": DTYPE_KEYS[entry.dtype],
                "shape": list(entry.shape),
                "data_offsets": [start, end],
            }
            position = end
        pad_to(region.end)
    described = {
        "format": STORE_FORMAT,
        "precision": facts.precision,
        "identity": facts.identity,
        "loras": list(facts.loras),
        "regions": [
            {
                "name": region.name,
                "start": region.start,
                "context": region.layout.context_bytes,
                "bytes": region.layout.nbytes,
                "sha256": digest,
            }
            for region, digest in zip(regions, digests or [NO_DIGEST] * len(regions), strict=True)
        ],
    }
    table = {"__metadata__": {KEY: json.dumps(described), "format": "pt"}, **table}
    text = json.dumps(table).encode()
    length = round_up(8 + len(text), PAGE) - 8
    return length.to_bytes(8, "little") + text.ljust(length)


@dataclass(frozen=True, kw_only=True)
class StoreHeader:
    """The header of a block store, checked."""

    path: Path
    data_start: int  # bytes from the beginning of the file; a page
    regions: tuple[Region, ...]
    digests: tuple[str, ...]
    facts: StoreFacts

    @property
    def shared(self) -> Region:
        return self.regions[0]

    @property
    def blocks(self) -> tuple[Region, ...]:
        return self.regions[1:]


def is_block_store(header: FileHeader) -> bool:
    return KEY in header.metadata


def read_store_header(path: Path) -> StoreHeader:
    """Raises EngineError `weights.missing`, `weights.wrong_kind` or `weights.corrupt`."""
    header = read_header(path)
    try:
        described = json.loads(header.metadata[KEY])
        if described["format"] != STORE_FORMAT:
            raise ValueError(f"its format is {described['format']}, known is {STORE_FORMAT}")
        return _parse(header, described)
    except (KeyError, TypeError, ValueError) as error:
        raise corrupt(path, f"not a block store of this program ({error}).") from error


def _parse(header: FileHeader, described: dict[str, Any]) -> StoreHeader:
    data_start = min((t.start for t in header.tensors.values()), default=header.size)
    listed = [
        (str(r["name"]), int(r["start"]), int(r["context"]), int(r["bytes"]), str(r["sha256"]))
        for r in described["regions"]
    ]
    position = 0
    for _, start, context, size, _ in listed:
        if start != position or size % PAGE or context % PAGE or not 0 <= context <= size:
            raise ValueError("its regions are not in place")
        position += size
    end_of_data = data_start + position
    if not listed or listed[0][0] != SHARED or data_start % PAGE or end_of_data != header.size:
        raise ValueError("its regions are not in place")
    entries: list[list[Entry]] = [[] for _ in listed]
    tensors = sorted(header.tensors.values(), key=lambda t: (t.start, t.end))
    number = 0
    for info in tensors:
        if info.name.startswith(PAD):
            continue
        start = info.start - data_start
        while start >= listed[number][1] + listed[number][3] and number + 1 < len(listed):
            number += 1
        name, first, _, size, _ = listed[number]
        prefix = "" if name == SHARED else f"{name}."
        inside = first <= start <= info.end - data_start <= first + size
        if not inside or (start - first) % TENSOR_ALIGN:
            raise ValueError(f"{info.name} lies outside its block")
        if not info.name.startswith(prefix):
            raise ValueError(f"{info.name} lies in {name}")
        entries[number].append(
            Entry(
                name=info.name[len(prefix) :],
                dtype=TORCH_DTYPES[info.dtype],
                shape=info.shape,
                offset=start - first,
            )
        )
    regions = tuple(
        Region(
            name=name,
            start=start,
            layout=BlockLayout(entries=tuple(found), context_bytes=context, nbytes=size),
        )
        for (name, start, context, size, _), found in zip(listed, entries, strict=True)
    )
    return StoreHeader(
        path=header.path,
        data_start=data_start,
        regions=regions,
        digests=tuple(digest for *_, digest in listed),
        facts=StoreFacts(
            precision=str(described["precision"]),
            identity=str(described["identity"]),
            loras=tuple(str(name) for name in described["loras"]),
        ),
    )
