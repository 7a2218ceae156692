"""Nothing is sent by itself; what is saved for others has no names, paths or prompts in it."""

import socket
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from desktop.app import Program, build
from desktop.state.document import ProjectData, Speaker
from desktop.state.settings import SettingsState
from desktop.views.diagnostics import DiagnosticsSheet
from infinitetalk.errors import ErrorReport
from tests.gui.test_engine import finished, open_clip

Until = Callable[..., None]
_asked: list[str] = []
_listening = False


def _heard(event: str, arguments: tuple[object, ...]) -> None:
    """Names that are looked up and addresses that are asked; a socket on the disk has none."""
    if not _listening or event not in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
        return
    if event == "socket.getaddrinfo":
        _asked.append(f"{event} {arguments[0]}")
    elif isinstance(arguments[1], tuple):
        _asked.append(f"{event} {arguments[1]}")


def test_a_network_that_is_asked_is_heard(network: list[str], tmp_path: Path) -> None:
    with socket.socket() as one, pytest.raises(OSError, match=r".+"):
        one.connect(("127.0.0.1", 1))
    assert network == ["socket.connect ('127.0.0.1', 1)"]
    if sys.platform != "win32":
        with socket.socket(socket.AF_UNIX) as one, pytest.raises(FileNotFoundError):
            one.connect(str(tmp_path / "nobody"))
        assert len(network) == 1


@pytest.fixture
def network() -> Iterator[list[str]]:
    """What this process asks of a network meanwhile; a hook can't be taken away, so it rests."""
    global _listening
    if _heard not in _hooked:
        sys.addaudithook(_heard)
        _hooked.append(_heard)
    _asked.clear()
    _listening = True
    yield _asked
    _listening = False


_hooked: list[object] = []


def test_a_whole_session_asks_no_network(
    qapp: QApplication,
    home: Path,
    tiny_model: Path,
    short_speech: Path,
    network: list[str],
    until: Until,
) -> None:
    """Start, first-run page, model page, a render: the engine in this process, so that all is heard."""
    settings = SettingsState(home / "config" / "settings.json")
    program = build(qapp, settings=settings, engine_process=False)
    program.window.show()
    program.controller.dialogs.first_steps()
    open_clip(program, tiny_model, short_speech, until)
    program.controller.dialogs.models()
    until(lambda: bool(program.session.models.rows), 30)
    program.controller.dialogs.about()
    assert program.session.render()
    until(lambda: finished(program), 120)
    program.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert network == []


@pytest.fixture
def told(program: Program, home: Path, tmp_path: Path) -> Program:
    """A project full of names, and logs that speak of them."""
    source = tmp_path / "Boss Meeting" / "keynote_final.mp4"
    data = ProjectData(
        source=source,
        speakers=(Speaker(name="Anneliese", path=tmp_path / "anneliese_secret.wav"),),
        options={"prompt": "the boss laughs at the plan"},
        model="miniature",
    )
    program.opener.new(data, "merger-announcement")
    program.session.settings.update(recent=(str(tmp_path / "divorce.italk"),))
    program.session.messages.show(
        "error",
        ErrorReport(
            code="media.unreadable",
            title="This file can't be read",
            detail=f"{source.name}: cut off; see {source} and divorce.italk.",
        ),
    )
    job = program.session.job_folder
    job.mkdir(parents=True)
    (job / "plan.json").write_text('{"prompt": "the boss laughs", "steps": 4, "chunks": [1, 2]}')
    (job / "events.jsonl").write_text(
        f'{{"event": "PlanReady", "job_folder": "{job}"}}\n{{"event": "Finished", "seconds": 4.5}}\n'
    )
    log = home / "log"
    log.mkdir(parents=True, exist_ok=True)
    (log / "engine.log").write_text(
        f"12:00 INFO reading {source}\n12:01 INFO prompt 'the boss laughs at the plan'\n"
        f"12:02 ERROR Anneliese's track {tmp_path}/anneliese_secret.wav ends early\n"
    )
    return program


SECRETS = ("keynote", "nneliese", "merger", "divorce", "Boss", "boss", "secret")


def saved(program: Program, path: Path, until: Until, *, keep: bool) -> dict[str, str]:
    program.controller.dialogs.diagnostics()
    sheet = program.controller.dialogs.shown("diagnostics")
    assert isinstance(sheet, DiagnosticsSheet)
    assert not sheet.keep.isChecked()
    sheet.keep.setChecked(keep)
    until(lambda: "== about.json" in sheet.text.toPlainText())
    assert sheet.save_button.isEnabled()
    shown = sheet.text.toPlainText()
    sheet.save_to(path)
    until(path.exists)
    until(lambda: not program.session.background.busy)
    with zipfile.ZipFile(path) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    for word in SECRETS:
        assert (word in shown) == (any(word in text for text in texts.values()))
    return texts


def test_diagnostics_have_no_names_paths_or_prompts(
    told: Program, tmp_path: Path, until: Until
) -> None:
    texts = saved(told, tmp_path / "d.zip", until, keep=False)
    assert set(texts) >= {"about.json", "messages.txt", "job/plan.json", "job/events.jsonl"}
    for name, text in texts.items():
        for word in (*SECRETS, str(tmp_path), str(Path.home()) + "/"):
            assert word not in text, (name, word)
    # What finds the fault is still there.
    assert "media.unreadable" in texts["messages.txt"]
    assert "can't be read" in texts["messages.txt"]
    assert '"steps": 4' in texts["job/plan.json"]
    assert '"seconds": 4.5' in texts["job/events.jsonl"]
    assert "ends early" in texts["log/engine.log"]


def test_who_wants_to_keeps_them(told: Program, tmp_path: Path, until: Until) -> None:
    texts = saved(told, tmp_path / "d.zip", until, keep=True)
    assert "keynote_final.mp4" in texts["messages.txt"]
    assert "the boss laughs at the plan" in texts["log/engine.log"]
