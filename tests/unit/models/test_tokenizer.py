"""Cleaning and tokens, from a folder with either file that a tokenizer comes as."""

import io
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sentencepiece import SentencePieceProcessor, SentencePieceTrainer
from tokenizers import Tokenizer as Backend
from tokenizers import models, pre_tokenizers, processors

from infinitetalk.errors import EngineError
from infinitetalk.models.text_encoder.tokenizer import Tokenizer, clean_text

LINES = ["a man is talking to the camera", "a woman sings in the rain", "hello world 1 2 3"] * 9


@pytest.fixture(scope="module")
def model() -> bytes:
    written = io.BytesIO()
    SentencePieceTrainer.train(
        sentence_iterator=iter(LINES),
        model_writer=written,
        vocab_size=60,
        hard_vocab_limit=False,
        pad_id=0,
        eos_id=1,
        unk_id=2,
        bos_id=-1,
        minloglevel=2,
    )
    return written.getvalue()


@pytest.fixture(params=["spiece.model", "tokenizer.json"])
def folder(request: pytest.FixtureRequest, tmp_path: Path, model: bytes) -> Path:
    if request.param == "spiece.model":
        (tmp_path / "spiece.model").write_bytes(model)
        return tmp_path
    pieces = SentencePieceProcessor(model_proto=model)
    table = [(pieces.id_to_piece(i), pieces.get_score(i)) for i in range(len(pieces))]
    backend = Backend(models.Unigram(table, unk_id=2))
    backend.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.WhitespaceSplit(),
            pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always"),
        ]
    )
    backend.post_processor = processors.TemplateProcessing(
        single="$A </s>", special_tokens=[("</s>", 1)]
    )
    backend.enable_padding(length=512)  # published files may carry it
    backend.save(str(tmp_path / "tokenizer.json"))
    return tmp_path


def test_ids_are_those_of_the_pieces(folder: Path, model: bytes) -> None:
    ids = Tokenizer(folder)("  a man\n is\ttalking &amp;lt; hello ")
    expected = SentencePieceProcessor(model_proto=model).encode("a man is talking < hello")
    assert ids.dtype == torch.int64
    assert ids.tolist() == [*expected, 1]


def test_long_texts_lose_their_end_and_keep_the_closing_token(folder: Path) -> None:
    tokenizer = Tokenizer(folder, max_tokens=7)
    text = "hello world " * 20
    ids = tokenizer(text)
    assert len(ids) == 7
    assert ids[-1] == 1
    assert tokenizer.count(text) > 7
    assert ids[:-1].tolist() == Tokenizer(folder)(text)[:6].tolist()


def test_an_empty_text_is_the_closing_token(folder: Path) -> None:
    assert Tokenizer(folder)("  ").tolist() == [1]


def test_a_folder_without_a_tokenizer_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EngineError) as raised:
        Tokenizer(tmp_path)
    assert raised.value.report.code == "weights.no_tokenizer"
    for name in ("spiece.model", "tokenizer.json"):
        (tmp_path / name).write_text("<html>Not found</html>")
        with pytest.raises(EngineError) as raised:
            Tokenizer(tmp_path)
        assert raised.value.report.code == "weights.bad_tokenizer"
        (tmp_path / name).unlink()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("  A  man\n\tis&amp;amp;talking &lt;b&gt; ", "A man is&talking <b>"),
        ("cafÃ© “quoted” \xa0x", 'café "quoted" x'),
        ("c　d", "c d"),
        ("", ""),
    ],
)
def test_cleaning(given: str, expected: str) -> None:
    assert clean_text(given) == expected


@given(st.text(max_size=60))
def test_cleaned_text_has_single_blanks_only(text: str) -> None:
    cleaned = clean_text(text)
    assert cleaned == " ".join(cleaned.split())
