"""Machines that are not perfect, as the probe would find them."""

from dataclasses import dataclass
from pathlib import Path

from infinitetalk.errors import GIB
from infinitetalk.plan import Machine
from infinitetalk.probe import machine
from infinitetalk.probe.look import Folder, Look
from infinitetalk.probe.nvidia import NvidiaCard

HOME = Path("/home/mara/.local/share/InfiniteTalk")
ROOMY = Folder(path=HOME, free=200 * GIB, writable=True)
PROGRAM = Folder(path=Path("/opt/infinitetalk"), free=20 * GIB, writable=False)


@dataclass(frozen=True, kw_only=True)
class MachineReport:
    """What is looked at; the sentence's code that must come first ("" for none); words in it."""

    look: Look
    code: str
    words: tuple[str, ...] = ()
    usable: bool = False

    def machine(self) -> Machine:
        return machine(HOME, look=self.look)


def card(
    name: str, capability: tuple[int, int], driver: str = "580.97", gib: int = 8
) -> NvidiaCard:
    return NvidiaCard(
        name=name,
        vram_total=gib * GIB,
        vram_free=gib * GIB - GIB // 2,
        compute_capability=capability,
        driver=driver,
    )


def look(**changes: object) -> Look:
    """A good machine, with changes."""
    usual: dict[str, object] = {
        "cards": (card("NVIDIA GeForce RTX 4060", (8, 9)),),
        "adapters": ("NVIDIA", "Intel"),
        "torch_version": "2.13.0+cu130",
        "torch_cuda": "13.0",
        "ram_total": 32 * GIB,
        "data": ROOMY,
        "program": PROGRAM,
        "screen": "wayland",
        "packed": True,
    }
    return Look(**{**usual, **changes})  # type: ignore[arg-type]  # fields by name


CPU = {"torch_version": "2.13.0+cpu", "torch_cuda": None}

REPORTS: dict[str, MachineReport] = {
    "good": MachineReport(look=look(), code="", usable=True),
    "no-card": MachineReport(
        look=look(cards=(), adapters=(), **CPU),
        code="gpu.none",
        words=("None was found", "miniature model works on the CPU"),
    ),
    "amd": MachineReport(
        look=look(cards=(), adapters=("AMD",), **CPU),
        code="gpu.none",
        words=("Found: AMD", "RTX 20 series"),
    ),
    "intel-and-amd": MachineReport(
        look=look(cards=(), adapters=("Intel", "AMD")),
        code="gpu.none",
        words=("Found: Intel and AMD",),
    ),
    "no-driver": MachineReport(
        look=look(cards=(), adapters=("NVIDIA",)),
        code="gpu.no_driver",
        words=("nvidia-smi", "Install NVIDIA's driver"),
    ),
    "driver-old": MachineReport(
        look=look(cards=(card("NVIDIA GeForce RTX 3060", (8, 6), "531.61", 12),)),
        code="gpu.driver_old",
        words=("531.61", "580", "nvidia.com"),
    ),
    "card-old": MachineReport(
        look=look(cards=(card("NVIDIA GeForce GTX 1080", (6, 1)),)),
        code="gpu.too_old",
        words=("GTX 1080", "6.1", "miniature"),
    ),
    "cpu-build": MachineReport(
        look=look(**CPU),
        code="gpu.cpu_only_torch",
        words=("RTX 4060", "CUDA flavor", "models and projects stay"),
    ),
    "cpu-build-from-source": MachineReport(
        look=look(packed=False, **CPU),
        code="gpu.cpu_only_torch",
        words=("pip install", "2.13.0+cpu"),
    ),
    "two-cards": MachineReport(
        look=look(
            cards=(
                card("NVIDIA GeForce GTX 1050", (6, 1), gib=4),
                card("NVIDIA GeForce RTX 3090", (8, 6), gib=24),
            )
        ),
        code="",
        usable=True,
    ),
    "little-ram": MachineReport(
        look=look(ram_total=int(7.7 * GIB)),
        code="ram.little",
        words=("8 GiB", "fast SSD", "8-bit"),
        usable=True,
    ),
    "home-full": MachineReport(
        look=look(data=Folder(path=HOME, free=300 * 1024**2, writable=True)),
        code="disk.full",
        words=(str(HOME), "0.3 GiB", "settings"),
        usable=True,
    ),
    "home-read-only": MachineReport(
        look=look(data=Folder(path=HOME, free=20 * GIB, writable=False)),
        code="disk.read_only",
        words=(str(HOME), "INFINITETALK_HOME"),
        usable=True,
    ),
    "everything-at-once": MachineReport(
        look=look(
            cards=(),
            adapters=("Intel",),
            ram_total=4 * GIB,
            data=Folder(path=HOME, free=0, writable=False),
            screen="",
            **CPU,
        ),
        code="gpu.none",
    ),
}
