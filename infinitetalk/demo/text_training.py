"""The text encoder in training: a bank of captions as token ids, and batches with gradients."""

import random
from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import AutoTokenizer

from infinitetalk.demo.captions import dropped_caption, make_caption
from infinitetalk.demo.faces import HAIR_STYLES, STYLES, Faces
from infinitetalk.demo.sizes import Sizes
from infinitetalk.models.text_encoder.umt5 import TextEncoder
from infinitetalk.request import NEGATIVE_PROMPT

WORDINGS = 12  # captions per set of facts
DROPPED = 24  # texts that stand for a dropped caption
LOWEST = -1e9


class CaptionBank:
    """Captions for every set of facts, tokenized once; padded to one length."""

    def __init__(
        self, tokenizer_folder: Path, length: int, device: torch.device, seed: int
    ) -> None:
        chance = random.Random(seed)
        tokenizer = AutoTokenizer.from_pretrained(str(tokenizer_folder), local_files_only=True)
        texts = [
            make_caption(hair, style, glasses, chance)
            for hair in HAIR_STYLES
            for style in STYLES
            for glasses in (False, True)
            for _ in range(WORDINGS)
        ]
        self._first_dropped = len(texts)
        self.nothing = len(texts)  # the negative prompt, what the engine uses by default
        texts += [NEGATIVE_PROMPT, "", *[dropped_caption(chance) for _ in range(DROPPED - 2)]]
        # The engine's cleaning would change nothing here, and needs a package more.
        encoded = [tokenizer(text, truncation=True, max_length=length) for text in texts]
        ids = [torch.tensor(e["input_ids"]) for e in encoded]
        self.ids = nn.utils.rnn.pad_sequence(ids, batch_first=True).to(device)
        self.lengths = torch.tensor([len(i) for i in ids], device=device)

    def facts_of(self, faces: Faces) -> Tensor:
        """[B]: a number for what captions may say of each person."""
        glasses = (faces.number("glasses") > 0).long()
        return (faces.hair_style * len(STYLES) + faces.style) * 2 + glasses

    def pick(self, facts: Tensor, dropped: Tensor, generator: torch.Generator) -> Tensor:
        """[B] numbers of texts: a wording of the facts, or where `dropped` one that says nothing."""
        shape, device = facts.shape, facts.device
        wording = torch.randint(WORDINGS, shape, generator=generator, device=device)
        nothing = torch.randint(DROPPED, shape, generator=generator, device=device)
        return torch.where(dropped, self._first_dropped + nothing, facts * WORDINGS + wording)


def new_text_encoder(sizes: Sizes) -> TextEncoder:
    """With a trainable table in the place of the mapped one."""
    encoder = TextEncoder(sizes.text)
    encoder.table = nn.Parameter(torch.randn(sizes.text.vocabulary, sizes.text.dim) * 0.5)
    for module in encoder.modules():
        if isinstance(module, nn.Linear):
            nn.init.xavier_uniform_(module.weight)
    return encoder.eval()


def encode_batch(encoder: TextEncoder, ids: Tensor, lengths: Tensor) -> Tensor:
    """Padded ids [B, L] -> [B, L, D] with zero rows after each text's end, with gradients."""
    real = torch.arange(ids.shape[1], device=ids.device) < lengths[:, None]
    mask = torch.where(real, 0.0, LOWEST)[:, None, None, :]
    state = encoder.table[ids]
    for block in encoder.blocks:
        output = block(state, attention_mask=mask)
        state = output if isinstance(output, Tensor) else output[0]
    return encoder.model.encoder.final_layer_norm(state) * real[..., None]
