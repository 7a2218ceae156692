"""NVIDIA cards as the driver's own `nvidia-smi` reports them: no torch, no CUDA context."""

import shutil
import subprocess  # noqa: TID251  the one file that asks the driver
from dataclasses import dataclass

from infinitetalk.media.children import child_environment

MIB = 1024**2
OLDEST_DRIVER = 580  # the first that runs programs built with CUDA 13
_FIELDS = ("name", "memory.total", "memory.free", "compute_cap", "driver_version")


@dataclass(frozen=True, kw_only=True)
class NvidiaCard:
    """One card; memory in bytes."""

    name: str
    vram_total: int
    vram_free: int
    compute_capability: tuple[int, int] | None
    driver: str


def parse_cards(text: str) -> list[NvidiaCard]:
    """Cards from `nvidia-smi --query-gpu=... --format=csv,noheader,nounits`; odd lines are left out."""
    cards = []
    for line in text.splitlines():
        parts = [part.strip() for part in line.split(",")]
        if len(parts) != len(_FIELDS):
            continue
        name, total, free, capability, driver = parts
        try:
            major, _, minor = capability.partition(".")
            pair = (int(major), int(minor or 0)) if major.isdigit() else None
            cards.append(
                NvidiaCard(
                    name=name,
                    vram_total=int(float(total)) * MIB,
                    vram_free=int(float(free)) * MIB,
                    compute_capability=pair,
                    driver=driver,
                )
            )
        except ValueError:
            continue
    return cards


def nvidia_cards(timeout: float = 10.0) -> list[NvidiaCard]:
    """The cards that the driver lists; empty without a driver or when it does not answer."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return []
    query = [program, f"--query-gpu={','.join(_FIELDS)}", "--format=csv,noheader,nounits"]
    try:
        answer = subprocess.run(
            query,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
            stdin=subprocess.DEVNULL,
            env=child_environment(),
        )
    except (OSError, subprocess.TimeoutExpired):
        return []
    return parse_cards(answer.stdout) if answer.returncode == 0 else []


def driver_is_old(driver: str) -> bool:
    head = driver.split(".", 1)[0]
    return head.isdigit() and int(head) < OLDEST_DRIVER
