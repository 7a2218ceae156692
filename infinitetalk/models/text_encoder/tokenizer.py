"""Text to token ids: the published cleaning, then the tokenizer of the checkpoint's own folder."""

import html
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor

from infinitetalk.errors import engine_error

MAX_TOKENS = 512  # text_len of the published transformer


def clean_text(text: str) -> str:
    """The text as the model was trained to see it (spec: encoders_and_vae.md 2.3).

    Broken encodings repaired, HTML entities undone (twice: `&amp;amp;`), every run of white space
    one blank, none at the ends; upper and lower case stay.
    """
    import ftfy

    repaired = html.unescape(html.unescape(ftfy.fix_text(text)))
    return " ".join(repaired.split())


class Tokenizer:
    """A tokenizer read from a folder; the network is never asked.

    `tokenizer.json` runs as it is, in the library that reads it: it is what the reference's version
    of transformers ran, while transformers 5 rebuilds a T5 tokenizer from parts of it. A folder with
    `spiece.model` alone goes through sentencepiece, `</s>` put behind.
    `max_tokens` is the text length of the transformer; longer texts lose their end.
    Raises EngineError `weights.no_tokenizer` or `weights.bad_tokenizer`.
    """

    def __init__(self, folder: Path, *, max_tokens: int = MAX_TOKENS) -> None:
        self.max_tokens = max_tokens
        self._encode = _open(folder)

    def __call__(self, text: str) -> Tensor:
        """Token ids of the cleaned text, int64 [L], the closing `</s>` included."""
        ids = self._encode(clean_text(text))
        if len(ids) > self.max_tokens:
            ids = [*ids[: self.max_tokens - 1], ids[-1]]
        return torch.tensor(ids, dtype=torch.long)

    def count(self, text: str) -> int:
        """How many tokens the whole text has, also beyond `max_tokens`."""
        return len(self._encode(clean_text(text)))


def _open(folder: Path) -> Callable[[str], list[int]]:
    try:
        if (folder / "tokenizer.json").is_file():
            return _tokenizers(folder / "tokenizer.json")
        if (folder / "spiece.model").is_file():
            return _sentencepiece(folder / "spiece.model")
    except Exception as error:
        raise engine_error(
            "weights.bad_tokenizer",
            "Tokenizer can't be read",
            f"{folder}: {str(error).splitlines()[0] if str(error) else type(error).__name__}",
            "Download the google/umt5-xxl folder of the model again.",
            path=str(folder),
        ) from error
    raise engine_error(
        "weights.no_tokenizer",
        "Tokenizer not found",
        f"{folder} has neither tokenizer.json nor spiece.model.",
        "Download the google/umt5-xxl folder of the model again.",
        path=str(folder),
    )


def _tokenizers(path: Path) -> Callable[[str], list[int]]:
    from tokenizers import Tokenizer as Backend

    backend = Backend.from_str(path.read_text(encoding="utf-8"))
    backend.no_padding()
    backend.no_truncation()
    return lambda text: backend.encode(text).ids


def _sentencepiece(path: Path) -> Callable[[str], list[int]]:
    from sentencepiece import SentencePieceProcessor

    backend = SentencePieceProcessor()
    backend.LoadFromSerializedProto(path.read_bytes())
    return lambda text: [*backend.EncodeAsIds(text), backend.eos_id()]
