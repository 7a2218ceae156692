"""Help > Check for a newer version: one question, when the user asks; a page is opened by a click."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit

from desktop.app import Program, build
from desktop.state.settings import SettingsState
from desktop.views import version_sheet
from desktop.views.settings_window import SettingsWindow
from desktop.views.version_sheet import VersionSheet
from infinitetalk import __version__
from tests.gui.test_models import click
from tests.version_server import GOOD, Server

Until = Callable[..., None]


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.close()


@pytest.fixture
def program(qapp: QApplication, home: Path) -> Iterator[Program]:
    settings = SettingsState(home / "config" / "settings.json")
    settings.update(theme="dark", first_run_done=True, proxy="none")
    made = build(qapp, settings=settings, engine_process=False, look_around=False)
    made.window.resize(1400, 900)
    made.window.show()
    yield made
    made.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qapp.processEvents()


def opened(program: Program) -> VersionSheet:
    program.window.actions_["help.newer"].trigger()
    sheet = program.controller.dialogs.shown("version")
    assert isinstance(sheet, VersionSheet)
    return sheet


def texts(sheet: VersionSheet) -> str:
    shown = [label.text() for label in sheet.findChildren(QLabel) if label.isVisible()]
    plain = [edit.toPlainText() for edit in sheet.findChildren(QPlainTextEdit) if edit.isVisible()]
    return "\n".join([*shown, *plain])


def test_a_newer_version_is_shown_and_its_page_opened_by_a_click(
    program: Program, server: Server, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages: list[str] = []
    monkeypatch.setattr(version_sheet, "open_address", pages.append)
    program.session.settings.update(version_address=server.put("/newest", GOOD))
    assert server.asked == []  # nobody asked yet
    sheet = opened(program)
    until(lambda: "Version 99.1.0 is there" in texts(sheet), 30)
    said = texts(sheet)
    assert __version__ in said
    assert "Faster.\nSafer." in said
    assert "https://example.org/get" in said
    assert "ab" * 32 in said
    assert "Nothing is loaded or installed" in said
    assert pages == []
    click(sheet.page_button)
    assert pages == ["https://example.org/get"]
    assert [path for path, _ in server.asked] == ["/newest"]


def test_the_newest_has_nothing_newer(program: Program, server: Server, until: Until) -> None:
    address = server.put("/", {"format": 1, "version": __version__})
    program.session.settings.update(version_address=address)
    sheet = opened(program)
    until(lambda: "There is no newer version" in texts(sheet), 30)
    assert not sheet.page_button.isVisible()


def test_a_build_without_an_address_leads_to_the_settings(
    program: Program, server: Server, until: Until
) -> None:
    sheet = opened(program)
    until(lambda: "This build does not know where to ask" in texts(sheet), 30)
    assert "version.no_address" in texts(sheet)
    click(sheet.address_button)
    settings = program.controller.dialogs.shown("settings")
    assert isinstance(settings, SettingsWindow)
    assert "Address for newer versions" in {label.text() for label in settings.findChildren(QLabel)}
    settings.close()


def test_what_goes_wrong_is_said_and_asked_again(
    program: Program, server: Server, until: Until
) -> None:
    program.session.settings.update(version_address=server.url("/gone"))
    sheet = opened(program)
    until(lambda: "has nothing at this address (404)" in texts(sheet), 30)
    server.put("/gone", b"<html>")
    click(sheet.again_button)
    until(lambda: "makes no sense" in texts(sheet), 30)
    server.put("/gone", b"", 302, Location="https://example.org/x")
    click(sheet.again_button)
    until(lambda: "sends elsewhere (example.org)" in texts(sheet), 30)
    server.put("/gone", GOOD)
    click(sheet.again_button)
    until(lambda: "Version 99.1.0 is there" in texts(sheet), 30)


def test_closed_before_the_answer_nothing_happens(
    program: Program, server: Server, until: Until
) -> None:
    program.session.settings.update(version_address=server.url("/stall"))
    sheet = opened(program)
    until(lambda: bool(server.asked), 30)
    sheet.close()
    server.stall.set()
    until(lambda: not program.session.engine._asked, 30)
