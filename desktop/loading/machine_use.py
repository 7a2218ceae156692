"""How much of the machine is in use now: RAM, disk, and where there is a tool for it VRAM."""

import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop.loading.background import Background
from desktop.loading.card_use import CardUse, CardUser, read_card
from desktop.state.clock_text import gib_text

_CARD_SECONDS = 3.0


@dataclass(frozen=True, kw_only=True)
class Use:
    """Bytes. A total of 0: there is no such thing, or nothing tells."""

    ram_used: int = 0
    ram_total: int = 0
    disk_free: int = 0
    disk_total: int = 0
    vram_used: int = 0
    vram_total: int = 0
    users: tuple[CardUser, ...] = ()

    @property
    def vram_users(self) -> str:
        """Who uses the card, the largest first; empty where nobody tells."""
        largest = sorted(self.users, key=lambda user: -user.used)
        return "\n".join(
            f"{user.name} {gib_text(user.used)}" if user.used else user.name for user in largest
        )


class MachineUse(QObject):
    """Measures off the GUI thread; `measured` brings the figures."""

    measured = Signal(object)  # Use

    def __init__(self, background: Background) -> None:
        super().__init__()
        self._background = background
        self._busy = False
        self.last = Use()
        self._card: CardUse | None = None
        self._card_at = 0.0

    def measure(self, folder: Path) -> None:
        if self._busy:
            return
        self._busy = True
        self._background.submit(lambda: self._measure(folder), self._done, self._failed)

    def _done(self, use: Use) -> None:
        self._busy = False
        self.last = use
        self.measured.emit(use)

    def _failed(self, report: object) -> None:
        del report
        self._busy = False

    def _measure(self, folder: Path) -> Use:
        import psutil

        memory = psutil.virtual_memory()
        place = folder
        while not place.exists() and place != place.parent:
            place = place.parent
        disk = shutil.disk_usage(place)
        card = self._asked_card()
        return Use(
            ram_used=memory.total - memory.available,
            ram_total=memory.total,
            disk_free=disk.free,
            disk_total=disk.total,
            vram_used=card.used if card else 0,
            vram_total=card.total if card else 0,
            users=card.users if card else (),
        )

    def _asked_card(self) -> CardUse | None:
        """The card's answer, a few seconds old at most: asking starts a program."""
        now = time.monotonic()
        if now - self._card_at >= _CARD_SECONDS:
            self._card, self._card_at = read_card(), now
        return self._card
