"""A home folder that is full or read-only: the window opens, and the engine runs."""

import pytest

from desktop import engine_process, icons
from desktop.theme import load_tokens, style_sheet


@pytest.fixture
def unwritable(tmp_path):
    """A folder that can't be made, also for root: it would lie in a file."""
    (tmp_path / "file").write_text("")
    return tmp_path / "file" / "icons"


def test_icons_lie_elsewhere_where_the_cache_can_not_be_written(unwritable):
    path = icons.icon_file("play", "#123456", unwritable)
    assert unwritable not in path.parents
    assert "#123456" in path.read_text("utf-8")
    assert style_sheet(load_tokens("dark"), 1.0, unwritable)


def test_no_icon_is_better_than_no_window(unwritable, monkeypatch):
    monkeypatch.setattr(icons, "_temporary_folder", lambda: None)
    assert not icons.icon_file("play", "#123456", unwritable).exists()


def test_an_icon_cut_off_by_a_full_disk_is_written_anew(tmp_path):
    path = icons.icon_file("play", "#123456", tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[:9])
    assert icons.icon_file("play", "#123456", tmp_path).read_bytes() == whole


def test_the_engine_runs_without_its_log(unwritable):
    engine = engine_process.launch(unwritable / "engine.log")
    try:
        assert engine.log is None
        assert engine.process.poll() is None
        engine.input.close()  # nothing more is asked: it ends
        assert engine.wait() == 0
    finally:
        engine.kill()
