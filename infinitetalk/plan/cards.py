"""What graphics cards can compute, for machines that were not measured yet.

Published dense figures (products with float32 sums, as torch runs them), in FLOP/s; boost clocks of
the makers' data sheets. Laptop cards of the same name run at lower power: about 0.7 of it.
Estimates from these are good to about 40 %, and measurements replace them (spec: ux.md 6).
"""

from dataclasses import dataclass

from infinitetalk.plan.facts import Machine

TERA = 1e12


@dataclass(frozen=True, kw_only=True)
class Rates:
    """Products per second: 16-bit, 8-bit integer, 8-bit float (0: the card has none), attention."""

    matmul: float
    int8: float
    fp8: float
    attention: float
    measured: bool = False

    def products(self, precision: str) -> float:
        """Rate of the block linears with weights of this precision.

        Without 8-bit products of that kind the weights are dequantised per layer first.
        """
        if precision == "int8" and self.int8:
            return self.int8
        if precision == "fp8" and self.fp8:
            return self.fp8
        return self.matmul


# Share of the published rate that is reached: matrix products 0.75-0.8 (792 of 989 TFLOP/s on one
# H200); attention the same on consumer cards, 0.58 there (573 TFLOP/s).
_MATMUL_SHARE = 0.75
_ATTENTION_SHARE = 0.72
_ATTENTION_SHARE_HOPPER = 0.58
_LAPTOP = 0.7

# name: (16-bit TFLOP/s, int8 TOP/s, fp8 TFLOP/s); longer names are looked for first.
_CARDS: dict[str, tuple[float, float, float]] = {
    "RTX 2060": (26, 103, 0),
    "RTX 2070": (30, 119, 0),
    "RTX 2080": (40, 161, 0),
    "RTX 2080 Ti": (54, 215, 0),
    "RTX 3050": (18, 73, 0),
    "RTX 3060": (25.6, 102, 0),
    "RTX 3060 Ti": (32, 130, 0),
    "RTX 3070": (41, 163, 0),
    "RTX 3070 Ti": (43, 174, 0),
    "RTX 3080": (60, 238, 0),
    "RTX 3080 Ti": (68, 273, 0),
    "RTX 3090": (71, 284, 0),
    "RTX 3090 Ti": (80, 320, 0),
    "RTX 4050": (31, 124, 62),
    "RTX 4060": (30, 121, 60),
    "RTX 4060 Ti": (44, 177, 88),
    "RTX 4070": (58, 233, 117),
    "RTX 4070 SUPER": (71, 284, 142),
    "RTX 4070 Ti": (80, 321, 160),
    "RTX 4070 Ti SUPER": (88, 353, 176),
    "RTX 4080": (97, 390, 195),
    "RTX 4080 SUPER": (104, 418, 209),
    "RTX 4090": (165, 660, 330),
    "RTX 5050": (26, 105, 53),
    "RTX 5060": (38, 154, 77),
    "RTX 5060 Ti": (47, 190, 95),
    "RTX 5070": (62, 247, 123),
    "RTX 5070 Ti": (88, 352, 176),
    "RTX 5080": (113, 450, 225),
    "RTX 5090": (210, 838, 419),
    "RTX A2000": (32, 64, 0),
    "RTX A4000": (77, 153, 0),
    "RTX A5000": (111, 222, 0),
    "RTX A6000": (155, 310, 0),
    "RTX 4000 Ada": (107, 214, 214),
    "RTX 5000 Ada": (261, 522, 522),
    "RTX 6000 Ada": (364, 728, 728),
    "RTX PRO 6000": (503, 1007, 1007),
    "T4": (65, 130, 0),
    "V100": (112, 0, 0),
    "A10": (125, 250, 0),
    "A40": (150, 299, 0),
    "A100": (312, 624, 0),
    "L4": (121, 242, 242),
    "L40": (181, 362, 362),
    "L40S": (362, 733, 733),
    "H100": (989, 1979, 1979),
    "H200": (989, 1979, 1979),
    "B200": (2250, 4500, 4500),
}
# Cards without an entry: a modest one of the same compute capability.
_BY_CAPABILITY: tuple[tuple[tuple[int, int], tuple[float, float, float]], ...] = (
    ((12, 0), (38, 154, 77)),
    ((10, 0), (2250, 4500, 4500)),
    ((9, 0), (800, 1600, 1600)),
    ((8, 9), (30, 121, 60)),
    ((8, 6), (25, 102, 0)),
    ((8, 0), (300, 600, 0)),
    ((7, 5), (26, 103, 0)),
    ((7, 0), (100, 0, 0)),
)
_OLDEST = (5.0, 0.0, 0.0)
# Float32 products of one CPU core with 8-wide vectors, about 3 GHz, at two thirds of the peak.
_CPU_CORE = 60e9


def card_rates(machine: Machine, *, threads: int = 1) -> Rates:
    """Rates of this machine: measured ones where there are, else from the card's figures."""
    if machine.gpu is None:
        matmul = machine.matmul_flops or _CPU_CORE * threads
        attention = machine.attention_flops or matmul / 2
        return Rates(
            matmul=matmul,
            int8=machine.matmul8_flops,
            fp8=0.0,
            attention=attention,
            measured=machine.matmul_flops > 0,
        )
    matmul, int8, fp8 = published_rates(machine.gpu, machine.compute_capability)
    hopper = machine.compute_capability is not None and machine.compute_capability[0] in (9, 10)
    share = _ATTENTION_SHARE_HOPPER if hopper else _ATTENTION_SHARE
    measured8 = machine.matmul8_flops
    return Rates(
        matmul=machine.matmul_flops or matmul * TERA * _MATMUL_SHARE,
        int8=measured8 if measured8 and int8 else int8 * TERA * _MATMUL_SHARE,
        fp8=measured8 if measured8 and fp8 else fp8 * TERA * _MATMUL_SHARE,
        attention=machine.attention_flops or matmul * TERA * share,
        measured=machine.matmul_flops > 0,
    )


def published_rates(gpu: str, capability: tuple[int, int] | None) -> tuple[float, float, float]:
    """(16-bit, int8, fp8) of a card by its name, else by its compute capability; TFLOP/s."""
    words = f" {gpu.lower().replace('-', ' ')} "
    for name in sorted(_CARDS, key=len, reverse=True):
        if f" {name.lower()} " in words:
            found = _CARDS[name]
            if "laptop" in words or "max q" in words or " mobile " in words:
                return (found[0] * _LAPTOP, found[1] * _LAPTOP, found[2] * _LAPTOP)
            return found
    for least, figures in _BY_CAPABILITY:
        if capability is not None and capability >= least:
            return figures
    return _OLDEST
