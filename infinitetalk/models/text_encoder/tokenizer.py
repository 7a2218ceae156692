"""Text to token ids: the published cleaning, then the tokenizer of the checkpoint's own folder."""

import html
from pathlib import Path
from typing import Any

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

    `max_tokens` is the text length of the transformer; longer texts lose their end.
    """

    def __init__(self, folder: Path, *, max_tokens: int = MAX_TOKENS) -> None:
        self.max_tokens = max_tokens
        self._tokenizer = _open(folder)

    def __call__(self, text: str) -> Tensor:
        """Token ids of the cleaned text, int64 [L], the closing `</s>` included."""
        encoded = self._tokenizer(
            clean_text(text), add_special_tokens=True, truncation=True, max_length=self.max_tokens
        )
        return torch.tensor(encoded["input_ids"], dtype=torch.long)

    def count(self, text: str) -> int:
        """How many tokens the whole text has, also beyond `max_tokens`."""
        encoded = self._tokenizer(clean_text(text), add_special_tokens=True, verbose=False)
        return len(encoded["input_ids"])


def _open(folder: Path) -> Any:
    from transformers import AutoTokenizer

    if not any((folder / name).is_file() for name in ("tokenizer.json", "spiece.model")):
        raise engine_error(
            "weights.no_tokenizer",
            "Tokenizer not found",
            f"{folder} has neither tokenizer.json nor spiece.model.",
            "Download the google/umt5-xxl folder of the model again.",
            path=str(folder),
        )
    try:
        return AutoTokenizer.from_pretrained(str(folder), local_files_only=True)
    except (OSError, ValueError, KeyError, TypeError, ImportError) as error:
        raise engine_error(
            "weights.bad_tokenizer",
            "Tokenizer can't be read",
            f"{folder}: {str(error).splitlines()[0] if str(error) else type(error).__name__}",
            "Download the google/umt5-xxl folder of the model again.",
            path=str(folder),
        ) from error
