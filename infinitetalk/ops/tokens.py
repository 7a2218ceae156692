"""Work that is independent per token, done in pieces so that temporaries stay small."""

from collections.abc import Callable

import torch
from torch import Tensor


def map_tokens(
    function: Callable[..., Tensor],
    chunk: int | None,
    x: Tensor,
    *per_token: Tensor,
    out: Tensor | None = None,
) -> Tensor:
    """`function(x, *per_token)`, applied to at most `chunk` tokens at a time.

    `x` and all of `per_token` have their tokens along axis 1; so has the result. `out`, if given,
    receives the result (it may be one of the inputs: a piece is read before it is written).
    `chunk` None means all at once. Under autograd the pieces would only cost memory: all at once.
    """
    tokens = x.shape[1]
    if torch.is_grad_enabled() or ((chunk is None or tokens <= chunk) and out is None):
        return function(x, *per_token)
    step = chunk or tokens
    for start in range(0, tokens, step):
        end = min(start + step, tokens)
        piece = function(x[:, start:end], *(t[:, start:end] for t in per_token))
        if out is None:
            out = torch.empty(
                (x.shape[0], tokens, *piece.shape[2:]), dtype=piece.dtype, device=piece.device
            )
        out[:, start:end] = piece
    assert out is not None
    return out
