"""The text stage: texts that are stored cost nothing, damaged files are made again."""

from collections.abc import Sequence
from pathlib import Path

import pytest
import torch
from torch import Tensor

from infinitetalk.models.text_encoder.config import TextEncoderConfig
from infinitetalk.models.text_encoder.umt5 import TextEncoder
from infinitetalk.pipeline.text import EncodeTexts, encode_texts, text_encoding


class Loads:
    """Loads something that encodes texts, and counts."""

    def __init__(self) -> None:
        self.loads = 0
        self.encoded: list[str] = []

    def __call__(self) -> EncodeTexts:
        self.loads += 1
        return self._encode

    def _encode(self, texts: Sequence[str], /) -> list[Tensor]:
        self.encoded += texts
        return [torch.full((len(text) + 1, 4), float(len(text))).bfloat16() for text in texts]


def test_a_stored_text_needs_no_encoder(tmp_path: Path) -> None:
    load = Loads()
    first = encode_texts(["a cat", "", "a cat"], load, identity="w1", folder=tmp_path)
    assert [len(v) for v in first] == [6, 1, 6]
    assert load.encoded == ["a cat", ""]
    again = encode_texts(["", "a  cat "], load, identity="w1", folder=tmp_path)
    assert load.loads == 1  # white space is cleaned away before the encoder sees it
    assert torch.equal(again[1], first[0])
    assert again[1].dtype == torch.bfloat16


def test_other_texts_and_other_weights_are_encoded(tmp_path: Path) -> None:
    load = Loads()
    encode_texts(["a cat"], load, identity="w1", folder=tmp_path)
    encode_texts(["a Cat"], load, identity="w1", folder=tmp_path)
    encode_texts(["a cat"], load, identity="w2", folder=tmp_path)
    encode_texts(["a cat", "a dog"], load, identity="w1", folder=tmp_path)
    assert load.encoded == ["a cat", "a Cat", "a cat", "a dog"]
    assert not [p for p in tmp_path.iterdir() if p.suffix != ".safetensors"]


@pytest.mark.parametrize("damage", [b"", b"<html>", None])
def test_a_damaged_file_is_made_again(tmp_path: Path, damage: bytes | None) -> None:
    load = Loads()
    expected = encode_texts(["a cat"], load, identity="w", folder=tmp_path)
    (stored,) = tmp_path.iterdir()
    whole = stored.read_bytes()
    stored.write_bytes(whole[:-3] if damage is None else damage)
    found = encode_texts(["a cat"], load, identity="w", folder=tmp_path)
    assert torch.equal(found[0], expected[0])
    assert load.loads == 2
    assert stored.read_bytes() == whole


def test_what_a_killed_program_left_half_stored_goes(tmp_path: Path) -> None:
    """With the next job, also where all its texts are stored."""
    load = Loads()
    encode_texts(["a cat"], load, identity="w", folder=tmp_path)
    half = tmp_path / ".italk-abcdefgh"
    half.mkdir()
    (half / "lock").touch()
    (half / "text").write_bytes(b"half")
    encode_texts(["a cat"], load, identity="w", folder=tmp_path)
    assert load.loads == 1
    assert [path.suffix for path in tmp_path.iterdir()] == [".safetensors"]


def test_without_a_folder_nothing_is_written(tmp_path: Path) -> None:
    load = Loads()
    encode_texts(["a cat"], load, identity="w", folder=None)
    encode_texts(["a cat"], load, identity="w", folder=None)
    assert load.loads == 2


def test_a_folder_that_cannot_be_written_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    load = Loads()
    found = encode_texts(["a cat"], load, identity="w", folder=tmp_path / "file" / "texts")
    assert len(found[0]) == 6


def test_the_real_encoder_gives_true_tokens_on_the_cpu() -> None:
    torch.manual_seed(1)
    config = TextEncoderConfig(
        vocabulary=30, dim=8, head_dim=4, heads=2, ffn_dim=12, layers=2, buckets=8
    )
    encoder = TextEncoder(config).eval()
    encoder.table = torch.randn(30, 8)

    def tokenizer(text: str) -> Tensor:
        return torch.tensor([*(ord(c) % 28 + 2 for c in text), 1])

    vectors = text_encoding(encoder, tokenizer)(["abc", ""])
    assert [tuple(v.shape) for v in vectors] == [(4, 8), (1, 8)]
    assert vectors[0].device.type == "cpu"
