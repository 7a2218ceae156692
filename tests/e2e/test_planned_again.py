"""A job whose request is changed is planned again: smaller, finer, longer; nothing made is lost."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from infinitetalk.engine.prepare import PreparedJob, reopen_job
from infinitetalk.event import ChunkReady, Finished
from infinitetalk.project import edits
from infinitetalk.project.job import JobFolder
from infinitetalk.request import SpeechTrack
from tests import media_samples as samples
from tests.e2e import small_jobs
from tests.e2e.conftest import write_voice
from tests.tiny_model import build_tiny_model

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("again")
    build_tiny_model(folder / "model", chunk_frames=9)
    samples.make_picture(folder / "face.png", size=(64, 64))
    write_voice(folder / "speech.wav", 0.6)
    write_voice(folder / "longer.wav", 1.0)
    return folder


def draft(folder: Path, job: Path) -> small_jobs.Rendered:
    return small_jobs.render(
        folder / "model", job, folder / "face.png", folder / "speech.wav", size=(32, 32)
    )


def changed(job: Path, **changes: Any) -> PreparedJob:
    """The job opened again with a changed request, as the window asks for it."""
    with JobFolder.open(job, write=False) as stored:
        request = replace(stored.request, **changes)
    return reopen_job(job, small_jobs.MACHINE, request=request)


def made(result: small_jobs.Rendered) -> list[int]:
    assert isinstance(result.events[-1], Finished), result.events[-1]
    return [event.chunk for event in result.told(ChunkReady) if not event.reused]


def test_a_job_without_chunks_takes_another_size_and_model(folder: Path, tmp_path: Path) -> None:
    job = tmp_path / "t.job"
    first = small_jobs.prepare(
        folder / "model", job, folder / "face.png", folder / "speech.wav", size=(64, 64)
    )
    first.job.close()
    assert first.plan.size == (64, 64)

    smaller = changed(job, size=(32, 32), steps=2)
    assert (smaller.plan.size, smaller.plan.steps) == ((32, 32), 2)
    assert smaller.job.plan == smaller.plan
    result = small_jobs.run(smaller)
    assert made(result) == [0, 1]
    assert result.frames.shape[1:] == (32, 32, 3)


def test_a_draft_becomes_the_video_in_the_same_job(folder: Path, tmp_path: Path) -> None:
    job = tmp_path / "t.job"
    first = draft(folder, job)
    drafts, drafted = first.stored, first.frames

    result = small_jobs.run(changed(job, size=(64, 64), steps=2))
    assert made(result) == [0, 1]
    assert result.frames.shape[1:] == (64, 64, 3)
    # The drafts stay, as takes.
    with JobFolder.open(job) as stored:
        assert [len(stored.timeline.chunk(i).takes) for i in (0, 1)] == [2, 2]
        assert not stored.record.plan_outdated
    for name, data in drafts.items():
        assert (job / "chunks" / name / "frames.mkv").read_bytes() == data

    # Nothing was changed since: nothing is planned or made.
    before = (job / "plan.json").read_bytes()
    again = small_jobs.run(reopen_job(job, small_jobs.MACHINE))
    assert made(again) == []
    assert (job / "plan.json").read_bytes() == before

    # Back to the draft: its takes are valid again, at no cost.
    back = small_jobs.run(changed(job, size=(32, 32), steps=1))
    assert made(back) == []
    assert back.stored.items() >= drafts.items()
    assert np.array_equal(back.frames, drafted)


def test_an_edit_stored_by_another_program_is_planned_by_the_next_resume(
    folder: Path, tmp_path: Path
) -> None:
    job = tmp_path / "t.job"
    draft(folder, job)
    with JobFolder.open(job) as stored:
        stored.save_request(replace(stored.request, prompt="calm"))
        assert not stored.record.plan_outdated
        stored.save_request(replace(stored.request, steps=2))
    with JobFolder.open(job) as stored:
        assert stored.record.plan_outdated
        assert stored.plan is not None
        assert stored.plan.steps == 1
    result = small_jobs.run(reopen_job(job, small_jobs.MACHINE))
    assert result.plan.steps == 2
    assert made(result) == [0, 1]


def test_longer_speech_keeps_the_chunks_that_it_does_not_touch(
    folder: Path, tmp_path: Path
) -> None:
    job = tmp_path / "t.job"
    first = draft(folder, job)
    longer = (SpeechTrack(path=folder / "longer.wav"),)
    prepared = changed(job, speech=longer)
    assert len(prepared.plan.chunks) > len(first.plan.chunks)
    result = small_jobs.run(prepared)
    assert len(result.frames) == prepared.plan.total_frames


def test_chunks_of_two_sizes_play_as_one_video(folder: Path, tmp_path: Path) -> None:
    """The second chunk is kept from the draft, the seam blended; then one follows a kept one."""
    job = tmp_path / "t.job"
    first = draft(folder, job)
    drafted = first.chunk(1)
    with JobFolder.open(job) as stored:
        stored.save_timeline(edits.keep(stored.timeline, 1))
    kept = small_jobs.run(changed(job, size=(64, 64)))
    assert made(kept) == [0]
    assert kept.frames.shape == (first.plan.total_frames, 64, 64, 3)
    smaller = kept.chunk(1).reshape(-1, 32, 2, 32, 2, 3).mean(axis=(2, 4))
    assert np.abs(smaller - drafted).mean() < 40  # noise, but the same: resized

    with JobFolder.open(job) as stored:
        stored.save_timeline(edits.release(edits.keep(stored.timeline, 0), 1))
        stored.save_request(replace(stored.request, size=(48, 64), motion_frames=5))
    following = small_jobs.run(reopen_job(job, small_jobs.MACHINE))
    assert made(following)[0] == 1
    motion = following.given[0].inputs.motion
    assert motion is not None
    assert tuple(motion.shape) == (3, 5, 48, 64)
    assert following.frames.shape[1:] == (48, 64, 3)
