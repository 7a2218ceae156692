"""What a machine that is not perfect means, in a sentence, and the best way that works on it."""

from collections.abc import Iterator

from infinitetalk.errors import GIB, ErrorReport
from infinitetalk.probe.look import Look
from infinitetalk.probe.nvidia import OLDEST_DRIVER, NvidiaCard, driver_is_old

OLDEST_CARD = (7, 5)  # compute capability: RTX 20 and GTX 16 series; CUDA 13 knows no older ones
ROOMY_RAM = 15 * GIB  # a machine sold with 16 GB
LITTLE_DISK = 2 * GIB  # a job needs what it is planned to use and this to spare

_CPU_WAY = "The miniature model works on the CPU."


def card_is_usable(look: Look) -> bool:
    """Whether the engine computes on the best card."""
    card = look.card
    return (
        card is not None
        and look.torch_cuda is not None
        and not driver_is_old(card.driver)
        and not card_is_old(card)
    )


def card_is_old(card: NvidiaCard) -> bool:
    return card.compute_capability is not None and card.compute_capability < OLDEST_CARD


def notices_for(look: Look) -> Iterator[ErrorReport]:
    """Worst first: the card, then memory, then folders."""
    yield from _card(look)
    yield from _memory(look)
    yield from _folders(look)


def _card(look: Look) -> Iterator[ErrorReport]:
    card = look.card
    if card is None:
        yield _no_driver() if "NVIDIA" in look.adapters else _no_card(look)
    elif card_is_old(card):
        major, minor = card.compute_capability or (0, 0)
        yield ErrorReport(
            code="gpu.too_old",
            title="The graphics card is too old",
            detail=f"{card.name} has compute capability {major}.{minor}; the RTX 20 and GTX 16 "
            "series (7.5) are the oldest that the engine computes on.",
            remedy=_CPU_WAY,
            facts={"gpu": card.name, "capability": f"{major}.{minor}"},
        )
    elif look.torch_version and look.torch_cuda is None:
        yield _cpu_build(look, card)
    elif driver_is_old(card.driver):
        yield ErrorReport(
            code="gpu.driver_old",
            title="The graphics driver is too old",
            detail=f"Driver {card.driver} is installed for {card.name}; {OLDEST_DRIVER} or newer "
            "is needed.",
            remedy="Install the current driver from nvidia.com, then start again. Until then the "
            "miniature model works on the CPU.",
            facts={"gpu": card.name, "driver": card.driver, "wanted": str(OLDEST_DRIVER)},
        )


def _no_card(look: Look) -> ErrorReport:
    found = " and ".join(look.others)
    detail = (
        f"Found: {found}. The engine computes on NVIDIA cards of the RTX 20 series or newer; cards "
        "of other makers are not used."
        if found
        else "None was found. The big model needs an NVIDIA card of the RTX 20 series or newer."
    )
    return ErrorReport(
        code="gpu.none",
        title="No usable graphics card",
        detail=detail,
        remedy=_CPU_WAY,
        facts={"found": found} if found else {},
    )


def _no_driver() -> ErrorReport:
    return ErrorReport(
        code="gpu.no_driver",
        title="The graphics card has no driver of its maker",
        detail="An NVIDIA card is built in, but its driver does not answer (nvidia-smi).",
        remedy="Install NVIDIA's driver, then start again. Until then the miniature model works on "
        "the CPU.",
        facts={"wanted": str(OLDEST_DRIVER)},
    )


def _cpu_build(look: Look, card: NvidiaCard) -> ErrorReport:
    way = (
        "Install the CUDA flavor of this program in place of the CPU flavor; models and projects "
        "stay."
        if look.packed
        else "Install torch's CUDA build: run 'python installer/dev.py setup' on Windows, or 'pip "
        "install --force-reinstall torch' with the CUDA index of pytorch.org."
    )
    return ErrorReport(
        code="gpu.cpu_only_torch",
        title="The graphics card is not used",
        detail=f"{card.name} is there, but this program was built for the CPU only (torch "
        f"{look.torch_version}).",
        remedy=f"{way} Until then the miniature model works on the CPU.",
        facts={"gpu": card.name, "torch": look.torch_version},
    )


def _memory(look: Look) -> Iterator[ErrorReport]:
    if 0 < look.ram_total < ROOMY_RAM:
        yield ErrorReport(
            code="ram.little",
            title="Little memory (RAM)",
            detail=f"{look.ram_total / GIB:.0f} GiB are built in. The big model keeps what does not "
            "fit on the disk and reads it again in every step, which wants a fast SSD; 16 GiB or "
            "more are better.",
            remedy="Choose an 8-bit model and close other programs while rendering. The miniature "
            "model works in any case.",
            facts={"total": look.ram_total},
        )


def _folders(look: Look) -> Iterator[ErrorReport]:
    data = look.data
    if data is not None and not data.writable:
        yield ErrorReport(
            code="disk.read_only",
            title="The folder can't be written",
            detail=f"{data.path}, where models and jobs go, may only be read by this user.",
            remedy="Choose other folders in the settings, or set INFINITETALK_HOME to one.",
            facts={"folder": str(data.path)},
        )
    elif data is not None and data.free < LITTLE_DISK:
        yield ErrorReport(
            code="disk.full",
            title="The disk is full",
            detail=f"{data.path}, where models and jobs go, has {data.free / GIB:.1f} GiB free; a "
            "job needs 2 GiB to spare.",
            remedy="Free some space, or choose folders on another disk in the settings.",
            facts={"place": str(data.path), "free": data.free},
        )


def program_sentence(look: Look) -> str:
    """Where the program lies, and that a folder that can't be written is right for it."""
    if look.program is None:
        return ""
    if look.program.writable:
        return str(look.program.path)
    return f"{look.program.path} (read-only, as it may be: nothing is written there)"


def screen_sentence(look: Look) -> str:
    """What a window opens on."""
    names = {"wayland": "Wayland", "x11": "X11", "windows": "Windows", "macos": "macOS"}
    return names.get(
        look.screen, "none: the window can't open here; 'infinitetalk render' needs no screen"
    )
