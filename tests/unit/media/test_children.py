"""What is given for a download alone reaches no program that is started."""

import sys
from pathlib import Path

import pytest

from infinitetalk.errors import EngineError
from infinitetalk.media.children import SECRETS, child_environment
from infinitetalk.media.probe import probe_source
from infinitetalk.weights.download.token import VARIABLE


def test_the_token_of_downloads_is_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    assert VARIABLE in SECRETS
    monkeypatch.setenv(VARIABLE, "hf_secret")
    monkeypatch.setenv("PLAIN", "1")
    made = child_environment(MORE="2")
    assert "hf_secret" not in str(made)
    assert (made["PLAIN"], made["MORE"]) == ("1", "2")


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")
def test_ffmpeg_does_not_learn_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "ffmpeg"
    program.write_text(f'#!/bin/sh\nenv > "{tmp_path}/seen"\nexit 1\n')
    program.chmod(0o755)
    video = tmp_path / "a.mp4"
    video.write_bytes(b"\0\0\0\x20ftypisom" + bytes(5000))
    monkeypatch.setenv(VARIABLE, "hf_secret")
    monkeypatch.setenv("INFINITETALK_FFMPEG", str(program))
    with pytest.raises(EngineError):
        probe_source(video)
    seen = (tmp_path / "seen").read_text()
    assert "AV_LOG_FORCE_NOCOLOR=1" in seen
    assert "hf_secret" not in seen
