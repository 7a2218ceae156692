"""Reads from a file past the page cache, so that streaming from disk leaves host memory alone."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock

from torch import Tensor

from infinitetalk.errors import engine_error
from infinitetalk.weights.store_layout import PAGE, round_up

PARALLEL_READS = 4  # one read at a time leaves an NVMe disk half idle


class DiskReader:
    """Random reads of whole pages, several at a time.

    Unbuffered (`O_DIRECT`) where the file system knows it; elsewhere buffered, and the pages are
    given back to the system after each read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.direct = False
        self._file = self._open()
        self._moving = Lock()  # of the file's position, where reads can't name their own
        self._pool = ThreadPoolExecutor(PARALLEL_READS, thread_name_prefix="disk-read")

    def _open(self) -> int:
        flag = getattr(os, "O_DIRECT", 0)
        if flag:
            try:
                file = os.open(self.path, os.O_RDONLY | flag)
            except OSError:
                pass
            else:
                self.direct = True
                return file
        return os.open(self.path, os.O_RDONLY | getattr(os, "O_BINARY", 0))

    def read(self, offset: int, out: Tensor) -> None:
        """Fills `out` (uint8 on the CPU, on a page, whole pages) with the file from `offset` on.

        Raises ValueError for anything but whole pages, EngineError `weights.corrupt` if the file
        has become shorter.
        """
        if offset % PAGE or out.data_ptr() % PAGE or out.numel() % PAGE:
            raise ValueError("unbuffered reads need whole pages")
        step = max(round_up(-(-out.numel() // PARALLEL_READS), PAGE), PAGE)
        starts = range(0, out.numel(), step)
        for _ in self._pool.map(lambda s: self._read(offset + s, out[s : s + step]), starts):
            pass

    def _read(self, offset: int, out: Tensor) -> None:
        view = out.numpy().data
        done = 0
        while done < len(view):
            count = self._read_some(view[done:], offset + done)
            if count <= 0:
                raise engine_error(
                    "weights.corrupt",
                    "A weights file is damaged",
                    f"{self.path.name} ended at byte {offset + done} while it was in use.",
                    "Import the weights again.",
                    path=str(self.path),
                )
            done += count
        if sys.platform == "linux" and not self.direct:
            os.posix_fadvise(self._file, offset, len(view), os.POSIX_FADV_DONTNEED)

    def _read_some(self, view: memoryview, offset: int) -> int:
        if sys.platform == "linux":
            return os.preadv(self._file, [view], offset)
        with self._moving:
            os.lseek(self._file, offset, os.SEEK_SET)
            data = os.read(self._file, len(view))
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._pool.shutdown()
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
