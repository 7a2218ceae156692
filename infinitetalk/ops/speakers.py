"""Which speaker a video token belongs to, read off self-attention (spec transformer.md 4.9).

Only videos with two speakers need this. The reference builds the whole matrix of attention
weights; here the average over a speaker's tokens is an attention whose values are the speaker
masks, so a fused kernel never writes that matrix.
"""

import torch
from torch import Tensor

from infinitetalk.ops.attention import Attend, attend

CLASSES = 3  # speaker 1, speaker 2, background


def token_masks(masks: Tensor, rows: int, columns: int, *, guard: bool) -> Tensor:
    """Masks at latent resolution [..., 3, h, w] -> token masks [..., 3, rows * columns], bool.

    Even rows and columns are taken, as the reference does (nearest neighbor). With `guard` a
    class that has latent cells but would lose all tokens keeps every token that one of its cells
    touches; without it such a class makes the whole video NaN.
    """
    cells = masks > 0
    near = cells[..., ::2, ::2][..., :rows, :columns].flatten(-2)
    if not guard:
        return near
    touched = cells.unflatten(-1, (columns, 2)).any(-1).unflatten(-2, (rows, 2)).any(-2).flatten(-2)
    lost = ~near.any(-1, keepdim=True)
    return torch.where(lost, touched, near)


def speaker_map(
    q: Tensor, k: Tensor, masks: Tensor, *, chunk: int | None = None, attention: Attend = attend
) -> Tensor:
    """How much each token looks at each class in latent frame 0: [B, 3, S], float32.

    q [B, S, N, d] and k [B, S, N, d] are a block's queries and keys after norm and RoPE; only the
    keys of the first masks.shape[-1] tokens are read. masks [B or 1, 3, K], bool. The mean over a
    class without tokens is NaN (0 / 0), as in the reference; `speaker_positions` guards.
    """
    first = k[:, : masks.shape[-1]]
    weights = masks.to(q.dtype).transpose(1, 2)
    values = first.new_zeros(first.shape)
    values[..., :CLASSES] = weights[:, :, None, :]
    step = chunk or q.shape[1]
    sums = torch.cat(
        [
            attention(q[:, start : start + step], first, values)[..., :CLASSES].float().mean(2)
            for start in range(0, q.shape[1], step)
        ],
        dim=1,
    )
    counts = masks.sum(-1).to(sums.dtype)
    return sums.transpose(1, 2) / counts[:, :, None]


def speaker_positions(
    maps: Tensor, *, class_range: int, class_interval: int, guard: bool
) -> Tensor:
    """1-D positions of video tokens from maps [B, 3, S] -> [B, S], float32.

    Speaker 1 lies in 0..interval, speaker 2 in range - interval..range, background in the middle.
    With `guard` a class without tokens (NaN) is never chosen; without it NaN wins every token.
    """
    if guard:
        maps = torch.where(maps.isnan().any(-1, keepdim=True), -torch.inf, maps)
    low = maps.amin(-1, keepdim=True)
    share = (maps - low) / (maps.amax(-1, keepdim=True) - low + 1e-8) * class_interval
    chosen = maps.argmax(1)
    background = torch.full_like(share[:, 0], class_range // 2)
    second = share[:, 1] + (class_range - class_interval)
    positions = torch.where(chosen == 1, second, background)
    positions = torch.where(chosen == 0, share[:, 0], positions)
    if guard:  # no class has tokens at all
        positions = torch.where(positions.isnan(), background, positions)
    return positions


def audio_positions(tokens: int, *, class_range: int, class_interval: int) -> Tensor:
    """1-D positions of the audio tokens of two speakers, `tokens` each: [2 * tokens], float32."""
    middle = class_interval / 2
    first = torch.full((tokens,), middle)
    second = torch.full((tokens,), class_range - middle)
    return torch.cat((first, second))
