"""An identity for weights files: a digest of headers and sizes, never of 40 GB of numbers."""

import hashlib
import json
from collections.abc import Iterable, Mapping

from infinitetalk.weights.header import FileHeader

CHECKSUM_KEYS = ("sha256", "checksum", "modelspec.hash_sha256")
WHOLE_BYTES = 64 * 1024**2  # files up to this size are read whole: tens of milliseconds
SAMPLES = 16  # pieces of a file that are read to tell apart files with equal headers
SAMPLE_BYTES = 1024


def identity_of(headers: Iterable[FileHeader], extra: Mapping[str, str] | None = None) -> str:
    """32 hex digits that change with names, shapes, dtypes, offsets, size and stored checksums.

    Fine-tunes share a header, so of a large file 16 KiB at fixed places are taken in too, and a
    small one (up to 64 MiB) is read whole. Folder and file names do not count.
    """
    digest = hashlib.blake2b(digest_size=16)
    for header in headers:
        table = [
            (info.name, info.dtype, list(info.shape), info.start, info.end)
            for info in sorted(header.tensors.values(), key=lambda info: info.name)
        ]
        stored = {key: header.metadata[key] for key in CHECKSUM_KEYS if key in header.metadata}
        text = json.dumps([header.container, header.size, table, stored], separators=(",", ":"))
        digest.update(text.encode())
        _add_contents(digest, header)
    if extra:
        digest.update(json.dumps(dict(sorted(extra.items()))).encode())
    return digest.hexdigest()


def _add_contents(digest: hashlib.blake2b, header: FileHeader) -> None:
    with header.path.open("rb") as file:
        if header.size <= WHOLE_BYTES:
            while piece := file.read(1024**2):
                digest.update(piece)
            return
        for n in range(SAMPLES):
            file.seek((header.size - SAMPLE_BYTES) * n // (SAMPLES - 1))
            digest.update(file.read(SAMPLE_BYTES))
