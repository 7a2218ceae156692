"""Removing models through the window with the real engine: what goes, who needs it, what refuses."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from desktop.views.models.remove_sheet import RemoveSheet
from infinitetalk.project.job import JobFolder
from infinitetalk.weights.folder import find_model
from infinitetalk.weights.store_model import import_transformer
from tests.gui.test_models import STORE, Desk, click, folder_of
from tests.gui.test_models import hub as hub
from tests.gui.test_models import tree as tree
from tests.hub_server import Hub
from tests.small_catalog import VAE

Until = Callable[..., None]


@pytest.fixture
def desk(qapp: QApplication, home: Path, hub: Hub, until: Until) -> Iterator[Desk]:
    """A window that has loaded the tiny model; the engine is in its thread."""
    made = Desk(qapp, home, hub, process=False, convert=False)
    made.open(until)
    made.load(until)
    until(lambda: not made.models.loading, 60)
    import_transformer(find_model(folder_of(home)), "int8", target=folder_of(home))
    made.models.refresh()
    until(lambda: made.row("base").converted == "one-speaker-int8", 20)
    yield made
    made.close()


def texts(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def offers(desk: Desk, part: str) -> list[str]:
    return [action.text() for action in desk.widget(part).menu().actions()]


def choose(desk: Desk, part: str, text: str, until: Until) -> RemoveSheet:
    """Opens a row's menu by its button and takes an entry."""
    row = desk.widget(part)
    assert row.more.accessibleName().startswith("More about ")
    menu = row.menu()
    next(action for action in menu.actions() if action.text() == text).trigger()
    sheet = desk.page.sheet()
    assert isinstance(sheet, RemoveSheet)
    until(lambda: "Remove " in texts(sheet) and "Looking" not in texts(sheet), 30)
    return sheet


def job_of(desk: Desk, home: Path, finished: Path, name: str = "talk") -> Path:
    """A finished job of one chunk, made with the models folder."""
    job = Path(shutil.copytree(finished, home / "data" / "jobs" / f"{name}.job"))
    (job / "model.json").write_text(json.dumps({"format": 1, "name": str(folder_of(home))}))
    return job


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from infinitetalk.cli.main import main
    from tests.e2e.conftest import logs_closed, write_voice
    from tests.media_samples import make_picture
    from tests.tiny_model import build_tiny_model

    folder = tmp_path_factory.mktemp("finished")
    model = build_tiny_model(folder / "model")
    write_voice(folder / "voice.wav", 0.5)
    picture = make_picture(folder / "face.png")
    given = [
        "render", "--model", model, "--source", picture, "--speech", folder / "voice.wav",
        "--steps", 1, "--job", folder / "talk.job", "--out", folder / "talk.mp4", "--quiet",
    ]  # fmt: skip
    with pytest.MonkeyPatch.context() as patch, logs_closed():
        patch.setenv("INFINITETALK_HOME", str(folder / "home"))
        assert main([str(word) for word in given]) == 0
    return folder / "talk.job"


def test_a_part_is_removed_and_no_longer_chosen(
    desk: Desk, home: Path, finished: Path, until: Until
) -> None:
    job_of(desk, home, finished)
    vae = folder_of(home) / "Wan2.1-I2V-14B-480P" / VAE
    assert offers(desk, "vae") == ["Remove…"]
    sheet = choose(desk, "vae", "Remove…", until)
    said = texts(sheet)
    assert "Remove VAE?" in said
    assert "1 jobs need it" in said or "1 job needs it" in said
    assert "talk" in said
    assert "finished; only new takes need it" in said
    assert "InfiniteTalk, one speaker" in said  # the set that will lack it
    assert sheet.remove_button.text().startswith("Remove 0")
    assert sheet.cancel_button.isDefault()
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert vae.exists()
    sheet = choose(desk, "vae", "Remove…", until)
    click(sheet.remove_button)
    until(lambda: not vae.exists() and desk.page.sheet() is None, 20)
    until(lambda: desk.row("vae").status == "not_chosen", 20)
    assert "vae" not in desk.models.chosen
    assert (folder_of(home) / STORE).exists()
    assert not desk.widget("vae").more.isVisible()
    until(lambda: str(folder_of(home)) not in desk.session.engine.weights, 20)


def test_the_transformer_goes_with_what_was_converted_of_it(
    desk: Desk, home: Path, until: Until
) -> None:
    assert offers(desk, "base") == ["Remove…", "Remove what was converted…"]
    sheet = choose(desk, "base", "Remove what was converted…", until)
    said = texts(sheet)
    assert "Remove what was converted of Wan2.1, image to video?" in said
    assert "it can be made again" in said
    click(sheet.remove_button)
    until(lambda: not (folder_of(home) / STORE).exists() and desk.page.sheet() is None, 20)
    until(lambda: desk.row("base").convert == "one-speaker-int8", 20)
    assert desk.row("base").status == "ready"
    import_transformer(find_model(folder_of(home)), "int8", target=folder_of(home))
    desk.models.refresh()
    until(lambda: desk.row("base").converted != "", 20)
    sheet = choose(desk, "base", "Remove…", until)
    assert "made of it and of no use without it" in texts(sheet)
    assert "No job needs it." in texts(sheet)
    click(sheet.remove_button)
    until(lambda: not (folder_of(home) / STORE).exists() and desk.page.sheet() is None, 20)
    until(lambda: desk.row("base").status == "not_chosen", 20)


def test_a_job_that_is_open_for_rendering_refuses(
    desk: Desk, home: Path, finished: Path, until: Until
) -> None:
    job = job_of(desk, home, finished)
    vae = folder_of(home) / "Wan2.1-I2V-14B-480P" / VAE
    with JobFolder.open(job):
        sheet = choose(desk, "vae", "Remove…", until)
        assert "talk is open for rendering." in texts(sheet)
        assert not sheet.remove_button.isEnabled()
        sheet.reject()
    sheet = choose(desk, "vae", "Remove…", until)
    with JobFolder.open(job):  # it began after the sheet had looked
        click(sheet.remove_button)
        until(lambda: "weights.in_use" in texts(sheet), 20)
    assert vae.exists()
    assert "talk is open for rendering and needs them." in texts(sheet)
    assert not sheet.remove_button.isEnabled()


def test_files_put_there_by_hand_stay(desk: Desk, home: Path, until: Until) -> None:
    vae = folder_of(home) / "Wan2.1-I2V-14B-480P" / VAE
    vae.write_bytes(vae.read_bytes()[:-1] + b"x")
    desk.models.refresh()
    until(lambda: desk.row("vae").status == "unchecked", 20)
    sheet = choose(desk, "vae", "Remove…", until)
    assert "they stay: Wan2.1-I2V-14B-480P/" in texts(sheet)
    assert not sheet.remove_button.isEnabled()
    assert vae.exists()
