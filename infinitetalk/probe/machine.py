"""`plan.Machine` of this computer, without importing torch, and its JSON form."""

import json
import os
import platform
import sys
from dataclasses import fields
from importlib import metadata, util
from pathlib import Path
from typing import Any

from infinitetalk import paths
from infinitetalk.errors import ErrorReport, engine_error
from infinitetalk.plan import Machine
from infinitetalk.probe.nvidia import NvidiaCard, driver_is_old, nvidia_cards
from infinitetalk.probe.other_cards import other_cards

MACHINE_FORMAT = 1


def machine(folder: Path | None = None) -> Machine:
    """This computer as the plan sees it; `folder` is where jobs are kept (disk space).

    Asks the driver and the operating system only: milliseconds, no torch, no CUDA context.
    """
    import psutil

    cards = nvidia_cards()
    card = max(cards, key=lambda c: c.vram_total, default=None)
    version, cuda = torch_build()
    memory = psutil.virtual_memory()
    notices = card_notices(card, version, cuda, other_cards())
    usable = card is not None and cuda is not None and not driver_is_old(card.driver)
    return Machine(
        gpu=card.name if card and usable else None,
        compute_capability=card.compute_capability if card and usable else None,
        vram_total=card.vram_total if card and usable else 0,
        vram_free=card.vram_free if card and usable else 0,
        ram_total=memory.total,
        ram_free=memory.available,
        disk_free=free_disk(folder or paths.jobs_folder()),
        cpu=platform.processor() or platform.machine(),
        cores=usable_cores(),
        torch_version=version,
        torch_cuda=cuda,
        driver=card.driver if card else "",
        notices=tuple(notices),
    )


def usable_cores() -> int:
    """Cores that this process may run on (an affinity or a container may give fewer)."""
    if sys.platform == "linux":
        return max(1, len(os.sched_getaffinity(0)))
    return max(1, os.cpu_count() or 1)


def free_disk(folder: Path) -> int:
    """Bytes free where `folder` is or would be made; 0 where that can't be told."""
    import psutil

    for place in (folder, *folder.parents):
        if place.exists():
            try:
                return psutil.disk_usage(str(place)).free
            except OSError:
                return 0
    return 0


def torch_build() -> tuple[str, str | None]:
    """Installed torch version and the CUDA version it was built with, without importing it."""
    try:
        version = metadata.version("torch")
    except metadata.PackageNotFoundError:
        return "", None
    return version, _cuda_of_installed_torch(version)


def _cuda_of_installed_torch(version: str) -> str | None:
    local = version.partition("+")[2]
    if local.startswith("cpu"):
        return None
    if local.startswith("cu"):
        digits = local[2:]
        return f"{digits[:-1]}.{digits[-1]}"
    found = util.find_spec("torch")  # looks the package up without running it
    if found is None or found.origin is None:
        return None
    facts: dict[str, str] = {}
    version_file = Path(found.origin).parent / "version.py"
    if version_file.exists():
        for line in version_file.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition("=")
            facts[name.split(":")[0].strip()] = value.strip().strip("'\"")
    cuda = facts.get("cuda", "None")
    return None if cuda in ("None", "") else cuda


def card_notices(
    card: NvidiaCard | None, torch_version: str, cuda: str | None, others: list[str]
) -> list[ErrorReport]:
    """What the user should know about the card: too old a driver, a CPU-only torch, another maker."""
    if card is None:
        found = ", ".join(others) if others else "none"
        return [
            ErrorReport(
                code="gpu.none",
                title="No usable graphics card",
                detail=f"Graphics cards found: {found}. The big model needs an NVIDIA card of the "
                "RTX 20 series or newer.",
                remedy="The miniature model works on the CPU.",
                facts={"found": ", ".join(others)},
            )
        ]
    if torch_version and cuda is None:
        return [
            ErrorReport(
                code="gpu.cpu_only_torch",
                title="The graphics card is not used",
                detail=f"{card.name} is there, but torch {torch_version} is a build for the CPU only.",
                remedy="Install torch's CUDA build: run 'python installer/dev.py setup' on Windows, "
                "or 'pip install --force-reinstall torch' with the CUDA index of pytorch.org.",
                facts={"gpu": card.name},
            )
        ]
    if driver_is_old(card.driver):
        return [
            ErrorReport(
                code="gpu.driver_old",
                title="The graphics driver is too old",
                detail=f"Driver {card.driver} is installed for {card.name}; 580 or newer is needed.",
                remedy="Install the current driver from nvidia.com, then start again.",
                facts={"driver": card.driver, "gpu": card.name, "wanted": "580"},
            )
        ]
    return []


def machine_to_json(found: Machine) -> dict[str, Any]:
    data: dict[str, Any] = {"format": MACHINE_FORMAT}
    for item in fields(found):
        value = getattr(found, item.name)
        if item.name == "notices":
            value = [notice.to_json() for notice in value]
        elif item.name == "measured":
            value = [list(pair) for pair in value]
        elif isinstance(value, tuple):
            value = list(value)
        data[item.name] = value
    return data


def machine_from_json(data: dict[str, Any]) -> Machine:
    """Raises ValueError naming what is wrong."""
    if not isinstance(data, dict) or data.get("format") != MACHINE_FORMAT:
        raise ValueError(f"format must be {MACHINE_FORMAT}")
    names = {item.name for item in fields(Machine)}
    unknown = sorted(set(data) - names - {"format"})
    if unknown:
        raise ValueError(f"unknown fields: {', '.join(unknown)}")
    values = {name: value for name, value in data.items() if name != "format"}
    if values.get("compute_capability") is not None:
        values["compute_capability"] = tuple(values["compute_capability"])
    values["notices"] = tuple(ErrorReport.from_json(n) for n in values.get("notices", []))
    values["measured"] = tuple((str(k), float(v)) for k, v in values.get("measured", []))
    return Machine(**values)


def read_machine(path: Path) -> Machine:
    """A machine saved by `probe --json`."""
    try:
        return machine_from_json(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise engine_error(
            "machine.unreadable",
            "The machine file can't be read",
            f"{path}: {error}.",
            "Make one with 'infinitetalk probe --json > FILE'.",
        ) from error
