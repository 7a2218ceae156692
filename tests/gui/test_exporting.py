"""Export as a user does it: the sheet, names, gaps, background, progress, stop, wait; real files."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from desktop.app import Program, build
from desktop.state.document import ProjectData, Speaker, preset_changes
from desktop.state.settings import SettingsState
from desktop.views.export_dialog import ExportDialog
from desktop.views.export_parts import exports_text
from infinitetalk.media.container import read_container
from infinitetalk.media.probe import probe_source, probe_speech
from infinitetalk.media.times import list_frame_times
from tests.gui.synthetic import fill, plan
from tests.media_samples import make_tone

SAMPLES = Path(__file__).resolve().parents[2] / "resources" / "samples"
Until = Callable[..., None]


@pytest.fixture
def movies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "movies"
    folder.mkdir()
    monkeypatch.setattr("desktop.views.export_dialog.default_folder", lambda: folder)
    return folder


@pytest.fixture
def sheet(program: Program, movies: Path) -> Iterator[ExportDialog]:
    """On the project of the drawings: 19 of 63 chunks ready, two stale, one kept."""
    session = program.session
    session.project.name = "keynote-de"
    session.refresh_chunks = lambda: None
    session.planner.update = lambda _: None
    session.planner.plan = plan()
    fill(session.timeline)
    made = ExportDialog(session, program.theme, program.window)
    made.show()
    program.app.processEvents()
    yield made
    made.close()
    made.deleteLater()


def shown(sheet: ExportDialog, row: str) -> bool:
    return sheet._rows[row][1].isVisibleTo(sheet)


def test_gaps_are_offered_three_ways(sheet: ExportDialog) -> None:
    assert shown(sheet, "gaps")
    assert [sheet.gaps.itemText(i) for i in range(3)] == [
        "Up to 0:55.08",
        "Fill with the source",
        "Wait until all are ready, then export",
    ]
    assert sheet.choice.missing == "stop"
    sheet.gaps.setCurrentIndex(1)
    assert sheet.choice.missing == "source"
    assert "chunks are not rendered yet" in sheet._note.text()
    assert "stale" in sheet._note.text()


def test_in_to_out_needs_no_other_chunks(sheet: ExportDialog, program: Program) -> None:
    assert not sheet.part.button(1).isEnabled()
    program.session.project.edit(("x", replace(program.session.data, in_frame=100, out_frame=600)))
    made = ExportDialog(program.session, program.theme, program.window)
    assert made.choice.frames == (100, 600)
    assert made._span.text() == "0:04.00 – 0:24.00"
    assert made._rows["gaps"][1].isHidden()
    made.part.choose(0)
    made.refresh()
    assert made.choice.frames is None
    made.deleteLater()


def test_a_name_that_is_taken_gets_a_number(sheet: ExportDialog, movies: Path) -> None:
    assert Path(sheet.file.text()) == movies / "keynote-de.mp4"
    (movies / "keynote-de.mp4").write_bytes(b"mine")
    sheet.refresh()
    assert sheet.target == movies / "keynote-de 2.mp4"
    assert "keynote-de 2.mp4 is written." in sheet._note.text()
    sheet.file.setText(str(movies / "no ending"))
    assert sheet.target == movies / "no ending.mp4"
    sheet.file.setText(str(movies / "v1.2.mov"))
    assert sheet.target == movies / "v1.2.mov"
    for text in ("", "relative.mp4", str(movies / "none" / "a.mp4")):
        sheet.file.setText(text)
        sheet.refresh()
        assert not sheet.export_button.isEnabled(), text
        assert sheet._problem.text()


def test_kinds_show_what_belongs_to_them(sheet: ExportDialog, movies: Path) -> None:
    sheet.codec.setCurrentIndex(1)
    sheet.quality.setCurrentIndex(2)
    assert (sheet.choice.codec, sheet.choice.crf) == ("h265", 25)
    small = sheet._size.text()
    sheet.quality.setCurrentIndex(0)
    assert sheet._size.text() != small
    sheet.kind._group.button(1).click()
    assert sheet.choice.kind == "pictures"
    assert sheet.target == movies / "keynote-de"
    assert not shown(sheet, "codec")
    assert not shown(sheet, "background")
    sheet.kind._group.button(2).click()
    assert sheet.target == movies / "keynote-de.wav"
    assert not shown(sheet, "gaps")  # the sound is there before any chunk
    assert sheet.export_button.isEnabled()


def test_background_with_its_level(sheet: ExportDialog, tmp_path: Path) -> None:
    assert sheet.background.level.isHidden()
    music = make_tone(tmp_path / "music.wav", 0.5)
    sheet.background.show_path(music)
    assert sheet.choice.background is not None
    assert (sheet.choice.background.path, sheet.choice.background.gain_db) == (music, -12.0)
    sheet.background.level.setValue(-20)
    assert sheet.choice.background.gain_db == -20.0
    sheet.background.show_path(None)
    assert sheet.choice.background is None


# -- with the real engine -------------------------------------------------------------------------


@pytest.fixture
def running(
    qapp: QApplication, home: Path, tiny_model: Path, short_speech: Path, until: Until
) -> Iterator[Program]:
    """A tiny clip whose first chunks are rendered: in to out."""
    settings = SettingsState(home / "config" / "settings.json")
    settings.update(theme="dark", first_run_done=True)
    program = build(qapp, settings=settings, engine_process=False)  # quicker on a busy machine
    program.window.resize(1280, 800)
    program.window.show()
    session = program.session
    until(lambda: session.engine.probed, 90)
    session.engine.list_weights(str(tiny_model))
    until(lambda: str(tiny_model) in session.engine.weights, 60)
    data = ProjectData(
        source=SAMPLES / "mira.png",
        speakers=(Speaker(name="Mira", path=short_speech),),
        preset="",
        preset_changes=preset_changes("", session.planner.own_presets(str(tiny_model))),
        model=str(tiny_model),
    )
    program.opener.new(data, "clip")
    until(lambda: len(session.timeline.chunks) >= 3, 30)
    chunks = session.timeline.chunks
    session.timeline.set_range(0, chunks[1].end_frame)
    session.render(frames=(0, chunks[1].end_frame))
    until(lambda: finished(program), 240)
    yield program
    program.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def finished(program: Program) -> bool:
    job = program.session.job
    assert job is None or job.error is None, job.error
    return job is not None and job.phase == "finished"


def lengths(path: Path) -> tuple[int, float]:
    container = read_container(path)
    video = list_frame_times(path, container.videos[0].index)
    sound = list_frame_times(path, container.audios[0].index)
    assert video is not None
    assert sound is not None
    return len(video.starts), sound.end


def ended(program: Program) -> bool:
    return not program.session.exports.open


def test_files_of_every_kind(running: Program, movies: Path, until: Until, tmp_path: Path) -> None:
    """One job of three chunks, two of them rendered: what is written, and what is told."""
    session = running.session
    session.timeline.set_range(None, None)
    chunks = session.timeline.chunks
    ready, total = chunks[1].end_frame, chunks[-1].end_frame

    def export(**choose: Callable[[ExportDialog], object]) -> Path:
        sheet = ExportDialog(session, running.theme, running.window)
        for act in choose.values():
            act(sheet)
        assert sheet.export_button.isEnabled(), sheet._problem.text()
        target = sheet.target
        sheet._start()
        until(lambda: ended(running), 60)
        done = session.exports.all[-1]
        assert done.phase == "finished", done.error
        sheet.deleteLater()
        return target

    first = export()
    assert (first.name, lengths(first)[0]) == ("clip.mp4", ready)
    assert "Exported" in [m.report.title for m in session.messages.log]
    second = export(
        gap=lambda s: s.gaps.setCurrentIndex(1), codec=lambda s: s.codec.setCurrentIndex(1)
    )
    assert second.name == "clip 2.mp4"
    frames, sound = lengths(second)
    assert frames == total
    assert abs(sound - total / 25) <= 0.04
    assert probe_source(second).codec == "hevc"
    music = make_tone(tmp_path / "music.wav", 5.0)
    wav = export(
        kind=lambda s: s.kind._group.button(2).click(),
        under=lambda s: s.background.show_path(music),
    )
    assert wav.suffix == ".wav"
    assert probe_speech(wav).duration == pytest.approx(total / 25, abs=0.01)
    pictures = export(kind=lambda s: s.kind._group.button(1).click())
    assert len(list(pictures.glob("frame-*.png"))) == ready
    before = {p: p.stat().st_mtime_ns for p in movies.rglob("*")}

    # Wait until ready: what is missing is rendered first, then it exports by itself.
    sheet = ExportDialog(session, running.theme, running.window)
    sheet.gaps.setCurrentIndex(2)
    target = sheet.target
    sheet._start()
    assert session.exports.open[0].waits
    until(lambda: target.exists(), 240)
    until(lambda: ended(running), 60)
    assert lengths(target)[0] == total
    assert {p: p.stat().st_mtime_ns for p in before} == before
    sheet.deleteLater()


def test_an_export_is_stopped_and_leaves_nothing(
    running: Program, movies: Path, until: Until
) -> None:
    """A long export with progress in the status bar; *Stop* in the message ends it."""
    session = running.session
    from infinitetalk.media.export_choice import ExportChoice

    export = session.exports.add(
        session.job_folder, movies / "a.mp4", ExportChoice(missing="source", crf=0)
    )
    told = next(m for m in session.messages.log if m.report.title == "Exporting")
    assert told.report.detail == "a.mp4"
    assert "Exporting a.mp4" in exports_text(session)
    session.messages.press(told, told.remedies[0])
    until(lambda: ended(running), 60)
    if export.phase == "stopped":  # else it was quicker than the button
        assert not (movies / "a.mp4").exists()
        assert [p.name for p in movies.iterdir()] == []
    assert exports_text(session) == ""


def test_two_at_once_have_two_names_and_come_in_order(
    running: Program, movies: Path, until: Until
) -> None:
    from infinitetalk.media.export_choice import ExportChoice

    session = running.session
    wanted = movies / "a.mp4"
    names = []
    for _ in range(3):
        target = session.exports.free_name(wanted)
        names.append(target.name)
        session.exports.add(session.job_folder, target, ExportChoice(missing="stop"))
    assert names == ["a.mp4", "a 2.mp4", "a 3.mp4"]
    until(lambda: ended(running), 60)
    assert {e.phase for e in session.exports.all} == {"finished"}
    times = [(movies / name).stat().st_mtime for name in names]
    assert times == sorted(times)
    assert time.time() - times[0] < 60
