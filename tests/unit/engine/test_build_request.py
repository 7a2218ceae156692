"""What a user writes, made into a request: sizes in words, and what wins over what."""

from pathlib import Path

import pytest

from infinitetalk.engine.model import build_request, size_fields
from infinitetalk.errors import EngineError
from infinitetalk.request import SpeechTrack
from infinitetalk.weights.folder import ModelFiles, find_model
from tests.tiny_model import build_tiny_model


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> ModelFiles:
    return find_model(build_tiny_model(tmp_path_factory.mktemp("model")))


def given(**fields: object) -> dict:
    track = SpeechTrack(path=Path("a.wav"))
    return {"source": Path("a.png"), "speech": (track,), **fields}


def test_sizes_in_words() -> None:
    assert size_fields("896x448") == {"size": (448, 896)}
    assert size_fields("896×448") == {"size": (448, 896)}
    assert size_fields("infinitetalk-720") == {"size": None, "resolution": "720"}
    for wrong, words in (("890x450", "896x448"), ("0x64", "16x64"), ("large", "neither")):
        with pytest.raises(EngineError, match=words) as caught:
            size_fields(wrong)
        assert caught.value.report.code == "request.size"


def test_a_request_takes_sizes_in_words_and_in_numbers(files: ModelFiles) -> None:
    by_words = build_request(given(size="1280x704"), files)
    assert by_words == build_request(given(size=(704, 1280)), files)
    assert (by_words.size, by_words.size_class) == ((704, 1280), "720")
    assert build_request(given(size="720"), files).size_class == "720"
    with pytest.raises(EngineError, match="multiples of 16") as caught:
        build_request(given(size=(100, 100)), files)
    assert caught.value.report.code == "request.invalid"
