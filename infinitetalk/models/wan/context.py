"""What blocks read besides their tokens: contexts to attend to, and the state of a step."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from torch import Tensor

from infinitetalk.ops.rope import RopeTable

KeyValue = tuple[Tensor, Tensor]


@dataclass(kw_only=True)
class Context:
    """Tokens that every block attends to, and each block's keys and values of them.

    Keys and values depend on prompt, picture or speech alone, so with `keep` they are computed at
    a block's first visit and then kept for the whole chunk; branches share the object. Without
    it they are computed at every visit, with the same result.
    """

    tokens: Tensor  # text, image [B, L, D]; audio [B, T, P * A, token size]
    keep: bool = False
    _kept: dict[int, KeyValue] = field(default_factory=dict, repr=False)

    def key_values(self, block: int, project: Callable[[Tensor], KeyValue]) -> KeyValue:
        """Keys and values for block number `block`; `project` makes them from the tokens."""
        if not self.keep:
            return project(self.tokens)
        found = self._kept.get(block)
        if found is None:
            found = self._kept[block] = project(self.tokens)
        return found

    def has(self, block: int) -> bool:
        """True where block number `block` no longer needs its weights for this context."""
        return block in self._kept

    @property
    def kept_bytes(self) -> int:
        return sum(part.nbytes for pair in self._kept.values() for part in pair)

    def release(self) -> None:
        """Drops the kept keys and values; they are computed again when needed."""
        self._kept.clear()


@dataclass(frozen=True, kw_only=True)
class Condition:
    """What one branch (or one batch of clips) is conditioned on."""

    text: Context
    image: Context
    audio: Context
    speakers: int = 1  # of this branch; a dropped-audio branch always has one
    speaker_tokens: Tensor | None = None  # [B, 3, Nh * Nw] bool; two speakers only
    guard_masks: bool = True  # a class without tokens is ignored rather than spoiling all

    def __post_init__(self) -> None:
        if not 1 <= self.speakers <= 2:
            raise ValueError(f"speakers must be 1 or 2, found {self.speakers}")
        if (self.speakers == 2) != (self.speaker_tokens is not None):
            raise ValueError("speaker_tokens go with two speakers, and only with them")

    @property
    def contexts(self) -> tuple[Context, Context, Context]:
        return self.text, self.image, self.audio

    def has(self, block: int) -> bool:
        """True where all keys and values of block number `block` are kept."""
        return all(context.has(block) for context in self.contexts)


@dataclass(frozen=True, kw_only=True)
class StepState:
    """What all blocks and branches of one step share."""

    time: Tensor  # [B, D] float32, for the head
    modulation: Tensor  # [B, 6, D] float32, for the blocks
    rope: RopeTable
    grid: tuple[int, int, int]  # latent frames, token rows, token columns
    token_chunk: int | None = None  # tokens at a time in per-token work; None: all

    @property
    def frame_tokens(self) -> int:
        """Tokens of one latent frame."""
        return self.grid[1] * self.grid[2]

    @property
    def piece_tokens(self) -> int | None:
        """`token_chunk` as whole latent frames, at least one."""
        if self.token_chunk is None:
            return None
        return max(self.token_chunk // self.frame_tokens, 1) * self.frame_tokens


def unique_contexts(conditions: Iterable[Condition]) -> list[Context]:
    """The contexts of several branches, each once, in order."""
    seen: dict[int, Context] = {}
    for condition in conditions:
        for context in condition.contexts:
            seen.setdefault(id(context), context)
    return list(seen.values())
