"""What the command line takes over from the window."""

import json
from pathlib import Path

import pytest

from desktop.state.settings import Settings
from infinitetalk.cli.settings import job_places, models_folder, settings_model


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("INFINITETALK_HOME", str(tmp_path))
    (tmp_path / "config").mkdir()
    return tmp_path


def test_the_windows_choice_is_the_default(home: Path) -> None:
    assert models_folder() == home / "data" / "models"
    assert settings_model() is None
    assert job_places() == []
    written = Settings(
        models_folder=str(home / "mine"), jobs_folder="/jobs", recent=("/a.italk", "/b.italk")
    )
    (home / "config" / "settings.json").write_text(json.dumps(written.to_json()), "utf-8")
    assert models_folder() == home / "mine"
    assert settings_model() is None  # not there yet
    (home / "mine").mkdir()
    assert settings_model() == str(home / "mine")
    assert job_places() == [Path("/jobs"), Path("/a.italk"), Path("/b.italk")]


@pytest.mark.parametrize("text", ["", "[]", "{", '{"models_folder": 3, "recent": {"a": 1}}'])
def test_settings_that_can_not_be_read_stop_nothing(home: Path, text: str) -> None:
    (home / "config" / "settings.json").write_text(text)
    assert models_folder() == home / "data" / "models"
    assert job_places() == []
