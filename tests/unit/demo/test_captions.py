import random
from pathlib import Path

import pytest
import torch

from infinitetalk.demo.captions import MOTION, make_caption
from infinitetalk.demo.faces import STYLES, sample_faces
from infinitetalk.demo.sizes import toy
from infinitetalk.demo.text_training import CaptionBank, encode_batch, new_text_encoder
from infinitetalk.demo.tokenizer import train_tokenizer
from infinitetalk.models.text_encoder.tokenizer import Tokenizer
from infinitetalk.request import NEGATIVE_PROMPT


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("tokenizer")
    train_tokenizer(made, toy().text.vocabulary)
    return made


def test_a_caption_always_says_how_the_head_moves() -> None:
    chance = random.Random(0)
    for style in STYLES:
        for _ in range(20):
            caption = make_caption("bob", style, True, chance).lower()
            assert any(words in caption for words in MOTION[style])


def test_the_engine_reads_the_trained_tokenizer(folder: Path) -> None:
    tokenizer = Tokenizer(folder, max_tokens=256)
    for text in ("", "a person talks, still head", NEGATIVE_PROMPT, "Ünknown 12%!"):
        ids = tokenizer(text)
        assert ids[-1] == 1
        assert ids.max() < toy().text.vocabulary
    assert 2 not in tokenizer(NEGATIVE_PROMPT)
    assert tokenizer.count(NEGATIVE_PROMPT) <= 256


def test_the_same_seed_trains_the_same_tokenizer(folder: Path, tmp_path: Path) -> None:
    train_tokenizer(tmp_path, toy().text.vocabulary)
    for name in ("spiece.model", "tokenizer.json"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


def test_banked_captions_are_what_the_engine_would_tokenize(folder: Path) -> None:
    bank = CaptionBank(folder, 256, torch.device("cpu"), seed=0)
    wanted = Tokenizer(folder, max_tokens=256)(NEGATIVE_PROMPT)
    assert torch.equal(bank.ids[bank.nothing, : bank.lengths[bank.nothing]], wanted)


def test_picked_captions_belong_to_the_people(folder: Path) -> None:
    bank = CaptionBank(folder, 256, torch.device("cpu"), seed=0)
    faces = sample_faces(40, torch.Generator().manual_seed(0))
    facts = bank.facts_of(faces)
    generator = torch.Generator().manual_seed(1)
    dropped = torch.arange(40) % 2 == 0
    index = bank.pick(facts, dropped, generator)
    assert bool((index[dropped] >= bank.nothing).all())
    kept = index[~dropped] // 12
    assert torch.equal(kept, facts[~dropped])


def test_batched_text_encoding_equals_the_engines(folder: Path) -> None:
    bank = CaptionBank(folder, 256, torch.device("cpu"), seed=0)
    encoder = new_text_encoder(toy())
    index = torch.tensor([0, 100, bank.nothing])
    with torch.no_grad():
        batch = encode_batch(encoder, bank.ids[index], bank.lengths[index])
    alone = encoder([bank.ids[i, : bank.lengths[i]] for i in index])
    for row, one in zip(batch, alone, strict=True):
        # Masked keys get -1e9 rather than being left out: equal up to float32 rounding.
        assert torch.allclose(row[: len(one)], one, atol=1e-5)
        assert row[len(one) :].abs().max() == 0 if len(one) < len(row) else True
