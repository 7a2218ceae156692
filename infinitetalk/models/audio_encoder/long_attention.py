"""One wav2vec2 layer over a piece of a long speech, with attention that still sees all of it.

Attention over a whole speech costs the square of its length, and cutting the speech into windows
changes every row (by 10 to 30 % with random weights). So a row attends to the rows around it one
by one, and to the rest of the speech through evenly spaced rows that each stand for the group around
them. Up to `Reach.exact` rows in all nothing is left out and the result is that of
the whole; beyond, cost and memory per row no longer grow with the length.
"""

from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

QUERY_ROWS = 250  # queries at a time, where attention may be materialized


@dataclass(frozen=True, kw_only=True)
class Reach:
    """How much of a speech a row attends to one by one, in rows at 25 per second."""

    exact: int = 6000  # a speech of up to so many (four minutes) is attended to whole
    sampled: int = 4000  # rows that stand for all of a longer one
    near: int = 500  # rows on either side that are attended to one by one there

    def step(self, rows: int) -> int:
        """Every which row of a speech with so many is sampled; 1: attention is exact."""
        return 1 if rows <= self.exact else -(-rows // self.sampled)

    def samples(self, rows: int) -> range:
        """The rows that are sampled: the middle of each group of `step`, from the first row on.

        The last group may be smaller, and its sample its last row.
        """
        step = self.step(rows)
        return range(step // 2, rows + step // 2, step)

    def seen(self, piece: range, rows: int) -> range:
        """The rows that `run_layer` needs to see for `piece`: whole groups around it."""
        step = self.step(rows)
        if step == 1:
            return piece
        start = max(piece.start - self.near, 0) // step * step
        stop = -(-(piece.stop + self.near) // step) * step
        return range(start, min(stop, rows))


@dataclass(frozen=True, kw_only=True)
class SampledRows:
    """Keys and values [H, m, d] of the rows that stand for their groups (`Reach.samples`)."""

    keys: Tensor
    values: Tensor
    step: int
    rows: int  # of the whole speech

    def outside(self, seen: range) -> tuple[Tensor, Tensor, Tensor]:
        """Those of the groups outside `seen`, and the logarithm of how many rows each stands for."""
        before = seen.start // self.step
        after = -(-seen.stop // self.step)
        sizes = torch.full((self.keys.shape[1],), float(self.step))
        sizes[-1] = self.rows - (len(sizes) - 1) * self.step
        kept = torch.cat((torch.arange(before), torch.arange(after, len(sizes))))
        on_device = kept.to(self.keys.device)
        return self.keys[:, on_device], self.values[:, on_device], sizes[kept].log()


def sample(layer: Any, states: Tensor, *, step: int, rows: int, stable: bool) -> SampledRows:
    """Keys and values of the sampled states [m, D] that enter `layer`."""
    keys, values = _keys_values(layer, _entering(layer, states, stable))
    return SampledRows(keys=keys, values=values, step=step, rows=rows)


def run_layer(
    layer: Any, states: Tensor, *, seen: range, piece: range, sampled: SampledRows, stable: bool
) -> Tensor:
    """What `layer` makes of the rows `piece`: [len(piece), D].

    `states` [len(seen), D] are the rows `seen` (`Reach.seen`) as they enter the layer. `stable`:
    norms come first in a layer (wav2vec2-large).
    """
    own = states[piece.start - seen.start : piece.stop - seen.start]
    if sampled.step == 1:
        attended = _attend(layer, _entering(layer, own, stable), sampled.keys, sampled.values, None)
    else:
        entering = _entering(layer, states, stable)
        near_keys, near_values = _keys_values(layer, entering)
        far_keys, far_values, log_sizes = sampled.outside(seen)
        bias = torch.cat((torch.zeros(len(seen)), log_sizes)).to(states.device)
        attended = _attend(
            layer,
            entering[piece.start - seen.start : piece.stop - seen.start],
            torch.cat((near_keys, far_keys), dim=1),
            torch.cat((near_values, far_values), dim=1),
            bias,
        )
    state = own + attended
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
