"""Work that is independent per token, done in pieces so that temporaries stay small."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor


def pieces_of(tokens: Tensor, chunk: int | None) -> bool:
    """Whether `map_tokens` takes these tokens [B, S, ...] in more than one piece."""
    return chunk is not None and tokens.shape[1] > chunk and not torch.is_grad_enabled()


def map_tokens(
    function: Callable[..., tuple[Tensor, ...]],
    chunk: int | None,
    *per_token: Tensor,
    outs: Sequence[Tensor] | None = None,
) -> tuple[Tensor, ...]:
    """The tuple `function(start, *per_token)`, made from at most `chunk` tokens at a time.

    All tensors have their tokens along axis 1, the results too; `start` is the first token of the
    piece. `outs`, if given, receive the results of more than one piece; they may be among the inputs,
    as a piece is read before it is written. `chunk` None means all at once. Under autograd
    pieces would only cost memory: all at once.
    """
    tokens = per_token[0].shape[1]
    if chunk is None or not pieces_of(per_token[0], chunk):
        return function(0, *per_token)
    for start in range(0, tokens, chunk):
        piece = slice(start, min(start + chunk, tokens))
        found = function(start, *(tensor[:, piece] for tensor in per_token))
        if outs is None:
            outs = [part.new_empty((part.shape[0], tokens, *part.shape[2:])) for part in found]
        for out, part in zip(outs, found, strict=True):
            target = out[:, piece]
            if not _same_place(part, target):  # else the function wrote it where it belongs
                target.copy_(part)
    assert outs is not None
    return tuple(outs)


def _same_place(a: Tensor, b: Tensor) -> bool:
    return (
        a.untyped_storage()._cdata == b.untyped_storage()._cdata
        and a.storage_offset() == b.storage_offset()
    )
