"""The four figures before rendering: time, graphics memory, RAM, disk."""

from PySide6.QtCore import QLocale, QTime
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.state.clock_text import duration_text, gib_text
from desktop.theme import Theme
from desktop.views.preflight_parts import FigureCard
from infinitetalk.plan import Machine, Plan

NIGHT = 9 * 3600.0  # seconds


class Figures(QWidget):
    """What a plan takes, with what is free as a tick."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        self._cards = {
            name: FigureCard(icon, title, theme)
            for name, icon, title in (
                ("time", "clock", self.tr("Time")),
                ("vram", "chip", self.tr("VRAM, highest")),
                ("ram", "memory", self.tr("RAM, highest")),
                ("disk", "disk", self.tr("Disk")),
            )
        }
        for made in self._cards.values():
            row.addWidget(made, 1)

    def show_plan(self, plan: Plan | None, machine: Machine | None) -> None:
        if plan is None or machine is None:
            for made in self._cards.values():
                made.show_figure("–", self.tr("not known yet"), 0.0, -1.0, "good")
            return
        self._show_time(plan)
        self._show_card(plan, machine)
        self._show_memory(
            "ram",
            plan.peak_ram,
            machine.ram_free,
            self.tr("of {0} free").format(gib_text(machine.ram_free)),
        )
        self._show_memory(
            "disk",
            plan.disk,
            machine.disk_free,
            self.tr("of {0} free").format(gib_text(machine.disk_free)),
        )

    def _show_time(self, plan: Plan) -> None:
        ready = QTime.currentTime().addSecs(round(plan.seconds) % 86400)
        self._cards["time"].show_figure(
            duration_text(plan.seconds),
            self.tr("{0} a chunk, ready {1}").format(
                duration_text(plan.seconds_per_chunk), QLocale().toString(ready, "HH:mm")
            ),
            *_share(plan.seconds, NIGHT),
            "warning" if plan.seconds > NIGHT else "good",
        )

    def _show_card(self, plan: Plan, machine: Machine) -> None:
        if machine.gpu is None:
            self._cards["vram"].show_figure(
                "–", self.tr("no graphics card is used"), 0.0, -1.0, "good"
            )
            return
        resident = (
            self.tr("no block resident")
            if plan.resident_blocks == 0
            else self.tr("%n blocks resident", "", plan.resident_blocks)
        )
        self._show_memory(
            "vram",
            plan.peak_vram,
            machine.vram_free,
            self.tr("of {0} free now; {1}").format(gib_text(machine.vram_free), resident),
        )

    def _show_memory(self, name: str, need: int, free: int, text: str) -> None:
        at = "error" if need > free else "good"
        self._cards[name].show_figure(gib_text(need), text, *_share(need, free), at)


def _share(need: float, limit: float) -> tuple[float, float]:
    """Bar and tick on one scale: the tick stands at three quarters, or the bar runs past it."""
    scale = max(limit / 0.85, need)
    return need / max(scale, 1e-9), limit / max(scale, 1e-9)
