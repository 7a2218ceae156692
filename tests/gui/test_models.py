"""The model manager through the real engine process: a hub that misbehaves, files left by others.

Acceptance rows 1, 2, 23 and 24 of ux.md, and what goes on while a video is rendered.
"""

import hashlib
import json
import os
import signal
import sys
import types
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from desktop.app import build
from desktop.state.model_rows import Row
from desktop.state.settings import SettingsState
from desktop.views.model_page import ModelPage
from desktop.views.models.download_sheet import DownloadSheet
from desktop.views.models.import_sheet import ImportSheet
from desktop.views.models.part_row import PartRow
from infinitetalk.weights.store import BlockStore
from tests.hub_server import Hub
from tests.small_catalog import PARTS, VAE, publish
from tests.tiny_model import build_tiny_model

Until = Callable[..., None]
STORE = "infinitetalk-single-int8.blocks.safetensors"
HERE = ("ready", "elsewhere")


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_model(tmp_path_factory.mktemp("tree"))


@pytest.fixture
def hub(tree: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    with Hub() as made:
        publish(made, tree, home / "config" / "catalog")
        yield made


class Desk:
    """A program with its engine, and the model page as a user handles it."""

    def __init__(
        self,
        app: QApplication,
        home: Path,
        hub: Hub | None,
        *,
        process: bool,
        convert: bool = True,
    ) -> None:
        settings = SettingsState(home / "config" / "settings.json")
        mirror = hub.url() if hub is not None else "http://127.0.0.1:9"
        settings.update(theme="dark", first_run_done=True, mirror=mirror, convert_models=convert)
        self.app = app
        self.program = build(app, settings=settings, engine_process=process)
        self.program.window.resize(1400, 900)
        self.program.window.show()
        self.session = self.program.session
        self.models = self.session.models

    def open(self, until: Until) -> ModelPage:
        self.program.controller.dialogs.models()
        until(lambda: bool(self.models.rows) and self.session.engine.probed, 60)
        return self.page

    @property
    def page(self) -> ModelPage:
        page = self.program.controller.dialogs.shown("models")
        assert isinstance(page, ModelPage)
        return page

    def row(self, part: str) -> Row:
        found = self.models.row(part)
        assert found is not None
        return found

    def widget(self, part: str) -> PartRow:
        self.app.processEvents()
        found = self.page.models_step.findChild(PartRow, f"part.{part}")
        assert isinstance(found, PartRow)
        return found

    def statuses(self) -> dict[str, str]:
        return {row.part.name: row.status for row in self.models.rows if row.part.name in PARTS}

    def load(self, until: Until) -> None:
        """Presses the blue button, waits for the server's answer, presses the next one."""
        click(self.page.main_button)
        sheet = self.page.sheet()
        assert isinstance(sheet, DownloadSheet)
        until(sheet.start_button.isEnabled, 30)
        click(sheet.start_button)
        assert self.models.loading

    def close(self) -> None:
        self.program.close()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self.app.processEvents()


def click(button: QWidget) -> None:
    assert button.isVisible()
    assert button.isEnabled()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


@pytest.fixture
def desk(qapp: QApplication, home: Path, hub: Hub) -> Iterator[Desk]:
    made = Desk(qapp, home, hub, process=True)
    yield made
    made.close()


def folder_of(home: Path) -> Path:
    return home / "data" / "models"


def test_a_line_that_is_cut_and_a_byte_that_is_wrong(
    desk: Desk, hub: Hub, tree: Path, home: Path, until: Until
) -> None:
    """Row 23: cut at half, resumed there; a wrong byte is *Does not match*; *Load again* mends it."""
    size = (tree / "Wan2.1-I2V-14B-480P" / VAE).stat().st_size
    hub.fault(f"/cdn/own/wan/{VAE}", cut=size // 2)
    hub.fault(f"/cdn/own/wan/{VAE}", flip=size - 5)  # in the second half, resumed
    hub.fault(f"/cdn/own/wan/{VAE}", flip=77)  # and when it is loaded once more
    page = desk.open(until)
    assert page.main_button.text().startswith("Load ")
    desk.load(until)
    until(lambda: not desk.models.loading, 60)
    asked = hub.content_requests(VAE)
    assert [one.start for one in asked] == [0, size // 2, 0]
    until(lambda: desk.row("vae").status == "different", 30)
    assert {s for name, s in desk.statuses().items() if name != "vae"} == {"ready"}
    shown = desk.widget("vae")
    assert shown.state.full_text() == "Does not match"
    assert shown.act.text() == "Load again"
    message = desk.session.messages.current
    assert message is not None
    assert message.report.code == "download.damaged"
    assert not (folder_of(home) / "Wan2.1-I2V-14B-480P" / VAE).exists()
    click(shown.act)
    until(lambda: desk.row("vae").status == "ready", 60)
    # The block store is made by itself, and the model can be used.
    until(lambda: not desk.models.busy and (folder_of(home) / STORE).exists(), 90)
    BlockStore(folder_of(home) / STORE).verify()
    until(lambda: str(folder_of(home)) in desk.session.engine.weights, 30)
    until(lambda: desk.page.main_button.text() == "Next", 10)
    for part in ("base", "vae"):
        assert desk.widget(part).state.full_text() == "Ready, checked"


def snapshot(folder: Path) -> dict[str, tuple[int, int, str]]:
    return {
        path.relative_to(folder).as_posix(): (
            path.stat().st_size,
            path.stat().st_mtime_ns,
            hashlib.sha256(path.read_bytes()).hexdigest(),
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def comfy(tree: Path, tmp_path: Path) -> Path:
    """The tiny model as ComfyUI would have it: other folders, other names."""
    models = tmp_path / "ComfyUI" / "models"
    wan = tree / "Wan2.1-I2V-14B-480P"
    for source, target in (
        (wan, "diffusion_models"),
        (
            tree / "InfiniteTalk" / "single" / "infinitetalk.safetensors",
            "diffusion_models/InfiniteTalk-Single_fp32.safetensors",
        ),
        (wan / VAE, "vae/first.pth"),
        (wan / "models_t5_umt5-xxl-enc-bf16.pth", "text_encoders/second.pth"),
        (
            wan / "models_clip_open-clip-xlm-roberta-large-vit-huge-14.pth",
            "clip_vision/third.pth",
        ),
        (tree / "chinese-wav2vec2-base" / "model.safetensors", "audio_encoders/fourth.safetensors"),
        (wan / "google" / "umt5-xxl" / "tokenizer.json", "text_encoders/umt5-xxl/tokenizer.json"),
    ):
        files = [source] if source.is_file() else sorted(source.glob("diffusion*"))
        for file in files:
            to = models / target / file.name if source.is_dir() else models / target
            to.parent.mkdir(parents=True, exist_ok=True)
            to.write_bytes(file.read_bytes())
    (models / "checkpoints").mkdir()
    (models / "checkpoints" / "notes.txt").write_text("not a model")
    return models


def test_files_of_another_program_are_used_where_they_are(
    desk: Desk, hub: Hub, home: Path, comfy: Path, until: Until
) -> None:
    """Row 24: found by content, used in place, none changed; nothing of them is loaded."""
    before = snapshot(comfy)
    page = desk.open(until)
    sheet = page.import_files(comfy)
    until(sheet.use_button.isEnabled, 60)
    names = [path for _, _, path, _ in sheet._checks]
    assert len(names) == 7
    click(sheet.use_button)
    until(lambda: not desk.models.busy and desk.row("vae").status == "elsewhere", 60)
    assert isinstance(sheet, ImportSheet)
    until(lambda: page.sheet() is None)  # it has closed by itself
    shown = desk.statuses()
    assert {shown[part] for part in ("base", "vae", "image-encoder", "tokenizer")} == {"elsewhere"}
    assert desk.widget("vae").state.full_text() == "Used where it is"
    assert snapshot(comfy) == before
    until(lambda: str(folder_of(home)) in desk.session.engine.weights, 30)
    assert [p.name for p in folder_of(home).iterdir()] == ["models.json"]
    assert hub.content_requests() == []
    # Converted from there, still without a change; then forgotten, and still there.
    assert desk.row("base").convert == "one-speaker-int8"
    click(desk.widget("base").act)
    until(lambda: (folder_of(home) / STORE).exists() and not desk.models.busy, 90)
    click(desk.widget("vae").act)
    until(lambda: desk.row("vae").status == "next", 30)
    assert snapshot(comfy) == before


def test_copying_leaves_the_others_alone(desk: Desk, home: Path, comfy: Path, until: Until) -> None:
    before = snapshot(comfy)
    page = desk.open(until)
    sheet = page.import_files(comfy)
    until(sheet.use_button.isEnabled, 60)
    sheet.copy.setChecked(True)
    sheet.check.setChecked(True)
    click(sheet.use_button)
    until(lambda: not desk.models.busy and page.sheet() is None, 60)
    copied = snapshot(folder_of(home) / "imported" / "models")
    assert {name: digest for name, (_, _, digest) in copied.items()} == {
        name: digest for name, (_, _, digest) in before.items() if name in copied
    }
    assert len(copied) == 8
    assert snapshot(comfy) == before
    # They count: nothing is left to load, and the model can be used.
    until(lambda: set(desk.statuses().values()) == {"elsewhere"}, 30)
    assert desk.widget("vae").state.full_text() == "Here, copied"
    assert not desk.widget("vae").act.isVisible()  # there is nothing to forget
    assert [a.text() for a in desk.widget("vae").menu().actions()] == ["Remove…", "Show in folder"]
    assert "all of it is here" in page.models_step.sum_text.text()
    until(lambda: str(folder_of(home)) in desk.session.engine.weights, 30)


def test_pause_stop_and_going_on_after_a_restart(
    qapp: QApplication, home: Path, hub: Hub, tree: Path, until: Until
) -> None:
    """Bytes that arrived are kept by a pause, a stop and the end of the program."""
    size = (tree / "Wan2.1-I2V-14B-480P" / VAE).stat().st_size
    part = folder_of(home) / "Wan2.1-I2V-14B-480P" / f"{VAE}.part"
    hub.fault(VAE, times=0)
    for at in (size // 4, size // 4, size // 4):
        hub.fault(f"/cdn/own/wan/{VAE}", stall=at)
    first = Desk(qapp, home, hub, process=True, convert=False)
    first.open(until)
    first.load(until)
    until(lambda: part.exists() and part.stat().st_size == size // 4, 30)
    until(lambda: first.row("vae").status == "loading", 10)
    click(first.page.pause_button)
    until(lambda: first.row("vae").status == "paused", 10)
    assert first.page.pause_button.text() == "Go on"
    assert "Paused" in first.page.state.full_text()
    click(first.page.pause_button)
    until(lambda: part.stat().st_size == 2 * (size // 4), 30)
    first.page.models_step.limit.setValue(2.5)
    assert first.session.settings.value.speed_limit_mb == 2.5
    click(first.page.stop_button)
    until(lambda: not first.models.loading, 30)
    until(lambda: first.row("vae").status == "partial", 10)
    first.load(until)
    until(lambda: part.stat().st_size == 3 * (size // 4), 30)
    first.close()  # with a download under way

    second = Desk(qapp, home, hub, process=False, convert=False)
    second.models.offer_to_go_on()
    message = second.session.messages.current
    assert message is not None
    assert message.report.code == "download.open"
    message.remedies[0].act()  # Go on
    until(lambda: second.row("vae").status == "ready" if second.models.rows else False, 60)
    starts = [one.start for one in hub.content_requests(VAE)]
    assert starts == [0, size // 4, 2 * (size // 4), 3 * (size // 4)]
    assert not second.session.settings.value.download_open
    second.close()


def test_the_engine_is_killed_while_it_loads(
    desk: Desk, hub: Hub, tree: Path, home: Path, until: Until
) -> None:
    """The window stays, and the download goes on with the next engine at the byte it had."""
    desk.session.settings.update(convert_models=False)
    size = (tree / "Wan2.1-I2V-14B-480P" / VAE).stat().st_size
    part = folder_of(home) / "Wan2.1-I2V-14B-480P" / f"{VAE}.part"
    hub.fault(f"/cdn/own/wan/{VAE}", stall=size // 3)
    desk.open(until)
    desk.load(until)
    until(lambda: part.exists() and part.stat().st_size == size // 3, 30)
    os.kill(desk.program.thread.host.pid, signal.SIGKILL)  # type: ignore[union-attr] - a ProcessHost
    until(lambda: not desk.models.loading, 20)
    until(lambda: desk.row("vae").status == "ready", 60)
    assert [one.start for one in hub.content_requests(VAE)] == [0, size // 3]
    assert desk.program.window.isVisible()


def test_a_video_is_rendered_while_models_are_loaded_and_converted(
    desk: Desk, hub: Hub, home: Path, tiny_model: Path, short_speech: Path, until: Until
) -> None:
    """Neither waits for the other; the project is edited meanwhile, the page is closed."""
    from tests.gui.test_engine import finished, open_clip, statuses

    open_clip(desk.program, tiny_model, short_speech, until)
    desk.session.settings.update(models_folder="")
    page = desk.open(until)
    page.models_step.limit.setValue(0.2)  # MB/s: slower than the render
    desk.load(until)
    click(page.main_button)  # Go on in the background
    assert not page.isVisible()
    assert desk.session.render()
    until(lambda: "rendering" in statuses(desk.program) or finished(desk.program), 150)
    assert desk.models.loading
    until(lambda: "Models: " in desk.program.window.status._small.text(), 10)
    count = len(desk.session.timeline.chunks)
    desk.session.project.set_chunk_values((count - 1,), prompt="calm")
    desk.models.limit_speed(0)
    until(lambda: finished(desk.program), 120)
    until(lambda: statuses(desk.program) == ["ready"] * count, 10)
    until(lambda: (folder_of(home) / STORE).exists() and not desk.models.busy, 120)
    BlockStore(folder_of(home) / STORE).verify()


class KeyStore(types.ModuleType):
    """Stands for the package keyring: this machine has no key store."""

    def __init__(self) -> None:
        super().__init__("keyring")
        self.kept: dict[tuple[str, str], str] = {}

    def get_keyring(self) -> object:
        return object()

    def get_password(self, service: str, name: str) -> str | None:
        return self.kept.get((service, name))

    def set_password(self, service: str, name: str, password: str) -> None:
        self.kept[service, name] = password

    def delete_password(self, service: str, name: str) -> None:
        del self.kept[service, name]


def test_a_token_is_asked_for_and_kept_in_the_key_store_alone(
    qapp: QApplication, home: Path, hub: Hub, monkeypatch: pytest.MonkeyPatch, until: Until
) -> None:
    """401 leads to the field; afterwards the token lies in no file and no message of the window."""
    from desktop.views.diagnostics import report_of, write_diagnostics
    from desktop.views.settings_window import SettingsWindow

    store = KeyStore()
    monkeypatch.setitem(sys.modules, "keyring", store)
    hub.token = "hf_secretsecret"
    desk = Desk(qapp, home, hub, process=False, convert=False)
    page = desk.open(until)
    click(page.main_button)
    sheet = page.sheet()
    assert isinstance(sheet, DownloadSheet)
    until(lambda: sheet.start_button.text() == "Try again", 30)
    other = [b for b in sheet.findChildren(QPushButton) if b.text() == "Other address…"]
    click(other[0])
    settings = desk.program.controller.dialogs.shown("settings")
    assert isinstance(settings, SettingsWindow)
    settings.token.edit.setText("hf_secretsecret")
    click(settings.token.save)
    until(lambda: "key store" in settings.token.state.text(), 20)
    assert settings.token.edit.text() == ""
    settings.close()
    desk.load(until)
    until(lambda: not desk.models.loading, 60)
    until(lambda: set(desk.statuses().values()) == {"ready"}, 30)
    assert list(store.kept.values()) == ["hf_secretsecret"]
    write_diagnostics(home / "d.zip", report_of(desk.session, keep_names=True))
    desk.close()
    for path in home.rglob("*"):
        if path.is_file():
            assert b"hf_secretsecret" not in path.read_bytes(), path
    assert not any("secret" in str(m.report.to_json()) for m in desk.session.messages.log)


def test_without_a_network_the_page_says_what_is_here(
    qapp: QApplication, home: Path, tree: Path, until: Until
) -> None:
    """No network: sizes and states from the catalog and the disk; loading says who can't be reached."""
    (home / "config" / "catalog").mkdir(parents=True)
    from tests.small_catalog import catalog_of

    (home / "config" / "catalog" / "small.json").write_text(json.dumps(catalog_of(tree)), "utf-8")
    desk = Desk(qapp, home, None, process=False)
    page = desk.open(until)
    assert set(desk.statuses().values()) == {"next"}
    assert "still to load" in page.models_step.sum_text.text()
    assert desk.widget("vae").check.isChecked()
    # How fast this folder is read is measured when it is asked for, and left as it was.
    again = [b for b in page.models_step.findChildren(QPushButton) if b.text() == "Check again"]
    click(again[0])
    if sys.platform == "linux":
        until(lambda: "reads " in page.models_step._machine_facts.full_text(), 60)
    assert not folder_of(home).exists()
    desk.close()


def test_a_choice_is_kept_and_parts_are_left_out(
    desk: Desk, hub: Hub, home: Path, until: Until
) -> None:
    page = desk.open(until)
    for part in PARTS:
        if part != "audio-encoder":
            click(desk.widget(part).check)
    assert desk.models.chosen == ("audio-encoder",)
    assert desk.session.settings.value.model_parts == ("audio-encoder",)
    desk.load(until)
    until(lambda: not desk.models.loading, 60)
    until(lambda: desk.row("audio-encoder").status == "ready", 20)
    assert {one.path.split("/")[3] for one in hub.content_requests()} == {"wav2vec2"}
    assert page.models_step.sum_text.text().endswith("all of it is here")


def test_a_disk_that_is_too_small_is_said_before_the_first_byte(
    desk: Desk, hub: Hub, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    page = desk.open(until)
    desk.models.catalog = replace(desk.models.catalog, free=1_000_000)
    desk.models._show()
    assert not page.main_button.isEnabled()
    assert "too little" in page.models_step.space_text.text()
    assert hub.asked == []
