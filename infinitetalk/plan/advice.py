"""What suits a machine: the preset and the precision that are offered first (spec: ux.md 6)."""

from infinitetalk.errors import GIB
from infinitetalk.plan.cards import card_rates
from infinitetalk.plan.facts import Machine, WeightsFacts
from infinitetalk.plan.memory import block_bytes
from infinitetalk.request import Precision

_FINE_VRAM = 20 * GIB
_ROOM_BESIDE = 6 * GIB  # activations, keys and values at the usual sizes


def recommended_preset(machine: Machine) -> str:
    """The name of a preset: "fine" from 24 GB on, else "fast"."""
    return "fine" if machine.vram_total >= _FINE_VRAM else "fast"


def recommended_precision(machine: Machine, weights: WeightsFacts) -> Precision:
    """As stored where that is 8 bit; bf16 where all of it stays on the card; else 8 bit.

    Of the 8-bit kinds fp8 unless the card is clearly faster in int8, or has no fp8 products. On a
    CPU nothing is won by 8 bit but memory, so small models stay as they are.
    """
    if weights.stored == "fp8":
        return "fp8"
    if weights.stored == "int8":
        return "int8"
    if machine.gpu is None:
        return "bf16"
    whole = weights.blocks * block_bytes(weights, "bf16") + 2 * weights.other_parameters
    if whole + _ROOM_BESIDE <= machine.vram_free:
        return "bf16"
    rates = card_rates(machine)
    return "fp8" if rates.fp8 and rates.int8 <= 1.2 * rates.fp8 else "int8"


_PUBLISHED_BF16 = 38 * GIB  # the published transformer with its audio adapter


def precision_to_download(machine: Machine) -> Precision:
    """Which of the published formats suits a card: 8 bits, unless all of it fits in bf16.

    Without a usable card int8, which runs on every card from the RTX 20 series on.
    """
    if machine.gpu is not None:
        if machine.vram_total >= _PUBLISHED_BF16 + _ROOM_BESIDE:
            return "bf16"
        rates = card_rates(machine)
        if rates.fp8 and rates.int8 <= 1.2 * rates.fp8:
            return "fp8"
    return "int8"
