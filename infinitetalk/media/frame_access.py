"""Any stored frame within milliseconds, for a preview whose playhead is dragged about.

An ffmpeg that is started for one frame takes 30 ms at 896x448, two more to know the file another
40, and reading on it competes with the next one. Here the file's blocks are found by walking
Matroska's elements, and the wanted one alone, as a film of one frame, goes to OpenCV's decoder
inside this process: 5 ms. Every stored frame is a key frame, so no other is needed.
"""

import os
import tempfile
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from infinitetalk.media import problems
from infinitetalk.media.frames import FrameReader

# Elements of Matroska (RFC 9559) that matter here. What holds others is walked into.
_SEGMENT, _CLUSTER, _GROUP = 0x18538067, 0x1F43B675, 0xA0
_BLOCK, _SIMPLE_BLOCK = 0xA1, 0xA3
_INSIDE = (_SEGMENT, _CLUSTER, _GROUP)
_AT_ZERO = b"\xe7\x81\x00"  # a cluster's time


class FrameAccess:
    """A file of stored frames (`media.frames`), read bit for bit in any order.

    Thread-safe. The file is open only while something is read, so that a take can be removed.
    """

    def __init__(self, path: Path) -> None:
        """Raises EngineError media.missing, or media.unreadable where it is no such file."""
        self.path = path
        if not path.is_file():
            raise problems.missing(path)
        try:
            with path.open("rb") as file:
                head, self._blocks = _find_blocks(file)
                file.seek(0)
                self._head = file.read(head)
        except (OSError, ValueError, IndexError) as error:
            raise problems.unreadable(path, "it is not a file of frames") from error

    @property
    def frame_count(self) -> int:
        return len(self._blocks)

    def frame(self, index: int) -> NDArray[np.uint8]:
        """Frame `index` as [H, W, 3] RGB. Raises EngineError media.unreadable, OSError, IndexError."""
        import cv2

        at, size = self._blocks[index]
        with self.path.open("rb") as stored:
            stored.seek(at)
            block = stored.read(size)
        # The track's number as it is, then the time within the cluster: the first frame's.
        content = _AT_ZERO + _element(b"\xa3", block[:1] + b"\0\0" + block[3:])
        film = self._head + _element(b"\x1f\x43\xb6\x75", content)
        handle, name = tempfile.mkstemp(suffix=".mkv", prefix="frame-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(film)
            capture = cv2.VideoCapture(name, cv2.CAP_FFMPEG)
            there, pixels = capture.read()
            capture.release()
        finally:
            Path(name).unlink(missing_ok=True)
        if not there:  # an OpenCV without this decoder: slower, but there
            return FrameReader(self.path).frames(index, index + 1)[0]
        return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB), np.uint8)


def _find_blocks(file: BinaryIO) -> tuple[int, list[tuple[int, int]]]:
    """Bytes before the first cluster, and (offset, size) of each whole block."""
    end = file.seek(0, os.SEEK_END)
    at, head, blocks = 0, 0, []
    while at < end:
        file.seek(at)
        start = file.read(12)
        wide = _width(start[0])
        name = int.from_bytes(start[:wide], "big")
        long = _width(start[wide])
        size = int.from_bytes(start[wide : wide + long], "big") & ((1 << 7 * long) - 1)
        if name == _CLUSTER and not head:
            head = at
        at += wide + long
        if name in _INSIDE:
            continue
        if name in (_BLOCK, _SIMPLE_BLOCK) and at + size <= end:
            blocks.append((at, size))
        at += size
    if not head or not blocks:
        raise ValueError("no cluster with blocks")
    return head, blocks


def _width(first: int) -> int:
    """How many bytes a number of variable length has, by its first byte."""
    if not first:
        raise ValueError("a number of more than 8 bytes")
    return 9 - first.bit_length()


def _element(name: bytes, content: bytes) -> bytes:
    return name + (len(content) | 1 << 56).to_bytes(8, "big") + content
