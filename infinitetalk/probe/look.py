"""What is looked at before anything is judged: cards, drivers, memory, folders, the screen."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from infinitetalk import paths
from infinitetalk.probe.nvidia import NvidiaCard, nvidia_cards
from infinitetalk.probe.other_cards import display_adapters


@dataclass(frozen=True, kw_only=True)
class Folder:
    """A folder that is or will be; `free` in bytes."""

    path: Path
    free: int
    writable: bool


@dataclass(frozen=True, kw_only=True)
class Look:
    """A machine as it is found, saved or made up: `sentences` tells what it means."""

    cards: tuple[NvidiaCard, ...] = ()
    adapters: tuple[str, ...] = ()  # makers of all display adapters, NVIDIA among them
    torch_version: str = ""
    torch_cuda: str | None = None  # None: a build for the CPU
    ram_total: int = 0
    data: Folder | None = None  # of the user: models and jobs, unless others are chosen
    program: Folder | None = None  # where this program lies
    screen: str = ""  # "wayland", "x11", "windows", "macos"; "": none
    packed: bool = False  # an installed package, not a checkout or pip

    @property
    def card(self) -> NvidiaCard | None:
        """The card with the most memory."""
        return max(self.cards, key=lambda card: card.vram_total, default=None)

    @property
    def others(self) -> tuple[str, ...]:
        return tuple(maker for maker in self.adapters if maker != "NVIDIA")


def look_around(torch_version: str, torch_cuda: str | None) -> Look:
    """This machine. Milliseconds; nothing is written."""
    import psutil

    return Look(
        cards=tuple(nvidia_cards()),
        adapters=tuple(display_adapters()),
        torch_version=torch_version,
        torch_cuda=torch_cuda,
        ram_total=psutil.virtual_memory().total,
        data=folder_at(paths.data_folder()),
        program=folder_at(Path(__file__).resolve().parents[1]),
        screen=screen(),
        packed=bool(getattr(sys, "frozen", False)),
    )


def folder_at(path: Path) -> Folder:
    """The nearest folder that exists decides; nothing is made."""
    there = nearest(path)
    return Folder(path=path, free=free_bytes(there), writable=os.access(there, os.W_OK))


def nearest(path: Path) -> Path:
    """The folder, or the first one above it that exists and may be looked at."""
    for place in (path, *path.parents):
        try:
            if place.exists():
                return place
        except OSError:  # no right to look into its parent
            continue
    return Path(path.anchor or ".")


def free_bytes(folder: Path) -> int:
    """Free where `folder` is or would be made; 0 where that can't be told."""
    import psutil

    try:
        return psutil.disk_usage(str(nearest(folder))).free
    except OSError:
        return 0


def screen() -> str:
    """Which kind of screen a window would open on; "" for none."""
    if sys.platform == "win32":
        return "windows"
    if sys.platform == "darwin":
        return "macos"
    if os.environ.get("WAYLAND_DISPLAY"):
        return "wayland"
    return "x11" if os.environ.get("DISPLAY") else ""
