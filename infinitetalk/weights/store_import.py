"""Makes a block store of any weights, once: resumable, checked, with little memory.

The file grows beside its final name as `NAME.part`; after each region is on the disk its digest
goes into `NAME.part.json`. Killed at any moment, the next call goes on after the last whole region.
At the end all regions are read back and compared, those that differ are written again, and only
then does the file take its name.
"""

import hashlib
import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor

from infinitetalk.errors import GIB, engine_error
from infinitetalk.weights.header import corrupt
from infinitetalk.weights.store import PIECE, Progress, digest_of
from infinitetalk.weights.store_coding import Coding, EightBitCoding
from infinitetalk.weights.store_file import (
    PAD,
    SHARED,
    Region,
    StoreFacts,
    header_bytes,
    regions_in_order,
)
from infinitetalk.weights.store_layout import (
    TensorSpec,
    is_context,
    lay_out,
    rank_of_use,
)
from infinitetalk.weights.store_lock import store_lock
from infinitetalk.weights.tensors import State

BLOCK_NAME = re.compile(r"(blocks\.\d+)\.(.+)")
SPARE_DISK = 256 * 1024**2  # bytes that must stay free beside the file
WRITE_ATTEMPTS = 2  # of a region that reads back differently

Adjust = Callable[[str, Tensor], Tensor]  # full name and values -> values (merged LoRAs)


@dataclass(frozen=True, kw_only=True)
class ImportOptions:
    """What an import does besides copying."""

    identity: str = ""  # of the source, so that a resumed import goes on with the same weights
    loras: tuple[str, ...] = ()  # names of what `adjust` merges
    adjust: Adjust | None = None
    context: Callable[[str], bool] = is_context
    progress: Progress | None = None
    check_cancel: Callable[[], None] | None = None


def import_weights(
    source: Mapping[str, Tensor],
    target: Path,
    coding: Coding,
    options: ImportOptions | None = None,
    *,
    specs: Iterable[TensorSpec] | None = None,
) -> Path:
    """Writes `source` (published names, mapped) as the block store `target` and returns its path.

    Memory: one block, and the widened copy of one tensor. `specs` tells names, dtypes and shapes
    where asking the source for a tensor is costly. Raises EngineError `disk.not_enough`,
    `weights.import_busy` (another program writes it), `weights.corrupt` (what was written does not
    read back); ValueError without blocks.
    """
    chosen = options or ImportOptions()
    every = specs if specs is not None else _source_specs(source)
    described = [spec for spec in every if not spec.name.startswith(PAD)]  # of another store
    plan = _plan(described, coding, chosen)
    target.parent.mkdir(parents=True, exist_ok=True)
    work = _Work(target=target, plan=plan, source=source, coding=coding, options=chosen)
    with store_lock(target):
        work.run()
    return target


def _source_specs(source: Mapping[str, Tensor]) -> Iterator[TensorSpec]:
    for name in source:
        if isinstance(source, State):  # tells shapes without reading; what it reads is wide floats
            yield TensorSpec(name=name, dtype=torch.float32, shape=source.shape(name))
            continue
        tensor = source[name]
        yield TensorSpec(name=name, dtype=tensor.dtype, shape=tuple(tensor.shape))


@dataclass(frozen=True, kw_only=True)
class _Plan:
    regions: tuple[Region, ...]
    sources: Mapping[str, tuple[str, ...]]  # by region: full names of the tensors it is made of
    facts: StoreFacts

    @property
    def header(self) -> bytes:
        return header_bytes(self.regions, self.facts)

    @property
    def file_bytes(self) -> int:
        return len(self.header) + self.regions[-1].end

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.header).hexdigest()


def _plan(specs: Sequence[TensorSpec], coding: Coding, options: ImportOptions) -> _Plan:
    grouped: dict[str, list[TensorSpec]] = {SHARED: []}
    sources: dict[str, list[str]] = {SHARED: []}
    for spec in specs:
        found = BLOCK_NAME.fullmatch(spec.name)
        region, name = (found[1], found[2]) if found else (SHARED, spec.name)
        local = TensorSpec(name=name, dtype=spec.dtype, shape=spec.shape)
        chosen = coding if found else coding.shared
        grouped.setdefault(region, []).extend(chosen.specs(local))
        sources.setdefault(region, []).append(spec.name)
    blocks = sorted((name for name in grouped if name != SHARED), key=_number)
    if [_number(name) for name in blocks] != list(range(len(blocks))) or not blocks:
        raise ValueError(f"blocks are not numbered from 0 without gaps: {len(blocks)} found")
    laid = {
        name: lay_out(
            sorted(found, key=lambda s: (rank_of_use(s.name), s.name)),
            options.context if name != SHARED else lambda _: False,
        )
        for name, found in grouped.items()
    }
    return _Plan(
        regions=tuple(regions_in_order(laid[SHARED], [(name, laid[name]) for name in blocks])),
        sources={name: tuple(names) for name, names in sources.items()},
        facts=StoreFacts(
            precision=coding.precision, identity=options.identity, loras=options.loras
        ),
    )


def _number(region: str) -> int:
    return int(region.rpartition(".")[2])


@dataclass(kw_only=True)
class _Work:
    """One import under way."""

    target: Path
    plan: _Plan
    source: Mapping[str, Tensor]
    coding: Coding
    options: ImportOptions
    digests: list[str] = field(default_factory=list)
    _done: int = 0
    _total: int = 0

    @property
    def part(self) -> Path:
        return self.target.with_name(self.target.name + ".part")

    @property
    def journal(self) -> Path:
        return self.target.with_name(self.target.name + ".part.json")

    def run(self) -> None:
        self.digests = self._resume()
        self._check_disk()
        # Reading back counts as much as writing: it takes about as long.
        self._total = 2 * self.plan.regions[-1].end
        self._done = sum(r.layout.nbytes for r in self.plan.regions[: len(self.digests)])
        buffer = torch.empty(max(r.layout.nbytes for r in self.plan.regions), dtype=torch.uint8)
        mode = "r+b" if self.digests else "w+b"
        with self.part.open(mode) as file:
            file.truncate(self.plan.file_bytes)
            for region in self.plan.regions[len(self.digests) :]:
                self._write(file.fileno(), region, buffer)
                self._save_journal()
            self._read_back(file.fileno(), buffer)
            header = header_bytes(self.plan.regions, self.plan.facts, self.digests)
            _write_at(file.fileno(), 0, torch.frombuffer(bytearray(header), dtype=torch.uint8))
            os.fsync(file.fileno())
        self.part.replace(self.target)
        self.journal.unlink(missing_ok=True)
        _sync_folder(self.target.parent)

    def _resume(self) -> list[str]:
        """Digests of the regions that an interrupted import of the same plan has written."""
        try:
            found = json.loads(self.journal.read_text("utf-8"))
            digests = [str(d) for d in found["digests"]]
            fits = found["plan"] == self.plan.digest and len(digests) <= len(self.plan.regions)
            return digests if fits and self.part.stat().st_size == self.plan.file_bytes else []
        except (OSError, ValueError, KeyError, TypeError):
            return []

    def _check_disk(self) -> None:
        kept = sum(r.layout.nbytes for r in self.plan.regions[: len(self.digests)])
        needed = self.plan.file_bytes - kept + SPARE_DISK
        free = shutil.disk_usage(self.target.parent).free
        if not self.digests and self.part.exists():
            free += self.part.stat().st_blocks * 512 if os.name == "posix" else 0
        if needed > free:
            raise engine_error(
                "disk.not_enough",
                "Not enough disk space",
                f"The {self.plan.facts.precision} weights need {needed / GIB:.1f} GiB in "
                f"{self.target.parent}; {free / GIB:.1f} GiB are free.",
                "Free some space, or choose a folder on another disk.",
                needed=needed,
                free=free,
            )

    def _write(self, file: int, region: Region, buffer: Tensor) -> None:
        flat = buffer[: region.layout.nbytes]
        self._make(region, flat)
        _write_at(file, len(self.plan.header) + region.start, flat)
        os.fsync(file)
        digest = digest_of(flat)
        number = self.plan.regions.index(region)
        self.digests[number:] = [digest, *self.digests[number + 1 :]]
        self._advance(region.layout.nbytes)

    def _make(self, region: Region, flat: Tensor) -> None:
        """Fills `flat` with the coded tensors of a region; gaps are zeros."""
        flat.zero_()
        views = region.layout.views(flat)
        missing = set(views)
        coding = self.coding.shared if region.name == SHARED else self.coding
        for full in self.plan.sources[region.name]:
            if self.options.check_cancel is not None:
                self.options.check_cancel()
            for stored, values in self._encoded(full, full.removeprefix(f"{region.name}."), coding):
                if views[stored].dtype != values.dtype or views[stored].shape != values.shape:
                    raise ValueError(f"{full} is {values.dtype} {tuple(values.shape)}, not planned")
                views[stored].copy_(values)
                missing.discard(stored)
        if missing:
            raise ValueError(f"{region.name} lacks {', '.join(sorted(missing))}")

    def _encoded(self, full: str, name: str, coding: Coding) -> Iterable[tuple[str, Tensor]]:
        """What a source tensor is stored as; weights that come in 8 bits stay as they are."""
        adjust = self.options.adjust
        if isinstance(self.source, State) and isinstance(coding, EightBitCoding) and not adjust:
            stored = self.source.quantized(full)
            if stored is not None and stored.data.dtype == coding.scheme.dtype:
                module = name.removesuffix(".weight")
                return [(f"{module}.data", stored.data), (f"{module}.scale", stored.scale)]
        tensor = self.source[full]
        return coding.encode(name, tensor if adjust is None else adjust(full, tensor)).items()

    def _read_back(self, file: int, buffer: Tensor) -> None:
        for number, region in enumerate(self.plan.regions):
            flat = buffer[: region.layout.nbytes]
            start = len(self.plan.header) + region.start
            for _ in range(WRITE_ATTEMPTS):
                if self.options.check_cancel is not None:
                    self.options.check_cancel()
                _forget_cached(file, start, flat.numel())
                _read_at(file, start, flat)
                if digest_of(flat) == self.digests[number]:
                    break
                self._write(file, region, buffer)
                self._done -= region.layout.nbytes
                self._save_journal()
            else:
                raise corrupt(self.part, f"{region.name} was written but reads back differently.")
            self._advance(region.layout.nbytes)

    def _advance(self, count: int) -> None:
        self._done += count
        if self.options.progress is not None:
            self.options.progress(self._done, self._total)

    def _save_journal(self) -> None:
        beside = self.journal.with_name(self.journal.name + ".new")
        with beside.open("w", encoding="utf-8") as file:
            json.dump({"plan": self.plan.digest, "digests": self.digests}, file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self.journal)


def _write_at(file: int, start: int, flat: Tensor) -> None:
    os.lseek(file, start, os.SEEK_SET)
    for first in range(0, flat.numel(), PIECE):
        piece = flat[first : first + PIECE].numpy().data
        while piece:
            piece = piece[os.write(file, piece) :]


def _read_at(file: int, start: int, flat: Tensor) -> None:
    os.lseek(file, start, os.SEEK_SET)
    first = 0
    while first < flat.numel():
        read = os.read(file, min(PIECE, flat.numel() - first))
        if not read:
            flat[first:].zero_()  # the digest will not match
            return
        flat[first : first + len(read)] = torch.frombuffer(bytearray(read), dtype=torch.uint8)
        first += len(read)


def _forget_cached(file: int, start: int, count: int) -> None:
    """So that what is compared comes from the disk, where the system can be asked for that."""
    if sys.platform == "linux":
        os.posix_fadvise(file, start, count, os.POSIX_FADV_DONTNEED)


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return  # a folder can't be opened there; renaming is journaled by the file system
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
