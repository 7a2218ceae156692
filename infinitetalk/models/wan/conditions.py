"""The conditions of all branches of a chunk (spec transformer.md 5.4), sharing what they can."""

from collections.abc import Sequence

import torch
from torch import Tensor

from infinitetalk.models.wan.context import Condition
from infinitetalk.models.wan.transformer import WanTransformer

NEGATIVE_TEXT = frozenset({"drop_text", "uncond"})
NO_AUDIO = frozenset({"drop_audio", "uncond"})
BRANCHES = frozenset({"cond"}) | NEGATIVE_TEXT | NO_AUDIO


@torch.no_grad()
def branch_conditions(
    model: WanTransformer,
    names: Sequence[str],
    *,
    text: Tensor,
    negative_text: Tensor | None,
    image: Tensor,
    audio: Tensor,
    masks: Tensor | None = None,
    guard_masks: bool = True,
    keep: bool = False,
) -> dict[str, Condition]:
    """The condition of each branch in `names`.

    text, negative_text [L, text_dim]; image [I, clip_dim]; audio [P, F, window, blocks, channels];
    masks [3, h, w] where P is 2. A branch without audio hears zeros and has one speaker, whatever
    P is. With `keep` each block's keys and values are kept once computed, one copy per context.
    """
    unknown = set(names) - BRANCHES
    if unknown:
        raise ValueError(f"unknown branches: {', '.join(sorted(unknown))}")
    positive = negative = heard = silent = None
    picture = model.image_context(image, keep=keep)
    conditions = {}
    for name in names:
        if name in NEGATIVE_TEXT:
            if negative_text is None:
                raise ValueError(f"branch {name} needs a negative text")
            words = negative = negative or model.text_context(negative_text, keep=keep)
        else:
            words = positive = positive or model.text_context(text, keep=keep)
        if name in NO_AUDIO:
            zeros = torch.zeros_like(audio[-1:])
            speech = silent = silent or model.audio_context(zeros, keep=keep)
        else:
            speech = heard = heard or model.audio_context(audio, keep=keep)
        conditions[name] = model.condition(
            text=words, image=picture, audio=speech, masks=masks, guard_masks=guard_masks
        )
    return conditions
