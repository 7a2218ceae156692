"""One wav2vec2 layer over a piece of a long speech, with attention that still sees all of it.

Cutting a speech into windows that only attend to themselves changes every row: by a quarter in an
encoder that was trained on short utterances and looks everywhere. Attention over the whole costs
the square of the length. So up to `Reach.attended` rows a row attends to all of them, and the
result is that of the whole; of a longer speech it attends to the rows around it one by one and to
the rest through as many evenly spaced rows, each standing for its neighbors. Real rows, not means
of them: attention picks by content, and a mean resembles nothing (measured: 1 % against 12 %).
Memory and time per row then no longer grow with the length.
"""

from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

QUERY_ROWS = 250  # queries at a time, where attention may be materialized


@dataclass(frozen=True, kw_only=True)
class Reach:
    """How much of a speech a row attends to, in rows at 25 per second."""

    attended: int = 30_000  # rows of the whole speech; one of up to so many (20 minutes) is exact
    near: int = 500  # rows on either side that are attended to one by one in a longer one

    def step(self, rows: int) -> int:
        """Every which row of a speech with so many is attended to from afar; 1: all, exactly."""
        return max(-(-rows // self.attended), 1)

    def samples(self, rows: int) -> list[int]:
        """The rows that are attended to from afar: the middle of each group of `step`.

        Groups begin with row 0; the last one may be smaller.
        """
        step = self.step(rows)
        return [min(start + step // 2, rows - 1) for start in range(0, rows, step)]

    def seen(self, piece: range, rows: int) -> range:
        """The rows that `run_layer` needs to see for `piece`: whole groups around it."""
        step = self.step(rows)
        if step == 1:
            return piece
        start = max(piece.start - self.near, 0) // step * step
        stop = -(-(piece.stop + self.near) // step) * step
        return range(start, min(stop, rows))


class SampledRows:
    """Keys and values of a speech's samples as a layer makes them, with room for rows seen near."""

    def __init__(self, layer: Any, *, reach: Reach, rows: int, room: int, stable: bool) -> None:
        """Empty at first: `put` the samples in, in order. `room` rows at most are seen at a time."""
        self.step = reach.step(rows)
        self._layer = layer
        self._stable = stable
        self._total = -(-rows // self.step)
        self._count = 0
        places = self._total + (0 if self.step == 1 else room)
        weight = layer.attention.k_proj.weight
        heads = layer.attention.num_heads
        self._keys = weight.new_empty(heads, places, weight.shape[0] // heads)
        self._values = torch.empty_like(self._keys)
        sizes = torch.full((self._total,), float(self.step), device=weight.device)
        sizes[-1] = rows - (self._total - 1) * self.step
        self._log_sizes = sizes.log()

    def put(self, states: Tensor) -> None:
        """The next samples [k, D] as they enter the layer; a part at a time keeps memory low."""
        keys, values = _keys_values(self._layer, _entering(self._layer, states, self._stable))
        stop = self._count + len(states)
        self._keys[:, self._count : stop] = keys
        self._values[:, self._count : stop] = values
        self._count = stop

    def everything(self) -> tuple[Tensor, Tensor]:
        """Keys and values [H, m, d] of all samples."""
        self._check_complete()
        return self._keys[:, : self._count], self._values[:, : self._count]

    def beside(self, seen: range, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Those of the samples and of the rows `seen`, and what is added to the logits [m + n].

        A sample counts for its whole group, and for nothing where its group is seen itself. What is
        returned is overwritten by the next call: at the longest it has 180 MB, too much to copy.
        """
        self._check_complete()
        stop = self._count + len(seen)
        self._keys[:, self._count : stop] = keys
        self._values[:, self._count : stop] = values
        bias = torch.cat((self._log_sizes, self._log_sizes.new_zeros(len(seen))))
        bias[seen.start // self.step : -(-seen.stop // self.step)] = -torch.inf
        return self._keys[:, :stop], self._values[:, :stop], bias

    def _check_complete(self) -> None:
        if self._count != self._total:
            raise ValueError(f"{self._count} of {self._total} samples were put in")


def run_layer(
    layer: Any, states: Tensor, *, seen: range, piece: range, sampled: SampledRows, stable: bool
) -> Tensor:
    """What `layer` makes of the rows `piece`: [len(piece), D].

    `states` [len(seen), D] are the rows `seen` (`Reach.seen`) as they enter the layer. `stable`:
    norms come first in a layer (wav2vec2-large).
    """
    own = slice(piece.start - seen.start, piece.stop - seen.start)
    entering = _entering(layer, states, stable)
    bias = None
    if sampled.step == 1:
        keys, values = sampled.everything()
    else:
        keys, values, bias = sampled.beside(seen, *_keys_values(layer, entering))
    state = states[own] + _attend(layer, entering[own], keys, values, bias)
    if stable:
        return state + layer.feed_forward(layer.final_layer_norm(state))
    state = layer.layer_norm(state)
    return layer.final_layer_norm(state + layer.feed_forward(state))


def _entering(layer: Any, states: Tensor, stable: bool) -> Tensor:
    return layer.layer_norm(states) if stable else states


def _heads(layer: Any, projected: Tensor) -> Tensor:
    """[n, D] -> [H, n, d]."""
    return projected.unflatten(1, (layer.attention.num_heads, -1)).transpose(0, 1)


def _keys_values(layer: Any, entering: Tensor) -> tuple[Tensor, Tensor]:
    attention = layer.attention
    return _heads(layer, attention.k_proj(entering)), _heads(layer, attention.v_proj(entering))


def _attend(
    layer: Any, entering: Tensor, keys: Tensor, values: Tensor, bias: Tensor | None
) -> Tensor:
    """Attention of the rows `entering` [n, D] over keys and values [H, m, d]; `bias` [m] or None."""
    outputs = [
        F.scaled_dot_product_attention(
            _heads(layer, layer.attention.q_proj(block))[None],
            keys[None],
            values[None],
            attn_mask=None if bias is None else bias[None],
            scale=layer.attention.scaling,
        )[0]
        for block in entering.split(QUERY_ROWS)
    ]
    return layer.attention.out_proj(torch.cat(outputs, dim=1).transpose(0, 1).flatten(1))
