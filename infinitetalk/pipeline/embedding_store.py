"""Audio embeddings on disk: written layer by layer, read by rows, never held whole.

A .npy file, float32 [layers, rows, channels]. It is read with ordinary reads, not mapped: resident
memory then stays flat however long the speech is, and Windows lets the file be removed at any time.
"""

import contextlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BufferedRandom
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from infinitetalk.errors import EngineError, engine_error
from infinitetalk.media import disk
from infinitetalk.media.problems import write_problem

FLOAT = np.dtype("<f4")


@dataclass(frozen=True, kw_only=True)
class EmbeddingStore:
    """Embeddings of one speaker: `rows` at 25 per second, each `blocks` layers of `channels`."""

    path: Path
    rows: int
    blocks: int
    channels: int
    offset: int  # bytes before the data

    @classmethod
    def open(cls, path: Path) -> "EmbeddingStore":
        """Raises EngineError `speech.bad_embeddings` for a file that isn't one, or isn't whole."""
        try:
            with path.open("rb") as file:
                version = np.lib.format.read_magic(file)
                if version != (1, 0):
                    raise ValueError(f"version {version}")
                shape, fortran, dtype = np.lib.format.read_array_header_1_0(file)
                offset = file.tell()
        except (OSError, ValueError) as error:
            raise _bad(path, str(error)) from error
        if fortran or dtype != FLOAT or len(shape) != 3:
            raise _bad(path, f"found {dtype} {shape}")
        blocks, rows, channels = shape
        expected = offset + blocks * rows * channels * FLOAT.itemsize
        if path.stat().st_size != expected:
            raise _bad(path, f"{path.stat().st_size} bytes instead of {expected}")
        return cls(path=path, rows=rows, blocks=blocks, channels=channels, offset=offset)

    def read(self, start: int, stop: int) -> Tensor:
        """Rows [start, stop) as float32 [stop - start, blocks, channels].

        Raises EngineError `speech.bad_embeddings` where they are cut off or no numbers.
        """
        if not 0 <= start <= stop <= self.rows:
            raise ValueError(f"rows {start}..{stop} are not within 0..{self.rows}")
        out = np.empty((self.blocks, stop - start, self.channels), FLOAT)
        with self.path.open("rb") as file:
            for block in range(self.blocks):
                row = block * self.rows + start
                file.seek(self.offset + row * self.channels * FLOAT.itemsize)
                if file.readinto(out[block].data) != out[block].nbytes:
                    raise _bad(self.path, "it ends early")
        broken = ~np.isfinite(out).all(axis=(0, 2))
        if broken.any():
            row = start + int(broken.argmax())
            raise _bad(self.path, f"row {row} has values that are not numbers")
        return torch.from_numpy(out).transpose(0, 1).contiguous()

    def gather(self, index: np.ndarray) -> Tensor:
        """The rows `index` (integers, any shape, each in 0..rows-1): [*shape, blocks, channels].

        Reads the span from the lowest to the highest once; meant for the windows of a chunk.
        """
        first, last = int(index.min()), int(index.max())
        return self.read(first, last + 1)[torch.from_numpy(np.asarray(index, np.int64) - first)]


class StoreWriter:
    """A store in the making, in any order of layers and rows; finished, it is renamed into place."""

    def __init__(self, file: BufferedRandom, shape: tuple[int, int, int]) -> None:
        self._file = file
        self._blocks, self._rows, self._channels = shape
        self._offset = file.tell()

    def write(self, block: int, start: int, states: Tensor) -> None:
        """States [n, channels] as the rows from `start` on of layer `block`."""
        data = np.ascontiguousarray(states.float().cpu().numpy(), FLOAT)
        self._seek(block, start)
        disk.write_bytes(self._file, data.data)

    def read(self, block: int, rows: range) -> Tensor:
        """Neighboring rows of a layer that have been written: float32 [len(rows), channels]."""
        out = np.empty((len(rows), self._channels), FLOAT)
        self._seek(block, rows.start)
        self._file.readinto(out.data)
        return torch.from_numpy(out)

    def read_rows(self, block: int, rows: Sequence[int]) -> Tensor:
        """Single rows of a layer that have been written: float32 [len(rows), channels]."""
        out = np.empty((len(rows), self._channels), FLOAT)
        for place, row in zip(out, rows, strict=True):
            self._seek(block, row)
            self._file.readinto(place.data)
        return torch.from_numpy(out)

    def _seek(self, block: int, row: int) -> None:
        self._file.seek(self._offset + (block * self._rows + row) * self._channels * FLOAT.itemsize)


@contextlib.contextmanager
def new_store(path: Path, *, rows: int, blocks: int, channels: int) -> Iterator[StoreWriter]:
    """Write a store beside `path`; it takes its place only if the block ends without an error.

    Raises EngineError `disk.full` and the like (see `media.problems.write_problem`).
    """
    with _temporary(path, "part") as (beside, file):
        np.lib.format.write_array_header_1_0(
            file, {"descr": "<f4", "fortran_order": False, "shape": (blocks, rows, channels)}
        )
        yield StoreWriter(file, (blocks, rows, channels))
        disk.flush(file)
        file.close()  # Windows renames closed files only
        disk.replace(beside, path)


@contextlib.contextmanager
def new_scratch(path: Path, *, rows: int, blocks: int, channels: int) -> Iterator[StoreWriter]:
    """Room on the disk beside `path` for rows that are needed only until the block ends."""
    with _temporary(path, "scratch") as (_, file):
        yield StoreWriter(file, (blocks, rows, channels))


@contextlib.contextmanager
def _temporary(path: Path, ending: str) -> Iterator[tuple[Path, BufferedRandom]]:
    """A file beside `path` that is gone when the block ends; failures to write are EngineErrors."""
    beside = path.with_name(f"{path.name}.{os.getpid()}.{ending}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("w+b") as file:
            yield beside, file
    except OSError as error:
        raise write_problem(path, error) from error
    finally:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)


def store_embeddings(path: Path, embeddings: Tensor) -> EmbeddingStore:
    """A store of embeddings [rows, blocks, channels] that are already there."""
    rows, blocks, channels = embeddings.shape
    with new_store(path, rows=rows, blocks=blocks, channels=channels) as writer:
        for block in range(blocks):
            writer.write(block, 0, embeddings[:, block])
    return EmbeddingStore.open(path)


def _bad(path: Path, why: str) -> EngineError:
    return engine_error(
        "speech.bad_embeddings",
        "Stored speech can't be read",
        f"{path.name} is damaged: {why}.",
        "Remove the file; it is made again from the speech.",
        path=str(path),
    )
