"""Trains the miniature's tokenizer, in the file names of the published one (`google/umt5-xxl`)."""

import io
import json
import string
from pathlib import Path

from infinitetalk.demo.captions import training_texts

PAD, END, UNKNOWN = 0, 1, 2  # ids, as in umt5


def train_tokenizer(folder: Path, vocabulary: int, seed: int = 0) -> None:
    """Writes `spiece.model` and the JSON files beside it; the same bytes for the same seed."""
    import sentencepiece

    folder.mkdir(parents=True, exist_ok=True)
    everything = " ".join(string.ascii_letters + string.digits + string.punctuation)
    model = io.BytesIO()
    # From memory to memory: the trained file records the paths of what it was made from.
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([*training_texts(4000, seed), *[everything] * 5]),
        model_writer=model,
        vocab_size=vocabulary,
        model_type="unigram",
        character_coverage=1.0,
        pad_id=PAD,
        eos_id=END,
        unk_id=UNKNOWN,
        bos_id=-1,
        normalization_rule_name="identity",  # the engine cleans texts itself
        num_threads=1,
        minloglevel=2,
    )
    (folder / "spiece.model").write_bytes(model.getvalue())
    config = {
        "tokenizer_class": "T5Tokenizer",
        "model_max_length": 512,
        "pad_token": "<pad>",
        "eos_token": "</s>",
        "unk_token": "<unk>",
        "extra_ids": 0,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=1) + "\n")
    _write_fast_tokenizer(folder)
    special = {"eos_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>"}
    (folder / "special_tokens_map.json").write_text(json.dumps(special, indent=1) + "\n")


def _write_fast_tokenizer(folder: Path) -> None:
    """`tokenizer.json`: the same pieces and scores for readers without sentencepiece."""
    import sentencepiece
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors

    trained = sentencepiece.SentencePieceProcessor(model_file=str(folder / "spiece.model"))
    pieces = [(trained.IdToPiece(i), trained.GetScore(i)) for i in range(trained.GetPieceSize())]
    fast = Tokenizer(models.Unigram(pieces, unk_id=UNKNOWN, byte_fallback=False))
    fast.pre_tokenizer = pre_tokenizers.Metaspace()  # type: ignore[assignment]  # as documented
    fast.decoder = decoders.Metaspace()  # type: ignore[assignment]  # as documented
    end = "</s>"
    fast.post_processor = processors.TemplateProcessing(  # type: ignore[assignment]  # as documented
        single=f"$A {end}", special_tokens=[(end, END)]
    )
    fast.add_special_tokens(["<pad>", end, "<unk>"])
    fast.save(str(folder / "tokenizer.json"))
