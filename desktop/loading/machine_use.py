"""How much of the machine is in use now: RAM, disk, and where there is a tool for it VRAM."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop.loading.background import Background


@dataclass(frozen=True, kw_only=True)
class Use:
    """Bytes. A total of 0: there is no such thing, or nothing tells."""

    ram_used: int = 0
    ram_total: int = 0
    disk_free: int = 0
    disk_total: int = 0
    vram_used: int = 0
    vram_total: int = 0
    vram_users: str = ""


class MachineUse(QObject):
    """Measures off the GUI thread; `measured` brings the figures."""

    measured = Signal(object)  # Use

    def __init__(self, background: Background) -> None:
        super().__init__()
        self._background = background
        self._busy = False
        self.last = Use()
        self.vram_total = 0  # as the engine found it
        self.vram_used = 0

    def measure(self, folder: Path) -> None:
        if self._busy:
            return
        self._busy = True
        vram = (self.vram_used, self.vram_total)
        self._background.submit(lambda: _measure(folder, vram), self._done, self._failed)

    def _done(self, use: Use) -> None:
        self._busy = False
        self.last = use
        self.measured.emit(use)

    def _failed(self, report: object) -> None:
        del report
        self._busy = False


def _measure(folder: Path, vram: tuple[int, int]) -> Use:
    import psutil

    memory = psutil.virtual_memory()
    place = folder
    while not place.exists() and place != place.parent:
        place = place.parent
    disk = shutil.disk_usage(place)
    return Use(
        ram_used=memory.total - memory.available,
        ram_total=memory.total,
        disk_free=disk.free,
        disk_total=disk.total,
        vram_used=vram[0],
        vram_total=vram[1],
    )
