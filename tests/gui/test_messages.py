"""Each row of the table of messages: title, detail with numbers, and buttons that do what they say."""

import re
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QPushButton

from desktop import instances
from desktop.app import Program
from desktop.loading.card_use import CardUse, CardUser, parse_memory, parse_users
from desktop.state import salvage
from desktop.state.document import ProjectData, Speaker
from desktop.state.jobs import Job
from infinitetalk.errors import ErrorReport
from infinitetalk.event import Failed, MemoryStepDown, Notice
from infinitetalk.media.export_choice import ExportChoice
from infinitetalk.media.frames import write_frames
from infinitetalk.request import Lora
from infinitetalk.wire import Start
from tests.gui.synthetic import fill, machine, weights

GIB = 2**30
Until = Callable[..., None]


@dataclass
class Seen:
    """What buttons did outside of the window."""

    pages: list[str] = field(default_factory=list)  # addresses and files that were opened
    dialogs: list[str] = field(default_factory=list)
    sent: list[Any] = field(default_factory=list)  # messages to the engine


@pytest.fixture
def seen(program: Program, monkeypatch: pytest.MonkeyPatch) -> Seen:
    found = Seen()
    monkeypatch.setattr(
        QDesktopServices, "openUrl", lambda url: found.pages.append(url.toString()) or True
    )
    session = program.session
    monkeypatch.setattr(session.engine, "ask", lambda message, *_: found.sent.append(message))
    for name in ("log", "newer_version", "diagnostics"):
        monkeypatch.setattr(
            program.controller.dialogs, name, lambda name=name: found.dialogs.append(name)
        )
    session.models.page_wanted.disconnect()
    session.models.page_wanted.connect(lambda: found.dialogs.append("models"))
    session.settings_wanted.disconnect()
    session.settings_wanted.connect(found.dialogs.append)
    return found


@pytest.fixture
def project(program: Program, tmp_path: Path) -> tuple[Path, Path]:
    """Two speakers, files that are there, a job that waits for the user."""
    session = program.session
    # These files are names alone, and the chunks are those of the drawing.
    session.library.refused.disconnect()
    session.refresh_chunks = lambda: None
    for name in ("face.mp4", "lena.wav", "ben.wav", "old.safetensors"):
        (tmp_path / name).write_bytes(b"x" * 100)
    session.engine.machine = machine()
    session.engine.weights = {"/models": weights()}
    data = ProjectData(
        source=tmp_path / "face.mp4",
        speakers=(
            Speaker(name="Lena", path=tmp_path / "lena.wav"),
            Speaker(name="Ben", path=tmp_path / "ben.wav"),
        ),
        model="/models",
        options={"loras": (Lora(path=tmp_path / "old.safetensors"),)},
    )
    session.project.replace(data, path=tmp_path / "talk.italk", name="talk")
    fill(session.timeline)
    return tmp_path / "face.mp4", tmp_path / "lena.wav"


@pytest.fixture
def job(program: Program, project: tuple[Path, Path]) -> Job:
    del project
    session = program.session
    made = Job(folder=session.job_folder, name="talk", model="/models", phase="needs_you")
    made.state = replace(made.state, plan={"peak_vram": 4 * GIB})
    session.queue.jobs.append(made)
    return made


def show(program: Program, code: str, subject: object = None, level: str = "error", **facts: Any):
    report = ErrorReport(code=code, title="T", detail="D", remedy="R", facts=facts)
    program.session.messages.show(level, report, subject=subject)  # type: ignore[arg-type]


def texts(program: Program) -> str:
    bar = program.window.message_bar
    assert bar.isVisible()
    return bar.accessibleName()


def buttons(program: Program) -> dict[str, QPushButton]:
    """The remedies that are seen, by their words."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    program.app.processEvents()
    found = program.window.message_bar.findChildren(QPushButton)
    shown = program.session.messages.current
    assert shown is not None
    names = [remedy.text for remedy in shown.remedies]
    return {b.text(): b for b in found if b.text() in names and not b.isHidden()}


def press(program: Program, name: str, stays: bool = False) -> None:
    made = buttons(program)
    assert name in made, list(made)
    before = program.session.messages.current
    made[name].click()
    assert (program.session.messages.current is before) == stays


def choose_file(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, **__: (str(path), ""))


def started(seen: Seen) -> list[Start]:
    return [message for message in seen.sent if isinstance(message, Start)]


# -- machine --------------------------------------------------------------------------------------


def test_memory_of_the_card(program: Program, seen: Seen, job: Job) -> None:
    facts = {"size": [448, 896], "needed": int(5.1 * GIB), "free": int(4.6 * GIB)}
    program.session.card_users = (CardUser(pid=1, name="chrome", used=int(1.2 * GIB)),)
    report = ErrorReport(code="vram.not_enough", title="T", detail="D", facts=facts)
    program.session.queue._fail(job, report)
    assert "Not enough graphics memory. 896 × 448 needs 5.1 GiB" in texts(program)
    assert "4.6 GiB are free; chrome uses 1.2 GiB" in texts(program)
    press(program, "Try again")
    assert started(seen)[-1].job_folder == job.folder
    job.phase = "needs_you"
    show(program, "vram.not_enough", job, **facts)
    job.folder.mkdir()
    press(program, "Smaller size")
    assert program.session.data.option("size_scale") == pytest.approx(0.7)
    assert program.session.project.path.name == "talk.italk"  # old takes stay in the job


def test_stepping_down_says_what_changed(program: Program, seen: Seen, job: Job) -> None:
    event = MemoryStepDown(
        job_id="j", chunk=18, stage="decode", rung=1, change="", changed={"vae_tile": [0, 448]}
    )
    program.session._job_advanced(job, event)
    assert "Chunk 19: graphics memory ran out while decoding the picture" in texts(program)
    assert "tiles of 448 pixels. Nothing was lost." in texts(program)
    press(program, "What changed")
    assert seen.dialogs == ["log"]


def test_ram(program: Program, seen: Seen, job: Job) -> None:
    show(program, "ram.not_enough", needed=22 * GIB, free=9 * GIB, extra_seconds=240.0)
    assert "22 GiB planned, 9.0 GiB free" in texts(program)
    assert "+4 min a chunk" in texts(program)
    press(program, "Keep blocks on disk")
    show(program, "ram.not_enough", job, needed=22 * GIB, free=9 * GIB)
    press(program, "Try again")
    assert started(seen)


def test_a_full_disk(
    program: Program, seen: Seen, job: Job, tmp_path: Path, monkeypatch, until: Until
) -> None:
    facts = {"path": "/disk/talk.job", "free": int(0.3 * GIB), "needed": 2 * GIB, "safe_chunks": 30}
    report = ErrorReport(code="disk.full", title="T", detail="D", safe="30", facts=facts)
    session = program.session
    session.queue._fail(job, report)
    assert "The disk is full. /disk has 0.3 GiB free, 2.0 GiB are needed." in texts(program)
    assert "30 finished chunks are safe." in texts(program)
    press(program, "Empty cache", stays=True)
    until(lambda: any(m.report.code == "cache.emptied" for m in session.messages.log))
    press(program, "Go on")
    assert started(seen)[-1].job_folder == job.folder

    job.phase = "needs_you"
    old = session.job_folder
    (old / "chunks").mkdir(parents=True)
    (old / "chunks" / "take").write_bytes(b"frames")
    target = tmp_path / "other disk"
    target.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_, **__: str(target))
    show(program, "disk.full", job, **facts)
    press(program, "Move job…")
    until(lambda: job.folder == target / "talk.job")
    assert (target / "talk.job" / "chunks" / "take").read_bytes() == b"frames"
    assert session.project.path == target / "talk.italk"
    until(lambda: started(seen)[-1].job_folder == target / "talk.job")
    until(lambda: not old.exists())


def test_read_only_and_slow_disks(program: Program, seen: Seen, job: Job, monkeypatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(
        QFileDialog, "getExistingDirectory", lambda *a, **_: asked.append(a[1]) or ""
    )
    show(program, "disk.read_only", job, path="/cd/jobs")
    assert "/cd/jobs" in texts(program)
    press(program, "Choose another folder…")
    assert asked
    show(program, "disk.slow", level="warning", read=0.15e9, needed=0.4e9, chunk_seconds=1860.0,
         usual_seconds=420.0)  # fmt: skip
    assert "0.15 GB/s read, 0.40 GB/s needed: a chunk takes 31 min instead of 7 min" in texts(
        program
    )
    press(program, "Move models to a faster disk")
    assert seen.dialogs == ["models"]


def test_cards_that_can_not_be_used(program: Program, seen: Seen, job: Job) -> None:
    show(program, "gpu.none", found="Intel UHD")
    assert "Found: Intel UHD." in texts(program)
    press(program, "Miniature model")
    show(program, "gpu.driver_old", driver="531.61", wanted="580")
    assert "531.61 is installed; 580 or newer is needed." in texts(program)
    press(program, "Open download page")
    assert seen.pages == ["https://www.nvidia.com/drivers"]
    queue = program.session.queue
    for repeated in (False, True):
        job.phase = "now"
        event = ErrorReport(code="gpu.lost", title="T", detail="D", safe="11",
                            facts={"chunk": 11, "step": 2, "safe_chunks": 11})  # fmt: skip
        queue._event(Failed(job_id="j", report=event, chunk=11))
        assert "chunk 12, step 3" in texts(program)
        assert "11 finished chunks are safe." in texts(program)
        assert ("overclocking" in texts(program)) == repeated
        press(program, "Try again")
        assert len(started(seen)) == 1 + repeated


def test_another_program_uses_the_card(
    program: Program, seen: Seen, job: Job, until: Until
) -> None:
    session, wait = program.session, program.controller.card_wait
    game = CardUser(pid=7, name="game.exe", used=int(5.3 * GIB))
    session.card_users = (game,)
    uses = [CardUse(used=6 * GIB, total=8 * GIB, users=(game,))]
    wait._read = lambda: uses[0]
    notice = Notice(job_id="j", level="warning", report=ErrorReport(
        code="gpu.busy", title="T", detail="D", facts={"used": 6 * GIB, "total": 8 * GIB}))  # fmt: skip
    session._job_advanced(job, notice)
    assert "Another program uses the card. game.exe, 5.3 GiB." in texts(program)
    press(program, "Wait for it")
    assert "Rendering begins by itself when 4.0 GiB are free." in texts(program)
    queue = session.queue
    job.phase = "waiting"
    queue.start_next()
    time.sleep(0.05)
    assert not started(seen)
    uses[0] = CardUse(used=GIB, total=8 * GIB)
    wait.look()
    until(lambda: bool(started(seen)))
    assert not wait.waiting
    show(program, "gpu.busy", job, "warning", used=6 * GIB, total=8 * GIB)
    press(program, "Render anyway, slower")


def test_the_drivers_answers() -> None:
    assert parse_memory("1200, 8188\n") == (1200 * 2**20, 8188 * 2**20)
    assert parse_memory("") is None
    users = parse_users("4711, C:\\Games\\game.exe, 5400\n12, /usr/bin/python, [N/A]\nodd\n")
    assert [(u.pid, u.name, u.used) for u in users] == [
        (4711, "game.exe", 5400 * 2**20),
        (12, "python", 0),
    ]
    assert CardUse(used=0, total=1, users=users).others(12) == users[:1]


def test_the_engine_ended(program: Program, seen: Seen, job: Job) -> None:
    queue = program.session.queue
    job.phase, job.retries = "now", 1
    job.state = replace(job.state, chunk=11)
    queue._engine_ended(-9)
    assert "Code -9, probably ended by the system for lack of RAM; chunk 12 is lost." in texts(
        program
    )
    press(program, "Save diagnostics…", stays=True)
    assert seen.dialogs == ["diagnostics"]
    press(program, "Try again")
    assert started(seen)[-1].job_folder == job.folder


def test_the_newest_notice_is_shown_after_what_is_urgent(program: Program) -> None:
    messages = program.session.messages
    messages.notice("Rendered")
    messages.notice("Exported")
    assert "Exported" in texts(program)
    messages.show("warning", ErrorReport(code="w", title="Look here", detail=""))
    messages.notice("Saved")
    assert "Look here" in texts(program)
    for title in ("Saved", "Exported", "Rendered"):
        messages.dismiss()
        assert title in texts(program)
    messages.dismiss()
    assert messages.current is None


def test_the_engine_ended_and_the_job_goes_on(program: Program, seen: Seen, job: Job) -> None:
    job.phase = "now"
    job.state = replace(job.state, chunk=1)
    program.session.queue._engine_ended(-11)
    assert "Code -11; chunk 2 is rendered again." in texts(program)
    assert started(seen)[-1].job_folder == job.folder


# -- models ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "facts", "words", "names"),
    [
        ("weights.missing", {"path": "/m/int8.safetensors", "bytes": 6_700_000_000},
         "int8.safetensors (6.7 GB) was expected in /m", ["Download…", "Import…"]),
        ("weights.corrupt", {"path": "/m/a.safetensors", "bad": 3, "blocks": 20},
         "3 of 20 blocks are wrong", ["Download the damaged parts"]),
        ("weights.wrong_kind", {"path": "/m/t2v.safetensors", "in_dim": 16},
         "36 input channels needed, 16 found", ["Import another…"]),
        ("weights.unsafe", {"path": "/m/a.pth", "name": "os.system"}, "not loaded", ["Download…"]),
    ],
)  # fmt: skip
def test_weights(program: Program, seen: Seen, code: str, facts, words: str, names) -> None:
    for name in names:
        show(program, code, **facts)
        assert words in texts(program)
        press(program, name)
    assert seen.dialogs == ["models"] * len(names)


def test_speakers_and_loras(program: Program, seen: Seen, job: Job, tmp_path, monkeypatch) -> None:
    session = program.session
    show(program, "weights.no_multi", weights="InfiniteTalk single", speakers=2)
    assert "InfiniteTalk single was made for one; this video has 2." in texts(program)
    press(program, "Download two-speaker weights")
    assert seen.dialogs == ["models"]
    show(program, "weights.no_multi", job, weights="x", speakers=2)
    press(program, "Use one speaker")
    assert [s.name for s in session.data.speakers] == ["Lena"]
    assert started(seen)

    facts = {"path": str(tmp_path / "old.safetensors"), "total": 800}
    choose_file(monkeypatch, tmp_path / "new.safetensors")
    show(program, "lora.no_match", **facts)
    assert "old.safetensors: 0 of 800 keys match" in texts(program)
    press(program, "Choose another…")
    assert [lora.path.name for lora in session.data.option("loras")] == ["new.safetensors"]
    show(program, "lora.no_match", path=str(tmp_path / "new.safetensors"), total=800)
    press(program, "Remove it")
    assert session.data.option("loras") == ()


def test_downloads(program: Program, seen: Seen, monkeypatch: pytest.MonkeyPatch) -> None:
    gone_on: list[bool] = []
    monkeypatch.setattr(type(program.session.models), "go_on", lambda _: gone_on.append(True))
    for name in ("Now", "Other address…", "Import…"):
        show(program, "download.failed", file="a.safetensors", done=8_000_000_000,
             total=19_500_000_000, tries=3)  # fmt: skip
        assert "a.safetensors: 8.0 GB of 19.5 GB are here." in texts(program)
        press(program, name)
    assert gone_on == [True]
    assert seen.dialogs == ["downloads", "models"]


# -- media ----------------------------------------------------------------------------------------


def test_a_damaged_file_is_repaired_as_a_copy(
    program: Program, seen: Seen, project, tmp_path: Path, monkeypatch, until: Until
) -> None:
    from tests.media_samples import make_sound, voice

    session = program.session
    whole = make_sound(tmp_path / "whole.wav", voice(1.0))
    cut = tmp_path / "cut.wav"
    cut.write_bytes(whole.read_bytes()[:20_000])
    session.project.edit(("x", session.data.with_speaker(0, path=cut)))
    before = cut.read_bytes()
    show(program, "media.unreadable", path=str(cut), cause="cut_off", reason="r")
    assert "cut off before its end" in texts(program)
    press(program, "Try to repair a copy")
    until(lambda: session.data.speakers[0].path.name == "cut repaired.mkv", 20)
    assert cut.read_bytes() == before
    choose_file(monkeypatch, whole)
    show(program, "media.unreadable", path=str(session.data.speakers[0].path))
    press(program, "Choose another…")
    assert session.data.speakers[0].path == whole
    junk = tmp_path / "junk.mp4"
    junk.write_bytes(b"\0\0\0\x20ftypisom" + b"y" * 4000)
    session.messages.dismiss()
    salvage.repair(session, junk)
    until(lambda: session.messages.current is not None, 20)
    assert session.messages.current.report.code == "media.unreadable"


def test_files_without_sound_or_picture(
    program: Program, seen: Seen, project, tmp_path: Path, monkeypatch
) -> None:
    session = program.session
    asked: list[bool] = []
    monkeypatch.setattr(
        QFileDialog, "getOpenFileNames", lambda *_, **__: asked.append(True) or ([], "")
    )
    show(program, "media.no_audio", path="/v/tour.mp4", video_tracks=1, picture=False)
    assert "tour.mp4 has one video track, no audio track." in texts(program)
    press(program, "Choose speech…")
    assert asked
    song = tmp_path / "song.mp4"
    song.write_bytes(b"x")
    session.project.edit(("x", replace(session.data, source=song, speakers=())))
    session.messages.dismiss()
    show(program, "media.no_video", path=str(song), has_sound=True)
    assert "song.mp4 has sound only." in texts(program)
    press(program, "Use as speech")
    assert session.data.source is None
    assert [s.path for s in session.data.speakers] == [song]
    show(program, "media.too_large", path="/p/big.png", width=64000, height=64000, limit=16384)
    assert "big.png has 64000 × 64000 pixels; the limit is 16384 a side." in texts(program).replace(
        ",", ""
    )


def test_speech_that_needs_a_look(
    program: Program, seen: Seen, project, tmp_path, monkeypatch
) -> None:
    session = program.session
    show(program, "speech.short", level="notice", seconds=1.9, chunk_seconds=2.0)
    assert "1.9 s; one chunk of 2.0 s is rendered." in texts(program)
    session.messages.dismiss()
    show(program, "speech.silent", level="warning", name="lena.wav", loudest="-91 dB")
    assert "lena.wav, loudest -91 dB" in texts(program)
    press(program, "Play", stays=True)
    assert seen.pages[0].endswith("lena.wav")
    choose_file(monkeypatch, tmp_path / "ben.wav")
    press(program, "Choose another…")
    assert session.data.speakers[0].path == tmp_path / "ben.wav"
    show(program, "speech.silent", level="warning", name="nobody.wav", loudest="-91 dB")
    press(program, "It is meant so")
    show(program, "speech.unequal", level="notice", seconds=1.3, speaker=1, path="/s/ben.wav")
    assert "ben.wav is 1.3 s shorter: silence is added at the end." in texts(program)
    press(program, "Move to the end instead")
    assert session.data.speakers[1].start == pytest.approx(1.3)


def test_sources_that_need_a_look(program: Program, seen: Seen, project, qapp) -> None:
    session = program.session
    facts = {"source": 41.0, "needed": 180.0}
    for name, end in (("End with source", "stop"), ("Loop", "loop"), ("Hold last frame", "hold"),
                      ("Back and forth", "pingpong")):  # fmt: skip
        now = session.data.option("mends").source_end
        show(program, "source.short", level="warning", end=now, **facts)
        assert "41 s of 3 min" in texts(program)
        press(program, name)
        assert session.data.option("mends").source_end == end
    show(program, "source.vfr", level="notice")
    session.messages.dismiss()
    show(program, "source.crop", level="warning", source=[1080, 1920], size=[448, 896],
         side="height", share=0.11)  # fmt: skip
    assert "1920 × 1080 to 896 × 448: 11 % of the height are left out." in texts(program)
    press(program, "Show crop", stays=True)
    assert session.playback.mode == "source"
    press(program, "Other size…")
    assert program.controller.dialogs.shown("preflight") is not None
    program.controller.dialogs.shown("preflight").close()


def test_files_that_moved_or_changed(
    program: Program, seen: Seen, job: Job, tmp_path: Path, monkeypatch
) -> None:
    session = program.session
    new = tmp_path / "new place"
    new.mkdir()
    old_source, old_speech = session.data.source, session.data.speakers[0].path
    for path in (old_source, old_speech):
        shutil.move(path, new / path.name)
    choose_file(monkeypatch, new / "face.mp4")
    show(program, "source.moved", job, path=str(old_source))
    assert f"face.mp4 was in {tmp_path}; finished chunks still play." in texts(program)
    press(program, "Find it…")
    assert session.data.source == new / "face.mp4"
    assert session.data.speakers[0].path == new / "lena.wav"  # found beside it, unasked
    assert started(seen)[-1].job_folder == job.folder
    job.phase = "needs_you"
    choose_file(monkeypatch, tmp_path / "ben.wav")
    show(program, "source.moved", job, path=str(new / "lena.wav"))
    press(program, "Replace…")
    assert session.data.speakers[0].path == tmp_path / "ben.wav"

    stored: list[Any] = []
    monkeypatch.setattr(session.store, "save_request", stored.append)
    session.planner.request = object()
    job.phase = "needs_you"
    show(program, "source.changed", job, path=str(new / "face.mp4"), chunks=63)
    assert "face.mp4 is newer than the project: 63 chunks would become stale." in texts(program)
    press(program, "Use new")
    assert stored == [session.planner.request]
    job.phase = "needs_you"
    (tmp_path / "backup.mp4").write_bytes(b"x")
    choose_file(monkeypatch, tmp_path / "backup.mp4")
    session.planner.request = None
    show(program, "source.changed", job, path=str(new / "face.mp4"))
    press(program, "Find the old one…")
    assert session.data.source == tmp_path / "backup.mp4"


# -- jobs -----------------------------------------------------------------------------------------


def test_a_job_of_a_newer_version_plays_and_stays_as_it_is(
    program: Program, seen: Seen, tmp_path: Path, until: Until
) -> None:
    import numpy as np

    folder = tmp_path / "new.job"
    for index in range(2):
        take = folder / "chunks" / f"{index:04d}-abc"
        take.mkdir(parents=True)
        frames = np.full((5, 32, 48, 3), 60 * index + 40, np.uint8)
        write_frames(take / "frames.mkv", frames)
    (folder / "request.json").write_text('{"format": 99}')
    before = {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in folder.rglob("*") if p.is_file()}
    program.controller.files.open_path(folder)
    session = program.session
    until(lambda: session.messages.current is not None)
    assert "It has format 99; this program reads up to" in texts(program)
    press(program, "Open as read-only video")
    until(lambda: any(m.report.code == "job.as_video" for m in session.messages.log), 20)
    press(program, "Play")
    from infinitetalk.media.probe import probe_source

    video = Path(seen.pages[-1].removeprefix("file://"))
    assert probe_source(video).frame_count == 10
    show(program, "job.newer", found=4, newest=3, path=str(folder / "request.json"))
    press(program, "Update…")
    assert seen.dialogs == ["newer_version"]
    after = {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in folder.rglob("*") if p.is_file()}
    assert after == before


def test_damaged_chunks_are_rendered_again(program: Program, seen: Seen, job: Job) -> None:
    show(program, "job.damaged", job, "warning", chunks=[6, 7])
    assert "Chunks 7, 8: their checksums differ." in texts(program)
    press(program, "Render these again")
    assert started(seen)[-1].job_folder == job.folder


def test_an_export_that_failed(program: Program, seen: Seen, project, tmp_path: Path) -> None:
    session = program.session
    dialogs = program.controller.dialogs
    for name, codec in (("Other folder…", "h264"), ("Other format…", "h265")):
        export = session.exports.add(
            session.job_folder, tmp_path / "talk.mp4", ExportChoice(crf=14)
        )
        session.exports._refused(export, ErrorReport(
            code="export.failed", title="T", detail="D", safe="x",
            facts={"path": str(tmp_path / "talk.mp4"), "reason": "the encoder stopped"}))  # fmt: skip
        assert "talk.mp4: the encoder stopped. Finished chunks are safe." in texts(program)
        press(program, name)
        sheet = dialogs.shown("export")
        assert sheet is not None
        assert sheet.choice.codec == codec
        assert sheet.choice.crf == 14
        sheet.close()


def test_a_project_that_is_open_elsewhere(program: Program, seen: Seen, qapp, monkeypatch) -> None:
    shown: list[bool] = []
    other = instances.Instance(lambda: shown.append(True))
    other.close()
    other._server.listen(instances._name(999_999_01))
    since = time.mktime((2026, 5, 4, 22, 14, 0, 0, 0, -1))
    show(program, "project.locked", path="/p/talk.italk", pid=999_999_01, since=since)
    assert re.search(r"another window\. talk\.italk: since (22|10):14", texts(program))
    press(program, "Show it")
    for _ in range(20):
        qapp.processEvents()
    assert shown == [True]
    other.close()
    opened: list[Path] = []
    monkeypatch.setattr(program.controller.files, "open_path", opened.append)
    program.controller.remedies._files = program.controller.files
    show(program, "project.locked", path="/p/talk.italk", pid=4711, since=since)
    press(program, "Open read-only")
    assert opened == [Path("/p/talk.italk")]
    show(program, "project.locked", path="/p/talk.italk", pid=999_999_02, since=since)
    press(program, "Show it")
    assert "No window answers" in texts(program)


# -- the bar --------------------------------------------------------------------------------------


def test_errors_stay_and_can_be_copied(program: Program, job: Job) -> None:
    messages, bar = program.session.messages, program.window.message_bar
    show(program, "disk.full", job, path="/d/x.job", free=3, needed=4)
    messages.notice("A notice", "that waits", code="x.y")
    assert "The disk is full" in texts(program)
    assert messages.waiting == 1
    assert bar._code.text() == "disk.full"
    bar._copy.click()
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith("disk.full\n")
    assert "needed: 4" in copied
    assert "Traceback" not in texts(program)
    messages.dismiss()
    assert "A notice" in texts(program)
    assert bar._code.isHidden()
