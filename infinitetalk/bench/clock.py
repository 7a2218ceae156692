"""Seconds and peak memory of pieces of work on a device."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What some runs of the same work took."""

    seconds: float  # the median
    spread: float  # the slowest minus the fastest
    peak_allocated: int  # bytes on the device; 0 without a GPU
    peak_reserved: int

    def to_json(self) -> dict[str, Any]:
        return vars(self).copy()


def synchronize(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def measured(
    work: Callable[[], object], device: torch.device, *, repeats: int = 3, warm_up: int = 1
) -> Measured:
    """Runs `work` some times after `warm_up` runs that don't count.

    On a GPU by events on its stream; peaks are those of the counted runs.
    """
    for _ in range(warm_up):
        work()
    synchronize(device)
    cuda = device.type == "cuda"
    if cuda:
        torch.cuda.reset_peak_memory_stats(device)
    times = [_once(work, device) for _ in range(repeats)]
    return Measured(
        seconds=statistics.median(times),
        spread=max(times) - min(times),
        peak_allocated=torch.cuda.max_memory_allocated(device) if cuda else 0,
        peak_reserved=torch.cuda.max_memory_reserved(device) if cuda else 0,
    )


def _once(work: Callable[[], object], device: torch.device) -> float:
    if device.type != "cuda":
        start = time.perf_counter()
        work()
        return time.perf_counter() - start
    begin, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
    begin.record()
    work()
    end.record()
    end.synchronize()
    return begin.elapsed_time(end) / 1000


def own_memory() -> int:
    """Bytes of host memory that belong to this process alone (no mapped files), 0 if unknown.

    Page-locked buffers are among them.
    """
    try:
        status = Path("/proc/self/status").read_text("ascii")
    except OSError:
        return 0
    for line in status.splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) * 1024
    return 0
