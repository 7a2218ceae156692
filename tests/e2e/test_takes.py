"""Another take is chosen: those who listen hear which one is shown, and the engine takes it over."""

import io
import json
from pathlib import Path

import numpy as np
import pytest

from infinitetalk.event import ChunkReady
from infinitetalk.project import edits
from infinitetalk.project.job import JobFolder
from infinitetalk.serve.jobs import statuses_of, tell_changes
from infinitetalk.serve.voice import Voice
from tests import media_samples as samples
from tests.e2e import small_jobs
from tests.e2e.conftest import write_voice
from tests.tiny_model import build_tiny_model

pytestmark = pytest.mark.e2e


def choose(job: JobFolder, chunk: int, take: str) -> list[dict]:
    """Chooses the take, and what an edit of the window would be told of it."""
    out = io.BytesIO()
    before = statuses_of(job)
    request, timeline = edits.choose_take(job.request, job.timeline, chunk, take)
    job.save_request(request)
    job.save_timeline(timeline)
    tell_changes(Voice(out), job, before)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_choosing_between_ready_takes_is_told_and_taken_over(tmp_path: Path) -> None:
    model = build_tiny_model(tmp_path / "model", chunk_frames=9)
    source = samples.make_picture(tmp_path / "face.png", size=(64, 64))
    write_voice(tmp_path / "speech.wav", 0.6)
    first = small_jobs.render(model, tmp_path / "t.job", source, tmp_path / "speech.wav")
    assert len(first.plan.chunks) == 2
    keys = [event.take for event in first.told(ChunkReady)]

    again = small_jobs.prepare(model, tmp_path / "t.job", source, tmp_path / "speech.wav")
    request, timeline = edits.redo(again.job.request, again.job.timeline, 1)
    again.job.save_request(request)
    again.job.save_timeline(timeline)
    second = small_jobs.run(again)
    (new,) = [event.take for event in second.told(ChunkReady) if not event.reused]
    assert not np.array_equal(second.chunk(1), first_chunk := _frames(first, 1, keys[1]))

    with JobFolder.open(tmp_path / "t.job") as job:
        assert choose(job, 1, new) == []  # it is shown already
        (told,) = choose(job, 1, keys[1])
        assert (told["event"], told["chunk"], told["take"]) == ("ChunkReady", 1, keys[1])
        assert told["reused"] is True
        assert Path(told["path"]).is_dir()

    done = small_jobs.run(
        small_jobs.prepare(model, tmp_path / "t.job", source, tmp_path / "speech.wav")
    )
    assert [(e.take, e.reused) for e in done.told(ChunkReady)] == [(key, True) for key in keys]
    assert done.given == []
    assert np.array_equal(done.chunk(1), first_chunk)


def test_a_stale_take_that_is_chosen_is_told_with_its_state(tmp_path: Path) -> None:
    """Chunk 2 was built on the take of chunk 1 that is replaced: its old take shows, but stale."""
    model = build_tiny_model(tmp_path / "model", chunk_frames=9)
    source = samples.make_picture(tmp_path / "face.png", size=(64, 64))
    write_voice(tmp_path / "speech.wav", 0.6)
    first = small_jobs.render(model, tmp_path / "t.job", source, tmp_path / "speech.wav")
    old = [event.take for event in first.told(ChunkReady)]
    again = small_jobs.prepare(model, tmp_path / "t.job", source, tmp_path / "speech.wav")
    request, timeline = edits.redo(again.job.request, again.job.timeline, 0)
    again.job.save_request(request)
    again.job.save_timeline(timeline)
    second = small_jobs.run(again)
    new = {event.chunk: event.take for event in second.told(ChunkReady) if not event.reused}
    assert sorted(new) == [0, 1]
    with JobFolder.open(tmp_path / "t.job") as job:
        told = choose(job, 1, old[1])
        assert [line["event"] for line in told] == ["ChunkReady", "ChunkStatusChanged"]
        assert told[0]["take"] == old[1]
        assert told[1]["status"] == "stale"


def _frames(rendered: small_jobs.Rendered, index: int, key: str) -> small_jobs.Frames:
    """The frames of one take, whatever is shown now."""
    from infinitetalk.media.frames import FrameReader

    with JobFolder.open(rendered.job, write=False) as job:
        take = job.valid_take(index, key)
        assert take is not None
        return FrameReader(take.frames).frames(0, rendered.plan.chunks[index].frame_count)
