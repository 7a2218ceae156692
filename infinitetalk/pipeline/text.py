"""The text stage: prompts to what the transformer attends to, kept on disk between jobs.

What a text gives depends on the text and the weights alone, so a stored result (4 MB at most in
bfloat16) saves loading 11 GB (spec: encoders_and_vae.md 2.3).
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from infinitetalk.errors import EngineError
from infinitetalk.media import disk
from infinitetalk.media.publish import private_folder, sweep_private
from infinitetalk.models.text_encoder.tokenizer import clean_text
from infinitetalk.models.text_encoder.umt5 import TextEncoder
from infinitetalk.streaming import BlockStream, ModuleSource, StreamProbe

CACHE_FORMAT = 1


class EncodeTexts(Protocol):
    """What gives the vectors of texts, once it is loaded."""

    def __call__(self, texts: Sequence[str], /) -> list[Tensor]: ...


def text_encoding(encoder: TextEncoder, tokenizer: Callable[[str], Tensor]) -> EncodeTexts:
    """Texts -> float tensors [L, D] on the CPU, L the true number of tokens of each.

    `tokenizer` (a `Tokenizer`) gives the ids of a text, int64 [L]. Where the work is done on a card,
    blocks are streamed to it.
    """

    def encode(texts: Sequence[str], /) -> list[Tensor]:
        ids = [tokenizer(text) for text in texts]
        device = encoder.work_device
        if device is None or device.type == "cpu":
            return encoder(ids)  # weights that are mapped from a file are used where they lie
        with streamed_blocks(encoder, device) as blocks:
            return [vectors.cpu() for vectors in encoder(ids, blocks)]

    return encode


@contextmanager
def streamed_blocks(
    encoder: TextEncoder, device: torch.device, probe: StreamProbe | None = None
) -> Iterator[BlockStream]:
    """The encoder's blocks in order, each on `device` in its turn, while the next is on its way."""
    blocks = list(encoder.blocks)
    source = ModuleSource(blocks, dtype=encoder.work_dtype)
    stream = BlockStream(blocks, source, device=device, probe=probe)
    try:
        yield stream
    finally:
        stream.close()


def encode_texts(
    texts: Sequence[str],
    load: Callable[[], EncodeTexts],
    *,
    identity: str,
    folder: Path | None,
) -> list[Tensor]:
    """The vectors [L, D] of each text, from `folder` where they are, else by `load()(...)`.

    `load` is called at most once, and not at all where every text is stored. `identity` tells
    everything besides the text that the result depends on: weights, tokenizer, precision, length.
    `folder` None stores nothing. A damaged or foreign file counts as absent; a folder that can't
    be written costs the next job its time, nothing else.
    """
    if folder is not None:
        sweep_private(folder)
    found: dict[str, Tensor] = {}
    for text in dict.fromkeys(texts):
        stored = None if folder is None else _stored(_place(folder, text, identity))
        if stored is not None:
            found[text] = stored
    wanted = [text for text in dict.fromkeys(texts) if text not in found]
    if wanted:
        for text, vectors in zip(wanted, load()(wanted), strict=True):
            found[text] = vectors
            if folder is not None:
                _store(_place(folder, text, identity), vectors)
    return [found[text] for text in texts]


def _place(folder: Path, text: str, identity: str) -> Path:
    digest = hashlib.sha256()
    for part in (f"{CACHE_FORMAT}", identity, clean_text(text)):
        data = part.encode()
        digest.update(len(data).to_bytes(8, "little"))
        digest.update(data)
    return folder / f"{digest.hexdigest()[:40]}.safetensors"


def _stored(path: Path) -> Tensor | None:
    with suppress(OSError, SafetensorError, KeyError), safe_open(path, "pt") as file:
        vectors = file.get_tensor("vectors").clone()  # no map: the file may be replaced at any time
        if vectors.dim() == 2 and bool(torch.isfinite(vectors).all()):
            return vectors
    return None


def _store(path: Path, vectors: Tensor) -> None:
    """Whole or not at all; what a killed program left half-done there goes with the next."""
    with suppress(OSError, SafetensorError, EngineError), private_folder(path) as private:
        made = private / "text"
        save_file({"vectors": vectors.contiguous()}, made)
        with made.open("r+b") as file:
            disk.flush(file)
        disk.replace(made, path)
