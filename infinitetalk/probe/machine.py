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
from infinitetalk.probe.look import Look, free_bytes, look_around
from infinitetalk.probe.measurements import read_measurements
from infinitetalk.probe.sentences import card_is_usable, notices_for

MACHINE_FORMAT = 1


def machine(folder: Path | None = None, look: Look | None = None) -> Machine:
    """This computer as the plan sees it; `folder` is where jobs are kept (disk space).

    Asks the driver and the operating system only: milliseconds, no torch, no CUDA context. `look`
    is what was found already, or a machine that is made up.
    """
    import psutil

    seen = look if look is not None else look_around(*torch_build())
    card = seen.card
    usable = card_is_usable(seen)
    return Machine(
        gpu=card.name if card and usable else None,
        compute_capability=card.compute_capability if card and usable else None,
        vram_total=card.vram_total if card and usable else 0,
        vram_free=card.vram_free if card and usable else 0,
        ram_total=seen.ram_total,
        ram_free=min(psutil.virtual_memory().available, seen.ram_total),
        disk_free=free_bytes(folder or paths.jobs_folder()),
        cpu=platform.processor() or platform.machine(),
        cores=usable_cores(),
        torch_version=seen.torch_version,
        torch_cuda=seen.torch_cuda,
        driver=card.driver if card else "",
        notices=tuple(notices_for(seen)),
        measured=read_measurements(),
    )


def usable_cores() -> int:
    """Cores that this process may run on (an affinity or a container may give fewer)."""
    if sys.platform == "linux":
        return max(1, len(os.sched_getaffinity(0)))
    return max(1, os.cpu_count() or 1)


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
