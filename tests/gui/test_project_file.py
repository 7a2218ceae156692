"""Projects on disk: nothing is lost, and what is read is what was written."""

import json
from collections.abc import Callable
from pathlib import Path

from desktop import commands
from desktop.app import Program
from desktop.state.document import ProjectData, Speaker
from desktop.state.saving import content_of, data_of
from desktop.state.timeline import Marker
from infinitetalk.project.document import ProjectFile
from infinitetalk.request import Apg, Box, ChunkSettings, Lora, Mends

Until = Callable[..., None]


def rich() -> ProjectData:
    data = ProjectData(
        source=Path("/media/keynote.mp4"),
        speakers=(
            Speaker(
                name="Anna",
                path=Path("/media/anna.wav"),
                start=1.5,
                box=Box(top=1, left=2, bottom=30, right=40),
            ),
            Speaker(name="Omar", path=None, gain_db=-3.0, muted=True),
        ),
        arrangement="in_turn",
        chunks=((3, ChunkSettings(prompt="calm", seed=7)),),
        in_frame=10,
        out_frame=500,
        markers=(Marker(frame=100, text="here"),),
        model="/models/big",
    )
    for name, value in (
        ("prompt", "hello"),
        ("size", (448, 896)),
        ("loras", (Lora(path=Path("/l.safetensors"), scale=0.5),)),
        ("apg", Apg()),
        ("mends", Mends.reference()),
        ("teacache_threshold", 0.2),
    ):
        data = data.with_option(name, value)
    return data


def test_content_survives_json(tmp_path: Path) -> None:
    data = rich()
    ProjectFile.create(tmp_path / "a.italk", content_of(data)).close()
    found = ProjectFile.open(tmp_path / "a.italk")
    assert data_of(found.content) == data
    found.close()
    json.loads((tmp_path / "a.italk").read_text())  # one text file


def test_a_request_of_the_project_is_what_was_chosen() -> None:
    request = rich().request()
    assert request.prompt == "hello"
    assert request.size == (448, 896)
    assert request.chunk_settings(3).seed == 7
    assert request.exact
    assert request.boxes == ()  # one speaker has none: halves


def test_an_edit_is_in_the_journal_within_a_second(
    program: Program, tmp_path: Path, until: Until
) -> None:
    path = tmp_path / "keynote.italk"
    program.opener.save_as(path)
    until(path.exists)
    until(lambda: program.opener.saver.file is not None)
    program.session.project.edit(
        commands.set_option(program.session.data, "prompt", "a new prompt")
    )
    journal = path.with_name(path.name + "-journal")
    until(lambda: journal.exists() and "a new prompt" in journal.read_text(), 1.0)
    until(lambda: program.session.project.saved)


def test_edits_after_an_unclean_end_are_restored(
    program: Program, tmp_path: Path, until: Until
) -> None:
    path = tmp_path / "keynote.italk"
    file = ProjectFile.create(path, content_of(ProjectData()))
    file.record(content_of(ProjectData().with_option("prompt", "typed before the crash")))
    file._lock.release()  # the process is gone; the journal stays
    seen = []
    program.opener.recovery_found.connect(seen.append)
    program.opener.open(path)
    until(lambda: program.session.project.path == path)
    assert program.session.data.option("prompt") == "typed before the crash"
    until(lambda: bool(seen))
    dialog = program.controller.dialogs.shown("recovery")
    assert dialog is not None
    dialog.close()


def test_a_second_window_opens_read_only(program: Program, tmp_path: Path, until: Until) -> None:
    path = tmp_path / "keynote.italk"
    first = ProjectFile.create(path, content_of(rich()))
    program.opener.open(path)
    until(lambda: program.session.project.path == path)
    assert program.session.project.read_only
    message = program.session.messages.current
    assert message is not None
    assert message.report.code == "project.locked"
    before = program.session.data
    program.session.project.edit(commands.set_option(before, "prompt", "not allowed"))
    assert program.session.data == before
    first.close()


def test_a_newer_project_is_left_alone(program: Program, tmp_path: Path, until: Until) -> None:
    path = tmp_path / "future.italk"
    path.write_text(json.dumps({"format": 99, "content": {}}))
    before = path.read_bytes()
    program.opener.open(path)
    until(lambda: program.session.messages.current is not None)
    message = program.session.messages.current
    assert message is not None
    assert message.report.code == "job.newer"
    assert path.read_bytes() == before


def test_undo_names_each_edit_and_typing_is_one_step(program: Program) -> None:
    project = program.session.project
    for text in ("h", "he", "hel", "hell", "hello"):
        project.edit(commands.set_option(project.data, "prompt", text), kind="option prompt")
    project.edit(commands.set_option(project.data, "steps", 12))
    assert project.undo.count() == 2
    assert project.undo.undoText() == "Change steps"
    project.undo.undo()
    project.undo.undo()
    assert project.data.option("prompt") == ""
    project.undo.redo()
    assert project.data.option("prompt") == "hello"
