"""The encoders of text, picture and speech, each from its published tensors alone."""

from pathlib import Path
from tempfile import TemporaryDirectory

from infinitetalk.models.audio_encoder.config import AudioEncoderConfig
from infinitetalk.models.audio_encoder.wav2vec2 import load_audio_encoder, normalized
from infinitetalk.models.image_encoder.clip import load_image_encoder, preprocess
from infinitetalk.models.text_encoder.tokenizer import clean_text
from infinitetalk.models.text_encoder.umt5 import load_text_encoder
from infinitetalk.pipeline.speech import encode_speech
from tests.parity.compare import Fixture, compare, exact, load
from tests.parity.registry import Row, check

# Conv frames, interpolation and attention are the whole's in a piece too; what is left is the
# rounding of the reference's interpolation positions, which it computes in float32.
PIECES = 1e-4
PIECE_SECONDS = 1.0


@check("t5", "")
def check_text_encoder(golden: Path, file: Path) -> list[Row]:
    fixture = load(file)
    meta = fixture.meta["meta"]
    encoder = load_text_encoder(fixture.part("weights."))
    lengths = fixture["mask"].sum(dim=1).tolist()
    texts = [ids[:length] for ids, length in zip(fixture["ids"], lengths, strict=True)]
    rows: list[Row] = []
    for b, found in enumerate(encoder(texts)):
        rows.append(compare(f"text {b}", found, fixture[f"trimmed.{b}"]))
        if "full" in fixture:
            padded = fixture["full"][b, : lengths[b]]
            rows.append(compare(f"text {b} of the padded run", found, padded))
    rows += [
        exact(f"cleaning {i}", clean_text(given), expected)
        for i, (given, expected) in enumerate(
            zip(meta.get("clean_in", []), meta.get("clean_out", []), strict=True)
        )
    ]
    return rows


@check("clip", "")
def check_image_encoder(golden: Path, file: Path) -> list[Row]:
    fixture = load(file)
    config = fixture.meta["meta"]["config"]
    encoder = load_image_encoder(
        {f"visual.{name}": tensor for name, tensor in fixture.part("weights.").items()},
        heads=config["vision_heads"],
    )
    rows = []
    for case in cases(fixture, "image"):
        picture = fixture[f"{case}.image"][None]
        if f"{case}.pixel_values" in fixture:
            found = preprocess(picture, encoder.config.image_size)[0]
            rows.append(compare(f"{case}.pixel_values", found, fixture[f"{case}.pixel_values"]))
        rows.append(compare(f"{case}.features", encoder(picture)[0], fixture[f"{case}.features"]))
    return rows


@check("wav2vec", "")
def check_audio_encoder(golden: Path, file: Path) -> list[Row]:
    fixture = load(file)
    config = AudioEncoderConfig.from_json(fixture.meta["meta"]["config"])
    encoder = load_audio_encoder(fixture.part("weights."), config)
    rows = []
    for case in cases(fixture, "wave"):
        wave = fixture[f"{case}.wave"]
        rows.append(
            compare(f"{case}.input_values", normalized(wave), fixture[f"{case}.input_values"])
        )
        if f"{case}.conv_features" in fixture:
            found = encoder.conv_features(normalized(wave), None, None)
            rows.append(compare(f"{case}.conv_features", found, fixture[f"{case}.conv_features"]))
        found = encoder.encode(fixture[f"{case}.interpolated"])
        rows.append(compare(f"{case} from rows", found, fixture[f"{case}.embedding"]))
        with TemporaryDirectory() as folder:
            for piece, limit in ((0.0, 1e-5), (PIECE_SECONDS, PIECES)):
                store = encode_speech(encoder, wave.numpy(), Path(folder) / "e.npy", piece=piece)
                name = f"{case} in pieces" if piece else f"{case} whole"
                found = store.read(0, store.rows)
                rows.append(compare(name, found, fixture[f"{case}.embedding"], relative=limit))
    return rows


def cases(fixture: Fixture, kind: str) -> list[str]:
    """The cases of a file that have a tensor of this kind: `case0`, `case1`, ..."""
    return sorted(n.removesuffix(f".{kind}") for n in fixture.tensors if n.endswith(f".{kind}"))
