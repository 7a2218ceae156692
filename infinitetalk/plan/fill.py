"""What fills a card: pieces of tokens, branches, kept keys and values, resident blocks, VAE tiles."""

from collections.abc import Iterator
from dataclasses import dataclass

from infinitetalk.errors import GIB
from infinitetalk.plan import cost, memory
from infinitetalk.plan.estimate import DISK_RATE, PINNED_RATE, Means, transformer_needs
from infinitetalk.plan.facts import Machine, WeightsFacts
from infinitetalk.request import GenerationRequest

TOKEN_CHUNKS = (8192, 4096, 2048, 1024)  # tokens at a time; the first whose temporaries fit
# What is taken because there is room leaves a little of it: a peak is predicted to a few percent, and
# the allocator holds 4 to 8 % more than is alive (measured).
FILLED_SHARE = 0.92
# Branches go in turn where the pass of one takes so many times as long as its blocks travel: each
# then brings in all blocks for nothing but less memory.
HIDDEN_FACTOR = 1.3
_SPARE_RAM = 2 * GIB
_PINNED_SHARE = 0.6  # of the free RAM, at most: more page-locked memory slows the system


@dataclass(frozen=True, kw_only=True)
class Filling:
    """What decides how much memory a chunk takes."""

    token_chunk: int  # 0: all tokens at once
    resident_blocks: int
    keep_key_values: bool
    vae_tile: int  # 0: whole frames
    branches_together: bool


def pinnable_bytes(machine: Machine) -> int:
    """Page-locked RAM that blocks may take."""
    room = machine.ram_free - memory.BASE_RAM - memory.CUDA_RAM - _SPARE_RAM
    return max(0, int(min(room, machine.ram_free * _PINNED_SHARE)))


def fill_card(
    request: GenerationRequest,
    weights: WeightsFacts,
    machine: Machine,
    means: Means,
    size: tuple[int, int],
    span: int,
    branches: tuple[str, ...],
    most_resident: int | None = None,
) -> Filling:
    """The first combination that fits; the one that takes least where none does.

    Branches stay together only where that saves transfers. Keys and values come before resident
    blocks, for they spare a quarter of each block's transfer and its work; then as many blocks as
    fit beside the VAE's best tile. Smaller pieces of tokens are taken only where nothing fits else.
    """
    tokens = cost.token_count(size, span)
    budget, tight = means.budget, int(means.budget * FILLED_SHARE)
    tile = memory.choose_vae_tile(weights, size, span, dtype=means.vae_dtype, budget=tight)
    pictures = max(memory.vae_bytes(weights, size, span, dtype=means.vae_dtype, tile=tile))
    hidden = transfers_hidden(request, weights, machine, means, size, span)
    best: Filling | None = None
    for together, piece in _choices(len(branches) > 1 and not hidden):
        need = transformer_needs(
            request, weights, size, span, branches, means, piece, together=together
        )

        def fits(
            resident: int, keep: bool, room: int, need: memory.TransformerBytes = need
        ) -> bool:
            denoise = need.total(resident=resident, blocks=weights.blocks, keep_key_values=keep)
            return max(denoise, need.outside + resident * need.block + pictures) <= room

        keep = fits(0, True, tight)
        most = weights.blocks if most_resident is None else min(most_resident, weights.blocks)
        blocks = range(most, 0, -1)
        best = Filling(
            token_chunk=piece if tokens > piece else 0,
            resident_blocks=next((k for k in blocks if fits(k, keep, tight)), 0),
            keep_key_values=keep,
            vae_tile=tile,
            branches_together=together,
        )
        if keep or fits(0, False, budget):
            break
    assert best is not None
    return best


def _choices(together: bool) -> Iterator[tuple[bool, int]]:
    """Branches together or not, and tokens at a time, from most memory to least."""
    for piece in TOKEN_CHUNKS[:2]:
        if together:
            yield True, piece
    for piece in TOKEN_CHUNKS:
        yield False, piece


def transfers_hidden(
    request: GenerationRequest,
    weights: WeightsFacts,
    machine: Machine,
    means: Means,
    size: tuple[int, int],
    span: int,
) -> bool:
    """Whether one branch computes so long that all blocks come in beside it."""
    work = cost.pass_work(weights, size, span, speakers=len(request.speech))
    every = weights.blocks * memory.block_bytes(weights, means.precision)
    one = cost.step_cost(
        work,
        means.rates,
        means.precision,
        branches=1,
        streamed_bytes=every,
        disk_bytes=max(0, every - pinnable_bytes(machine)),
        transfer_rate=machine.pinned_rate or PINNED_RATE,
        disk_rate=machine.disk_read or DISK_RATE,
    )
    return one.compute >= HIDDEN_FACTOR * max(one.transfer, one.disk)
