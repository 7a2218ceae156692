"""Copies what another program left into a models folder, for those who want it apart from there.

Read back and compared before a copy takes its name; what lies there already is not copied again,
and neither the files of the other program nor others in the models folder are ever touched.
"""

import hashlib
import os
from collections.abc import Callable, Iterable
from pathlib import Path

from infinitetalk.project import atomic
from infinitetalk.weights.download.digests import sha256_of
from infinitetalk.weights.download.record import Record
from infinitetalk.weights.found import COPIES, FoundFile
from infinitetalk.weights.header import corrupt

PIECE = 8 * 1024**2

Progress = Callable[[int, int], None]  # bytes copied or read back, twice the bytes in all


def copy_found(
    found: Iterable[FoundFile],
    searched: Path,
    models_folder: Path,
    *,
    progress: Progress,
    check_cancel: Callable[[], None],
) -> int:
    """Copies the files below `models_folder/imported`; how many were copied.

    Interrupted, the next call goes on with the file that was not finished. Raises EngineError
    `disk.*`, `weights.corrupt` where a copy does not read back as it was written.
    """
    record = Record(models_folder)
    pairs = _pairs(found, searched, models_folder / COPIES)
    total = sum(source.stat().st_size for source, _ in pairs)
    atomic.check_space(models_folder, total)
    done = 0
    for source, target in pairs:
        size = source.stat().st_size
        sha256 = _copy(source, target, done, total, progress, check_cancel)
        # Noted as ours, so that it may be removed again.
        record.add(
            target, target.relative_to(models_folder).as_posix(), "copy", sha256, loaded=True
        )
        done += size
    return len(pairs)


def _pairs(found: Iterable[FoundFile], searched: Path, base: Path) -> list[tuple[Path, Path]]:
    """What is copied where: as it lies below the folder that was searched."""
    pairs: dict[Path, Path] = {}
    for one in found:
        for name in one.files:
            source = Path(name)
            below = source.relative_to(searched) if source.is_relative_to(searched) else source.name
            target = base / searched.name / below
            if not (target.is_file() and target.stat().st_size == source.stat().st_size):
                pairs[target] = source
    return [(source, target) for target, source in pairs.items()]


def _copy(
    source: Path,
    target: Path,
    before: int,
    total: int,
    progress: Progress,
    check_cancel: Callable[[], None],
) -> str:
    """Returns the SHA-256 of what was copied."""
    atomic.make_folder(target.parent)
    beside = atomic.temporary_beside(target)

    def step(done: int) -> None:
        check_cancel()
        progress(2 * before + done, 2 * total)

    try:
        digest = hashlib.sha256()
        written = 0
        with source.open("rb") as reading, beside.open("wb") as writing:
            while piece := reading.read(PIECE):
                writing.write(piece)
                digest.update(piece)
                written += len(piece)
                step(written)
            writing.flush()
            os.fsync(writing.fileno())
        if sha256_of(beside, lambda n: step(written + n)) != digest.hexdigest():
            raise corrupt(beside, "it does not read back as it was written.")
        atomic.place_file(beside, target)
        return digest.hexdigest()
    except OSError as error:
        raise atomic.disk_error(error, target) from error
    finally:
        beside.unlink(missing_ok=True)
