"""A job folder: created, opened, moved, damaged, from a newer version, from a stranger."""

import hashlib
import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from infinitetalk.errors import EngineError
from infinitetalk.event import ChunkReady, Finished, PlanReady
from infinitetalk.plan import Plan
from infinitetalk.project import JobFolder, TakeEntry, edits
from infinitetalk.request import ChunkSettings, GenerationRequest, Lora, SpeechTrack


@pytest.fixture
def folder(tmp_path: Path, request_: GenerationRequest, plan: Plan, meta) -> Path:
    path = tmp_path / "talk.job"
    with JobFolder.create(path, request_, plan) as job:
        with job.takes.writer(0, "a" * 20) as writer:
            writer.path("frames.mkv").write_bytes(b"frames")
            writer.write("motion.safetensors", b"motion")
            take = writer.commit(meta(created="2026-01-01T00:00:00Z", motion_out="m"))
        job.save_timeline(edits.with_take(job.timeline, 0, TakeEntry.of(take.meta)))
        job.events.append(PlanReady(job_id=job.job_id, job_folder=path, plan=plan.to_json()))
        job.events.append(
            ChunkReady(
                job_id=job.job_id,
                chunk=0,
                take="a" * 20,
                first_frame=0,
                frame_count=81,
                path=take.folder,
                seconds=1.0,
                peak_vram=0,
            )
        )
    return path


def code(path: Path, **options) -> str:
    with pytest.raises(EngineError) as caught:
        JobFolder.open(path, **options).close()
    assert caught.value.report.title
    assert caught.value.report.remedy
    return caught.value.report.code


def contents(path: Path) -> dict[str, str]:
    return {
        file.relative_to(path).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in path.rglob("*")
        if file.is_file()
    }


def change(path: Path, **values) -> None:
    data = json.loads(path.read_text("utf-8"))
    data.update(values)
    path.write_text(json.dumps(data), "utf-8")


def test_all_comes_back(folder: Path, request_: GenerationRequest, plan: Plan) -> None:
    with JobFolder.open(folder) as job:
        assert job.request == request_
        assert job.plan == plan
        assert job.timeline.chunk(0).active == "a" * 20
        take = job.valid_take(0, "a" * 20)
        assert take is not None
        assert take.frames.name == "frames.mkv"
        assert take.motion.read_bytes() == b"motion"
        state = job.state()
        assert state.chunks[0].status == "ready"
        assert state.job_folder == folder


def test_a_second_writer_is_refused_but_may_read(folder: Path) -> None:
    with JobFolder.open(folder):
        assert code(folder) == "project.locked"
        assert JobFolder.open(folder, write=False).timeline.chunks


def test_a_moved_job_finds_files_and_takes(folder: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "an other place"
    elsewhere.mkdir()
    moved = elsewhere / "renamed 'job' 人物 🎬"
    shutil.move(folder, moved)
    with JobFolder.open(moved) as job:
        assert job.request.source == tmp_path / "face.png"  # the absolute path still holds
        assert job.state().chunks[0].path == moved / "chunks" / f"0000-{'a' * 20}"
    # Job and files together, the old place gone.
    together = tmp_path / "usb stick"
    together.mkdir()
    for name in ("face.png", "voice.wav"):
        shutil.move(tmp_path / name, together / name)
    final = together / "talk.job"
    shutil.move(moved, final)
    with JobFolder.open(final) as job:
        assert job.request.source == together / "face.png"
        assert job.request.speech[0].path == together / "voice.wav"
        assert job.missing_sources() == ()
        assert job.changed_sources() == ()


def test_a_copy_prefers_its_own_files_only_if_the_others_changed(
    folder: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    shutil.copytree(folder, copy / "talk.job")
    shutil.copy2(tmp_path / "face.png", copy / "face.png")
    with JobFolder.open(copy / "talk.job") as job:
        assert job.request.source == tmp_path / "face.png"
    (tmp_path / "face.png").write_bytes(b"another picture")
    with JobFolder.open(copy / "talk.job") as job:
        assert job.request.source == copy / "face.png"


def test_missing_and_changed_sources_are_told(folder: Path, tmp_path: Path) -> None:
    os.utime(tmp_path / "voice.wav", (1, 1))
    with JobFolder.open(folder) as job:
        assert job.changed_sources() == ()  # a new time alone is no change
    (tmp_path / "voice.wav").write_bytes(b"other sound")
    (tmp_path / "face.png").rename(tmp_path / "head.png")
    with JobFolder.open(folder) as job:
        assert [s.path.name for s in job.changed_sources()] == ["voice.wav"]
        assert [s.path.name for s in job.missing_sources()] == ["face.png"]
        job.replace_sources({tmp_path / "face.png": tmp_path / "head.png"})
    with JobFolder.open(folder) as job:
        assert job.request.source == tmp_path / "head.png"
        assert job.missing_sources() == ()


def test_the_same_request_goes_on_and_another_is_refused(
    folder: Path, request_: GenerationRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with JobFolder.open(folder) as job:
        assert job.differing_fields(request_) == []
        monkeypatch.chdir(tmp_path)
        assert job.differing_fields(replace(request_, source=Path("face.png"))) == []
        shutil.copy(tmp_path / "face.png", tmp_path / "copy.png")
        assert job.differing_fields(replace(request_, source=tmp_path / "copy.png")) == []
        job.save_request(job.request.with_chunk(1, ChunkSettings(seed=5)))
        assert job.differing_fields(request_) == []  # a redo is no other request
        for other in (
            replace(request_, steps=7),
            replace(request_, speech=(SpeechTrack(path=tmp_path / "face.png"),)),
            replace(request_, loras=(Lora(path=tmp_path / "face.png"),)),
            request_.with_chunk(1, ChunkSettings(seed=6)),
        ):
            assert job.differing_fields(other) != []
        with pytest.raises(EngineError) as caught:
            job.check_same_request(replace(request_, steps=7))
        assert caught.value.report.code == "job.other_request"
        assert caught.value.report.facts["fields"] == ["steps"]


@pytest.mark.parametrize("name", ["request.json", "plan.json", "timeline.json"])
def test_a_newer_job_is_not_touched(folder: Path, name: str) -> None:
    change(folder / name, format=99)
    before = contents(folder)
    times = {p: p.stat().st_mtime_ns for p in folder.rglob("*")}
    assert code(folder) == "job.newer"
    assert contents(folder) == before
    assert {p: p.stat().st_mtime_ns for p in folder.rglob("*")} == times


@pytest.mark.parametrize("name", ["request.json", "plan.json", "timeline.json"])
@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"format": "1"}', '{"format": 1}', "[" * 9999]
)
def test_broken_json_is_told(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text)
    assert code(folder) == "job.damaged"


def test_a_half_deleted_job(folder: Path, request_: GenerationRequest) -> None:
    (folder / "timeline.json").unlink()
    (folder / "plan.json").unlink()
    (folder / "events.jsonl").unlink()
    with JobFolder.open(folder) as job:
        assert job.plan is None
        assert job.timeline.chunk(0).active == "a" * 20  # from the take itself
        assert list(job.events.read()) == []
    shutil.rmtree(folder / "chunks")
    with JobFolder.open(folder) as job:
        assert job.timeline.chunks == {}
        assert job.valid_take(0, "a" * 20) is None
    (folder / "request.json").unlink()
    assert code(folder) == "job.missing"
    assert code(folder.parent / "nowhere") == "job.missing"
    assert code(folder.parent / "face.png") == "job.missing"


def test_tampered_names_are_refused(folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "meta.json").write_text(
        (folder / "chunks" / f"0000-{'a' * 20}/meta.json").read_text()
    )
    timeline = json.loads((folder / "timeline.json").read_text())
    timeline["chunks"][0]["takes"][0]["key"] = "../../secret"
    (folder / "timeline.json").write_text(json.dumps(timeline))
    assert code(folder) == "job.damaged"


@pytest.mark.parametrize("name", ["../face.png", "/etc/passwd", "C:\\x", "a/b", "..", ""])
def test_a_take_names_only_its_own_files(folder: Path, name: str) -> None:
    path = folder / "chunks" / f"0000-{'a' * 20}" / "meta.json"
    data = json.loads(path.read_text())
    data["files"][name] = {"size": 1, "sha256": "0"}
    path.write_text(json.dumps(data))
    with JobFolder.open(folder) as job:
        assert job.valid_take(0, "a" * 20) is None


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_links_that_lead_outside_are_no_takes(folder: Path, tmp_path: Path) -> None:
    take = folder / "chunks" / f"0000-{'a' * 20}"
    shutil.move(take, tmp_path / "elsewhere")
    take.symlink_to(tmp_path / "elsewhere")
    with JobFolder.open(folder) as job:
        assert "outside" in job.takes.problem(0, "a" * 20)
        job.takes.remove(0, "a" * 20)
    assert (tmp_path / "elsewhere" / "frames.mkv").exists()
    take.mkdir()
    for name in ("meta.json", "motion.safetensors", "frames.mkv"):
        (take / name).symlink_to(tmp_path / "elsewhere" / name)
    with JobFolder.open(folder) as job:
        assert job.valid_take(0, "a" * 20) is None


def test_events_with_paths_outside_are_left_out(folder: Path) -> None:
    log = folder / "events.jsonl"
    lines = log.read_text().splitlines()
    lines.append(lines[1].replace("job:chunks", "job:../../elsewhere"))
    lines.append('{"event": "FromTheFuture"}')
    lines.append('{"event": "Finished"}')
    log.write_text("\n".join(lines) + "\n")
    with JobFolder.open(folder) as job:
        assert len(list(job.events.read())) == 2


def test_nothing_else_is_taken_over(tmp_path: Path, request_: GenerationRequest) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "beach.jpg").write_bytes(b"")
    for path in (tmp_path / "photos", tmp_path / "face.png"):
        with pytest.raises(EngineError) as caught:
            JobFolder.create(path, request_)
        assert caught.value.report.code == "job.exists"
    with JobFolder.create(tmp_path / "new" / "deep.job", request_) as job:
        assert job.plan is None
    with pytest.raises(EngineError) as caught:
        JobFolder.create(tmp_path / "new" / "deep.job", request_)
    assert caught.value.report.code == "job.exists"


def test_an_unfinished_creation_is_taken_over(
    tmp_path: Path, request_: GenerationRequest, plan: Plan
) -> None:
    path = tmp_path / "x.job"
    path.mkdir()
    (path / "plan.json").write_text("{")
    (path / ".abc.tmp").write_text("left over")
    with JobFolder.create(path, request_, plan) as job:
        assert job.plan == plan
    assert not (path / ".abc.tmp").exists()


def test_removed_takes_leave_the_disk_when_purged(folder: Path) -> None:
    with JobFolder.open(folder) as job:
        _, timeline = edits.remove_take(job.request, job.timeline, 0, "a" * 20)
        job.save_timeline(timeline)
        assert job.valid_take(0, "a" * 20) is not None
        assert job.purge_removed() == 1
        assert job.valid_take(0, "a" * 20) is None
        assert job.timeline.removed == ()


def test_long_and_odd_names(tmp_path: Path, request_: GenerationRequest) -> None:
    path = tmp_path / ("n" * 240 + ".job")
    with JobFolder.create(path, request_) as job:
        job.events.append(Finished(job_id=job.job_id, frame_count=1, seconds=1.0))
        job.save_request(replace(job.request, prompt='"quotes" \n 引用 🎤'))
    with JobFolder.open(path) as job:
        assert job.request.prompt == '"quotes" \n 引用 🎤'


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="rights do not bind the root user")
def test_a_folder_without_rights(tmp_path: Path, request_: GenerationRequest) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(EngineError) as caught:
            JobFolder.create(tmp_path / "x.job", request_)
    finally:
        tmp_path.chmod(0o700)
    assert caught.value.report.code == "disk.read_only"
