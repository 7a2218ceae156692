"""Import at full size, and streaming from disk with little host memory."""

import os
import shutil
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

from infinitetalk.bench.clock import measured, own_memory
from infinitetalk.bench.floors import size_text
from infinitetalk.bench.network import attention_name, empty_transformer, inputs_for, random_model
from infinitetalk.bench.randomness import RandomState, materialize
from infinitetalk.bench.settings import Settings
from infinitetalk.models.wan import WanTransformer
from infinitetalk.ops import backends
from infinitetalk.quant.schemes import SCHEMES
from infinitetalk.streaming import BlockStream, DiskSource
from infinitetalk.streaming.disk import DiskReader
from infinitetalk.streaming.host import HostBuffer
from infinitetalk.streaming.transformer import stream_transformer
from infinitetalk.weights.store import BlockStore
from infinitetalk.weights.store_coding import coding_for
from infinitetalk.weights.store_import import ImportOptions, import_weights
from infinitetalk.weights.tensors import State, open_state

NVME_RATE = 3.5e9  # bytes per second of a usual disk, for the prediction
SHARD_BYTES = 4_800_000_000
QUARTER = 4
READ_PIECE = 64 * 1024**2
SPARE = 2 << 30


def random_weights(settings: Settings, layers: int, dtype: torch.dtype) -> RandomState:
    config = type(settings.wan)(**{**vars(settings.wan), "num_layers": layers})
    with torch.device("meta"):
        network = WanTransformer(config)
    shapes = {name: tuple(p.shape) for name, p in network.named_parameters()}
    return RandomState(shapes, dtype)


def store_path(settings: Settings, precision: str) -> Path:
    return settings.folder / f"random-{precision}.safetensors"


def measure_bf16_file(settings: Settings) -> list[dict[str, Any]]:
    """Random values to a bf16 file of the full depth, where the disk has room for it and more."""
    settings.folder.mkdir(parents=True, exist_ok=True)
    wide = random_weights(settings, settings.wan.num_layers, torch.bfloat16)
    total = sum(wide.nbytes(name) for name in wide)
    if shutil.disk_usage(settings.folder).free < total * 1.55 + SPARE:
        return []
    return [_imported("random values", wide, store_path(settings, "bf16"), "bf16")]


def measure_import(settings: Settings, precision: str) -> list[dict[str, Any]]:
    """The bf16 file to another precision, at full depth; random values where there is no file."""
    wide = store_path(settings, "bf16")
    here = wide.exists()
    source = (
        open_state([wide])
        if here
        else random_weights(settings, settings.wan.num_layers, torch.bfloat16)
    )
    name = "bf16 file" if here else "random values (disk too small for bf16)"
    return [_imported(name, source, store_path(settings, precision), precision)]


def coded_precisions(settings: Settings) -> list[str]:
    return [p for p in settings.precisions if p in SCHEMES] or ["fp8"]


def drop_files(settings: Settings, *precisions: str) -> None:
    for precision in precisions:
        store_path(settings, precision).unlink(missing_ok=True)


def _imported(what: str, source: State, path: Path, precision: str) -> dict[str, Any]:
    before, peak = own_memory(), [0]

    def progress(_done: int, _total: int) -> None:
        peak[0] = max(peak[0], own_memory() - before)

    start = time.perf_counter()
    import_weights(source, path, coding_for(precision), ImportOptions(progress=progress))
    seconds = time.perf_counter() - start
    size = path.stat().st_size
    block = max(layout.nbytes for layout in BlockStore(path).layouts)
    return {
        "from": what,
        "to": precision,
        "bytes": size,
        "seconds": seconds,
        "rate": size / seconds,
        "own_memory": peak[0],
        "own_memory_in_blocks": peak[0] / block,
    }


def measure_shards(settings: Settings) -> list[dict[str, Any]]:
    """float32 shards, as the published checkpoint has them, to 8 bits; at a quarter of the depth."""
    layers = max(settings.wan.num_layers // QUARTER, 1)
    precision = coded_precisions(settings)[0]
    folder = settings.folder / "float32-shards"
    try:
        return [_from_shards(settings, folder, layers, precision)]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _from_shards(settings: Settings, folder: Path, layers: int, precision: str) -> dict[str, Any]:
    folder.mkdir(parents=True, exist_ok=True)
    wide = random_weights(settings, layers, torch.float32)
    shard: dict[str, torch.Tensor] = {}
    paths: list[Path] = []

    def save() -> None:
        paths.append(folder / f"shard-{len(paths)}.safetensors")
        save_file(shard, paths[-1])
        shard.clear()

    for name in wide:
        if sum(t.nbytes for t in shard.values()) > SHARD_BYTES:
            save()
        shard[name] = wide.read(name)
    save()
    target = settings.folder / f"quarter-{precision}.safetensors"
    # Shards are one layout; opened together each is resolved by its own names.
    row = _imported(f"{len(paths)} float32 shards, {layers} blocks", open_state(paths), target,
                    precision)  # fmt: skip
    target.unlink()
    return row


def measure_disk(settings: Settings) -> list[dict[str, Any]]:
    """8-bit weights read past the page cache, against the same pass from page-locked memory."""
    settings.folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for precision in [p for p in settings.precisions if p in SCHEMES]:
        path = store_path(settings, precision)
        if not path.exists():
            wide = random_weights(settings, settings.wan.num_layers, torch.bfloat16)
            import_weights(wide, path, coding_for(precision))
        with ExitStack() as limits:
            how = limits.enter_context(HostLimit(settings.host_cap))
            store = BlockStore(path)
            rate, direct = _read_rate(store)
            found = _streamed_from(settings, precision, store)
            memory = own_memory()
            for size, one in found.items():
                moved = sum(layout.nbytes for layout in store.layouts)
                rows.append(
                    {
                        "precision": precision,
                        "size": size,
                        "disk": one,
                        "disk_rate": rate,
                        "unbuffered": direct,
                        "host_limit": settings.host_cap,
                        "limited_by": how,
                        "own_memory": memory,
                        "bytes_per_pass": moved,
                        "read_seconds": moved / rate,
                        "nvme_read_seconds": moved / NVME_RATE,
                    }
                )
        _beside_pinned(settings, precision, rows)
        if settings.folder.name.startswith("infinitetalk-bench-"):
            path.unlink()
    return rows


def _read_rate(store: BlockStore) -> tuple[float, bool]:
    """Bytes per second over all blocks, and whether reads were unbuffered."""
    reader = DiskReader(store.path)
    buffer = HostBuffer(READ_PIECE, locked=False).flat
    done = 0
    start = time.perf_counter()
    for first, layout in zip(store.block_starts, store.layouts, strict=True):
        for offset in range(0, layout.nbytes, READ_PIECE):
            count = min(READ_PIECE, layout.nbytes - offset)
            reader.read(first + offset, buffer[:count])
            done += count
    seconds = time.perf_counter() - start
    reader.close()
    return done / seconds, reader.direct


def _streamed_from(settings: Settings, precision: str, store: BlockStore) -> dict[str, Any]:
    network = empty_transformer(settings, precision)
    materialize(network, device=settings.device, dtype=settings.dtype, without=network.blocks)
    stream: BlockStream = stream_transformer(
        network,
        DiskSource(store),
        device=settings.device,
        dtype=settings.dtype,
        slots=settings.slots,
        attention=backends.attention_named(attention_name(settings)),
    )
    found = {}
    for size in settings.sizes:
        inputs = inputs_for(settings, network, size)
        timed = measured(
            lambda inputs=inputs: inputs.run(network, stream),
            settings.device,
            repeats=min(settings.repeats, 2),
        )
        found[size_text(size)] = timed.to_json()
    stream.close()
    return found


def _beside_pinned(settings: Settings, precision: str, rows: list[dict[str, Any]]) -> None:
    """Adds the same pass from page-locked memory, and what a 3.5 GB/s disk would make of it."""
    model = random_model(settings, precision)
    network, stream = model.network, model.stream
    for row in rows:
        if row["precision"] != precision:
            continue
        size = next(s for s in settings.sizes if size_text(s) == row["size"])
        inputs = inputs_for(settings, network, size)
        pinned = measured(
            lambda inputs=inputs: inputs.run(network, stream),
            settings.device,
            repeats=settings.repeats,
        )
        row["pinned"] = pinned.to_json()
        row["disk_over_pinned"] = row["disk"]["seconds"] / pinned.seconds
        row["predicted_on_nvme"] = max(pinned.seconds, row["nvme_read_seconds"])
    stream.close()


class HostLimit:
    """Limits the host memory of this process where the system lets it: a cgroup of its own."""

    GROUP = Path("/sys/fs/cgroup/infinitetalk-bench")

    def __init__(self, limit: int | None) -> None:
        self._limit = limit
        self._entered = False

    def __enter__(self) -> str:
        """How the limit is kept, in words."""
        if self._limit is None:
            return "no limit"
        try:
            self.GROUP.mkdir(exist_ok=True)
            (self.GROUP / "memory.max").write_text(str(self._limit))
            (self.GROUP / "cgroup.procs").write_text(str(os.getpid()))
        except OSError as error:
            return f"unbuffered reads and own memory (no cgroup here: {error.strerror})"
        self._entered = True
        return "cgroup memory.max"

    def __exit__(self, *_: object) -> None:
        if self._entered:
            try:
                (self.GROUP.parent / "cgroup.procs").write_text(str(os.getpid()))
                self.GROUP.rmdir()
            except OSError:
                self._entered = False
